package pack

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// bookCheck makes lines.xlsx again from the lines and their records and holds it against the file.
type bookCheck struct {
	p    *payloadCheck
	file packFile
	book *book // nil once it went apart; told once
}

// newBookCheck opens lines.xlsx.
func newBookCheck(p *payloadCheck) *bookCheck {
	b := &bookCheck{p: p}
	var err error
	if b.file, err = p.pack.open(payloadFolder + linesXLSXFile); err != nil {
		b.same(err, "")
		return b
	}
	out, err := xlsx.Compare(b.file, p.pack.files[payloadFolder+linesXLSXFile], bookSheets()...)
	b.book = &book{out: out, sums: invoiceSums{most: maxBookInvoices}}
	b.same(err, "its beginning")
	return b
}

// same notes once that the workbook is not the one that the lines give. What is buffered may be told some rows late.
func (b *bookCheck) same(err error, where string) {
	if err != nil {
		b.p.totals.fault("%s: does not agree with %s, at or before %s: %v", linesXLSXFile, linesFile, where, err)
		b.book = nil
	}
}

// row holds the row of a disclosed line against the file.
func (b *bookCheck) row(row *listedLine, where string) {
	if b != nil && b.book != nil {
		b.same(b.book.add(row), where)
	}
}

// end checks the sheet of the claim, and that nothing more stands in the file.
func (b *bookCheck) end() {
	if b == nil || b.book == nil {
		return
	}
	b.same(b.book.finish(b.p.texts()), "its end")
}

// texts are the documents that lines.xlsx, statement.pdf and certifications.pdf tell of.
func (p *payloadCheck) texts() documents {
	texts := documents{}
	for _, name := range []string{summaryFile, caseFile, engineFile, sourcesFile} {
		texts[name], _ = p.pack.document(payloadFolder + name) // one that cannot be read is a fault already
	}
	return texts
}

// listed is what lines.xlsx and statement.pdf show of the line.
func (l *disclosedLine) listed() *listedLine {
	row := &listedLine{doc: *l.doc, facts: l.facts()}
	row.place(l.entry)
	return row
}

func (b *bookCheck) close() {
	if b != nil && b.file != nil {
		b.file.Close()
	}
}

// facts reads from the records of the line what lines.xlsx shows of them.
func (l *disclosedLine) facts() facts {
	var cdr *ocpi.CDR
	var session *ocpi.Session
	if l.doc.Match.CDR != "" && len(l.entry.CDRs) > 0 {
		digest := l.entry.CDRs[0].SHA256
		cdr = l.cdrOf(digest, l.versions[digest]).cdr
	}
	if l.doc.Match.Session != "" && len(l.entry.Sessions) > 0 {
		session = l.session(&l.entry.Sessions[0])
	}
	return factsOf(l.entry.Stated, cdr, session)
}

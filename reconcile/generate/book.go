package generate

import (
	"slices"
	"strings"
)

// book writes groups to the files and keeps count.
type book struct {
	*folder
	invoice  func(*line) (id, date string) // on which a line stands
	lines    map[string]int                // how many lines each invoice has
	defects  map[string]*DefectCount
	totals   map[string]*sums
	rejected []Rejected
	adjusted int
	places   bool       // the invoice says where sessions were, and whose
	other    *otherSide // nil: the debtor's copy is not made
}

// sums adds up the truth in a currency.
type sums struct {
	lines, disputed                      int
	invoiced, proven, conceded, unproven cents
}

func openBook(out string, force, places bool, other *otherSide) (*book, error) {
	header := invoiceHeader
	if places {
		header += placeHeader
	}
	b, err := openBookOf(out, force, header, namesWith(other != nil))
	if err == nil {
		b.places, b.other = places, other
	}
	return b, err
}

// openBookOf is openBook for an invoice with another heading; names are those of its files.
func openBookOf(out string, force bool, header string, names []string) (*book, error) {
	d, err := createFolder(out, force, names)
	if err != nil {
		return nil, err
	}
	b := &book{folder: d, lines: map[string]int{}, defects: map[string]*DefectCount{}, totals: map[string]*sums{}}
	d.files[invoiceFile].write([]byte(header+"\n"), 0)
	d.files[disputeFile].write([]byte(disputeHeader), 0)
	return b, nil
}

// post writes a group.
func (b *book) post(g *group) {
	g.quote()
	for _, c := range g.cdrs {
		b.append(cdrFile, func(buf []byte) []byte { return appendCDR(buf, c) })
	}
	if b.other != nil {
		b.other.copyGroup(b, g)
	}
	for _, s := range g.sessions {
		b.append(sessionFile, func(buf []byte) []byte { return appendSession(buf, s) })
	}
	for _, l := range g.lines {
		invoice, date := b.invoice(l)
		b.lines[invoice]++
		l.number = b.lines[invoice]
		b.append(invoiceFile, func(buf []byte) []byte { return appendLine(buf, l, invoice, date, b.places) })
		b.append(truthFile, func(buf []byte) []byte { return l.appendTruth(buf, invoice, g.defect) })
		b.sum(l)
	}
	for _, c := range g.claims {
		invoice := ""
		if c.line != nil {
			invoice, _ = b.invoice(c.line)
		}
		b.append(disputeFile, func(buf []byte) []byte { return appendClaim(buf, c, invoice) })
	}
	b.count(g)
}

func (b *book) append(file string, write func([]byte) []byte) {
	out := b.files[file]
	out.buf = write(out.buf[:0])
	out.write(out.buf, 1)
}

func (b *book) sum(l *line) {
	t := b.totals[l.currency]
	if t == nil {
		t = &sums{}
		b.totals[l.currency] = t
	}
	t.lines++
	if l.disputed {
		t.disputed++
	}
	t.invoiced += l.net
	t.proven += l.proven
	t.conceded += l.conceded
	t.unproven += l.unproven
}

func (b *book) count(g *group) {
	d := b.defects[g.defect]
	if d == nil {
		d = &DefectCount{Defect: g.defect}
		b.defects[g.defect] = d
	}
	d.Groups++
	d.Lines += len(g.lines)
}

// writeTariffs lists the tariffs of all countries once.
func (b *book) writeTariffs(countries []*country) {
	out := b.files[tariffFile]
	var seen []*tariff
	text := []byte("[\n")
	for _, c := range countries {
		for _, t := range c.tariffs {
			if slices.Contains(seen, t) {
				continue
			}
			seen = append(seen, t)
			if len(text) > 2 {
				text = append(text, ",\n"...)
			}
			text = append(text, t.json...)
			out.records++
		}
	}
	out.write(append(text, "\n]\n"...), 0)
}

func (b *book) writeCase(text string) { b.files[caseFile].write([]byte(text), 1) }

// finish closes the files and reports what they hold. err is what ended the run, nil where nothing did.
func (b *book) finish(err error) (*Report, error) {
	if closing := b.close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	return b.report(), nil
}

func (b *book) report() *Report {
	r := &Report{Dir: b.dir, Rejected: b.rejected, Adjusted: b.adjusted}
	for _, name := range b.names {
		r.Files = append(r.Files, FileCount{name, b.files[name].records, b.files[name].bytes})
	}
	for _, d := range b.defects {
		r.Defects = append(r.Defects, *d)
	}
	slices.SortFunc(r.Defects, func(x, y DefectCount) int { return strings.Compare(x.Defect, y.Defect) })
	for currency, t := range b.totals {
		text := func(c cents) string { return string(appendCents(nil, c)) }
		r.Totals = append(r.Totals, Total{
			currency, t.lines, t.disputed, text(t.invoiced), text(t.proven), text(t.conceded), text(t.unproven),
		})
	}
	slices.SortFunc(r.Totals, func(x, y Total) int { return strings.Compare(x.Currency, y.Currency) })
	return r
}

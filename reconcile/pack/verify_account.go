package pack

import "github.com/nexacollect/reconcile/reconcile/pdf"

// accountCheck makes statement.pdf and certifications.pdf again from the lines, their records and the documents, and holds them against the files.
type accountCheck struct {
	account
	p *payloadCheck
}

// end holds the documents against the files.
func (a *accountCheck) end() {
	texts := a.p.texts()
	if err := a.differs(statementFile, a.document(texts)); err != nil {
		a.p.totals.fault("%s: does not agree with %s: %v", statementFile, linesFile, err)
	}
	templates, err := a.certifications(texts, a.p.digests)
	if err == nil {
		err = a.differs(certificationsFile, templates)
	}
	if err != nil {
		a.p.totals.fault("%s: does not agree with the documents and the other files: %v", certificationsFile, err)
	}
}

// differs says where a file is not the document.
func (a *accountCheck) differs(name string, d *pdf.Document) error {
	file, err := a.p.pack.open(payloadFolder + name)
	if err != nil {
		return err
	}
	defer file.Close()
	return d.Compare(file)
}

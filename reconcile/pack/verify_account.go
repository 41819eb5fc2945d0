package pack

// accountCheck makes statement.pdf again from the lines and their records and holds it against the file.
type accountCheck struct {
	account
	p *payloadCheck
}

// end holds the statement against the file.
func (a *accountCheck) end() {
	file, err := a.p.pack.open(payloadFolder + statementFile)
	if err == nil {
		defer file.Close()
		err = a.document(a.p.texts()).Compare(file)
	}
	if err != nil {
		a.p.totals.fault("%s: does not agree with %s: %v", statementFile, linesFile, err)
	}
}

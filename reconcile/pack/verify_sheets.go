package pack

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/replay"
	"github.com/nexacollect/reconcile/tariff"
)

// priceSheet is the name of the calculation whose result a line states as computed.
const priceSheet = "price"

// readingSheet begins the name of a calculation under another reading of an open question.
const readingSheet = "reading:"

// sheet checks one calculation of the line: it is made again from the records, replayed, and its leaves are read again from them.
func (l *disclosedLine) sheet(ref *sheetRef) {
	at := fmt.Sprintf("%s offset %d (%s of invoice %q line %q)", short(ref.Shard), ref.Offset, short(ref.Name), short(l.doc.InvoiceID), short(l.doc.Line))
	doc, err := l.readSheet(ref)
	if err != nil {
		l.unpriced = true
		l.recompute.faultErr(at, err)
		return
	}
	l.coverSet(doc)
	l.cover(ref.locationDoc)
	l.counts.sheets++
	l.recompute.faultErr(at, l.calculation(doc))
}

// readSheet reads a calculation and checks that it belongs to the line.
func (l *disclosedLine) readSheet(ref *sheetRef) (*sheetDoc, error) {
	if !strings.HasPrefix(ref.Shard, "sheets-") {
		return nil, errors.New("is no shard of sheets")
	}
	raw, err := l.pack.at(ref.locationDoc)
	if err != nil {
		return nil, err
	}
	doc, err := decodeWritten(raw, (*sheetDoc).parse, (*sheetDoc).append, &l.buf)
	if err != nil {
		return nil, err
	}
	if doc.InvoiceID != l.doc.InvoiceID || doc.Line != l.doc.Line || doc.Name != ref.Name {
		return nil, errors.New("belongs to another line")
	}
	return doc, nil
}

// calculation replays a calculation and reads its leaves again. One that was made again, to the byte, need not be parsed.
func (l *disclosedLine) calculation(doc *sheetDoc) error {
	if doc.Input == nil {
		l.unpriced = true
		sheet, err := parseSheet(doc.Sheet)
		if err == nil {
			err = sheet.CheckLeaves(l.leaves(doc, l.entry.Tariffs))
		}
		stated := l.doc.Computed
		if err == nil && doc.Name == priceSheet && !reaches(sheet, stated) && !(l.doc.isCredit() && reaches(sheet, stated.negated())) {
			err = fmt.Errorf("does not come to what %s states as computed", l.where)
		}
		return err
	}
	l.counts.priced++
	l.versions[doc.CDR] = doc.Input.Version
	in, err := l.input(doc)
	if err != nil {
		l.unpriced = true
		return err
	}
	res, err := l.reprice(doc, in)
	if err != nil {
		return err
	}
	if err := res.Sheet.Verify(); err != nil {
		return err
	}
	return res.Sheet.CheckLeaves(l.leaves(doc, l.governing(doc, res, in)))
}

// parseSheet reads a calculation, replays it and checks its form.
func parseSheet(text []byte) (*tariff.Sheet, error) {
	sheet := &tariff.Sheet{}
	if err := sheet.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	if err := sheet.Verify(); err != nil {
		return nil, err
	}
	form, err := sheet.MarshalJSON()
	if err == nil && !bytes.Equal(form, text) {
		err = errForm
	}
	return sheet, err
}

// reaches reports that a step of the calculation comes to the amount; which step is the last says the calculation alone.
func reaches(sheet *tariff.Sheet, computed moneyText) bool {
	if computed.BeforeTaxes == "" {
		return true
	}
	return slices.ContainsFunc(sheet.Steps(), func(s tariff.Step) bool { return s.Value.Output() == computed.BeforeTaxes })
}

// reprice makes the calculation again from the CDR and the tariffs.
func (l *disclosedLine) reprice(doc *sheetDoc, in tariff.Input) (*tariff.Result, error) {
	res := tariff.Price(in)
	if res.Blocked != nil {
		l.unpriced = true
		return nil, fmt.Errorf("the CDR cannot be priced: %s", res.Blocked.Message)
	}
	cost := newMoneyText(reconcile.Money{BeforeTaxes: res.Totals.Cost.BeforeTaxes, AfterTaxes: res.Totals.Cost.AfterTaxes})
	if net, ok := l.slack.settled(res); ok {
		l.calculated = append(l.calculated, net)
		if l.doc.Set != nil {
			l.costs.add(doc.Name, doc.CDR, res.Totals.Cost.BeforeTaxes.Value, net)
		}
		if strings.HasPrefix(doc.Name, readingSheet) {
			l.readings = append(l.readings, net)
		}
	} else {
		l.unpriced = true
	}
	again, err := res.Sheet.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, doc.Sheet) {
		if _, err := parseSheet(doc.Sheet); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("the CDR and its tariff give another calculation, with a total of %s", cost.text())
	}
	if doc.Name == priceSheet && !l.computes(cost, in.CDR) {
		return nil, fmt.Errorf("the CDR and its tariff give %s, but %s states %s as computed", cost.text(), l.where, l.doc.Computed.text())
	}
	return res, nil
}

// computes reports that the line states a cost as computed: where it gives back a CDR that is no credit, with the sign turned. A line in
// another currency than its CDR states nothing.
func (l *disclosedLine) computes(cost moneyText, c *ocpi.CDR) bool {
	if l.doc.isCredit() && !c.IsCredit() {
		cost = cost.negated()
	}
	return l.doc.Computed == cost || l.doc.Computed == moneyText{} && c.Currency != l.doc.Currency
}

// isCredit reports a line that gives money back.
func (d *lineDoc) isCredit() bool {
	return strings.HasPrefix(d.Invoiced.BeforeTaxes, "-") || d.Invoiced.BeforeTaxes == "" && strings.HasPrefix(d.Invoiced.AfterTaxes, "-")
}

// governing are the records of the tariffs that governed, in the order in which leaves number them.
func (l *disclosedLine) governing(doc *sheetDoc, res *tariff.Result, in tariff.Input) []recordDoc {
	out := make([]recordDoc, len(res.Tariffs))
	for i, t := range res.Tariffs {
		if at := slices.Index(in.Supplied, t); at >= 0 && doc.Input.Supplied > 0 {
			out[i] = l.sets[doc.Input.Supplied-1].Tariffs[at]
		}
	}
	return out
}

// negated is the amount with the sign turned.
func (m moneyText) negated() moneyText {
	minus := func(text string) string {
		if text == "" || text == "0" {
			return text
		}
		if rest, ok := strings.CutPrefix(text, "-"); ok {
			return rest
		}
		return "-" + text
	}
	return moneyText{BeforeTaxes: minus(m.BeforeTaxes), AfterTaxes: minus(m.AfterTaxes)}
}

// text is the amount for people: "10.66 net, 12.9 gross".
func (m moneyText) text() string {
	var parts []string
	if m.BeforeTaxes != "" {
		parts = append(parts, short(m.BeforeTaxes)+" net")
	}
	if m.AfterTaxes != "" {
		parts = append(parts, short(m.AfterTaxes)+" gross")
	}
	if parts == nil {
		return "no amount"
	}
	return strings.Join(parts, ", ")
}

// leaves finds the documents in which the leaves of a calculation stand.
func (l *disclosedLine) leaves(doc *sheetDoc, supplied []recordDoc) func(tariff.Doc, int) ([]byte, bool) {
	return func(d tariff.Doc, number int) (raw []byte, ok bool) {
		switch d {
		case tariff.DocCDR:
			raw = l.raw[doc.CDR]
		case tariff.DocTariff:
			if number >= 0 && number < len(supplied) {
				raw = l.tariffBytes(&supplied[number])
			}
		case tariff.DocSession:
			if doc.Input != nil && doc.Input.Quantities != nil {
				raw = l.raw[doc.Input.Quantities.Session]
			}
		case tariff.DocCase:
			raw = l.caseText
		}
		return raw, raw != nil
	}
}

// input is what the calculation was made from, read from the pack.
func (l *disclosedLine) input(doc *sheetDoc) (in tariff.Input, err error) {
	d := doc.Input
	c := l.cdrOf(doc.CDR, d.Version)
	switch in.CDR = c.cdr; {
	case in.CDR == nil:
		return in, fmt.Errorf("the CDR with sha256 %q is not disclosed with the line, or cannot be read", short(doc.CDR))
	case c.blocked != nil:
		return in, fmt.Errorf("the CDR cannot be priced: %s", c.blocked.Message)
	}
	supplied, err := l.supplied(d.Supplied)
	if err != nil {
		return in, err
	}
	rules, err := l.rulesOf(d)
	if err != nil {
		return in, err
	}
	return d.Tariff(c.cdr, supplied, rules)
}

// rulesOf are the readings that the pack states: those of the version in engine.json, and what the sheet changes.
func (p *payloadCheck) rulesOf(d *replay.Input) (*tariff.Rules, error) {
	key := d.Version + "\x00" + string(appendChoices(nil, d.Rules))
	if r := p.rules[key]; r != nil {
		return r, nil
	}
	version, _ := ocpi.ParseVersion(d.Version)
	r := tariff.RulesFor(version)
	for _, choices := range []map[string]string{p.engine.Rules[d.Version], d.Rules} {
		for _, question := range sortedKeys(choices) {
			if err := r.Set(question, choices[question]); err != nil {
				return nil, err
			}
		}
	}
	if len(p.rules) < maxKept {
		p.rules[key] = r
	}
	return r, nil
}

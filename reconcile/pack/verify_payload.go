package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// payloadCheck goes once through the lines, the index beside them, and the shards that it names.
type payloadCheck struct {
	*verifier
	summary reconcile.Summary
	engine  engineDoc

	lines, index, csv *lineReader
	response          *responseCheck
	book              *bookCheck // nil where the lines are in no workbook
	table             tableCheck
	account           accountCheck
	forms             []reconcile.LineForm
	csvLost           bool // there is no lines.csv, or it and lines.ndjson went apart, which was told
	entry             *indexDoc
	buf               []byte

	decoder  *ocpi.Decoder
	rules    map[string]*tariff.Rules
	caseText []byte
	level    string // of disclosure, as the case states it
	slack    slack
	sets     []tariffSetDoc
	setsSeen int                     // how many sets the sheets have named so far
	tariffs  map[string]*ocpi.Tariff // of the sets, decoded, by sha256
	covered  map[string]int64        // of each shard: where the first line begins that the index has not named
	sums     tallying
	invoices *reconcile.InvoiceSums

	ours       map[string]recordDoc // disclosed CDRs and sessions by sha256, where the debtor's copy was compared
	theirsDone string               // what was checked of that comparison

	proofs       *proofCheck     // nil where there are none
	sideFindings [2]sideFindings // about CDRs, about sessions
	counts       struct{ lines, disclosed, records, sheets, priced int }
	masters      reconcile.MasterSums
	together     lineSets
	clearMargin  int64 // from where on a match was clear
}

// maxKept bounds what is kept of a pack that repeats itself less than ours do.
const maxKept = 10_000

func newPayloadCheck(v *verifier) *payloadCheck {
	return &payloadCheck{
		verifier: v, decoder: ocpi.NewDecoder(ocpi.Options{}), tariffs: map[string]*ocpi.Tariff{}, rules: map[string]*tariff.Rules{}, covered: map[string]int64{},
	}
}

// run climbs the rungs that look into files. Only the end of ctx is an error.
func (p *payloadCheck) run(ctx context.Context) error {
	p.documents()
	p.proofs = newProofCheck(p)
	if err := p.open(); err != nil {
		p.parse.fault("%v", err)
		return ctx.Err()
	}
	defer p.close()
	if err := p.eachLine(ctx); err != nil {
		return err
	}
	p.rest()
	p.lineSets()
	p.response.end()
	p.book.end()
	if !p.table.end(p.digests) {
		p.totals.fault("%s: does not agree with %s", linesParquetFile, linesFile)
	}
	p.account.end()
	p.uncovered()
	p.notInvoiced()
	p.theirs()
	p.findings()
	p.conservation()
	p.proofs.check(ctx)
	p.parse.done = fmt.Sprintf("%d lines; the %d records of %d disclosed lines have the bytes and say what the lines say",
		p.counts.lines, p.counts.records, p.counts.disclosed)
	p.recompute.done = fmt.Sprintf("%d calculations replayed, %d of them priced again from the records", p.counts.sheets, p.counts.priced)
	p.totals.done = fmt.Sprintf("the parts of each of %d lines sum to what it invoices%s", p.counts.lines, p.alike())
	return ctx.Err()
}

// documents reads the JSON documents.
func (p *payloadCheck) documents() {
	var sources sourcesDoc
	p.document(summaryFile, &p.summary, func() any { return summaryOf(&p.summary) })
	p.document(engineFile, &p.engine, func() any { return p.engine })
	p.document(sourcesFile, &sources, func() any { return sourcesOf(sources.Inputs) })
	p.notProved = p.summary.NotProved
	var err error
	if p.caseText, err = p.pack.document(payloadFolder + caseFile); err != nil || !json.Valid(p.caseText) {
		p.parse.fault("%s: not a JSON document", caseFile)
	}
	p.clearMargin = clearMarginOf(p.caseText)
	if p.level = disclosureOf(p.caseText); p.level != p.summary.Disclosure {
		p.parse.fault("%s: states another level of disclosure than %s", summaryFile, caseFile)
	}
	p.slack, err = newSlack(p.caseText)
	p.parse.faultErr(caseFile, err)
	stated, err := reconcile.StatedInvoices(p.caseText)
	p.parse.faultErr(caseFile, err)
	p.invoices = reconcile.NewInvoiceSums(stated)
	p.tariffSets()
	p.response, p.account = newResponseCheck(p, sources.Inputs), accountCheck{account: newAccount(), p: p}
	p.lineForms()
	if p.engine.Engine != p.summary.Engine {
		p.parse.fault("%s: names another engine than %s", engineFile, summaryFile)
	}
}

func (p *payloadCheck) document(name string, into any, normal func() any) {
	raw, err := p.pack.document(payloadFolder + name)
	if err == nil {
		err = decodeDocument(raw, into, normal)
	}
	p.parse.faultErr(name, err)
}

func (p *payloadCheck) open() (err error) {
	for _, f := range []struct {
		name string
		into **lineReader
	}{{linesFile, &p.lines}, {indexFile, &p.index}} {
		if *f.into, err = p.pack.lines(f.name); err != nil {
			p.close()
			return err
		}
	}
	if p.csvLost = !slices.Contains(p.forms, reconcile.LinesCSV); !p.csvLost {
		if err := p.openCSV(); err != nil {
			p.close()
			return err
		}
	}
	p.nextEntry()
	return nil
}

func (p *payloadCheck) openCSV() (err error) {
	if p.csv, err = p.pack.lines(linesCSVFile); err != nil {
		return err
	}
	head, err := p.csv.read()
	p.csvLost = err != nil || string(head) != strings.TrimSuffix(linesCSVHeader, "\n")
	if p.csvLost {
		p.totals.fault("%s line 1: not the heading that this tool writes", linesCSVFile)
	}
	return nil
}

func (p *payloadCheck) close() {
	for _, l := range []*lineReader{p.lines, p.index, p.csv} {
		if l != nil {
			l.close()
		}
	}
	p.response.close()
	p.book.close()
}

// nextEntry reads the next entry of the index; nil after the last.
func (p *payloadCheck) nextEntry() {
	before := 0
	if p.entry != nil {
		before = p.entry.Row
	}
	for {
		p.entry = nil
		raw, err := p.index.read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.parse.fault("%v", err)
			return
		}
		entry, err := decodeWritten(raw, (*indexDoc).parse, (*indexDoc).append, &p.buf)
		if err == nil && entry.Row <= before {
			err = errors.New("not in the order of lines.ndjson")
		}
		if err == nil {
			p.entry = entry
			return
		}
		p.parse.fault("%s line %d: %v", indexFile, p.index.number, err)
	}
}

// eachLine goes through lines.ndjson.
func (p *payloadCheck) eachLine(ctx context.Context) error {
	for {
		raw, err := p.lines.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			p.parse.fault("%v", err)
			p.csvLost = true
			return ctx.Err()
		}
		p.counts.lines++
		p.line(raw)
		if p.counts.lines%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// line checks one line, its row in lines.csv and its evidence.
func (p *payloadCheck) line(raw []byte) {
	var entry *indexDoc
	if p.entry != nil && p.entry.Row == p.lines.number {
		entry = p.entry
		defer p.nextEntry()
	}
	doc, err := decodeWritten(raw, (*lineDoc).parse, (*lineDoc).append, &p.buf)
	if err != nil {
		p.parse.fault("%s line %d: %v", linesFile, p.lines.number, err)
		p.csvLost = true
		return
	}
	where := fmt.Sprintf("%s line %d (invoice %q line %q)", linesFile, p.lines.number, doc.InvoiceID, doc.Line)
	p.row(doc, where)
	if p.table.w != nil {
		row := newLineRow(doc, raw)
		p.table.add(&row) //nolint:errcheck // a digest takes anything
	}
	verdict, err := doc.verdict(entry)
	if verdict == nil {
		p.totals.faultErr(where, err)
		return
	}
	p.totals.faultErr(where, err)
	p.addUp(verdict, where)
	p.untold(doc, where)
	if m := (reconcile.Match{State: doc.Match.State, Rule: doc.Match.Rule, Margin: doc.Match.Margin}); !m.MarginFits(p.clearMargin) {
		p.totals.fault("%s: is matched %s by %s with a margin of %d, which such a match does not have", where, short(m.State), short(m.Rule), *m.Margin)
	}
	if doc.Chain != nil {
		p.totals.faultErr(where+": chain", doc.Chain.adds(doc.Match))
	}
	p.sums.add(verdict)
	p.invoices.Add(verdict)
	p.masters.Add(verdict)
	p.together.add(verdict, len(doc.History) > 0, where)
	if !doc.disclosed() {
		p.account.proven(doc.InvoiceID, doc.Currency, verdict.Invoiced.BeforeTaxes.Value)
	}
	switch {
	case entry == nil && doc.disclosed():
		p.parse.fault("%s: its evidence is not in %s", where, indexFile)
	case entry != nil && !doc.disclosed():
		p.parse.fault("%s line %d: discloses the evidence of a line that does not need it", indexFile, p.index.number)
	case entry != nil:
		p.counts.disclosed++
		p.response.row(doc, where)
		l := &disclosedLine{payloadCheck: p, where: where, doc: doc, entry: entry, raw: map[string][]byte{}, cdrs: map[string]decodedCDR{}, versions: map[string]string{}}
		l.check(locationDoc{Shard: linesFile, Offset: p.lines.offset, Length: int64(len(raw))}, verdict)
	}
}

// row holds a line against its row in lines.csv.
func (p *payloadCheck) row(doc *lineDoc, where string) {
	if p.csvLost {
		return
	}
	p.buf = doc.appendCSV(p.buf[:0])
	for rest := p.buf; len(rest) > 0; {
		part, after, _ := bytes.Cut(rest, lineBreak) // a cell may hold a line break
		have, err := p.csv.read()
		if err != nil || !bytes.Equal(part, have) {
			p.totals.fault("%s line %d: does not agree with %s", linesCSVFile, p.csv.number, where)
			p.csvLost = true
			return
		}
		rest = after
	}
}

// rest checks that the index and lines.csv end with the lines.
func (p *payloadCheck) rest() {
	if p.setsSeen < len(p.sets) {
		p.parse.fault("%s line %d: a set that no calculation names", tariffSetsFile, p.setsSeen+1)
	}
	if p.entry != nil {
		p.parse.fault("%s line %d: names row %d of %s, which is not there or out of order", indexFile, p.index.number, p.entry.Row, linesFile)
	}
	if p.csvLost {
		return
	}
	if _, err := p.csv.read(); !errors.Is(err, io.EOF) {
		p.totals.fault("%s line %d: more rows than %s has lines", linesCSVFile, p.csv.number, linesFile)
	}
}

// uncovered reports what stands in the shards and is not in the index.
func (p *payloadCheck) uncovered() {
	for _, d := range p.digests {
		name := strings.TrimPrefix(d.name, payloadFolder)
		if isShard(name) && p.covered[name] != d.size {
			p.parse.fault("%s: what stands from offset %d on is not in %s", name, p.covered[name], indexFile)
		}
	}
}

func isShard(name string) bool {
	return strings.HasPrefix(name, "records/") || strings.HasPrefix(name, "sheets-")
}

// eachObject goes through another NDJSON file of the payload.
func (p *payloadCheck) eachObject(name string, check func(raw []byte) error) {
	l, err := p.pack.lines(name)
	if err != nil {
		p.parse.faultErr(name, err)
		return
	}
	defer l.close()
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.parse.fault("%v", err)
			return
		}
		if err := check(raw); err != nil {
			p.parse.fault("%s line %d: %v", name, l.number, err)
		}
	}
}

func (p *payloadCheck) notInvoiced() {
	p.eachObject(notInvoicedFile, func(raw []byte) error {
		d := &notInvoicedDoc{}
		if err := decodeLine(raw, d, d.appendLine, &p.buf); err != nil {
			return err
		}
		n, err := d.notInvoiced()
		if err == nil {
			p.sums.addNotInvoiced(n)
			p.masters.AddMissing(n)
		}
		return err
	})
}

var severities = []string{"info", "warn", "error", "block"}

func (p *payloadCheck) findings() {
	p.eachObject(findingsFile, func(raw []byte) error {
		d, err := decodeWritten(raw, (*findingDoc).parse, (*findingDoc).appendLine, &p.buf)
		if err != nil {
			return err
		}
		if !slices.Contains(severities, d.Severity) {
			return fmt.Errorf("severity %q is none", short(d.Severity))
		}
		p.noteSide(d.Code)
		return nil
	})
	p.toldOfSides()
}

package pack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// Comparison is what two packs over the same invoices agree on, and for every other line where their computations part.
type Comparison struct {
	A      ComparedPack    `json:"a"`
	B      ComparedPack    `json:"b"`
	Totals []ComparedTotal `json:"totals"` // the currency of the most lines first
	Points []PointTotal    `json:"points"` // by kind, in the order in which points are looked for
	Lines  []ComparedLine  `json:"lines"`  // those that are not agreed, in the order of invoices and lines
}

// ComparedPack names a pack: its tag manifest's digest stands for every byte of it.
type ComparedPack struct {
	Case        string           `json:"case"`
	AsOf        string           `json:"as_of"`
	Engine      reconcile.Engine `json:"engine"`
	TagManifest string           `json:"tagmanifest_sha256"`
}

// ComparedTotal is the sums of one currency, net. Both is payable today: of each line the lesser of what the two packs prove, so that
// neither side says less.
type ComparedTotal struct {
	Currency   string        `json:"currency"`
	Lines      int           `json:"lines"`  // in either
	Agreed     int           `json:"agreed"` // in both, with the same parts
	OnlyA      int           `json:"only_a"`
	OnlyB      int           `json:"only_b"`
	InvoicedA  exact.Decimal `json:"invoiced_a"`
	InvoicedB  exact.Decimal `json:"invoiced_b"`
	ProvenA    exact.Decimal `json:"proven_a"`
	ProvenB    exact.Decimal `json:"proven_b"`
	Both       exact.Decimal `json:"both"`
	Difference exact.Decimal `json:"difference"` // sum of |proven A − proven B|
}

// PointTotal counts the lines whose computations part at a kind of point.
type PointTotal struct {
	Kind       PointKind     `json:"kind"`
	Currency   string        `json:"currency"`
	Lines      int           `json:"lines"`
	Difference exact.Decimal `json:"difference"`
}

// ComparedLine is a line that is not agreed. A or B is null where a pack does not have it.
type ComparedLine struct {
	InvoiceID  string        `json:"invoice_id"`
	Line       string        `json:"line"`
	Currency   string        `json:"currency"`
	A          *ComparedSide `json:"a"`
	B          *ComparedSide `json:"b"`
	Both       exact.Decimal `json:"both"`       // net, proven by either
	Difference exact.Decimal `json:"difference"` // |proven A − proven B|
	Point      Point         `json:"point"`
}

// ComparedSide is a line as one pack has it; amounts are net, computed is "" where there is none.
type ComparedSide struct {
	Invoiced string   `json:"invoiced"`
	Computed string   `json:"computed"`
	Proven   string   `json:"proven"`
	Conceded string   `json:"conceded"`
	Unproven string   `json:"unproven"`
	Outcome  string   `json:"outcome"`
	Reasons  []string `json:"reasons"`
}

// Compare goes through two packs line by line. It needs both to be whole: the error of one that is not says which file. Memory is that of
// the lines that are not agreed.
func Compare(ctx context.Context, dirA, dirB string) (*Comparison, error) {
	a, err := openSide(ctx, dirA)
	if err != nil {
		return nil, err
	}
	defer a.close()
	b, err := openSide(ctx, dirB)
	if err != nil {
		return nil, err
	}
	defer b.close()
	c := &comparing{out: Comparison{A: a.name, B: b.name, Lines: []ComparedLine{}}, totals: map[string]*ComparedTotal{}, points: map[pointKey]*PointTotal{}}
	if err := c.join(ctx, a, b); err != nil {
		return nil, err
	}
	return c.result(), nil
}

// comparing adds up what the lines of two packs come to.
type comparing struct {
	out    Comparison
	totals map[string]*ComparedTotal
	points map[pointKey]*PointTotal
}

type pointKey struct {
	kind     PointKind
	currency string
}

// join goes through the lines of both packs, which stand in one order.
func (c *comparing) join(ctx context.Context, a, b *comparedPack) error {
	for _, p := range []*comparedPack{a, b} {
		if err := p.next(); err != nil {
			return err
		}
	}
	for n := 0; a.line != nil || b.line != nil; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		order := compareKeys(a.line, b.line)
		left, right := a, b
		if order > 0 {
			left = nil
		}
		if order < 0 {
			right = nil
		}
		if err := c.add(left, right); err != nil {
			return err
		}
		for _, p := range []*comparedPack{left, right} {
			if p == nil {
				continue
			}
			if err := p.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareKeys orders lines as packs have them; what is not there comes last.
func compareKeys(a, b *lineDoc) int {
	switch {
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Or(strings.Compare(a.InvoiceID, b.InvoiceID), reconcile.CompareLineNumbers(a.Line, b.Line))
}

// add takes one line into account; a or b is nil where a pack does not have it.
func (c *comparing) add(a, b *comparedPack) error {
	out, err := compareLine(a, b)
	if err != nil {
		return err
	}
	t := c.total(out.Currency)
	t.Lines++
	t.Both, t.Difference = t.Both.Add(out.Both), t.Difference.Add(out.Difference)
	for _, s := range []struct {
		side             *ComparedSide
		invoiced, proven *exact.Decimal
		missing          *int
	}{{out.A, &t.InvoicedA, &t.ProvenA, &t.OnlyB}, {out.B, &t.InvoicedB, &t.ProvenB, &t.OnlyA}} {
		if s.side == nil {
			*s.missing++
			continue
		}
		*s.invoiced = s.invoiced.Add(amountOf(s.side.Invoiced))
		*s.proven = s.proven.Add(amountOf(s.side.Proven))
	}
	if out.Point.Kind == "" {
		t.Agreed++
		return nil
	}
	key := pointKey{out.Point.Kind, out.Currency}
	if c.points[key] == nil {
		c.points[key] = &PointTotal{Kind: key.kind, Currency: key.currency}
	}
	c.points[key].Lines++
	c.points[key].Difference = c.points[key].Difference.Add(out.Difference)
	c.out.Lines = append(c.out.Lines, *out)
	return nil
}

func (c *comparing) total(currency string) *ComparedTotal {
	if c.totals[currency] == nil {
		c.totals[currency] = &ComparedTotal{Currency: currency}
	}
	return c.totals[currency]
}

func (c *comparing) result() *Comparison {
	c.out.Totals, c.out.Points = []ComparedTotal{}, []PointTotal{}
	for _, t := range c.totals {
		c.out.Totals = append(c.out.Totals, *t)
	}
	slices.SortFunc(c.out.Totals, func(a, b ComparedTotal) int {
		return cmp.Or(b.Lines-a.Lines, strings.Compare(a.Currency, b.Currency))
	})
	for _, p := range c.points {
		c.out.Points = append(c.out.Points, *p)
	}
	slices.SortFunc(c.out.Points, func(a, b PointTotal) int {
		return cmp.Or(slices.Index(pointKinds, a.Kind)-slices.Index(pointKinds, b.Kind), strings.Compare(a.Currency, b.Currency))
	})
	return &c.out
}

// comparedPack is a pack while its lines are gone through.
type comparedPack struct {
	*openPack
	name   ComparedPack
	dir    string
	engine engineDoc
	sets   []tariffSetDoc

	lines *lineReader
	line  *lineDoc // at hand; nil after the last
	row   int
	index *lineReader
	entry *indexDoc // of the index, at or after row; nil after the last
}

// openSide opens a pack and checks that it is whole.
func openSide(ctx context.Context, dir string) (_ *comparedPack, err error) {
	p, err := openAt(ctx, dir)
	if err != nil {
		return nil, err
	}
	out := &comparedPack{openPack: p, dir: dir}
	defer func() {
		if err != nil {
			out.close()
			err = fmt.Errorf("compare %s: %w", dir, err)
		}
	}()
	v := newVerifier(p)
	if err := v.bag(ctx); err != nil {
		return nil, err
	}
	for _, r := range []*rung{&v.complete, &v.valid} {
		if len(r.faults) > 0 {
			return nil, fmt.Errorf("the pack is not whole: %s; 'reconcile verify' tells more", r.faults[0])
		}
	}
	if err := out.documents(ctx); err != nil {
		return nil, err
	}
	if out.lines, err = p.lines(linesFile); err != nil {
		return nil, err
	}
	if out.index, err = p.lines(indexFile); err != nil {
		return nil, err
	}
	return out, out.nextEntry()
}

// documents reads what names the pack and what its calculations share.
func (p *comparedPack) documents(ctx context.Context) error {
	var s reconcile.Summary
	for name, into := range map[string]any{summaryFile: &s, engineFile: &p.engine} {
		raw, err := p.document(payloadFolder + name)
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	sum, err := p.sum(ctx, tagManifestFile, make([]byte, 64<<10))
	p.name = ComparedPack{Case: s.Case, AsOf: s.AsOf, Engine: s.Engine, TagManifest: sum.sha256}
	if err != nil || !p.has(payloadFolder+tariffSetsFile) {
		return err
	}
	sets, err := p.openPack.lines(tariffSetsFile)
	if err != nil {
		return err
	}
	defer sets.close()
	return each(sets, func(raw []byte) error {
		var d tariffSetDoc
		err := json.Unmarshal(raw, &d)
		p.sets = append(p.sets, d)
		return err
	})
}

// each goes through the lines of a file.
func each(l *lineReader, f func(raw []byte) error) error {
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f(raw)
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", l.name, l.number, err)
		}
	}
}

func (p *comparedPack) close() {
	for _, l := range []*lineReader{p.lines, p.index} {
		if l != nil {
			l.close()
		}
	}
	p.openPack.close()
}

// next reads the next line. Lines that are not in the order in which packs have them could not be joined.
func (p *comparedPack) next() error {
	raw, err := p.lines.read()
	if errors.Is(err, io.EOF) {
		p.line = nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("compare %s: %w", p.dir, err)
	}
	d := &lineDoc{}
	if !d.parse(raw) { // what the quick parser does not take
		*d = lineDoc{}
		if err := json.Unmarshal(raw, d); err != nil {
			return fmt.Errorf("compare %s: %s line %d: %w", p.dir, linesFile, p.lines.number, err)
		}
	}
	if p.line != nil && compareKeys(p.line, d) > 0 {
		return fmt.Errorf("compare %s: %s line %d: is not in the order of invoices and lines", p.dir, linesFile, p.lines.number)
	}
	p.line, p.row = d, p.lines.number
	for p.entry != nil && p.entry.Row < p.row {
		if err := p.nextEntry(); err != nil {
			return fmt.Errorf("compare %s: %w", p.dir, err)
		}
	}
	return nil
}

func (p *comparedPack) nextEntry() error {
	raw, err := p.index.read()
	if errors.Is(err, io.EOF) {
		p.entry = nil
		return nil
	}
	if err != nil {
		return err
	}
	p.entry = &indexDoc{}
	return json.Unmarshal(raw, p.entry)
}

// disclosed is the entry of the line at hand; nil where nothing of it is disclosed.
func (p *comparedPack) disclosed() *indexDoc {
	if p.entry == nil || p.entry.Row != p.row {
		return nil
	}
	return p.entry
}

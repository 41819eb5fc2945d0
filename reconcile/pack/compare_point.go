package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/replay"
	"github.com/nexacollect/reconcile/tariff"
)

// PointKind says at what two computations of a line part.
type PointKind string

// Kinds of points, in the order in which they are looked for: the first that is found decides, for what comes later follows from it.
const (
	PointMissingLine   PointKind = "missing-line"   // one pack does not have the line
	PointLine          PointKind = "line"           // the invoice states other amounts
	PointMissingRecord PointKind = "missing-record" // one side has no CDR for the line
	PointNotDisclosed  PointKind = "not-disclosed"  // one pack shows no evidence of the line
	PointRecord        PointKind = "record"         // the CDRs differ
	PointTariff        PointKind = "tariff"         // the tariffs supplied beside the CDR differ
	PointReading       PointKind = "reading"        // an open question of the specification is read in two ways
	PointInput         PointKind = "input"          // time zone, or whose totals stood in
	PointCalculation   PointKind = "calculation"    // a step of the calculations
	PointRounding      PointKind = "rounding"       // a step that rounds
	PointSession       PointKind = "session"        // the sessions differ
	PointDispute       PointKind = "dispute"        // what is disputed, or how
	PointJudgement     PointKind = "judgement"      // the same evidence is weighed in two ways
)

var pointKinds = []PointKind{
	PointMissingLine, PointLine, PointMissingRecord, PointNotDisclosed, PointRecord, PointTariff, PointReading, PointInput, PointCalculation,
	PointRounding, PointSession, PointDispute, PointJudgement,
}

// Point is where two computations of a line part: what was looked at, and what each side has there.
type Point struct {
	Kind  PointKind `json:"kind"`
	Where string    `json:"where"` // a member, a JSON pointer, a question, a step
	A     string    `json:"a"`     // "" where that side has nothing
	B     string    `json:"b"`
}

// compareLine sets the two versions of a line side by side; its point has no kind where they agree.
func compareLine(a, b *comparedPack) (*ComparedLine, error) {
	out := &ComparedLine{A: sideOf(a), B: sideOf(b)}
	d := a
	if d == nil {
		d = b
	}
	out.InvoiceID, out.Line, out.Currency = d.line.InvoiceID, d.line.Line, d.line.Currency
	if a == nil || b == nil {
		out.Difference = amountOf(sideOr(out.A, out.B).Proven).Abs()
		out.Point = Point{PointMissingLine, "line " + out.Line, has(a), has(b)}
		return out, nil
	}
	pa, pb := amountOf(out.A.Proven), amountOf(out.B.Proven)
	out.Both, out.Difference = lesser(pa, pb), pa.Sub(pb).Abs()
	if a.line.sameResult(b.line) {
		return out, nil
	}
	var err error
	out.Point, err = pointOf(a, b)
	if err != nil {
		err = fmt.Errorf("compare line %s of invoice %s: %w", out.Line, out.InvoiceID, err)
	}
	return out, err
}

func sideOf(p *comparedPack) *ComparedSide {
	if p == nil {
		return nil
	}
	d := p.line
	s := &ComparedSide{
		Invoiced: d.Invoiced.BeforeTaxes, Computed: d.Computed.BeforeTaxes, Proven: d.Proven.BeforeTaxes, Conceded: d.Conceded.BeforeTaxes,
		Unproven: d.Unproven.BeforeTaxes, Outcome: d.Outcome, Reasons: []string{},
	}
	for _, code := range d.Reasons {
		s.Reasons = append(s.Reasons, string(code))
	}
	return s
}

func sideOr(a, b *ComparedSide) *ComparedSide {
	if a != nil {
		return a
	}
	return b
}

func has(p *comparedPack) string {
	if p == nil {
		return ""
	}
	return "invoiced " + p.line.Invoiced.text()
}

// amountOf is an amount of a line that was read; nothing is zero.
func amountOf(text string) exact.Decimal {
	n, err := numberOf(text)
	if err != nil {
		return exact.Decimal{}
	}
	return n.Value
}

// lesser is what two amounts have in common: nothing where one is owed and the other given back.
func lesser(a, b exact.Decimal) exact.Decimal {
	switch {
	case a.Sign()*b.Sign() <= 0:
		return exact.Decimal{}
	case a.Abs().Less(b.Abs()):
		return a
	}
	return b
}

// sameResult reports that both packs say the same of a line's amounts.
func (d *lineDoc) sameResult(o *lineDoc) bool {
	return d.Currency == o.Currency && d.Invoiced == o.Invoiced && d.Proven == o.Proven && d.Conceded == o.Conceded && d.Unproven == o.Unproven
}

// pointOf finds where two computations part.
func pointOf(a, b *comparedPack) (Point, error) {
	if a.line.Currency != b.line.Currency {
		return Point{PointLine, "currency", a.line.Currency, b.line.Currency}, nil
	}
	if a.line.Invoiced != b.line.Invoiced {
		return Point{PointLine, "invoiced", a.line.Invoiced.text(), b.line.Invoiced.text()}, nil
	}
	if (a.line.Match.CDR == "") != (b.line.Match.CDR == "") {
		return Point{PointMissingRecord, "CDR", a.line.Match.CDR, b.line.Match.CDR}, nil
	}
	ea, eb := a.disclosed(), b.disclosed()
	if ea == nil || eb == nil {
		return Point{PointNotDisclosed, "evidence", disclosedText(ea), disclosedText(eb)}, nil
	}
	for _, find := range []func(a, b *comparedPack) (Point, error){records, calculations, sessions} {
		if p, err := find(a, b); p.Kind != "" || err != nil {
			return p, err
		}
	}
	if p := disputes(a, b); p.Kind != "" {
		return p, nil
	}
	return Point{PointJudgement, "reasons", a.line.because(), b.line.because()}, nil
}

func (d *lineDoc) because() string {
	out := d.Outcome
	for _, code := range d.Reasons {
		out += " " + string(code)
	}
	return out
}

func disclosedText(e *indexDoc) string {
	if e == nil {
		return "proven, with nothing in question"
	}
	return "disclosed"
}

// records compares the CDRs that support the line.
func records(a, b *comparedPack) (Point, error) {
	return differing(a, b, a.disclosed().CDRs, b.disclosed().CDRs, PointRecord, "CDR")
}

func sessions(a, b *comparedPack) (Point, error) {
	return differing(a, b, a.disclosed().Sessions, b.disclosed().Sessions, PointSession, "session")
}

// differing compares the first of two lists of records, which is the one that supports the line, and names the first place where they
// differ.
func differing(a, b *comparedPack, la, lb []recordDoc, kind PointKind, what string) (Point, error) {
	switch {
	case len(la) == 0 && len(lb) == 0:
		return Point{}, nil
	case len(la) == 0:
		return Point{kind, what, "", "sha256 " + lb[0].SHA256}, nil
	case len(lb) == 0:
		return Point{kind, what, "sha256 " + la[0].SHA256, ""}, nil
	case la[0].SHA256 == lb[0].SHA256:
		return Point{}, nil
	}
	ra, err := a.record(&la[0])
	if err != nil {
		return Point{}, err
	}
	rb, err := b.record(&lb[0])
	if err != nil {
		return Point{}, err
	}
	if list, _ := ocpi.Differences(ra, rb, 1); len(list) > 0 {
		return Point{kind, what + "#" + list[0].Pointer, string(list[0].A), string(list[0].B)}, nil
	}
	return Point{}, nil
}

// calculations compares how the line was priced: with which tariffs, under which readings, from what, step by step.
func calculations(a, b *comparedPack) (Point, error) {
	sa, err := a.price()
	if err != nil {
		return Point{}, err
	}
	sb, err := b.price()
	if err != nil {
		return Point{}, err
	}
	if sa == nil || sb == nil {
		if sa == sb {
			return Point{}, nil
		}
		return Point{PointCalculation, "price", priced(sa), priced(sb)}, nil
	}
	if sa.Input != nil && sb.Input != nil {
		for _, find := range []func(a, b *comparedPack, sa, sb *replay.Input) (Point, error){suppliedTariffs, readings, inputs} {
			if p, err := find(a, b, sa.Input, sb.Input); p.Kind != "" || err != nil {
				return p, err
			}
		}
	}
	return steps(sa, sb)
}

func priced(s *sheetDoc) string {
	if s == nil {
		return ""
	}
	return "priced"
}

// price is the calculation whose result the line states as computed; nil where there is none.
func (p *comparedPack) price() (*sheetDoc, error) {
	sheets := p.disclosed().Sheets
	at := slices.IndexFunc(sheets, func(s sheetRef) bool { return s.Name == priceSheet })
	if at < 0 {
		return nil, nil
	}
	raw, err := p.at(sheets[at].locationDoc)
	if err != nil {
		return nil, err
	}
	d := &sheetDoc{}
	return d, json.Unmarshal(raw, d)
}

// suppliedTariffs compares the tariffs that were consulted beside the CDR.
func suppliedTariffs(a, b *comparedPack, ia, ib *replay.Input) (Point, error) {
	la, err := a.tariffs(ia.Supplied)
	if err != nil {
		return Point{}, err
	}
	lb, err := b.tariffs(ib.Supplied)
	if err != nil {
		return Point{}, err
	}
	for i := range max(len(la), len(lb)) {
		p, err := differing(a, b, la[min(i, len(la)):], lb[min(i, len(lb)):], PointTariff, fmt.Sprintf("tariff %d", i+1))
		if p.Kind != "" || err != nil {
			return p, err
		}
	}
	return Point{}, nil
}

func (p *comparedPack) tariffs(set int) ([]recordDoc, error) {
	if set == 0 {
		return nil, nil
	}
	if set < 0 || set > len(p.sets) {
		return nil, fmt.Errorf("%s has no set %d", tariffSetsFile, set)
	}
	return p.sets[set-1].Tariffs, nil
}

// readings compares how open questions were read.
func readings(a, b *comparedPack, ia, ib *replay.Input) (Point, error) {
	for _, q := range tariff.Questions() {
		ca, cb := a.choice(ia, q.Name), b.choice(ib, q.Name)
		if ca != cb {
			return Point{PointReading, q.Name, ca, cb}, nil
		}
	}
	return Point{}, nil
}

func (p *comparedPack) choice(in *replay.Input, question string) string {
	if c, set := in.Rules[question]; set {
		return c
	}
	return p.engine.Rules[in.Version][question]
}

// inputs compares what else went into the price.
func inputs(_, _ *comparedPack, a, b *replay.Input) (Point, error) {
	quantities := func(in *replay.Input) string {
		if in.Quantities == nil {
			return "as declared"
		}
		return fmt.Sprintf("%s kWh, %s s of the %s", in.Quantities.EnergyKWh, in.Quantities.TimeSeconds, in.Quantities.Doc)
	}
	for _, member := range [...]struct{ name, a, b string }{
		{"ocpi_version", a.Version, b.Version}, {"tariff_source", a.Source, b.Source}, {"time_zone", a.TimeZone, b.TimeZone},
		{"quantities", quantities(a), quantities(b)}, {"split", a.Split, b.Split},
	} {
		if member.a != member.b {
			return Point{PointInput, member.name, member.a, member.b}, nil
		}
	}
	return Point{}, nil
}

// steps finds the first step at which two calculations differ.
func steps(a, b *sheetDoc) (Point, error) {
	if bytes.Equal(a.Sheet, b.Sheet) {
		return Point{}, nil
	}
	sa, err := parseSheet(a.Sheet)
	if err != nil {
		return Point{}, err
	}
	sb, err := parseSheet(b.Sheet)
	if err != nil {
		return Point{}, err
	}
	ta, tb := sa.Text(), sb.Text()
	for i := range max(len(ta), len(tb)) {
		la, lb := textAt(ta, i), textAt(tb, i)
		if la == lb {
			continue
		}
		kind := PointCalculation
		if rounded(sa.Steps(), i) || rounded(sb.Steps(), i) {
			kind = PointRounding
		}
		return Point{kind, fmt.Sprintf("step %d", i+1), la, lb}, nil
	}
	return Point{}, nil
}

func textAt(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return strings.TrimSpace(list[i])
}

func rounded(steps []tariff.Step, i int) bool { return i < len(steps) && steps[i].Op == tariff.OpRound }

// disputes compares what the debtor holds against the line.
func disputes(a, b *comparedPack) Point {
	if a.line.Disputed != b.line.Disputed {
		return Point{PointDispute, "disputed", fmt.Sprint(a.line.Disputed), fmt.Sprint(b.line.Disputed)}
	}
	digests := func(list []recordDoc) string {
		var out []string
		for _, d := range list {
			out = append(out, "sha256 "+d.SHA256)
		}
		return strings.Join(out, " ")
	}
	if da, db := digests(a.disclosed().Claims), digests(b.disclosed().Claims); da != db {
		return Point{PointDispute, "claims", da, db}
	}
	return Point{}
}

package reconcile

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// situations are the rows of the table of situations that can set floor and ceiling, in order. Each looks at the evidence and says what
// it has to say; rule 3 combines them.
var situations = [...]func(*trial){
	(*trial).rowCurrency,          // 22
	(*trial).rowUnpriceable,       // 15
	(*trial).rowGrossOnly,         // 23, rule 5
	(*trial).rowSessionID,         // 5, 6
	(*trial).rowSigned,            // 11
	(*trial).rowQuantities,        // 9, 10
	(*trial).rowRivals,            // 12
	(*trial).rowSecondRecord,      // 13, 14
	(*trial).rowPrice,             // 2, 3, 16
	(*trial).rowRounding,          // 17
	(*trial).rowWhy,               // explains, moves nothing
	(*trial).rowBoundary,          // 18
	(*trial).rowFixedBoundary,     // 18, moves nothing
	(*trial).rowReadings,          // 18
	(*trial).rowAgreementDisputed, // 19
	(*trial).rowAgreed,            // 20
	(*trial).rowPublished,         // 21
	(*trial).rowTwice,             // 24
	(*trial).rowContested,         // 8
	(*trial).rowTwoCDRs,           // 25
	(*trial).rowCredited,          // 26, 27
	(*trial).rowImpossible,        // 28
	(*trial).rowHomeCharging,      // 29
	(*trial).rowForeign,           // 32
}

// decide judges one line.
func (b *bench) decide(l *lineEntry) LineVerdict {
	t := &b.trial
	*t = b.open(l, t.room())
	switch {
	case t.claimed.Sign() <= 0:
		if t.cdr != nil {
			t.rowSessionID()
		}
		t.notePart()
		return t.verdictAsClaimed()
	case t.line.line.IsMaster():
		t.rowRemainder()
	case t.cdr == nil:
		t.rowUnmatched()
		t.rowOrphanCredit()
	default:
		for _, row := range situations {
			row(t)
		}
	}
	return t.verdict(t.combine())
}

// open gathers the evidence of a line.
func (b *bench) open(l *lineEntry, room trialRoom) trial {
	t := trial{b: b, line: l, cdr: l.cdr, session: l.session, basis: l.basis(), rulings: room.rulings, used: room.used, looked: room.looked}
	if t.cdr != nil {
		t.price = b.price(t.cdr)
		if cost := t.price.cost(); !cost.BeforeTaxes.Present && cost.AfterTaxes.Present && l.line.Claimed.AfterTaxes.Present {
			t.basis = AfterTaxes // rule 5
		}
	}
	if t.claimed = t.on(l.line.Claimed).Value; t.cdr == nil {
		return t
	}
	value, ok := t.show(sheetPrice, t.cdr, t.price)
	if t.known = ok && t.cdr.cdr.Currency == l.line.Currency; t.known {
		t.value = value
		t.grounds = ruling{floor: value, ceiling: value, code: codeLineExceedsCDR}
		t.govern()
	}
	return t
}

// govern finds the price that evidence varies.
func (t *trial) govern() {
	t.governing, t.base = t.price, t.value
	agreed := t.b.agreedPrice(t.cdr)
	if agreed == nil || agreed.blocked != nil {
		return
	}
	if value, ok := t.b.settled(agreed, t.basis); ok {
		t.governing, t.base = agreed, value
	}
}

// Names of sheets.
const (
	sheetPrice     = "price"
	sheetTogether  = "together" // the price of a CDR that several lines are
	sheetAgreed    = "agreed"
	sheetPublished = "published"
	sheetSplit     = "split"
	sheetLeast     = "split-least"
	sheetGreatest  = "split-greatest"
	sheetFloor     = "floor"
	sheetCeiling   = "ceiling"
	sheetTotals    = "totals"
	sheetSigned    = "signed"
	sheetReading   = "reading"
)

// verdictAsClaimed is rule 4: what we give back is proven, and so is a line over nothing.
func (t *trial) verdictAsClaimed() LineVerdict {
	v := t.start()
	p := t.divide(bounds{floor: t.claimed, ceiling: t.claimed})
	if worth := t.rounded(t.worth()); t.claimed.IsZero() && worth.Sign() > 0 {
		t.underbilled(&p, worth)
	}
	if t.claimed.Sign() < 0 {
		p.underbilled = t.rounded(t.checkCredit())
	}
	t.fill(&v, p, bounds{floor: t.claimed, ceiling: t.claimed})
	v.Floor, v.Ceiling = Money{}.set(t.basis, t.claimed), Money{}.set(t.basis, t.claimed)
	t.finish(&v)
	return v
}

// worth is F of a line over nothing: what it leaves unbilled, unless another line claims the money of its CDR.
func (t *trial) worth() exact.Decimal {
	if !t.claimed.IsZero() || !t.known || slices.ContainsFunc(t.cdr.lines, func(l *lineEntry) bool { return l.sign() > 0 }) {
		return exact.Decimal{}
	}
	other := t.b.open(t.line, trialRoom{}) // the line's own verdict says nothing of what a claim would meet
	for _, row := range situations {
		row(&other)
	}
	return other.combine().floor
}

// verdict turns floor and ceiling into the three parts (rules 1 and 2).
func (t *trial) verdict(bounds bounds) LineVerdict {
	v := t.start()
	exactly := bounds
	bounds = t.settle(bounds)
	p := t.divide(bounds)
	if t.claimed.Less(bounds.floor) {
		t.underbilled(&p, bounds.floor)
	}
	v.Floor, v.Ceiling = Money{}.set(t.basis, exactly.floor), Money{}.set(t.basis, exactly.ceiling)
	t.fill(&v, p, bounds)
	if v.Disputed {
		t.byReading(&v, p)
	}
	t.explain(&v)
	t.finish(&v)
	return v
}

// settle is rule 1: floor and ceiling that the claim agrees with become the claim, and both are rounded.
func (t *trial) settle(b bounds) bounds {
	switch {
	case !b.unsupported && t.near(b.floor): // a small claim is not near to nothing, where no price could agree with it
		b.floor, b.ceiling = t.claimed, t.claimed
	case !b.ceiling.IsZero() && t.near(b.ceiling):
		b.ceiling = t.claimed
	}
	b.floor, b.ceiling = t.rounded(b.floor), t.rounded(b.ceiling)
	if t.claimed.Sign() > 0 { // evidence of less than nothing, as a credit's, proves nothing of a claim: no more than the claim can be given up
		b.floor, b.ceiling = exact.Max(exact.Decimal{}, b.floor), exact.Max(exact.Decimal{}, b.ceiling)
	}
	return b
}

// start is the verdict before anything is decided.
func (t *trial) start() LineVerdict {
	l := t.line
	v := LineVerdict{
		Line: l.line, Disputed: l.disputed, Quantity: l.quantity, Claims: l.claims, Admitted: l.admitted, Invoiced: l.line.Claimed,
		Match: Match{State: l.state, Rule: l.rule, Margin: l.margin},
	}
	if t.cdr != nil {
		v.Match.CDR, v.Match.CDRID, v.Match.SessionID = t.cdr.cdr, t.cdr.cdr.ID, t.cdr.cdr.SessionID
		if t.cdr.cdr.Currency == l.line.Currency {
			v.Computed = t.computed()
		}
	}
	if t.session != nil {
		v.Match.Session = t.session.session
	}
	return v
}

// rounded rounds once, half away from zero, to the line's decimals: at least those of the currency's minor unit.
func (t *trial) rounded(v exact.Decimal) exact.Decimal {
	return v.Round(max(t.claimed.Scale(), MinorUnits(t.line.line.Currency)), exact.HalfUp)
}

// parts are the three parts on the basis on which the line is judged, and what was billed too little.
type parts struct{ proven, conceded, unproven, underbilled exact.Decimal }

// divide is rule 2.
func (t *trial) divide(b bounds) parts {
	var p parts
	p.proven = exact.Min(t.claimed, b.floor)
	p.unproven = exact.Min(t.claimed, b.ceiling).Sub(p.proven)
	p.conceded = t.claimed.Sub(p.proven).Sub(p.unproven)
	return p
}

// underbilled shows what the line claims too little; it is never added to the claim.
func (t *trial) underbilled(p *parts, worth exact.Decimal) {
	p.underbilled = worth.Sub(t.claimed)
	t.note(codeUnderbilled, ocpi.SeverityInfo, "the line claims %s, the evidence supports %s", t.claimed, worth)
}

// fill writes the parts, their other side and their reasons into the verdict.
func (t *trial) fill(v *LineVerdict, p parts, b bounds) {
	excess := t.excessTax()
	t.spread(v, p, excess)
	if !p.conceded.IsZero() {
		v.ConcededReason = b.above
	}
	if !p.unproven.IsZero() {
		v.UnprovenReason = b.between
	}
	switch {
	case excess.IsZero():
	case v.ConcededReason == "":
		v.ConcededReason = codeTaxMismatch
	default:
		t.notes = append(t.notes, codeTaxMismatch)
	}
	v.Outcome = outcomeOf(p)
}

// outcomeOf names the parts.
func outcomeOf(p parts) Outcome {
	outcome := Proven
	parts := 0
	for _, part := range [...]struct {
		amount exact.Decimal
		name   Outcome
	}{{p.proven, Proven}, {p.conceded, Conceded}, {p.unproven, Unproven}} {
		if !part.amount.IsZero() {
			outcome = part.name
			parts++
		}
	}
	if parts > 1 {
		return Partial
	}
	return outcome
}

// explain adds what each ruling found. Reasons that moved nothing are notes.
func (t *trial) explain(v *LineVerdict) {
	for _, r := range t.rulings {
		severity := ocpi.SeverityError
		if r.code != v.ConcededReason && r.code != v.UnprovenReason {
			severity = ocpi.SeverityWarn
			t.mention(r.code)
		}
		t.find(r.code, severity, "%s", r.message)
	}
	if ground := t.grounds; ground.message != "" && (v.ConcededReason == ground.code || v.UnprovenReason == ground.code) {
		t.find(ground.code, ocpi.SeverityError, "%s", ground.message)
	}
	if v.Disputed && v.Outcome == Proven && len(t.rulings) == 0 {
		t.answer(v.Quantity)
	}
}

// answer is row 4: what the debtor disputes of a line that is proven, and that the records refute.
func (t *trial) answer(disputed Quantity) {
	refuted := disputed &^ t.contradicted
	if slices.Contains(t.notes, codeTariffUnproven) {
		refuted &^= QuantityTariff // row 19: whether the tariff was agreed stays open
	}
	if slices.Contains(t.notes, codeSessionIDMismatch) {
		refuted &^= QuantitySession | QuantityExistence // row 5: the debtor is right about the id, and it moves nothing
	}
	if disputed&t.contradicted&QuantityKWh != 0 && !slices.Contains(t.notes, codePeriodSum) {
		t.mention(codeEnergySession)
	}
	if disputed&t.contradicted&QuantityTime != 0 && !slices.Contains(t.notes, codePeriodSum) {
		t.mention(codeDurationSession)
	}
	if refuted != 0 {
		t.note(codeClaimNotSupported, ocpi.SeverityInfo, "the debtor disputes %s; the records support the line", refuted)
	}
}

// finish collects what explains the verdict.
func (t *trial) finish(v *LineVerdict) {
	t.compareKWh()
	if t.line.repeated {
		t.note(codeDupInvoiceLine, ocpi.SeverityWarn, "invoice %s has line %s more than once, with other content", v.Line.InvoiceID, v.Line.Line)
	}
	if (v.Match.State == matchExact || v.Match.State == matchTolerance) && (v.Outcome != Proven || !v.Underbilled.BeforeTaxes.Value.IsZero()) {
		v.Match.State = matchBreak
	}
	slices.Sort(t.notes)
	v.Notes = slices.Compact(t.notes)
	v.Sheets, v.Signed = t.sheets, t.signed
	v.Tariffs = tariffsOf(t.used)
	v.Findings = slices.Concat(t.line.findings, t.findings)
	if t.cdr != nil {
		t.showCDR(v, t.cdr)
	}
	for _, c := range t.looked {
		t.showCDR(v, c)
	}
	t.showChain(v)
	for _, s := range t.sessions() {
		v.Sessions = append(v.Sessions, s.session)
		v.Sessions = append(v.Sessions, s.also...)
		v.Findings = append(v.Findings, s.findings...)
		s.reported = true
	}
}

// showCDR adds a CDR and what was found about it to the verdict.
func (t *trial) showCDR(v *LineVerdict, c *cdrEntry) {
	v.CDRs = append(v.CDRs, c.cdr)
	v.Findings = append(v.Findings, t.b.findingsOf(c)...)
}

// sessions are those that the judgement looked at: the line's own first.
func (t *trial) sessions() []*sessionEntry {
	var out []*sessionEntry
	add := func(s *sessionEntry) {
		if s != nil && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(t.session)
	for _, c := range t.looked {
		add(c.session)
	}
	return out
}

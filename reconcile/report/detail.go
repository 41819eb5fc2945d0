package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// Limits of one detail; what is beyond them is in the pack, and the page says so.
const (
	maxClaims   = 10
	maxHistory  = 30
	maxFindings = 40
	maxOthers   = 20
	maxPeriods  = 200
	maxSheets   = 8
	maxSteps    = 400
	maxTariffs  = 6
	maxElements = 60
)

func itoa(n int) string { return strconv.Itoa(n) }

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }

// newRow encodes what the table shows of a line.
func newRow(r rank, v *reconcile.LineVerdict, scratch *[]byte) *row {
	l := v.Line
	dst := append((*scratch)[:0], '[')
	evse, contract, start := l.EVSEID, l.ContractID, l.Start
	cdrID, sessionID := first(l.CDRID, v.Match.CDRID), first(l.SessionID, v.Match.SessionID)
	if c := v.Match.CDR; c != nil {
		evse, contract = first(evse, evseText(c.Location)), first(contract, tokenText(c.Token))
		if start.IsZero() {
			start = c.StartDateTime
		}
	}
	if !r.differs {
		evse, contract, start = "", "", time.Time{}
	}
	for _, s := range []string{l.InvoiceID, l.Line, cdrID, sessionID, evse, contract, clock(start), l.Currency} {
		dst = append(appendText(dst, s), ',')
	}
	dst = strconv.AppendBool(dst, v.Disputed)
	dst = append(appendText(append(dst, ','), string(v.Outcome)), ',', '[')
	for i, code := range v.Reasons() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(dst, string(code))
	}
	dst = append(dst, ']')
	for _, m := range []reconcile.Money{v.Invoiced, v.Proven, v.Conceded, v.Unproven, v.Computed, v.Underbilled} {
		dst = appendNumber(append(dst, ','), m.BeforeTaxes)
	}
	*scratch = dst
	r.invoiceID, r.line = strings.Clone(r.invoiceID), strings.Clone(r.line)
	return &row{
		rank: r, currency: strings.Clone(l.Currency), outcome: v.Outcome, json: append([]byte(nil), dst...),
		invoiced: v.Invoiced.BeforeTaxes.Value, proven: v.Proven.BeforeTaxes.Value,
		conceded: v.Conceded.BeforeTaxes.Value, unproven: v.Unproven.BeforeTaxes.Value,
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// appendDetail encodes a line's evidence and arithmetic.
func appendDetail(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	dst = appendQuoted(append(dst, `{"verdict":`...), sentences(v)+chainSentence(v.Chain))
	dst = t.text(append(dst, `,"match":`...), matchSentence(v.Match))
	dst = append(dst, `,"disputes":[`...)
	for i, s := range disputeSentences(v) {
		dst = appendQuoted(comma(dst, i), s)
	}
	dst = append(dst, ']')
	if v.Disputed && v.Quantity != 0 {
		dst = t.text(append(dst, `,"questions":`...), quantities(v.Quantity))
	}
	dst = appendAmounts(append(dst, `,"amounts":`...), v, t)
	dst = appendFacts(append(dst, `,"facts":`...), v, t)
	dst = appendEnergies(append(dst, `,"energy":`...), v, t)
	dst = appendOthers(append(dst, `,"others":`...), v)
	dst = appendTimeline(append(dst, `,"time":`...), v, t)
	dst = appendTariffs(append(dst, `,"tariffs":`...), v, t)
	dst = appendFindings(append(dst, `,"findings":`...), v.Findings, t)
	dst = appendSheets(append(dst, `,"sheets":`...), v, t)
	return append(dst, '}')
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

// appendAmounts writes [name, net, gross] for each amount of the verdict that is there.
func appendAmounts(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	dst = append(dst, '[')
	n := 0
	for _, a := range []struct {
		name   string
		m      reconcile.Money
		always bool
	}{
		{"Invoiced", v.Invoiced, true},
		{"Computed", v.Computed, true},
		{"Proven", v.Proven, true},
		{"Conceded", v.Conceded, true},
		{"Unproven", v.Unproven, true},
		{"Underbilled", v.Underbilled, false},
		{"Admitted by the debtor", reconcile.Money{BeforeTaxes: v.Admitted}, false},
		{"Least the evidence supports", v.Floor, false},
		{"Most the evidence supports", v.Ceiling, false},
	} {
		if !a.always && (!number(a.m).Present || value(a.m).Sign() == 0) {
			continue
		}
		dst = t.text(append(comma(dst, n), '['), a.name)
		dst = appendNumber(append(dst, ','), a.m.BeforeTaxes)
		dst = append(appendNumber(append(dst, ','), a.m.AfterTaxes), ']')
		n++
	}
	return append(dst, ']')
}

// appendOthers lists the records the judgement looked at beside the two that are shown.
func appendOthers(dst []byte, v *reconcile.LineVerdict) []byte {
	var out []string
	for _, c := range v.CDRs {
		if c != v.Match.CDR && c != nil {
			out = append(out, "CDR "+visible(c.ID)+" ("+placeText(c.Record.Place)+")")
		}
	}
	for _, s := range v.Sessions {
		if s != v.Match.Session && s != nil {
			out = append(out, "Session "+visible(s.ID)+" ("+placeText(s.Record.Place)+")")
		}
	}
	if len(out) > maxOthers {
		out = append(out[:maxOthers:maxOthers], "and "+count(len(out)-maxOthers)+" more")
	}
	dst = append(dst, '[')
	for i, s := range out {
		dst = appendQuoted(comma(dst, i), s)
	}
	return append(dst, ']')
}

// appendFindings writes [severity, code, message, place] for each finding.
func appendFindings(dst []byte, findings []ocpi.Finding, t *table) []byte {
	dst = append(dst, '[')
	for i, f := range findings {
		if i == maxFindings {
			dst = append(dst, `,["","",`...)
			dst = append(appendQuoted(dst, count(len(findings)-i)+" more findings are in lines.ndjson"), `,""]`...)
			break
		}
		dst = t.text(append(comma(dst, i), '['), f.Severity.String())
		dst = t.text(append(dst, ','), string(f.Code))
		dst = appendText(append(dst, ','), f.Message)
		place := placeText(f.Place)
		if f.Pointer != "" {
			place += "#" + f.Pointer
		}
		dst = append(appendText(append(dst, ','), place), ']')
	}
	return append(dst, ']')
}

// appendTimeline writes [start, end, session start, session end, [[start, end, kWh, parked, tariff], …]] in seconds, or null.
func appendTimeline(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	c := v.Match.CDR
	if c == nil || !c.EndDateTime.After(c.StartDateTime) || len(c.ChargingPeriods) == 0 || len(c.ChargingPeriods) > maxPeriods {
		return append(dst, "null"...)
	}
	var from, to time.Time
	if s := v.Match.Session; s != nil && s.EndDateTime.After(s.StartDateTime) {
		from, to = s.StartDateTime, s.EndDateTime
	}
	dst = append(dst, '[')
	for _, at := range []time.Time{c.StartDateTime, c.EndDateTime, from, to} {
		dst = append(appendSeconds(dst, at), ',')
	}
	dst = append(dst, '[')
	for i, p := range c.ChargingPeriods {
		end := c.EndDateTime
		if i+1 < len(c.ChargingPeriods) {
			end = c.ChargingPeriods[i+1].StartDateTime
		}
		var energy ocpi.Number
		parked := false
		for _, d := range p.Dimensions {
			switch d.Kind {
			case ocpi.Energy:
				energy = d.Volume
			case ocpi.ParkingTime:
				parked = true
			}
		}
		dst = append(appendSeconds(append(comma(dst, i), '['), p.StartDateTime), ',')
		dst = append(appendSeconds(dst, end), ',')
		dst = append(appendNumber(dst, energy), ',')
		dst = append(strconv.AppendBool(dst, parked), ',')
		dst = append(t.text(dst, p.TariffID), ']')
	}
	return append(dst, ']', ']')
}

func appendSeconds(dst []byte, at time.Time) []byte {
	if at.IsZero() {
		return append(dst, '0')
	}
	return strconv.AppendInt(dst, at.Unix(), 10)
}

// opNames name the operations to the page's script, which puts them into formulas.
func opNames() []string {
	out := []string{""}
	for op := tariff.OpInvalid + 1; op.String() != ""; op++ {
		out = append(out, op.String())
	}
	return out
}

func rounds(op tariff.Op) bool {
	return op == tariff.OpRound || op == tariff.OpPerHour || op == tariff.OpNetOfGross || op == tariff.OpShare
}

// modeNames are the rounding modes in words.
var modeNames = []string{
	exact.HalfUp: "half up", exact.HalfEven: "half to even", exact.Down: "down", exact.Up: "up",
	exact.Floor: "toward negative", exact.Ceiling: "toward positive",
}

// docNames are the documents of a leaf in words.
var docNames = []string{tariff.DocCDR: "CDR", tariff.DocTariff: "tariff", tariff.DocCase: "case", tariff.DocSession: "session"}

// appendSheets writes [name, CDR, steps, more] for each calculation.
func appendSheets(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	dst = append(dst, '[')
	n := 0
	for _, s := range v.Sheets {
		if s.Sheet == nil || n == maxSheets {
			continue
		}
		cdr := ""
		if s.CDR != nil {
			cdr = s.CDR.ID
		}
		steps := s.Sheet.Steps()
		shown := steps[:min(len(steps), maxSteps)]
		dst = t.text(append(comma(dst, n), '['), sheetTitle(s.Name))
		dst = appendText(append(dst, ','), cdr)
		dst = append(dst, `,[`...)
		for i := range shown {
			dst = appendStep(comma(dst, i), &shown[i], t)
		}
		dst = append(strconv.AppendInt(append(dst, `],`...), int64(len(steps)-len(shown)), 10), ']')
		n++
	}
	return append(dst, ']')
}

// appendStep writes [op, a, b, value, unit, rule, doc, tariff, pointer, note, places, mode], ends that are empty left out.
func appendStep(dst []byte, s *tariff.Step, t *table) []byte {
	dst = append(strconv.AppendUint(append(dst, '['), uint64(s.Op), 10), ',')
	dst = append(strconv.AppendInt(dst, int64(s.Args[0]), 10), ',')
	dst = append(strconv.AppendInt(dst, int64(s.Args[1]), 10), ',', '"')
	if s.Op != tariff.OpNote {
		dst = s.Value.Append(dst)
	}
	dst = t.text(append(dst, '"', ','), s.Unit)
	dst = t.rule(append(dst, ','), s.Rule)
	pointer, note := s.Pointer(), s.Note()
	if second := s.Pointer2(); second != "" {
		pointer += " to " + second
	}
	if s.Doc == tariff.DocNone && pointer == "" && note == "" && !rounds(s.Op) {
		return append(dst, ']')
	}
	dst = strconv.AppendUint(append(dst, ','), uint64(s.Doc), 10)
	dst = strconv.AppendInt(append(dst, ','), int64(s.Tariff), 10)
	dst = t.text(append(dst, ','), pointer)
	dst = t.text(append(dst, ','), note)
	if rounds(s.Op) {
		dst = strconv.AppendInt(append(dst, ','), int64(s.Places), 10)
		dst = strconv.AppendUint(append(dst, ','), uint64(s.Mode), 10)
	}
	return append(dst, ']')
}

package pack

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// setDoc is a line's part in lines that are together one CDR, or several: what is said of all of them, of which the line has its share.
type setDoc struct {
	Lines    int       `json:"lines"`
	CDRs     []string  `json:"cdrs"` // owner and id; they name the set
	Claimed  moneyText `json:"claimed"`
	Computed moneyText `json:"computed"`
	Proven   moneyText `json:"proven"`
	Conceded moneyText `json:"conceded"`
	Unproven moneyText `json:"unproven"`
}

// newSetDoc is nil of a line that stands for itself.
func newSetDoc(s *reconcile.SetVerdict) *setDoc {
	if s == nil {
		return nil
	}
	return &setDoc{
		Lines: s.Lines, CDRs: s.CDRs, Claimed: newMoneyText(s.Claimed), Computed: newMoneyText(s.Computed),
		Proven: newMoneyText(s.Proven), Conceded: newMoneyText(s.Conceded), Unproven: newMoneyText(s.Unproven),
	}
}

func (d *setDoc) append(dst []byte) []byte {
	if d == nil {
		return dst
	}
	dst = strconv.AppendInt(append(dst, `,"set":{"lines":`...), int64(d.Lines), 10)
	dst = append(dst, `,"cdrs":[`...)
	for i, c := range d.CDRs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, c)
	}
	dst = appendMoney(dst, `],"claimed":`, d.Claimed)
	dst = appendMoney(dst, `,"computed":`, d.Computed)
	dst = appendMoney(dst, `,"proven":`, d.Proven)
	dst = appendMoney(dst, `,"conceded":`, d.Conceded)
	return append(appendMoney(dst, `,"unproven":`, d.Unproven), '}')
}

// set reads what append wrote; nil where there is none.
func (r *reading) set() *setDoc {
	if !r.has(`,"set":{"lines":`) {
		return nil
	}
	d := &setDoc{Lines: int(r.number(""))}
	r.literal(`,"cdrs":[`)
	r.list(func() {
		var id string
		r.text("", &id)
		d.CDRs = append(d.CDRs, id)
	})
	for _, m := range []struct {
		name string
		into *moneyText
	}{{`,"claimed":{`, &d.Claimed}, {`,"computed":{`, &d.Computed}, {`,"proven":{`, &d.Proven}, {`,"conceded":{`, &d.Conceded}, {`,"unproven":{`, &d.Unproven}} {
		r.money(m.name, m.into)
	}
	r.literal("}")
	return d
}

// verdict is what is said of the set; nil where there is none.
func (d *setDoc) verdict() (s *reconcile.SetVerdict, err error) {
	if d == nil {
		return nil, nil
	}
	s = &reconcile.SetVerdict{Lines: d.Lines, CDRs: d.CDRs}
	for _, m := range []struct {
		text moneyText
		into *reconcile.Money
	}{{d.Claimed, &s.Claimed}, {d.Computed, &s.Computed}, {d.Proven, &s.Proven}, {d.Conceded, &s.Conceded}, {d.Unproven, &s.Unproven}} {
		if *m.into, err = moneyOf(m.text); err != nil {
			return nil, fmt.Errorf("set: %w", err)
		}
	}
	return s, nil
}

// lineSets are the lines of sets, by the CDRs that they are.
type lineSets struct {
	byCDRs map[string]*[]setLine
	order  []string
}

// setLine is a line of a set in the order of lines.ndjson.
type setLine struct {
	where   string
	verdict *reconcile.LineVerdict
	decided bool // what was answered or decided of it changed its parts
}

func (s *lineSets) add(v *reconcile.LineVerdict, decided bool, where string) {
	if v.Set == nil {
		return
	}
	key := strings.Join(v.Set.CDRs, "\n")
	if s.byCDRs == nil {
		s.byCDRs = map[string]*[]setLine{}
	}
	if s.byCDRs[key] == nil {
		s.byCDRs[key] = &[]setLine{}
		s.order = append(s.order, key)
	}
	*s.byCDRs[key] = append(*s.byCDRs[key], setLine{where, v, decided})
}

// lineSets checks of lines that are judged together that all of them are there, that they claim what is said, and that each has its share of it. Which
// parts the whole has is the judgement, of which the calculations are made again.
func (p *payloadCheck) lineSets() {
	for _, key := range p.together.order {
		lines := *p.together.byCDRs[key]
		claims := make([]reconcile.Money, len(lines))
		for i, l := range lines {
			claims[i] = l.verdict.Invoiced
		}
		for i, l := range lines {
			set := l.verdict.Set
			if !sameClaims(set, lines[0].verdict.Set, claims) {
				p.totals.fault("%s: is one of %d lines that claim %s together, but the lines of its set are %d or claim something else", l.where, set.Lines,
					newMoneyText(set.Claimed).text(), len(lines))
				continue
			}
			if l.decided {
				continue
			}
			p.totals.faultErr(l.where, set.Fits(l.verdict, claims, i))
		}
	}
}

// sameClaims reports that a set says what its first line says of what is claimed and computed, and that its lines claim that.
func sameClaims(s, first *reconcile.SetVerdict, claims []reconcile.Money) bool {
	same := func(a, b reconcile.Money) bool { return newMoneyText(a) == newMoneyText(b) }
	var net, gross exact.Decimal
	hasGross := true
	for _, c := range claims {
		net, gross, hasGross = net.Add(c.BeforeTaxes.Value), gross.Add(c.AfterTaxes.Value), hasGross && c.AfterTaxes.Present
	}
	return s.Lines == len(claims) && same(s.Claimed, first.Claimed) && same(s.Computed, first.Computed) && s.Claimed.BeforeTaxes.Value.Equal(net) &&
		s.Claimed.AfterTaxes.Present == hasGross && (!hasGross || s.Claimed.AfterTaxes.Value.Equal(gross))
}

// togetherSheet is the name of the calculation of a CDR that several lines are.
const togetherSheet = "together"

// setCosts are, of a line of a set, what its CDRs cost as declared, and the most that any calculation of each comes to.
type setCosts struct {
	declared map[string]exact.Decimal
	most     map[string]exact.Decimal // by digest
}

// add takes a calculation that was made again.
func (c *setCosts) add(sheet, cdr string, declared, settled exact.Decimal) {
	if c.most == nil {
		c.declared, c.most = map[string]exact.Decimal{}, map[string]exact.Decimal{}
	}
	if sheet == togetherSheet {
		c.declared[cdr] = declared
	}
	if before, ok := c.most[cdr]; !ok || before.Less(settled) {
		c.most[cdr] = settled
	}
}

// setSupported checks that the CDRs of a set cost what it says, and that no more of it is proven than the calculations of its CDRs come to.
func (l *disclosedLine) setSupported(verdict *reconcile.LineVerdict) {
	set := verdict.Set
	if l.unpriced || len(l.doc.History) > 0 {
		return
	}
	var declared, most exact.Decimal
	for cdr, cost := range l.costs.declared {
		declared, most = declared.Add(cost.Shown()), most.Add(l.costs.most[cdr])
	}
	if computed := set.Computed.BeforeTaxes; computed.Present && !declared.Shown().Equal(computed.Value) {
		l.recompute.fault("%s: the CDRs of its set cost %s, but it states %s as computed", l.where, declared.Output(), computed.Value.Output())
	}
	for _, m := range l.costs.most {
		most = exact.Max(most, m) // of one CDR, evidence may be that of another body
	}
	if proven := set.Proven.BeforeTaxes.Value; most.Add(l.slack.of(set.Claimed.BeforeTaxes.Value, l.doc.Currency)).Less(proven) {
		l.recompute.fault("%s: %s of its set is proven, but no calculations come to more than %s", l.where, proven.Output(), most.Output())
	}
}

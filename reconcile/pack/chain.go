package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// chainDoc is the chain of credits of a line. Lines whose CDR is in none have no such member.
type chainDoc struct {
	State    string        `json:"state"`
	Currency string        `json:"currency"`
	CDRs     []chainCDRDoc `json:"cdrs"`
	Net      volumesDoc    `json:"net"`
}

// chainCDRDoc is a CDR of a chain: what it does to it, and what it adds.
type chainCDRDoc struct {
	CountryCode string     `json:"country_code"`
	PartyID     string     `json:"party_id"`
	ID          string     `json:"id"`
	Credits     string     `json:"credit_reference_id"`
	Step        string     `json:"step"`
	Adds        volumesDoc `json:"adds"`
}

type volumesDoc struct {
	KWh   string    `json:"kwh"`
	Hours string    `json:"hours"`
	Cost  moneyText `json:"cost"`
}

func newChainDoc(c *reconcile.Chain) *chainDoc {
	if c == nil {
		return nil
	}
	d := &chainDoc{State: string(c.State), Currency: c.Currency, Net: newVolumesDoc(c.Net)}
	for i := range c.CDRs {
		m := &c.CDRs[i]
		d.CDRs = append(d.CDRs, chainCDRDoc{m.CountryCode, m.PartyID, m.ID, m.Credits, string(m.Step), newVolumesDoc(m.Adds)})
	}
	return d
}

func newVolumesDoc(v reconcile.Volumes) volumesDoc {
	return volumesDoc{numberText(v.KWh), numberText(v.Hours), newMoneyText(v.Cost)}
}

// append appends the member, or nothing.
func (d *chainDoc) append(dst []byte) []byte {
	if d == nil {
		return dst
	}
	dst = appendMember(dst, `,"chain":{"state":`, d.State)
	dst = append(appendMember(dst, `,"currency":`, d.Currency), `,"cdrs":[`...)
	for i := range d.CDRs {
		if i > 0 {
			dst = append(dst, ',')
		}
		m := &d.CDRs[i]
		dst = appendMember(dst, `{"country_code":`, m.CountryCode)
		dst = appendMember(dst, `,"party_id":`, m.PartyID)
		dst = appendMember(dst, `,"id":`, m.ID)
		dst = appendMember(dst, `,"credit_reference_id":`, m.Credits)
		dst = appendMember(dst, `,"step":`, m.Step)
		dst = append(m.Adds.append(dst, `,"adds":{`), '}')
	}
	return append(d.Net.append(dst, `],"net":{`), '}')
}

func (v *volumesDoc) append(dst []byte, name string) []byte {
	dst = appendNumber(append(append(dst, name...), `"kwh":`...), v.KWh)
	dst = appendNumber(append(dst, `,"hours":`...), v.Hours)
	return append(appendMoney(dst, `,"cost":`, v.Cost), '}')
}

// chain reads the member, if it comes next.
func (r *reading) chain() *chainDoc {
	if !r.has(`,"chain":`) {
		return nil
	}
	d := &chainDoc{}
	r.text(`{"state":`, &d.State)
	r.text(`,"currency":`, &d.Currency)
	r.literal(`,"cdrs":[`)
	r.list(func() {
		var m chainCDRDoc
		r.text(`{"country_code":`, &m.CountryCode)
		r.text(`,"party_id":`, &m.PartyID)
		r.text(`,"id":`, &m.ID)
		r.text(`,"credit_reference_id":`, &m.Credits)
		r.text(`,"step":`, &m.Step)
		r.volumes(`,"adds":{`, &m.Adds)
		r.literal("}")
		d.CDRs = append(d.CDRs, m)
	})
	r.volumes(`,"net":{`, &d.Net)
	r.literal("}")
	return d
}

func (r *reading) volumes(name string, v *volumesDoc) {
	r.literal(name)
	r.text(`"kwh":`, &v.KWh)
	r.text(`,"hours":`, &v.Hours)
	r.money(`,"cost":{`, &v.Cost)
	r.literal("}")
}

// chain is what the member says.
func (d *chainDoc) chain() (*reconcile.Chain, error) {
	c := &reconcile.Chain{State: reconcile.ChainState(d.State), Currency: d.Currency}
	for i := range d.CDRs {
		m := &d.CDRs[i]
		adds, err := m.Adds.volumes()
		if err != nil {
			return nil, err
		}
		step := reconcile.ChainStep(m.Step)
		if !step.Known() {
			return nil, fmt.Errorf("step %q is none", short(m.Step))
		}
		c.CDRs = append(c.CDRs, reconcile.ChainCDR{
			CountryCode: m.CountryCode, PartyID: m.PartyID, ID: m.ID, Credits: m.Credits, Step: step, Adds: adds,
		})
	}
	return c, nil
}

func (v *volumesDoc) volumes() (out reconcile.Volumes, err error) {
	if out.KWh, err = numberOf(v.KWh); err != nil {
		return out, err
	}
	if out.Hours, err = numberOf(v.Hours); err != nil {
		return out, err
	}
	out.Cost, err = moneyOf(v.Cost)
	return out, err
}

// adds checks that a chain adds up, that its state is what its steps lead to, and that the line's CDR is in it.
func (d *chainDoc) adds(match matchDoc) error {
	c, err := d.chain()
	switch {
	case err != nil:
		return err
	case newVolumesDoc(c.Sum()) != d.Net:
		return errors.New("its CDRs do not add up to its net")
	case string(c.Fold()) != d.State:
		return fmt.Errorf("its state is %q, its steps lead to %q", short(d.State), c.Fold())
	case !slices.ContainsFunc(d.CDRs, func(m chainCDRDoc) bool { return m.ID == match.CDR }):
		return fmt.Errorf("CDR %q of the line is not in it", short(match.CDR))
	}
	return nil
}

// chain makes the chain of the line again from its CDRs.
func (l *disclosedLine) chain() {
	stated := l.doc.Chain
	if stated == nil {
		l.noChain()
		return
	}
	var cdrs []*ocpi.CDR
	for i := range l.entry.CDRs {
		if cdr := l.cdr(l.entry.CDRs[i].SHA256).cdr; cdr != nil && slices.ContainsFunc(stated.CDRs, func(m chainCDRDoc) bool { return m.is(cdr) }) {
			cdrs = append(cdrs, cdr)
		}
	}
	tolerance := reconcile.Tolerance{Percent: l.slack.percent}
	if l.slack.known {
		tolerance.Amount = reconcile.Known(l.slack.amount)
	}
	again := newChainDoc(reconcile.ChainOf(cdrs, tolerance))
	if string(again.append(nil)) != string(stated.append(nil)) {
		l.recompute.fault("%s: its CDRs make the chain %s, but it states %s", l.where, again.text(), stated.text())
	}
}

// noChain checks that a line without a chain has none: no disclosed credit names its CDR, unless the line says that the chain is too long.
func (l *disclosedLine) noChain() {
	if slices.ContainsFunc(l.doc.Findings, func(f findingDoc) bool { return f.Code == "credit-chain" && f.Severity == "info" }) {
		return
	}
	for i := range l.entry.CDRs {
		c := l.cdr(l.entry.CDRs[i].SHA256).cdr
		if c != nil && c.IsCredit() && l.doc.Match.CDR != "" && asWritten(c.CreditReferenceID) == l.doc.Match.CDR && asWritten(c.ID) != l.doc.Match.CDR {
			l.recompute.fault("%s: %s credits its CDR, but it states no chain", l.where, short(c.ID))
		}
	}
}

// is reports the CDR of which the member tells.
func (m *chainCDRDoc) is(c *ocpi.CDR) bool {
	return m.ID == asWritten(c.ID) && m.CountryCode == asWritten(c.CountryCode) && m.PartyID == asWritten(c.PartyID)
}

// text tells a chain: "re-billed: bill A, credit A-C, re-bill B; net 12 kWh, 1 h, 3 EUR".
func (d *chainDoc) text() string {
	var steps []string
	for _, m := range d.CDRs {
		steps = append(steps, short(m.Step)+" "+short(m.ID))
	}
	return short(d.State) + ": " + strings.Join(steps, ", ") + "; net " + joined(", ", d.Net.parts(d.Currency)...)
}

// parts are the known volumes with their units.
func (v *volumesDoc) parts(currency string) []string {
	var out []string
	for _, p := range [][2]string{{v.KWh, "kWh"}, {v.Hours, "h"}, {v.Cost.BeforeTaxes, currency}, {v.Cost.AfterTaxes, currency + " gross"}} {
		if p[0] != "" {
			out = append(out, p[0]+" "+p[1])
		}
	}
	return out
}

// chain writes the chain of a line as a table.
func (s *showing) chain(d *chainDoc) {
	if d == nil {
		return
	}
	s.heading("Credit chain: " + visible(d.State))
	t := tabwriter.NewWriter(&s.Builder, 0, 0, 2, ' ', 0)
	row := func(cells ...string) {
		for i, cell := range cells {
			cells[i] = visible(cell)
		}
		fmt.Fprintf(t, "  %s\n", strings.Join(cells, "\t"))
	}
	row("CDR", "step", "kWh", "h", "net "+d.Currency, "gross "+d.Currency)
	volumes := func(v *volumesDoc) []string {
		out := []string{v.KWh, v.Hours, v.Cost.BeforeTaxes, v.Cost.AfterTaxes}
		for i, text := range out {
			if text == "" {
				out[i] = "–"
			}
		}
		return out
	}
	for i := range d.CDRs {
		m := &d.CDRs[i]
		row(append([]string{m.ID, m.Step}, volumes(&m.Adds)...)...)
	}
	row(append([]string{"net", ""}, volumes(&d.Net)...)...)
	t.Flush()
}

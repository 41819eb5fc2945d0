package diff

import (
	"encoding/json"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/describe"
)

type reportJSON struct {
	A           string         `json:"a"`
	B           string         `json:"b"`
	Currencies  [2]string      `json:"currencies"`
	Differ      bool           `json:"differ"`
	Differences []groupJSON    `json:"differences"`
	Unshown     []groupJSON    `json:"written_differently,omitempty"`
	Limits      *exampleJSON   `json:"limits_example,omitempty"`
	LimitsA     []string       `json:"limits_a,omitempty"`
	LimitsB     []string       `json:"limits_b,omitempty"`
	Cells       int            `json:"cells"`
	Examined    int            `json:"cells_examined"`
	Axes        map[string]int `json:"axes"`
}

type groupJSON struct {
	Subject string       `json:"subject"`
	Where   []string     `json:"where"`
	A       string       `json:"a"`
	B       string       `json:"b"`
	Example *exampleJSON `json:"example,omitempty"`
}

type exampleJSON struct {
	Start        time.Time      `json:"start"`
	End          time.Time      `json:"end"`
	ChargeFrom   *time.Time     `json:"charge_from,omitempty"`
	ReservedFrom *time.Time     `json:"reserved_from,omitempty"`
	KWh          exact.Decimal  `json:"kwh"`
	MaxPower     exact.Decimal  `json:"max_power"`
	A            moneyJSON      `json:"a"`
	B            moneyJSON      `json:"b"`
	Delta        *exact.Decimal `json:"delta"`
}

// moneyJSON is money as machine output writes it everywhere.
type moneyJSON struct {
	BeforeTaxes *exact.Decimal `json:"before_taxes"`
	AfterTaxes  *exact.Decimal `json:"after_taxes"`
}

// MarshalJSON writes the report. Decimals are strings; the times of examples are local ones.
func (r *Report) MarshalJSON() ([]byte, error) {
	out := reportJSON{
		A: title(r.A), B: title(r.B), Currencies: [2]string{r.A.Currency, r.B.Currency}, Differ: r.Differ(), Cells: r.Cells, Examined: r.Examined,
		Differences: r.groups(r.Groups), Unshown: r.groups(r.Unshown), Limits: exampleOf(r.Limits), Axes: map[string]int{},
	}
	if r.LimitsDiffer {
		out.LimitsA, out.LimitsB = r.A.LimitLines(), r.B.LimitLines()
	}
	for _, a := range r.Axes {
		out.Axes[a.Name] = a.Pieces
	}
	return json.Marshal(out)
}

func (r *Report) groups(list []Group) []groupJSON {
	out := []groupJSON{}
	for i := range list {
		g := &list[i]
		own := groupJSON{
			Subject: g.Subject.String(), A: rateText(r, g.Subject, g.A, r.A), B: rateText(r, g.Subject, g.B, r.B), Example: exampleOf(g.Example),
		}
		for _, where := range g.Where {
			own.Where = append(own.Where, voice(r).Conditions(where, g.Subject >= describe.Reserved))
		}
		out = append(out, own)
	}
	return out
}

func exampleOf(e *Example) *exampleJSON {
	if e == nil {
		return nil
	}
	out := &exampleJSON{
		Start: e.Session.Start, End: e.Session.End, KWh: e.Session.EnergyKWh, MaxPower: e.Session.MaxPowerKW, A: moneyOf(e.A), B: moneyOf(e.B),
		ChargeFrom: instant(e.Session.ChargeFrom), ReservedFrom: instant(e.Session.ReservedFrom),
	}
	if delta, ok := e.Delta(); ok {
		out.Delta = &delta
	}
	return out
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func moneyOf(m tariff.Money) moneyJSON {
	return moneyJSON{decimal(m.BeforeTaxes), decimal(m.AfterTaxes)}
}

func decimal(n ocpi.Number) *exact.Decimal {
	if !n.Present {
		return nil
	}
	return &n.Value
}

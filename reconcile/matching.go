package reconcile

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Matching says how near a line and a CDR that no id ties must be to mean one session. What is at a threshold is within it.
type Matching struct {
	Composite  time.Duration // between starts, where EVSE and contract are the same
	Window     time.Duration // where only the EVSE or only the contract is
	HoursApart int           // most whole hours between starts where one side sent local time; 0: none
	HoursSlip  time.Duration // how near to whole hours
	KWh        exact.Decimal // kWh that are the same: within KWh, or KWhPercent of the CDR's, whichever is more
	KWhPercent exact.Decimal
	Amount     ocpi.Number // how far net amount and total_cost may differ; absent: not asked
	Margin     int64       // points by which any other assignment must be worse, 1 and more
}

// DefaultMatching are the thresholds where a case names none: clocks of chargers are off by minutes, offsets from UTC reach 14 hours, and
// invoices show kWh with two decimals.
func DefaultMatching() Matching {
	return Matching{
		Composite: 10 * time.Minute, Window: 15 * time.Minute, HoursApart: 14, HoursSlip: time.Minute, KWh: exact.New(5, 2), KWhPercent: exact.FromInt(1),
		Margin: 60,
	}
}

var usualMatching = DefaultMatching()

// matching are the thresholds that govern: an agreement that was made without any has the usual ones.
func (a *Agreement) matching() *Matching {
	if a.Matching.Margin < 1 {
		return &usualMatching
	}
	return &a.Matching
}

// matchingDocument is Matching as case.json shows it; "none" is none.
type matchingDocument struct {
	CompositeSeconds string `json:"composite_seconds"`
	WindowSeconds    string `json:"window_seconds"`
	HoursApart       string `json:"hours_apart"`
	HoursSeconds     string `json:"hours_seconds"`
	KWh              string `json:"kwh"`
	KWhPercent       string `json:"kwh_percent"`
	Amount           string `json:"amount"`
	Margin           string `json:"margin"`
}

func (m *Matching) document() matchingDocument {
	seconds := func(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
	doc := matchingDocument{
		CompositeSeconds: seconds(m.Composite), WindowSeconds: seconds(m.Window), HoursApart: strconv.Itoa(m.HoursApart), HoursSeconds: seconds(m.HoursSlip),
		KWh: m.KWh.Plain(), KWhPercent: m.KWhPercent.Plain(), Amount: "none", Margin: strconv.FormatInt(m.Margin, 10),
	}
	if m.HoursApart == 0 {
		doc.HoursApart = "none"
	}
	if m.Amount.Present {
		doc.Amount = m.Amount.Value.Plain()
	}
	return doc
}

// The greatest thresholds that say anything: within a day at one EVSE there is more than one session, and half an hour from one whole hour is
// half an hour from the next.
const (
	mostSeconds = 24 * 60 * 60
	mostSlip    = 30 * 60
	mostHours   = 14 // the offsets from UTC that there are
	mostMargin  = 1 << 19
)

// matching reads the thresholds of matching.
func (r *caseReader) matching(n ast.Node, m *Matching) {
	r.section(n, "matching",
		r.seconds("composite_seconds", mostSeconds, &m.Composite), r.seconds("window_seconds", mostSeconds, &m.Window),
		r.within("hours_apart", 1, mostHours, true, func(v int64) { m.HoursApart = int(v) }), r.seconds("hours_seconds", mostSlip, &m.HoursSlip),
		r.decimal("kwh", func(v exact.Decimal) { m.KWh = v }),
		r.parsed("kwh_percent", func(text string) error {
			v, err := exact.Parse([]byte(text))
			if err != nil || v.Sign() < 0 || exact.FromInt(100).Less(v) {
				return fmt.Errorf("%q, want a number from 0 to 100", text)
			}
			m.KWhPercent = v
			return nil
		}),
		r.numberOrNone("amount", &m.Amount),
		r.within("margin", 1, mostMargin, false, func(v int64) { m.Margin = v }),
	)
}

func (r *caseReader) seconds(name string, most int64, into *time.Duration) member {
	return r.within(name, 0, most, false, func(v int64) { *into = time.Duration(v) * time.Second })
}

// within reads a whole number between bounds, or none, which is 0, where there may be none.
func (r *caseReader) within(name string, least, most int64, none bool, set func(int64)) member {
	return r.parsed(name, func(text string) error {
		if none && text == "none" {
			set(0)
			return nil
		}
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < least || v > most {
			want := fmt.Sprintf("a whole number from %d to %d", least, most)
			if none {
				want += " or none"
			}
			return fmt.Errorf("%q, want %s", text, want)
		}
		set(v)
		return nil
	})
}

// numberOrNone reads a number that is not negative; "none" takes it away.
func (r *caseReader) numberOrNone(name string, into *ocpi.Number) member {
	return r.parsed(name, func(text string) error {
		if text == "none" {
			*into = ocpi.Number{}
			return nil
		}
		v, err := exact.Parse([]byte(text))
		if err != nil {
			return fmt.Errorf("%q: %w; want a number or none", text, err)
		}
		if v.Sign() < 0 {
			return errors.New("is negative")
		}
		*into = Known(v)
		return nil
	})
}

// sameKWh reports kWh that both state and that hardly differ.
func (m *Matching) sameKWh(line, cdr *facts) bool {
	if !line.kWh.Present || !cdr.kWh.Present {
		return false
	}
	return agree(line.kWh.Value, cdr.kWh.Value, exact.Max(m.KWh, cdr.kWh.Value.Abs().Mul(m.KWhPercent).Shift(-2)))
}

// sameAmount reports amounts that do not differ by more than is allowed, where anything is said of that.
func (m *Matching) sameAmount(line, cdr *facts) bool {
	if !m.Amount.Present || !line.amount.Present || !cdr.amount.Present || line.currency != cdr.currency {
		return true
	}
	return agree(line.amount.Value, cdr.amount.Value, m.Amount.Value)
}

// widest is how far starts may be apart in any pass.
func (m *Matching) widest() time.Duration { return max(m.Composite, m.Window) }

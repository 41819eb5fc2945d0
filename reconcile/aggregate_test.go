package reconcile

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// charge is a CDR of a fleet.
func charge(n int, contract, evse string, start time.Time, wh, cents int64) *ocpi.CDR {
	return &ocpi.CDR{
		CountryCode: "NL", PartyID: "CPO", ID: fmt.Sprintf("C%05d", n), Currency: "EUR", StartDateTime: start,
		TotalCost: ocpi.Price{BeforeTaxes: Known(exact.New(cents, 2))}, TotalEnergy: Known(exact.New(wh, 3)),
		Token: ocpi.CDRToken{ContractID: contract, UID: "T" + contract}, Location: ocpi.CDRLocation{ID: "L1", EVSEID: evse},
	}
}

// fleet is a month of charges and lines over some of them: for each contract all but those of one EVSE, for that EVSE each day, by number and kWh,
// of which lines some want one charge more than there is.
type fleet struct {
	cdrs  []*ocpi.CDR
	lines []*Line
	means map[string][]int32 // of a line; none where a charge of it is not there
}

func someFleet(r *rand.Rand) *fleet {
	f := &fleet{means: map[string][]int32{}}
	sums := map[string]*Line{}
	add := func(key string, c *ocpi.CDR, fill func(l *Line)) {
		l := sums[key]
		if l == nil {
			l = &Line{InvoiceID: "I", Line: key, Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.Decimal{})}, Scope: &Scope{}}
			fill(l)
			sums[key], f.lines = l, append(f.lines, l)
		}
		l.Claimed.BeforeTaxes.Value = l.Claimed.BeforeTaxes.Value.Add(c.TotalCost.BeforeTaxes.Value)
		l.ClaimedKWh = Known(l.ClaimedKWh.Value.Add(c.TotalEnergy.Value))
		l.Sessions = Known(l.Sessions.Value.Add(exact.FromInt(1)))
		f.means[key] = append(f.means[key], int32(len(f.cdrs)))
	}
	for n := range 40 + r.IntN(80) {
		start := time.Date(2026, 9, 1+r.IntN(28), 6+r.IntN(12), r.IntN(60), 0, 0, time.UTC)
		wh := 1000 + r.Int64N(50_000)
		c := charge(n, fmt.Sprintf("DE-EMP-C%08d", r.IntN(8)), fmt.Sprintf("NL*CPO*E%d", r.IntN(3)), start, wh, (wh*int64(30+r.IntN(20))+500)/1000)
		day := start.Truncate(24 * time.Hour)
		if c.Location.EVSEID == "NL*CPO*E0" {
			add("day "+day.Format(time.DateOnly), c, func(l *Line) { l.EVSEID, l.Scope.From, l.Scope.To = c.Location.EVSEID, day, day })
		} else {
			add(c.Token.ContractID, c, func(l *Line) { l.ContractID = c.Token.ContractID })
		}
		f.cdrs = append(f.cdrs, c)
	}
	for _, l := range f.lines {
		if r.IntN(6) == 0 {
			l.Claimed.BeforeTaxes.Value = l.Claimed.BeforeTaxes.Value.Add(exact.New(100+r.Int64N(900), 2))
			l.ClaimedKWh.Value = l.ClaimedKWh.Value.Add(exact.New(1000+r.Int64N(30_000), 3))
			delete(f.means, l.Line)
		}
	}
	return f
}

// find finds the CDRs of the lines, in an order of lines and CDRs.
func (f *fleet) find(lines, cdrs []int) map[string]string {
	terms := &Agreement{}
	var list []*Aggregate
	for _, i := range lines {
		list = append(list, NewAggregate(f.lines[i], Party{}, Party{}))
	}
	for _, i := range cdrs {
		for _, a := range list {
			a.Offer(int32(i), f.cdrs[i], terms)
		}
	}
	FindAggregates(list)
	out := map[string]string{}
	for _, a := range list {
		text, _ := a.Unsettled()
		out[a.line.Line] = fmt.Sprint(a.Members(), text)
	}
	return out
}

// Two alike lie within the days of the place, one of them within those of UTC: which is meant cannot be told.
func TestAggregateOfWhichOneDayHasOne(t *testing.T) {
	day := time.Date(2026, 9, 11, 0, 0, 0, 0, time.UTC)
	line := &Line{
		InvoiceID: "I", Line: "1", Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.New(651, 2))}, ContractID: "DE-EMP-C00000001",
		Sessions: Known(exact.FromInt(1)), ClaimedKWh: Known(exact.New(14630, 3)), Scope: &Scope{From: day, To: day.AddDate(0, 0, 3)},
	}
	find := func(starts ...time.Time) *Aggregate {
		a := NewAggregate(line, Party{}, Party{})
		for n, start := range starts {
			a.Offer(int32(n), charge(n, line.ContractID, "NL*CPO*E1", start, 14630, 651), &Agreement{TimeZone: "Europe/Helsinki"})
		}
		FindAggregates([]*Aggregate{a})
		return a
	}
	first, second := day.Add(-90*time.Minute), day.AddDate(0, 0, 3).Add(-90*time.Minute)
	text, _ := find(first, second).Unsettled()
	assert.Nil(t, find(first, second).Members())
	assert.Contains(t, text, "several")
	assert.Equal(t, []int32{0}, find(second).Members(), "the same one by both")
	assert.Equal(t, []int32{0}, find(first).Members(), "by the place alone")
}

// No line gets CDRs that it does not mean, nearly all get those that they mean, and no order decides.
func TestAggregatesFindTheirCDRs(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	found, all := 0, 0
	for range 60 {
		f := someFleet(r)
		got := f.find(allOf(len(f.lines)), allOf(len(f.cdrs)))
		require.Equal(t, got, f.find(r.Perm(len(f.lines)), r.Perm(len(f.cdrs))))
		for _, l := range f.lines {
			want, whole := f.means[l.Line]
			slices.Sort(want)
			if whole {
				all++
			}
			switch got[l.Line] {
			case fmt.Sprint(want, ""):
				if whole {
					found++
				}
			default:
				require.True(t, len(got[l.Line]) > 2 && got[l.Line][:2] == "[]", "line %s got %s, means %v", l.Line, got[l.Line], want)
			}
		}
	}
	t.Logf("%d of %d lines found their CDRs", found, all)
	assert.Greater(t, 100*found, 90*all)
}

func TestAggregatesTheyAreNot(t *testing.T) {
	whole := charge(1, "C", "E", time.Unix(0, 0).UTC(), 20_000, 500)
	line := func(amount string) *Line {
		return &Line{Currency: "EUR", Claimed: Money{BeforeTaxes: Known(exact.MustParse(amount))}}
	}
	assert.Nil(t, NewAggregate(line("5.001"), Party{}, Party{}), "no sum of minor units")
	assert.Nil(t, NewAggregate(line("-5"), Party{}, Party{}), "gives money back")
	half := line("5")
	half.Sessions = Known(exact.MustParse("1.5"))
	assert.Nil(t, NewAggregate(half, Party{}, Party{}))

	everything := NewAggregate(line("5"), Party{}, Party{})
	everything.Offer(1, whole, &Agreement{})
	FindAggregates([]*Aggregate{everything})
	assert.Empty(t, everything.Members(), "an amount alone says nothing")

	invoicePeriod := line("5")
	invoicePeriod.EVSEID, invoicePeriod.Start, invoicePeriod.End = "E", time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC()
	assert.True(t, invoicePeriod.IsBare(), "a day is no session's start")
	day := NewAggregate(invoicePeriod, Party{}, Party{})
	day.Offer(1, whole, &Agreement{})
	day.Offer(2, charge(2, "C", "E", time.Unix(86_400, 0).UTC(), 20_000, 500), &Agreement{})
	FindAggregates([]*Aggregate{day})
	assert.Equal(t, []int32{1}, day.Members())

	counted := line("5")
	counted.Sessions = Known(exact.FromInt(1))
	everything = NewAggregate(counted, Party{}, Party{})
	everything.Offer(1, whole, &Agreement{})
	everything.Offer(2, whole, &Agreement{})
	FindAggregates([]*Aggregate{everything})
	assert.Equal(t, []int32{1}, everything.Members(), "a repeat of a CDR is no other one")
}

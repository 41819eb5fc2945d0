package tariff

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// written is a part of a period as an operator would have written it.
type written struct {
	start  time.Time
	energy string
	times  string // hours of whatever time the period has
}

// splitInput is the draft with the periods of the given index written as the given parts.
func (d draft) splitInput(t tester, parts map[int][]written) Input {
	t.Helper()
	var cdr map[string]json.RawMessage
	var periods []struct {
		Start      string                       `json:"start_date_time"`
		Dimensions []map[string]json.RawMessage `json:"dimensions"`
	}
	require.NoError(t, json.Unmarshal(d.json(), &cdr))
	require.NoError(t, json.Unmarshal(cdr["charging_periods"], &periods))
	var out []map[string]any
	for i, p := range periods {
		if parts[i] == nil {
			out = append(out, map[string]any{"start_date_time": p.Start, "dimensions": p.Dimensions})
			continue
		}
		for _, w := range parts[i] {
			var dims []map[string]json.RawMessage
			for _, dim := range p.Dimensions {
				volume := dim["volume"]
				switch string(dim["type"]) {
				case `"ENERGY"`:
					volume = json.RawMessage(w.energy)
				case `"TIME"`, `"PARKING_TIME"`, `"RESERVATION_TIME"`:
					volume = json.RawMessage(w.times)
				}
				dims = append(dims, map[string]json.RawMessage{"type": dim["type"], "volume": volume})
			}
			out = append(out, map[string]any{"start_date_time": w.start.Format(time.RFC3339Nano), "dimensions": dims})
		}
	}
	text, err := json.Marshal(out)
	require.NoError(t, err)
	cdr["charging_periods"] = text
	raw, err := json.Marshal(cdr)
	require.NoError(t, err)
	v, _ := ocpi.ParseVersion(or(d.version, "2.2.1"))
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: raw})
	require.NotNil(t, c, "%v\n%s", findings, raw)
	zone, _ := ResolveZone(c, nil, "")
	return Input{CDR: c, Zone: zone}
}

// hours writes seconds as hours with so many decimals that the period's length is recognised.
func hours(seconds int64) string {
	return exact.FromInt(seconds).DivRound(exact.FromInt(3600), 7, exact.HalfEven).String()
}

// stretch is a cut period of a draft.
type stretch struct {
	index      int
	start, end time.Time
	before, of exact.Decimal // kWh before it and of it
}

func stretches(in Input) (out []stretch) {
	e := newEngine(in)
	defer e.release()
	e.run()
	seen := map[int]bool{}
	for _, c := range e.boundaries() {
		seen[c.index] = true
	}
	var sum exact.Decimal
	for i := range e.periods {
		p := &e.periods[i]
		v := e.s.value(p.volume[slotEnergy])
		if seen[p.src.Index] {
			out = append(out, stretch{p.src.Index, p.start, p.end, sum, v})
		}
		sum = sum.Add(v)
	}
	return out
}

// genSplitDraft draws unsplit periods under a tariff that changes by clock, duration and energy.
func genSplitDraft() *rapid.Generator[draft] {
	return rapid.Custom(func(t *rapid.T) draft {
		d := draft{start: fmt.Sprintf("2026-03-%02dT%02d:00:00Z", rapid.IntRange(2, 8).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"))}
		var periods, elements []string
		for range rapid.IntRange(1, 2).Draw(t, "periods") {
			minutes := 6 * rapid.IntRange(1, 40).Draw(t, "minutes")
			line := fmt.Sprintf("%d ENERGY %d.%d", minutes, rapid.IntRange(0, 20).Draw(t, "kwh"), rapid.IntRange(0, 9).Draw(t, "tenths"))
			if kind := rapid.SampledFrom([]string{"", "TIME", "TIME", "PARKING_TIME"}).Draw(t, "kind"); kind != "" {
				line += ", " + kind + " " + hours(int64(minutes)*60)
			}
			periods = append(periods, line)
		}
		for range rapid.IntRange(1, 3).Draw(t, "elements") {
			elements = append(elements, genSplitElement(t)+" {"+genSplitRestriction(t)+"}")
		}
		elements = append(elements, genSplitElement(t))
		d.periods = strings.Join(periods, "\n")
		extra := ""
		if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
			extra = `,"min_price":{"excl_vat":3},"max_price":{"excl_vat":20}`
		}
		if rapid.IntRange(0, 3).Draw(t, "gross") == 0 {
			d.version, extra = "2.3.0", `,"tax_included":"YES"` // and where no rate is stated no amount before taxes is known
		}
		d.tariffs = []draftTariff{{elements: strings.Join(elements, "\n"), extra: extra}}
		return d
	})
}

func genSplitElement(t *rapid.T) string {
	kinds := rapid.SampledFrom([][]string{{"ENERGY"}, {"TIME"}, {"ENERGY", "TIME"}, {"ENERGY", "TIME", "PARKING_TIME"}, {"ENERGY", "PARKING_TIME", "FLAT"}, {"TIME", "PARKING_TIME"}}).Draw(t, "kinds")
	var out []string
	for _, kind := range kinds {
		out = append(out, fmt.Sprintf("%s %d.%d/%d%s", kind, rapid.IntRange(0, 4).Draw(t, "euro"), rapid.IntRange(0, 9).Draw(t, "cent"),
			rapid.SampledFrom([]int{1, 1, 60, 900}).Draw(t, "step"), rapid.SampledFrom([]string{"", "", "@19"}).Draw(t, "vat")))
	}
	return strings.Join(out, ", ")
}

func genSplitRestriction(t *rapid.T) string {
	clock := func() string {
		return fmt.Sprintf(`"%02d:%02d"`, rapid.IntRange(0, 23).Draw(t, "hour"), 6*rapid.IntRange(0, 9).Draw(t, "minute"))
	}
	var out []string
	if rapid.Bool().Draw(t, "energy") {
		out = append(out, fmt.Sprintf(`"%s":%d`, rapid.SampledFrom([]string{"min_kwh", "max_kwh"}).Draw(t, "bound"), rapid.IntRange(1, 16).Draw(t, "kwh")))
	}
	switch rapid.IntRange(0, 3).Draw(t, "when") {
	case 0:
		out = append(out, `"start_time":`+clock()+`,"end_time":`+clock())
	case 1:
		out = append(out, fmt.Sprintf(`"%s":%d`, rapid.SampledFrom([]string{"min_duration", "max_duration"}).Draw(t, "duration"), 360*rapid.IntRange(1, 40).Draw(t, "length")))
	}
	return strings.Join(out, ",")
}

// genReading draws the rules of a version with another choice for one question or none. That of splitting is what is tested, and hours are
// written cut.
func genReading(v ocpi.Version) *rapid.Generator[*Rules] {
	return rapid.Custom(func(t *rapid.T) *Rules {
		q := question(rapid.IntRange(0, int(questionCount)-1).Draw(t, "question"))
		if q == questionMidPeriodChange || q == questionHourSnap || rapid.Bool().Draw(t, "usual") {
			return RulesFor(v)
		}
		return RulesFor(v).with(q, choice(rapid.IntRange(0, len(register[q].choices)-1).Draw(t, "choice")))
	})
}

// genParts draws a way in which the energy of a period may have flowed, written as periods.
func genParts(t *rapid.T, s stretch) []written {
	n := rapid.IntRange(1, 6).Draw(t, "parts")
	minutes := int(s.end.Sub(s.start) / time.Minute)
	at, up := []int{0}, []exact.Decimal{{}}
	for range n {
		minute, kwh := rapid.IntRange(at[len(at)-1], minutes-1).Draw(t, "minute"), up[len(up)-1]
		at = append(at, minute)
		if minute == at[len(at)-2] {
			up = append(up, kwh) // in no time it could pass a bound unseen
			continue
		}
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0: // to a bound
			kwh = exact.Max(kwh, exact.FromInt(int64(rapid.IntRange(1, 16).Draw(t, "bound"))).Sub(s.before))
		case 1: // all
			kwh = s.of
		case 2:
			kwh = exact.Max(kwh, s.of.Mul(exact.New(int64(rapid.IntRange(0, 99).Draw(t, "share")), 2)))
		}
		up = append(up, exact.Min(kwh, s.of))
	}
	at, up = append(at, minutes), append(up, s.of)
	var out []written
	for i := 1; i < len(at); i++ {
		out = append(out, written{s.start.Add(time.Duration(at[i-1]) * time.Minute), up[i].Sub(up[i-1]).String(), hours(int64(at[i]-at[i-1]) * 60)})
	}
	return out
}

// splitCost is what a CDR costs whose remaining boundaries are split evenly.
func splitCost(res *Result) Money {
	if res.Boundaries > 0 {
		return res.Split
	}
	return res.Totals.Cost
}

// Whatever way the energy flowed, written out as periods it costs no less than the least and no more than the greatest.
func TestPropEverySplitLiesBetween(t *testing.T) {
	bounded, tried := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		d := genSplitDraft().Draw(r, "cdr")
		in := d.input(r)
		in.Rules = genReading(in.CDR.Version).Draw(r, "rules")
		res := mustPrice(r, in)
		if res.Boundaries == 0 {
			return
		}
		tried++
		if res.Unbounded != "" {
			require.Nil(r, res.LeastSheet)
			return
		}
		bounded++
		for _, sheet := range []*Sheet{res.LeastSheet, res.GreatestSheet} {
			require.NoError(r, sheet.Verify(), "%s\n%s", strings.Join(sheet.Text(), "\n"), d.json())
			require.NoError(r, sheet.CheckLeaves(resolver(in, res)))
		}
		liesBetween(r, res, res.Split, "evenly")
		all := stretches(in)
		for range 10 {
			parts := map[int][]written{}
			for _, s := range all {
				parts[s.index] = genParts(r, s)
			}
			other := d.splitInput(r, parts)
			other.Rules = in.Rules
			liesBetween(r, res, splitCost(Price(other)), string(other.CDR.Record.Bytes))
		}
	})
	t.Logf("%d of %d are bounded", bounded, tried)
	if !testing.Short() { // which draws few sessions
		require.Greater(t, 2*bounded, tried)
	}
}

// liesBetween holds an amount against the ends: before taxes where that is known of all splits, else after.
func liesBetween(t tester, res *Result, m Money, what string) {
	t.Helper()
	slack := exact.New(1, 15)
	v, least, greatest := m.BeforeTaxes.Value, res.Least.BeforeTaxes, res.Greatest.BeforeTaxes
	if !least.Present {
		v, least, greatest = m.AfterTaxes.Value, res.Least.AfterTaxes, res.Greatest.AfterTaxes
	}
	require.True(t, least.Present && greatest.Present)
	require.False(t, v.Add(slack).Less(least.Value), "%s is less than %s: %s", v, least.Value, what)
	require.False(t, greatest.Value.Add(slack).Less(v), "%s is more than %s: %s", v, greatest.Value, what)
}

// written writes one split out as periods. What takes no time is written with a millisecond, at the end of the column, unless it comes
// first, and what is as little as one likes as a millisecond or a millionth of a Wh: reached says that neither was needed.
func writtenSplit(e *engine, a *allocation) (parts map[int][]written, reached bool) {
	const little = "0.000000001"
	parts, reached = map[int][]written{}, true
	for n := range a.fields {
		f := &a.fields[n]
		p := &e.periods[f.period]
		kwh := func(node int) exact.Decimal {
			switch {
			case node == 0:
				return e.s.value(p.before)
			case f.hasEnergy(node) && node <= len(f.rows):
				return f.rows[node-1].limit.Value
			}
			return e.s.value(p.before).Add(e.s.value(p.volume[slotEnergy]))
		}
		edge := func(column int) time.Time {
			switch column {
			case 0:
				return p.start
			case len(f.columns) + 1:
				return p.end
			}
			return f.columns[column-1].at
		}
		var out []written
		debt := exact.Decimal{} // of the little that later parts have
		pieces := a.pieces[n]
		for i := len(pieces) - 1; i >= 0; i-- {
			x := pieces[i]
			v := kwh(x.to).Sub(kwh(x.from))
			if v.Sign() > 0 {
				v, debt = v.Sub(debt), exact.Decimal{}
			}
			if x.little {
				v, debt, reached = v.Add(exact.MustParse(little)), debt.Add(exact.MustParse(little)), false
			}
			timed := 0
			for j := range pieces {
				if pieces[j].column == x.column && pieces[j].timed {
					timed = j
				}
			}
			w := written{start: edge(x.column), energy: v.String(), times: "0"}
			after := 0 // pieces of the column from here to its end
			for j := i; j < len(pieces) && pieces[j].column == x.column; j++ {
				after++
			}
			switch {
			case i > timed:
				w.start, reached = edge(x.column+1).Add(-time.Duration(after)*time.Millisecond), false
			case i == timed:
				w.times = hours(int64(edge(x.column+1).Sub(w.start) / time.Second))
			}
			if x.brief {
				reached = false
				w.times = "0.0000003"
			}
			out = append([]written{w}, out...)
		}
		parts[p.src.Index] = out
	}
	return parts, reached
}

// Each end, written out as periods, costs just that; where it is approached and not reached, that but for little.
func TestPropEndsAreReached(t *testing.T) {
	exactly, nearly := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		d := genSplitDraft().Draw(r, "cdr")
		in := d.input(r)
		e := newEngine(in)
		defer e.release()
		e.run()
		require.Nil(r, e.res.Blocked)
		cuts := e.boundaries()
		if len(cuts) == 0 {
			return
		}
		least, greatest, why := e.extremes(cuts)
		if why != "" {
			return
		}
		for _, a := range []*allocation{least, greatest} {
			want := priceAllocation(in, a)
			parts, reached := writtenSplit(e, a)
			other := d.splitInput(r, parts)
			got := Price(other)
			text := fmt.Sprintf("%s\n%s\n%s", other.CDR.Record.Bytes, strings.Join(want.Sheet.Text(), "\n"), strings.Join(got.Sheet.Text(), "\n"))
			if reached {
				exactly++
				require.Zero(r, got.Boundaries, text)
				require.Equal(r, outcome(want), outcome(got), text)
				continue
			}
			nearly++
			near := worth(want).Sub(worth(got)).Abs()
			require.True(r, near.Less(exact.New(1, 4)), "%s and %s: %s", outcome(want), outcome(got), text)
		}
	})
	t.Logf("%d reached, %d approached", exactly, nearly)
	if !testing.Short() {
		require.Positive(t, exactly)
		require.Positive(t, nearly)
	}
}

// worth is a total before taxes, or where that is unknown after.
func worth(res *Result) exact.Decimal {
	if m := res.Totals.Cost; m.BeforeTaxes.Present {
		return m.BeforeTaxes.Value
	}
	return res.Totals.Cost.AfterTaxes.Value
}

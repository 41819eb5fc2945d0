package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// The claims of findings and the promise of edits, held against the engine on tariffs and sessions whose bounds and moments come from the
// same few values, so that they meet.

var versions = []string{"2.1.1", "2.2.1", "2.3.0"}

var clockTimes = []string{"00:00", "06:00", "08:00", "20:00", "22:30", "23:59", "24:00"}

func genTariff(version string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var elements []string
		for range rapid.IntRange(1, 5).Draw(t, "elements") {
			elements = append(elements, genElement(t))
		}
		extra := ""
		if version != "2.1.1" {
			extra = rapid.SampledFrom([]string{"", "", `,"min_price":{"excl_vat":0}`, `,"min_price":0,"max_price":20`, `,"min_price":{"before_taxes":0,"after_taxes":0}`, `,"max_price":{"excl_vat":0}`,
				`,"min_price":{"excl_vat":5},"max_price":{"excl_vat":3}`}).Draw(t, "limits")
		}
		if version == "2.3.0" {
			extra += rapid.SampledFrom([]string{"", `,"tax_included":"YES"`, `,"tax_included":"NO"`}).Draw(t, "tax")
		}
		return tariffOf(strings.Join(elements, ", "), extra)
	})
}

func genElement(t *rapid.T) string {
	var components []string
	for range rapid.IntRange(1, 3).Draw(t, "components") {
		kind := rapid.SampledFrom([]string{"ENERGY", "ENERGY", "TIME", "PARKING_TIME", "FLAT"}).Draw(t, "kind")
		vat := rapid.SampledFrom([]string{"", `,"vat":19`, `,"vat":0.2`}).Draw(t, "vat")
		components = append(components, fmt.Sprintf(`{"type":%q,"price":%d,"step_size":%d%s}`, kind, rapid.IntRange(0, 3).Draw(t, "price"),
			rapid.SampledFrom([]int{0, 1, 500}).Draw(t, "step"), vat))
	}
	restrictions := ""
	if rapid.IntRange(0, 4).Draw(t, "restricted") > 0 {
		restrictions = `,"restrictions":{` + strings.Join(genRestrictions(t), ", ") + "}"
	}
	return `{"price_components":[` + strings.Join(components, ",") + `]` + restrictions + `}`
}

func genRestrictions(t *rapid.T) []string {
	var out []string
	number := func(name string, values ...int) {
		if rapid.IntRange(0, 5).Draw(t, name+"?") == 0 {
			out = append(out, fmt.Sprintf(`"%s":%d`, name, rapid.SampledFrom(values).Draw(t, name)))
		}
	}
	text := func(name string, values ...string) {
		if rapid.IntRange(0, 3).Draw(t, name+"?") == 0 {
			out = append(out, fmt.Sprintf(`"%s":"%s"`, name, rapid.SampledFrom(values).Draw(t, name)))
		}
	}
	number("min_kwh", 0, 5, 10)
	number("max_kwh", 0, 5, 10)
	number("min_duration", 0, 600, 3600)
	number("max_duration", 0, 600, 3600)
	number("min_power", 0, 11, 50)
	number("max_power", 11, 50)
	number("min_current", 16)
	text("start_time", clockTimes...)
	text("end_time", clockTimes...)
	if rapid.IntRange(0, 3).Draw(t, "dated?") == 0 {
		text("start_date", "2026-03-28", "2026-03-29", "2026-03-30")
		text("end_date", "2026-03-28", "2026-03-29", "2026-03-30")
	}
	if rapid.IntRange(0, 3).Draw(t, "days?") == 0 {
		days := rapid.SampledFrom([]string{`"MONDAY"`, `"SUNDAY","SATURDAY"`, `"MONDAY","MONDAY","SUNDAY"`, ``,
			`"MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY","SUNDAY"`}).Draw(t, "days")
		out = append(out, `"day_of_week":[`+days+`]`)
	}
	if rapid.IntRange(0, 7).Draw(t, "reservation?") == 0 {
		text("reservation", "RESERVATION", "RESERVATION_EXPIRES")
	}
	return out
}

// genSession draws a whole session: periods inside it, no volume negative.
func genSession(t *rapid.T, version string) *ocpi.CDR {
	at := time.Date(2026, 3, rapid.IntRange(27, 30).Draw(t, "day"), rapid.SampledFrom([]int{4, 5, 6, 18, 19, 21, 22}).Draw(t, "hour"),
		rapid.SampledFrom([]int{0, 30, 50, 58, 59}).Draw(t, "minute"), 0, 0, time.UTC)
	start := at.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 10}).Draw(t, "late")) * time.Minute)
	var periods []string
	reserving := rapid.IntRange(0, 4).Draw(t, "reserving") == 0
	for i := range rapid.IntRange(1, 5).Draw(t, "periods") {
		minutes := rapid.SampledFrom([]int{1, 2, 10, 30, 60, 600}).Draw(t, "minutes")
		hours := exact.FromInt(int64(minutes)).Mul(exact.MustParse("0.016666666666666667")).Plain()
		var dims []string
		dim := func(kind, volume string) {
			dims = append(dims, fmt.Sprintf(`{"type":%q,"volume":%s}`, kind, volume))
		}
		switch {
		case reserving && i == 0:
			dim("RESERVATION_TIME", hours)
		case rapid.Bool().Draw(t, "parked"):
			dim("PARKING_TIME", hours)
		default:
			dim("TIME", hours)
			dim("ENERGY", rapid.SampledFrom([]string{"0", "1.234", "5", "10"}).Draw(t, "kwh"))
		}
		genPower(t, dim)
		periods = append(periods, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[%s]}`, at.Format(time.RFC3339), strings.Join(dims, ",")))
		at = at.Add(time.Duration(minutes) * time.Minute)
	}
	return cdrOf(t, version, start, at, periods)
}

func genPower(t *rapid.T, dim func(kind, volume string)) {
	for _, kind := range []string{"POWER", "CURRENT"} {
		if rapid.IntRange(0, 2).Draw(t, kind+"?") == 0 {
			low := rapid.SampledFrom([]int{0, 11, 16, 50}).Draw(t, "min "+kind)
			high := low + rapid.SampledFrom([]int{0, 11, 40}).Draw(t, "max "+kind)
			dim("MIN_"+kind, fmt.Sprint(low))
			dim("MAX_"+kind, fmt.Sprint(high))
		}
	}
}

func cdrOf(t require.TestingT, version string, start, end time.Time, periods []string) *ocpi.CDR {
	v, _ := ocpi.ParseVersion(version)
	stop := "end_date_time"
	if version == "2.1.1" {
		stop = "stop_date_time"
	}
	raw := fmt.Sprintf(`{"id":"C","start_date_time":%q,%q:%q,"currency":"EUR","charging_periods":[%s],"total_cost":{"before_taxes":1,"taxes":[{"name":"VAT","percentage":21,"amount":0.21}]}}`,
		start.Format(time.RFC3339), stop, end.Format(time.RFC3339), strings.Join(periods, ","))
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: []byte(raw)})
	require.NotNil(t, c, "%v", findings)
	return c
}

func priced(t require.TestingT, c *ocpi.CDR, tar *ocpi.Tariff, rules *tariff.Rules) *tariff.Result {
	loc, err := zone.Load("Europe/Berlin")
	require.NoError(t, err)
	return tariff.Price(tariff.Input{CDR: c, Supplied: []*ocpi.Tariff{tar}, Source: tariff.Given, Zone: tariff.Zone{Name: "Europe/Berlin", Source: "flag", Location: loc}, Rules: rules})
}

// outcome is all that a result says in numbers.
func outcome(res *tariff.Result) string {
	if res.Blocked != nil {
		return string(res.Blocked.Code)
	}
	var out []string
	t := &res.Totals
	for _, m := range []tariff.Money{t.Cost, t.FixedCost, t.EnergyCost, t.TimeCost, t.ParkingCost, t.ReservationCost} {
		for _, n := range []ocpi.Number{m.BeforeTaxes, m.AfterTaxes} {
			text := "-"
			if n.Present {
				text = n.Value.Plain()
			}
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}

// changed is a copy of a tariff that can be changed.
func changed(t *ocpi.Tariff, change func(*ocpi.Tariff)) *ocpi.Tariff {
	out := *t
	out.Elements = nil
	for _, e := range t.Elements {
		e.PriceComponents = append([]ocpi.PriceComponent(nil), e.PriceComponents...)
		if e.Restrictions != nil {
			r := *e.Restrictions
			e.Restrictions = &r
		}
		out.Elements = append(out.Elements, e)
	}
	change(&out)
	return &out
}

// without takes restrictions off.
func without(r *ocpi.Restrictions, members []string) {
	for _, m := range members {
		switch m {
		case "start_time":
			r.StartTime = ocpi.TimeOfDay{}
		case "end_time":
			r.EndTime = ocpi.TimeOfDay{}
		case "min_kwh":
			r.MinKWh = ocpi.Number{}
		case "min_duration":
			r.MinDuration = ocpi.Number{}
		case "min_power":
			r.MinPower = ocpi.Number{}
		case "min_current":
			r.MinCurrent = ocpi.Number{}
		case "day_of_week":
			r.DayOfWeek = 0
		default:
			panic(m)
		}
	}
}

// contradiction is a tariff that prices as t does if a claim is right; nil where the claim is about a moment.
func contradiction(t *ocpi.Tariff, c claim) *ocpi.Tariff {
	switch c.kind {
	case claimAlways:
		return changed(t, func(t *ocpi.Tariff) { without(t.Elements[c.element].Restrictions, c.members) })
	case claimNever, claimUnreachable:
		return changed(t, func(t *ocpi.Tariff) {
			for j := range t.Elements[c.element].PriceComponents {
				if c.component < 0 || c.component == j {
					p := &t.Elements[c.element].PriceComponents[j]
					p.Price.Value = p.Price.Value.Add(exact.FromInt(1000))
				}
			}
		})
	}
	return nil
}

// No session contradicts what a finding claims of every session.
func TestPropClaimsHold(t *testing.T) {
	seen := map[claimKind]int{}
	rapid.Check(t, func(r *rapid.T) {
		version := rapid.SampledFrom(versions).Draw(r, "version")
		tar := decodeAs(r, version, genTariff(version).Draw(r, "tariff"))
		findings := Lint(tar)
		for range 4 {
			c := genSession(r, version)
			want := outcome(priced(r, c, tar, nil))
			for _, f := range findings {
				if other := contradiction(tar, f.claim); other != nil {
					seen[f.claim.kind]++
					require.Equal(r, want, outcome(priced(r, c, other, nil)), "%s\n%s\n%s", f, tar.Record.Bytes, c.Record.Bytes)
				}
			}
		}
		for _, f := range findings {
			if f.claim.kind == claimGap {
				seen[claimGap]++
				requireGap(r, version, tar, f)
			}
		}
	})
	t.Log(seen)
	if testing.Short() {
		return // too few tariffs are drawn to ask that all claims are met
	}
	for _, kind := range []claimKind{claimNever, claimAlways, claimUnreachable, claimGap} {
		require.Greater(t, seen[kind], 20, "claims of kind %d", kind)
	}
}

// requireGap prices a session that has a period at the moment which the finding names: nothing prices the dimension there.
func requireGap(t require.TestingT, version string, tar *ocpi.Tariff, f Finding) {
	m := f.claim.at
	loc, err := zone.Load("Europe/Berlin")
	require.NoError(t, err)
	year, month, day := time.Unix(int64(m.day)*86400, 0).UTC().Date()
	at := time.Date(year, month, day, 0, m.minute, 0, 0, loc).UTC()
	seconds, err := time.ParseDuration(m.duration.Plain() + "s")
	require.NoError(t, err)
	if got := at.In(loc); got.Hour()*60+got.Minute() != m.minute {
		return // the hour that spring leaves out
	}
	start := at.Add(-seconds)
	session := func(volume string) string {
		dims := fmt.Sprintf(`{"type":%q,"volume":%s},{"type":"MIN_POWER","volume":%s},{"type":"MAX_POWER","volume":%s},{"type":"MIN_CURRENT","volume":%s},{"type":"MAX_CURRENT","volume":%s}`,
			f.claim.dimension, volume, m.power.Plain(), m.power.Plain(), m.current.Plain(), m.current.Plain())
		var periods []string
		if seconds > 0 {
			periods = append(periods, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[{"type":"ENERGY","volume":%s}]}`, start.Format(time.RFC3339), m.kwh.Plain()))
		}
		periods = append(periods, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[%s]}`, at.Format(time.RFC3339), dims))
		return outcome(priced(t, cdrOf(t, version, start, at.Add(time.Second), periods), changed(tar, func(t *ocpi.Tariff) { t.MinPrice, t.MaxPrice = ocpi.Price{}, ocpi.Price{} }), nil))
	}
	require.Equal(t, session("0"), session("7"), "%s\n%s", f, tar.Record.Bytes)
}

func decodeAs(t require.TestingT, version, raw string) *ocpi.Tariff {
	v, _ := ocpi.ParseVersion(version)
	out, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).Tariff(ocpi.Record{Bytes: []byte(raw)})
	require.NotNil(t, out, "%v", findings)
	return out
}

// readings are the recommended rules of a version and, for each other choice of each question, those with it.
func readings(version string) map[string]*tariff.Rules {
	v, _ := ocpi.ParseVersion(version)
	out := map[string]*tariff.Rules{"": nil}
	for _, q := range tariff.Questions() {
		for _, c := range q.Choices {
			rules := tariff.RulesFor(v)
			if rules.Choice(q.Name) != c.Name {
				if err := rules.Set(q.Name, c.Name); err != nil {
					panic(err)
				}
				out[q.Name+"="+c.Name] = rules
			}
		}
	}
	return out
}

// A tariff whose meaning was kept prices every session alike under every reading, and fixing it again changes nothing.
func TestPropFixKeepsTheMeaning(t *testing.T) {
	all := map[string]map[string]*tariff.Rules{}
	for _, v := range versions {
		all[v] = readings(v)
	}
	made := 0
	rapid.Check(t, func(r *rapid.T) {
		version := rapid.SampledFrom(versions).Draw(r, "version")
		before := decodeAs(r, version, genTariff(version).Draw(r, "tariff"))
		fixed := Fix(before.Record, Options{Version: before.Version})
		made += len(fixed.Made)
		for _, m := range fixed.Made {
			require.True(r, m.Keeps)
		}
		again := Fix(fixed.Tariff.Record, Options{Version: before.Version})
		require.Empty(r, again.Made)
		require.Equal(r, string(fixed.After), string(again.After))
		if len(fixed.Made) == 0 {
			require.Equal(r, string(fixed.Before), string(fixed.After))
			return
		}
		for range 2 {
			c := genSession(r, version)
			for name, rules := range all[version] {
				want, got := outcome(priced(r, c, before, rules)), outcome(priced(r, c, fixed.Tariff, rules))
				require.Equal(r, want, got, "%s\n%s\n%s\n%s\n%+v", name, before.Record.Bytes, fixed.After, c.Record.Bytes, fixed.Made)
			}
		}
	})
	t.Logf("%d edits", made)
	if !testing.Short() { // which draws few tariffs
		require.Greater(t, made, 50)
	}
}

// With changes allowed every finding that has an edit is cured, and fixing again changes nothing.
func TestPropFixWithChanges(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		version := rapid.SampledFrom(versions).Draw(r, "version")
		before := decodeAs(r, version, genTariff(version).Draw(r, "tariff"))
		fixed := Fix(before.Record, Options{Version: before.Version, AllowChanges: true})
		for _, f := range fixed.Left {
			if f.Edit != nil {
				require.True(r, len(fixed.Tariff.Elements) == 1, "%s\n%s", f, fixed.After)
			}
		}
		again := Fix(fixed.Tariff.Record, Options{Version: before.Version, AllowChanges: true})
		require.Empty(r, again.Made)
	})
}

package simulate_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/anytariff"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return out
}

// priced reads a simulated CDR as any reader would, and holds it against its own tariff.
func priced(t require.TestingT, text []byte, v ocpi.Version) (*ocpi.CDR, *tariff.Result) {
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: text})
	require.NotNil(t, c)
	for _, f := range findings {
		if !strings.HasPrefix(f.Pointer, "/tariffs/") {
			require.Less(t, f.Severity, ocpi.SeverityWarn, "%s\n%s", f, text)
		}
	}
	zone, _ := tariff.ResolveZone(c, nil, "")
	res := tariff.Price(tariff.Input{CDR: c, Zone: zone})
	require.Nil(t, res.Blocked, "%s", text)
	require.Zero(t, res.Boundaries, "%v\n%s", res.Findings, text)
	comparison := reconcile.Compare(c, res)
	require.Equal(t, reconcile.PriceMatch, comparison.Verdict, "%v\n%s", comparison.Differences, text)
	return c, res
}

// What is simulated is a sound CDR whose price matches, with no boundary inside a period, for any tariff and session.
func TestPropSimulatedSessionsMatch(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tr := anytariff.Tariff().Draw(r, "tariff")
		in := anytariff.Visit(tr.Version).Draw(r, "visit")
		text, err := simulate.Session(tr, in)
		if errors.Is(err, simulate.ErrNeedsTax) {
			in.TaxPercent = ocpi.Number{Value: exact.FromInt(21), Present: true}
			text, err = simulate.Session(tr, in)
		}
		require.NoError(r, err, "%s", tr.Record.Bytes)
		c, _ := priced(r, text, tr.Version)
		require.Zero(r, c.TotalEnergy.Value.Cmp(in.EnergyKWh))
		again, err := simulate.Session(tr, in)
		require.NoError(r, err)
		require.Equal(r, string(text), string(again))
	})
}

const nights = `{"country_code":"NL","party_id":"CPO","id":"NIGHT","currency":"EUR","elements":[
	{"price_components":[{"type":"ENERGY","price":0.2,"vat":21,"step_size":1}],"restrictions":{"start_time":"23:00","end_time":"07:00"}},
	{"price_components":[{"type":"ENERGY","price":0.4,"vat":21,"step_size":1},{"type":"PARKING_TIME","price":2,"vat":21,"step_size":60}]}],
	"last_updated":"2026-01-01T00:00:00Z"}`

// In the night in which the clocks go forward, 07:00 comes an hour early: local time decides, not the length of the night.
func TestSplitsAtLocalTimeOverTheChangeOfClocks(t *testing.T) {
	text, err := simulate.Session(anytariff.Parse(nights, "2.2.1"), simulate.Input{
		Start: at(t, "2026-03-28T22:00:00+01:00"), End: at(t, "2026-03-29T08:00:00+02:00"),
		EnergyKWh: exact.FromInt(60), MaxPowerKW: exact.FromInt(10), Zone: "Europe/Amsterdam",
	})
	require.NoError(t, err)
	c, res := priced(t, text, ocpi.V221)
	var starts []string
	for _, p := range c.ChargingPeriods {
		starts = append(starts, p.StartDateTime.Format("15:04"))
	}
	// 22:00 and 23:00 at +01:00; midnight; the change at 01:00Z; the end of charging at 03:00Z; 07:00 at +02:00.
	assert.Equal(t, []string{"21:00", "22:00", "23:00", "01:00", "03:00", "05:00"}, starts)
	assert.Equal(t, "14", res.Totals.EnergyCost.BeforeTaxes.Value.Plain(), "10 kWh at 0.40 and 50 kWh at 0.20")
	assert.Equal(t, "6", res.Totals.ParkingCost.BeforeTaxes.Value.Plain(), "three hours, at night too: no element for the night prices parking")
}

// A bound of energy is met to the last digit, at the instant it is reached.
func TestSplitsWhereTheEnergyReachesABound(t *testing.T) {
	const tiers = `{"country_code":"NL","party_id":"CPO","id":"TIERS","currency":"EUR","elements":[
		{"price_components":[{"type":"ENERGY","price":1,"step_size":0}],"restrictions":{"max_kwh":7.00001}},
		{"price_components":[{"type":"ENERGY","price":2,"step_size":0}]}],"last_updated":"2026-01-01T00:00:00Z"}`
	text, err := simulate.Session(anytariff.Parse(tiers, "2.2.1"), simulate.Input{
		Start: at(t, "2026-03-02T10:00:00Z"), End: at(t, "2026-03-02T11:00:00Z"), EnergyKWh: exact.FromInt(11), MaxPowerKW: exact.FromInt(22),
	})
	require.NoError(t, err)
	c, res := priced(t, text, ocpi.V221)
	require.Len(t, c.ChargingPeriods, 3)
	assert.Equal(t, "7.00001", c.ChargingPeriods[0].Dimensions[0].Volume.Value.Plain())
	assert.Equal(t, "14.99999", res.Totals.Cost.BeforeTaxes.Value.Plain())
}

// A reservation that expired names no connector and no session time.
func TestExpiredReservation(t *testing.T) {
	const reserved = `{"country_code":"NL","party_id":"CPO","id":"R","currency":"EUR","elements":[
		{"price_components":[{"type":"TIME","price":2,"step_size":600}],"restrictions":{"reservation":"RESERVATION"}},
		{"price_components":[{"type":"FLAT","price":4,"step_size":1}],"restrictions":{"reservation":"RESERVATION_EXPIRES"}}],
		"last_updated":"2026-01-01T00:00:00Z"}`
	noon := at(t, "2026-03-02T12:00:00Z")
	text, err := simulate.Session(anytariff.Parse(reserved, "2.2.1"), simulate.Input{ReservedFrom: noon.Add(-time.Hour), Start: noon, End: noon})
	require.NoError(t, err)
	c, res := priced(t, text, ocpi.V221)
	assert.Equal(t, "#NA", c.Location.EVSEUID)
	assert.Equal(t, "6", res.Totals.ReservationCost.BeforeTaxes.Value.Plain())
}

func TestWhatCannotBeSimulated(t *testing.T) {
	noon := at(t, "2026-03-02T12:00:00Z")
	sound := simulate.Input{Start: noon, End: noon.Add(time.Hour), EnergyKWh: exact.FromInt(5), MaxPowerKW: exact.FromInt(11), Zone: "Europe/Amsterdam"}
	for want, change := range map[string]func(*simulate.Input){
		"is before the start":               func(in *simulate.Input) { in.End = noon.Add(-time.Hour) },
		"has no length":                     func(in *simulate.Input) { in.End = noon },
		"take 3600 s, the session leaves":   func(in *simulate.Input) { in.EnergyKWh, in.ChargeFrom = exact.FromInt(11), noon.Add(time.Minute) },
		"want a power above 0":              func(in *simulate.Input) { in.MaxPowerKW = exact.Decimal{} },
		"want 0 or more":                    func(in *simulate.Input) { in.EnergyKWh = exact.FromInt(-1) },
		"at most 744h0m0s can be simulated": func(in *simulate.Input) { in.End = noon.AddDate(0, 2, 0) },
		"outside the session":               func(in *simulate.Input) { in.ChargeFrom = noon.Add(-time.Second) },
		"after the session starts":          func(in *simulate.Input) { in.ReservedFrom = noon.Add(time.Second) },
		"no dimension for reserved time":    func(in *simulate.Input) { in.ReservedFrom, in.Version = noon.Add(-time.Hour), ocpi.V211 },
		"unknown time zone":                 func(in *simulate.Input) { in.Zone = "Mars/Base" },
	} {
		in := sound
		change(&in)
		_, err := simulate.Session(anytariff.Parse(nights, "2.2.1"), in)
		assert.ErrorContains(t, err, want)
	}
	in := sound
	in.Zone = ""
	_, err := simulate.Session(anytariff.Parse(strings.Replace(nights, `"NL"`, `"ES"`, 1), "2.2.1"), in)
	assert.ErrorIs(t, err, simulate.ErrNeedsZone)
	_, err = simulate.Session(anytariff.Parse(strings.Replace(nights, `"currency"`, `"end_date_time":"2026-03-01T00:00:00Z","currency"`, 1), "2.2.1"), sound)
	assert.ErrorContains(t, err, "valid until 2026-03-01T00:00:00Z")
}

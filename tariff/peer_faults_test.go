package tariff_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Faults of other programs that price OCPI, each with the answer that is right.

// bill is the text of a CDR of 2.2.1 with one tariff, as far as a test does not say otherwise. Berlin is an hour ahead of UTC.
type bill struct {
	start, end string // "2026-03-02T10:00:00Z" and an hour later where empty
	periods    string
	elements   string
	tariffs    string // in place of elements
	extra      string // members, with a leading comma
}

func (b bill) json() []byte {
	if b.start == "" {
		b.start, b.end = "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"
	}
	if b.tariffs == "" {
		b.tariffs = fmt.Sprintf(`{"id":"T1","currency":"EUR","elements":[%s]}`, b.elements)
	}
	if b.extra == "" {
		b.extra = `,"total_cost":{"excl_vat":1}`
	}
	return fmt.Appendf(nil, `{"id":"C","country_code":"DE","party_id":"ABC","currency":"EUR","start_date_time":%q,"end_date_time":%q,
		"cdr_location":{"id":"L","country":"DEU","evse_uid":"E","connector_id":"1"},"tariffs":[%s],"charging_periods":[%s]%s}`,
		b.start, b.end, b.tariffs, b.periods, b.extra)
}

// price decodes a CDR, which must be priceable, and prices it.
func (b bill) price(t *testing.T) *tariff.Result {
	t.Helper()
	in, findings := b.decode()
	require.Nil(t, ocpi.FirstBlock(findings), "%v", findings)
	res := tariff.Price(in)
	require.NoError(t, res.Sheet.Verify())
	return res
}

func (b bill) decode() (tariff.Input, []ocpi.Finding) {
	c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(ocpi.Record{Bytes: b.json()})
	if c == nil {
		return tariff.Input{}, findings
	}
	zone, _ := tariff.ResolveZone(c, nil, "")
	return tariff.Input{CDR: c, Zone: zone}, findings
}

// costs demands a total before and after taxes.
func costs(t *testing.T, res *tariff.Result, before, after string) {
	t.Helper()
	require.Nil(t, res.Blocked)
	m := res.Totals.Cost
	got := []string{"-", "-"}
	if m.BeforeTaxes.Present {
		got[0] = m.BeforeTaxes.Value.Plain()
	}
	if m.AfterTaxes.Present {
		got[1] = m.AfterTaxes.Value.Plain()
	}
	require.Equal(t, []string{before, after}, got, "%v", res.Sheet.Text())
}

func has(findings []ocpi.Finding, code string, severity ocpi.Severity) bool {
	return slices.ContainsFunc(findings, func(f ocpi.Finding) bool { return string(f.Code) == code && f.Severity == severity })
}

const hourOfTime = `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"TIME","volume":1}]}`

// mod_cdrs, ChargingPeriod: the operator must begin a new period where another component becomes active. Where he did not, the
// price as declared stands, and the boundary and the price split there are shown.
func TestPeerFaultBoundaryInsidePeriodIsShown(t *testing.T) {
	res := bill{
		start: "2026-03-02T20:30:00Z", end: "2026-03-02T21:15:00Z",
		periods: `{"start_date_time":"2026-03-02T20:30:00Z","dimensions":[{"type":"TIME","volume":0.75}]}`,
		elements: `{"price_components":[{"type":"TIME","price":2,"step_size":1}],"restrictions":{"start_time":"06:00","end_time":"22:00"}},
			{"price_components":[{"type":"TIME","price":6,"step_size":1}]}`,
	}.price(t)
	costs(t, res, "1.5", "1.5")
	require.Equal(t, 1, res.Boundaries)
	require.Equal(t, "2.5", res.Split.BeforeTaxes.Value.Plain())
	require.True(t, has(res.Findings, "period-spans-boundary", ocpi.SeverityWarn), "%v", res.Findings)
}

// mod_cdrs, ChargingPeriod.tariff_id: each period names its tariff.
func TestPeerFaultTariffIDOfEachPeriodIsHonoured(t *testing.T) {
	res := bill{
		tariffs: `{"id":"DAY","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.30,"step_size":1}]}]},
			{"id":"EVENING","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.60,"step_size":1}]}]}`,
		periods: `{"start_date_time":"2026-03-02T10:00:00Z","tariff_id":"DAY","dimensions":[{"type":"ENERGY","volume":10}]},
			{"start_date_time":"2026-03-02T10:30:00Z","tariff_id":"evening","dimensions":[{"type":"ENERGY","volume":10}]}`,
	}.price(t)
	costs(t, res, "9", "9")
	require.Len(t, res.Tariffs, 2)
}

// OCPI has no rates of exchange: a CDR in one currency is not priced by a tariff in another.
func TestPeerFaultTariffInAnotherCurrencyPricesNothing(t *testing.T) {
	res := bill{
		tariffs: `{"id":"T1","currency":"SEK","elements":[{"price_components":[{"type":"ENERGY","price":3.50,"step_size":1}]}]}`,
		periods: `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"ENERGY","volume":10}]}`,
	}.price(t)
	require.NotNil(t, res.Blocked)
	require.Equal(t, tariff.CodeCurrencyMismatch, res.Blocked.Code)
	require.Equal(t, tariff.Totals{}, res.Totals)
}

// mod_cdrs, ChargingPeriod.dimensions: a list, in which a dimension may stand twice.
func TestPeerFaultEnergyTwiceInOnePeriodIsBilledTwice(t *testing.T) {
	res := bill{
		elements: `{"price_components":[{"type":"ENERGY","price":0.25,"step_size":1}]}`,
		periods:  `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"ENERGY","volume":5},{"type":"ENERGY","volume":7}]}`,
	}.price(t)
	costs(t, res, "3", "3")
	require.Equal(t, "12", res.Totals.EnergyKWh.Plain())
}

// types, number: four decimals. 40 minutes can only be sent as 0.6667 h, and are 40 minutes: not 41 of a step of a minute, nor
// 2401 seconds of a step of one.
func TestPeerFaultFortyMinutesInHoursAreFortyMinutes(t *testing.T) {
	for _, step := range []int{0, 1, 60} {
		res := bill{
			start: "2026-03-02T10:00:00Z", end: "2026-03-02T10:40:00Z",
			elements: fmt.Sprintf(`{"price_components":[{"type":"TIME","price":6,"step_size":%d}]}`, step),
			periods:  `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"TIME","volume":0.6667}]}`,
		}.price(t)
		costs(t, res, "4", "4")
	}
}

// 2.3.0 mod_tariffs, example of switching to free of charge: parking that no component prices is no part of what is rounded, so that
// 8 minutes become 15 and not 20 minutes 30.
func TestPeerFaultFreeParkingIsNotRounded(t *testing.T) {
	res := bill{
		start: "2026-03-02T18:40:00Z", end: "2026-03-02T19:12:00Z",
		elements: `{"price_components":[{"type":"TIME","price":2.40,"step_size":300},{"type":"PARKING_TIME","price":1,"step_size":900}],
			"restrictions":{"start_time":"17:00","end_time":"20:00"}},
			{"price_components":[{"type":"FLAT","price":0,"step_size":0}],"restrictions":{"start_time":"20:00","end_time":"08:00"}}`,
		periods: `{"start_date_time":"2026-03-02T18:40:00Z","dimensions":[{"type":"TIME","volume":0.2}]},
			{"start_date_time":"2026-03-02T18:52:00Z","dimensions":[{"type":"PARKING_TIME","volume":0.1333}]},
			{"start_date_time":"2026-03-02T19:00:00Z","dimensions":[{"type":"PARKING_TIME","volume":0.2}]}`,
	}.price(t)
	costs(t, res, "0.73", "0.73")
}

// mod_tariffs, examples 16 to 18: reserved time and its fee are billed, in steps of their own, whether a session follows or not.
func TestPeerFaultReservationsArePriced(t *testing.T) {
	elements := `{"price_components":[{"type":"TIME","price":2,"vat":20,"step_size":600}],"restrictions":{"reservation":"RESERVATION"}},
		{"price_components":[{"type":"FLAT","price":4,"vat":20,"step_size":1}],"restrictions":{"reservation":"RESERVATION_EXPIRES"}},
		{"price_components":[{"type":"FLAT","price":0.5,"vat":20,"step_size":1},{"type":"ENERGY","price":0.25,"vat":10,"step_size":1}]}`
	used := bill{
		start: "2026-03-02T10:00:00Z", end: "2026-03-02T11:22:00Z", elements: elements,
		periods: `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":0.3667}]},
			{"start_date_time":"2026-03-02T10:22:00Z","dimensions":[{"type":"ENERGY","volume":20}]}`,
	}.price(t)
	costs(t, used, "6.5", "7.3")
	require.Equal(t, "1", used.Totals.ReservationCost.BeforeTaxes.Value.Plain())
	expired := bill{
		elements: elements,
		periods:  `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"RESERVATION_TIME","volume":1}]}`,
	}.price(t)
	costs(t, expired, "6", "7.2")
}

// 2.3.0 mod_tariffs, TaxIncluded and examples 19 and 20: all three ways of stating taxes are priced, and what a gross price leaves
// open is left open.
func TestPeerFaultVersion230IsPriced(t *testing.T) {
	const untaxed, cdrTax = `,"total_cost":{"before_taxes":5}`, `,"total_cost":{"before_taxes":5,"taxes":[{"name":"GST","percentage":5,"amount":0.25}]}`
	for _, c := range []struct{ taxIncluded, price, extra, before, after string }{
		{"NO", "2", untaxed, "5", "-"}, {"NO", "2", cdrTax, "5", "5.25"},
		{"YES", "2.10", untaxed, "-", "5.25"}, {"YES", "2.10", cdrTax, "5", "5.25"},
		{"N/A", "2", untaxed, "5", "5"},
	} {
		res := bill{
			start: "2026-03-02T10:00:00Z", end: "2026-03-02T12:30:00Z", extra: c.extra,
			tariffs: fmt.Sprintf(`{"id":"T1","currency":"EUR","tax_included":%q,
				"elements":[{"price_components":[{"type":"TIME","price":%s,"step_size":60}]}]}`, c.taxIncluded, c.price),
			periods: `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"TIME","volume":2.5}]}`,
		}.price(t)
		costs(t, res, c.before, c.after)
	}
}

// RFC 8259, section 6: a number may have an exponent.
func TestPeerFaultExponentsAreNumbers(t *testing.T) {
	res := bill{
		elements: `{"price_components":[{"type":"ENERGY","price":25E-2,"vat":1e1,"step_size":1e0}]}`,
		periods:  `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"ENERGY","volume":2.0e+1}]}`,
	}.price(t)
	costs(t, res, "5", "5.5")
}

// What fits 64 digits is exact, far beyond the words of a machine; what does not is refused by name, and nothing crashes.
func TestPeerFaultHugeValuesNeitherSaturateNorCrash(t *testing.T) {
	energy := func(volume, step string) bill {
		return bill{
			elements: `{"price_components":[{"type":"ENERGY","price":0.25,"step_size":` + step + `}]}`,
			periods:  `{"start_date_time":"2026-03-02T10:00:00Z","dimensions":[{"type":"ENERGY","volume":` + volume + `}]}`,
		}
	}
	costs(t, energy("9223372036854775808.5", "0").price(t), "2305843009213693952.125", "2305843009213693952.125")
	costs(t, energy("4e60", "1").price(t), "1"+zeros(60), "1"+zeros(60))
	costs(t, energy("1", "4e40").price(t), "1"+zeros(37), "1"+zeros(37))
	for _, volume := range []string{"1e64", "1e400", "1e-65", "-1e999999999999999999999", "1e9223372036854775808"} {
		_, findings := energy(volume, "1").decode()
		block := ocpi.FirstBlock(findings)
		require.NotNil(t, block, volume)
		require.Equal(t, ocpi.NumberOutOfRange, block.Code, volume)
	}
	res := bill{
		elements: `{"price_components":[{"type":"TIME","price":3,"step_size":1}],"restrictions":{"max_duration":1e60,"min_kwh":-1e60}},
			{"price_components":[{"type":"TIME","price":9,"step_size":1}]}`,
		periods: hourOfTime,
	}.price(t)
	costs(t, res, "3", "3")
	require.Zero(t, res.Boundaries)
}

func zeros(n int) string { return string(slices.Repeat([]byte("0"), n)) }

// mod_tariffs, TariffRestrictions.end_time: the end of the day is 00:00. 24:00 is a slip that means the same: it is reported, and
// the CDR is priced.
func TestPeerFaultEndTimeOf2400IsTheEndOfTheDay(t *testing.T) {
	for end, slip := range map[string]bool{"24:00": true, "00:00": false} {
		b := bill{
			start: "2026-03-02T22:00:00Z", end: "2026-03-03T00:00:00Z",
			elements: fmt.Sprintf(`{"price_components":[{"type":"TIME","price":3,"step_size":1}],"restrictions":{"start_time":"10:00","end_time":%q}},
				{"price_components":[{"type":"TIME","price":1,"step_size":1}]}`, end),
			periods: `{"start_date_time":"2026-03-02T22:00:00Z","dimensions":[{"type":"TIME","volume":1}]},
				{"start_date_time":"2026-03-02T23:00:00Z","dimensions":[{"type":"TIME","volume":1}]}`,
		}
		costs(t, b.price(t), "4", "4")
		_, findings := b.decode()
		require.Equal(t, slip, has(findings, string(ocpi.SchemaFormat), ocpi.SeverityWarn), "%s: %v", end, findings)
	}
}

package tariff_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// popularRun is a simulated session under a tariff in use, with the totals that another program expects of it.
type popularRun struct {
	Input struct {
		TimeZone          string        `json:"timezone"`
		StartDateTime     string        `json:"start_date_time"`
		EndDateTime       string        `json:"end_date_time"`
		MaxPowerSupplyKW  exact.Decimal `json:"max_power_supply_kw"`
		RequestedKWh      exact.Decimal `json:"requested_kwh"`
		MaxCurrentSupplyA exact.Decimal `json:"max_current_supply_amp"`
	}
	Expect struct {
		TotalCost         *expectedCost `json:"total_cost"`
		TotalEnergyCost   *expectedCost `json:"total_energy_cost"`
		TotalIdleCost     *expectedCost `json:"total_idle_cost"`
		TotalChargingTime *expectedTime `json:"total_charging_time"`
		TotalIdleTime     *expectedTime `json:"total_idle_time"`
		TotalEnergy       struct {
			Value     exact.Decimal
			Tolerance exact.Decimal `json:"tolerance_kwh"`
		} `json:"total_energy"`
	}
}

type expectedCost struct {
	Value struct {
		ExclVAT exact.Decimal `json:"excl_vat"`
		InclVAT exact.Decimal `json:"incl_vat"`
	}
	Tolerance exact.Decimal
}

type expectedTime struct {
	Value        string
	ToleranceSec int64 `json:"tolerance_sec"`
}

// The tariffs of tariffs-popular, and what each session under them is expected to cost. Their simulation cuts a session wherever the
// tariff changes, so the sessions are priced split; a cost that is expected to be null is a dimension that nothing prices.
func TestPopularTariffs(t *testing.T) {
	data := os.Getenv("RECONCILE_DATA")
	if data == "" {
		t.Skip("RECONCILE_DATA names no folder with tariffs-popular")
	}
	runs, err := filepath.Glob(filepath.Join(data, "tariffs-popular", "*", "test_run*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, runs)
	for _, file := range runs {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder)+"/"+strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			var run popularRun
			require.NoError(t, json.Unmarshal(withoutComments(t, file), &run))
			raw := run.cdr(t, withoutComments(t, filepath.Join(folder, "tariff.json")))
			c, findings := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: raw})
			require.Nil(t, ocpi.FirstBlock(findings), "%v", findings)
			zone, _ := tariff.ResolveZone(c, nil, run.Input.TimeZone)
			res := tariff.Price(tariff.Input{CDR: c, Zone: zone, Split: true})
			require.Nil(t, res.Blocked)
			run.check(t, &res.Totals)
			if t.Failed() {
				t.Logf("%s\n%s", raw, strings.Join(res.Sheet.Text(), "\n"))
			}
		})
	}
}

// comment is a line of a comment, which JSON does not have.
var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

func withoutComments(t *testing.T, file string) []byte {
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	return comment.ReplaceAll(raw, nil)
}

// cdr is the session of a run: it charges at full power until it has what was requested, and is idle until it ends.
func (r *popularRun) cdr(t *testing.T, tariff []byte) []byte {
	const layout = "2006-01-02 15:04:05Z07:00"
	start, err := time.Parse(layout, r.Input.StartDateTime)
	require.NoError(t, err)
	end, err := time.Parse(layout, r.Input.EndDateTime)
	require.NoError(t, err)
	kW, kWh := r.Input.MaxPowerSupplyKW, r.Input.RequestedKWh
	millis, err := strconv.ParseInt(kWh.Mul(exact.FromInt(3_600_000)).DivRound(kW, 0, exact.HalfEven).String(), 10, 64)
	require.NoError(t, err)
	idle := start.Add(time.Duration(millis) * time.Millisecond)
	if idle.After(end) {
		idle = end
		kWh = kW.Mul(exact.FromInt(end.Sub(start).Milliseconds())).DivRound(exact.FromInt(3_600_000), 4, exact.HalfEven)
	}
	var periods []string
	if idle.After(start) {
		periods = append(periods, simulated(start, "ENERGY", kWh, "TIME", hours(idle.Sub(start)), kW))
	}
	if end.After(idle) {
		periods = append(periods, simulated(idle, "ENERGY", exact.Decimal{}, "PARKING_TIME", hours(end.Sub(idle)), exact.Decimal{}))
	}
	var currency struct{ Currency string }
	require.NoError(t, json.Unmarshal(tariff, &currency))
	return fmt.Appendf(nil, `{"id":"C","country_code":"NL","party_id":"TDR","currency":%q,"start_date_time":%q,"end_date_time":%q,
		"cdr_location":{"id":"L","country":"NLD","evse_uid":"E","connector_id":"1"},"tariffs":[%s],"charging_periods":[%s],
		"total_cost":{"excl_vat":0},"total_energy":%s,"total_time":%s,"last_updated":"2026-01-01T00:00:00Z"}`,
		currency.Currency, stamp(start), stamp(end), tariff, strings.Join(periods, ","), kWh, hours(end.Sub(start)))
}

func simulated(at time.Time, energy string, kWh exact.Decimal, kind string, h, kW exact.Decimal) string {
	return fmt.Sprintf(`{"start_date_time":%q,"dimensions":[{"type":%q,"volume":%s},{"type":%q,"volume":%s},
		{"type":"MIN_POWER","volume":%s},{"type":"MAX_POWER","volume":%s}]}`, stamp(at), energy, kWh, kind, h, kW, kW)
}

// hours are those of a duration, with four decimals as OCPI has them.
func hours(d time.Duration) exact.Decimal {
	return exact.FromInt(d.Milliseconds()).DivRound(exact.FromInt(3_600_000), 4, exact.HalfEven)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (r *popularRun) check(t *testing.T, got *tariff.Totals) {
	want := &r.Expect
	checkCost(t, "total_cost", want.TotalCost, got.Cost)
	checkCost(t, "total_energy_cost", want.TotalEnergyCost, got.EnergyCost)
	checkCost(t, "total_parking_cost", want.TotalIdleCost, got.ParkingCost)
	near(t, "total_energy", want.TotalEnergy.Value, got.EnergyKWh, want.TotalEnergy.Tolerance)
	checkTime(t, "total_parking_time", want.TotalIdleTime, got.ParkingTimeHours)
	checkTime(t, "charging time", want.TotalChargingTime, got.TimeHours.Sub(got.ParkingTimeHours))
}

func checkCost(t *testing.T, name string, want *expectedCost, got tariff.Money) {
	if want == nil {
		want = new(expectedCost)
	}
	require.True(t, got.BeforeTaxes.Present && got.AfterTaxes.Present, name)
	near(t, name+" before taxes", want.Value.ExclVAT, got.BeforeTaxes.Value, want.Tolerance)
	near(t, name+" after taxes", want.Value.InclVAT, got.AfterTaxes.Value, want.Tolerance)
}

func checkTime(t *testing.T, name string, want *expectedTime, got exact.Decimal) {
	if want == nil {
		want = &expectedTime{Value: "0:0:0"}
	}
	var h, m, s int64
	_, err := fmt.Sscanf(want.Value, "%d:%d:%d", &h, &m, &s)
	require.NoError(t, err)
	near(t, name, exact.FromInt(h*3600+m*60+s), got.Mul(exact.FromInt(3600)).Round(9, exact.HalfEven), exact.FromInt(want.ToleranceSec))
}

func near(t *testing.T, name string, want, got, tolerance exact.Decimal) {
	assert.False(t, tolerance.Less(want.Sub(got).Abs()), "%s: wanted %s within %s, got %s", name, want, tolerance, got)
}

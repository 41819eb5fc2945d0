package anytariff

import (
	"time"

	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// Visit draws a session that the power can deliver, about the weekend in which Amsterdam's clocks change, with or without a
// reservation before it.
func Visit(v ocpi.Version) *rapid.Generator[simulate.Input] {
	return rapid.Custom(func(t *rapid.T) simulate.Input {
		n := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
		start := time.Date(2026, 3, 25, 0, 0, 0, 0, time.UTC).Add(time.Duration(n("minute", 5*24*60))*time.Minute + time.Duration(n("second", 59))*time.Second)
		power := 1 + n("kW", 24)
		charging := time.Duration(n("charging", 6*3600)) * time.Second
		before, after := time.Duration(n("before", 3))*20*time.Minute, time.Duration(n("after", 5*3600))*time.Second
		in := simulate.Input{
			Start: start, ChargeFrom: start.Add(before), End: start.Add(before + charging + after + time.Second), Zone: "Europe/Amsterdam",
			MaxPowerKW: exact.FromInt(int64(power)),
			EnergyKWh:  exact.FromInt(int64(charging/time.Second)*int64(power)).DivRound(exact.FromInt(3600), 4, exact.Down),
		}
		if v&ocpi.Since221 != 0 && rapid.IntRange(0, 2).Draw(t, "reserved") == 0 {
			in.ReservedFrom = start.Add(-time.Duration(1+n("reservation", 90)) * time.Minute)
			if rapid.Bool().Draw(t, "expired") {
				in.End, in.ChargeFrom, in.EnergyKWh = in.Start, in.Start, exact.Decimal{}
			}
		}
		return in
	})
}

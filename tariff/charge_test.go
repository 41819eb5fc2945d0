package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDimensions prices what a period may hold, and says which total each part belongs to.
func TestDimensions(t *testing.T) {
	const everything = "ENERGY 1, TIME 6, FLAT 2\nPARKING_TIME 12, FLAT 9"
	for _, c := range []struct {
		name, elements, periods string
		want                    [6]string // total, fixed, energy, time, parking, reservation
	}{
		{"all dimensions of a period are priced", everything, "60 ENERGY 10, TIME 1", [6]string{"18", "2", "10", "6", "0", "0"}},
		{"parking is a dimension of its own", everything, "60 ENERGY 10, TIME 1\n30 PARKING_TIME 0.5", [6]string{"24", "2", "10", "6", "6", "0"}},
		{"two volumes of energy in one period add up", everything, "60 ENERGY 10, ENERGY 2.5", [6]string{"14.5", "2", "12.5", "0", "0", "0"}},
		{"two volumes of time in one period add up", "TIME 6", "60 TIME 0.25, TIME 0.5", [6]string{"4.5", "0", "0", "4.5", "0", "0"}},
		{"negative energy is priced with its sign", "ENERGY 1/1000", "30 ENERGY 10\n30 ENERGY -2.5", [6]string{"8", "0", "8", "0", "0", "0"}},
		{"a negative total is not rounded", "ENERGY 1/1000", "30 ENERGY -2.5", [6]string{"-2.5", "0", "-2.5", "0", "0", "0"}},
		{"nothing that the tariff does not price costs", "TIME 6", "60 ENERGY 10, MAX_POWER 11", [6]string{"0", "0", "0", "0", "0", "0"}},
		{"a FLAT dimension of the CDR measures nothing", "FLAT 2", "60 FLAT 1", [6]string{"2", "2", "0", "0", "0", "0"}},
		{"a tariff of FLAT alone", "FLAT 2", "30 ENERGY 1\n30 ENERGY 1", [6]string{"2", "2", "0", "0", "0", "0"}},
		{"FLAT of an element for parking alone is a cost of parking", "ENERGY 1\nPARKING_TIME 12, FLAT 9", "60 ENERGY 10\n30 PARKING_TIME 0.5", [6]string{"25", "0", "10", "0", "15", "0"}},
		{"FLAT of the session and of its reservation", `FLAT 4, TIME 6 {"reservation":"RESERVATION"}` + "\nENERGY 1, FLAT 2", "10 RESERVATION_TIME 0.1667\n60 ENERGY 10",
			[6]string{"17", "2", "10", "0", "0", "5"}},
		{"a price of 0 is a price", "ENERGY 0/1000\nENERGY 5", "60 ENERGY 10", [6]string{"0", "0", "0", "0", "0", "0"}},
		{"a negative price is a price", "ENERGY -0.1", "60 ENERGY 10", [6]string{"-1", "0", "-1", "0", "0", "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := mustPrice(t, draft{periods: c.periods, tariffs: one(c.elements)}.input(t))
			require.Nil(t, res.Blocked)
			totals := &res.Totals
			var got [6]string
			for i, m := range [...]*Money{&totals.Cost, &totals.FixedCost, &totals.EnergyCost, &totals.TimeCost, &totals.ParkingCost, &totals.ReservationCost} {
				got[i] = m.BeforeTaxes.Value.Output()
				require.True(t, m.BeforeTaxes.Present)
				if m.BeforeTaxesRef != 0 {
					require.True(t, res.Sheet.Step(m.BeforeTaxesRef).Value.Equal(m.BeforeTaxes.Value))
				}
			}
			require.Equal(t, c.want, got, strings.Join(res.Sheet.Text(), "\n"))
		})
	}
}

// Hours are read as the length of their period within half a unit of the decimals sent: two to four.
func TestHoursAreReadAsThePeriod(t *testing.T) {
	for _, c := range []struct{ name, minutes, hours, want string }{
		{"four decimals", "40", "0.6667", "4"},
		{"three decimals", "40", "0.667", "4"},
		{"two decimals", "40", "0.67", "4"},
		{"one decimal counts as two", "40", "0.7", "4.2"},
		{"many decimals", "40", "0.6666666666666666", "4"},
		{"beyond half a unit", "40", "0.6668", "4.0008"},
		{"cut instead of rounded, beyond half a unit", "40", "0.6666", "3.9996"},
		{"zero is left alone", "40", "0", "0"},
		{"exactly half a unit", "6", "0.10005", "0.6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := mustPrice(t, draft{periods: c.minutes + " TIME " + c.hours, tariffs: one("TIME 6/0")}.input(t))
			require.Equal(t, c.want, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
		})
	}
}

func TestTotalsOfTime(t *testing.T) {
	res := mustPrice(t, draft{periods: "15 RESERVATION_TIME 0.25\n40 TIME 0.6667\n20 PARKING_TIME 0.3333", tariffs: one("TIME 6")}.input(t))
	require.Equal(t, "1.25", res.Totals.TimeHours.Plain())
	require.Equal(t, "1", res.Totals.ChargingTimeHours.Plain())
	require.Equal(t, "0.333333333333333333", res.Totals.ParkingTimeHours.Plain())
}

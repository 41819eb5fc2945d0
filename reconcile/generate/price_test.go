package generate

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDecimals(t *testing.T) {
	for _, x := range []struct {
		v     int64
		scale int
		want  string
	}{{0, 0, "0"}, {0, 4, "0"}, {5, 4, "0.0005"}, {12300, 4, "1.23"}, {-12345, 3, "-12.345"}, {70, 0, "70"}, {100000, 4, "10"}} {
		assert.Equal(t, x.want, string(appendDecimal(nil, x.v, x.scale)))
	}
	assert.Equal(t, "-0.05", string(appendCents(nil, -5)))
	assert.Equal(t, "12.30", string(appendCents(nil, 1230)))
}

func TestTaxFollowsTheRatio(t *testing.T) {
	m := taxed(100*netPerCent, 210)
	assert.Equal(t, cents(210), m.tax(1000))
	assert.Equal(t, cents(-210), m.tax(-1000))
	assert.Equal(t, cents(1), m.tax(3)) // 0.63
	assert.Zero(t, taxed(100*netPerCent, 0).tax(1000))
	for range 1000 {
		on := cents(rand.Int64N(1_000_000))
		m := taxed(net(1+rand.Int64N(1e13)), 190)
		assert.Equal(t, cents(roundDiv(int64(on)*19, 100)), m.tax(on))
	}
}

// hour is a session start at 10:00 UTC.
const hour10 = 1788256800 - 1788256800%86400 + 10*3600

func oneElement(c ...component) *tariff { return &tariff{elements: []element{{components: c}}} }

func TestPriceEnergy(t *testing.T) {
	// 20 kWh at 0.25, 10 % tax; and a fee of 0.50 at 20 %.
	p := []period{{start: hour10, seconds: 3600, energy: 20 * kiloWatt}}
	c := oneElement(component{perKWh, 2500, 100, 1}).priced(hour10, 0, p)
	assert.Equal(t, []cents{500, 550}, []cents{c.total.net.cents(), c.total.gross.cents()})
	c = oneElement(component{perKWh, 2500, 100, 1}, component{perSession, 5000, 200, 1}).priced(hour10, 0, p)
	assert.Equal(t, []cents{550, 610}, []cents{c.total.net.cents(), c.total.gross.cents()})
}

func TestPriceStepsOfEnergy(t *testing.T) {
	// 115.2 Wh at 0.25: 116 Wh with a step of 1, 125 with 25, 500 with 500.
	p := []period{{start: hour10, seconds: 600, energy: 115200}}
	for step, want := range map[int64]int64{1: 290, 25: 313, 500: 1250} {
		c := oneElement(component{perKWh, 2500, 0, step}).priced(hour10, 0, p)
		assert.Equal(t, want, c.total.net.four(), "step %d", step)
	}
	// An exact multiple gets no further block.
	p[0].energy = 125 * wattHour
	assert.Equal(t, int64(313), oneElement(component{perKWh, 2500, 0, 25}).priced(hour10, 0, p).total.net.four())
}

func TestPriceIdleStep(t *testing.T) {
	// 2.5 h at 3 with 10 %, then 42 minutes of idling at 5 with 20 %, in steps of five minutes: 45.
	p := []period{{start: hour10, seconds: 9000}, {start: hour10 + 9000, seconds: 42 * 60, idle: true}}
	c := oneElement(component{perHour, 30000, 100, 60}, component{perIdleHour, 50000, 200, 300}).priced(hour10, 0, p)
	assert.Equal(t, []cents{1125, 1275}, []cents{c.total.net.cents(), c.total.gross.cents()})
}

func TestPriceSwitchesToFree(t *testing.T) {
	// 12 + 8 + 12 minutes, of which the last are free: only the charged part of a dimension is rounded.
	tar := &tariff{elements: []element{
		{components: []component{{perIdleHour, 10000, 0, 900}}, from: 10 * 60, to: 20 * 60},
		{components: []component{{perHour, 30000, 0, 1}}},
	}}
	start := int64(hour10 + 9*3600 + 40*60) // 19:40
	p := []period{{start: start, seconds: 720}, {start: start + 720, seconds: 480, idle: true}, {start: start + 1200, seconds: 720, idle: true}}
	c := tar.priced(start, 0, p)
	assert.Equal(t, int64(2500), c.part[perIdleHour].net.four()) // 8 minutes as 15
	assert.Equal(t, int64(6000), c.part[perHour].net.four())
}

func TestPriceLimits(t *testing.T) {
	tar := oneElement(component{perKWh, 2500, 100, 1})
	tar.least, tar.greatest, tar.limitTax = 5000, 100000, 100
	for kWh, want := range map[energy][]cents{1: {50, 55}, 20: {500, 550}, 50: {1000, 1100}} {
		c := tar.priced(hour10, 0, []period{{start: hour10, seconds: 3600, energy: kWh * kiloWatt}})
		assert.Equal(t, want, []cents{c.total.net.cents(), c.total.gross.cents()})
	}
}

func TestDayAndNight(t *testing.T) {
	tar := (&terms{version: v221, day: 5000, night: 3000}).tariff(kindDayNight)
	for tod, want := range map[int64]price4{0: 3000, 7*3600 - 1: 3000, 7 * 3600: 5000, 23*3600 - 1: 5000, 23 * 3600: 3000} {
		assert.Equal(t, want, tar.active(perKWh, tod, 0).price, "%d", tod)
	}
}

func TestLessEnergyIsTakenFromTheDearest(t *testing.T) {
	c := &country{}
	c.tariffs = (&terms{version: v221, day: 5000, night: 3000}).tariffs()
	v := &visit{evse: &evse{country: c}, tariff: c.tariffs[kindDayNight], start: hour10, end: hour10 + 14*3600, periods: []period{
		{start: hour10, seconds: 13 * 3600, energy: 10 * kiloWatt}, {start: hour10 + 13*3600, seconds: 3600, energy: 5 * kiloWatt}}}
	v.price()
	assert.Equal(t, cents(650), v.net())
	assert.Equal(t, cents(600), v.withEnergy(-1*kiloWatt).total.net.cents())
	assert.Equal(t, cents(120), v.withEnergy(-11*kiloWatt).total.net.cents())
	assert.Equal(t, cents(700), v.withEnergy(kiloWatt).total.net.cents())
	assert.Equal(t, cents(0), v.withEnergy(-20*kiloWatt).total.net.cents())
}

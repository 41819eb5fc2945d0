package oracle_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// coverage counts what the random CDRs held, so that a generator that has gone blind is noticed.
type coverage struct{ words, prices map[string]int }

var sought = []string{
	`"start_time"`, `"end_time"`, `"start_date"`, `"end_date"`, `"min_kwh"`, `"max_kwh"`, `"min_current"`, `"max_current"`,
	`"min_power"`, `"max_power"`, `"min_duration"`, `"max_duration"`, `"day_of_week"`, `"RESERVATION"`, `"RESERVATION_EXPIRES"`,
	`"FLAT"`, `"ENERGY"`, `"TIME"`, `"PARKING_TIME"`, `"RESERVATION_TIME"`, `"tariff_id":"T3"`, `"min_price"`, `"max_price"`,
	`"tax_included":"YES"`, `"tax_included":"NO"`, `"tax_included":"N/A"`, `"credit":true`, `"vat"`, `"percentage"`,
}

func (c *coverage) note(raw []byte) {
	if c.words == nil {
		c.words, c.prices = map[string]int{}, map[string]int{}
	}
	for _, word := range sought {
		if strings.Contains(string(raw), word) {
			c.words[word]++
		}
	}
}

func (c *coverage) count(name string) {
	if c != nil {
		c.prices[name]++
	}
}

func (c *coverage) price(o outcome) {
	for name, m := range map[string]money{
		"fixed": o.fixed, "energy": o.energy, "time": o.time, "parking": o.parking, "reservation": o.reservation, "total": o.cost,
	} {
		if m.net == nil || m.net.Sign() != 0 {
			c.count(name)
		}
	}
	if o.cost.net == nil {
		c.count("gross only")
	}
	if o.cost.gross == nil {
		c.count("net only")
	}
}

// require demands that all of it came up once in two hundred CDRs, where enough were priced to tell.
func (c *coverage) require(t *testing.T, count int) {
	if count < 1000 {
		return
	}
	for _, word := range sought {
		require.GreaterOrEqual(t, c.words[word], count/200, word)
	}
	for _, name := range []string{"fixed", "energy", "time", "parking", "reservation", "total", "gross only", "net only", "split"} {
		require.GreaterOrEqual(t, c.prices[name], count/200, name)
	}
	t.Log(c.words, c.prices)
}

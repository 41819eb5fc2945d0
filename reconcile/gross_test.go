package reconcile

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Net and gross, each rounded from the exact price, are never a wrong tax, at whatever rate; 0.03 more always is.
func TestRoundedGrossIsNoWrongTax(t *testing.T) {
	const cdr = `{"country_code":"NL","party_id":"CPO","id":"C","start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z","currency":"EUR",` +
		`"tariffs":[{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":%s,"vat":%s,` +
		`"step_size":1}]}],"last_updated":"2026-08-01T00:00:00Z"}],"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","tariff_id":"T",` +
		`"dimensions":[{"type":"ENERGY","volume":10}]}],"total_cost":{"excl_vat":1},"total_energy":10,"total_time":1,"last_updated":"2026-09-01T12:00:00Z"}`
	rapid.Check(t, func(r *rapid.T) {
		price := exact.New(rapid.Int64Range(100_000, 9_999_999).Draw(r, "price"), 6)
		rate := exact.New(rapid.Int64Range(1, 300).Draw(r, "rate"), 1) // per cent
		net := price.Mul(exact.FromInt(10))
		gross := net.Add(net.Mul(rate).Shift(-2))
		for _, c := range []struct {
			more  int64
			wrong bool
		}{{0, false}, {3, true}} {
			claimed := gross.Round(2, exact.HalfUp).Add(exact.New(c.more, 2))
			w := readWorld(t, map[string]string{
				"cdrs.ndjson": fmt.Sprintf(cdr, price, rate) + "\n",
				"invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,amount_incl_vat,currency\n" +
					fmt.Sprintf("I,1,C,%s,%s,EUR\n", net.Round(2, exact.HalfUp).Fixed(2), claimed.Fixed(2)),
			})
			v := &w.judge()[0].Lines[0]
			require.Equal(r, c.wrong, slices.Contains(v.Reasons(), codeTaxMismatch), "%s at %s %%: %v", net, rate, v.Reasons())
		}
	})
}

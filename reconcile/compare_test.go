package reconcile

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// compared prices a CDR of 20 kWh at 0.25 with further members and compares it with what it claims.
func compared(t *testing.T, ofTariff, ofCDR string) Comparison {
	t.Helper()
	return comparedIn(t, "EUR", "0.25", ofTariff, ofCDR)
}

func comparedIn(t *testing.T, currency, price, ofTariff, ofCDR string) Comparison {
	t.Helper()
	raw := fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"C1","start_date_time":"2026-09-01T07:00:00Z","end_date_time":"2026-09-01T08:00:00Z",
"currency":%q,"tariffs":[{"id":"T","currency":%q,"elements":[{"price_components":[{"type":"ENERGY","price":%s,"step_size":1},{"type":"TIME","price":%s,"step_size":1}]}]%s}],
"charging_periods":[{"start_date_time":"2026-09-01T07:00:00Z","dimensions":[{"type":"ENERGY","volume":20},{"type":"TIME","volume":0}]}],"total_energy":20,"total_time":1%s}`,
		currency, currency, price, price, ofTariff, ofCDR)
	c, _ := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221}).CDR(ocpi.Record{Bytes: []byte(raw)})
	res := tariff.Price(tariff.Input{CDR: c})
	require.Nil(t, res.Blocked)
	return Compare(c, res)
}

func TestPartsExplainOnlyTheirSum(t *testing.T) {
	for _, test := range []struct {
		name, ofTariff, ofCDR string
		want                  PriceVerdict
	}{
		{"as priced", ``, `,"total_cost":{"excl_vat":5.00}`, PriceMatch},
		{"min_price not applied", `,"min_price":{"excl_vat":8.00}`, `,"total_cost":{"excl_vat":5.00}`, PriceMismatch},
		{"max_price not applied", `,"max_price":{"excl_vat":3.00}`, `,"total_cost":{"excl_vat":5.00}`, PriceMismatch},
		{"a credit with the sign of a charge", ``, `,"credit":true,"credit_reference_id":"C0","total_cost":{"excl_vat":5.00}`, PriceMismatch},
		{"a credit", ``, `,"credit":true,"credit_reference_id":"C0","total_cost":{"excl_vat":-5.00}`, PriceMatch},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := compared(t, test.ofTariff, test.ofCDR)
			require.Equal(t, test.want, got.Verdict, "%+v", got.Differences)
		})
	}
}

func TestRoundingToTheMinorUnit(t *testing.T) {
	// 20 × 10.63 yen is 212.6
	require.Equal(t, PriceMatch, comparedIn(t, "JPY", "10.63", "", `,"total_cost":{"excl_vat":213}`).Verdict)
	require.Equal(t, PriceRounding, comparedIn(t, "JPY", "10.63", "", `,"total_cost":{"excl_vat":212}`).Verdict)
	require.Equal(t, PriceMismatch, comparedIn(t, "JPY", "10.63", "", `,"total_cost":{"excl_vat":214}`).Verdict)
	require.Equal(t, PriceMismatch, comparedIn(t, "EUR", "10.63", "", `,"total_cost":{"excl_vat":212}`).Verdict)
}

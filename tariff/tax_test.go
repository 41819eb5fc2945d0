package tariff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func taxed(elements, included, limits string) []draftTariff {
	return []draftTariff{{elements: elements, extra: included + limits}}
}

// TestTaxes prices under every tax model; outcomes are before/after taxes, one number where they are equal.
func TestTaxes(t *testing.T) {
	const yes, no, na = `,"tax_included":"YES"`, `,"tax_included":"NO"`, `,"tax_included":"N/A"`
	for _, c := range []struct {
		name, version, extra string
		tariffs              []draftTariff
		periods, want        string
	}{
		{"2.1.1 knows no VAT", "2.1.1", "", one("ENERGY 1"), "60 ENERGY 10", "10/-"},
		{"2.1.1 with a stray rate", "2.1.1", "", one("ENERGY 1@20"), "60 ENERGY 10", "10/-"},
		{"2.2.1 with a rate", "2.2.1", "", one("ENERGY 1@20"), "60 ENERGY 10", "10/12"},
		{"2.2.1 with a rate of 0", "2.2.1", "", one("ENERGY 1@0"), "60 ENERGY 10", "10"},
		{"2.2.1 without a rate", "2.2.1", "", one("ENERGY 1"), "60 ENERGY 10", "10"},
		{"2.2.1 with two rates", "2.2.1", "", one("ENERGY 1@20, TIME 6@10"), "60 ENERGY 10, TIME 1", "16/18.6"},
		{"2.2.1 with a rate for one component", "2.2.1", "", one("ENERGY 1@20, TIME 6"), "60 ENERGY 10, TIME 1", "16/18"},
		{"2.3.0 NO with a rate", "2.3.0", "", taxed("ENERGY 1@20", no, ""), "60 ENERGY 10", "10/12"},
		{"2.3.0 NO without a rate", "2.3.0", "", taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/-"},
		{"2.3.0 NO, rate in the CDR", "2.3.0", cost230(`{"name":"VAT","percentage":20,"amount":99}`), taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/12"},
		{"2.3.0 NO, several taxes in the CDR", "2.3.0", cost230(`{"name":"GST","percentage":5,"amount":0},{"name":"QST","percentage":9.975,"amount":0}`), taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/11.4975"},
		{"2.3.0 NO, only an amount in the CDR", "2.3.0", cost230(`{"name":"VAT","amount":2}`), taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/-"},
		{"2.3.0 NO, two rates of one tax cannot be told apart", "2.3.0", cost230(`{"name":"VAT","percentage":20,"amount":1},{"name":"VAT","percentage":10,"amount":1}`), taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/-"},
		{"2.3.0 NO, the rate of the dimension's own cost", "2.3.0", `,"total_energy_cost":{"before_taxes":1,"taxes":[{"name":"VAT","percentage":50,"amount":1}]}`, taxed("ENERGY 1", no, ""), "60 ENERGY 10", "10/15"},
		{"2.3.0 YES with a rate", "2.3.0", "", taxed("ENERGY 1.2@20", yes, ""), "60 ENERGY 10", "10/12"},
		{"2.3.0 YES without a rate", "2.3.0", "", taxed("ENERGY 1.2", yes, ""), "60 ENERGY 10", "-/12"},
		{"2.3.0 YES, rate in the CDR", "2.3.0", cost230(`{"name":"VAT","percentage":20,"amount":99}`), taxed("ENERGY 1.2", yes, ""), "60 ENERGY 10", "10/12"},
		{"2.3.0 YES with two rates", "2.3.0", "", taxed("ENERGY 1.2@20, TIME 6.6@10", yes, ""), "60 ENERGY 10, TIME 1", "16/18.6"},
		{"2.3.0 YES, a third of an hour", "2.3.0", "", taxed("TIME 3.6@20", yes, ""), "20 TIME 0.3333", "1/1.2"},
		{"2.3.0 N/A", "2.3.0", "", taxed("ENERGY 1@20", na, ""), "60 ENERGY 10", "10"},
		{"2.3.0 not stated", "2.3.0", "", one("ENERGY 1@20"), "60 ENERGY 10", "10/12"},
		{"minimum before VAT only, with VAT", "2.2.1", "", taxed("ENERGY 1@20", `,"min_price":{"excl_vat":20}`, ""), "60 ENERGY 10", "20/-"},
		{"minimum before VAT only, a little above", "2.2.1", "", taxed("ENERGY 1@20", `,"min_price":{"excl_vat":11}`, ""), "60 ENERGY 10", "11/12"},
		{"minimum before VAT only, no VAT", "2.2.1", "", taxed("ENERGY 1", `,"min_price":{"excl_vat":20}`, ""), "60 ENERGY 10", "20"},
		{"maximum of the amount after VAT alone binds", "2.2.1", "", taxed("ENERGY 1@20", `,"max_price":{"excl_vat":10,"incl_vat":11}`, ""), "60 ENERGY 10", "10/11"},
		{"minimum though nothing was priced", "2.2.1", "", taxed("TIME 1@20", `,"min_price":{"excl_vat":2,"incl_vat":2.4}`, ""), "60 ENERGY 10", "2/2.4"},
		{"both limits, the maximum last", "2.2.1", "", taxed("ENERGY 1", `,"min_price":{"excl_vat":20},"max_price":{"excl_vat":5}`, ""), "60 ENERGY 10", "5"},
		{"2.3.0 limits are before taxes though prices are not", "2.3.0", "", taxed("ENERGY 1.2@20", yes, `,"max_price":{"before_taxes":5,"after_taxes":7}`), "60 ENERGY 10", "5/7"},
		{"2.3.0 YES without a rate, limit after taxes", "2.3.0", "", taxed("ENERGY 1.2", yes, `,"max_price":{"before_taxes":5,"after_taxes":7}`), "60 ENERGY 10", "-/7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := mustPrice(t, draft{version: c.version, periods: c.periods, tariffs: c.tariffs, extra: c.extra}.input(t))
			require.Equal(t, c.want, outcome(res), strings.Join(res.Sheet.Text(), "\n"))
		})
	}
}

func cost230(taxes string) string { return `,"total_cost":{"before_taxes":1,"taxes":[` + taxes + `]}` }

func TestMissingTaxIncludedIsReported(t *testing.T) {
	res := mustPrice(t, draft{version: "2.3.0", periods: "60 ENERGY 12", tariffs: one("ENERGY 1@20")}.input(t))
	require.Len(t, res.Findings, 1)
	require.Equal(t, CodeReading, res.Findings[0].Code)
	require.Equal(t, "tax_included is missing: read as NO the session costs 12 before and 14.4 after taxes, read as YES 10 before and 12 after taxes",
		res.Findings[0].Message)
	require.Contains(t, res.Consulted, "tax-included-missing")
}

func TestCredit(t *testing.T) {
	const credit = `,"credit":true,"credit_reference_id":"O"`
	plain := mustPrice(t, draft{periods: "60 ENERGY 10, TIME 1", tariffs: one("ENERGY 1@20, TIME 2@10")}.input(t))
	res := mustPrice(t, draft{periods: "60 ENERGY 10, TIME 1", tariffs: one("ENERGY 1@20, TIME 2@10"), extra: credit}.input(t))
	require.Equal(t, "-12/-14.2", outcome(res))
	require.Equal(t, plain.Totals.EnergyCost.BeforeTaxes, res.Totals.EnergyCost.BeforeTaxes)
	require.Equal(t, "10", res.Totals.EnergyKWh.Plain())
	require.Equal(t, "1", res.Totals.TimeHours.Plain())

	t.Run("limits hold before it is negated", func(t *testing.T) {
		res := mustPrice(t, draft{periods: "60 ENERGY 10", tariffs: []draftTariff{{elements: "ENERGY 1", extra: `,"max_price":{"excl_vat":5}`}}, extra: credit}.input(t))
		require.Equal(t, "-5", outcome(res))
	})
	t.Run("a sender that negates all volumes", func(t *testing.T) {
		res := mustPrice(t, draft{periods: "60 ENERGY -10.0005, TIME -1", tariffs: one("ENERGY 1@20, TIME 2@10, FLAT 1@0"), extra: credit}.input(t))
		require.Equal(t, "-13.001/-15.2012", outcome(res))
		require.Equal(t, "-10.0005", res.Totals.EnergyKWh.Plain())
		require.Equal(t, "-10.001", res.Totals.EnergyCost.BeforeTaxes.Value.Plain())
	})
	t.Run("a credit of nothing", func(t *testing.T) {
		require.Equal(t, "0", outcome(mustPrice(t, draft{periods: "60 ENERGY 0", tariffs: one("TIME 1"), extra: credit}.input(t))))
	})
}

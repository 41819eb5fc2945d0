package generate

import "context"

// Demo writes the input of the built-in case: some three hundred sessions of September 2026 in three countries, reported in OCPI
// 2.2.1 (NL), 2.1.1 (FR) and 2.3.0 (CH), invoiced in EUR and CHF, with every defect that Month knows and the truth beside it.
func Demo(ctx context.Context, out string, force bool) (*Report, error) {
	b, err := openBook(out, force, false, nil)
	if err != nil {
		return nil, err
	}
	b.invoice = func(l *line) (id, date string) { return l.operator + "-CPO-2026-09", monthInvoiced }
	n := networkOf([]string{"NL", "CH", "NL", "FR", "CH", "NL", "CH", "FR"}, map[string]version{"NL": v221, "FR": v211, "CH": v230})
	return n.fill(ctx, b, Options{Records: 300, Seed: demoSeed}, demoCase+rules211)
}

const demoSeed = 20260905

const demoCase = `# The built-in case: an operator with chargers in three countries against an EMP that disputes its September invoices.
# truth.ndjson says what each line must come to.
case: NL-CPO / DE-EMP September 2026 (demonstration)
as_of: 2026-11-01
parties:
  creditor: {country_code: NL, party_id: CPO, name: NL-CPO}
  debtor: {country_code: DE, party_id: EMP, name: DE-EMP}
` + caseInputs

package reconcile

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

func readLine(t *testing.T, header, row string) (*Line, []ocpi.Finding) {
	t.Helper()
	r, _, err := NewLineReader(strings.Split(header, "|"), nil)
	require.NoError(t, err)
	return r.Read(ocpi.Record{}, strings.Split(row, "|"))
}

func codesOf(findings []ocpi.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, string(f.Code))
	}
	return out
}

// TestHeadings: the usual headings of five languages are found, whatever their case and punctuation.
func TestHeadings(t *testing.T) {
	for _, header := range []string{
		"invoice_id|line|cdr_id|session_id|amount_excl_vat|currency|kwh|status",
		"Invoice No.|Pos.|CDR ID|Session ID|Net amount|Currency|Energy (kWh)|Status",
		"Rechnungsnummer|Zeile|CDR-Nummer|Ladevorgang|Nettobetrag|Währung|Energiemenge (kWh)|Status",
		"N° facture|Ligne|Numéro CDR|ID session|Montant HT|Devise|Énergie (kWh)|Statut",
		"Factuurnummer|Regel|CDR nummer|Sessie-ID|Bedrag excl. BTW|Valuta|Verbruik (kWh)|Status",
		"Número de factura|Línea|ID CDR|ID sesión|Importe sin IVA|Moneda|Energía (kWh)|Estado",
	} {
		t.Run(header, func(t *testing.T) {
			r, findings, err := NewLineReader(strings.Split(header, "|"), nil)
			require.NoError(t, err)
			assert.Empty(t, findings, "every heading is known")
			l, findings := r.Read(ocpi.Record{}, []string{"I1", "7", "C1", "S1", "12.50", "eur", "50", "disputed"})
			require.NotNil(t, l)
			assert.Empty(t, findings)
			assert.Equal(t, []string{"I1", "7", "C1", "S1", "EUR"}, []string{l.InvoiceID, l.Line, l.CDRID, l.SessionID, l.Currency})
			assert.Equal(t, "12.50", l.Claimed.BeforeTaxes.Value.String())
			assert.Equal(t, "50", l.ClaimedKWh.Value.String())
			assert.True(t, l.Disputed)
		})
	}
}

func TestHeadingErrors(t *testing.T) {
	tests := []struct {
		name, header string
		columns      Columns
		want         string
	}{
		{"twice", "cdr_id|net|netto|currency", nil, `columns "net" and "netto" both hold amount_excl_vat: say which under columns in the case file`},
		{"same twice", "cdr_id|cdr_id|net|currency", nil, `columns "cdr_id" and "cdr_id" both hold cdr_id`},
		{"no amount", "cdr_id|currency", nil, "no amount"},
		{"no id", "amount_excl_vat|currency|line", nil, "want a column cdr_id or session_id"},
		{"mapping to nothing", "cdr_id|net|currency", Columns{"kwh": "Arbeit"}, `kwh: the table has no column named "Arbeit" (it has: cdr_id, net, currency)`},
		{"mapping of nothing", "cdr_id|net|currency", Columns{"kw": "net"}, `"kw" is no column of this table`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := NewLineReader(strings.Split(test.header, "|"), test.columns)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

// TestMapping: the case's mapping stands above names; a native name stands above synonyms; the rest is said to be unused.
func TestMapping(t *testing.T) {
	r, findings, err := NewLineReader([]string{"CDR", "net", "Betrag", "Note", "currency", "Arbeit [kWh]", "energy"},
		Columns{"amount_excl_vat": "betrag", "kwh": "Arbeit [kWh]"})
	require.NoError(t, err)
	assert.Equal(t, []string{"column-unknown", "column-unknown", "column-unknown"}, codesOf(findings), "net, Note, energy")
	l, _ := r.Read(ocpi.Record{}, []string{"C1", "1", "2", "", "EUR", "3", "4"})
	assert.Equal(t, "2", l.Claimed.BeforeTaxes.Value.String())
	assert.Equal(t, "3", l.ClaimedKWh.Value.String())
}

func TestAmounts(t *testing.T) {
	tests := []struct{ cell, want, code string }{
		{"12.50", "12.50", ""}, {" 12.50 ", "12.50", ""}, {"-3", "-3", ""}, {"12.5e1", "125", ""}, {"1.234", "1.234", ""},
		{"12,50", "12.50", "decimal-comma"}, {"-0,5", "-0.5", "decimal-comma"}, {"0,125", "0.125", "decimal-comma"}, {"1234,500", "1234.500", "decimal-comma"},
		{"1,250", "", "amount-unreadable"}, {"1.234,56", "", "amount-unreadable"}, {"1,234.56", "", "amount-unreadable"},
		{"1 234.56", "", "amount-unreadable"}, {"1'234.56", "", "amount-unreadable"}, {"1,2,3", "", "amount-unreadable"},
		{"12.50 EUR", "", "amount-unreadable"}, {"€12", "", "amount-unreadable"}, {"abc", "", "amount-unreadable"}, {"12,", "", "amount-unreadable"},
		{",5", "", "amount-unreadable"}, {"-", "", "amount-unreadable"}, {"+5", "", "amount-unreadable"}, {"0x10", "", "amount-unreadable"},
		{"NaN", "", "amount-unreadable"}, {"1e99", "", "number-out-of-range"}, {"", "", "amount-missing"},
	}
	for _, test := range tests {
		t.Run(test.cell, func(t *testing.T) {
			l, findings := readLine(t, "cdr_id|amount_excl_vat|currency", "C1|"+test.cell+"|EUR")
			if test.code != "" {
				assert.Equal(t, []string{test.code}, codesOf(findings))
			} else {
				assert.Empty(t, findings)
			}
			if test.want == "" {
				assert.Nil(t, l)
				assert.Equal(t, ocpi.SeverityBlock, ocpi.Worst(findings))
				return
			}
			require.NotNil(t, l)
			assert.Equal(t, test.want, l.Claimed.BeforeTaxes.Value.String())
		})
	}
}

// TestTaxes: net and gross by what the line says of tax.
func TestTaxes(t *testing.T) {
	tests := []struct{ name, row, net, gross, code string }{
		{"both", "10.00|12.00|||EUR", "10.00", "12.00", ""},
		{"both and their tax", "10.00|12.00|2.00||EUR", "10.00", "12.00", ""},
		{"do not add up", "10.00|12.00|1.90||EUR", "10.00", "12.00", "invoice-arithmetic"},
		{"net and tax", "10.00||2.10||EUR", "10.00", "12.10", ""},
		{"net and rate", "10.05|||21|EUR", "10.05", "12.16", "gross-derived"},
		{"net alone", "10.00||||EUR", "10.00", "", ""},
		{"gross and tax", "|12.10|2.10||EUR", "10.00", "12.10", "net-derived"},
		{"gross and rate", "|12.16||21|EUR", "10.05", "12.16", "net-derived"},
		{"gross and rate, yen", "|1100||10|JPY", "1000", "1100", "net-derived"},
		{"gross and a rate of −100 %", "|12.00||-100|EUR", "", "", "gross-without-net"},
		{"gross alone", "|12.00|||EUR", "", "", "gross-without-net"},
		{"no currency", "10.00||||", "", "", "currency-missing"},
		{"no currency code", "10.00||||Euro", "", "", "currency-missing"},
		{"tax unreadable", "10.00||x||EUR", "10.00", "", "number-unreadable"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, findings := readLine(t, "cdr_id|amount_excl_vat|amount_incl_vat|vat|tax_rate|currency", "C1|"+test.row)
			if test.code != "" {
				assert.Equal(t, []string{test.code}, codesOf(findings))
			} else {
				assert.Empty(t, findings)
			}
			if test.net == "" {
				assert.Nil(t, l)
				return
			}
			require.NotNil(t, l)
			assert.Equal(t, test.net, l.Claimed.BeforeTaxes.Value.String())
			if test.gross == "" {
				assert.False(t, l.Claimed.AfterTaxes.Present)
				return
			}
			assert.Equal(t, test.gross, l.Claimed.AfterTaxes.Value.String())
		})
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		cell string
		want time.Time
		code string
	}{
		{"2026-09-30", day, ""}, {"2026-09-30T14:05:06+02:00", day.Add(12*time.Hour + 5*time.Minute + 6*time.Second), ""},
		{"2026-09-30 14:05", day.Add(14*time.Hour + 5*time.Minute), "date-assumed-utc"},
		{"2026-09-30 14:05:06", day.Add(14*time.Hour + 5*time.Minute + 6*time.Second), "date-assumed-utc"},
		{"30.09.2026", time.Time{}, "date-unreadable"}, {"", time.Time{}, ""},
	}
	for _, test := range tests {
		t.Run(test.cell, func(t *testing.T) {
			l, findings := readLine(t, "cdr_id|amount_excl_vat|currency|start", "C1|1|EUR|"+test.cell)
			require.NotNil(t, l)
			assert.Equal(t, test.want, l.Start)
			if test.code != "" {
				assert.Equal(t, []string{test.code}, codesOf(findings))
			}
		})
	}
}

func TestStatus(t *testing.T) {
	tests := []struct {
		status, reason string
		want           bool
		code           string
	}{
		{"disputed", "", true, ""}, {"Bestritten", "kWh", true, ""}, {"accepted", "", false, ""}, {"akkoord", "all well", false, ""},
		{"", "wrong kWh", true, ""}, {"", "", false, ""}, {"on hold", "", false, "status-unknown"}, {"contesté", "", true, ""}, {"Aceptado", "", false, ""},
	}
	for _, test := range tests {
		t.Run(test.status+"/"+test.reason, func(t *testing.T) {
			l, findings := readLine(t, "cdr_id|amount_excl_vat|currency|status|reason", "C1|1|EUR|"+test.status+"|"+test.reason)
			require.NotNil(t, l)
			assert.Equal(t, test.want, l.Disputed)
			if test.code != "" {
				assert.Equal(t, []string{test.code}, codesOf(findings))
			}
		})
	}
}

func TestClaims(t *testing.T) {
	r, findings, err := NewClaimReader([]string{"Factuurnummer", "Regel", "CDR", "Reden", "amount", "kwh", "seconds"}, nil)
	require.NoError(t, err)
	assert.Empty(t, findings)
	c, findings := r.Read(ocpi.Record{}, []string{"I1", "2", "#NA", "verbruik", "3,00", "12.5", "600"})
	require.NotNil(t, c)
	assert.Equal(t, []string{"decimal-comma"}, codesOf(findings))
	assert.Equal(t, []string{"I1", "2", "", "verbruik", "3", "12.5", "600"},
		[]string{c.InvoiceID, c.Line, c.CDRID, c.Reason, text(c.ClaimedAmount), text(c.ClaimedKWh), text(c.ClaimedSeconds)})
	c, findings = r.Read(ocpi.Record{}, []string{"I1", "", "", "kwh", "", "", ""})
	assert.Nil(t, c)
	assert.Equal(t, []string{"dispute-without-id"}, codesOf(findings))
	_, _, err = NewClaimReader([]string{"invoice_id", "reason"}, nil)
	assert.ErrorContains(t, err, "does not say what is disputed")
}

func TestRowWidth(t *testing.T) {
	l, findings := readLine(t, "cdr_id|amount_excl_vat|currency", "C1|1|EUR|stray")
	require.NotNil(t, l)
	assert.Equal(t, []string{"row-width"}, codesOf(findings))
	l, findings = readLine(t, "cdr_id|amount_excl_vat|currency", "C1")
	assert.Nil(t, l)
	assert.Contains(t, codesOf(findings), "row-width")
}

func TestDisputes(t *testing.T) {
	tests := []struct {
		reason string
		want   Quantity
	}{
		{"kWh", QuantityKWh}, {"kWh too high", QuantityKWh}, {"Energiemenge stimmt nicht", QuantityKWh}, {"Consommation erronée", QuantityKWh},
		{"verbruik", QuantityKWh}, {"energía", QuantityKWh}, {"session duration", QuantityTime}, {"Ladezeit", QuantityTime}, {"laadduur", QuantityTime},
		{"durée de la session", QuantityTime}, {"idle minutes", QuantityTime}, {"session-id mismatch", QuantitySession}, {"Sitzung falsch", QuantitySession},
		{"tariff", QuantityTariff}, {"Preis nicht vereinbart", QuantityTariff}, {"price per kWh", QuantityTariff}, {"Preis je kWh", QuantityTariff},
		{"tarief", QuantityTariff}, {"amount", QuantityAmount}, {"Betrag zu hoch", QuantityAmount}, {"montant", QuantityAmount}, {"VAT rate", QuantityAmount},
		{"duplicate", QuantityDuplicate}, {"doppelt berechnet", QuantityDuplicate}, {"already paid", QuantityDuplicate}, {"doublon", QuantityDuplicate},
		{"unknown CDR", QuantityExistence}, {"session not found", QuantitySession | QuantityExistence}, {"nicht gefunden", QuantityExistence},
		{"kWh and tariff", QuantityKWh | QuantityTariff}, {"wrong session id, kWh too high", QuantityKWh | QuantitySession},
		{"duur en bedrag", QuantityTime | QuantityAmount}, {"we do not like it", QuantityAll}, {"", QuantityAll}, {"???", QuantityAll},
	}
	for _, test := range tests {
		t.Run(test.reason, func(t *testing.T) {
			assert.Equal(t, test.want.String(), Disputes(test.reason).String())
		})
	}
}

func TestCompareLineNumbers(t *testing.T) {
	inOrder := []string{"1", "01", "9", "10", "99999999999999999999", "100000000000000000000", "", "1a", "x"}
	for i := range inOrder {
		for j := range inOrder {
			got := CompareLineNumbers(inOrder[i], inOrder[j])
			switch {
			case i == j:
				assert.Zero(t, got)
			case inOrder[i] == "1" && inOrder[j] == "01" || inOrder[i] == "01" && inOrder[j] == "1":
				assert.NotZero(t, got, "01 and 1 are two texts")
			case i < j:
				assert.Negative(t, got, "%q %q", inOrder[i], inOrder[j])
			default:
				assert.Positive(t, got, "%q %q", inOrder[i], inOrder[j])
			}
		}
	}
}

func FuzzLineReader(f *testing.F) {
	f.Add("cdr_id|amount_excl_vat|currency", "C1|12,50|EUR")
	f.Add("session|Bruttobetrag|MwSt-Satz|Währung|Beginn", "S|1.234,5|21|eur|2026-09-30 10:00")
	f.Fuzz(func(t *testing.T, header, row string) {
		for _, columns := range []Columns{nil, {"kwh": "Energie"}} {
			r, _, err := NewLineReader(strings.Split(header, "|"), columns)
			if err != nil {
				continue
			}
			l, findings := r.Read(ocpi.Record{}, strings.Split(row, "|"))
			if (l == nil) != (ocpi.FirstBlock(findings) != nil) {
				t.Fatalf("line %v, findings %v", l, findings)
			}
		}
		if r, _, err := NewClaimReader(strings.Split(header, "|"), nil); err == nil {
			r.Read(ocpi.Record{}, strings.Split(row, "|"))
		}
		if q := Disputes(row); q == 0 || q&^QuantityAll != 0 {
			t.Fatalf("Disputes(%q) = %b", row, q)
		}
	})
}

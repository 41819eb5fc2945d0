package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// signedData is the member of a CDR that carries texts as they are; no key comes with it.
func signedData(texts ...string) string {
	values := make([]string, len(texts))
	for i, text := range texts {
		values[i] = fmt.Sprintf(`{"nature":"x","plain_data":"","signed_data":%q}`, text)
	}
	return `,"signed_data":{"encoding_method":"OCMF","signed_values":[` + strings.Join(values, ",") + `]}`
}

// metered is an OCMF record; a reading is "TX hh:mm:ss value", of the first of September 2026.
func metered(meter string, readings ...string) string {
	var out []string
	for _, r := range readings {
		parts := strings.Fields(r)
		out = append(out, fmt.Sprintf(`{"TM":"2026-09-01T%s,000+0000 S","TX":"%s","RV":%s,"RI":"1-b:1.8.0","RU":"kWh","EF":"","ST":"G"}`, parts[1], parts[0], parts[2]))
	}
	return `OCMF|{"FV":"1.0","PG":"T1","MS":"` + meter + `","RD":[` + strings.Join(out, ",") + `]}|{"SD":"00"}`
}

func TestMeterReadings(t *testing.T) {
	codes := []ocpi.Code{codeMeterDiff, codeMeterNegative, codeMeterFalls, codeMeterOutside, codeSigClaim}
	for _, c := range []struct {
		name, kWh string
		readings  []string
		want      map[ocpi.Code]string
	}{
		{"as billed", "20", []string{"B 10:00:00 100", "E 11:00:00 120"}, nil},
		{"as billed, within tolerance", "20.001", []string{"B 10:00:00 100", "E 11:00:00 120"}, nil},
		{"other than billed", "20.002", []string{"B 10:00:00 100", "E 11:00:00 120"}, map[ocpi.Code]string{
			codeMeterDiff: "error the meter went from 100 to 120 kWh, which is 20 kWh, and the CDR bills 20.002; tolerated are 0.001; no valid signature vouches for the readings"}},
		{"backwards", "20", []string{"B 10:00:00 120", "E 11:00:00 100"}, map[ocpi.Code]string{
			codeMeterNegative: "error register 1-b:1.8.0 falls from 120 kWh at 2026-09-01T10:00:00Z to 100 kWh at 2026-09-01T11:00:00Z"}},
		{"falls between", "20", []string{"B 10:00:00 100", "C 10:20:00 110", "C 10:30:00 109", "E 11:00:00 120"}, map[ocpi.Code]string{
			codeMeterFalls: "error register 1-b:1.8.0 falls from 110 kWh at 2026-09-01T10:20:00Z to 109 kWh at 2026-09-01T10:30:00Z"}},
		{"stands still between", "20", []string{"B 10:00:00 100", "C 10:20:00 110", "C 10:30:00 110", "E 11:00:00 120"}, nil},
		{"early, as clocks allow", "20", []string{"B 09:55:00 100", "E 11:05:00 120"}, nil},
		{"early", "20", []string{"B 09:54:59 100", "E 11:00:00 120"}, map[ocpi.Code]string{
			codeMeterOutside: "warn a reading was taken at 2026-09-01T09:54:59Z, 5m1s before the CDR begins; tolerated are 300 s"}},
		{"late", "20", []string{"B 10:00:00 100", "E 11:05:01 120"}, map[ocpi.Code]string{
			codeMeterOutside: "warn a reading was taken at 2026-09-01T11:05:01Z, 5m1s after the CDR ends; tolerated are 300 s"}},
		{"nothing billed, something read", "0", []string{"B 10:00:00 100", "E 11:00:00 120"}, map[ocpi.Code]string{
			codeSigClaim: "error the CDR carries signed meter values and bills no energy"}},
		{"nothing billed, half read", "0", []string{"B 10:00:00 100"}, map[ocpi.Code]string{
			codeSigClaim: "error the CDR carries signed meter values and bills no energy"}},
		{"nothing billed, nothing read", "0", []string{"B 10:00:00 100", "E 11:00:00 100"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := plainCDR{kWh: c.kWh, rest: signedData(metered("M", c.readings...))}.judged(t, "", nil)
			for _, code := range codes {
				want := []string(nil)
				if text := c.want[code]; text != "" {
					want = []string{text}
				}
				assert.Equal(t, want, codeFindings(line.Findings, code), code)
			}
		})
	}
}

// A CDR that no line bills is checked too, and a credit is not: it repeats the CDR that it credits.
func TestMeterReadingsWithoutALine(t *testing.T) {
	judge := func(rest string) []ocpi.Finding {
		v := plainCDR{kWh: "30", rest: rest}
		return readWorld(t, map[string]string{"cdrs.ndjson": v.json() + "\n", "invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\n"}).judge()[0].Findings
	}
	data := signedData(metered("M", "B 10:00:00 100", "E 11:00:00 120"))
	require.Len(t, codeFindings(judge(data), codeMeterDiff), 1)
	require.Empty(t, codeFindings(judge(data+`,"credit":true,"credit_reference_id":"X"`), codeMeterDiff))
}

// Row 11: what a valid signature says is said with it.
func TestMeterReadingsThatAreSigned(t *testing.T) {
	signed := severitiesOf(t, "row-11-signed-readings")
	assert.Contains(t, signed, codeSigEnergy)
	assert.NotContains(t, signed, codeMeterDiff)
}

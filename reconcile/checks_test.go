package reconcile

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// plainCDR is a CDR of a test; what is blank is usual.
type plainCDR struct{ id, session, evse, connector, token, start, end, updated, kWh, cost, country, at, rest string }

// at puts "latitude, longitude" into coordinates.
func (v plainCDR) json() string {
	or := func(value *string, usual string) {
		if *value == "" {
			*value = usual
		}
	}
	or(&v.id, "C")
	or(&v.session, "S-"+v.id)
	or(&v.evse, "e1")
	or(&v.connector, "1")
	or(&v.token, "TOKEN")
	or(&v.start, "2026-09-01T10:00:00Z")
	or(&v.end, "2026-09-01T11:00:00Z")
	or(&v.updated, v.end)
	or(&v.kWh, "20")
	or(&v.cost, "1")
	or(&v.country, "NLD")
	or(&v.at, "52.1, 4.1")
	latitude, longitude, _ := strings.Cut(v.at, ", ")
	return `{"country_code":"NL","party_id":"CPO","id":"` + v.id + `","start_date_time":"` + v.start + `","end_date_time":"` + v.end +
		`","session_id":"` + v.session + `","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"` + v.token +
		`","type":"RFID","contract_id":"DE-EMP-C00000001"},"auth_method":"WHITELIST","cdr_location":{"id":"L","address":"a","city":"c","country":"` +
		v.country + `","coordinates":{"latitude":"` + latitude + `","longitude":"` + longitude + `"},"evse_uid":"` + v.evse + `","evse_id":"NL*CPO*E` + v.evse +
		`","connector_id":"` + v.connector + `","connector_standard":"IEC_62196_T2","connector_format":"CABLE","connector_power_type":"AC_3_PHASE"},` +
		`"currency":"EUR","tariffs":[{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[{"price_components":` +
		`[{"type":"FLAT","price":1,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],"charging_periods":[{"start_date_time":"` + v.start +
		`","dimensions":[{"type":"ENERGY","volume":` + v.kWh + `}]}],"total_cost":{"excl_vat":` + v.cost + `},"total_energy":` + v.kWh +
		`,"total_time":1` + v.rest + `,"last_updated":"` + v.updated + `"}`
}

// judged is the line that bills a CDR at its price.
func (v plainCDR) judged(t *testing.T, caseFile string, change func(*Agreement)) *LineVerdict {
	files := map[string]string{
		"cdrs.ndjson": v.json() + "\n", "invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\nI,1,C,1.00,EUR\n",
	}
	if caseFile != "" {
		files["case.yaml"] = caseFile
	}
	w := readWorld(t, files)
	if change != nil {
		change(w.agreement)
	}
	line := w.judge()[0].Lines[0]
	assert.Equal(t, "1.00", line.Proven.BeforeTaxes.Value.String(), "no check moves a cent")
	return &line
}

// codeFindings are the severity and message of the findings of a code.
func codeFindings(findings []ocpi.Finding, code ocpi.Code) []string {
	var out []string
	for _, f := range findings {
		if f.Code == code {
			out = append(out, f.Severity.String()+" "+f.Message)
		}
	}
	return out
}

func TestChecksOfOneCDR(t *testing.T) {
	limits := func(text string) string { return "agreement: {limits: {" + text + "}}\n" }
	for _, c := range []struct {
		name     string
		code     ocpi.Code
		cdr      plainCDR
		caseFile string
		want     string // "" where there is none
	}{
		{"before the day of the case is over", codeInFuture, plainCDR{end: "2026-09-01T23:59:59Z"}, "as_of: 2026-09-01\n", ""},
		{"as late as clocks allow", codeInFuture, plainCDR{end: "2026-09-02T00:05:00Z"}, "as_of: 2026-09-01\n", ""},
		{"after the day of the case", codeInFuture, plainCDR{end: "2026-09-02T00:05:01Z"}, "as_of: 2026-09-01\n",
			"error the session ends 2026-09-02T00:05:01Z, after the day of the case (2026-09-01); tolerated are 300 s"},
		{"no day, no question", codeInFuture, plainCDR{start: "2099-09-01T10:00:00Z", end: "2099-09-01T11:00:00Z"}, "", ""},
		{"clocks as the case says", codeInFuture, plainCDR{end: "2026-09-02T00:00:02Z"}, "as_of: 2026-09-01\n" + limits("drift_seconds: 1"),
			"error the session ends 2026-09-02T00:00:02Z, after the day of the case (2026-09-01); tolerated are 1 s"},

		{"cheap", codeCostRange, plainCDR{cost: "1"}, limits("min_cost: 1"), ""},
		{"too cheap", codeCostRange, plainCDR{cost: "0.99"}, limits("min_cost: 1"), "warn the CDR costs 0.99 EUR, the least is 1"},
		{"dear", codeCostRange, plainCDR{cost: "500"}, limits("max_cost: 500"), ""},
		{"too dear", codeCostRange, plainCDR{cost: "500.01"}, limits("max_cost: 500"), "warn the CDR costs 500.01 EUR, the limit is 500"},
		{"no limit of cost", codeCostRange, plainCDR{cost: "500.01"}, "", ""},

		{"made on the last day", codeAfterCutoff, plainCDR{updated: "2026-09-05T23:59:59Z"}, limits("cutoff: 2026-09-05"), ""},
		{"made after it", codeAfterCutoff, plainCDR{updated: "2026-09-06T00:00:00Z"}, limits("cutoff: 2026-09-05"),
			"warn the CDR was made 2026-09-06T00:00:00Z, after the period was closed on 2026-09-05"},
		{"no last day", codeAfterCutoff, plainCDR{updated: "2026-09-06T00:00:00Z"}, "", ""},

		{"unsigned elsewhere", codeSigMissing, plainCDR{}, limits("signed_in: [DEU, AUT]"), ""},
		{"unsigned where it must not be", codeSigMissing, plainCDR{country: "DEU"}, limits("signed_in: [AUT, deu]"),
			"warn the CDR carries no signed meter values, which the case requires in DEU"},
		{"nothing to sign", codeSigMissing, plainCDR{country: "DEU", kWh: "0"}, limits("signed_in: DEU"), ""},
		{"signed", codeSigMissing, plainCDR{country: "DEU", rest: signedData("x")}, limits("signed_in: DEU"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := codeFindings(c.cdr.judged(t, c.caseFile, nil).Findings, c.code)
			if c.want == "" {
				require.Empty(t, got)
				return
			}
			require.Equal(t, []string{c.want}, got)
		})
	}
}

func TestClockDriftIsALimit(t *testing.T) {
	apart := func(start, caseFile string) []string {
		v := plainCDR{start: start, end: "2026-09-01T11:05:01Z"}
		files := map[string]string{
			"cdrs.ndjson": v.json() + "\n", "invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\nI,1,C,1.00,EUR\n", "case.yaml": caseFile,
			"sessions.ndjson": `{"country_code":"NL","party_id":"CPO","id":"S-C","start_date_time":"2026-09-01T10:00:00Z","end_date_time":"2026-09-01T11:00:00Z",` +
				`"kwh":20,"auth_method":"WHITELIST","location_id":"L","evse_uid":"e1","connector_id":"1","currency":"EUR","status":"COMPLETED","last_updated":"2026-09-01T11:05:00Z"}` + "\n",
		}
		return codeFindings(readWorld(t, files).judge()[0].Lines[0].Findings, codeClockDrift)
	}
	assert.Empty(t, apart("2026-09-01T10:05:00Z", "case: a\n"))
	assert.Equal(t, []string{"warn the CDR starts 5m1s apart from session S-C, tolerated are 300 s"}, apart("2026-09-01T10:05:01Z", "case: a\n"))
	assert.Empty(t, apart("2026-09-01T10:05:01Z", "agreement: {limits: {drift_seconds: 400}}\n"))
	assert.Empty(t, apart("2026-09-01T10:05:01Z", "agreement: {limits: {drift_seconds: none}}\n"))
}

func TestUnknownLocation(t *testing.T) {
	for _, c := range []struct {
		location, evse bool
		want           []string
	}{
		{true, true, nil},
		{true, false, []string{"warn location L as supplied has no EVSE e1"}},
		{false, false, []string{"warn location L is none of those supplied"}},
	} {
		line := plainCDR{}.judged(t, "", func(a *Agreement) {
			a.KnowsEVSE = func(_, _, _, _ string) (bool, bool) { return c.location, c.evse }
		})
		assert.Equal(t, c.want, codeFindings(line.Findings, codeUnknownLocation))
	}
	assert.Empty(t, codeFindings(plainCDR{}.judged(t, "", nil).Findings, codeUnknownLocation), "no locations, no question")
}

func TestTokens(t *testing.T) {
	token := func(uid, contract, valid, updated string) string {
		return `{"country_code":"DE","party_id":"EMP","uid":"` + uid + `","type":"RFID","contract_id":"` + contract +
			`","issuer":"x","valid":` + valid + `,"whitelist":"NEVER","last_updated":"` + updated + `"}`
	}
	const early, late = "2026-08-01T00:00:00Z", "2026-09-02T00:00:00Z"
	good := token("token", "DEEMPC00000001V", "true", early)
	for _, c := range []struct {
		name   string
		tokens []string
		code   ocpi.Code
		want   string
	}{
		{"known, in another spelling", []string{good}, "", ""},
		{"unknown", []string{token("OTHER", "DE-EMP-C00000001", "true", early)}, codeUnknownToken, "error token TOKEN is none of those supplied"},
		{"of another provider", []string{strings.Replace(good, `"EMP"`, `"XXX"`, 1)}, codeUnknownToken, "error token TOKEN is none of those supplied"},
		{"blocked before", []string{token("TOKEN", "DE-EMP-C00000001", "false", "2026-09-01T10:00:00Z")}, codeNotAuthorised,
			"error token TOKEN was not valid any more from 2026-09-01T10:00:00Z on, the session began 2026-09-01T10:00:00Z"},
		{"blocked some time", []string{token("TOKEN", "DE-EMP-C00000001", "false", "2026-09-01T10:00:01Z")}, codeNotAuthorised,
			"warn token TOKEN is not valid; since when before 2026-09-01T10:00:01Z is not known"},
		{"the newest counts", []string{good, token("TOKEN", "DE-EMP-C00000001", "false", "2026-07-01T00:00:00Z")}, "", ""},
		{"blocked and free at once", []string{good, token("TOKEN", "DE-EMP-C00000001", "false", early)}, codeNotAuthorised,
			"error token TOKEN was not valid any more from " + early + " on, the session began 2026-09-01T10:00:00Z"},
		{"of another contract", []string{token("TOKEN", "DE-EMP-C00000002", "true", late)}, codeNotAuthorised,
			"error contract DE-EMP-C00000001, token TOKEN is of contract DE-EMP-C00000002"},
	} {
		for range 2 { // in either order
			slices.Reverse(c.tokens)
			line := plainCDR{}.judged(t, "", func(a *Agreement) {
				a.Tokens = new(Tokens)
				for _, raw := range c.tokens {
					decoded, findings := ocpi.NewDecoder(ocpi.Options{}).Token(ocpi.Record{Bytes: []byte(raw)})
					require.Less(t, ocpi.Worst(findings), ocpi.SeverityError, c.name)
					a.Tokens.Add(decoded)
				}
			})
			for _, code := range []ocpi.Code{codeUnknownToken, codeNotAuthorised} {
				if code == c.code {
					assert.Equal(t, []string{c.want}, codeFindings(line.Findings, code), c.name)
				} else {
					assert.Empty(t, codeFindings(line.Findings, code), c.name)
				}
			}
		}
	}
}

// Thresholds stand in the catalogue as case.json shows them where a case names none.
func TestThresholdsAreThoseOfTheCatalogue(t *testing.T) {
	defaults := map[string]string{}
	for name, value := range DefaultLimits().document() {
		defaults["agreement.limits."+name] = value
	}
	tolerance := DefaultTolerance().document()
	defaults["agreement.tolerance.amount"], defaults["agreement.tolerance.kwh"] = tolerance.Amount, tolerance.KWh
	defaults["agreement.tolerance.seconds"] = tolerance.Seconds
	named := map[string]bool{"agreement.limits.across": true, "agreement.limits.min_cost": true} // a switch; named in the text of cost-range
	for _, c := range ocpi.Codes() {
		if strings.HasPrefix(c.Threshold, "agreement.") {
			require.Equal(t, defaults[c.Threshold], c.Default, c.Code)
			named[c.Threshold] = true
		}
	}
	for name := range defaults {
		assert.True(t, named[name], "no code says that it uses %s", name)
	}
}

func TestLimitsAreRead(t *testing.T) {
	c, err := ParseCase("c.yaml", []byte("agreement: {limits: {across: true, cutoff: 2026-10-05, signed_in: [DEU, AUT], travel_kmh: 120, overlap_seconds: none}}\n"))
	require.NoError(t, err)
	got := c.Agreement.Limits.document()
	assert.Equal(t, []string{"true", "2026-10-05", "DEU, AUT", "120", "none", "0.01"},
		[]string{got["across"], got["cutoff"], got["signed_in"], got["travel_kmh"], got["overlap_seconds"], got["register_kwh"]})
	_, err = ParseCase("c.yaml", []byte("agreement: {limits: {cutoff: soon, across: 1, travel_kmh: -1}}\n"))
	for _, part := range []string{"is no date", "want true or false", "is negative"} {
		assert.ErrorContains(t, err, part)
	}
}

// Within a group too, each EVSE is looked at by itself: a CDR at another one that begins between two that overlap hides nothing.
func TestOverlapBesideAnotherEVSE(t *testing.T) {
	one := func(id, evse, start, end string) string {
		return plainCDR{id: id, evse: evse, start: "2026-09-01T" + start + ":00Z", end: "2026-09-01T" + end + ":00Z"}.json()
	}
	w := readWorld(t, map[string]string{
		"cdrs.ndjson": one("A", "e1", "10:00", "12:00") + "\n" + one("B", "e2", "10:10", "10:20") + "\n" + one("C", "e1", "10:20", "11:00") + "\n" +
			one("D", "e1", "11:30", "11:50") + "\n",
		// lines that quote the CDR of one and the session of another tie them all
		"invoice.csv": "invoice_id,line,cdr_id,session_id,amount_excl_vat,currency\nI,1,A,S-B,1.00,EUR\nI,2,B,S-C,1.00,EUR\nI,3,C,S-D,1.00,EUR\n",
	})
	var got []string
	for _, v := range w.judge() {
		findings := v.Findings
		for i := range v.Lines {
			findings = append(findings, v.Lines[i].Findings...)
		}
		for _, f := range findings {
			if f.Code == codeOverlapEVSE {
				got = append(got, withoutPlaces(f.Message))
			}
		}
	}
	require.Equal(t, []string{
		"the CDR overlaps CDR A on the same connector for 40m0s, tolerated are 60 s",
		"the CDR overlaps CDR A on the same connector for 20m0s, tolerated are 60 s",
	}, got)
}

// A line that gives money back for a CDR is computed as what it gives back, whether it quotes the CDR or its credit.
func TestComputedOfACreditLine(t *testing.T) {
	first := plainCDR{id: "A", rest: `,"total_energy_cost":{"excl_vat":1}`}.json()
	w := readWorld(t, map[string]string{
		"cdrs.ndjson": first + "\n" + strings.NewReplacer(`"id":"A"`, `"id":"A-C","credit":true,"credit_reference_id":"A"`, `"total_cost":{"excl_vat":1}`,
			`"total_cost":{"excl_vat":-1}`).Replace(first) + "\n",
		"invoice.csv": "invoice_id,line,cdr_id,amount_excl_vat,currency\nI,1,A,1.00,EUR\nI,2,A,-1.00,EUR\nI,3,A-C,-1.00,EUR\n",
	})
	got := map[string]string{}
	for _, v := range w.judge() {
		for i := range v.Lines {
			l := &v.Lines[i]
			got[l.Line.Line] = l.Computed.BeforeTaxes.Value.String() + " " + l.Proven.BeforeTaxes.Value.String()
		}
	}
	require.Equal(t, map[string]string{"1": "1 1.00", "2": "-1 -1.00", "3": "-1 -1.00"}, got)
}

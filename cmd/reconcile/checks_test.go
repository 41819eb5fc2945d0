package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// catalogue is what settlement looks for, in the order in which a record is read, and the codes that say it.
var catalogue = []struct{ check, codes string }{
	{"a mandatory member is missing", "schema-missing-field"},
	{"a value has another type", "schema-wrong-type"},
	{"a member stands twice in one object", "schema-duplicate-field"},
	{"a member is not of OCPI, or is misspelt", "schema-unknown-field schema-misspelled-field schema-other-version"},
	{"a text is longer than its limit", "schema-length"},
	{"a word is not of its list", "schema-enum"},
	{"a time has no zone", "ts-no-zone"},
	{"the end is before the start", "ts-end-before-start"},
	{"the end is in the future", "ts-in-future ts-last-updated"},
	{"energy or time within no time", "ts-zero-duration"},
	{"total_time is not the time from start to end", "ts-total-time-mismatch"},
	{"clocks are apart", "ts-clock-drift"},
	{"shorter than is agreed", "dur-too-short"},
	{"longer than is agreed", "dur-too-long"},
	{"more than a day", "dur-over-24h"},
	{"more than a week", "dur-over-7d"},
	{"energy below zero", "en-negative"},
	{"no energy, and a price", "en-zero"},
	{"too little energy to bill", "en-below-min"},
	{"more energy than any session takes", "en-above-max"},
	{"Wh sent as kWh", "en-wh-as-kwh"},
	{"more than the connector can deliver", "en-exceeds-connector"},
	{"more than a battery holds", "en-exceeds-battery"},
	{"the periods do not add up to the energy", "en-period-sum"},
	{"CDR and session differ in kWh", "en-session-mismatch"},
	{"the meter readings are not the energy billed", "mv-diff-mismatch"},
	{"the meter ends below where it began", "mv-negative-diff"},
	{"the register falls within the session", "mv-not-monotonic"},
	{"a reading is from before or after the session", "mv-outside-window"},
	{"the meter starts below where it ended before", "mv-start-continuity"},
	{"signed values are required and missing", "sig-missing"},
	{"a signature does not verify", "sig-invalid"},
	{"the key is not the meter's", "sig-key-mismatch"},
	{"the signed kWh are not the CDR's", "sig-energy-mismatch"},
	{"the signed times are not the CDR's", "sig-time-mismatch"},
	{"signed values, and no energy", "sig-claim-without-energy"},
	{"no charging period", "per-empty"},
	{"the periods are not sorted", "per-unordered"},
	{"a period starts outside the session", "per-outside"},
	{"total_parking_time is not the sum of the periods", "per-parking-sum"},
	{"no tariff", "tar-none"},
	{"more than one tariff fits", "tar-ambiguous"},
	{"the tariff is not the published one", "tar-differs-from-published"},
	{"the tariff is used outside its validity", "tar-expired"},
	{"the agreed tariff prices otherwise", "tar-not-agreed"},
	{"step_size was applied otherwise", "tar-step-size"},
	{"restrictions were applied otherwise", "tar-restriction"},
	{"time without charging was billed as charging time", "tar-wallclock-time"},
	{"min_price or max_price was not applied", "tar-min-max-price"},
	{"total_cost is not the price of the periods", "cost-total-mismatch"},
	{"a cost of the breakdown is not what its dimension costs", "cost-component-mismatch"},
	{"total_cost of CDR and session differ", "cost-session-mismatch"},
	{"the total is out of the usual", "cost-range"},
	{"the difference is a rounding", "cost-rounding"},
	{"currencies differ, or are none", "cur-mismatch cur-invalid"},
	{"the tax does not fit", "tax-mismatch"},
	{"the same id twice", "dup-id"},
	{"the same session under another id", "dup-content"},
	{"two CDRs overlap at one EVSE", "overlap-evse"},
	{"one token at two places", "overlap-token impossible-travel"},
	{"the form of EVSE and contract ids, and the check digit", "id-evse id-contract"},
	{"credits and CDRs do not fit together", "credit-chain credit-not-applied two-cdrs-one-session"},
	{"late", "late-cdr after-cutoff"},
	{"what one side has and the other has not", "missing-cdr cdr-not-invoiced invoiced-unknown-cdr invoiced-twice invoice-total-mismatch " +
		"unknown-location unknown-token not-authorised"},
}

const checksPage = "../../docs/checks.md"

// TestEveryCheckIsExplained holds the catalogue: each of its checks has codes that explain knows.
func TestEveryCheckIsExplained(t *testing.T) {
	require.Len(t, catalogue, 64)
	seen := map[string]bool{}
	for n, row := range catalogue {
		require.NotEmpty(t, row.codes, "check %d", n+1)
		for code := range strings.FieldsSeq(row.codes) {
			var out strings.Builder
			a := &app{out: &out}
			require.NoError(t, a.explain(code), "check %d", n+1)
			assert.Contains(t, out.String(), "Liable, where nothing else is agreed: ", code)
			assert.Contains(t, out.String(), "Evidence: ", code)
			assert.Contains(t, out.String(), "Cure:", code)
			assert.False(t, seen[code], "%s says two things", code)
			seen[code] = true
		}
	}
}

// TestChecksPage holds docs/checks.md equal to the catalogue; -update writes it anew.
func TestChecksPage(t *testing.T) {
	page := renderChecks()
	if *update {
		require.NoError(t, os.WriteFile(checksPage, []byte(page), 0o644))
		return
	}
	have, err := os.ReadFile(checksPage)
	require.NoError(t, err)
	require.Equal(t, page, string(have), "docs/checks.md: run 'make golden'")
}

func renderChecks() string {
	var b strings.Builder
	b.WriteString(checksHead)
	for n, row := range catalogue {
		number := fmt.Sprint(n + 1)
		for code := range strings.FieldsSeq(row.codes) {
			c, _ := ocpi.LookupCode(ocpi.Code(code))
			threshold, usual := "", ""
			if c.Threshold != "" {
				threshold, usual = "`"+strings.TrimPrefix(c.Threshold, "agreement.")+"`", c.Default
			}
			check := row.check
			if number == "" {
				check = c.Title
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` | %s | %s | %s | %s |\n", number, check, c.Code, c.Severity, threshold, usual, c.Liable)
			number = ""
		}
	}
	return b.String()
}

const checksHead = `# What is checked

What settlement looks for in CDRs and invoices, and the code of the finding that says it. ` + "`reconcile explain CODE`" + ` says what a code means, what
shows it and how it is cured. The severity is the usual one: a finding may differ where its message says why, and ` + "`policy`" + ` in the case file sets
another. Only the rows of [situations.md](situations.md) move money; everything else here is to be looked at.

Thresholds are members of ` + "`agreement`" + ` in the case file ([formats.md](formats.md)), and a case is between two parties, so that each partner has
its own. A finding prints the threshold that it used. Liable is who is to cure it where nothing else is agreed: ` + "`operator`" + ` (of the charge
point), ` + "`creditor`" + `, ` + "`debtor`" + `, ` + "`sender`" + ` of the file, ` + "`both`" + `, or ` + "`nobody`" + `. This page is generated from the catalogue of codes: ` + "`make golden`" + `.

CDRs are compared with all others, whatever ties them, where ` + "`limits.across`" + ` is true: ` + "`dup-content`" + ` across sessions, ` + "`overlap-evse`" + ` across groups,
` + "`overlap-token`" + `, ` + "`impossible-travel`" + ` and ` + "`mv-start-continuity`" + `. ` + "`unknown-location`" + ` needs locations among the inputs, ` + "`unknown-token`" + ` and
` + "`not-authorised`" + ` the provider's tokens. Thresholds that are fixed are so because the text of OCPI
leaves no choice, because the name of the code says them, or because they decide what is owed.

| # | check | code | severity | threshold | default | liable |
|---|---|---|---|---|---|---|
`

package generate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func month(t *testing.T, opts Options) (string, *Report) {
	t.Helper()
	opts.Out = t.TempDir()
	r, err := Month(t.Context(), opts)
	require.NoError(t, err)
	return opts.Out, r
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return b
}

func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	for _, name := range fileNames {
		h.Write(content(t, dir, name))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	a, _ := month(t, Options{Records: 400, Seed: 7, Profile: ProfileMixed})
	b, _ := month(t, Options{Records: 400, Seed: 7, Profile: ProfileMixed})
	c, _ := month(t, Options{Records: 400, Seed: 8, Profile: ProfileMixed})
	assert.Equal(t, digest(t, a), digest(t, b))
	assert.NotEqual(t, digest(t, a), digest(t, c))
}

func TestRecordsDoNotDependOnTheirNumber(t *testing.T) {
	few, _ := month(t, Options{Records: 250, Seed: 7})
	many, _ := month(t, Options{Records: 500, Seed: 7})
	for _, name := range []string{cdrFile, sessionFile, truthFile} {
		a, b := content(t, few, name), content(t, many, name)
		a = a[:len(a)*95/100]
		assert.True(t, bytes.HasPrefix(b, a), name)
	}
}

func TestEveryDefectAppears(t *testing.T) {
	for _, profile := range []string{ProfileMonth, ProfileMixed} {
		for seed := range uint64(5) {
			_, r := month(t, Options{Records: 200, Seed: seed, Profile: profile})
			assertAllDefects(t, r, func(*defect) bool { return true })
			assert.Equal(t, 200, r.Files[0].Records)
		}
	}
}

func TestOnePrice(t *testing.T) {
	for _, defects := range []string{DefectsUsual, DefectsAll} {
		dir, r := month(t, Options{Records: 600, Seed: 4, Profile: ProfileSingle, Defects: defects})
		assertAllDefects(t, r, (*defect).worksOnOnePrice)
		if defects == DefectsUsual { // of all, lines over several CDRs have several truths
			assertConserves(t, dir)
		}
		for _, name := range []string{cdrFile, tariffFile} {
			text := content(t, dir, name)
			prices := bytes.Count(text, []byte(`"price":`))
			assert.Positive(t, prices, name)
			assert.Equal(t, prices, bytes.Count(text, []byte(`{"type":"ENERGY","price":0.419,`)), name)
		}
		for _, d := range r.Defects {
			assert.NotContains(t, []string{"tariff-not-published", "no-tariff", "open-question", "session-time-longer"}, d.Defect)
		}
	}
}

// assertAllDefects checks that each name appears at least as often as it has variants.
func assertAllDefects(t *testing.T, r *Report, possible func(*defect) bool) {
	t.Helper()
	want := map[string]int{}
	for _, d := range defects() {
		if possible(&d) {
			want[d.name]++
		}
	}
	have := map[string]int{}
	for _, d := range r.Defects {
		have[d.Defect] = d.Groups
	}
	for name, n := range want {
		assert.GreaterOrEqual(t, have[name], n, name)
	}
}

func TestEveryDefectOfAllAppears(t *testing.T) {
	_, r := month(t, Options{Records: 400, Seed: 2, Defects: DefectsAll})
	have := map[string]int{}
	for _, d := range r.Defects {
		have[d.Defect] = d.Groups
	}
	want := map[string]int{}
	for _, d := range slices.Concat(blurred(), summed(), chained(), metered(), inLines()) {
		want[d.name]++
	}
	for name, n := range want {
		assert.GreaterOrEqual(t, have[name], n, name)
	}
	_, err := Month(t.Context(), Options{Records: 1, Out: t.TempDir(), Defects: "some"})
	require.ErrorContains(t, err, "unknown defects")
}

func TestTruthConserves(t *testing.T) {
	dir, _ := month(t, Options{Records: 5000, Seed: 1, Profile: ProfileMixed})
	assertConserves(t, dir)
}

func TestDemoHasEveryDefectAndOutcome(t *testing.T) {
	dir := t.TempDir()
	r, err := Demo(t.Context(), dir, false)
	require.NoError(t, err)
	assertAllDefects(t, r, func(*defect) bool { return true })
	outcomes := assertConserves(t, dir)
	assert.Len(t, outcomes, 4, "%v", outcomes)
	require.Len(t, r.Totals, 2)
	assert.Equal(t, "CHF", r.Totals[0].Currency)
	assert.Equal(t, "EUR", r.Totals[1].Currency)
}

// assertConserves holds the truth against the invoice and counts outcomes.
func assertConserves(t *testing.T, dir string) map[string]int {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(content(t, dir, invoiceFile))).ReadAll()
	require.NoError(t, err)
	truths := bytes.Split(bytes.TrimSpace(content(t, dir, truthFile)), []byte("\n"))
	require.Len(t, truths, len(rows)-1)
	outcomes := map[string]int{}
	for i, raw := range truths {
		var x truth
		require.NoError(t, json.Unmarshal(raw, &x))
		row := rows[i+1]
		require.Equal(t, []string{row[0], row[1]}, []string{x.InvoiceID, x.Line})
		require.Equal(t, parseCents(t, row[9]), parseCents(t, x.Proven)+parseCents(t, x.Conceded)+parseCents(t, x.Unproven), string(raw))
		parts := 0
		for _, p := range []string{x.Proven, x.Conceded, x.Unproven} {
			if p != "0.00" {
				parts++
			}
		}
		require.Equal(t, parts > 1, x.Outcome == outcomePartial, string(raw))
		require.NotContains(t, x.Reasons, "")
		if row[13] == statusDisputed {
			require.True(t, x.Disputed)
		}
		outcomes[x.Outcome]++
	}
	return outcomes
}

// truth is a line of truth.ndjson.
type truth struct {
	InvoiceID string `json:"invoice_id"`
	Line      string
	Defect    string
	Disputed  bool
	Proven    string
	Conceded  string
	Unproven  string
	Outcome   string
	Reasons   []string
}

func parseCents(t *testing.T, text string) int64 {
	t.Helper()
	whole, fraction, _ := strings.Cut(text, ".")
	require.Len(t, fraction, 2, text)
	v := int64(0)
	for _, c := range strings.TrimPrefix(whole, "-") + fraction {
		v = v*10 + int64(c-'0')
	}
	if strings.HasPrefix(text, "-") {
		return -v
	}
	return v
}

func TestEveryLineIsJSON(t *testing.T) {
	dir, r := month(t, Options{Records: 1000, Seed: 2, Profile: ProfileMixed})
	for _, name := range []string{cdrFile, sessionFile, truthFile} {
		for raw := range bytes.Lines(content(t, dir, name)) {
			require.True(t, json.Valid(raw), string(raw))
		}
	}
	for i, name := range []string{tariffFile, locationFile} {
		var list []map[string]any
		require.NoError(t, json.Unmarshal(content(t, dir, name), &list))
		assert.Len(t, list, r.Files[2+i].Records)
	}
}

func TestClaimsNameLines(t *testing.T) {
	dir, r := month(t, Options{Records: 3000, Seed: 4})
	rows, err := csv.NewReader(bytes.NewReader(content(t, dir, disputeFile))).ReadAll()
	require.NoError(t, err)
	by := map[string]int{}
	for _, row := range rows[1:] {
		switch {
		case row[1] != "":
			by["line"]++
		case row[4] != "":
			by["cdr"]++
		case row[5] != "":
			by["session"]++
		}
	}
	assert.Len(t, by, 3)
	assert.Positive(t, r.Totals[1].Disputed)
}

func TestMonthRefuses(t *testing.T) {
	dir, _ := month(t, Options{Records: 1})
	_, err := Month(t.Context(), Options{Records: 1, Out: dir})
	require.ErrorContains(t, err, "exists already")
	_, err = Month(t.Context(), Options{Records: 1, Out: dir, Force: true})
	require.NoError(t, err)
	_, err = Month(t.Context(), Options{Out: dir})
	require.ErrorContains(t, err, "0 records")
	_, err = Month(t.Context(), Options{Records: 1, Out: dir, Profile: "x"})
	require.ErrorContains(t, err, "unknown profile")
	_, err = Month(t.Context(), Options{Records: 1})
	require.ErrorContains(t, err, "no output folder")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Month(ctx, Options{Records: 1, Out: t.TempDir()})
	require.ErrorIs(t, err, context.Canceled)
}

func TestReportText(t *testing.T) {
	_, r := month(t, Options{Records: 10})
	r.Rejected = []Rejected{{3, "no session id"}}
	assert.Contains(t, r.Text(), "cdrs.ndjson")
	assert.Contains(t, r.Text(), "line 3")
}

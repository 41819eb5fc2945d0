package generate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
)

// meant is a line and the CDR that it is about: by the truth, or by a pack.
type meant struct {
	verdict
	CDR   string
	Match struct{ CDR string }
}

// Every line of a month with all defects finds the CDR that it means, no other, and gets its true verdict with all its reasons, in every version of OCPI.
func TestEveryLineFindsItsCDR(t *testing.T) {
	for _, profile := range []string{generate.ProfileMonth, generate.ProfileMixed} {
		t.Run(profile, func(t *testing.T) {
			dir := t.TempDir()
			_, err := generate.Month(t.Context(), generate.Options{Records: 5000, Seed: 12, Out: dir, Profile: profile, Defects: generate.DefectsAll})
			require.NoError(t, err)
			_, data := runTheirs(t, dir, func(*reconcile.Case) {})
			want, got, defects := map[string]string{}, map[string]string{}, map[string]bool{}
			for _, raw := range lines(t, dir, "truth.ndjson") {
				var m meant
				require.NoError(t, json.Unmarshal(raw, &m))
				want[m.InvoiceID+" "+m.Line] = m.Defect + " " + m.CDR + " " + m.essence(t) + fmt.Sprint(m.Reasons)
				defects[m.Defect] = true
			}
			for _, raw := range lines(t, data, "lines.ndjson") {
				var m meant
				require.NoError(t, json.Unmarshal(raw, &m))
				got[m.InvoiceID+" "+m.Line] = m.Match.CDR + " " + m.essence(t) + fmt.Sprint(m.Reasons)
			}
			for line, truth := range want {
				found, ok := got[line]
				if assert.True(t, ok, line) {
					_, said, _ := strings.Cut(truth, " ")
					assert.Equal(t, said, found, "%s: %s", line, truth)
				}
			}
			assert.Len(t, got, len(want))
			for _, name := range []string{"id-form", "no-ids", "foreign-ids", "hours-apart", "sum-contract", "sum-alike", "meter", "meter-rounded", "meter-disputed",
				"meter-alike", "meter-unknown"} {
				assert.True(t, defects[name], name)
			}
		})
	}
}

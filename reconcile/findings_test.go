package reconcile

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// severitiesOf are the findings of the first line of a script, by code.
func severitiesOf(t *testing.T, script string) map[ocpi.Code]ocpi.Severity {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/rows/" + script + ".txtar")
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	w := readWorld(t, files)
	for _, v := range w.judge() {
		for i := range v.Lines {
			if v.Lines[i].Line.Line == "1" {
				out := map[ocpi.Code]ocpi.Severity{}
				for _, f := range v.Lines[i].Findings {
					out[f.Code] = max(out[f.Code], f.Severity)
				}
				return out
			}
		}
	}
	t.Fatal("no line 1")
	return nil
}

// TestFindings: what a script's want section does not show. Where periods and session agree, the session contradicts nothing (row 10). A boundary
// that moves nothing is a warning (row 18).
func TestFindings(t *testing.T) {
	sum := severitiesOf(t, "row-10-period-sum")
	assert.Contains(t, sum, codePeriodSum)
	assert.NotContains(t, sum, codeEnergySession)
	assert.Equal(t, ocpi.SeverityWarn, severitiesOf(t, "row-18-boundary")[codeBoundary])
	assert.Equal(t, ocpi.SeverityError, severitiesOf(t, "row-09-session-contradicts")[codeEnergySession])
}

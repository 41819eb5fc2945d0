package pack

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A margin goes with a match that the line's ids did not decide, and is clear where a CDR was taken.
func TestMarginsFitTheirMatches(t *testing.T) {
	c := madeCase(6)
	margin := int64(75)
	m := &c.lines[2].Match
	m.State, m.Rule, m.Margin = "tolerance", "composite", &margin
	dir := c.write(t)
	requireOK(t, dir)

	for _, change := range [][2]string{
		{`"state":"tolerance"`, `"state":"ambiguous"`}, {`"margin":75`, `"margin":59`}, {`"margin":75`, `"margin":-1`},
		{`"rule":"composite"`, `"rule":"cdr-id"`},
	} {
		dir := c.write(t)
		rewrite(t, dir, "data/lines.ndjson", replace(change[0], change[1]))
		repair(t, dir)
		require.Contains(t, failed(t, verify(t, dir), rungLines), "margin", change)
	}
}

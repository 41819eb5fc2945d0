package reconcile

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSurveySeesHowAPartyRounds(t *testing.T) {
	g, a := usual(t)
	whole, first, second := NewSurvey(), NewSurvey(), NewSurvey()
	for i := range 24 {
		v := Judge(g, a)
		whole.Add(v)
		part := first
		if i%3 == 0 {
			part = second
		}
		part.Add(v)
		v.Release()
		part.Add(v) // a released verdict has nothing to look at
	}
	second.Merge(first)
	require.Equal(t, whole.Findings(), second.Findings())
	findings := whole.Findings()
	require.NotEmpty(t, findings)
	for _, f := range findings {
		require.Equal(t, 24, f.Observations)
		require.Equal(t, f.Observations, f.Exact+f.Explained+f.Tolerance+f.Mismatch)
		require.True(t, json.Valid(f.Scheme))
	}
}

func TestReleasedVerdictKeepsWhatItSays(t *testing.T) {
	g, a := usual(t)
	kept, released := Judge(g, a), Judge(g, a)
	released.Release()
	released.Release()
	Judge(g, a) // takes the memory
	want, got := kept.Lines[0], released.Lines[0]
	require.NotEmpty(t, want.Sheets)
	require.Empty(t, got.Sheets)
	want.Sheets, want.CDRs, want.Sessions, want.Match.CDR, want.Match.Session = nil, nil, nil, nil, nil
	require.Equal(t, want, got)
}

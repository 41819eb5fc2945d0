package generate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

// sided is a key of either side, as the truth and as a pack tell it.
type sided struct {
	CountryCode string   `json:"country_code"`
	PartyID     string   `json:"party_id"`
	CDRID       string   `json:"cdr_id"`
	SessionID   string   `json:"session_id"`
	Verdict     string   `json:"verdict"`
	Change      string   `json:"change"`
	Pointers    []string `json:"pointers"`
	BearsOn     string   `json:"bears_on"`
	Differences []struct {
		Pointer string `json:"pointer"`
		BearsOn string `json:"bears_on"`
	} `json:"differences"`
}

func (s *sided) text() string {
	pointers, bears := s.Pointers, s.BearsOn
	for _, d := range s.Differences {
		pointers = append(pointers, d.Pointer)
		if d.BearsOn != "" {
			bears = d.BearsOn
		}
	}
	return fmt.Sprintf("%s/%s/%s %s %v %s", s.CountryCode, s.PartyID, s.CDRID+s.SessionID, s.Verdict, pointers, bears)
}

func sideRows(t *testing.T, dir, name string) []sided {
	t.Helper()
	var out []sided
	for _, raw := range lines(t, dir, name) {
		var s sided
		require.NoError(t, json.Unmarshal(raw, &s))
		out = append(out, s)
	}
	return out
}

// runTheirs runs the case of a folder, and verifies its pack.
func runTheirs(t *testing.T, dir string, change func(*reconcile.Case)) (*reconcile.Summary, string) {
	t.Helper()
	c, err := reconcile.ParseCase("case.yaml", read(t, dir, "case.yaml"))
	require.NoError(t, err)
	change(c)
	out := filepath.Join(t.TempDir(), "pack")
	s, err := job.Run(t.Context(), job.RunOptions{Case: c, Dir: dir, Out: out})
	require.NoError(t, err)
	v, err := pack.Verify(t.Context(), out)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
	return s, filepath.Join(out, "data")
}

// Every difference that is worked in is found, and no other: 10,000 CDRs in three versions, and their sessions.
func TestTheirsIsTheTruth(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 10000, Seed: 11, Out: dir, Profile: generate.ProfileMixed, Theirs: true})
	require.NoError(t, err)
	s, data := runTheirs(t, dir, func(*reconcile.Case) {})
	for _, of := range []struct {
		name  string
		found *reconcile.TwoSided
		read  int
		kinds int
	}{{"theirs", s.Theirs, s.Records.Theirs.Read, 19}, {"their_sessions", s.TheirSessions, s.Records.TheirSessions.Read, 17}} {
		counts, kinds := map[string]int{}, map[string]int{}
		var want []sided
		for _, x := range sideRows(t, dir, of.name+"_truth.ndjson") {
			counts[x.Verdict]++
			kinds[x.Change]++
			if x.Verdict != "same" {
				want = append(want, x)
			}
		}
		assert.Equal(t, sortedTexts(want), sortedTexts(sideRows(t, data, of.name+".ndjson")))
		assert.Equal(t, map[string]int{
			"same": of.found.Same, "differs": of.found.Differ, "only-ours": of.found.OnlyOurs, "only-theirs": of.found.OnlyTheirs,
		}, counts)
		assert.Len(t, kinds, of.kinds, "%v", kinds)
		assert.Equal(t, of.read, len(lines(t, dir, of.name+".ndjson")))
		for _, c := range of.found.Completeness {
			assert.Equal(t, c.Delivered.Records-c.Missing.Records-c.DifferOurs.Records, c.Received.Records-c.Extra.Records-c.DifferTheirs.Records)
		}
	}
}

func sortedTexts(list []sided) []string {
	var out []string
	for i := range list {
		out = append(out, list[i].text())
	}
	slices.Sort(out)
	return out
}

// A whole run with the sides exchanged exchanges the verdicts.
func TestTheirsBothWays(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 800, Seed: 12, Out: dir, Theirs: true})
	require.NoError(t, err)
	there, data := runTheirs(t, dir, func(*reconcile.Case) {})
	back, exchanged := runTheirs(t, dir, func(c *reconcile.Case) {
		c.Inputs.CDRs, c.Theirs.CDRs = c.Theirs.CDRs, c.Inputs.CDRs
		c.Inputs.Sessions, c.Theirs.Sessions = c.Theirs.Sessions, c.Inputs.Sessions
	})
	opposite := map[string]string{"differs": "differs", "only-ours": "only-theirs", "only-theirs": "only-ours"}
	for name, of := range map[string][2]*reconcile.TwoSided{
		"theirs.ndjson": {there.Theirs, back.Theirs}, "their_sessions.ndjson": {there.TheirSessions, back.TheirSessions},
	} {
		a, b := of[0], of[1]
		assert.Equal(t, []int{a.Same, a.Differ, a.OnlyOurs, a.OnlyTheirs}, []int{b.Same, b.Differ, b.OnlyTheirs, b.OnlyOurs})
		want := sideRows(t, data, name)
		for i := range want {
			want[i].Verdict = opposite[want[i].Verdict]
		}
		upper := func(list []string) string { return strings.ToUpper(strings.Join(list, "\n")) }
		assert.ElementsMatch(t, strings.Split(upper(sortedTexts(want)), "\n"), strings.Split(upper(sortedTexts(sideRows(t, exchanged, name))), "\n"))
	}
}

// The copy changes no verdict on a line: the lines are those of the same case without it, findings aside.
func TestTheirsChangesNoLine(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 2000, Seed: 13, Out: dir, Theirs: true, Defects: generate.DefectsAll})
	require.NoError(t, err)
	with, data := runTheirs(t, dir, func(*reconcile.Case) {})
	without, alone := runTheirs(t, dir, func(c *reconcile.Case) { c.Theirs = reconcile.TheirInputs{} })
	assert.Equal(t, without.Totals, with.Totals)
	assert.Nil(t, without.Theirs)
	assert.Nil(t, without.TheirSessions)
	cut := func(dir string) []string {
		var out []string
		for _, raw := range lines(t, dir, "lines.ndjson") {
			line, _, _ := strings.Cut(string(raw), `,"findings":`)
			out = append(out, line)
		}
		return out
	}
	assert.Equal(t, cut(alone), cut(data))
	_, err = os.Stat(filepath.Join(alone, "theirs.ndjson"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

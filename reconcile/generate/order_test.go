package generate_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
)

// Neither the order of records and rows, nor files that are there twice, nor the number of workers changes any line, be it matched by id, by
// traces or by the sum of what it covers.
func TestOrderAndRepeatsChangeNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 1500, Seed: 12, Out: dir, Defects: generate.DefectsAll})
	require.NoError(t, err)
	want := linesOf(t, dir, 1)
	require.Contains(t, string(want), ",covering-set,")

	r := rand.New(rand.NewPCG(1, 2))
	again := t.TempDir()
	for _, name := range []string{"tariffs.json", "locations.json", "disputes.csv"} {
		require.NoError(t, os.WriteFile(filepath.Join(again, name), read(t, dir, name), 0o666))
	}
	for name, header := range map[string]int{"cdrs.ndjson": 0, "sessions.ndjson": 0, "invoice.csv": 1} {
		rows := bytes.SplitAfter(read(t, dir, name), []byte("\n"))
		head, body := rows[:header], rows[header:]
		for _, copied := range []string{name, "copy-" + name} {
			r.Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
			text := bytes.Join(append(head[:header:header], body...), nil)
			require.NoError(t, os.WriteFile(filepath.Join(again, copied), text, 0o666))
		}
	}
	text := string(read(t, dir, "case.yaml"))
	for _, name := range []string{"cdrs.ndjson", "sessions.ndjson", "invoice.csv"} {
		text = string(bytes.Replace([]byte(text), []byte("["+name+"]"), []byte("[copy-"+name+", "+name+"]"), 1))
	}
	require.NoError(t, os.WriteFile(filepath.Join(again, "case.yaml"), []byte(text), 0o666))
	require.Equal(t, string(want), string(linesOf(t, again, 4)))
}

// linesOf runs the case of a folder.
func linesOf(t *testing.T, dir string, workers int) []byte {
	t.Helper()
	c, err := reconcile.ParseCase("case.yaml", read(t, dir, "case.yaml"))
	require.NoError(t, err)
	pack := filepath.Join(t.TempDir(), "pack")
	_, err = job.Run(t.Context(), job.RunOptions{Options: job.Options{Workers: workers}, Case: c, Dir: dir, Out: pack})
	require.NoError(t, err)
	return read(t, pack, "data/lines.csv")
}

package generate_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
)

// attempt is a run that may be stopped.
type attempt struct {
	workers int
	resume  bool
	program string
	stop    func(job.Progress) bool // cancels the run; nil never does
	said    string
}

// run runs the case of a folder and returns what ended it.
func (a *attempt) run(t *testing.T, dir, out string) error {
	t.Helper()
	c, err := reconcile.ParseCase("case.yaml", read(t, dir, "case.yaml"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := job.RunOptions{Case: c, Dir: dir, Out: out, Options: job.Options{Workers: a.workers}, Resume: job.Resume{
		Wanted: a.resume, Program: a.program, Say: func(text string) { a.said += text + "\n" },
	}}
	if a.stop != nil {
		o.Progress = func(p job.Progress) {
			if a.stop(p) {
				cancel()
			}
		}
	}
	_, err = job.Run(ctx, o)
	return err
}

// judged stops a run once so many groups are judged, and at the next report of progress.
func judged(groups int64) func(job.Progress) bool {
	return func(p job.Progress) bool { return p.Stage == "judging" && p.Records >= groups }
}

// hidden are what stands beside a pack.
func hidden(t *testing.T, out string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(filepath.Dir(out), ".reconcile-*"))
	require.NoError(t, err)
	return found
}

// longMonth makes a month of which most lines are remembered, with stated totals and lines in every form.
func longMonth(t *testing.T, records int) string {
	t.Helper()
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: records, Seed: 5, Defects: generate.DefectsAll, Out: dir})
	require.NoError(t, err)
	text := append(read(t, dir, "case.yaml"), "\nlines_as: [csv, xlsx, parquet]\n"...)
	invoice, _, _ := bytes.Cut(read(t, dir, "invoice.csv")[bytes.IndexByte(read(t, dir, "invoice.csv"), '\n')+1:], []byte(","))
	text = append(text, "invoices:\n  "+string(invoice)+": {totals: {currency: EUR, net: 1234.50, tax: 259.25, gross: 1493.75}}\n"...)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "case.yaml"), text, 0o600))
	return dir
}

func requireSamePack(t *testing.T, want, have string) {
	t.Helper()
	for _, file := range []string{"data/summary.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"} {
		require.True(t, bytes.Equal(read(t, want, file), read(t, have, file)), "%s differs", file)
	}
}

// A run that was stopped, again and again, ends with the same pack.
func TestResumedPacksAreTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs over many lines")
	}
	dir, want := longMonth(t, 17_500), filepath.Join(t.TempDir(), "pack")
	require.NoError(t, (&attempt{workers: 2}).run(t, dir, want))

	out := filepath.Join(t.TempDir(), "pack")
	first := attempt{workers: 1, stop: judged(12_000)}
	err := first.run(t, dir, out)
	require.ErrorIs(t, err, job.ErrSuspended)
	require.ErrorIs(t, err, context.Canceled)
	require.NoDirExists(t, out)
	left := hidden(t, out)
	require.Len(t, left, 1)
	entries, err := os.ReadDir(left[0])
	require.NoError(t, err)
	require.Len(t, entries, 1, "of the half pack something is left")
	remembered, err := os.ReadFile(filepath.Join(left[0], "resume"))
	require.NoError(t, err)

	second := attempt{workers: 3, resume: true, stop: judged(16_000)}
	require.ErrorIs(t, second.run(t, dir, out), job.ErrSuspended)
	require.Contains(t, second.said, "going on from an interrupted run: ")
	require.Len(t, hidden(t, out), 2)

	third := attempt{workers: 2, resume: true}
	require.NoError(t, third.run(t, dir, out))
	require.NotEqual(t, second.said, third.said, "the second had more to go on from")
	requireSamePack(t, want, out)
	require.Empty(t, hidden(t, out))

	t.Run("others", func(t *testing.T) { othersAreNotResumed(t, dir, want, remembered) })
	t.Run("damaged", func(t *testing.T) { damageChangesNothing(t, dir, want, remembered) })
}

// plant leaves what a run has remembered beside a place for a pack.
func plant(t *testing.T, remembered []byte) (out string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), ".reconcile-1.partial")
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "resume"), remembered, 0o600))
	return filepath.Join(filepath.Dir(folder), "pack")
}

// What another program, other inputs or another case have left is not taken.
func othersAreNotResumed(t *testing.T, dir, want string, remembered []byte) {
	fresh := func(program, dir string) string {
		out := plant(t, remembered)
		a := attempt{resume: true, program: program}
		require.NoError(t, a.run(t, dir, out))
		require.Len(t, hidden(t, out), 1, "it belongs to another run")
		require.Contains(t, a.said, "nothing to go on from")
		return out
	}
	requireSamePack(t, want, fresh("another", dir))

	changed := t.TempDir()
	require.NoError(t, os.CopyFS(changed, os.DirFS(dir)))
	text := strings.Replace(string(read(t, dir, "case.yaml")), "seconds: 60", "seconds: 61", 1)
	require.NoError(t, os.WriteFile(filepath.Join(changed, "case.yaml"), []byte(text), 0o600))
	fresh("", changed)
	require.NoError(t, os.WriteFile(filepath.Join(changed, "case.yaml"), read(t, dir, "case.yaml"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(changed, "invoice.csv"), append(read(t, dir, "invoice.csv"), '\n'), 0o600))
	fresh("", changed)

	out := plant(t, remembered)
	plain := attempt{}
	require.NoError(t, plain.run(t, dir, out))
	require.Contains(t, plain.said, "--resume would go on from it")
	require.Empty(t, hidden(t, out), "its purpose is served")
}

// Whatever became of the file, the pack is the same: what cannot be read is judged again.
func damageChangesNothing(t *testing.T, dir, want string, remembered []byte) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)*2/3] },
		"changed": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
	} {
		t.Run(name, func(t *testing.T) {
			out := plant(t, damage(bytes.Clone(remembered)))
			a := attempt{workers: 2, resume: true}
			require.NoError(t, a.run(t, dir, out))
			require.Contains(t, a.said, "going on from")
			requireSamePack(t, want, out)
		})
	}
}

// A run that was stopped before anything was remembered leaves nothing.
func TestStoppedEarly(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 5000, Seed: 5, Out: dir})
	require.NoError(t, err)
	for _, stage := range []string{"reading cdrs", "reading sessions", "judging"} {
		out := filepath.Join(t.TempDir(), "pack")
		a := attempt{resume: true, stop: func(p job.Progress) bool { return p.Stage == stage }}
		err := a.run(t, dir, out)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, job.ErrSuspended)
		require.Empty(t, hidden(t, out))
		require.NoDirExists(t, out)
	}
}

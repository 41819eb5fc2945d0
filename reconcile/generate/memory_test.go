package generate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
)

// runWithin runs the case of a folder with little in memory, and returns the pack.
func runWithin(t *testing.T, dir, temp string, memory int64) (pack string, err error) {
	t.Helper()
	c, err := reconcile.ParseCase("case.yaml", read(t, dir, "case.yaml"))
	require.NoError(t, err)
	pack = filepath.Join(t.TempDir(), "pack")
	_, err = job.Run(t.Context(), job.RunOptions{Options: job.Options{Workers: 2, Memory: memory, TempDir: temp}, Case: c, Dir: dir, Out: pack})
	return pack, err
}

// However much of what was read lies in a temporary file, the pack is the same, and the file is gone.
func TestMemoryChangesNothing(t *testing.T) {
	for name, o := range map[string]generate.Options{
		"month": {Records: 1500, Seed: 12, Defects: generate.DefectsAll, Theirs: true},
		"mixed": {Records: 400, Seed: 3, Profile: "mixed"},
		"fleet": {Records: 450, Seed: 2, Profile: "fleet"},
	} {
		t.Run(name, func(t *testing.T) {
			o.Out = t.TempDir()
			_, err := generate.Month(t.Context(), o)
			require.NoError(t, err)
			temp := t.TempDir()
			want, err := runWithin(t, o.Out, temp, 0)
			require.NoError(t, err)
			for _, memory := range []int64{1, 100_000} {
				have, err := runWithin(t, o.Out, temp, memory)
				require.NoError(t, err)
				for _, file := range []string{"tagmanifest-sha256.txt", "manifest-sha256.txt", "data/summary.json"} {
					require.True(t, bytes.Equal(read(t, want, file), read(t, have, file)), "%d bytes: %s differs", memory, file)
				}
			}
			left, err := os.ReadDir(temp)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// A temporary folder that takes nothing is named, with how much it would have to take; nothing is left of the pack.
func TestATemporaryFolderThatFails(t *testing.T) {
	dir := t.TempDir()
	_, err := generate.Month(t.Context(), generate.Options{Records: 1500, Seed: 12, Out: dir})
	require.NoError(t, err)
	gone := filepath.Join(dir, "gone")
	pack, err := runWithin(t, dir, gone, 1)
	require.ErrorContains(t, err, "temporary folder "+gone+" what memory does not hold")
	require.ErrorContains(t, err, "about 1 MB are needed there: name another folder in TMPDIR, or let more stay in memory (--memory)")
	require.NoDirExists(t, pack)
}

package pack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// entries are the names in a folder.
func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	found, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range found {
		names = append(names, e.Name())
	}
	return names
}

func TestNothingIsLeftBeside(t *testing.T) {
	parent := t.TempDir()
	require.NoError(t, madeCase(2).writeTo(filepath.Join(parent, "a", "out"), false))
	require.Equal(t, []string{"a"}, entries(t, parent))
	require.Equal(t, []string{"out"}, entries(t, filepath.Join(parent, "a")))
}

func TestAbortLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	w, err := Create(filepath.Join(parent, "out"), false)
	require.NoError(t, err)
	require.Len(t, entries(t, parent), 1, "the hidden folder")
	c := madeCase(4)
	require.NoError(t, w.Add(Render(&c.lines[2])))
	w.Abort()
	w.Abort()
	require.Empty(t, entries(t, parent))
	require.Error(t, w.Add(Render(&c.lines[3])))
	require.Error(t, w.Commit(Contents{Summary: c.summary}))
}

func TestEmptyFolderIsFilled(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, ".reconcile-1.partial", "pack"), 0o777), "of a run that was killed")
	require.NoError(t, madeCase(3).writeTo(dir, false))
	requireOK(t, dir)
	require.Equal(t, []string{"VERIFY.md", "bag-info.txt", "bagit.txt", "data", "manifest-sha256.txt", "tagmanifest-sha256.txt"}, entries(t, dir))
}

func TestFullFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("x"), 0o666))
	_, err := Create(dir, false)
	require.ErrorContains(t, err, "not empty")
	_, err = Create(dir, true)
	require.ErrorContains(t, err, "not replaced, even with --force")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bagit.txt"), []byte(declaration), 0o666))
	_, err = Create(dir, true)
	require.ErrorContains(t, err, "not replaced", "a bag that is none of ours")
	require.Equal(t, []string{"bagit.txt", "mine.txt"}, entries(t, dir))
}

func TestForceReplacesAPack(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	require.NoError(t, madeCase(40).writeTo(dir, false))
	require.ErrorContains(t, madeCase(2).writeTo(dir, false), "--force")
	require.NoError(t, madeCase(3).writeTo(dir, true))
	require.Equal(t, []string{"out"}, entries(t, parent))
	require.Equal(t, contents(t, madeCase(3).write(t)), contents(t, dir))
	require.NoError(t, madeCase(3).writeTo(filepath.Join(parent, "new"), true), "force where there is nothing")
}

func TestForceThatFailsKeepsThePack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, madeCase(3).writeTo(dir, false))
	before := contents(t, dir)
	w, err := Create(dir, true)
	require.NoError(t, err)
	require.Error(t, w.Commit(Contents{}), "no summary")
	w.Abort()
	require.Equal(t, before, contents(t, dir))
}

func TestPlaceTakenMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	w, err := Create(dir, false)
	require.NoError(t, err)
	defer w.Abort()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "mine"), 0o777))
	require.ErrorContains(t, w.Commit(Contents{Summary: madeCase(1).summary}), "not empty")
	require.Equal(t, []string{"mine"}, entries(t, dir))
}

func TestLinksAndFilesAreRefused(t *testing.T) {
	parent := t.TempDir()
	real := filepath.Join(parent, "real")
	require.NoError(t, madeCase(1).writeTo(real, false))
	link := filepath.Join(parent, "link")
	require.NoError(t, os.Symlink(real, link))
	_, err := Create(link, true)
	require.ErrorContains(t, err, "symbolic link")
	file := filepath.Join(parent, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err = Create(file, true)
	require.ErrorContains(t, err, "not a folder")
	_, err = Create(filepath.Join(file, "out"), false)
	require.Error(t, err)
}

func TestUnwritablePlace(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	parent := t.TempDir()
	require.NoError(t, os.Chmod(parent, 0o555))
	_, err := Create(filepath.Join(parent, "out"), false)
	require.ErrorIs(t, err, os.ErrPermission)
	require.ErrorContains(t, err, "folder that can be written")
}

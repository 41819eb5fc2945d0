package pack_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

const block = 512

// demoPack makes the pack of the demo and lists its files.
func demoPack(t *testing.T) (dir string, files []string) {
	t.Helper()
	temp := t.TempDir()
	_, err := generate.Demo(context.Background(), temp, true)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(temp, "case.yaml"))
	require.NoError(t, err)
	c, err := reconcile.ParseCase("case.yaml", text)
	require.NoError(t, err)
	dir = filepath.Join(temp, "pack")
	_, err = job.Run(context.Background(), job.RunOptions{Case: c, Dir: temp, Out: dir})
	require.NoError(t, err)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			name, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	}))
	return dir, files
}

// flip changes a byte of a file; doing it again takes it back.
func flip(t *testing.T, file string, at int64) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	require.NoError(t, err)
	defer f.Close()
	var b [1]byte
	_, err = f.ReadAt(b[:], at)
	require.NoError(t, err)
	b[0] ^= 1 << (at % 8)
	_, err = f.WriteAt(b[:], at)
	require.NoError(t, err)
}

// Every byte of the tag files, and one in every 512 of all others: the bag is no longer valid, and says which file it is. Changed manifests may
// name files that are not there, too. Of every two hundredth all rungs are climbed.
func TestEveryByteOfTheDemoIsCovered(t *testing.T) {
	dir, files := demoPack(t)
	ctx := context.Background()
	every := 1
	if testing.Short() {
		every = 101
	}
	changes := 0
	for _, name := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		info, err := os.Stat(file)
		require.NoError(t, err)
		step := int64(1)
		if strings.HasPrefix(name, "data/") {
			step = block
		}
		for at := int64(0); at < info.Size(); at += step * int64(every) {
			changes++
			place := min(at+at/block*37%step, info.Size()-1)
			flip(t, file, place)
			complete, valid, err := pack.BagFaults(ctx, dir)
			require.NoError(t, err)
			if !strings.Contains(valid, strings.TrimPrefix(name, "data/")) {
				require.Fail(t, "not found", "%s byte %d: complete: %s, valid: %s", name, place, complete, valid)
			}
			if changes%200 == 0 {
				v, err := pack.Verify(ctx, dir)
				require.NoError(t, err)
				require.False(t, v.OK)
			}
			flip(t, file, place)
		}
	}
	v, err := pack.Verify(ctx, dir)
	require.NoError(t, err)
	require.True(t, v.OK, v.Text())
	t.Logf("%d changes in %d files", changes, len(files))
}

// isManifest reports a file that states the digests of others: in another's place it states none.
func isManifest(name string) bool { return strings.Contains(name, "manifest") }

// Each two files in each other's place, each file taken away, and a file added in each folder.
func TestFilesOfTheDemoStandWhereTheyStood(t *testing.T) {
	dir, files := demoPack(t)
	ctx := context.Background()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	exchange := func(a, b string) {
		require.NoError(t, os.Rename(at(a), at("held")))
		require.NoError(t, os.Rename(at(b), at(a)))
		require.NoError(t, os.Rename(at("held"), at(b)))
	}
	for i, a := range files {
		for _, b := range files[:i] {
			exchange(a, b)
			complete, valid, err := pack.BagFaults(ctx, dir)
			require.NoError(t, err)
			require.True(t, isManifest(a) || isManifest(b) || strings.Contains(valid, a) && strings.Contains(valid, b), "%s and %s", a, b)
			require.NotEmpty(t, complete+valid)
			exchange(a, b)
		}
	}
	for _, name := range files {
		require.NoError(t, os.Rename(at(name), dir+".held"))
		complete, _, err := pack.BagFaults(ctx, dir)
		require.NoError(t, err)
		require.Contains(t, complete, name)
		require.NoError(t, os.Rename(dir+".held", at(name)))
	}
	folders := []string{}
	for _, name := range files {
		if folder := filepath.Dir(name); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
			require.NoError(t, os.WriteFile(at(folder+"/added"), []byte("x"), 0o666))
			complete, _, err := pack.BagFaults(ctx, dir)
			require.NoError(t, err)
			require.Contains(t, complete, "added")
			require.NoError(t, os.Remove(at(folder+"/added")))
		}
	}
	require.Len(t, folders, 3)
}

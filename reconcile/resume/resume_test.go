package resume_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/reconcile/resume"
)

var key = resume.Key{1, 2, 3}

// write makes a folder with a file of some parts and ends the work as a kill does, but for cutting something off.
func write(t *testing.T, parts ...string) (folder, file string) {
	t.Helper()
	folder = t.TempDir()
	w, err := resume.Create(folder)
	require.NoError(t, err)
	require.NoError(t, w.Begin(key))
	for n, part := range parts {
		require.NoError(t, w.Add(n*3, resume.Pack([]byte(part))))
	}
	require.NoError(t, w.Close())
	return folder, filepath.Join(folder, "resume")
}

func TestParts(t *testing.T) {
	long := strings.Repeat("line ", 100_000)
	folder, _ := write(t, "first", long, "")
	r := resume.Find([]string{t.TempDir(), folder}, key)
	require.Equal(t, 3, r.Len())
	for number, want := range map[int]string{0: "first", 3: long, 6: ""} {
		part, packed := r.Part(number)
		require.Equal(t, want, string(part))
		require.Equal(t, resume.Pack([]byte(want)), packed)
	}
	_, packed := r.Part(1)
	require.Nil(t, packed)
	r.Close()
	require.NoError(t, r.Remove())
	require.NoDirExists(t, folder)
}

func TestTheMostPartsCount(t *testing.T) {
	few, _ := write(t, "a")
	many, _ := write(t, "a", "b", "c")
	other, _ := write(t, "a", "b")
	r := resume.Find([]string{few, many, other}, key)
	require.Equal(t, 3, r.Len())
	r.Close()
	require.NoError(t, r.Remove())
	for _, folder := range []string{few, many, other} {
		require.NoDirExists(t, folder, "it is of the same work")
	}
}

func TestOtherWorks(t *testing.T) {
	folder, _ := write(t, "a")
	r := resume.Find([]string{folder}, resume.Key{1, 2, 4})
	require.Zero(t, r.Len())
	part, packed := r.Part(0)
	require.Nil(t, part)
	require.Nil(t, packed)
	r.Close()
	require.NoError(t, r.Remove())
	require.DirExists(t, folder)
}

func TestWorkUnderWay(t *testing.T) {
	folder := t.TempDir()
	w, err := resume.Create(folder)
	require.NoError(t, err)
	notTaken := func() {
		r := resume.Find([]string{folder}, key)
		require.Zero(t, r.Len(), "a file that is being written is taken")
		r.Close()
		require.NoError(t, r.Remove())
		require.DirExists(t, folder)
	}
	notTaken()
	require.NoError(t, w.Begin(key))
	require.NoError(t, w.Add(0, resume.Pack([]byte("a"))))
	notTaken()
	require.NoError(t, w.Close())
	r := resume.Find([]string{folder}, key)
	defer r.Close()
	require.Equal(t, 1, r.Len())
}

// A work that was stopped before it began is of no use to anybody; a folder without a file may be of one that begins just now.
func TestNotBegun(t *testing.T) {
	folder := t.TempDir()
	w, err := resume.Create(folder)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	without := t.TempDir()
	r := resume.Find([]string{folder, without}, key)
	require.Zero(t, r.Len())
	r.Close()
	require.NoError(t, r.Remove())
	require.NoDirExists(t, folder)
	require.DirExists(t, without)
}

// Wherever a kill cuts the file, the parts before are there and no other.
func TestCutAnywhere(t *testing.T) {
	_, file := write(t, "first", "second", "third")
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	last := 0
	for cut := range len(whole) + 1 {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "resume"), whole[:cut], 0o600))
		r := resume.Find([]string{folder}, key)
		require.GreaterOrEqual(t, r.Len(), last)
		last = r.Len()
		for n, want := range []string{"first", "second", "third"} {
			if part, _ := r.Part(3 * n); part != nil {
				require.Equal(t, want, string(part))
				require.Less(t, n, r.Len())
			}
		}
		r.Close()
	}
	require.Equal(t, 3, last)
}

// A changed byte costs a part at most: nothing that was not written is read.
func TestChangedAnywhere(t *testing.T) {
	_, file := write(t, "first", "second")
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	for at := range whole {
		changed := append([]byte(nil), whole...)
		changed[at] ^= 0x41
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "resume"), changed, 0o600))
		r := resume.Find([]string{folder}, key)
		for n := range 100 {
			if part, _ := r.Part(n); part != nil {
				require.Equal(t, map[int]string{0: "first", 3: "second"}[n], string(part))
			}
		}
		r.Close()
	}
}

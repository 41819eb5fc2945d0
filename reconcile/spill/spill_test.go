package spill

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestWhatIsKeptComesBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := New(dir, rapid.Int64Range(0, 400).Draw(t, "budget"))
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat(rapid.String().Draw(t, "text"), rapid.IntRange(0, 50).Draw(t, "times"))
		}), 0, 40).Draw(t, "texts")
		for i, text := range texts {
			require.EqualValues(t, i, s.Add([]byte(text)))
		}
		if rapid.Bool().Draw(t, "less") {
			s.Limit(rapid.Int64Range(0, 400).Draw(t, "limit"))
			require.LessOrEqual(t, s.kept, s.budget)
		}
		for _, i := range rapid.SliceOf(rapid.IntRange(0, max(len(texts)-1, 0))).Draw(t, "asked") {
			if i < len(texts) {
				require.Equal(t, texts[i], s.Piece(uint32(i)))
			}
		}
		require.NoError(t, s.Close())
	})
	requireEmpty(t, dir)
}

// requireEmpty says that no temporary file is left.
func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestATemporaryFileHasNoName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file keeps its name")
	}
	dir := t.TempDir()
	f, err := NewFile(dir, "x-*")
	require.NoError(t, err)
	requireEmpty(t, dir)
	_, err = f.WriteString("text")
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestManyReadAtOnce(t *testing.T) {
	s := New(t.TempDir(), 1000)
	var want []string
	for i := range 3 * cacheSets * cacheWays {
		want = append(want, strings.Repeat(fmt.Sprint(i, " "), 20))
		s.Add([]byte(want[i]))
	}
	require.Positive(t, s.size)
	var readers sync.WaitGroup
	for step := 1; step <= 8; step++ {
		readers.Go(func() {
			for i := range 20 * len(want) {
				at := i * step / 7 % len(want)
				if s.Piece(uint32(at)) != want[at] {
					t.Errorf("piece %d: %q", at, s.Piece(uint32(at)))
				}
			}
		})
	}
	readers.Wait()
	require.NoError(t, s.Close())
}

func TestNothingIsSpilledWithinTheBudget(t *testing.T) {
	var s Store
	for range 100 {
		s.Add(make([]byte, 1000))
	}
	require.Zero(t, s.size)
	require.NoError(t, s.Close())
}

func caught(f func()) (err error) {
	defer Catch(&err)
	f()
	return nil
}

func TestAFolderThatIsNotThere(t *testing.T) {
	s := New("no/such/folder", 10)
	s.Add([]byte("0123456789"))
	err := caught(func() { s.Add([]byte("x")) })
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "no/such/folder", failed.Folder)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "temporary folder no/such/folder")
}

// A file that can no longer be read, or holds something else, is an error of who asks, and no text.
func TestAFileThatFails(t *testing.T) {
	spoilt := map[string]func(f *File) error{
		"closed":  func(f *File) error { return f.Close() },
		"cut":     func(f *File) error { return f.Truncate(3) },
		"changed": func(f *File) error { _, err := f.WriteAt([]byte("\x05\xff\xff"), 0); return err },
	}
	for name, spoil := range spoilt {
		t.Run(name, func(t *testing.T) {
			s := New(t.TempDir(), 0)
			s.Add([]byte(strings.Repeat("text", 100)))
			require.NoError(t, spoil(s.file))
			var failed *Error
			require.ErrorAs(t, caught(func() { _ = s.Piece(0) }), &failed)
		})
	}
}

func TestOtherPanicsPass(t *testing.T) {
	require.PanicsWithError(t, "another", func() {
		var err error
		defer Catch(&err)
		panic(errors.New("another"))
	})
}

package main

import (
	"bytes"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var kills = flag.Int("kills", 6, "how often TestKilledAtAnyMoment kills and resumes a run")

// reconcileIn is the program under test in a process of its own.
func reconcileIn(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	return &exec.Cmd{Path: self, Args: append([]string{"reconcile"}, args...), Dir: dir, Stderr: new(bytes.Buffer)}
}

// filesBelow are all files below a folder and what they hold.
func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		out[path] = string(text)
		return err
	}))
	return out
}

// Killed at random moments, most of them twice, and resumed, a run ends with the same pack and leaves nothing beside it.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		*kills = min(*kills, 1)
	}
	dir := t.TempDir()
	require.NoError(t, reconcileIn(t, dir, "generate", "--records", "14000", "--seed", "8", "--out", "month", "--quiet").Run())
	began := time.Now()
	require.NoError(t, reconcileIn(t, dir, "run", "month/case.yaml", "--out", "whole", "--quiet").Run())
	took := time.Since(began)
	want := filesBelow(t, filepath.Join(dir, "whole"))

	moment := rand.New(rand.NewPCG(1, 2))
	resumed := 0
	for n := range *kills {
		place := filepath.Join(dir, "at")
		require.NoError(t, os.Mkdir(place, 0o700))
		run := []string{"run", "month/case.yaml", "--out", "at/pack", "--progress", "always"}
		for again := range 2 {
			cmd := reconcileIn(t, dir, run...)
			require.NoError(t, cmd.Start())
			time.Sleep(took * time.Duration(moment.IntN(1000)) / 1000)
			_ = cmd.Process.Kill() // unless it was done before
			_ = cmd.Wait()
			if again == 0 {
				run = append(run, "--resume", "--force") // forced, as it may have been done
			}
		}
		cmd := reconcileIn(t, dir, run...)
		require.NoError(t, cmd.Run(), "%s", cmd.Stderr)
		if bytes.Contains(cmd.Stderr.(*bytes.Buffer).Bytes(), []byte("going on from an interrupted run")) {
			resumed++
		}
		require.Equal(t, want, filesBelow(t, filepath.Join(place, "pack")), "kill %d", n)
		left, err := os.ReadDir(place)
		require.NoError(t, err)
		require.Len(t, left, 1, "kill %d left something beside the pack", n)
		require.NoError(t, os.RemoveAll(place))
	}
	t.Logf("%d of %d had something to go on from", resumed, *kills)
	require.True(t, resumed > 0 || testing.Short())
}

// An interrupt is a way to pause: it leaves what was judged, and says so.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, reconcileIn(t, dir, "generate", "--records", "30000", "--out", "month", "--quiet").Run())
	cmd := reconcileIn(t, dir, "run", "month/case.yaml", "--out", "pack", "--quiet")
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		found, err := filepath.Glob(filepath.Join(dir, ".reconcile-*", "resume"))
		require.NoError(t, err)
		if len(found) == 0 {
			return false
		}
		info, err := os.Stat(found[0])
		return err == nil && info.Size() > 10_000
	}, time.Minute, time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, exitCancelled, cmd.ProcessState.ExitCode())
	require.Equal(t, "reconcile: cancelled; the same command with --resume goes on from here\n", cmd.Stderr.(*bytes.Buffer).String())

	again := reconcileIn(t, dir, "run", "month/case.yaml", "--out", "pack", "--resume")
	require.NoError(t, again.Run(), "%s", again.Stderr)
	require.Contains(t, again.Stderr.(*bytes.Buffer).String(), "reconcile: going on from an interrupted run: ")
	left, err := filepath.Glob(filepath.Join(dir, ".reconcile-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

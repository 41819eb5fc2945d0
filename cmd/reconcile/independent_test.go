package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// resealed PACK FILE OLD NEW copies a pack to the folder resealed with one text of a file changed, and writes its manifests anew: whoever
// changes a pack can do that.
func resealed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: resealed PACK FILE OLD NEW")
	}
	to := ts.MkAbs("resealed")
	ts.Check(os.RemoveAll(to))
	ts.Check(os.CopyFS(to, os.DirFS(ts.MkAbs(args[0]))))
	file := filepath.Join(to, filepath.FromSlash(args[1]))
	text, err := os.ReadFile(file)
	ts.Check(err)
	changed := strings.Replace(string(text), args[2], args[3], 1)
	if changed == string(text) {
		ts.Fatalf("%s holds no %q", args[1], args[2])
	}
	ts.Check(os.WriteFile(file, []byte(changed), 0o644))
	writeManifest(ts, to, "manifest-sha256.txt", func(name string) bool { return strings.HasPrefix(name, "data/") })
	writeManifest(ts, to, "tagmanifest-sha256.txt", func(name string) bool {
		return !strings.Contains(name, "/") && name != "tagmanifest-sha256.txt"
	})
}

// writeManifest writes a manifest of the files of a pack that are named.
func writeManifest(ts *testscript.TestScript, pack, manifest string, named func(name string) bool) {
	var lines []string
	ts.Check(fs.WalkDir(os.DirFS(pack), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !named(name) {
			return err
		}
		text, err := os.ReadFile(filepath.Join(pack, filepath.FromSlash(name)))
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256(text), name))
		return err
	}))
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	ts.Check(os.WriteFile(filepath.Join(pack, manifest), []byte(strings.Join(lines, "")), 0o644))
}

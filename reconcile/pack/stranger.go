package pack

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// stranger names a file in the folder of a pack that its manifest does not list, "" where there is none: somebody keeps it there, and
// replacing the pack would lose it. Without a manifest nothing is known, and nothing is called a stranger.
func stranger(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return ""
	}
	listed, _ := parseManifest(text)
	found := ""
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && path != dir && isPartial(d.Name()) {
				return fs.SkipDir
			}
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name = filepath.ToSlash(name); err == nil && listed[name] == "" && !slices.Contains(tagFiles[:], name) && !isSignatureFile(name) {
			found = name
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		return ""
	}
	return found
}

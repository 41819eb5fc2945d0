package job

import (
	"fmt"
	"path/filepath"
	"strings"
)

// names gives each input file the name that results show: as the user wrote it where that is relative, else its base name, so
// that no folder of the machine reaches the output. Files that would share a name get a number.
type names map[string]string

// add names the files of one kind. dir is the folder that relative names of a case file start from.
func (n names) add(dir string, files []string) {
	taken := map[string]bool{}
	for _, shown := range n {
		taken[shown] = true
	}
	for _, file := range files {
		if _, ok := n[file]; ok {
			continue
		}
		shown := showName(dir, file)
		for i := 2; taken[shown]; i++ {
			shown = fmt.Sprintf("%s (%d)", showName(dir, file), i)
		}
		taken[shown] = true
		n[file] = shown
	}
}

func showName(dir, file string) string {
	name := filepath.ToSlash(filepath.Clean(file))
	if rel, err := filepath.Rel(dir, file); dir != "" && err == nil {
		name = filepath.ToSlash(rel)
	}
	if filepath.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
		return filepath.Base(file)
	}
	return name
}

// of is the name of a file.
func (n names) of(file string) string {
	if shown, ok := n[file]; ok {
		return shown
	}
	return filepath.Base(file)
}

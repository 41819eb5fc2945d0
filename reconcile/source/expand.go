package source

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// endings are those of the files that a folder contributes.
var endings = []string{
	".json", ".ndjson", ".jsonl", ".csv", ".parquet",
	".json.gz", ".ndjson.gz", ".jsonl.gz", ".csv.gz",
	".json.zst", ".ndjson.zst", ".jsonl.zst", ".csv.zst",
}

// tableEndings are those that tables have beside.
var tableEndings = append(slices.Clone(endings), ".xlsx", ".xlsm", ".pdf", ".xml", ".xml.gz", ".xml.zst")

// Expand turns files, folders and globs into a sorted list of files without repeats; "-" stands for standard input. A folder
// means the files below it whose names end in known endings, in any case; hidden files and folders are left out. A pattern
// that matches nothing is an error that names it.
func Expand(patterns []string) ([]string, error) { return expandAll(patterns, endings) }

// ExpandTables is Expand for the files of OpenTable.
func ExpandTables(patterns []string) ([]string, error) { return expandAll(patterns, tableEndings) }

func expandAll(patterns, endings []string) ([]string, error) {
	var out []string
	for _, p := range patterns {
		found, err := expandOne(p, endings)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// expandOne expands one pattern. A file whose name holds the signs of a glob is found by its name first.
func expandOne(pattern string, endings []string) ([]string, error) {
	if pattern == "-" {
		return []string{"-"}, nil
	}
	if info, err := os.Stat(pattern); err == nil {
		return expandPath(pattern, info.IsDir(), endings)
	} else if !strings.ContainsAny(pattern, "*?[") {
		return nil, fmt.Errorf("find input %s: %w\ncheck the path, or quote a pattern such as '%s/*.ndjson'",
			filepath.ToSlash(pattern), err, filepath.ToSlash(filepath.Dir(pattern)))
	}
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("find input %s: %w, want a pattern of *, ? and [a-z]", filepath.ToSlash(pattern), err)
	}
	var out []string
	for _, m := range matches {
		if hidden(m) && !hidden(pattern) {
			continue
		}
		info, err := os.Stat(m)
		if err != nil {
			return nil, fmt.Errorf("find input %s: %w", filepath.ToSlash(pattern), err)
		}
		found, err := expandPath(m, info.IsDir(), endings)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("find input %s: no file matches the pattern\ncheck the folder and the ending; want at least one file",
			filepath.ToSlash(pattern))
	}
	return out, nil
}

// expandPath is the file itself, or the files below a folder.
func expandPath(path string, folder bool, endings []string) ([]string, error) {
	if !folder {
		return []string{filepath.Clean(path)}, nil
	}
	var out []string
	root := path + string(filepath.Separator) // follows a link to a folder
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != root && hidden(p) && d.IsDir():
			return filepath.SkipDir
		case !d.IsDir() && !hidden(p) && known(p, endings) && isFile(p, d):
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find input %s: %w", filepath.ToSlash(path), err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("find input %s: the folder holds no input file\nwant names that end in %s",
			filepath.ToSlash(path), strings.Join(endings, " "))
	}
	return out, nil
}

// isFile reports a file or a link to one.
func isFile(path string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return true
	}
	info, err := os.Stat(path)
	return err != nil || !info.IsDir() // a dangling link is an error when it is opened, not silence
}

// hidden reports a name that begins with a dot.
func hidden(path string) bool {
	base := filepath.Base(path)
	return strings.HasPrefix(base, ".") && base != "." && base != ".."
}

// known reports a name with one of the endings.
func known(path string, endings []string) bool {
	lower := strings.ToLower(path)
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(lower, e) })
}

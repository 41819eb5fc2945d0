package pack

import (
	"path"
	"strconv"
	"strings"
	"unicode"
)

// displayName is the name of a file without folders of the machine: a relative one as given, an absolute one its last element.
// Whoever opens the files names them so that no two are alike; this is the last guard.
func displayName(file string) string {
	if file == "" || file == "-" {
		return file
	}
	if isAbsolute(file) {
		return path.Base(strings.ReplaceAll(file, `\`, "/"))
	}
	return path.Clean(file)
}

// isAbsolute reports a path from the root of any system, whichever this one is: a pack made on one is read on another.
func isAbsolute(file string) bool {
	if file[0] == '/' || file[0] == '\\' {
		return true
	}
	return len(file) > 2 && file[1] == ':' && (file[2] == '/' || file[2] == '\\') && unicode.IsLetter(rune(file[0]))
}

// visible makes text from a pack safe to print on a terminal: control characters become their escapes.
func visible(s string) string {
	if strings.IndexFunc(s, isUnprintable) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isUnprintable(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

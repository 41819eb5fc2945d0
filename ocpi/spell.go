package ocpi

import "strings"

// nearest returns the member that an unknown name was meant to be, as it seems: one that differs in case, in underscores or
// in one letter, or one that belongs into a related object. It returns nil where no name is near.
func (v *vocabulary) nearest(name []byte) *meta {
	if len(name) > maxNameLength {
		return nil
	}
	folded := foldName(string(name))
	for _, m := range v.metas {
		if nearName(folded, m.name) {
			return m
		}
	}
	for _, k := range v.kin {
		for _, m := range k.metas {
			if m.price && !strings.Contains(commonNames, " "+m.name+" ") && nearName(folded, m.name) {
				return m
			}
		}
	}
	return nil
}

const (
	maxNameLength = 64
	// commonNames are short or general: in a related object they are not evidence of a misplaced member.
	commonNames = " type price vat "
)

// foldName brings a name to lower case without underscores and hyphens.
func foldName(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, name))
}

// nearName reports that a folded name is a known one but for one letter; names of three letters or fewer must be equal.
func nearName(folded, known string) bool {
	want := foldName(known)
	if folded == want {
		return true
	}
	return len(want) > 3 && len(folded) > 3 && oneEdit(folded, want)
}

// oneEdit reports that a becomes b by one letter put in, left out or replaced, or two neighbours exchanged.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 1:
		return a[i:] == b[i+1:]
	case 0:
		if i == len(a) {
			return true
		}
		swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		return swapped || a[i+1:] == b[i+1:]
	}
	return false
}

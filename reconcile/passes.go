package reconcile

import "fmt"

// maxEvidence is how many CDRs, and how many claims, a line keeps beside its own CDR. A placeholder for a session id ties thousands of
// records to thousands of lines: what each line discloses of them must not grow with their product. Messages tell the true number.
const maxEvidence = 16

// evidence keeps the first entries, in an array of their own: the rest is let go.
func evidence[T any](list []T) []T {
	if len(list) <= maxEvidence {
		return list
	}
	return append([]T(nil), list[:maxEvidence]...)
}

// beyondEvidence says in a message how many entries are not shown, "" where all are.
func beyondEvidence(n int) string {
	if n <= maxEvidence {
		return ""
	}
	return fmt.Sprintf(" (%d in all, %d of them shown)", n, maxEvidence)
}

// passes are the ways of finding the CDR of a line, in the order in which they are tried.
var passes = [...]func(*bench, *lineEntry) ([]*cdrEntry, string){
	(*bench).matchCDRID, (*bench).matchSessionID, (*bench).matchSessionAsCDR, (*bench).matchSessionRecord,
}

// passKey is all of a line that a pass looks at.
type passKey struct {
	pass               int
	id, country, party string
	credit             bool
}

// passResult is what a pass found: the first of the CDRs, and how many there are.
type passResult struct {
	found []*cdrEntry
	count int
	rule  string
}

// try runs a pass. In a group of many lines, lines that ask the same share one search.
func (b *bench) try(pass int, l *lineEntry) passResult {
	if len(b.lines) <= fewEntries {
		return b.search(pass, l)
	}
	key := passKey{pass, l.line.SessionID, l.line.CountryCode, l.line.PartyID, l.isCredit()}
	if pass == 0 {
		key.id = l.line.CDRID
	}
	r, ok := b.searched[key]
	if !ok {
		if b.searched == nil {
			b.searched = make(map[passKey]passResult, len(b.lines))
		}
		r = b.search(pass, l)
		b.searched[key] = r
	}
	return r
}

// search runs a pass; what it finds is claimed.
func (b *bench) search(pass int, l *lineEntry) passResult {
	found, rule := passes[pass](b, l)
	for _, c := range found {
		c.claimed = true
	}
	return passResult{evidence(found), len(found), rule}
}

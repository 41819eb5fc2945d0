// Package redact makes redacted copies of records: of CDRs, sessions, tariffs, locations, tokens and decisions as JSON, and of the rows of
// invoices, dispute lists and response sheets. It is pure: bytes in, bytes out.
//
// What a claim is made of stays: ids of CDRs, sessions, tariffs and invoices, parties, times, amounts, quantities. What tells who charged
// where is replaced by a pseudonym or by a note, and what is not known to be harmless is withheld: a member that no table of this package
// names does not get through, nor does a text where a number, a time or a word of OCPI is wanted.
//
// Pseudonyms are HMAC-SHA-256 of the value with a key of the case, so that equal values have equal pseudonyms in all files of a case, and
// nobody without the secret can try values. They keep what matching and the checks of forms look at; see [Secret.Token], [Secret.EVSE].
//
// Each redacted record carries a commitment to its original ([Secret.Commit]), and [Secret.Seal] makes the opening that gives it back.
package redact

import "fmt"

// Level is how much of the records is disclosed.
type Level uint8

// The levels of disclosure.
const (
	Full          Level = iota // records as they are
	Pseudonymised              // who charged is replaced, and the exact place
	Minimal                    // also EVSEs and meters; what neither pricing nor matching nor checks need is left out
)

var levelNames = [...]string{"full", "pseudonymised", "minimal"}

// String is the name of a level, as case files and flags have it.
func (l Level) String() string { return levelNames[l] }

// ParseLevel reads the name of a level.
func ParseLevel(name string) (Level, error) {
	for i, n := range levelNames {
		if n == name {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no level of disclosure, want full, pseudonymised or minimal", name)
}

// Redactor redacts the records of one case. It may be used by several goroutines.
type Redactor struct {
	level  Level
	secret *Secret
	lost   *[]string // of the record at hand: what is withheld without anything in its place
}

// New makes a redactor for a level other than Full.
func New(level Level, secret *Secret) *Redactor { return &Redactor{level: level, secret: secret} }

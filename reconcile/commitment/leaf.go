package commitment

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// What is hashed begins with a byte that says what it is. 0 and 1 are RFC 6962's.
const (
	keyPrefix     = 2
	recordPrefix  = 3
	sumLeafPrefix = 5
	sumNodePrefix = 6
	sumRootPrefix = 7
)

// Leaf is a record as a tree has it.
type Leaf struct {
	Key      Key    `json:"key"`
	SHA256   Digest `json:"sha256"`             // of the record's bytes
	Currency string `json:"currency,omitempty"` // "": the record has no amount
	Amount   Amount `json:"amount"`             // before taxes, in Currency
}

// Sums is what the leaf adds to the sums of its tree.
func (l *Leaf) Sums() Sums { return SumsOf(l.Key.Kind, l.Currency, l.Amount.Decimal) }

// Opening is what discloses a leaf: with its record, or where RecordSalt is nil, its key alone.
type Opening struct {
	Key        Key     `json:"key"`
	KeySalt    Digest  `json:"key_salt"`
	RecordSalt *Digest `json:"record_salt,omitempty"`
	SHA256     *Digest `json:"sha256,omitempty"` // of the record's bytes

	// RecordCommitment stands in the place of the record where that stays closed.
	RecordCommitment *Digest `json:"record_commitment,omitempty"`
}

// open opens a leaf.
func (l *Leaf) open(s *Secret) (*Opening, error) {
	key, err := l.Key.Text()
	if err != nil {
		return nil, err
	}
	salt := s.salt(recordSaltLabel, key)
	return &Opening{Key: l.Key, KeySalt: s.salt(keySaltLabel, key), RecordSalt: &salt, SHA256: &l.SHA256}, nil
}

// KeyAlone is the opening without its record.
func (o *Opening) KeyAlone() *Opening {
	commitment := o.recordCommitment()
	return &Opening{Key: o.Key, KeySalt: o.KeySalt, RecordCommitment: &commitment}
}

// Opens reports whether a record is the one that a leaf, opened in whole or its key alone, was made of.
func (s *Secret) Opens(o *Opening, record []byte) bool {
	key, err := o.Key.Text()
	if err != nil {
		return false
	}
	salt, sum := s.salt(recordSaltLabel, key), Digest(sha256.Sum256(record))
	own := Opening{RecordSalt: &salt, SHA256: &sum}
	return own.recordCommitment() == o.recordCommitment()
}

// whole reports an opening that says what it must, and nothing twice.
func (o *Opening) whole() bool {
	record := o.RecordSalt != nil && o.SHA256 != nil
	return record && o.RecordCommitment == nil || o.RecordCommitment != nil && o.RecordSalt == nil && o.SHA256 == nil
}

func (o *Opening) recordCommitment() Digest {
	if o.RecordCommitment != nil {
		return *o.RecordCommitment
	}
	return hash(recordPrefix, o.RecordSalt[:], o.SHA256[:])
}

// leafHash is the hash of the leaf that an opening, which must be whole, opens.
func (o *Opening) leafHash() (tlog.Hash, error) {
	key, err := o.Key.Text()
	if err != nil {
		return tlog.Hash{}, err
	}
	keyed, record := hash(keyPrefix, o.KeySalt[:], key), o.recordCommitment()
	return tlog.RecordHash(append(keyed[:], record[:]...)), nil
}

func hash(prefix byte, parts ...[]byte) (out Digest) {
	h := sha256.New()
	h.Write([]byte{prefix})
	for _, p := range parts {
		h.Write(p)
	}
	h.Sum(out[:0])
	return out
}

// Give gives the leaf an amount, where the currency is one.
func (l *Leaf) Give(currency string, amount exact.Decimal) {
	if isCurrency(currency) {
		l.Currency, l.Amount = currency, Amount{amount}
	}
}

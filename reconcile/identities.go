package reconcile

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"

	"github.com/nexacollect/reconcile/reconcile/spill"
)

// Identity is what grouping needs of one record. Fields are as sent.
type Identity struct {
	Kind                   RecordKind
	CountryCode, PartyID   string
	CDRID                  string // of a CDR: its id; of a line or claim: the CDR it names
	SessionID              string // of a session: its id; else the session it names
	AuthorizationReference string // CDR, session
	CreditReferenceID      string // CDR
	InvoiceID, Line        string // line, claim
	Place                  []byte // where the record stands, in the words of who reads it again
}

// texts are the texts of an identity in the order in which Identities keeps them.
func (id *Identity) texts() [identityTexts]string {
	return [...]string{
		id.CDRID, id.SessionID, id.InvoiceID, id.Line, id.CountryCode, id.PartyID, id.AuthorizationReference, id.CreditReferenceID,
	}
}

// The places of texts in an identity as kept.
const (
	textCDRID = iota
	textSessionID
	textInvoiceID
	textLine
	textCountryCode
	textPartyID
	textAuthorizationReference
	textCreditReferenceID
	identityTexts // keep last
)

// IdentityBatch gathers identities for Identities; it may be filled on any goroutine.
type IdentityBatch struct {
	text []byte
	at   []uint32
}

// usualIdentity is the room that an identity mostly takes.
const usualIdentity = 112

// Grow makes room for n more identities.
func (b *IdentityBatch) Grow(n int) {
	b.at, b.text = slices.Grow(b.at, n), slices.Grow(b.text, n*usualIdentity)
}

// Add adds one identity. Its texts are copied.
func (b *IdentityBatch) Add(id *Identity) {
	b.at = append(b.at, uint32(len(b.text)))
	b.text = append(b.text, byte(id.Kind))
	texts := id.texts()
	for _, s := range texts {
		b.text = binary.AppendUvarint(b.text, uint64(len(s)))
	}
	for _, s := range texts {
		b.text = append(b.text, s...)
	}
	b.text = append(b.text, id.Place...)
}

// Reset empties the batch for use again.
func (b *IdentityBatch) Reset() { b.text, b.at = b.text[:0], b.at[:0] }

// Bytes is how much text the identities take.
func (b *IdentityBatch) Bytes() int64 { return int64(len(b.text)) }

// Len is the number of identities.
func (b *IdentityBatch) Len() int { return len(b.at) }

// Identities are the identities of a month. There are millions of them, so that they are kept as text with lengths before it, a
// batch in one piece: a few bytes more than the texts themselves, and next to nothing for the garbage collector to look at. What memory
// does not hold of the pieces lies in a file.
type Identities struct {
	store *spill.Store
	at    []identityPlace
	kinds []kindRun
}

// kindRun is a stretch of identities of one kind, up to the next.
type kindRun struct {
	from int32
	kind RecordKind
}

// identityPlace is where an identity stands: in which piece of the store, and where in it.
type identityPlace struct{ piece, from uint32 }

// NewIdentities returns a list without identities, whose texts go to the store.
func NewIdentities(store *spill.Store) Identities { return Identities{store: store} }

// Append adds the identities of a batch at the end.
func (x *Identities) Append(b *IdentityBatch) {
	if len(b.at) == 0 {
		return
	}
	piece := x.store.Add(b.text)
	for _, from := range b.at {
		x.begin(int32(len(x.at)), RecordKind(b.text[from]))
		x.at = append(x.at, identityPlace{piece, from})
	}
}

// begin notes the kind of the identities from the ith.
func (x *Identities) begin(i int32, kind RecordKind) {
	if n := len(x.kinds); n == 0 || x.kinds[n-1].kind != kind {
		x.kinds = append(x.kinds, kindRun{i, kind})
	}
}

// HasRoom reports that n more identities need no more memory for where they stand.
func (x *Identities) HasRoom(n int) bool { return len(x.at)+n <= cap(x.at) }

// Grow makes room for n more identities.
func (x *Identities) Grow(n int) { x.at = slices.Grow(x.at, n) }

// Join adds other identities, which lie in the same store, at the end.
func (x *Identities) Join(o *Identities) {
	for _, run := range o.kinds {
		x.begin(int32(len(x.at))+run.from, run.kind)
	}
	x.at = append(x.at, o.at...)
}

// Len is the number of identities.
func (x *Identities) Len() int { return len(x.at) }

// own is the number of records but those of the debtor's copy, which stand last.
func (x *Identities) own() int32 {
	return int32(sort.Search(x.Len(), func(i int) bool { return x.Kind(int32(i)) >= TheirSessionRecord }))
}

// raw is an identity as kept: kind, lengths, texts, place.
func (x *Identities) raw(i int32) string {
	p := x.at[i]
	return x.store.Piece(p.piece)[p.from:]
}

// Kind is the kind of the ith record.
func (x *Identities) Kind(i int32) RecordKind {
	after := sort.Search(len(x.kinds), func(n int) bool { return x.kinds[n].from > i })
	return x.kinds[after-1].kind
}

// text is one text of the ith record.
func (x *Identities) text(i int32, which int) string {
	raw := x.raw(i)
	at, from, length := 1, 0, 0
	for k := range identityTexts {
		n := int(raw[at])
		at++
		if n >= 0x80 {
			n, at = longLength(raw, at-1)
		}
		switch {
		case k < which:
			from += n
		case k == which:
			length = n
		}
	}
	return raw[at+from : at+from+length]
}

// Place begins with the place of the ith record; where it ends its reader knows.
func (x *Identities) Place(i int32) string {
	raw := x.raw(i)
	at, texts := 1, 0
	for range identityTexts {
		n := int(raw[at])
		at++
		if n >= 0x80 {
			n, at = longLength(raw, at-1)
		}
		texts += n
	}
	return raw[at+texts:]
}

// longLength reads a length of several bytes at raw[at] and returns where it ends.
func longLength(raw string, at int) (n, end int) {
	for shift := 0; ; shift += 7 {
		c := raw[at]
		at++
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return n, at
		}
	}
}

// CDR is the id of the ith record, a CDR, and of the CDR that it credits, "" where it credits none.
func (x *Identities) CDR(i int32) (id, creditReference string) {
	return x.text(i, textCDRID), x.text(i, textCreditReferenceID)
}

// Names are the ids of the CDR and of the session that the ith record names.
func (x *Identities) Names(i int32) (cdr, session string) {
	return x.text(i, textCDRID), x.text(i, textSessionID)
}

// Party is the party of the ith record.
func (x *Identities) Party(i int32) (country, party string) {
	return x.text(i, textCountryCode), x.text(i, textPartyID)
}

// InvoiceLine is the invoice and the number of the ith record, a line or claim.
func (x *Identities) InvoiceLine(i int32) (invoiceID, line string) {
	return x.text(i, textInvoiceID), x.text(i, textLine)
}

// Compare orders two records by kind, party, and what names them.
func (x *Identities) Compare(i, j int32) int {
	if c := cmp.Compare(x.Kind(i), x.Kind(j)); c != 0 {
		return c
	}
	for _, which := range [...]int{textCountryCode, textPartyID, textCDRID, textSessionID, textInvoiceID, textLine} {
		if c := strings.Compare(x.text(i, which), x.text(j, which)); c != 0 {
			return c
		}
	}
	return 0
}

package reconcile

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
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
}

// Reset empties the batch for use again.
func (b *IdentityBatch) Reset() { b.text, b.at = b.text[:0], b.at[:0] }

// Len is the number of identities.
func (b *IdentityBatch) Len() int { return len(b.at) }

// Identities are the identities of a month. There are millions of them, so that they are kept as text with lengths before it, a
// batch in one piece: a few bytes more than the texts themselves, and next to nothing for the garbage collector to look at.
type Identities struct {
	batches []string
	at      []identityPlace
}

// identityPlace is where an identity stands: which batch, and where in it.
type identityPlace struct{ batch, from uint32 }

// Append adds the identities of a batch at the end.
func (x *Identities) Append(b *IdentityBatch) {
	for _, from := range b.at {
		x.at = append(x.at, identityPlace{uint32(len(x.batches)), from})
	}
	x.batches = append(x.batches, string(b.text))
}

// Grow makes room for n more identities.
func (x *Identities) Grow(n int) { x.at = slices.Grow(x.at, n) }

// Join adds the identities of another store at the end.
func (x *Identities) Join(o *Identities) {
	base := uint32(len(x.batches))
	x.Grow(len(o.at))
	for _, p := range o.at {
		x.at = append(x.at, identityPlace{base + p.batch, p.from})
	}
	x.batches = append(x.batches, o.batches...)
}

// Len is the number of identities.
func (x *Identities) Len() int { return len(x.at) }

// own is the number of records but those of the debtor's copy, which stand last.
func (x *Identities) own() int32 {
	return int32(sort.Search(x.Len(), func(i int) bool { return x.Kind(int32(i)) >= TheirSessionRecord }))
}

// raw is an identity as kept: kind, lengths, texts.
func (x *Identities) raw(i int32) string {
	p := x.at[i]
	return x.batches[p.batch][p.from:]
}

// Kind is the kind of the ith record.
func (x *Identities) Kind(i int32) RecordKind { return RecordKind(x.raw(i)[0]) }

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

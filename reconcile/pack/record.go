package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// recordKind is a kind of disclosed records; its name begins the names of its shards.
type recordKind uint8

const (
	kindInvoiceLine recordKind = iota
	kindClaim
	kindCDR
	kindSession
	kindTariff
	kindResponse // this and what follows stands in the index only where there is any
	kindDecision
	recordKinds // keep last
)

var recordKindNames = [recordKinds]string{
	kindInvoiceLine: "invoice_lines", kindClaim: "claims", kindCDR: "cdrs", kindSession: "sessions", kindTariff: "tariffs",
	kindResponse: reconcile.SourceResponse, kindDecision: reconcile.SourceDecision,
}

// Encodings of a record in a shard.
const (
	encodingRaw    = "raw"    // the bytes as received
	encodingBase64 = "base64" // {"base64":"…"}, where they hold a line break
)

// record is a record to disclose: its bytes as received and their digest.
type record struct {
	kind recordKind
	rec  ocpi.Record
	sum  [sha256.Size]byte
}

// addRecord appends a record unless it has no bytes or is there already, and returns its digest in hex. Its bytes are copied: the
// reader's memory may take other records before this one is written.
func addRecord(records []record, kind recordKind, rec ocpi.Record) ([]record, string) {
	if len(rec.Bytes) == 0 {
		return records, ""
	}
	r := record{kind: kind, rec: rec, sum: sha256.Sum256(rec.Bytes)}
	for i := range records {
		if records[i].kind == kind && records[i].sum == r.sum && records[i].rec.Place == rec.Place {
			return records, r.digest()
		}
	}
	r.rec.Bytes = bytes.Clone(rec.Bytes)
	return append(records, r), r.digest()
}

// CDR is a disclosed CDR as received, and its SHA-256 in hexadecimal; nothing where the entry does not disclose it.
func (e *Entry) CDR(c *ocpi.CDR) (text []byte, sha256 string) {
	for i := range e.records {
		if r := &e.records[i]; r.kind == kindCDR && r.rec.Place == c.Record.Place {
			return r.rec.Bytes, r.digest()
		}
	}
	return nil, ""
}

func (r *record) digest() string { return hex.EncodeToString(r.sum[:]) }

// encode returns the record as it stands in a shard, without the line break, and the ending of the shard: a record that is no JSON
// object, such as the row of a CSV file, stands in a text file, so that every NDJSON file of a pack is one.
func (r *record) encode(buf []byte) (line []byte, encoding, ending string) {
	raw := r.rec.Bytes
	switch {
	case bytes.IndexByte(raw, '\n') >= 0 || bytes.IndexByte(raw, '\r') >= 0:
		buf = append(buf[:0], `{"base64":"`...)
		buf = base64.StdEncoding.AppendEncode(buf, raw)
		return append(buf, `"}`...), encodingBase64, endingJSON
	case raw[0] == '{':
		return raw, encodingRaw, endingJSON
	}
	return raw, encodingRaw, endingText
}

// Endings of shards.
const (
	endingJSON = ".ndjson"
	endingText = ".txt"
)

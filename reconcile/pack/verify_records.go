package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// disclosedLine checks the evidence of one line.
type disclosedLine struct {
	*payloadCheck
	where string
	doc   *lineDoc
	entry *indexDoc
	raw   map[string][]byte     // records of the line by sha256
	cdrs  map[string]decodedCDR // by sha256

	versions map[string]string // as which CDRs were priced, by sha256

	calculated []exact.Decimal // net totals of the calculations made again
	readings   []exact.Decimal // of these, those under readings that are not the governing one
	costs      setCosts        // of a line that is judged with others
	unpriced   bool            // a calculation could not be made again, or has no net
}

// decodedCDR is a CDR, nil where it cannot be read, and the finding that makes it unpriceable, if there is one.
type decodedCDR struct {
	cdr     *ocpi.CDR
	blocked *ocpi.Finding
}

func (l *disclosedLine) check(at locationDoc, verdict *reconcile.LineVerdict) {
	e := l.entry
	if e.InvoiceID != l.doc.InvoiceID || e.Line != l.doc.Line || e.Verdict != at {
		l.parse.fault("%s line %d: is not the entry of %s", indexFile, l.index.number, l.where)
		return
	}
	for kind, list := range e.records() {
		for i := range *list {
			l.record(recordKind(kind), &(*list)[i])
		}
	}
	l.invoiceLine()
	l.supporting()
	l.chain()
	for i := range e.Sheets {
		l.sheet(&e.Sheets[i])
	}
	row := l.listed()
	l.book.row(row, l.where)
	l.account.add(row)
	l.supported(verdict)
	l.history(verdict)
	l.owedByReading(verdict)
	l.proofs.noteLine(l, verdict)
}

// record reads a record and checks that it is the one that the index names.
func (l *disclosedLine) record(kind recordKind, d *recordDoc) {
	raw, err := l.readRecord(kind, d)
	if err != nil {
		l.parse.fault("%s: %v", l.where, err)
		return
	}
	if err := l.redacted(kind, raw); err != nil {
		l.parse.fault("%s: the record in %s at offset %d %v", l.where, d.Shard, d.Offset, err)
	}
	l.cover(d.locationDoc)
	l.noteOurs(kind, d)
	l.counts.records++
	l.raw[d.SHA256] = raw
	if (kind == kindCDR || kind == kindSession) && bytes.Contains(raw, sourceRows) {
		l.built++
	}
}

// sourceRows begins the last member of a record that was made of rows of a table.
var sourceRows = []byte(`,"source_rows":[`)

func (p *payloadCheck) readRecord(kind recordKind, d *recordDoc) ([]byte, error) {
	if !strings.HasPrefix(d.Shard, "records/"+recordKindNames[kind]+"-") {
		return nil, fmt.Errorf("%q is no shard of %s", short(d.Shard), recordKindNames[kind])
	}
	raw, err := p.pack.record(d)
	if err == nil && d.Source.Length != int64(len(raw)) {
		err = fmt.Errorf("%s: the record at offset %d does not have the %d bytes that the index states", d.Shard, d.Offset, d.Source.Length)
	}
	return raw, err
}

// record reads a disclosed record as received, and checks its digest.
func (p *openPack) record(d *recordDoc) ([]byte, error) {
	raw, err := p.at(d.locationDoc)
	if err != nil {
		return nil, err
	}
	switch d.Encoding {
	case encodingRaw:
	case encodingBase64:
		if raw, err = decodeBase64(raw); err != nil {
			return nil, fmt.Errorf("%s: the record at offset %d: %w", d.Shard, d.Offset, err)
		}
	default:
		return nil, fmt.Errorf("encoding %q is none", short(d.Encoding))
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != d.SHA256 {
		return nil, fmt.Errorf("%s: the record at offset %d does not have the sha256 that the index states", d.Shard, d.Offset)
	}
	return raw, nil
}

func decodeBase64(line []byte) ([]byte, error) {
	text, ok := bytes.CutPrefix(line, []byte(`{"base64":"`))
	text, closed := bytes.CutSuffix(text, []byte(`"}`))
	if !ok || !closed {
		return nil, errors.New(`is not {"base64":"…"}`)
	}
	return base64.StdEncoding.Strict().AppendDecode(nil, text)
}

// cover notes that the index names a line of a shard. Lines come in the order in which they were first named.
func (p *payloadCheck) cover(l locationDoc) {
	switch end := p.covered[l.Shard]; {
	case l.Offset == end:
		p.covered[l.Shard] = l.Offset + l.Length + 1
	case l.Offset > end:
		p.parse.fault("%s: what stands between offsets %d and %d is not in %s", l.Shard, end, l.Offset, indexFile)
		p.covered[l.Shard] = l.Offset + l.Length + 1
	}
}

// supporting checks that the CDR and the session that the line is matched with are those that stand first.
func (l *disclosedLine) supporting() {
	for _, s := range []struct {
		want, what string
		list       []recordDoc
		id         func(d *recordDoc) string
	}{
		{l.doc.Match.CDR, "CDR", l.entry.CDRs, l.cdrID}, {l.doc.Match.Session, "session", l.entry.Sessions, l.sessionID},
	} {
		if s.want == "" {
			continue
		}
		if len(s.list) == 0 {
			l.parse.fault("%s: %s %q, which supports it, is not disclosed", l.where, s.what, short(s.want))
			continue
		}
		if have := s.id(&s.list[0]); asWritten(have) != s.want {
			l.parse.fault("%s: is matched with %s %q, but the record in %s at offset %d has the id %q", l.where, s.what, short(s.want),
				s.list[0].Shard, s.list[0].Offset, short(have))
		}
	}
}

func (l *disclosedLine) cdrID(d *recordDoc) string {
	if c := l.cdr(d.SHA256).cdr; c != nil {
		return c.ID
	}
	return ""
}

func (l *disclosedLine) sessionID(d *recordDoc) string {
	if s := l.session(d); s != nil {
		return s.ID
	}
	return ""
}

// session decodes a session of the line; nil where it is not disclosed or cannot be read.
func (l *disclosedLine) session(d *recordDoc) *ocpi.Session {
	raw := l.raw[d.SHA256]
	if raw == nil {
		return nil
	}
	s, _ := l.decoder.Session(ocpi.Record{Place: d.place(), Bytes: raw})
	return s
}

// cdr decodes a CDR of the line; the zero value where it is not disclosed.
func (l *disclosedLine) cdr(digest string) decodedCDR {
	if c, ok := l.cdrs[digest]; ok || l.raw[digest] == nil {
		return c
	}
	c := l.decode(digest, l.decoder)
	l.cdrs[digest] = c
	return c
}

// cdrOf decodes a CDR as the version that the pack states: it may have been declared where the record does not tell.
func (l *disclosedLine) cdrOf(digest, version string) decodedCDR {
	c := l.cdr(digest)
	v, known := ocpi.ParseVersion(version)
	if c.cdr == nil || !known || c.cdr.Version == v {
		return c
	}
	return l.decode(digest, ocpi.NewDecoder(ocpi.Options{Version: v}))
}

func (l *disclosedLine) decode(digest string, decoder *ocpi.Decoder) decodedCDR {
	rec := ocpi.Record{Bytes: l.raw[digest]}
	for i := range l.entry.CDRs {
		if l.entry.CDRs[i].SHA256 == digest {
			rec.Place = l.entry.CDRs[i].place()
			break
		}
	}
	cdr, findings := decoder.CDR(rec)
	return decodedCDR{cdr: cdr, blocked: ocpi.FirstBlock(findings)}
}

func (d *recordDoc) place() ocpi.Place {
	return ocpi.Place{File: d.Source.File, Record: d.Source.Record, Line: d.Source.Line, Offset: d.Source.Offset}
}

// asWritten is a text as it comes back from JSON: each byte that is no UTF-8 replaced.
func asWritten(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

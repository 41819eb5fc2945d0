package pack

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// RedactedRecord is a record of a pack that is a redacted copy.
type RedactedRecord struct {
	Kind       string // as the names of shards have it: cdrs, invoice_lines
	Level      string // of disclosure
	Commitment string // to the original

	Proof *commitment.Inclusion // that the original is in the commitment of the pack, under its head; nil where the pack has no such proof
}

// Redacted finds the redacted copies in a pack, a folder or an archive: the records of an id (of a CDR, session or tariff), or the rows of a
// line, INVOICE:LINE. Copies of one original are listed once. An error says why there are none.
func Redacted(ctx context.Context, dir, id string) ([]RedactedRecord, error) {
	p, err := openAt(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	found, whole := []RedactedRecord{}, 0
	seen, copies := map[string]bool{}, map[commitment.Digest]int{}
	err = p.eachRecord(func(entry *indexDoc, kind recordKind, raw []byte) {
		if !isRecordOf(id, entry, kind, raw) {
			return
		}
		level, original, ok := reconcile.OriginalOf(raw)
		switch {
		case !ok:
			whole++
		case !seen[original]:
			seen[original] = true
			found = append(found, RedactedRecord{Kind: recordKindNames[kind], Level: level, Commitment: original})
			copies[sha256.Sum256(raw)] = len(found) - 1
		}
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("look for %q in %s: %w", id, dir, err)
	case len(found) == 0 && whole > 0:
		return nil, fmt.Errorf("%q is no redacted copy in %s, but the record as it is", id, dir)
	case len(found) == 0:
		return nil, fmt.Errorf("%s discloses no record %q\nname it by the id of its CDR, session or tariff, or as INVOICE:LINE", dir, id)
	}
	return found, p.proofsOf(copies, found)
}

// proofsOf finds the proofs of copies, by their SHA-256, and checks that they are under the head of the pack.
func (p *openPack) proofsOf(copies map[commitment.Digest]int, found []RedactedRecord) error {
	if !p.hasProofs() {
		return nil
	}
	note, err := p.document(payloadFolder + proofHead)
	if err != nil {
		return err
	}
	text, err := commitment.SplitNote(note)
	if err != nil {
		return fmt.Errorf("%s: %w", proofHead, err)
	}
	head, err := commitment.ParseHead(text)
	if err != nil {
		return fmt.Errorf("%s: %w", proofHead, err)
	}
	l, err := p.lines(proofIndex)
	if err != nil {
		return err
	}
	defer l.close()
	for {
		line, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var ref proofRef
		if err == nil {
			err = json.Unmarshal(line, &ref)
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", proofIndex, l.number, err)
		}
		at, wanted := copies[ref.SHA256]
		if !wanted || ref.Leaf == nil {
			continue
		}
		if found[at].Proof, err = p.inclusion(&ref, head); err != nil {
			return fmt.Errorf("%s line %d: %w", proofIndex, l.number, err)
		}
	}
}

// inclusion reads a proof and checks it.
func (p *openPack) inclusion(ref *proofRef, head *commitment.Head) (*commitment.Inclusion, error) {
	text, err := p.at(ref.locationDoc)
	if err != nil {
		return nil, err
	}
	proof, _, err := commitment.ParseInclusion(text)
	if err != nil {
		return nil, err
	}
	_, err = proof.Check(head)
	return proof, err
}

func isRecordOf(id string, entry *indexDoc, kind recordKind, raw []byte) bool {
	switch kind {
	case kindInvoiceLine, kindClaim, kindResponse:
		return entry.InvoiceID+":"+entry.Line == id
	}
	own, ok := ocpi.ScanIdentity(raw)
	return ok && reconcile.FoldID(own.ID) == reconcile.FoldID(id)
}

// eachRecord goes through all records that the index names.
func (p *openPack) eachRecord(each func(entry *indexDoc, kind recordKind, raw []byte)) error {
	l, err := p.lines(indexFile)
	if err != nil {
		return err
	}
	defer l.close()
	for {
		line, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		entry := &indexDoc{}
		if err := json.Unmarshal(line, entry); err != nil {
			return fmt.Errorf("%s line %d: %w", indexFile, l.number, err)
		}
		for kind, list := range entry.records() {
			for i := range *list {
				raw, err := p.record(&(*list)[i])
				if err != nil {
					return err
				}
				each(entry, recordKind(kind), raw)
			}
		}
	}
}

// disclosureOf is the level that a case states of the records, "" where they are as they were.
func disclosureOf(caseText []byte) string {
	var doc struct {
		Level string `json:"disclosure"`
	}
	_ = json.Unmarshal(caseText, &doc) // what is no JSON is told elsewhere
	return doc.Level
}

// redacted checks that a record is a copy at the level that the case states. Manual decisions have no place for a commitment.
func (p *payloadCheck) redacted(kind recordKind, raw []byte) error {
	if p.level == "" || kind == kindDecision {
		return nil
	}
	if level, _, ok := reconcile.OriginalOf(raw); !ok || level != p.level {
		return fmt.Errorf("does not commit to an original at the level %s, as %s says of all records", short(p.level), caseFile)
	}
	return nil
}

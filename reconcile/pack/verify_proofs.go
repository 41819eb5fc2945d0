package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// proofCheck holds the disclosed records against the commitment that the pack names. It is nil where the pack has no proofs.
type proofCheck struct {
	*payloadCheck
	records    map[commitment.Digest]*provenRecord
	head       *commitment.Head
	headNote   []byte
	checkpoint *commitment.Checkpoint
	note       []byte // of the checkpoint

	leaves   []provenLeaf // by index
	missing  int
	shard    string // of the last proof
	end      int64  // of it in the shard, with its line break
	last     *commitment.Key
	lastMiss *commitment.Digest
}

// provenRecord is a disclosed record: what it adds to the sums of its kind, where the pack tells, and whether the index of proofs has it.
type provenRecord struct {
	cdr, line         commitment.Sums
	cdrTold, lineTold bool
	proven            bool
}

// sums is what the record adds as a leaf of a kind.
func (r *provenRecord) sums(kind string) (sums commitment.Sums, told bool) {
	switch kind {
	case commitment.KindCDR:
		return r.cdr, r.cdrTold
	case commitment.KindInvoiceLine:
		return r.line, r.lineTold
	}
	return nil, true
}

// provenLeaf is a leaf whose inclusion was checked.
type provenLeaf struct {
	index  int64
	hash   tlog.Hash
	kind   string
	record *provenRecord
}

// hasProofs reports a pack that has any file of proofs.
func (p *openPack) hasProofs() bool {
	for name := range p.files {
		if strings.HasPrefix(name, payloadFolder+proofsFolder) {
			return true
		}
	}
	return false
}

func newProofCheck(p *payloadCheck) *proofCheck {
	if !p.pack.hasProofs() {
		p.inclusion.skipped = "the pack carries no commitment under which records could be included"
		return nil
	}
	return &proofCheck{payloadCheck: p, records: map[commitment.Digest]*provenRecord{}}
}

// noteLine notes the records of a disclosed line that can be of a commitment, once each.
func (c *proofCheck) noteLine(l *disclosedLine, verdict *reconcile.LineVerdict) {
	if c == nil {
		return
	}
	doc := l.doc
	for kind, list := range l.entry.records() {
		for i := range *list {
			d := &(*list)[i]
			var sum commitment.Digest
			if commitmentKinds[kind] == "" || l.raw[d.SHA256] == nil || sum.UnmarshalText([]byte(d.SHA256)) != nil {
				continue
			}
			r := c.records[sum]
			if r == nil {
				r = &provenRecord{}
				c.records[sum] = r
			}
			switch recordKind(kind) {
			case kindCDR:
				if !r.cdrTold {
					r.cdr, r.cdrTold = sumsOfCDR(l.cdr(d.SHA256)), true
				}
			case kindInvoiceLine:
				if i == 0 && doc.Part == nil { // what stands for many CDRs or is one of many claims another amount than its row has
					r.line, r.lineTold = sumsOfLine(doc, verdict), true
				}
			}
		}
	}
}

func sumsOfCDR(c decodedCDR) commitment.Sums {
	if c.cdr == nil {
		return nil
	}
	l := commitment.Leaf{Key: commitment.Key{Kind: commitment.KindCDR}}
	l.Give(c.cdr.Currency, c.cdr.TotalCost.BeforeTaxes.Value)
	return l.Sums()
}

func sumsOfLine(doc *lineDoc, verdict *reconcile.LineVerdict) commitment.Sums {
	l := commitment.Leaf{Key: commitment.Key{Kind: commitment.KindInvoiceLine}}
	l.Give(doc.Currency, verdict.Invoiced.BeforeTaxes.Value)
	return l.Sums()
}

// check climbs the rungs of the commitment, once all lines were read.
func (c *proofCheck) check(ctx context.Context) {
	if c == nil {
		return
	}
	const lost = "the proofs cannot be read"
	c.sumsUp.skipped, c.timestamp.skipped = lost, lost
	for _, name := range []string{proofCheckpoint, proofHead, proofOfHead, proofIndex, proofSums} {
		if !c.pack.has(payloadFolder + name) {
			c.inclusion.fault("%s is missing", name)
		}
	}
	if len(c.inclusion.faults) > 0 {
		return
	}
	if err := c.heads(); err != nil {
		c.inclusion.fault("%v", err)
		return
	}
	c.sumsUp.skipped, c.timestamp.skipped = "", ""
	signer := c.signer()
	c.inclusions()
	c.unproved()
	c.tell(signer)
	c.addsUp()
	c.stamped(ctx)
}

// unproved reports the disclosed records of which the index of proofs says nothing.
func (c *proofCheck) unproved() {
	var left []commitment.Digest
	for sum, r := range c.records {
		if !r.proven {
			left = append(left, sum)
		}
	}
	slices.SortFunc(left, compareDigests)
	for _, sum := range left {
		c.inclusion.fault("%s: says nothing of the record with sha256 %s, which the pack discloses", proofIndex, sum)
	}
}

// heads reads the checkpoint and the head of the tree, and checks that this one is in the log.
func (c *proofCheck) heads() (err error) {
	if c.note, err = c.pack.document(payloadFolder + proofCheckpoint); err != nil {
		return err
	}
	if c.headNote, err = c.pack.document(payloadFolder + proofHead); err != nil {
		return err
	}
	text, err := commitment.SplitNote(c.note)
	if err == nil {
		c.checkpoint, err = commitment.ParseCheckpoint(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", proofCheckpoint, err)
	}
	if text, err = commitment.SplitNote(c.headNote); err == nil {
		c.head, err = commitment.ParseHead(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", proofHead, err)
	}
	proof, err := c.pack.document(payloadFolder + proofOfHead)
	if err != nil {
		return err
	}
	_, hashes, note, err := commitment.ParseHeadProof(proof)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", proofOfHead, err)
	case !bytes.Equal(note, c.note):
		return fmt.Errorf("%s: is under another checkpoint than %s", proofOfHead, proofCheckpoint)
	}
	if err := c.checkpoint.CheckHead(c.head, hashes); err != nil {
		return fmt.Errorf("%s: %w", proofOfHead, err)
	}
	if want := c.options.Checkpoint; want != nil && !bytes.Equal(want, c.note) {
		return fmt.Errorf("%s: is another checkpoint than the one given (--checkpoint)", proofCheckpoint)
	}
	return nil
}

// inclusions goes through the index of proofs.
func (c *proofCheck) inclusions() {
	l, err := c.pack.lines(proofIndex)
	if err != nil {
		c.inclusion.fault("%v", err)
		return
	}
	defer l.close()
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.inclusion.fault("%v", err)
			return
		}
		ref := &proofRef{}
		if err := decodeLine(raw, ref, ref.append, &c.buf); err != nil {
			c.inclusion.fault("%s line %d: %v", proofIndex, l.number, err)
			continue
		}
		if err := c.reference(ref); err != nil {
			c.inclusion.fault("%s line %d: %v", proofIndex, l.number, err)
		}
	}
	c.uncoveredProofs()
}

// reference checks what the index says of one record.
func (c *proofCheck) reference(ref *proofRef) error {
	r := c.records[ref.SHA256]
	if r == nil {
		return fmt.Errorf("names a record with sha256 %s that the pack does not disclose", ref.SHA256)
	}
	if ref.Leaf == nil {
		if r.proven || c.lastMiss != nil && compareDigests(*c.lastMiss, ref.SHA256) >= 0 {
			return errors.New("is not in order, or there twice")
		}
		c.lastMiss, r.proven = &ref.SHA256, true
		c.missing++
		return nil
	}
	if c.lastMiss != nil {
		return errors.New("is not in order: records that are not in the commitment come last")
	}
	p, err := c.proof(ref)
	if err != nil {
		return err
	}
	hash, err := p.Check(c.head)
	if err != nil {
		return err
	}
	if c.last != nil && (c.last.Compare(&p.Opening.Key) >= 0 || c.leaves[len(c.leaves)-1].index >= p.Index) {
		return fmt.Errorf("the leaves %d and %d of the tree are not in the order of their keys", c.leaves[len(c.leaves)-1].index, p.Index)
	}
	c.last, r.proven = &p.Opening.Key, true
	c.leaves = append(c.leaves, provenLeaf{p.Index, hash, p.Opening.Key.Kind, r})
	return nil
}

// proof reads the proof of a reference and checks that it is about that record.
func (c *proofCheck) proof(ref *proofRef) (*commitment.Inclusion, error) {
	if !strings.HasPrefix(ref.Shard, proofShards+"-") || !strings.HasSuffix(ref.Shard, endingProof) {
		return nil, fmt.Errorf("%q is no shard of proofs", short(ref.Shard))
	}
	if ref.Shard != c.shard {
		c.uncoveredProofs()
		c.shard, c.end = ref.Shard, 0
	}
	if ref.Offset != c.end {
		return nil, fmt.Errorf("%s: the proof at offset %d does not follow the one before", ref.Shard, ref.Offset)
	}
	c.end = ref.Offset + ref.Length + 1
	text, err := c.pack.at(ref.locationDoc)
	if err != nil {
		return nil, err
	}
	p, note, err := commitment.ParseInclusion(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the proof at offset %d: %w", ref.Shard, ref.Offset, err)
	case !bytes.Equal(note, c.headNote):
		return nil, fmt.Errorf("%s: the proof at offset %d is under another head than %s", ref.Shard, ref.Offset, proofHead)
	case c.level != "" && p.Opening.RecordCommitment == nil:
		return nil, fmt.Errorf("%s: the proof at offset %d opens a record that is redacted", ref.Shard, ref.Offset)
	case p.Index != *ref.Leaf || c.level == "" && (p.Opening.SHA256 == nil || *p.Opening.SHA256 != ref.SHA256):
		return nil, fmt.Errorf("%s: the proof at offset %d is of another record or leaf", ref.Shard, ref.Offset)
	}
	return p, nil
}

// uncoveredProofs reports what stands in a shard behind its last proof.
func (c *proofCheck) uncoveredProofs() {
	if size := c.pack.files[payloadFolder+c.shard]; c.shard != "" && size != c.end {
		c.inclusion.fault("%s: what stands from offset %d on is not in %s", c.shard, c.end, proofIndex)
	}
}

// tell says what was checked. Records that came or changed after the commitment are said not to be in it: the rung then is not climbed.
func (c *proofCheck) tell(signer string) {
	what := "disclosed records that can be committed to"
	if c.level != "" {
		what = "records that can be committed to and whose redacted copies are disclosed"
		c.notProved = append(c.notProved, "That the redacted copies are of the records that are proved to be in the commitment: the case secret and the openings show it, "+
			"record by record ('reconcile open').")
	}
	under := fmt.Sprintf("under the checkpoint of the log %s of %d trees, %s", c.checkpoint.Origin, c.checkpoint.Size, signer)
	if c.missing == 0 {
		c.inclusion.done = fmt.Sprintf("all %d %s are included %s", len(c.leaves), what, under)
		return
	}
	c.inclusion.skipped = fmt.Sprintf("%d of %d %s are included %s; the other %d are not: they came or changed after it",
		len(c.leaves), len(c.leaves)+c.missing, what, under, c.missing)
	c.notProved = append(c.notProved, fmt.Sprintf("That %d disclosed records were there before the dispute: the commitment does not have them.", c.missing))
}

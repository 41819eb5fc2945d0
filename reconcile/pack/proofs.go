package pack

import (
	"bytes"
	"encoding/hex"
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// Files of proofs, below data/. They are there where records are proved to be of a commitment.
const (
	proofsFolder     = "proofs/"
	proofCheckpoint  = proofsFolder + "checkpoint"      // the note of the log
	proofHead        = proofsFolder + "head"            // the note of the tree
	proofOfHead      = proofsFolder + "head.tlog-proof" // that the head is in the log
	proofIndex       = proofsFolder + "index.ndjson"    // where the proof of each record stands
	proofSums        = proofsFolder + "sums.ndjson"     // what the records come to that are not disclosed
	proofKey         = proofsFolder + "key.pub.pem"     // of who signed the notes; absent where nobody did
	proofStamp       = proofsFolder + "checkpoint.tsr"  // absent where there is no time stamp
	proofAuthorities = proofsFolder + "tsa.pem"         // certificates that the time stamp was checked with
	proofShards      = proofsFolder + "records"         // stem
	endingProof      = ".tlog-proof"
)

// commitmentKinds are the kinds of records that can be committed to, "" for those that come later: claims, responses, decisions.
var commitmentKinds = [recordKinds]string{
	kindInvoiceLine: commitment.KindInvoiceLine, kindCDR: commitment.KindCDR, kindSession: commitment.KindSession, kindTariff: commitment.KindTariff,
}

// Commitment is what the disclosed records of a pack are proved to be of.
type Commitment struct {
	Tree        *commitment.Tree
	Number      int         // of the tree in its log, 1-based
	HeadNote    []byte      // the signed head of the tree
	HeadProof   []tlog.Hash // that the head is in the log
	Checkpoint  []byte      // the signed checkpoint of the log
	Key         []byte      // PEM; nil where nobody signed
	Stamp       []byte      // response of a time stamp authority over Checkpoint; nil where there is none
	Authorities []byte      // certificates that Stamp was checked with, PEM

	// Originals says of redacted copies, by what each commits to, which record it is a copy of: its SHA-256. Their proofs leave the record closed.
	// nil where records are as they are.
	Originals map[string]commitment.Digest

	// Proved and Missing are filled when the pack is written: how many disclosed records the commitment has, and has not.
	Proved, Missing int
}

// proofWriter gathers which leaves are disclosed.
type proofWriter struct {
	c       *Commitment
	set     shardSet
	leaves  map[int]commitment.Digest  // and what is disclosed of each: a record, or its redacted copy
	missing map[commitment.Digest]bool // disclosed records that the commitment has not
}

// Prove has the pack prove the records that it discloses. It is called before the first line.
func (w *Writer) Prove(c *Commitment) {
	w.proofs = &proofWriter{
		c: c, set: shardSet{stem: proofShards, ending: endingProof}, leaves: map[int]commitment.Digest{}, missing: map[commitment.Digest]bool{},
	}
}

// disclosed notes a disclosed record.
func (p *proofWriter) disclosed(r *record) {
	if p == nil || commitmentKinds[r.kind] == "" {
		return
	}
	original := commitment.Digest(r.sum)
	if p.c.Originals != nil {
		_, of, _ := reconcile.OriginalOf(r.rec.Bytes)
		original = p.c.Originals[of]
	}
	if leaf := p.c.Tree.Find(commitmentKinds[r.kind], original, r.rec.Place.File, r.rec.Place.Offset); leaf >= 0 {
		p.leaves[leaf] = r.sum
	} else {
		p.missing[r.sum] = true
	}
}

// shards are the shards of proofs.
func (p *proofWriter) shards() []*shardSet {
	if p == nil {
		return nil
	}
	return []*shardSet{&p.set}
}

// proofRef is an object of proofs/index.ndjson: where the proof of a record stands, by its leaf. Of a record that the commitment has not there
// is only the digest.
type proofRef struct {
	SHA256 commitment.Digest `json:"sha256"` // of the record that is disclosed
	Leaf   *int64            `json:"leaf,omitempty"`
	locationDoc
}

func (d *proofRef) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"sha256":`...), d.SHA256.String())
	if d.Leaf != nil {
		dst = appendNumberMember(dst, `,"leaf":`, *d.Leaf)
		dst = d.locationDoc.append(append(dst, ','))
	}
	return append(dst, "}\n"...)
}

// writeProofs writes the proofs of what was disclosed.
func (w *Writer) writeProofs() error {
	p := w.proofs
	if p == nil || w.err != nil {
		return w.err
	}
	c := p.c
	for _, f := range []struct {
		name string
		text []byte
	}{
		{proofCheckpoint, c.Checkpoint}, {proofHead, c.HeadNote}, {proofOfHead, commitment.MarshalHeadProof(c.Number, c.HeadProof, c.Checkpoint)},
		{proofKey, c.Key}, {proofStamp, c.Stamp}, {proofAuthorities, c.Authorities},
	} {
		if f.text == nil {
			continue
		}
		if err := w.File(f.name, f.text); err != nil {
			return err
		}
	}
	leaves := slices.Sorted(maps.Keys(p.leaves))
	w.keep(w.writeInclusions(leaves))
	w.keep(w.writeSums(leaves))
	c.Proved, c.Missing = len(leaves), len(p.missing)
	return w.err
}

// writeInclusions writes the proofs of leaves and their index.
func (w *Writer) writeInclusions(leaves []int) error {
	p := w.proofs
	index := w.open(proofIndex)
	for _, leaf := range leaves {
		proof, err := p.c.Tree.Prove(leaf)
		if err != nil {
			return err
		}
		if p.c.Originals != nil {
			proof.Opening = proof.Opening.KeyAlone()
		}
		text, err := proof.Marshal(p.c.HeadNote)
		if err != nil {
			return err
		}
		at, err := w.putLine(&p.set, text)
		if err != nil {
			return err
		}
		ref := proofRef{SHA256: p.leaves[leaf], Leaf: &proof.Index, locationDoc: p.set.doc(at)}
		w.write(index, ref.append(nil))
	}
	for _, sum := range slices.SortedFunc(maps.Keys(p.missing), compareDigests) {
		w.write(index, (&proofRef{SHA256: sum}).append(nil))
	}
	return w.end(index, proofIndex)
}

func compareDigests(a, b commitment.Digest) int { return bytes.Compare(a[:], b[:]) }

// writeSums writes what the leaves that are not disclosed come to.
func (w *Writer) writeSums(leaves []int) error {
	if w.err != nil {
		return w.err
	}
	f := w.open(proofSums)
	err := w.proofs.c.Tree.ProveSums(leaves, func(s commitment.SumStep) error {
		w.write(f, append(appendStep(nil, &s), '\n'))
		return w.err
	})
	if err != nil {
		return err
	}
	return w.end(f, proofSums)
}

// end finishes a file that open began.
func (w *Writer) end(f *payloadFile, name string) error {
	if w.err == nil {
		w.keep(w.finish(f))
		w.names[name] = nil
	}
	return w.err
}

// appendStep appends a step of a sum proof.
func appendStep(dst []byte, s *commitment.SumStep) []byte {
	dst = appendNumberMember(append(dst, '{'), `"from":`, s.From)
	dst = appendNumberMember(dst, `,"to":`, s.To)
	if s.Hash != nil {
		dst = append(hex.AppendEncode(append(dst, `,"hash":"`...), s.Hash[:]), '"')
	}
	for i := range s.Sums {
		open := `,{"kind":`
		if i == 0 {
			open = `,"sums":[{"kind":`
		}
		x := &s.Sums[i]
		dst = appendString(append(dst, open...), x.Kind)
		dst = appendString(append(dst, `,"currency":`...), x.Currency)
		dst = appendString(append(dst, `,"debit":`...), x.Debit.Plain())
		dst = append(appendString(append(dst, `,"credit":`...), x.Credit.Plain()), '}')
	}
	if len(s.Sums) > 0 {
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

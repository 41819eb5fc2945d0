package pack

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/nexacollect/reconcile/reconcile/seal"
)

// Verify climbs the ladder on a pack: a folder, or a zip or tar.gz of one, which is read where it is. The error says that it cannot be
// opened at all; whatever is wrong inside it is a failed check. Where keys are trusted, at least one of them must have signed the pack.
func Verify(ctx context.Context, dir string, trusted ...*seal.Key) (*Verification, error) {
	return VerifyWith(ctx, dir, VerifyOptions{Trusted: trusted})
}

// VerifyOptions are what who verifies a pack has by another way than the pack.
type VerifyOptions struct {
	Trusted     []*seal.Key         // one of them must have signed, where there are any
	Authorities []*x509.Certificate // a time stamp must lead to one of them, where there are any
	Checkpoint  []byte              // records must be proved under this one; nil takes the pack's
	Again       string              // folder of a pack that was made again from the inputs; "" where it was not
}

// VerifyWith is Verify with more to hold the pack against.
func VerifyWith(ctx context.Context, dir string, o VerifyOptions) (*Verification, error) {
	p, err := openAt(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer p.close()
	v := newVerifier(p)
	v.options = o
	v.unstamped()
	if err := v.bag(ctx); err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	if err := v.payload(ctx); err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	if err := v.checkSignature(ctx, o.Trusted); err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	if err := v.again(ctx); err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	return v.result(), nil
}

// verifier climbs the ladder.
type verifier struct {
	pack    *openPack
	options VerifyOptions

	complete, valid, parse, recompute, totals, conserve, signature, timestamp, inclusion, sumsUp, rematch, report rung

	digests    []digest // of the payload, by name
	notProved  []string
	signatures Signatures
	built      int // disclosed records that were made of rows of tables
}

func newVerifier(p *openPack) *verifier {
	return &verifier{
		pack: p, complete: rung{name: rungComplete}, valid: rung{name: rungValid}, parse: rung{name: rungParse},
		recompute: rung{name: rungRecompute}, totals: rung{name: rungLines}, conserve: rung{name: rungConserve},
		signature: rung{name: rungSignature}, timestamp: rung{name: rungTimestamp}, inclusion: rung{name: rungInclusion}, sumsUp: rung{name: rungSums},
		rematch: rung{name: rungRematch, skipped: "which records support a line, by what margin, and what they prove of it, is not decided again: " +
			"that takes the records that are not disclosed; whoever has the inputs gives them by --inputs"},
		report: rung{name: rungReport, skipped: "report.html, findings.ndjson, the names of the parties and how they round are covered by the digests alone: " +
			"they are not made again from the records"},
	}
}

func (v *verifier) result() *Verification {
	out := &Verification{OK: true, Signature: v.signatures, NotProved: orEmpty(v.notProved)}
	rungs := []rung{v.complete, v.valid, v.parse, v.recompute, v.totals, v.conserve, v.signature, v.timestamp, v.inclusion}
	if v.pack.hasProofs() {
		rungs = append(rungs, v.sumsUp)
	}
	rungs = append(rungs, v.rematch, v.report, rung{name: rungLetter, skipped: "the pack holds no letter"})
	if v.built > 0 {
		rungs = append(rungs, rung{name: rungRows, skipped: fmt.Sprintf(
			"%d disclosed records were made of rows of tables; they carry the rows (source_rows), but are not made again from them", v.built)})
	}
	for i := range rungs {
		c := rungs[i].check()
		out.OK = out.OK && c.State != StateFailed
		out.Checks = append(out.Checks, c)
	}
	return out
}

// payload climbs what looks into the files. Where one of them is missing there is nothing to climb.
func (v *verifier) payload(ctx context.Context) error {
	for _, name := range payloadFiles {
		if v.pack.has(payloadFolder + name) {
			continue
		}
		for _, r := range []*rung{&v.parse, &v.recompute, &v.totals, &v.conserve, &v.timestamp, &v.inclusion, &v.sumsUp} {
			r.skipped = payloadFolder + name + " is missing"
		}
		return nil
	}
	return newPayloadCheck(v).run(ctx)
}

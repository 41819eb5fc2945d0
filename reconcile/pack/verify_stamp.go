package pack

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/seal"
	"github.com/nexacollect/reconcile/reconcile/stamp"
)

// signer checks who signed the checkpoint and the head, and says it.
func (c *proofCheck) signer() string {
	signed := commitment.IsSigned(c.note) || commitment.IsSigned(c.headNote)
	if !c.pack.has(payloadFolder + proofKey) {
		if signed {
			c.inclusion.fault("%s is missing, but a checkpoint is signed", proofKey)
		}
		return "which nobody signed"
	}
	text, err := c.pack.document(payloadFolder + proofKey)
	var key *seal.Key
	if err == nil {
		key, err = seal.ParseKey(text)
	}
	if err != nil {
		c.inclusion.fault("%s: %v", proofKey, err)
		return ""
	}
	if !bytes.Equal(key.PEM(), text) {
		c.inclusion.fault("%s: %v", proofKey, errForm)
	}
	for _, n := range []struct {
		name, origin string
		note         []byte
	}{{proofCheckpoint, c.checkpoint.Origin, c.note}, {proofHead, c.head.Origin, c.headNote}} {
		v, err := key.Note(n.origin)
		if err != nil || !commitment.HoldsNote(n.note, v) {
			c.inclusion.fault("%s: its signature is not by the key in %s", n.name, proofKey)
		}
	}
	whose := "nothing here says whose key it is (--trust)"
	if slices.ContainsFunc(c.options.Trusted, func(t *seal.Key) bool { return t.ID() == key.ID() }) {
		whose = "which is trusted"
	}
	return fmt.Sprintf("signed by key %s; %s", key.ID(), whose)
}

// stamped checks the time stamp over the checkpoint.
func (c *proofCheck) stamped(ctx context.Context) {
	if !c.pack.has(payloadFolder + proofStamp) {
		c.unstamped()
		return
	}
	response, err := c.pack.document(payloadFolder + proofStamp)
	if err != nil {
		c.timestamp.fault("%v", err)
		return
	}
	text, err := c.pack.document(payloadFolder + proofAuthorities)
	if err != nil {
		c.timestamp.fault("%v", err)
		return
	}
	anchors, err := stamp.ParseCertificates(text)
	if err != nil {
		c.timestamp.fault("%s: %v", proofAuthorities, err)
		return
	}
	s, err := stamp.Check(ctx, response, c.note, anchors)
	if err != nil {
		c.timestamp.fault("%s: %v", proofStamp, err)
		return
	}
	what := fmt.Sprintf("the checkpoint was there on %s, by the time stamp of %s", s.Time.Format(time.RFC3339Nano), visible(s.Authority))
	if len(c.options.Authorities) == 0 {
		c.timestamp.skipped = what + ": it holds, but nothing here says whose authority that is (--tsa)"
		return
	}
	if _, err := stamp.Check(ctx, response, c.note, c.options.Authorities); err != nil {
		c.timestamp.fault("%s: not by an authority that is trusted: %v", proofStamp, err)
	}
	c.timestamp.done = what + ", which is trusted"
}

// unstamped says why there is no time stamp.
func (v *verifier) unstamped() {
	if v.pack.has(payloadFolder + proofStamp) {
		return
	}
	v.timestamp.skipped = "the pack carries no time stamp"
	if len(v.options.Authorities) > 0 {
		v.timestamp.fault("the pack carries no time stamp, by a trusted authority or any other")
	}
	if v.options.Checkpoint != nil && !v.pack.hasProofs() {
		v.inclusion.fault("the pack proves nothing under the checkpoint given (--checkpoint), nor under any other")
	}
}

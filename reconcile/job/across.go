package job

import (
	"context"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// pairBatch is how many pairs of CDRs are read again at a time.
const pairBatch = 256

// across compares CDRs with each other, whatever ties them. Memory holds their marks; the records that these suspect are read again.
func (j *judging) across(ctx context.Context, v ocpi.Version) error {
	d := ocpi.NewDecoder(ocpi.Options{Version: v})
	for pairs := range slices.Chunk(reconcile.Pairs(j.marks, j.agreement), pairBatch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		refs := make([]source.Ref, 0, 2*len(pairs))
		for _, p := range pairs {
			refs = append(refs, j.x.ref(p.First), j.x.ref(p.Second))
		}
		_, raw, err := j.in.cdrs.again(nil, refs)
		if err != nil {
			return err
		}
		if err := j.confirm(d, pairs, raw); err != nil {
			return err
		}
	}
	return nil
}

// confirm writes the findings of pairs, whose records follow each other.
func (j *judging) confirm(d *ocpi.Decoder, pairs []reconcile.Pair, raw []ocpi.Record) error {
	for n, p := range pairs {
		first, _ := d.CDR(raw[2*n])
		second, _ := d.CDR(raw[2*n+1])
		if first == nil || second == nil {
			continue // they were read before, and their findings stand there
		}
		if f, ok := j.agreement.Confirm(p, first, second); ok {
			if err := j.finding(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// cdrsOf are the CDRs among the members of a group.
func (x *index) cdrsOf(members []int32) []int32 {
	var out []int32
	for _, i := range members {
		if x.ids.Kind(i) == reconcile.CDRRecord {
			out = append(out, i)
		}
	}
	return out
}

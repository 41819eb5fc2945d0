package job

import (
	"context"
	"iter"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// leftoverBatch is how many CDRs are read again at a time for their traces.
const leftoverBatch = 256

// rejoin ties groups that no id ties. Only lines without a CDR and CDRs without a line are looked at, mostly a few: their records are
// read again, and a trace of each is held for as long as it takes.
func (x *index) rejoin(ctx context.Context, in *inputs, groups reconcile.Groups, m *reconcile.Matching, opts Options) (reconcile.Groups, error) {
	lines, cdrs := reconcile.Leftovers(&x.ids, groups)
	x.leftCDRs = cdrs
	if len(lines) == 0 || len(cdrs) == 0 {
		return groups, nil
	}
	traces := make([]reconcile.Trace, 0, len(lines)+len(cdrs))
	var cells []string
	metered := false
	for _, i := range lines {
		line := x.line(x.row(i), &cells)
		metered = metered || line.IsMetered()
		traces = append(traces, reconcile.TraceOfLine(i, line))
	}
	progress := newMeter(opts.Progress, "matching what no id ties")
	progress.now.Total = int64(len(cdrs))
	tracers := make([]tracer, opts.workers())
	for i := range tracers {
		tracers[i] = tracer{x: x, in: in, metered: metered, decoder: ocpi.NewDecoder(ocpi.Options{Version: opts.Version})}
	}
	read := func(worker int, records []int32) ([]reconcile.Trace, error) { return tracers[worker].traces(records) }
	err := ordered(ctx, inBatches(cdrs, leftoverBatch), opts.workers(), read, func(found []reconcile.Trace) error {
		traces = append(traces, found...)
		progress.add(len(found), 0)
		return nil
	})
	progress.end()
	if err != nil {
		return groups, err
	}
	return reconcile.Rejoin(groups, traces, m), nil
}

func inBatches(list []int32, n int) iter.Seq2[[]int32, error] {
	return func(yield func([]int32, error) bool) {
		for some := range slices.Chunk(list, n) {
			if !yield(some, nil) {
				return
			}
		}
	}
}

// tracer reads CDRs again for their traces, on one worker.
type tracer struct {
	x       *index
	in      *inputs
	metered bool
	decoder *ocpi.Decoder
	raw     []byte // the bytes of a batch
}

// traces reads CDRs again; their findings are those of judging.
func (t *tracer) traces(records []int32) ([]reconcile.Trace, error) {
	refs := make([]source.Ref, len(records))
	for n, i := range records {
		refs[n] = t.x.ref(i)
	}
	t.decoder.Release(nil, nil) // what it has read lies in raw
	bytes, raw, err := t.in.cdrs.again(t.raw[:0], refs)
	if err != nil {
		return nil, err
	}
	t.raw = bytes
	out := make([]reconcile.Trace, 0, len(records))
	for n, rec := range raw {
		if c, _ := t.decoder.CDR(rec); c != nil {
			out = append(out, reconcile.TraceOfCDR(records[n], c, t.metered))
			t.decoder.Release([]*ocpi.CDR{c}, nil)
		}
	}
	return out, nil
}

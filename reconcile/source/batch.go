package source

import (
	"context"
	"fmt"
	"iter"
	"os"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
)

// Batch is some consecutive records of one file. The consumer owns it.
type Batch struct {
	File     int            // index into Files
	Records  []ocpi.Record  // Bytes point into the batch's own buffers
	Refs     []Ref          // one for each record
	Rejected []ocpi.Finding // stretches of the file that could not be framed as a record, each counted as one record read
	Findings []ocpi.Finding // what else is to be said of the file; no record is lost by these

	bytes   int
	buffers []*buffer
}

var batches = sync.Pool{New: func() any { return new(Batch) }}

// newBatch returns an empty batch.
func newBatch(file int) *Batch {
	b := batches.Get().(*Batch)
	b.File = file
	return b
}

// Release recycles the batch and the bytes of its records; none of them may be used any more. A batch that is not released is
// left to the garbage collector.
func (b *Batch) Release() {
	for _, buf := range b.buffers {
		buf.release()
	}
	clear(b.buffers)
	clear(b.Records)
	*b = Batch{Records: b.Records[:0], Refs: b.Refs[:0], buffers: b.buffers[:0]}
	batches.Put(b)
}

// hold keeps a buffer for the records that point into it.
func (b *Batch) hold(buf *buffer) {
	if n := len(b.buffers); n > 0 && b.buffers[n-1] == buf {
		return
	}
	buf.refs.Add(1)
	b.buffers = append(b.buffers, buf)
}

// empty reports a batch with nothing to tell.
func (b *Batch) empty() bool { return len(b.Records)+len(b.Rejected)+len(b.Findings) == 0 }

// full reports a batch that is to be handed on.
func (b *Batch) full(records int) bool {
	return len(b.Records) >= records || b.bytes >= batchBytes || len(b.Rejected)+len(b.Findings) >= records
}

// Batches yields all records in order of file and place. An error ends the sequence; it is the environment's, never the
// data's. Files are read anew by each call, except standard input.
func (s *Set) Batches(ctx context.Context) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		s.restart()
		for i := range s.files {
			if !s.batchesOf(ctx, i, yield) {
				return
			}
		}
	}
}

// restart forgets an earlier pass.
func (s *Set) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = nil
	s.read.Store(0)
}

// batchesOf frames one file; false ends the sequence.
func (s *Set) batchesOf(ctx context.Context, i int, yield func(*Batch, error) bool) bool {
	in, err := s.openInput(ctx, s.files[i])
	if err != nil {
		yield(nil, err)
		return false
	}
	defer in.close()
	f := newFramer(in, i, s.opts)
	defer func() { f.w.buf.release() }() // the last of them: the window moves on
	framing, err := s.framing(f, i)
	if err != nil {
		yield(nil, err)
		return false
	}
	defer framing.shut() // only read from
	for framing.step() {
		if !f.out.full(s.opts.Batch) {
			continue
		}
		full := f.out
		f.out = newBatch(i)
		if !yield(full, nil) {
			return false
		}
	}
	if f.w.err != nil {
		yield(nil, in.environment(f.w.err))
		return false
	}
	if !f.out.empty() && !yield(f.out, nil) {
		return false
	}
	if err := s.finish(i, in, f.records); err != nil {
		yield(nil, err)
		return false
	}
	return true
}

// see remembers what a file was at the pass.
func (s *Set) see(f *file, info os.FileInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.seen = info
}

// finish records what is known of a file at its end.
func (s *Set) finish(i int, in *input, records int) error {
	info, err := in.finish()
	if err != nil {
		return err
	}
	info.Records = records
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.done) != i {
		return fmt.Errorf("read %s: two passes over the same files at once, want one after the other", in.name)
	}
	s.done = append(s.done, info)
	return nil
}

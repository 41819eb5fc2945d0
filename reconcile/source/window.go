package source

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// buffer is a piece of a file that the window reads into and that batches point into. It is recycled once the window and all
// batches have let go of it.
type buffer struct {
	b    []byte
	refs atomic.Int32
}

var buffers sync.Pool // of *buffer of the default size

// newBuffer returns a buffer that is held once.
func newBuffer(size int) *buffer {
	if size == defaultBuffer {
		if b, ok := buffers.Get().(*buffer); ok {
			b.refs.Store(1)
			return b
		}
	}
	b := &buffer{b: make([]byte, size)}
	b.refs.Store(1)
	return b
}

// release lets go once.
func (b *buffer) release() {
	if b.refs.Add(-1) == 0 && len(b.b) == defaultBuffer {
		buffers.Put(b)
	}
}

// window is the unread part of a file as far as it is in memory. Positions given to and by its methods count from the first
// unread byte, so they stay right when more is read.
type window struct {
	r    io.Reader
	size int
	buf  *buffer
	lo   int // unread bytes are buf.b[lo:hi]
	hi   int

	offset             int64 // of the first unread byte in the file
	line               int   // its line, 1-based
	clearFrom, clearTo int64 // no newline between these offsets
	clearFound         bool  // a newline at clearTo

	end bool  // nothing is left to read
	err error // the environment's
}

// newWindow reads r through buffers of the given size.
func newWindow(r io.Reader, size int) *window {
	return &window{r: r, size: size, buf: newBuffer(size), line: 1}
}

// bytes are the unread bytes in memory.
func (w *window) bytes() []byte { return w.buf.b[w.lo:w.hi] }

// more reads on; false at the end of the file.
func (w *window) more() bool {
	if w.end {
		return false
	}
	if w.hi == len(w.buf.b) { // full
		w.move()
	}
	for range maxEmptyReads {
		n, err := w.r.Read(w.buf.b[w.hi:])
		w.hi += n
		if err != nil {
			w.end = true
			if !errors.Is(err, io.EOF) {
				w.err = err
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	w.end, w.err = true, io.ErrNoProgress
	return false
}

const maxEmptyReads = 100

// move makes room behind the unread bytes. Bytes that records may point to stay where they are.
func (w *window) move() {
	rest := w.bytes()
	if w.buf.refs.Load() == 1 && len(rest) <= len(w.buf.b)/2 {
		w.hi, w.lo = copy(w.buf.b, rest), 0
		return
	}
	next := newBuffer(max(w.size, 2*len(rest)))
	w.hi = copy(next.b, rest)
	w.lo = 0
	w.buf.release()
	w.buf = next
}

// at is the byte at position i; false behind the end of the file.
func (w *window) at(i int) (byte, bool) {
	for w.hi-w.lo <= i {
		if !w.more() {
			return 0, false
		}
	}
	return w.buf.b[w.lo+i], true
}

// need tries to have n unread bytes in memory.
func (w *window) need(n int) {
	for w.hi-w.lo < n && w.more() {
	}
}

// advance marks n bytes as read.
func (w *window) advance(n int) {
	w.line += bytes.Count(w.buf.b[w.lo:w.lo+n], newline)
	w.lo += n
	w.offset += int64(n)
}

var newline = []byte{'\n'}

// lineEnd is the position of the first newline at or after the position from, -1 where there is none in memory. Asking again
// does not search again.
func (w *window) lineEnd(from int) int {
	at := w.offset + int64(from)
	if at < w.clearFrom || at > w.clearTo {
		w.clearFrom, w.clearTo, w.clearFound = at, at, false
	}
	if w.clearFound {
		return int(w.clearTo - w.offset)
	}
	start := int(w.clearTo - w.offset)
	i := bytes.IndexByte(w.buf.b[w.lo+start:w.hi], '\n')
	if i < 0 {
		w.clearTo = w.offset + int64(w.hi-w.lo)
		return -1
	}
	w.clearTo, w.clearFound = w.offset+int64(start+i), true
	return start + i
}

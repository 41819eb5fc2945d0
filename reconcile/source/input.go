package source

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync/atomic"

	"github.com/nexacollect/reconcile/ocpi"
)

// flaw is a defect of the data that ends a file early.
type flaw struct {
	code    ocpi.Code
	message string
}

// meter counts and hashes the bytes on disk, and stops when the run is cancelled.
type meter struct {
	ctx  context.Context
	r    io.Reader
	sum  hash.Hash
	n    int64
	all  *atomic.Int64
	err  error // the environment's, sticky
	done bool
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	if err := m.ctx.Err(); err != nil {
		m.err = err
		return 0, err
	}
	n, err := m.r.Read(p)
	m.sum.Write(p[:n])
	m.n += int64(n)
	m.all.Add(int64(n))
	if errors.Is(err, io.EOF) {
		m.done = true
	} else if err != nil {
		m.err = err
	}
	return n, err
}

// input is one open file: its decompressed bytes by Read, what is known of it on disk, and why it ended early.
type input struct {
	name     string
	raw      *os.File // nil for a given reader
	before   os.FileInfo
	meter    *meter
	plain    io.Reader // decompressed
	packed   *bufio.Reader
	packing  *packing  // nil of what is not compressed
	unpacker io.Closer // likewise
	out      int64     // decompressed bytes given out
	ratio    int64
	spool    *os.File // receives the decompressed bytes, or nil
	flaw     *flaw
}

// openInput opens a file of the set for its one pass.
func (s *Set) openInput(ctx context.Context, f *file) (*input, error) {
	in := &input{name: f.name, ratio: int64(s.opts.Limits.Ratio)}
	r := s.opts.Stdin
	if f.path == "-" {
		if f.taken {
			return nil, in.environment(errors.New("standard input was read already and can be read only once; save it in a file"))
		}
		f.taken = true
	} else {
		raw, err := os.Open(f.path)
		if err != nil {
			return nil, fmt.Errorf("open input %s: %w", f.name, err)
		}
		in.raw, r = raw, raw
		if in.before, err = raw.Stat(); err != nil {
			return nil, errors.Join(fmt.Errorf("open input %s: %w", f.name, err), in.close())
		}
		s.see(f, in.before)
	}
	in.meter = &meter{ctx: ctx, r: r, sum: sha256.New(), all: &s.read}
	if err := in.sniff(); err != nil {
		return nil, errors.Join(err, in.close())
	}
	if s.opts.Refetch && (in.packing != nil || !f.regular) {
		if err := s.makeSpool(f); err != nil {
			return nil, errors.Join(err, in.close())
		}
		in.spool = f.handle
	}
	return in, nil
}

// sniff looks for the bytes that begin compressed data.
func (in *input) sniff() error {
	head := make([]byte, packedMagic)
	n, _ := io.ReadFull(in.meter, head)
	if in.meter.err != nil {
		return in.environment(in.meter.err)
	}
	in.plain = &joined{head: head[:n], r: in.meter}
	if in.packing = packingOf(head[:n]); in.packing == nil {
		return nil
	}
	in.packed = bufio.NewReaderSize(in.plain, packedBuffer)
	r, err := in.packing.open(in.packed)
	if err != nil {
		in.plain = eofReader{}
		return in.fault(err)
	}
	in.plain, in.unpacker = r, r
	return nil
}

// joined is the first bytes of a file, read ahead, and the rest.
type joined struct {
	head []byte
	r    io.Reader
}

// Read implements io.Reader.
func (j *joined) Read(p []byte) (int, error) {
	if len(j.head) == 0 {
		return j.r.Read(p)
	}
	n := copy(p, j.head)
	j.head = j.head[n:]
	return n, nil
}

// eofReader is empty.
type eofReader struct{}

// Read implements io.Reader.
func (eofReader) Read([]byte) (int, error) { return 0, io.EOF }

// environment wraps an error that is not the data's fault.
func (in *input) environment(err error) error { return fmt.Errorf("read %s: %w", in.name, err) }

// fault tells a damaged file, which is a flaw of the data, from an error of the environment.
func (in *input) fault(err error) error {
	if in.meter.err != nil {
		return in.environment(in.meter.err)
	}
	if in.packing == nil {
		return in.environment(err)
	}
	in.flaw = in.packing.flaw(err, in.out)
	return nil
}

// Read gives decompressed bytes. io.EOF is the end of the file or of what can be read of it: see flaw. Any other error is the
// environment's.
func (in *input) Read(p []byte) (int, error) {
	if in.flaw != nil {
		return 0, io.EOF
	}
	n, err := in.plain.Read(p)
	in.out += int64(n)
	if in.spool != nil && n > 0 {
		if _, werr := in.spool.Write(p[:n]); werr != nil {
			return n, fmt.Errorf("keep a copy of %s for reading again: %w\nwant as much free space as its decompressed size; choose another temporary folder", in.name, werr)
		}
	}
	if in.packing != nil && in.out > ratioFree {
		if used := in.meter.n - int64(in.packed.Buffered()); in.out > in.ratio*used {
			in.flaw = &flaw{CodeRatio, fmt.Sprintf("found %d bytes out of %d compressed ones, above the decompression limit of %d:1; the rest of the file is not read",
				in.out, used, in.ratio)}
			return n, nil
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	if err := in.fault(err); err != nil {
		return n, err
	}
	return n, io.EOF
}

// ratioFree is how much may come out before the ratio is looked at.
const ratioFree = 1 << 20

// finish reads what framing left on disk, so that the hash covers the whole file, and checks that the file stood still.
func (in *input) finish() (FileInfo, error) {
	if _, err := io.Copy(io.Discard, in.meter); err != nil {
		return FileInfo{}, in.environment(err)
	}
	info := FileInfo{Name: in.name, SHA256: hex.EncodeToString(in.meter.sum.Sum(nil)), Bytes: in.meter.n}
	if in.raw == nil || !in.before.Mode().IsRegular() {
		return info, nil
	}
	after, err := in.raw.Stat()
	if err != nil {
		return FileInfo{}, in.environment(err)
	}
	if !same(in.before, after) || after.Size() != in.meter.n {
		return FileInfo{}, in.environment(fmt.Errorf("the file changed while it was read, from %d to %d bytes; copy it first, then run again",
			in.before.Size(), after.Size()))
	}
	return info, nil
}

// same compares what changes when a file is written.
func same(a, b os.FileInfo) bool { return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) }

// close closes the file.
func (in *input) close() error {
	if in.unpacker != nil {
		_ = in.unpacker.Close() // what it found was said when it was read
	}
	if in.raw == nil {
		return nil
	}
	return in.raw.Close()
}

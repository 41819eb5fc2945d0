package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
)

// blockBytes is how much of a file of an archive is compressed as one piece: what it takes to read any byte of it.
const blockBytes = 256 << 10

// blob is a file held in memory, compressed in blocks, so that it can be read from anywhere.
type blob struct {
	size   int64
	blocks [][]byte // each of blockBytes but the last
}

// blobMaker makes blobs, one after the other.
type blobMaker struct {
	plain  []byte
	packed bytes.Buffer
	z      *flate.Writer
}

// take makes a blob of all that r gives. grow is asked before each block is kept.
func (m *blobMaker) take(r io.Reader, grow func(n int64) error) (*blob, error) {
	if m.plain == nil {
		m.plain = make([]byte, blockBytes)
	}
	b := &blob{}
	for {
		n, err := io.ReadFull(r, m.plain)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return nil, err
		}
		if err := grow(int64(n)); err != nil {
			return nil, err
		}
		if n > 0 {
			packed, err := m.pack(m.plain[:n])
			if err != nil {
				return nil, err
			}
			b.blocks, b.size = append(b.blocks, packed), b.size+int64(n)
		}
		if last {
			return b, nil
		}
	}
}

// pack compresses a block.
func (m *blobMaker) pack(plain []byte) ([]byte, error) {
	m.packed.Reset()
	if m.z == nil {
		z, err := flate.NewWriter(&m.packed, flate.BestSpeed)
		if err != nil {
			return nil, err
		}
		m.z = z
	} else {
		m.z.Reset(&m.packed)
	}
	if _, err := m.z.Write(plain); err != nil {
		return nil, err
	}
	err := m.z.Close()
	return bytes.Clone(m.packed.Bytes()), err
}

func (b *blob) open() packFile { return &blobFile{blob: b, block: -1} }

// blobFile reads a blob; it keeps the block read last.
type blobFile struct {
	*blob
	at    int64
	block int64
	plain []byte
	z     io.ReadCloser
}

func (*blobFile) Close() error { return nil }

// Read implements io.Reader.
func (f *blobFile) Read(p []byte) (int, error) {
	n, err := f.piece(p, f.at)
	f.at += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt, for one caller at a time.
func (f *blobFile) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && err == nil {
		var some int
		some, err = f.piece(p[n:], at+int64(n))
		n += some
	}
	return n, err
}

// piece reads what one block has of p.
func (f *blobFile) piece(p []byte, at int64) (int, error) {
	if at < 0 || at >= f.size {
		return 0, io.EOF
	}
	if block := at / blockBytes; block != f.block {
		if err := f.load(block); err != nil {
			return 0, err
		}
	}
	return copy(p, f.plain[at%blockBytes:]), nil
}

func (f *blobFile) load(block int64) error {
	packed := bytes.NewReader(f.blocks[block])
	if f.z == nil {
		f.z, f.plain = flate.NewReader(packed), make([]byte, min(blockBytes, f.size))
	} else if err := f.z.(flate.Resetter).Reset(packed, nil); err != nil {
		return err
	}
	f.block, f.plain = -1, f.plain[:cap(f.plain)]
	n, err := io.ReadFull(f.z, f.plain)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read from memory: %w", err)
	}
	f.block, f.plain = block, f.plain[:n]
	return nil
}

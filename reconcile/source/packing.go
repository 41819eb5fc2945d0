package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/nexacollect/reconcile/ocpi"
)

// packing is a way to compress files.
type packing struct {
	name string
	code ocpi.Code // of damage
	open func(r *bufio.Reader) (io.ReadCloser, error)
}

const (
	packedMagic  = 4 // bytes that tell how a file is compressed
	packedBuffer = 64 << 10
	windowBytes  = 128 << 20 // how far zstd data may refer back, as the zstd tool reads without being told otherwise
)

var (
	gzipPacking = &packing{"gzip", CodeGzip, func(r *bufio.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }}
	zstdPacking = &packing{"zstd", CodeZstd, func(r *bufio.Reader) (io.ReadCloser, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(windowBytes))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}}
)

// Compressed reports that a file begins as compressed data, which Open and OpenTable decompress.
func Compressed(head []byte) bool { return packingOf(head[:min(len(head), packedMagic)]) != nil }

// packingOf tells by its first bytes how a file is compressed, nil if it is not. What begins as a skippable frame is zstd too.
func packingOf(head []byte) *packing {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return gzipPacking
	case bytes.Equal(head, []byte("\x28\xb5\x2f\xfd")), len(head) == packedMagic && head[0]&0xf0 == 0x50 && string(head[1:]) == "\x2a\x4d\x18":
		return zstdPacking
	}
	return nil
}

// flaw says what is wrong with compressed data of which so many bytes came out.
func (p *packing) flaw(err error, out int64) *flaw {
	switch {
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return newFlaw(CodeWindow, "zstd data refers further back than the window limit of %d bytes; decompress it with zstd -d --long=31 first", windowBytes)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return newFlaw(p.code, "%s data ends too early after %d decompressed bytes, want a whole file", p.name, out)
	}
	return newFlaw(p.code, "%s data is damaged: %v after %d decompressed bytes, want a whole file", p.name, err, out)
}

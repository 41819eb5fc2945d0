package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of the pages of a Parquet file. They hold before anything is decompressed: what a page claims is not believed.
const (
	pageBytes     = 128 << 20 // of a page, decompressed
	pagesAtOnce   = 512 << 20 // of the largest page of every column together, for these are in memory at once
	pageValues    = 16 << 20  // of a page
	parquetLeaves = maxCells
)

// checkPages reads the headers of all pages of the columns that are wanted, and finds out how large the pages are.
func checkPages(file *parquet.File, r io.ReaderAt, size int64, wanted func(leaf int) bool) error {
	if n := countLeaves(file.Root()); n > parquetLeaves {
		return fmt.Errorf("it has %d columns, above the limit of %d", n, parquetLeaves)
	}
	var largest []int64 // page of each column
	for _, g := range file.Metadata().RowGroups {
		for i := range g.Columns {
			if i >= len(largest) {
				largest = append(largest, 0)
			}
			if !wanted(i) {
				continue
			}
			n, err := checkChunk(&g.Columns[i].MetaData, r, size)
			if err != nil {
				return fmt.Errorf("column %q: %w", clip(fmt.Sprint(g.Columns[i].MetaData.PathInSchema)), err)
			}
			largest[i] = max(largest[i], n)
		}
	}
	all := int64(0)
	for _, n := range largest {
		all += n
	}
	if all > pagesAtOnce {
		return newFlaw(CodeRatio, "the largest pages of its columns have %d bytes together, above the limit of %d; write it in smaller pages", all, int64(pagesAtOnce))
	}
	return nil
}

// checkChunk walks the pages of a column in a row group; it returns the size of the largest, decompressed.
func checkChunk(c *format.ColumnMetaData, r io.ReaderAt, size int64) (largest int64, err error) {
	from := c.DataPageOffset
	if c.DictionaryPageOffset != 0 {
		from = c.DictionaryPageOffset
	}
	if from < 0 || c.TotalCompressedSize < 0 || from > size || c.TotalCompressedSize > size-from {
		return 0, errors.New("it lies outside the file")
	}
	in := bufio.NewReaderSize(io.NewSectionReader(r, from, c.TotalCompressedSize), packedBuffer)
	decoder := thrift.NewDecoder(new(thrift.CompactProtocol).NewReader(in))
	var page []byte
	for {
		if _, err := in.Peek(1); err != nil {
			return largest, nil // its end; errors of the environment are the reader's to keep
		}
		header := new(format.PageHeader)
		if err := decoder.Decode(header); err != nil {
			return 0, fmt.Errorf("a page header is damaged: %w", err)
		}
		if n := valuesOf(header); n < 0 || n > pageValues {
			return 0, newFlaw(CodeRatio, "a page claims %d values, above the limit of %d", n, pageValues)
		}
		if n := int64(header.CompressedPageSize); n < 0 || n > min(pageBytes, c.TotalCompressedSize) || header.UncompressedPageSize < 0 {
			return 0, newFlaw(CodeRatio, "a page claims %d compressed bytes, above the limit of %d or the size of its column", n, pageBytes)
		}
		page = append(page[:0], make([]byte, header.CompressedPageSize)...)
		if _, err := io.ReadFull(in, page); err != nil {
			return 0, fmt.Errorf("a page ends too early: %w", err)
		}
		n, err := unpackedSize(c.Codec, compressedPart(header, page))
		if err != nil {
			return 0, err
		}
		if n = max(n, int64(header.UncompressedPageSize)); n > pageBytes {
			return 0, newFlaw(CodeRatio, "a page of %d bytes has %d or more decompressed, above the limit of %d", len(page), n, pageBytes)
		}
		largest = max(largest, n)
	}
}

// valuesOf is how many values a page claims.
func valuesOf(h *format.PageHeader) int32 {
	switch {
	case h.DataPageHeader.Valid:
		return h.DataPageHeader.V.NumValues
	case h.DataPageHeaderV2.Valid:
		return max(h.DataPageHeaderV2.V.NumValues, h.DataPageHeaderV2.V.NumRows)
	case h.DictionaryPageHeader.Valid:
		return h.DictionaryPageHeader.V.NumValues
	}
	return 0
}

// compressedPart is what of a page is compressed: in the second form of pages the levels before the values are not.
func compressedPart(h *format.PageHeader, page []byte) []byte {
	if !h.DataPageHeaderV2.Valid {
		return page
	}
	v := &h.DataPageHeaderV2.V
	levels := int64(v.RepetitionLevelsByteLength) + int64(v.DefinitionLevelsByteLength)
	if levels < 0 || levels > int64(len(page)) {
		return nil // reading it will say so
	}
	return page[levels:]
}

// unpackedSize is how many bytes a page has at most when it is decompressed.
func unpackedSize(codec format.CompressionCodec, page []byte) (int64, error) {
	if len(page) == 0 {
		return 0, nil
	}
	switch codec {
	case format.Uncompressed:
		return int64(len(page)), nil
	case format.Snappy:
		n, err := snappy.DecodedLen(page)
		return int64(n), err
	case format.Gzip:
		z, err := gzip.NewReader(bytes.NewReader(page))
		if err != nil {
			return 0, err
		}
		return io.Copy(io.Discard, io.LimitReader(z, pageBytes+1))
	case format.Zstd:
		return zstdSize(page)
	}
	return 0, fmt.Errorf("its pages are compressed with %s, want zstd, snappy, gzip or none", codec)
}

// Parts of zstd data (RFC 8878, section 3.1.1).
const (
	zstdBlockHeader = 3
	zstdBlockBytes  = 128 << 10 // most that a block holds, decompressed
	zstdChecksum    = 4
	zstdRLE         = 1 // type of a block that is one byte, repeated
)

// zstdSize adds up what the frames of zstd data hold at most, without decompressing them: what they say themselves, which the decoder
// holds them to, or else as many bytes as their blocks can hold.
func zstdSize(b []byte) (int64, error) {
	total := int64(0)
	for len(b) > 0 && total <= pageBytes {
		var h zstd.Header
		if err := h.Decode(b); err != nil {
			return 0, fmt.Errorf("a page is no zstd data: %w", err)
		}
		if h.Skippable {
			b = b[min(uint64(len(b)), uint64(h.HeaderSize)+uint64(h.SkippableSize)):]
			continue
		}
		blocks, rest := zstdBlocks(b[min(h.HeaderSize, len(b)):])
		if h.HasFCS {
			blocks = max(0, int64(min(h.FrameContentSize, 1<<40)))
		}
		total += blocks
		if b = rest; h.HasCheckSum {
			b = b[min(zstdChecksum, len(b)):]
		}
	}
	return total, nil
}

// zstdBlocks is how much the blocks of a frame hold at most, and what stands behind them.
func zstdBlocks(b []byte) (total int64, rest []byte) {
	for len(b) >= zstdBlockHeader {
		head := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
		size := int(head >> 3)
		total += max(zstdBlockBytes, int64(size))
		if head>>1&3 == zstdRLE {
			size = 1
		}
		b = b[min(zstdBlockHeader+size, len(b)):]
		if head&1 == 1 {
			return total, b
		}
	}
	return total, nil
}

package job

import (
	"encoding/binary"

	"github.com/nexacollect/reconcile/reconcile/source"
)

// appendNumbers writes numbers that are not negative, small ones in few bytes.
func appendNumbers(dst []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	return dst
}

// takeNumber reads the number that text begins with.
func takeNumber(text string) (n int64, rest string) {
	for shift, i := 0, 0; ; shift, i = shift+7, i+1 {
		n |= int64(text[i]&0x7f) << shift
		if text[i] < 0x80 {
			return n, text[i+1:]
		}
	}
}

// appendRef writes a ref, and refAt reads the one that text begins with.
func appendRef(dst []byte, r source.Ref) []byte {
	return appendNumbers(dst, int64(r.File), int64(r.Length), r.Offset, int64(r.Record), int64(r.Line))
}

func refAt(text string) source.Ref {
	file, text := takeNumber(text)
	length, text := takeNumber(text)
	offset, text := takeNumber(text)
	record, text := takeNumber(text)
	line, _ := takeNumber(text)
	return source.Ref{File: int32(file), Length: int32(length), Offset: offset, Record: int32(record), Line: int32(line)}
}

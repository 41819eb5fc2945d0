package convert

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/nexacollect/reconcile/ocpi"
)

// CodeLine is of a record that cannot be put on one line.
const CodeLine = ocpi.Code("convert-line")

// Writer takes rows in order. Close ends the output but closes nothing that was given.
type Writer interface {
	// Write takes rows, and says which of them cannot be written.
	Write(rows []Row) ([]bool, error)
	Close() error
	// Parquet reports that the columns beside the record are written, so that they are worth decoding.
	Parquet() bool
}

// NewWriter writes to w in the format that a file's name ends in: .parquet, or .ndjson or .jsonl.
func NewWriter(w io.Writer, name string) (Writer, error) {
	switch lower := strings.ToLower(name); {
	case strings.HasSuffix(lower, ".parquet"):
		return &parquetWriter{parquet.NewGenericWriter[Row](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup),
			parquet.CreatedBy("reconcile", "convert", "1"))}, nil
	case strings.HasSuffix(lower, ".ndjson"), strings.HasSuffix(lower, ".jsonl"):
		return &lineWriter{bufio.NewWriterSize(w, 1<<18)}, nil
	}
	return nil, fmt.Errorf("%q ends in no format that can be written, want .parquet or .ndjson", name)
}

// rowGroup is the rows that are held in memory: some 30 MB of usual CDRs.
const rowGroup = 10_000

type parquetWriter struct{ w *parquet.GenericWriter[Row] }

// Write implements Writer.
func (p *parquetWriter) Write(rows []Row) ([]bool, error) {
	_, err := p.w.Write(rows)
	return make([]bool, len(rows)), err
}

// Close implements Writer.
func (p *parquetWriter) Close() error { return p.w.Close() }

// Parquet implements Writer.
func (*parquetWriter) Parquet() bool { return true }

type lineWriter struct{ w *bufio.Writer }

// Write implements Writer.
func (l *lineWriter) Write(rows []Row) ([]bool, error) {
	lost := make([]bool, len(rows))
	for i := range rows {
		line, err := oneLine(rows[i].Record)
		if err != nil {
			lost[i] = true
			continue
		}
		_, err = l.w.Write(line)
		if err = errors.Join(err, l.w.WriteByte('\n')); err != nil {
			return lost, err
		}
	}
	return lost, nil
}

// oneLine is a record on one line: as it is, or without the white space outside of strings.
func oneLine(record []byte) ([]byte, error) {
	if bytes.IndexByte(record, '\n') < 0 {
		return record, nil
	}
	var out bytes.Buffer
	if err := json.Compact(&out, record); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Close implements Writer.
func (l *lineWriter) Close() error { return l.w.Flush() }

// Parquet implements Writer.
func (*lineWriter) Parquet() bool { return false }

// Package source frames records: it turns files into the bytes of single records and their places, knowing file formats and
// nothing of charging.
//
// [Open] reads JSON: one object a line, objects one after the other, an array of objects, and OCPI responses around either,
// plain, gzip or zstd, told apart by their first bytes and never by their names; with a [Builder] also CSV, XLSX and Parquet, of whose
// rows records are made. [OpenTable] reads CSV, XLSX, Parquet and electronic invoices.
//
// Rows of other formats than text are handed on as JSON objects, one a line: that is what is disclosed of them and read again.
//
// # What is a response
//
// An object is an OCPI response, and the records are what its member data holds, when among its first members
// data is an array or an object and only strings, numbers and literals stand before it; or when it has status_code but no
// array or object at all. No OCPI record has a member data, so no record is taken for a response, and the decision needs only
// the first 4 KiB: a response of any size is streamed. One that turns out to carry neither status_code nor timestamp is read
// all the same, with a finding. An object that begins with the same name as a record before it is a record without a closer look.
//
// # What is one record
//
// Every byte of a file is accounted for: it is part of a record, of the framing around records (white space, commas, the
// brackets of an array, the members of a response), or of a rejected stretch that a finding names and that counts as one
// record. An object that is not closed on its line is taken for one that spans lines where JSON could go on in the next
// line, otherwise its line is rejected alone. Whether a framed object is valid JSON inside is for the decoder to say.
//
// Where an object swallows what follows, because a quote or brace is missing, it is cut before the next line that begins with
// an object at the same indentation, and from there on every object of the file must end before the next such line. Without
// such a line the rest of the file is one rejected stretch.
package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Limits that hostile input runs into. The zero value of a field means the default.
type Limits struct {
	RecordBytes int // largest record: 16 MiB
	Depth       int // deepest nesting of JSON: 64
	Ratio       int // largest ratio of decompressed to compressed bytes: 200
}

// Options of Open and OpenTable.
type Options struct {
	Limits  Limits
	Refetch bool      // records will be fetched again by Ref: compressed files and standard input are kept in temporary files
	TempDir string    // where those go; "" is the system's folder
	Batch   int       // records a batch, 0 is the default
	Stdin   io.Reader // what "-" reads, nil is os.Stdin

	// Heading reports that the names are those of a table of the kind that is wanted; nil takes any. Of a workbook the first sheet with
	// such names is read.
	Heading func(names []string) bool

	// Column is the native column of an invoice that a name stands for, "" if none; by it properties of the items of electronic
	// invoices are read. nil reads no electronic invoices.
	Column func(name string) string

	// Builder begins a table, by the file's name, whose rows are to become records: by it Open also reads CSV, XLSX and Parquet. nil
	// reads JSON only.
	Builder func(file string) Builder

	buffer int // bytes of a read buffer, 0 is the default; tests make it small
}

const (
	defaultRecordBytes = 16 << 20
	defaultDepth       = 64
	defaultRatio       = 200
	defaultBatch       = 256
	defaultBuffer      = 1 << 20
	batchBytes         = 1 << 20 // a batch is handed on once it holds so many bytes
)

// withDefaults fills in what the caller left open.
func (o Options) withDefaults() Options {
	o.Limits.RecordBytes = cmp.Or(o.Limits.RecordBytes, defaultRecordBytes)
	o.Limits.Depth = cmp.Or(o.Limits.Depth, defaultDepth)
	o.Limits.Ratio = cmp.Or(o.Limits.Ratio, defaultRatio)
	o.Batch = cmp.Or(o.Batch, defaultBatch)
	o.buffer = cmp.Or(o.buffer, defaultBuffer)
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	return o
}

// Ref names a record for fetching again.
type Ref struct {
	File   int32 // index into Files
	Length int32
	Offset int64 // in the decompressed file
	Record int32 // 1-based
	Line   int32 // 1-based
}

// FileInfo is what is known of a file once it was read to its end.
type FileInfo struct {
	Name    string // as given, slashes forward
	SHA256  string // hex, of the bytes on disk
	Bytes   int64  // on disk
	Records int    // framed and rejected
}

// Set is an ordered list of input files of one kind.
type Set struct {
	opts  Options
	total int64
	read  atomic.Int64
	// fetches counts records fetched from files that stay open.
	fetches atomic.Int64

	mu    sync.RWMutex // guards what follows
	files []*file
	done  []FileInfo
	open  int // how many of files hold an open handle for Fetch
}

// Open opens the files for reading one after the other.
func Open(files []string, opts Options) (*Set, error) {
	s := &Set{opts: opts.withDefaults()}
	for _, name := range files {
		f := &file{path: name, name: filepath.ToSlash(name)}
		if name != "-" {
			info, err := os.Stat(name)
			if err != nil {
				return nil, fmt.Errorf("open input %s: %w", f.name, err)
			}
			if info.IsDir() {
				return nil, fmt.Errorf("open input %s: it is a folder, want a file; expand folders first", f.name)
			}
			f.regular = info.Mode().IsRegular()
			if f.regular {
				s.total += info.Size()
			}
		}
		s.files = append(s.files, f)
	}
	return s, nil
}

// Files tells of the files read so far; complete after Batches ended.
func (s *Set) Files() []FileInfo {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]FileInfo(nil), s.done...)
}

// TotalBytes is the size on disk of all files, for progress; standard input and pipes count as 0.
func (s *Set) TotalBytes() int64 { return s.total }

// ReadBytes is how much of TotalBytes has been read; safe to call from another goroutine.
func (s *Set) ReadBytes() int64 { return s.read.Load() }

// Close releases files and removes temporary ones.
func (s *Set) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.close())
	}
	s.open = 0
	return errors.Join(errs...)
}

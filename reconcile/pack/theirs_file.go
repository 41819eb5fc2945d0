package pack

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// theirRows holds the rows of theirs.ndjson until all are there and can be sorted: the rows in a file beside the growing pack, their keys in memory.
type theirRows struct {
	file *os.File
	out  *bufio.Writer
	at   []theirRowPlace
	size int64
}

type theirRowPlace struct {
	key    string
	offset int64
	length int
}

// AddTheirs takes a row of theirs.ndjson; Commit sorts them by key, and of one key keeps their order.
func (w *Writer) AddTheirs(row *TheirRow) error {
	r := &w.theirs
	if w.err == nil && r.file == nil {
		var err error
		r.file, err = os.Create(filepath.Join(w.to.temp, theirsFile))
		w.keep(err)
		r.out = bufio.NewWriterSize(r.file, fileBufferBytes)
	}
	if w.err != nil {
		return w.err
	}
	_, err := r.out.Write(row.json)
	w.keep(err)
	r.at = append(r.at, theirRowPlace{row.key, r.size, len(row.json)})
	r.size += int64(len(row.json))
	return w.err
}

// writeTheirs writes theirs.ndjson.
func (w *Writer) writeTheirs() error {
	f := w.open(theirsFile)
	if w.err != nil {
		return w.err
	}
	w.keep(w.theirs.copyTo(f))
	if w.err == nil {
		w.keep(w.finish(f))
		w.names[theirsFile] = nil
	}
	return w.err
}

// copyTo writes the rows in order.
func (r *theirRows) copyTo(f *payloadFile) error {
	if r.file == nil {
		return nil
	}
	if err := r.out.Flush(); err != nil {
		return err
	}
	slices.SortStableFunc(r.at, func(a, b theirRowPlace) int { return strings.Compare(a.key, b.key) })
	var buf []byte
	for _, p := range r.at {
		buf = slices.Grow(buf[:0], p.length)[:p.length]
		if _, err := r.file.ReadAt(buf, p.offset); err != nil {
			return err
		}
		if _, err := f.Write(buf); err != nil {
			return err
		}
	}
	return r.close()
}

// close closes the file; it goes with the folder in which it stands.
func (r *theirRows) close() error {
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

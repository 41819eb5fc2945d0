package pack

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// theirFiles are the rows of each file of the comparison.
type theirFiles struct{ cdrs, sessions theirRows }

// theirRows holds the rows of one such file until all are there and can be sorted: the rows in a file beside the growing pack, their keys in memory.
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

// AddTheirs takes a row of theirs.ndjson or their_sessions.ndjson; Commit sorts them by key, and of one key keeps their order.
func (w *Writer) AddTheirs(row *TheirRow) error {
	r, name := &w.theirs.cdrs, theirsFile
	if row.kind == ocpi.KindSession {
		r, name = &w.theirs.sessions, theirSessionsFile
	}
	if w.err == nil && r.file == nil {
		var err error
		r.file, err = os.Create(filepath.Join(w.to.temp, name))
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

// writeTheirs writes the files of the comparisons that were made.
func (w *Writer) writeTheirs(s *reconcile.Summary) error {
	for _, f := range []struct {
		made *reconcile.TwoSided
		rows *theirRows
		name string
	}{{s.Theirs, &w.theirs.cdrs, theirsFile}, {s.TheirSessions, &w.theirs.sessions, theirSessionsFile}} {
		if f.made != nil {
			w.writeRows(f.rows, f.name)
		}
	}
	return w.err
}

func (w *Writer) writeRows(r *theirRows, name string) {
	f := w.open(name)
	if w.err != nil {
		return
	}
	w.keep(r.copyTo(f))
	if w.err == nil {
		w.keep(w.finish(f))
		w.names[name] = nil
	}
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

// close closes what is open of both.
func (f *theirFiles) close() error { return errors.Join(f.cdrs.close(), f.sessions.close()) }

// close closes the file; it goes with the folder in which it stands.
func (r *theirRows) close() error {
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

package source

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// file is one input of a set.
type file struct {
	path, name string
	regular    bool
	taken      bool        // standard input was read
	seen       os.FileInfo // at the pass, nil of standard input
	handle     *os.File    // for Fetch
	spool      *spill.File // a temporary copy of the decompressed bytes, which handle then is; or nil
}

// maxHandles is how many plain files Fetch keeps open; further ones are opened for each call.
const maxHandles = 128

// close closes the handle and removes the temporary file.
func (f *file) close() (err error) {
	switch {
	case f.spool != nil:
		err = f.spool.Close()
	case f.handle != nil:
		err = f.handle.Close()
	default:
		return nil
	}
	f.handle, f.spool, f.seen = nil, nil, nil
	return err
}

// makeSpool gives the file an empty temporary copy.
func (s *Set) makeSpool(f *file) error {
	temp, err := spill.NewFile(s.opts.TempDir, "reconcile-*.spool")
	if err != nil {
		return fmt.Errorf("keep a copy of %s for reading again: %w; choose another temporary folder", f.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = f.close()
	f.handle, f.spool = temp.File, temp
	return err
}

// file returns the file of a ref.
func (s *Set) file(ref Ref) (*file, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if ref.File < 0 || int(ref.File) >= len(s.files) {
		return nil, fmt.Errorf("fetch a record of file %d: there are %d files", ref.File, len(s.files))
	}
	return s.files[ref.File], nil
}

// checkEvery is how many times is read between two looks at whether their file changed: asking the system each time would
// cost as much as the reading. Unchanged looks once more at the end.
const checkEvery = 64

// Unchanged reports files that changed since they were framed. Who fetched records calls it when done.
func (s *Set) Unchanged() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, f := range s.files {
		h := f.opened()
		if h.file == nil {
			continue
		}
		if err := h.unchanged(); err != nil {
			return fmt.Errorf("read %s again: %w", f.name, err)
		}
	}
	return nil
}

// Fetch reads a record, or a stretch of a file, again, appending its bytes to dst. Safe for concurrent use. Needs Options.Refetch. A file that changed
// since it was framed is an error, here or of Unchanged.
func (s *Set) Fetch(dst []byte, ref Ref) ([]byte, error) {
	f, err := s.file(ref)
	if err != nil {
		return dst, err
	}
	h, err := s.handle(f)
	if err != nil {
		return dst, fmt.Errorf("fetch %s: %w", place(f, ref), err)
	}
	if !h.keep {
		defer h.file.Close()
	}
	if !h.keep || s.fetches.Add(1)%checkEvery == 1 {
		if err := h.unchanged(); err != nil {
			return dst, fmt.Errorf("fetch %s: %w", place(f, ref), err)
		}
	}
	from := len(dst)
	dst = slices.Grow(dst, int(ref.Length))[:from+int(ref.Length)]
	if _, err := h.file.ReadAt(dst[from:], ref.Offset); err != nil {
		return dst[:from], fmt.Errorf("fetch %s: %w; %d bytes were there when the file was first read", place(f, ref), err, ref.Length)
	}
	return dst, nil
}

// place is where a ref points.
func place(f *file, ref Ref) ocpi.Place {
	return ocpi.Place{File: f.name, Record: int(ref.Record), Line: int(ref.Line), Offset: ref.Offset}
}

// handle is an open file to fetch from.
type handle struct {
	file *os.File
	seen os.FileInfo // what it was at the pass, nil of a temporary copy
	keep bool        // it stays open
}

// handle opens a file to fetch from, or returns it as it is open.
func (s *Set) handle(f *file) (handle, error) {
	s.mu.RLock()
	h := f.opened()
	s.mu.RUnlock()
	if h.file != nil {
		return h, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case f.handle != nil:
		return f.opened(), nil
	case !s.opts.Refetch:
		return handle{}, errors.New("the set was opened without Options.Refetch")
	case f.seen == nil:
		return handle{}, errors.New("the file was not read before, or the set is closed")
	}
	opened, err := os.Open(f.path)
	if err != nil {
		return handle{}, err
	}
	if s.open >= maxHandles {
		return handle{file: opened, seen: f.seen}, nil
	}
	s.open++
	f.handle = opened
	return f.opened(), nil
}

// opened is the handle that the file holds.
func (f *file) opened() handle {
	h := handle{file: f.handle, seen: f.seen, keep: true}
	if f.spool != nil {
		h.seen = nil
	}
	return h
}

// unchanged checks that a plain file is what it was at the pass.
func (h handle) unchanged() error {
	if h.seen == nil {
		return nil
	}
	now, err := h.file.Stat()
	if err != nil {
		return err
	}
	if !same(h.seen, now) {
		return fmt.Errorf("the file changed since it was first read, from %d to %d bytes; run again on files that stand still",
			h.seen.Size(), now.Size())
	}
	return nil
}

// Package spill keeps more text than memory should hold: pieces beyond a budget go to a compressed temporary file and are read back
// when they are asked for.
package spill

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/s2"
)

// Store keeps pieces of text by number. The zero value keeps all in memory.
type Store struct {
	limited bool
	budget  int64  // bytes of pieces that stay in memory
	dir     string // for the temporary file; "" is the system's folder

	mu     sync.Mutex // of Add
	pieces []piece
	kept   int64 // bytes of texts in memory
	moved  int   // pieces that Limit has looked at
	spilt  int64 // bytes of texts in the file
	file   *File
	size   int64  // of the file
	packed []byte // room for compressing

	sets [cacheSets]cacheSet
}

// piece is a text, or where it stands in the file.
type piece struct {
	text         string
	offset       int64
	packed, size int32 // bytes in the file and of the text; 0 of a text in memory
}

// The cache of pieces read back: records are looked at in an order that stays near a few pieces at a time, which may have any numbers.
const (
	cacheSets = 64
	cacheWays = 4
)

type cacheSet struct {
	next atomic.Uint32
	ways [cacheWays]atomic.Pointer[cached]
}

type cached struct {
	number uint32
	text   string
}

// New returns a store that holds budget bytes in memory. The file is made where there is more, in dir.
func New(dir string, budget int64) *Store { return &Store{limited: true, budget: budget, dir: dir} }

// Limit changes the budget. What memory holds above it goes to the file; none may read meanwhile.
func (s *Store) Limit(budget int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited, s.budget = true, budget
	for ; s.kept > s.budget; s.moved++ {
		if p := &s.pieces[s.moved]; p.text != "" {
			s.kept -= int64(len(p.text))
			*p = s.write([]byte(p.text))
		}
	}
}

// Error is what a temporary file could not do.
type Error struct {
	Folder string
	Err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("keep in the temporary folder %s what memory does not hold: %v", e.Folder, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Bytes is how much text was added.
func (s *Store) Bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept + s.spilt
}

// Need is about how many bytes the file will hold once so many more bytes of text were added.
func (s *Store) Need(more int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spilt == 0 {
		return s.size
	}
	return max(s.size, (s.kept+s.spilt+more-s.budget)/1000*(s.size*1000/s.spilt))
}

// Add keeps a copy of a text and returns its number, counted from 0. Several goroutines may add; none may read meanwhile. Where the temporary
// file does not take it Add panics with an *Error, as where memory itself failed; Catch makes an error of that.
func (s *Store) Add(text []byte) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := piece{}
	if s.limited && s.kept+int64(len(text)) > s.budget {
		p = s.write(text)
	} else {
		p.text = string(text)
		s.kept += int64(len(text))
	}
	s.pieces = append(s.pieces, p)
	return uint32(len(s.pieces) - 1)
}

func (s *Store) fail(err error) { panic(&Error{Folder: s.folder(), Err: err}) }

func (s *Store) folder() string {
	if s.dir == "" {
		return os.TempDir()
	}
	return s.dir
}

// write puts a text into the file.
func (s *Store) write(text []byte) piece {
	if s.file == nil {
		f, err := NewFile(s.dir, "reconcile-*.spill")
		if err != nil {
			s.fail(err)
		}
		s.file = f
	}
	s.packed = s2.Encode(s.packed[:cap(s.packed)], text)
	p := piece{offset: s.size, packed: int32(len(s.packed)), size: int32(len(text))}
	n, err := s.file.WriteAt(s.packed, s.size)
	s.size += int64(n)
	if err != nil {
		s.fail(err)
	}
	s.spilt += int64(len(text))
	return p
}

// Piece is the text of a number. Safe for concurrent use. Where the temporary file cannot be read any more it panics as Add does.
func (s *Store) Piece(number uint32) string {
	p := &s.pieces[number]
	if p.size == 0 {
		return p.text
	}
	set := &s.sets[number%cacheSets]
	for i := range set.ways {
		if c := set.ways[i].Load(); c != nil && c.number == number {
			return c.text
		}
	}
	text, err := s.read(p)
	if err != nil {
		s.fail(err)
	}
	set.ways[set.next.Add(1)%cacheWays].Store(&cached{number, text})
	return text
}

// room is what reading a piece takes beside its text.
type room struct{ packed, text []byte }

var rooms = sync.Pool{New: func() any { return new(room) }}

func (s *Store) read(p *piece) (string, error) {
	r := rooms.Get().(*room)
	defer rooms.Put(r)
	r.packed = slices.Grow(r.packed[:0], int(p.packed))[:p.packed]
	if _, err := s.file.ReadAt(r.packed, p.offset); err != nil {
		return "", err
	}
	var err error
	r.text, err = s2.Decode(r.text[:cap(r.text)], r.packed)
	if err == nil && len(r.text) != int(p.size) {
		err = fmt.Errorf("%d bytes were written, %d read", p.size, len(r.text))
	}
	return string(r.text), err
}

// Close removes the temporary file; no piece may be asked for any more.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// Catch makes *err of the panic of a store that could not go on; each goroutine that uses a store defers it.
func Catch(err *error) {
	switch p := recover().(type) {
	case nil:
	case *Error:
		*err = p
	default:
		panic(p)
	}
}

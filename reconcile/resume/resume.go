// Package resume keeps what a long work has done in a file beside its result, so that the work can go on after it was stopped. Parts of
// the work are known by number; a file belongs to one work, known by its key.
package resume

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/s2"
)

// Key tells works apart: a digest of all that decides their results.
type Key [sha256.Size]byte

// name is the file in the folder of a work.
const name = "resume"

// maxPart is the greatest part that is read back, in bytes.
const maxPart = 1 << 30

// heading is the first line of a file; another form of the file or of its parts is another number.
func heading(key Key) []byte {
	return fmt.Appendf(nil, "reconcile resume 1 %s\n", hex.EncodeToString(key[:]))
}

// A part stands behind its number, its length and the checksum of all three, each of four bytes: what a kill has cut off is not taken for a part.
const partHead = 12

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(head, packed []byte) uint32 {
	return crc32.Update(crc32.Checksum(head[:8], castagnoli), castagnoli, packed)
}

// Pack compresses a part. It serves any goroutine.
func Pack(part []byte) []byte { return s2.Encode(nil, part) }

// Writer writes the parts of a work.
type Writer struct {
	file *os.File
	buf  []byte
}

// Create makes the file in a folder. While it is open other processes know that its work is under way.
func Create(folder string) (*Writer, error) {
	f, err := os.CreateTemp(folder, name+"-*")
	if err != nil {
		return nil, err
	}
	lock(f)
	if err := os.Rename(f.Name(), filepath.Join(folder, name)); err != nil { // by its name it is only seen locked
		return nil, errors.Join(err, f.Close())
	}
	return &Writer{file: f}, nil
}

// Begin says which work it is. It comes before the first part.
func (w *Writer) Begin(key Key) error {
	_, err := w.file.Write(heading(key))
	return err
}

// Add writes a part as Pack made it.
func (w *Writer) Add(number int, packed []byte) error {
	w.buf = binary.LittleEndian.AppendUint32(w.buf[:0], uint32(number))
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(len(packed)))
	w.buf = binary.LittleEndian.AppendUint32(w.buf, checksum(w.buf, packed))
	w.buf = append(w.buf, packed...)
	_, err := w.file.Write(w.buf) // in one piece, and none is held back: a kill loses nothing
	return err
}

// Close ends the writing; the file stays. Closing again does nothing.
func (w *Writer) Close() error {
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	return err
}

// Reader reads the parts of a work that was stopped. Any number of goroutines may read.
type Reader struct {
	file *os.File // nil where there are no parts
	at   map[int]place
	dead []string // folders in which the work was stopped, or works that had not begun
}

// place is where a part stands, with what stands before it.
type place struct {
	offset int64
	head   [partHead]byte
}

func (p *place) number() int { return int(binary.LittleEndian.Uint32(p.head[:])) }

func (p *place) length() int64 { return int64(binary.LittleEndian.Uint32(p.head[4:])) }

func (p *place) holds(packed []byte) bool {
	return binary.LittleEndian.Uint32(p.head[8:]) == checksum(p.head[:], packed)
}

// Find opens what was kept of a work in one of several folders: the file with the most parts. Works that are under way are left alone.
func Find(folders []string, key Key) *Reader {
	most := &Reader{}
	for _, folder := range folders {
		r := open(folder, key)
		if r.Len() > most.Len() {
			most, r = r, most
		}
		most.dead = append(most.dead, r.dead...)
		r.Close()
	}
	return most
}

// open opens the file in a folder; a reader of nothing where there is none of this work, or it is in use.
func open(folder string, key Key) *Reader {
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return &Reader{}
	}
	r := &Reader{file: f, at: map[int]place{}}
	if !lock(f) && r.index(key) {
		r.dead = []string{folder}
	}
	return r
}

// index finds the parts, up to what a kill has cut off. It reports whether the file is of the work, or of one that had not begun.
func (r *Reader) index(key Key) bool {
	info, err := r.file.Stat()
	if err != nil {
		return false
	}
	want := heading(key)
	have := make([]byte, min(int64(len(want)), info.Size()))
	if _, err := io.ReadFull(r.file, have); err != nil || !bytes.HasPrefix(want, have) {
		return len(have) < len(want) && err == nil
	}
	for offset := int64(len(want)); ; {
		p := place{offset: offset + partHead}
		if _, err := r.file.ReadAt(p.head[:], offset); err != nil || p.offset+p.length() > info.Size() {
			return true
		}
		r.at[p.number()] = p
		offset = p.offset + p.length()
	}
}

// Len is how many parts there are.
func (r *Reader) Len() int { return len(r.at) }

// Part is a part, and as it is packed; nothing where there is none that can be read.
func (r *Reader) Part(number int) (part, packed []byte) {
	p, known := r.at[number]
	if !known {
		return nil, nil
	}
	packed = make([]byte, p.length())
	if _, err := r.file.ReadAt(packed, p.offset); err != nil || !p.holds(packed) {
		return nil, nil
	}
	if n, err := s2.DecodedLen(packed); err != nil || n > maxPart {
		return nil, nil
	}
	part, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, nil
	}
	return part, packed
}

// Close ends the reading; the file stays.
func (r *Reader) Close() {
	if r.file != nil {
		_ = r.file.Close() // nothing was written
	}
}

// Remove removes every folder in which the work was stopped, and those of works that had not begun, with all that they hold.
func (r *Reader) Remove() error {
	var errs []error
	for _, folder := range r.dead {
		errs = append(errs, os.RemoveAll(folder))
	}
	return errors.Join(errs...)
}

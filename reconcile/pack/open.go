package pack

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
)

// Limits of a pack that is read: it may come from anyone.
const (
	maxPackEntries   = 100_000  // files and folders
	maxPackDepth     = 8        // folders in folders
	maxLineBytes     = 32 << 20 // one line of an NDJSON file: a record of 16 MiB in base64 fits
	maxDocumentBytes = 16 << 20 // a JSON document, a manifest
	maxPageBytes     = 64 << 20 // report.html
	maxOpenShards    = 32
)

// openPack is a pack opened for reading: a folder, of which all access goes through its root, so that no name and no link leads out of
// it; or an archive, whose files are held in memory.
type openPack struct {
	root   *os.Root         // nil of an archive
	held   map[string]*blob // nil of a folder
	files  map[string]int64 // regular files and their sizes, by name with forward slashes
	faults []string         // what is there and may not be: links, devices, too many files
	shards map[string]packFile
}

// packFile is an open file of a pack.
type packFile interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

// openAt opens a pack that is a folder or an archive.
func openAt(ctx context.Context, name string) (*openPack, error) {
	info, err := os.Stat(name)
	if err == nil && info.Mode().IsRegular() {
		return openArchive(ctx, name)
	}
	return openDir(name)
}

// openDir opens a pack and lists its files.
func openDir(dir string) (*openPack, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open pack %s: %w", dir, err)
	}
	p := &openPack{root: root, files: map[string]int64{}, shards: map[string]packFile{}}
	if err := p.list(); err != nil {
		p.close()
		return nil, fmt.Errorf("open pack %s: %w", dir, err)
	}
	return p, nil
}

func (p *openPack) close() {
	p.closeShards()
	if p.root != nil {
		p.root.Close()
	}
}

func (p *openPack) closeShards() {
	for name, f := range p.shards {
		f.Close()
		delete(p.shards, name)
	}
}

// list finds all files. Only the top folder has to be readable; what is wrong below it is a fault of the pack.
func (p *openPack) list() error {
	entries, folders := 0, []string{"."}
	for depth := 0; len(folders) > 0; depth++ {
		var below []string
		for _, folder := range folders {
			found, err := readFolder(p.root, folder, maxPackEntries-entries)
			if err != nil && folder == "." && len(found) == 0 {
				return err
			}
			if err != nil {
				p.faults = append(p.faults, fmt.Sprintf("%s: %v", folder, err))
			}
			entries += len(found)
			below = append(below, p.take(folder, found)...)
		}
		if folders = below; len(folders) > 0 && depth == maxPackDepth {
			p.faults = append(p.faults, fmt.Sprintf("%s: more than %d folders deep", folders[0], maxPackDepth))
			return nil
		}
	}
	return nil
}

// take notes the files of a folder and returns the folders in it.
func (p *openPack) take(folder string, found []fs.DirEntry) (folders []string) {
	for _, e := range found {
		name := path.Join(folder, e.Name())
		switch info, err := e.Info(); {
		case err != nil:
			p.faults = append(p.faults, fmt.Sprintf("%s: %v", name, err))
		case info.IsDir():
			folders = append(folders, name)
		case info.Mode()&fs.ModeSymlink != 0:
			p.faults = append(p.faults, name+": a symbolic link, which a pack never holds")
		case !info.Mode().IsRegular():
			p.faults = append(p.faults, name+": neither a file nor a folder")
		default:
			p.files[name] = info.Size()
		}
	}
	return folders
}

var errTooManyFiles = fmt.Errorf("more than %d files and folders in the pack", maxPackEntries)

// readFolder lists a folder, sorted, without following links and without holding more than limit entries.
func readFolder(root *os.Root, name string, limit int) ([]fs.DirEntry, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []fs.DirEntry
	for {
		some, err := f.ReadDir(1024)
		out = append(out, some...)
		if len(out) > limit {
			return nil, errTooManyFiles
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, err
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return out, nil
}

// has reports a regular file.
func (p *openPack) has(name string) bool {
	_, ok := p.files[name]
	return ok
}

// open opens a regular file that list found.
func (p *openPack) open(name string) (packFile, error) {
	if !p.has(name) {
		return nil, fmt.Errorf("%s: no such file in the pack", name)
	}
	if p.root == nil {
		return p.held[name].open(), nil
	}
	f, err := p.root.Open(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// document reads a file of limited size whole.
func (p *openPack) document(name string) ([]byte, error) { return p.whole(name, maxDocumentBytes) }

// whole reads a file of no more than a number of bytes.
func (p *openPack) whole(name string, most int64) ([]byte, error) {
	f, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s: larger than %d MiB", name, most>>20)
	}
	return text, err
}

// sum digests a file.
func (p *openPack) sum(ctx context.Context, name string, buf []byte) (digest, error) {
	f, err := p.open(name)
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	h, d := sha256.New(), digest{name: name}
	for {
		n, err := f.Read(buf)
		h.Write(buf[:n])
		d.size += int64(n)
		if errors.Is(err, io.EOF) {
			d.sha256 = hex.EncodeToString(h.Sum(nil))
			return d, ctx.Err()
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return digest{}, err
		}
	}
}

// at reads a line of a shard, named below data/, and checks that it is a whole line.
func (p *openPack) at(l locationDoc) ([]byte, error) {
	name := payloadFolder + l.Shard
	size, ok := p.files[name]
	switch {
	case !ok:
		return nil, fmt.Errorf("%s: no such file in the pack", name)
	case l.Offset < 0 || l.Length < 0 || l.Length > maxLineBytes || l.Offset > size || l.Length+1 > size-l.Offset:
		return nil, fmt.Errorf("%s: no line of %d bytes at offset %d", name, l.Length, l.Offset)
	}
	f, err := p.shard(name)
	if err != nil {
		return nil, err
	}
	before := int64(0)
	if l.Offset > 0 {
		before = 1
	}
	buf := make([]byte, before+l.Length+1)
	if _, err := f.ReadAt(buf, l.Offset-before); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if before == 1 && buf[0] != '\n' || buf[len(buf)-1] != '\n' {
		return nil, fmt.Errorf("%s: offset %d, length %d is not a line", name, l.Offset, l.Length)
	}
	return buf[before : before+l.Length], nil
}

// shard keeps shards open, as lines of the index go through them in order.
func (p *openPack) shard(name string) (packFile, error) {
	if f, ok := p.shards[name]; ok {
		return f, nil
	}
	if len(p.shards) >= maxOpenShards {
		p.closeShards()
	}
	f, err := p.open(name)
	if err == nil {
		p.shards[name] = f
	}
	return f, err
}

// lineReader reads the lines of an NDJSON file.
type lineReader struct {
	name   string
	file   packFile
	r      *bufio.Reader
	number int   // of the line read last, 1-based
	offset int64 // of its first byte
	next   int64
	buf    []byte
}

// lines opens an NDJSON file of the payload.
func (p *openPack) lines(name string) (*lineReader, error) {
	f, err := p.open(payloadFolder + name)
	if err != nil {
		return nil, err
	}
	return &lineReader{name: name, file: f, r: bufio.NewReaderSize(f, 256<<10)}, nil
}

func (l *lineReader) close() { l.file.Close() }

// read returns the next line without its line break, io.EOF after the last. It is valid until the next read.
func (l *lineReader) read() ([]byte, error) {
	l.offset = l.next
	l.number++
	line, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.long(line)
	}
	l.next += int64(len(line))
	if errors.Is(err, io.EOF) && len(line) > 0 {
		return nil, fmt.Errorf("%s line %d: cut off: no line break at its end", l.name, l.number)
	}
	if err != nil {
		return nil, err
	}
	return line[:len(line)-1], nil
}

// long reads a line that is longer than the buffer.
func (l *lineReader) long(part []byte) ([]byte, error) {
	l.buf = append(l.buf[:0], part...)
	for {
		more, err := l.r.ReadSlice('\n')
		if l.buf = append(l.buf, more...); len(l.buf) > maxLineBytes {
			return nil, fmt.Errorf("%s line %d: longer than %d MiB", l.name, l.number, maxLineBytes>>20)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.buf, err
		}
	}
}

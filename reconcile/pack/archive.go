package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Limits of archives. What an archive holds is kept in memory, compressed anew: about the size of the archive.
const (
	maxArchiveBytes = 1 << 30
	maxArchiveRatio = 200      // of its content to its size,
	archiveGrace    = 64 << 20 // where it holds more than this
	maxDirectory    = 32 << 20 // of a zip
)

// Beginnings of archives.
var (
	zipBegins  = []byte("PK\x03\x04")
	gzipBegins = []byte{0x1f, 0x8b}
)

var errArchiveBomb = fmt.Errorf("the archive holds more than %d times its own size", maxArchiveRatio)

// openArchive opens a pack in a zip or tar.gz and reads it whole. Nothing is written. The error says that the file cannot be read or is
// none of these; whatever is wrong inside is a fault of the pack.
func openArchive(ctx context.Context, name string) (*openPack, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open pack %s: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open pack %s: %w", name, err)
	}
	if info.Size() > maxArchiveBytes {
		return nil, fmt.Errorf("open pack %s: an archive larger than %d MiB: unpack it and name the folder", name, maxArchiveBytes>>20)
	}
	u := &unpacking{
		ctx: ctx, left: max(archiveGrace, info.Size()*maxArchiveRatio),
		pack: &openPack{held: map[string]*blob{}, files: map[string]int64{}, shards: map[string]packFile{}},
	}
	begin := make([]byte, 4)
	if _, err := f.ReadAt(begin, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("open pack %s: %w", name, err)
	}
	switch {
	case bytes.Equal(begin, zipBegins):
		err = u.zip(f, info.Size())
	case bytes.HasPrefix(begin, gzipBegins):
		err = u.tar(f)
	default:
		return nil, fmt.Errorf("open pack %s: neither a folder nor a zip or tar.gz", name)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("open pack %s: %w", name, ctx.Err())
	}
	if err != nil {
		u.fault("the archive: %v", err)
	}
	u.finish()
	return u.pack, nil
}

// unpacking reads an archive into a pack.
type unpacking struct {
	ctx     context.Context
	pack    *openPack
	blobs   blobMaker
	left    int64 // bytes that may still come out of the archive
	entries int
}

func (u *unpacking) fault(format string, args ...any) {
	u.pack.faults = append(u.pack.faults, fmt.Sprintf(format, args...))
}

// grow takes bytes off what may come out of the archive.
func (u *unpacking) grow(n int64) error {
	if u.left -= n; u.left < 0 {
		return errArchiveBomb
	}
	return u.ctx.Err()
}

// entry takes an entry of the archive. What it may not be is a fault, and it is passed over; an error ends the reading.
func (u *unpacking) entry(name string, mode fs.FileMode, open func() (io.Reader, error)) error {
	if u.entries++; u.entries > maxPackEntries {
		return errTooManyFiles
	}
	clean := strings.TrimPrefix(strings.TrimSuffix(name, "/"), "./")
	shown := fmt.Sprintf("%q", short(name))
	switch {
	case !fs.ValidPath(clean) || strings.ContainsAny(clean, "\\\x00"):
		u.fault("the archive: %s: a name that leads out of the pack, or is none", shown)
	case strings.Count(clean, "/") > maxPackDepth:
		u.fault("the archive: %s: more than %d folders deep", shown, maxPackDepth)
	case mode.IsDir():
	case mode&fs.ModeSymlink != 0:
		u.fault("%s: a symbolic link, which a pack never holds", short(clean))
	case !mode.IsRegular() || strings.HasSuffix(name, "/"):
		u.fault("%s: neither a file nor a folder", short(clean))
	case u.pack.held[clean] != nil:
		u.fault("%s: stands in the archive more than once", short(clean))
	default:
		return u.take(clean, open)
	}
	return nil
}

// take reads a file of the archive.
func (u *unpacking) take(name string, open func() (io.Reader, error)) error {
	r, err := open()
	var b *blob
	if err == nil {
		b, err = u.blobs.take(r, u.grow)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", short(name), err)
	}
	u.pack.held[name] = b
	return nil
}

// finish takes off the one folder that an archive of a pack may have around it. What stands beside the folder is a fault.
func (u *unpacking) finish() {
	p, around := u.pack, u.around()
	all := p.held
	p.held = make(map[string]*blob, len(all))
	for _, name := range sortedKeys(all) {
		inside, ok := strings.CutPrefix(name, around)
		if !ok {
			u.fault("%s: stands in the archive beside the folder of the pack", short(name))
			continue
		}
		p.held[inside], p.files[inside] = all[name], all[name].size
	}
}

// around is the folder, with its slash, in which a pack stands; "" where there is none, or more than one.
func (u *unpacking) around() string {
	found := ""
	for name := range u.pack.held {
		folder, file, _ := strings.Cut(name, "/")
		switch {
		case name == declarationFile, file == declarationFile && found != "":
			return ""
		case file == declarationFile:
			found = folder + "/"
		}
	}
	return found
}

package pack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/klauspost/compress/gzip"
)

// zipEncrypted is the flag of an encrypted entry (APPNOTE.TXT, 4.4.4).
const zipEncrypted = 1

// zip reads a zip, by its directory.
func (u *unpacking) zip(f io.ReaderAt, size int64) error {
	in := &metered{ReaderAt: f, left: maxDirectory}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return err
	}
	in.left = math.MaxInt64
	for _, e := range z.File {
		err := u.entry(e.Name, e.Mode(), func() (io.Reader, error) {
			if e.Flags&zipEncrypted != 0 {
				return nil, errors.New("is encrypted")
			}
			return e.Open()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// metered bounds what is read of a file.
type metered struct {
	io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (m *metered) ReadAt(p []byte, at int64) (int, error) {
	if m.left -= int64(len(p)); m.left < 0 {
		return 0, fmt.Errorf("its directory is larger than %d MiB", maxDirectory>>20)
	}
	return m.ReaderAt.ReadAt(p, at)
}

// tar reads a tar.gz, to the last byte.
func (u *unpacking) tar(f io.Reader) error {
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	all := &counted{Reader: z, left: u.left}
	t := tar.NewReader(all)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return onlyZeros(all)
		}
		if err != nil {
			return err
		}
		mode := h.FileInfo().Mode()
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeDir && h.Typeflag != tar.TypeSymlink {
			mode |= fs.ModeIrregular // hard links among them, which Go calls regular
		}
		if err := u.entry(h.Name, mode, func() (io.Reader, error) { return t, nil }); err != nil {
			return err
		}
	}
}

// counted bounds what a stream gives, padding and headers too.
type counted struct {
	io.Reader
	left int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errArchiveBomb
	}
	return n, err
}

// onlyZeros reads what stands behind the end of a tar: padding, and nothing else.
func onlyZeros(r io.Reader) error {
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return errors.New("something stands behind its end")
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("behind its end: %w", err)
		}
	}
}

package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/flate"
)

// parts takes the parts of a workbook one after another.
type parts interface {
	next(name string) (io.Writer, error)
	close() error
}

// archive writes parts. Times are fixed, and the compressor is that of go.mod, whatever Go is at hand.
type archive struct{ zip *zip.Writer }

const level = 2

func newArchive(w io.Writer) *archive {
	z := zip.NewWriter(w)
	var one *flate.Writer // serves all parts, which come one after another: each takes a megabyte
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (_ io.WriteCloser, err error) {
		if one != nil {
			one.Reset(out)
			return one, nil
		}
		one, err = flate.NewWriter(out, level)
		return one, err
	})
	return &archive{z}
}

// The first time that an archive can name.
var noTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (a *archive) next(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: noTime})
}

func (a *archive) close() error { return a.zip.Close() }

// ErrDiffers says that a workbook is not the one that was made again.
var ErrDiffers = errors.New("differs")

// comparison holds a workbook against the parts that are written: names, order and bytes, however they are compressed.
type comparison struct {
	files []*zip.File
	part  io.ReadCloser
	name  string
	buf   []byte
}

func newComparison(r io.ReaderAt, size int64) (*comparison, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("not a workbook: %w", err)
	}
	return &comparison{files: z.File}, nil
}

func (c *comparison) next(name string) (io.Writer, error) {
	if err := c.end(); err != nil {
		return nil, err
	}
	if len(c.files) == 0 || c.files[0].Name != name {
		return nil, fmt.Errorf("%w: part %s is not where it belongs", ErrDiffers, name)
	}
	part, err := c.files[0].Open()
	if err != nil {
		return nil, fmt.Errorf("%w: part %s: %w", ErrDiffers, name, err)
	}
	c.files, c.part, c.name = c.files[1:], part, name
	return c, nil
}

// Write reads as much of the part and compares.
func (c *comparison) Write(p []byte) (int, error) {
	if cap(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	have := c.buf[:len(p)]
	if _, err := io.ReadFull(c.part, have); err != nil || !bytes.Equal(have, p) {
		return 0, fmt.Errorf("%w: in part %s", ErrDiffers, c.name)
	}
	return len(p), nil
}

// end checks that nothing more stands in the part at hand.
func (c *comparison) end() error {
	if c.part == nil {
		return nil
	}
	n, err := io.ReadFull(c.part, make([]byte, 1))
	if closing := c.part.Close(); closing != nil || n > 0 || !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: at the end of part %s", ErrDiffers, c.name)
	}
	c.part = nil
	return nil
}

func (c *comparison) close() error {
	if err := c.end(); err != nil {
		return err
	}
	if len(c.files) > 0 {
		return fmt.Errorf("%w: part %s is one too many", ErrDiffers, c.files[0].Name)
	}
	return nil
}

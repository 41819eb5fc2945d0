package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/nexacollect/reconcile/reconcile/spill"
)

// guardedReader remembers errors of the environment, which the code of a format mixes with those of the data.
type guardedReader struct {
	r   io.ReaderAt
	err error
}

// ReadAt implements io.ReaderAt.
func (g *guardedReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := g.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		g.err = err
	}
	return n, err
}

// guard turns a panic of a format's code, which damaged files can bring about, into an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return f()
}

// random is a file that is read at random: the input itself, or a temporary copy of what cannot be read so.
type random struct {
	reader *guardedReader
	size   int64
	temp   *spill.File // the copy, or nil
}

// openRandom makes the input of a table readable at random. It must be closed, also after an error.
func (t *tabular) openRandom(folder string) (*random, error) {
	if t.ready != nil {
		return t.ready, nil
	}
	if t.in.raw != nil && t.in.packing == nil && t.in.before.Mode().IsRegular() {
		return t.random(t.in.raw, t.in.before.Size()), nil
	}
	t.in.spool = nil
	fault := func(err error) error {
		return fmt.Errorf("copy %s, which cannot be read at random: %w; choose another temporary folder", t.in.name, err)
	}
	temp, err := spill.NewFile(folder, "reconcile-*.table")
	if err != nil {
		return &random{}, fault(err)
	}
	if _, err := temp.Write(t.w.bytes()); err != nil {
		return &random{temp: temp}, fault(err)
	}
	n, err := io.Copy(temp, t.in)
	if err != nil {
		return &random{temp: temp}, fault(err)
	}
	r := t.random(temp, int64(len(t.w.bytes()))+n)
	r.temp = temp
	return r, nil
}

// random reads r; offsets outside of it are the data's fault.
func (t *tabular) random(r io.ReaderAt, size int64) *random {
	return &random{reader: &guardedReader{r: io.NewSectionReader(r, 0, size)}, size: size}
}

// remember keeps an error of the environment.
func (r *random) remember(err error) error {
	if err != nil {
		r.reader.err = err
	}
	return err
}

// close removes the copy.
func (r *random) close() error {
	if r == nil || r.temp == nil {
		return nil
	}
	return r.temp.Close()
}

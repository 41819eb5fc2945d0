package pack

import (
	"archive/tar"
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// archiveFolder is the one folder of an archive (RFC 8493, 4).
const archiveFolder = "pack/"

const archiveMode = 0o644

// archiveTime stands in archives for the time of every file: the first that a zip can tell.
func archiveTime() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// Archive writes a pack, a folder or an archive, into a zip or tar.gz; the ending of the name says which. The same pack gives the same
// bytes. It verifies the pack first; one that is not sound is ErrNotSound. A file that stands there is replaced only with force.
func Archive(ctx context.Context, from, to string, force bool) error {
	write, err := archiverOf(to)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) && !force {
		return fmt.Errorf("%s exists: name another, or replace it with --force", to)
	}
	v, err := Verify(ctx, from)
	if err != nil {
		return err
	}
	if !v.OK {
		return fmt.Errorf("pack %s: %w", from, ErrNotSound)
	}
	p, err := openAt(ctx, from)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.archive(ctx, to, write); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	return nil
}

// archiver writes the files of a pack.
type archiver func(ctx context.Context, w io.Writer, p *openPack, names []string) error

func archiverOf(name string) (archiver, error) {
	switch {
	case strings.HasSuffix(name, ".zip"):
		return writeZip, nil
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		return writeTar, nil
	}
	return nil, fmt.Errorf("%s: want a name that ends with .zip or .tar.gz", name)
}

// archive writes the file whole, or leaves what stood there.
func (p *openPack) archive(ctx context.Context, to string, write archiver) error {
	f, err := os.CreateTemp(filepath.Dir(to), partialPrefix+"*"+partialSuffix)
	if err != nil {
		return err
	}
	err = write(ctx, f, p, slices.Sorted(maps.Keys(p.files)))
	if err == nil {
		err = f.Chmod(archiveMode)
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

func writeZip(ctx context.Context, w io.Writer, p *openPack, names []string) error {
	z := zip.NewWriter(w)
	for _, name := range names {
		h := &zip.FileHeader{Name: archiveFolder + name, Method: zip.Deflate, Modified: archiveTime()}
		h.SetMode(archiveMode)
		out, err := z.CreateHeader(h)
		if err == nil {
			err = p.copyTo(ctx, out, name)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

func writeTar(ctx context.Context, w io.Writer, p *openPack, names []string) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	for _, name := range names {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: archiveFolder + name, Mode: archiveMode, Size: p.files[name], ModTime: archiveTime()}
		err := t.WriteHeader(h)
		if err == nil {
			err = p.copyTo(ctx, t, name)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// copyTo writes a file of the pack.
func (p *openPack) copyTo(ctx context.Context, w io.Writer, name string) error {
	f, err := p.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return ctx.Err()
}

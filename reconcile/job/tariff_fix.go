package job

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/tariff/lint"
)

// FixOptions say which file of tariffs to edit, and where the result goes.
type FixOptions struct {
	Options
	File         string // "-" is standard input
	AllowChanges bool   // also edits that change what sessions cost
	Write        bool   // write the file anew
	Out          string // write here instead, a file that does not exist yet; "-" is w, in the place of the diff
	JSON         bool
	Stdin        io.Reader // what "-" reads
}

// FixCounts says what fixing did.
type FixCounts struct {
	Tariffs, Changed int
	Edits            int
	Offered          int // edits left out because they change what sessions cost
	Rejected         int // records that could not be used
}

// maxFixBytes is how large a file that is edited may be: it is held in memory.
const maxFixBytes = 256 << 20

// FixTariffs edits the tariffs of one file and writes to w what it did: the edits and the change as a diff. Every other byte of the file
// stays as it was. Nothing is written to disk unless o asks for it.
func FixTariffs(ctx context.Context, o FixOptions, w io.Writer) (*FixCounts, error) {
	raw, err := o.read()
	if err != nil {
		return nil, err
	}
	shown := names{}
	shown.add("", []string{o.File})
	f := &fileFix{o: o, raw: raw, name: shown.of(o.File), counts: &FixCounts{}}
	if o.File == "-" {
		f.name = "-"
	}
	if err := f.all(ctx); err != nil {
		return nil, err
	}
	if o.Out == "-" {
		_, err = w.Write(f.after)
	} else {
		_, err = w.Write(f.report())
	}
	if err != nil {
		return nil, err
	}
	return f.counts, f.save()
}

// read reads the file as it is.
func (o *FixOptions) read() ([]byte, error) {
	from := o.Stdin
	if o.File != "-" {
		file, err := os.Open(o.File)
		if err != nil {
			return nil, fmt.Errorf("read tariffs: %w", err)
		}
		defer func() { _ = file.Close() }() // only read from
		from = file
	}
	raw, err := io.ReadAll(io.LimitReader(from, maxFixBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read tariffs: %w", err)
	case len(raw) > maxFixBytes:
		return nil, fmt.Errorf("read tariffs: %s has more than %d MiB, which is too much to edit; fix its parts", filepath.ToSlash(o.File), maxFixBytes>>20)
	case source.Compressed(raw):
		return nil, fmt.Errorf("read tariffs: %s is compressed, and its text cannot be edited in place; unpack it first", filepath.ToSlash(o.File))
	}
	return raw, nil
}

// fileFix is the fixing of one file.
type fileFix struct {
	o      FixOptions
	raw    []byte
	after  []byte
	name   string
	fixed  []fixedRecord
	notes  []ocpi.Finding
	counts *FixCounts
}

// fixedRecord is one tariff of the file.
type fixedRecord struct {
	place ocpi.Place
	*lint.Fixed
}

// all fixes every tariff of the file. Its bytes are framed from memory, so that what is edited is what was read.
func (f *fileFix) all(ctx context.Context) error {
	set, err := source.Open([]string{"-"}, source.Options{Stdin: bytes.NewReader(f.raw), TempDir: f.o.TempDir})
	if err != nil {
		return fmt.Errorf("open tariffs: %w", err)
	}
	defer func() { _ = set.Close() }() // only read from
	at := 0
	for b, err := range set.Batches(ctx) {
		if err != nil {
			return fmt.Errorf("read tariffs: %w", err)
		}
		for _, note := range append(b.Findings, b.Rejected...) {
			note.Place.File = f.name
			f.notes = append(f.notes, note)
		}
		f.counts.Rejected += len(b.Rejected)
		for _, rec := range b.Records {
			rec.Place.File = f.name
			from := int(rec.Place.Offset)
			if from < at || from+len(rec.Bytes) > len(f.raw) || !bytes.Equal(f.raw[from:from+len(rec.Bytes)], rec.Bytes) {
				return fmt.Errorf("edit %s: the record is not where it was read", rec.Place)
			}
			rec.Bytes = f.raw[from : from+len(rec.Bytes) : from+len(rec.Bytes)]
			f.after = append(append(f.after, f.raw[at:from]...), f.record(rec)...)
			at = from + len(rec.Bytes)
		}
		b.Release()
	}
	f.after = append(f.after, f.raw[at:]...)
	return nil
}

// record fixes one record and returns its text.
func (f *fileFix) record(rec ocpi.Record) []byte {
	if note := otherKind(rec, ocpi.KindTariff); note != nil {
		f.notes = append(f.notes, *note)
		f.counts.Rejected++
		return rec.Bytes
	}
	fixed := lint.Fix(rec, lint.Options{Version: f.o.Version, AllowChanges: f.o.AllowChanges})
	if fixed.Tariff == nil {
		_, why := ocpi.NewDecoder(ocpi.Options{}).Tariff(rec)
		f.notes = append(f.notes, why...)
		f.counts.Rejected++
		return rec.Bytes
	}
	f.counts.Tariffs++
	f.counts.Edits += len(fixed.Made)
	if len(fixed.Made) > 0 {
		f.counts.Changed++
	}
	for _, left := range fixed.Left {
		if left.Edit != nil && !left.Edit.Keeps {
			f.counts.Offered++
		}
	}
	f.fixed = append(f.fixed, fixedRecord{rec.Place, fixed})
	return fixed.After
}

// report is what was done: what could not be used, the edits, and for people the diff.
func (f *fileFix) report() []byte {
	var out []byte
	for _, note := range f.notes {
		if !f.o.JSON {
			out = append(out, "# "...)
		}
		out = console.AppendFinding(out, note, f.o.JSON)
	}
	byLines := true
	for _, r := range f.fixed {
		out = console.AppendFixed(out, r.place, r.Fixed, f.o.JSON)
		byLines = byLines && (len(r.Made) == 0 || bytes.ContainsRune(r.Before, '\n'))
	}
	switch {
	case f.o.JSON || f.counts.Changed == 0:
	case byLines:
		out = fmt.Appendf(out, "--- %s\n+++ %s\n%s", f.name, f.name, lint.Diff(f.raw, f.after))
	default:
		for _, r := range f.fixed {
			if len(r.Made) > 0 {
				out = fmt.Appendf(out, "--- %s, one value on a line\n+++ %s, one value on a line\n%s",
					r.place, r.place, lint.Diff(lint.Pretty(r.Before), lint.Pretty(r.After)))
			}
		}
	}
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n")) // a diff is to be read; what is written keeps its line ends
}

// save writes the result where it is to go.
func (f *fileFix) save() error {
	switch {
	case f.o.Out == "-":
		return nil
	case f.o.Out != "":
		return writeNew(f.o.Out, f.after)
	case f.o.Write && !bytes.Equal(f.raw, f.after):
		return replaceFile(f.o.File, f.after)
	}
	return nil
}

func writeNew(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		_ = file.Close() // the write failed already
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	return nil
}

// replaceFile writes a file anew: beside it first, so that it is either as it was or as it shall be.
func replaceFile(name string, text []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".reconcile-*")
	if err != nil {
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	if err := fill(temp, text, info.Mode().Perm(), name); err != nil {
		_ = os.Remove(temp.Name()) // the write failed already
		return fmt.Errorf("write the fixed tariffs: %w", err)
	}
	return nil
}

// fill writes a temporary file and puts it in the place of another.
func fill(temp *os.File, text []byte, mode fs.FileMode, name string) error {
	_, err := temp.Write(text)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

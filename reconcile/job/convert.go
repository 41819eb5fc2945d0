package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/convert"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// ConvertOptions say which records to write to which file.
type ConvertOptions struct {
	Options
	Case  *reconcile.Case // its columns and time zone read tables; nil: native names and synonyms
	Kind  ocpi.Kind       // of the rows of tables: CDRs or sessions; 0 tells by the heading
	Files []string        // patterns
	Out   string          // its ending tells the format: .parquet, .ndjson, .jsonl
	Force bool            // replace a file that stands there
	Show  ocpi.Severity   // the mildest finding that is printed
	JSON  bool
}

// ConvertCounts is the result of Convert.
type ConvertCounts struct {
	Records  int    `json:"records"`  // written
	Rejected int    `json:"rejected"` // not written, each with a finding
	Out      string `json:"out"`
}

// Convert writes the records of any input to one file, in order, and prints what was found to w. Nothing is left at Out where it fails.
func Convert(ctx context.Context, o ConvertOptions, w io.Writer) (_ *ConvertCounts, err error) {
	if o.Case == nil {
		o.Case = new(reconcile.Case)
	}
	if _, err := os.Lstat(o.Out); err == nil && !o.Force {
		return nil, fmt.Errorf("%s is there already\nchoose another name, or --force to replace it", filepath.ToSlash(o.Out))
	}
	s, err := openRecords("files to convert", o.Files, "", o.Options, source.Options{Builder: func(string) source.Builder { return o.Case.Records(o.Kind) }})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.set.Close() }() // only read from
	temp, err := os.CreateTemp(filepath.Dir(o.Out), ".reconcile-*")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", filepath.ToSlash(o.Out), err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name()) // it failed already
		}
	}()
	c := &conversion{o: o, set: s, w: w, counts: ConvertCounts{Out: filepath.ToSlash(o.Out)}}
	err = c.all(ctx, temp)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return nil, err
	}
	if err = os.Rename(temp.Name(), o.Out); err != nil {
		return nil, fmt.Errorf("write %s: %w", filepath.ToSlash(o.Out), err)
	}
	return &c.counts, nil
}

// conversion is the work of Convert.
type conversion struct {
	o      ConvertOptions
	set    *records
	out    convert.Writer
	w      io.Writer
	counts ConvertCounts
}

// convertedBatch is a batch on its way.
type convertedBatch struct {
	*source.Batch
	rows []convert.Row
}

func (c *conversion) all(ctx context.Context, to io.Writer) (err error) {
	if c.out, err = convert.NewWriter(to, c.o.Out); err != nil {
		return err
	}
	m := newMeter(c.o.Progress, "converting")
	m.now.TotalBytes = c.set.set.TotalBytes()
	decoders := make([]*ocpi.Decoder, c.o.workers())
	for i := range decoders {
		decoders[i] = ocpi.NewDecoder(ocpi.Options{Version: c.o.Version})
	}
	read := func(worker int, b *source.Batch) (*convertedBatch, error) {
		out := &convertedBatch{Batch: b, rows: make([]convert.Row, len(b.Records))}
		for i, rec := range b.Records {
			if out.rows[i].Record = rec.Bytes; c.out.Parquet() {
				out.rows[i] = convert.NewRow(decoders[worker], rec)
			}
		}
		decoders[worker].Release(nil, nil) // what it remembers points into the batch
		return out, nil
	}
	err = ordered(ctx, c.set.set.Batches(ctx), c.o.workers(), read, func(b *convertedBatch) error {
		defer b.Release()
		m.add(len(b.rows)+len(b.Rejected), c.set.set.ReadBytes())
		return c.write(b)
	})
	m.end()
	if err != nil {
		return err
	}
	return c.failed(c.out.Close())
}

func (c *conversion) failed(err error) error {
	if err != nil {
		return fmt.Errorf("write %s: %w", c.counts.Out, err)
	}
	return nil
}

// write runs on the sink.
func (c *conversion) write(b *convertedBatch) error {
	findings := c.set.said(b.Batch)
	lost, err := c.out.Write(b.rows)
	if err != nil {
		return c.failed(err)
	}
	for i, is := range lost {
		if !is {
			c.counts.Records++
			continue
		}
		c.counts.Rejected++
		findings = append(findings, c.set.shown(ocpi.Finding{Code: convert.CodeLine, Severity: ocpi.SeverityBlock, Place: b.Records[i].Place,
			Message: "the record spans lines and is no valid JSON, want JSON that can be put on one line; Parquet can hold it as it is"}))
	}
	c.counts.Rejected += len(b.Rejected)
	for _, f := range orderFindings(findings) {
		if f.Severity < c.o.Show {
			continue
		}
		if _, err := c.w.Write(console.AppendFinding(nil, f, c.o.JSON)); err != nil {
			return err
		}
	}
	return nil
}

package job

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/redact"
)

// Redaction says at which level the records of a run are disclosed.
type Redaction struct {
	Level    redact.Level
	Secret   *redact.Secret // nil at Full
	Openings string         // a file that is not given away
}

// RunRedacted is Run on redacted copies of the inputs, which are made in a temporary folder. Where it fails, neither pack nor openings are left.
func RunRedacted(ctx context.Context, o RunOptions, d Redaction) (_ *reconcile.Summary, err error) {
	if d.Level == redact.Full {
		return Run(ctx, o)
	}
	if err := outside(d.Openings, o.Out, o.Force); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.TempDir, "reconcile-")
	if err != nil {
		return nil, fmt.Errorf("folder for the redacted copies: %w", err)
	}
	partial := d.Openings + ".partial" // those of an earlier run stay until this one is done
	defer func() {
		if rerr := os.RemoveAll(dir); err == nil && rerr != nil {
			err = fmt.Errorf("remove the redacted copies: %w", rerr)
		}
		if err != nil {
			_ = os.Remove(partial) // it failed already
		}
	}()
	with := RedactOptions{Options: o.Options, Case: o.Case, Dir: o.Dir, Level: d.Level, Secret: d.Secret, Out: dir, Openings: partial}
	if o.Proofs != nil {
		with.Originals = map[string]commitment.Digest{}
		o.Proofs.originals = with.Originals
	}
	c, _, err := Redact(ctx, with)
	if err != nil {
		return nil, err
	}
	o.Case, o.Dir = c, dir
	s, err := Run(ctx, o)
	if err != nil {
		return nil, err
	}
	return s, os.Rename(partial, d.Openings)
}

// OpenOptions say which originals to give back.
type OpenOptions struct {
	Pack, Record string // see pack.Redacted
	Openings     string
	Secret       *commitment.Secret
}

// Opened is an original that was given back.
type Opened struct {
	Kind       string `json:"kind"`
	Level      string `json:"level"` // at which its copy stands in the pack
	Commitment string `json:"commitment"`
	Original   string `json:"original"`  // the bytes of the record
	Committed  bool   `json:"committed"` // the pack proves it to be in its commitment too
}

// Open gives back the originals of redacted copies in a pack. Each is the one that its copy commits to, or an error.
func Open(ctx context.Context, o OpenOptions) ([]Opened, error) {
	found, err := pack.Redacted(ctx, o.Pack, o.Record)
	if err != nil {
		return nil, err
	}
	wanted := map[string][]byte{}
	for _, f := range found {
		wanted[f.Commitment] = nil
	}
	if err := readOpenings(ctx, o.Openings, wanted); err != nil {
		return nil, err
	}
	secret, err := redact.NewSecret(o.Secret.Text())
	if err != nil {
		return nil, err
	}
	var out []Opened
	for _, f := range found {
		sealed := wanted[f.Commitment]
		if sealed == nil {
			return nil, fmt.Errorf("%s holds no opening of the commitment %s: it is of other copies", o.Openings, f.Commitment)
		}
		original, err := secret.Open(f.Commitment, sealed)
		if err == nil && f.Proof != nil && !o.Secret.Opens(f.Proof.Opening, original) {
			err = errors.New("the proof in the pack is of another record")
		}
		if err != nil {
			return nil, fmt.Errorf("open %s of %q: %w", f.Kind, o.Record, err)
		}
		out = append(out, Opened{f.Kind, f.Level, f.Commitment, string(original), f.Proof != nil})
	}
	return out, nil
}

// readOpenings reads the openings of the commitments that are wanted.
func readOpenings(ctx context.Context, file string, wanted map[string][]byte) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("openings: %w", err)
	}
	defer func() { _ = f.Close() }() // only read from
	in := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ctx.Err() == nil; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("openings: %w", err)
		}
		var o opening
		if err := json.Unmarshal(bytes.TrimSpace(line), &o); err != nil {
			return fmt.Errorf("%s line %d: %w", file, number, err)
		}
		if _, is := wanted[o.Commitment]; !is {
			continue
		}
		if wanted[o.Commitment], err = base64.StdEncoding.DecodeString(o.Opening); err != nil {
			return fmt.Errorf("%s line %d: %w", file, number, err)
		}
	}
	return ctx.Err()
}

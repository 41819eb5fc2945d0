package job

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/reconcile/spill"
)

// records is an opened set of files of one kind, with the names that results show.
type records struct {
	texts int64 // bytes of the identities read so far
	kind  string
	set   *source.Set
	names names
}

// again reads records again, in the order of refs, into dst.
func (s *records) again(dst []byte, refs []source.Ref) ([]byte, []ocpi.Record, error) {
	dst, recs, err := s.set.Records(dst, refs)
	if err != nil {
		return dst, nil, fmt.Errorf("read %s again: %w", s.kind, err)
	}
	for i := range recs {
		recs[i].Place.File = s.names.of(recs[i].Place.File)
	}
	return dst, recs, nil
}

// shown is a finding with its file named as results show it.
func (s *records) shown(f ocpi.Finding) ocpi.Finding {
	f.Place.File = s.names.of(f.Place.File)
	return f
}

// said is what framing found in a batch: what was rejected, and what else is to be said of the file.
func (s *records) said(b *source.Batch) []ocpi.Finding {
	var out []ocpi.Finding
	for _, f := range slices.Concat(b.Findings, b.Rejected) {
		out = append(out, s.shown(f))
	}
	return out
}

// inputs are the opened inputs of a run.
type inputs struct {
	cdrs, sessions, theirs, theirSessions  *records
	tariffFiles, locationFiles, agreedFile []string
	tokenFiles                             []string
	invoiceFiles, disputeFiles, listFiles  []string
	responseFiles, decisionFiles           []string         // in the order of the case file
	names                                  map[string]names // by kind
	read                                   []pack.Input     // of what was read whole
	unread                                 int64            // bytes of the table that is being read
}

// need is about how much of the inputs a temporary file will hold.
func (in *inputs) need(store *spill.Store) int64 {
	var texts, read, all int64
	for _, r := range []*records{in.cdrs, in.sessions, in.theirs, in.theirSessions} {
		texts, read, all = texts+r.texts, read+r.set.ReadBytes(), all+r.set.TotalBytes()
	}
	more := texts/1000*(max(all-read, 0)/max(read/1000, 1)) + 2*in.unread // a row is kept as it stands and as cells
	more += (store.Bytes() + more) / 7                                    // which makeRoom takes from the budget
	return store.Need(more) / 2 * 3                                       // rather too much than too little
}

// openInputs finds the files of a case. Relative patterns start from dir.
func openInputs(c *reconcile.Case, dir string, opts Options) (*inputs, error) {
	in := &inputs{names: map[string]names{}}
	var err error
	if in.cdrs, err = openRecords("cdrs", c.Inputs.CDRs, dir, opts, in.again(c, ocpi.KindCDR)); err != nil {
		return nil, err
	}
	if in.sessions, err = openRecords("sessions", c.Inputs.Sessions, dir, opts, in.again(c, ocpi.KindSession)); err != nil {
		return nil, errors.Join(err, in.close())
	}
	if in.theirs, err = in.openTheirs("theirs", c.Theirs.CDRs, in.cdrs, dir, opts, in.again(c, ocpi.KindCDR)); err != nil {
		return nil, errors.Join(err, in.close())
	}
	if in.theirSessions, err = in.openTheirs("their_sessions", c.Theirs.Sessions, in.sessions, dir, opts, in.again(c, ocpi.KindSession)); err != nil {
		return nil, errors.Join(err, in.close())
	}
	for _, f := range []struct {
		kind     string
		patterns []string
		files    *[]string
		find     func([]string) ([]string, error)
	}{
		{"tariffs", c.Inputs.Tariffs, &in.tariffFiles, source.Expand},
		{"locations", c.Inputs.Locations, &in.locationFiles, source.Expand},
		{"tokens", c.Inputs.Tokens, &in.tokenFiles, source.Expand},
		{"agreed tariffs", c.Agreement.Tariffs, &in.agreedFile, source.Expand},
		{"invoices", c.Inputs.Invoices, &in.invoiceFiles, source.ExpandTables},
		{"disputes", c.Inputs.Disputes, &in.disputeFiles, source.ExpandTables},
		{"invoice_reconciliation", c.Inputs.InvoiceReconciliation, &in.listFiles, source.Expand},
	} {
		if *f.files, err = expand(f.kind, f.patterns, dir, f.find); err != nil {
			return nil, errors.Join(err, in.close())
		}
		in.names[f.kind] = names{}
		in.names[f.kind].add(dir, *f.files)
	}
	if err := in.openRounds(c, dir); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

// openTheirs opens the debtor's own copy of ours. Both sides name their files alike, so that those of one name get a number.
func (in *inputs) openTheirs(kind string, patterns []string, ours *records, dir string, opts Options, how source.Options) (*records, error) {
	s, err := openRecords(kind, patterns, dir, opts, how)
	if err != nil {
		return nil, err
	}
	shown := maps.Clone(ours.names)
	files := slices.Sorted(maps.Keys(s.names))
	for _, file := range files {
		delete(shown, file)
	}
	shown.add(dir, files)
	s.names = shown
	return s, nil
}

// refetched are the inputs whose records are read again by place.
func (in *inputs) refetched() []*records {
	return []*records{in.cdrs, in.sessions, in.theirs, in.theirSessions}
}

// unchanged is an error where an input was changed since it was opened.
func (in *inputs) unchanged() error {
	var errs []error
	for _, s := range in.refetched() {
		errs = append(errs, s.set.Unchanged())
	}
	return errors.Join(errs...)
}

// again opens records of a kind that will be read again by place, those of tables by the columns of a case. A table that is an invoice or
// a dispute list too is refused: it would prove itself.
func (in *inputs) again(c *reconcile.Case, kind ocpi.Kind) source.Options {
	return source.Options{Refetch: true, Builder: func(file string) source.Builder {
		r := c.Records(kind)
		if slices.ContainsFunc(slices.Concat(in.invoiceFiles, in.disputeFiles), func(other string) bool { return sameFile(file, other) }) {
			r.Refuse("the file is an invoice or a dispute list of this case too, want the files of each kind apart")
		}
		return r
	}}
}

// sameFile reports two names of one file.
func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return a == b || errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// once opens records of a kind that are read once, those of tables by native names and synonyms.
func once(kind ocpi.Kind) source.Options {
	return source.Options{Builder: func(string) source.Builder { return new(reconcile.Case).Records(kind) }}
}

// openRecords opens the files of one kind.
func openRecords(kind string, patterns []string, dir string, opts Options, how source.Options) (*records, error) {
	files, err := expand(kind, patterns, dir, source.Expand)
	if err != nil {
		return nil, err
	}
	how.TempDir = opts.TempDir
	set, err := source.Open(files, how)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", kind, err)
	}
	shown := names{}
	shown.add(dir, files)
	return &records{kind: kind, set: set, names: shown}, nil
}

func expand(kind string, patterns []string, dir string, find func([]string) ([]string, error)) ([]string, error) {
	var from []string
	for _, p := range patterns {
		if dir != "" && p != "-" && !filepath.IsAbs(p) {
			p = filepath.Join(dir, p)
		}
		from = append(from, p)
	}
	files, err := find(from)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", kind, err)
	}
	return files, nil
}

// close releases files and temporary copies.
func (in *inputs) close() error {
	var errs []error
	for _, s := range in.refetched() {
		if s != nil {
			errs = append(errs, s.set.Close())
		}
	}
	return errors.Join(errs...)
}

// list is every input file, for sources.json.
func (in *inputs) list() []pack.Input {
	var out []pack.Input
	for _, s := range in.refetched() {
		out = append(out, listFiles(s.kind, s.names, s.set.Files())...)
	}
	return append(out, in.read...)
}

func listFiles(kind string, shown names, files []source.FileInfo) []pack.Input {
	var out []pack.Input
	for _, f := range files {
		out = append(out, pack.Input{Kind: kind, Name: shown.of(f.Name), SHA256: f.SHA256, Bytes: f.Bytes, Records: f.Records})
	}
	return out
}

// readAll decodes every record of some files; they are few and are held in memory: tariffs, locations.
func (in *inputs) readAll(
	ctx context.Context, kind string, want ocpi.Kind, files []string, each func(rec ocpi.Record) []ocpi.Finding,
) ([]ocpi.Finding, error) {
	set, err := source.Open(files, source.Options{})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", kind, err)
	}
	defer func() { _ = set.Close() }() // reading is done or failed already
	s := &records{kind: kind, set: set, names: in.names[kind]}
	var findings []ocpi.Finding
	for b, err := range set.Batches(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", kind, err)
		}
		findings = append(findings, s.said(b)...)
		for _, rec := range b.Records {
			rec.Place.File = s.names.of(rec.Place.File)
			if f := otherKind(rec, want); f != nil {
				findings = append(findings, *f)
				continue
			}
			rec.Bytes = append([]byte(nil), rec.Bytes...)
			findings = append(findings, each(rec)...)
		}
		b.Release()
	}
	in.read = append(in.read, listFiles(kind, s.names, set.Files())...)
	return findings, nil
}

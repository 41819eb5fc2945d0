package pack

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// maxKnownRecords bounds the memory of which records are disclosed already. Past it a record that several lines share may stand in
// the pack more than once.
const maxKnownRecords = 1 << 19

// Writer writes a pack into a hidden folder beside its destination; Commit puts it in place, Abort removes it. One goroutine uses
// it. After an error every method returns that error.
type Writer struct {
	to      *destination
	written []digest                // finished payload files
	names   map[string]*payloadFile // open payload files but shards, and nil for finished ones
	err     error
	done    bool

	lines, csv, notInvoiced, findings, index *payloadFile
	response                                 *responseWriter // nil where no response sheet is issued
	book                                     bookWriter      // lines.xlsx
	table                                    tableWriter
	parquet                                  *payloadFile // what table writes to
	account                                  account      // statement.pdf
	statement                                *payloadFile
	texts                                    documents // that workbook and statement tell of
	documented                               bool      // the documents are written

	records    [recordKinds]map[string]*shardSet // by ending
	sheets     shardSet
	sets       tariffSets
	theirs     theirFiles
	proofs     *proofWriter // nil where nothing is proved to be of a commitment
	shardBytes int64
	known      map[recordKey]location
	files      map[string]int32 // numbers of input files, for recordKey
	row        int
	buf        []byte
}

// recordKey tells records apart: by place and by the beginning of their digest.
type recordKey struct {
	kind   recordKind
	file   int32
	record int32
	offset int64
	sum    [8]byte
}

// Create begins a pack at dir, with its lines in the usual forms. A dir that exists and is not empty is refused unless force is set and it
// holds a pack; it then is replaced on Commit.
func Create(dir string, force bool) (*Writer, error) {
	return CreateAs(dir, force, reconcile.UsualLineForms())
}

// CreateAs is Create with the lines in other forms: those of the case that Commit is given.
func CreateAs(dir string, force bool, lines []reconcile.LineForm) (*Writer, error) {
	to, err := openDestination(dir, force)
	if err != nil {
		return nil, err
	}
	w := &Writer{
		texts: documents{},
		to:    to, names: map[string]*payloadFile{}, known: map[recordKey]location{}, files: map[string]int32{},
		sheets: shardSet{stem: "sheets", ending: endingJSON}, shardBytes: shardBytes,
	}
	for kind := range w.records {
		stem := "records/" + recordKindNames[kind]
		w.records[kind] = map[string]*shardSet{
			endingJSON: {stem: stem, ending: endingJSON}, endingText: {stem: stem, ending: endingText},
		}
	}
	w.lines, w.notInvoiced = w.open(linesFile), w.open(notInvoicedFile)
	w.findings, w.index = w.open(findingsFile), w.open(indexFile)
	w.openForms(lines)
	w.account, w.statement = newAccount(), w.open(statementFile)
	if w.err != nil {
		w.Abort()
		return nil, w.err
	}
	return w, nil
}

// open begins a payload file, named below data/.
func (w *Writer) open(name string) *payloadFile {
	if w.err != nil {
		return nil
	}
	f, err := createFile(w.to.root, payloadFolder+name)
	w.keep(err)
	w.names[name] = f
	return f
}

// keep remembers the first error.
func (w *Writer) keep(err error) {
	if err != nil && w.err == nil {
		w.err = w.to.needs(err)
	}
}

func (w *Writer) write(f *payloadFile, p []byte) {
	if w.err == nil {
		_, err := f.Write(p)
		w.keep(err)
	}
}

// finish closes a payload file and notes its digest.
func (w *Writer) finish(f *payloadFile) error {
	d, err := f.finish()
	w.written = append(w.written, d)
	return err
}

// Add writes a line: lines.ndjson, lines.csv and, for a disputed or differing line, its row of lines.xlsx, its records and sheets to the
// shards and the index. Lines come in output order.
func (w *Writer) Add(e *Entry) error {
	if e.err != nil && w.err == nil {
		w.err = fmt.Errorf("render invoice %q line %q: %w", e.invoiceID, e.line, e.err)
	}
	if w.err != nil {
		return w.err
	}
	w.row++
	verdict := locationDoc{Shard: linesFile, Offset: w.lines.size, Length: int64(len(e.json) - 1)}
	w.write(w.lines, e.json)
	w.addForms(e)
	if e.closed {
		w.account.proven(e.invoiceID, e.unit, e.net)
		return w.err
	}
	w.keep(w.disclose(e, verdict))
	w.keep(w.response.add(e.asked))
	return w.err
}

// disclose writes the evidence of a line and its entry in the index.
func (w *Writer) disclose(e *Entry, verdict locationDoc) error {
	doc := indexDoc{
		Row: w.row, InvoiceID: e.invoiceID, Line: e.line, Conceded: e.conceded, Unproven: e.unproven, Verdict: verdict, Stated: e.listed.stated,
	}
	lists := doc.records()
	for i := range e.records {
		r := &e.records[i]
		d, err := w.putRecord(r)
		if err != nil {
			return err
		}
		*lists[r.kind] = append(*lists[r.kind], d)
	}
	for _, s := range e.sheets {
		set, err := w.set(s.supplied)
		if err != nil {
			return err
		}
		at, err := w.putLine(&w.sheets, s.head, appendSet(nil, set), s.tail)
		if err != nil {
			return err
		}
		doc.Sheets = append(doc.Sheets, sheetRef{Name: s.name, locationDoc: w.sheets.doc(at)})
	}
	w.buf = doc.append(w.buf[:0])
	if _, err := w.index.Write(w.buf); err != nil {
		return err
	}
	w.account.add(e.listed)
	return w.book.add(e.listed, &doc)
}

// putRecord writes a record unless it is disclosed already, and says where it stands.
func (w *Writer) putRecord(r *record) (recordDoc, error) {
	place := r.rec.Place
	key := recordKey{kind: r.kind, file: w.file(place.File), record: int32(place.Record), offset: place.Offset, sum: [8]byte(r.sum[:8])}
	w.proofs.disclosed(r)
	line, encoding, ending := r.encode(w.buf)
	shards := w.records[r.kind][ending]
	at, known := w.known[key]
	if !known {
		var err error
		if at, err = w.putLine(shards, line); err != nil {
			return recordDoc{}, err
		}
		if len(w.known) < maxKnownRecords {
			w.known[key] = at
		}
	}
	return recordDoc{
		locationDoc: shards.doc(at), Encoding: encoding, SHA256: r.digest(),
		Source: sourceDoc{
			File: displayName(place.File), Record: place.Record, Line: place.Line, Offset: place.Offset, Length: int64(len(r.rec.Bytes)),
		},
	}, nil
}

// file numbers the input files.
func (w *Writer) file(name string) int32 {
	n, known := w.files[name]
	if !known {
		n = int32(len(w.files))
		w.files[name] = n
	}
	return n
}

// AddNotInvoiced writes an object to not_invoiced.ndjson; they come in output order.
func (w *Writer) AddNotInvoiced(n *reconcile.NotInvoiced) error {
	d := newNotInvoicedDoc(n)
	w.buf = d.appendLine(w.buf[:0])
	w.write(w.notInvoiced, w.buf)
	return w.err
}

// AddFinding writes an object to findings.ndjson; they come in output order.
func (w *Writer) AddFinding(f ocpi.Finding) error {
	d := newFindingDoc(&f)
	w.buf = d.appendLine(w.buf[:0])
	w.write(w.findings, w.buf)
	return w.err
}

// File writes another payload file, named relative to data/ with slashes.
func (w *Writer) File(name string, content []byte) error {
	if w.err != nil {
		return w.err
	}
	if _, taken := w.names[name]; taken || !isPayloadName(name) {
		return fmt.Errorf("pack file %q: the name is taken or not one of small letters, digits, - _ . and /", name)
	}
	f := w.open(name)
	w.write(f, content)
	if w.err == nil {
		w.keep(w.finish(f))
		w.names[name] = nil
	}
	return w.err
}

// isPayloadName reports a name that File may write.
func isPayloadName(name string) bool {
	return isPlainName(name) && !strings.HasPrefix(name, "records/") && !strings.HasPrefix(name, "sheets-")
}

// isPlainName reports a name that any system and any BagIt tool reads alike.
func isPlainName(name string) bool {
	if name == "" || len(name) > 200 || path.Clean(name) != name || path.IsAbs(name) || strings.HasPrefix(name, ".") {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte("-_./", c) < 0 {
			return false
		}
	}
	return true
}

// Commit writes summary.json, sources.json, case.json, engine.json, the manifests and the signatures, and moves the pack into place.
func (w *Writer) Commit(c Contents) error {
	if w.done {
		return errors.New("pack: committed or aborted before")
	}
	if c.Summary == nil {
		return errors.New("pack: no summary")
	}
	if err := w.Documents(c); err != nil {
		return err
	}
	if err := w.writeTheirs(c.Summary); err != nil {
		return err
	}
	w.keep(w.response.finish(c))
	w.keep(w.book.finish(w.texts))
	w.keep(w.table.finish())
	w.keep(w.writeProofs())
	if err := w.close(); err != nil {
		return err
	}
	if err := w.certify(); err != nil {
		return err
	}
	guide, err := w.guide()
	if err != nil {
		return err
	}
	if err := w.tags(c.Summary, guide); err != nil {
		return err
	}
	if err := w.sign(c.Signers); err != nil {
		return err
	}
	if err := w.to.place(); err != nil {
		w.err = err
		return err
	}
	w.done = true
	return nil
}

// close closes all payload files.
func (w *Writer) close() error {
	for _, f := range []*payloadFile{
		w.lines, w.csv, w.notInvoiced, w.findings, w.index, w.book.file, w.parquet, w.statement, w.sets.file, w.response.csvFile(), w.response.xlsxFile(),
	} {
		if f != nil {
			w.keep(w.finish(f))
			w.names[strings.TrimPrefix(f.name, payloadFolder)] = nil
		}
	}
	for _, s := range w.shardSets() {
		if s.open != nil {
			w.keep(w.finish(s.open))
			s.open = nil
		}
	}
	return w.err
}

// shardSets are all sets of shards.
func (w *Writer) shardSets() []*shardSet {
	sets := append(w.proofs.shards(), &w.sheets)
	for _, byEnding := range w.records {
		sets = append(sets, byEnding[endingJSON], byEnding[endingText])
	}
	return sets
}

// Folder is the hidden folder in which the pack grows. What else stands in it is gone with it.
func (w *Writer) Folder() string { return w.to.temp }

// Others are the hidden folders of other packs beside the place of this one: of runs that are under way or were stopped.
func (w *Writer) Others() ([]string, error) { return w.to.others() }

// Abort removes what was written. After Commit it does nothing.
func (w *Writer) Abort() {
	if !w.done {
		w.abort()
		_ = w.to.discard() // the run has failed for a reason already
	}
}

// Suspend removes what was written of the pack, but not what else stands in its hidden folder. After Commit it does nothing.
func (w *Writer) Suspend() {
	if !w.done {
		w.abort()
		_ = w.to.clear() // likewise
	}
}

func (w *Writer) abort() {
	w.done = true
	for _, f := range w.names {
		if f != nil {
			f.file.Close()
		}
	}
	for _, s := range w.shardSets() {
		if s.open != nil {
			s.open.file.Close()
		}
	}
	_ = w.theirs.close() // it is thrown away
	if w.err == nil {
		w.err = errors.New("pack: aborted")
	}
}

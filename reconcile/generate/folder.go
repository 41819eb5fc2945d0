package generate

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The files of a generated case.
const (
	cdrFile      = "cdrs.ndjson"
	sessionFile  = "sessions.ndjson"
	tariffFile   = "tariffs.json"
	locationFile = "locations.json"
	invoiceFile  = "invoice.csv"
	disputeFile  = "disputes.csv"
	caseFile     = "case.yaml"
	truthFile    = "truth.ndjson"
)

var fileNames = [...]string{cdrFile, sessionFile, tariffFile, locationFile, invoiceFile, disputeFile, caseFile, truthFile}

// namesWith are the files of a case and, where the debtor's copy is made, those of it.
func namesWith(theirs bool) []string {
	if !theirs {
		return fileNames[:]
	}
	return append(fileNames[:len(fileNames):len(fileNames)], theirFile, theirTruthFile, theirSessionFile, theirSessionTruthFile)
}

// folder is the output: one open file of each name.
type folder struct {
	dir   string
	names []string // of the files, in the order of the report
	files map[string]*output
}

// output is a file that is being written. buf is scratch for one record.
type output struct {
	f       *os.File
	w       *bufio.Writer
	buf     []byte
	records int
	bytes   int64
}

// createFolder makes the folder and its files. Without force, files that are there already are left alone and reported.
func createFolder(dir string, force bool, names []string) (*folder, error) {
	if dir == "" {
		return nil, errors.New("generate: no output folder given")
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("generate: make output folder: %w", err)
	}
	if !force {
		for _, name := range names {
			if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
				return nil, fmt.Errorf("generate: %s exists already; choose another folder or force", filepath.Join(dir, name))
			}
		}
	}
	d := &folder{dir: dir, names: names, files: map[string]*output{}}
	for _, name := range names {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("generate: create output: %w", err), d.close())
		}
		d.files[name] = &output{f: f, w: bufio.NewWriterSize(f, 1<<18)}
	}
	return d, nil
}

// write adds bytes that count as so many records. A failure shows when the folder is closed.
func (o *output) write(b []byte, records int) {
	n, _ := o.w.Write(b) // bufio keeps the error for Flush
	o.bytes += int64(n)
	o.records += records
}

// close flushes and closes all files and returns the first failure.
func (d *folder) close() error {
	var first error
	for _, name := range d.names {
		o := d.files[name]
		if o == nil {
			continue
		}
		if err := errors.Join(o.w.Flush(), o.f.Close()); err != nil && first == nil {
			first = fmt.Errorf("generate: write %s: %w", filepath.Join(d.dir, name), err)
		}
	}
	return first
}

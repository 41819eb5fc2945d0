package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// tamper DIR flips a byte in the middle of each file of a pack in turn; verify must exit 1 and name the file.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tamper DIR")
	}
	dir := ts.MkAbs(args[0])
	var files []string
	ts.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	for _, file := range files {
		text, err := os.ReadFile(file)
		ts.Check(err)
		if len(text) == 0 {
			continue
		}
		changed := bytes.Clone(text)
		changed[len(changed)/2] ^= 1
		ts.Check(os.WriteFile(file, changed, 0o644))
		out, status := verify(dir)
		ts.Check(os.WriteFile(file, text, 0o644))
		name, err := filepath.Rel(dir, file)
		ts.Check(err)
		if status != exitWrong || !strings.Contains(out, filepath.ToSlash(name)) {
			ts.Fatalf("%s changed: verify exits %d and says\n%s", name, status, out)
		}
	}
	if out, status := verify(dir); status != exitDone {
		ts.Fatalf("unchanged pack: verify exits %d and says\n%s", status, out)
	}
	ts.Logf("%d files tampered with", len(files))
}

// verify runs the program itself, as a user would.
func verify(dir string) (out string, status int) {
	cmd := exec.Command("reconcile", "verify", dir)
	text, _ := cmd.CombinedOutput() // the status is looked at below
	return string(text), cmd.ProcessState.ExitCode()
}

// verdict is what the truth and the result say of a line, in the same words.
type verdict struct {
	Disputed                            bool
	Proven, Conceded, Unproven, Outcome string
	Reasons                             string
	CDR                                 string // that the line means, and that it was matched with
}

// truth TRUTH LINES compares the verdict of every line, and the CDR that it was matched with, with the truth.
func truth(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truth TRUTH LINES")
	}
	want := readVerdicts(ts, args[0], false)
	got := readVerdicts(ts, args[1], true)
	wrong := 0
	for key, w := range want {
		if g, ok := got[key]; !ok || g != w {
			if wrong++; wrong <= 10 {
				ts.Logf("%s: got %+v\n  want %+v", key, got[key], w)
			}
		}
	}
	if wrong > 0 || len(want) != len(got) {
		ts.Fatalf("%d of %d lines differ from the truth; %d lines judged", wrong, len(want), len(got))
	}
	ts.Logf("%d lines equal the truth", len(want))
}

// readVerdicts reads truth.ndjson, or lines.ndjson whose parts are money.
func readVerdicts(ts *testscript.TestScript, name string, money bool) map[string]verdict {
	out := map[string]verdict{}
	scanner := bufio.NewScanner(strings.NewReader(ts.ReadFile(name)))
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		var line struct {
			InvoiceID string `json:"invoice_id"`
			Line      string
			Disputed  bool
			Outcome   string
			Proven    json.RawMessage
			Conceded  json.RawMessage
			Unproven  json.RawMessage
			Reasons   []string
			Defect    string
			CDR       string
			Match     struct{ CDR string }
		}
		ts.Check(json.Unmarshal(scanner.Bytes(), &line))
		amount := func(raw json.RawMessage) string {
			if !money {
				return canonical(strings.Trim(string(raw), `"`))
			}
			var m struct {
				Before string `json:"before_taxes"`
			}
			ts.Check(json.Unmarshal(raw, &m))
			return canonical(m.Before)
		}
		out[line.InvoiceID+":"+line.Line] = verdict{
			line.Disputed, amount(line.Proven), amount(line.Conceded), amount(line.Unproven), line.Outcome, strings.Join(line.Reasons, " "),
			line.CDR + line.Match.CDR,
		}
	}
	return out
}

// canonical drops the trailing zeros of a decimal.
func canonical(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

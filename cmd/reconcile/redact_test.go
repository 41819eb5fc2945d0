package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"index/suffixarray"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// secretMembers are the members of records, and the columns of tables, whose values may not stand in a pack of the level minimal.
var secretMembers = strings.Fields(`uid contract_id auth_id visual_number authorization_reference name address postal_code latitude longitude evse_uid evse_id
	location_id meter_id remark plain_data signed_data description driver vehicle token location issuer email phone`)

// leastTelling is the length from which the text of a secret is no part of other texts by chance.
const leastTelling = 6

// leaks INPUT SECRETS PACK looks in every byte of a pack, the parts of its workbooks and what is written in base64 included, for the secret
// values of the inputs and for the further texts of a file, one a line. Case does not count, nor do the separators of ids.
func leaks(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: leaks INPUT SECRETS PACK")
	}
	secrets := map[string]bool{}
	ts.Check(eachFile(ts.MkAbs(args[0]), func(_ string, text []byte) error {
		collect(secrets, text)
		return nil
	}))
	for _, text := range strings.Split(ts.ReadFile(args[1]), "\n") {
		addSecret(secrets, text)
	}
	if len(secrets) < 10 {
		ts.Fatalf("only %d secrets were found, which proves nothing", len(secrets))
	}
	var found []string
	ts.Check(eachFile(ts.MkAbs(args[2]), func(name string, text []byte) error {
		found = append(found, leaksOf(secrets, name, text)...)
		return nil
	}))
	switch {
	case neg && len(found) == 0:
		ts.Fatalf("none of %d secrets was found", len(secrets))
	case !neg && len(found) > 0:
		ts.Fatalf("%d leaks, the first of them:\n%s", len(found), strings.Join(found[:min(len(found), 20)], "\n"))
	}
	ts.Logf("%d secrets, %d leaks", len(secrets), len(found))
}

func leaksOf(secrets map[string]bool, name string, text []byte) (found []string) {
	index := suffixarray.New(bytes.ToLower(append([]byte(filepath.Base(name)+"\n"), text...)))
	for secret := range secrets {
		if len(index.Lookup([]byte(secret), 1)) > 0 {
			found = append(found, name+": "+secret)
		}
	}
	slices.Sort(found)
	return found
}

func addSecret(secrets map[string]bool, text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(text) >= leastTelling && text != "copied" { // a word, which the debtor's copy of a generated month has for a reference
		secrets[text] = true
	}
	if plain := strings.NewReplacer("-", "", "*", "").Replace(text); len(plain) >= 2*leastTelling {
		secrets[plain] = true
	}
}

// collect finds the secrets of a file of records, or of a table.
func collect(secrets map[string]bool, text []byte) {
	if records := json.NewDecoder(bytes.NewReader(text)); bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) || bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		for {
			var v any
			if records.Decode(&v) != nil {
				return
			}
			collectValue(secrets, "", v)
		}
	}
	rows := csv.NewReader(bytes.NewReader(text))
	rows.FieldsPerRecord = -1
	head, _ := rows.Read()
	for {
		row, err := rows.Read()
		if err != nil {
			return
		}
		for i, cell := range row {
			if i < len(head) && slices.Contains(secretMembers, head[i]) {
				addSecret(secrets, cell)
			}
		}
	}
}

func collectValue(secrets map[string]bool, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, v := range v {
			collectValue(secrets, name, v)
		}
	case []any:
		for _, v := range v {
			collectValue(secrets, name, v)
		}
	case string:
		if slices.Contains(secretMembers, name) {
			addSecret(secrets, v)
		}
	}
}

// inBase64 is a record that holds line breaks, as packs write it.
var inBase64 = regexp.MustCompile(`"base64":"([A-Za-z0-9+/=]+)"`)

// eachFile calls each with every file below a folder, the parts of zip files, and what stands in a file in base64.
func eachFile(dir string, each func(name string, text []byte) error) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := each(path, text); err != nil {
			return err
		}
		for _, m := range inBase64.FindAllSubmatch(text, -1) {
			inner, _ := base64.StdEncoding.DecodeString(string(m[1]))
			if err := each(path+" (base64)", inner); err != nil {
				return err
			}
		}
		z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return nil // no zip file
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				return err
			}
			inner, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			if err := each(path+"/"+part.Name, inner); err != nil {
				return err
			}
		}
		return nil
	})
}

// sameverdicts A B holds the lines of two packs against each other: everything that is said of a line, of its findings the codes, severities and
// records; their texts and places, and those of the history, may differ (a remark of the debtor's copy that is left out differs at /x_withheld). Unknown
// members are withheld, so that nothing is said of them.
func sameverdicts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sameverdicts PACK PACK")
	}
	a, b := verdictTexts(ts, args[0]), verdictTexts(ts, args[1])
	if len(a) == 0 || len(a) != len(b) {
		ts.Fatalf("%d and %d lines", len(a), len(b))
	}
	for i := range a {
		if strings.Contains(a[i], `"rule":"meter"`) { // the signed readings that lead to the CDR are withheld: the line can only lose by it
			if !strings.Contains(b[i], `"outcome":"unproven"`) || !strings.Contains(b[i], `"invoiced-unknown-cdr"`) {
				ts.Fatalf("line %d goes by readings that are withheld, but is said to be supported:\n%s", i+1, b[i])
			}
			continue
		}
		if a[i] != b[i] {
			ts.Fatalf("line %d differs:\n%s\n%s", i+1, a[i], b[i])
		}
	}
}

func verdictTexts(ts *testscript.TestScript, pack string) []string {
	var out []string
	for _, raw := range strings.Split(strings.TrimSpace(ts.ReadFile(pack+"/data/lines.ndjson")), "\n") {
		var doc map[string]any
		ts.Check(json.Unmarshal([]byte(raw), &doc))
		findings, _ := doc["findings"].([]any)
		findings = slices.DeleteFunc(findings, func(f any) bool { return f.(map[string]any)["code"] == "schema-unknown-field" })
		doc["findings"] = findings
		for _, f := range findings {
			for _, name := range []string{"file", "offset", "line", "message", "pointer"} {
				delete(f.(map[string]any), name)
			}
		}
		history, _ := doc["history"].([]any)
		for _, e := range history { // what was said in words is put as codes
			for _, name := range []string{"source", "text", "dispute_code", "their_evidence", "by"} {
				delete(e.(map[string]any), name)
			}
		}
		text, err := json.Marshal(doc) // in the order of names
		ts.Check(err)
		out = append(out, string(text))
	}
	return out
}

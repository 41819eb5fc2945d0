package reconcile

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Levels of disclosure that a case file may state of its records; package redact makes such records.
var disclosures = []string{"pseudonymised", "minimal"}

// leftOutOfCopies are the keys of a case file that its copy for redacted records does not take over: what says where records are and how they
// are read, and keys of meters, whose signed data is withheld.
var leftOutOfCopies = map[string]bool{
	"inputs": true, "theirs": true, "columns": true, "disclosure": true, "agreement.tariffs": true, "agreement.meter_keys": true,
}

// Copy is the case file (text as ParseCase read it) for other files of its records: the inputs, the debtor's copy and the level of
// disclosure are those of the case, all else is as in the text, without comments.
func (c *Case) Copy(text []byte) ([]byte, error) {
	r := &caseReader{file: c.file}
	body, err := r.document(text)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	r.copy(&b, body, "", "")
	if c.Disclosure != "" {
		fmt.Fprintf(&b, "disclosure: %s\n", c.Disclosure)
	}
	b.WriteString("inputs:\n")
	for _, in := range []struct {
		key   string
		files []string
	}{
		{"cdrs", c.Inputs.CDRs}, {"sessions", c.Inputs.Sessions}, {"tariffs", c.Inputs.Tariffs}, {"locations", c.Inputs.Locations},
		{"tokens", c.Inputs.Tokens}, {"invoices", c.Inputs.Invoices}, {"disputes", c.Inputs.Disputes},
		{"invoice_reconciliation", c.Inputs.InvoiceReconciliation}, {"responses", c.Inputs.Responses}, {"decisions", c.Inputs.Decisions},
	} {
		fmt.Fprintf(&b, "  %s: %s\n", in.key, listOf(in.files))
	}
	if len(c.Theirs.CDRs)+len(c.Theirs.Sessions) > 0 {
		fmt.Fprintf(&b, "theirs: {cdrs: %s, sessions: %s}\n", listOf(c.Theirs.CDRs), listOf(c.Theirs.Sessions))
	}
	out := b.String()
	if tariffs := c.Agreement.Tariffs; len(tariffs) > 0 { // behind its key, which is there where they are
		out = strings.Replace(out, "\"agreement\":\n", "\"agreement\":\n  tariffs: "+listOf(tariffs)+"\n", 1)
	}
	return []byte(out), r.err()
}

// copy writes a mapping as it is, one key a line. path is that of its keys.
func (r *caseReader) copy(b *strings.Builder, n ast.Node, indent, path string) {
	r.entries(n, "the case file", func(key string, _, value ast.Node) {
		if leftOutOfCopies[path+key] {
			return
		}
		fmt.Fprintf(b, "%s%s:", indent, quoted(key))
		switch v := value.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			b.WriteByte('\n')
			r.copy(b, v, indent+"  ", path+key+".")
		case *ast.SequenceNode:
			items := make([]string, len(v.Values))
			for i, item := range v.Values {
				items[i], _ = r.scalar(item)
			}
			fmt.Fprintf(b, " %s\n", listOf(items))
		default:
			text, _ := r.scalar(v)
			fmt.Fprintf(b, " %s\n", quoted(text))
		}
	})
}

// quoted is a text in the quotes of JSON, which are YAML's too.
func quoted(text string) string {
	out, _ := json.Marshal(text) // a text always can be
	return string(out)
}

func listOf(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = quoted(t)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

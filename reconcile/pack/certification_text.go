package pack

import (
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pdf"
)

// write fills in the text of the templates and sets it.
func (c *certification) write(d *pdf.Document) error {
	blocks, err := c.blocks()
	for _, block := range blocks {
		c.block(d, block)
	}
	return err
}

// blocks are the parts of the text, which empty lines set apart. How one begins says what it is.
func (c *certification) blocks() ([]string, error) {
	var b strings.Builder
	if err := certificationTemplate().Execute(&b, c); err != nil {
		return nil, err
	}
	var out []string
	for block := range strings.SplitSeq(b.String(), "\n\n") {
		if block = strings.TrimSpace(block); block != "" {
			out = append(out, block)
		}
	}
	return out, nil
}

func (c *certification) block(d *pdf.Document, block string) {
	mark, rest, _ := strings.Cut(block, " ")
	switch mark {
	case "#":
		d.Heading(rest)
	case "#>":
		d.NewPage(pdf.Portrait)
		d.Heading(rest)
	case "-":
		d.List(itemsOf(block))
	case "1.":
		d.Numbered(itemsOf(block))
	case "!":
		d.Table(signatureForm(rest))
	case "[facts]":
		d.Table(&pdf.Table{Columns: []pdf.Column{{Width: 26, Names: true}, {Width: 100}}, Rows: c.facts})
	case "[inputs]":
		d.Table(inputTable(c.inputs))
	case "[records]":
		d.Table(recordTable(&c.summary.Records))
	case "[files]":
		d.Table(fileTable(c.files))
	default:
		d.Paragraph(block)
	}
}

// itemsOf are the texts of a list, an item a line, without their labels.
func itemsOf(block string) []string {
	var out []string
	for line := range strings.Lines(block) {
		_, item, _ := strings.Cut(strings.TrimSpace(line), " ")
		out = append(out, item)
	}
	return out
}

// signatureForm is what is declared, and blanks for who declares it.
func signatureForm(declaration string) *pdf.Table {
	t := &pdf.Table{Form: true, Columns: []pdf.Column{{Width: 26, Names: true}, {Width: 100}}, Rows: []pdf.Row{{Cells: []string{"Declaration", declaration}}}}
	for _, blank := range []string{"Name", "Title, employer", "Executed on (date)", "Executed at (place)", "Signature"} {
		t.Rows = append(t.Rows, pdf.Row{Cells: []string{blank, ""}})
	}
	return t
}

func inputTable(inputs []Input) *pdf.Table {
	t := &pdf.Table{Small: true, Columns: []pdf.Column{
		{Heading: "File", Width: 100, Names: true}, {Heading: "Kind", Width: 70}, {Heading: "Records", Width: 40, Right: true},
		{Heading: "Bytes", Width: 51, Right: true}, {Heading: "SHA-256", Width: 262},
	}}
	for i := range inputs[:min(len(inputs), maxCertified)] {
		in := &inputs[i]
		t.Rows = append(t.Rows, pdf.Row{Cells: []string{in.Name, in.Kind, countText(in.Records), countText(int(in.Bytes)), in.SHA256}})
	}
	return t
}

func fileTable(files []digest) *pdf.Table {
	t := &pdf.Table{Small: true, Columns: []pdf.Column{
		{Heading: "File", Width: 201, Names: true}, {Heading: "Bytes", Width: 60, Right: true}, {Heading: "SHA-256", Width: 262},
	}}
	for _, f := range files[:min(len(files), maxCertified)] {
		t.Rows = append(t.Rows, pdf.Row{Cells: []string{f.name, countText(int(f.size)), f.sha256}})
	}
	return t
}

// recordTable has what became of the records of each kind; of those that few cases have, where there are any.
func recordTable(r *reconcile.Records) *pdf.Table {
	t := &pdf.Table{Columns: []pdf.Column{{Heading: "Records", Width: 43, Names: true}}}
	for _, heading := range []string{"Read", "Used", "Duplicate", "Rejected"} {
		t.Columns = append(t.Columns, pdf.Column{Heading: heading, Width: 20, Right: true})
	}
	for i, k := range []struct {
		what  string
		count reconcile.RecordCount
	}{
		{"CDRs", r.CDRs}, {"Sessions", r.Sessions}, {"Invoice lines", r.InvoiceLines}, {"Disputes", r.Disputes}, {"CDRs of the debtor's copy", r.Theirs},
		{"Sessions of the debtor's copy", r.TheirSessions}, {"Rows of response sheets", r.Responses}, {"Decisions", r.Decisions},
	} {
		const usual = 4
		if n := k.count; i < usual || n.Read > 0 {
			t.Rows = append(t.Rows, pdf.Row{Cells: []string{k.what, countText(n.Read), countText(n.Used), countText(n.Duplicate), countText(n.Rejected)}})
		}
	}
	return t
}

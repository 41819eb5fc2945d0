package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"sync"
)

// The parts of the page. Style and script come in files for reading: what they are of is in their names.
var (
	//go:embed assets/page.html
	pageHTML string
	//go:embed assets/page.css
	pageCSS string
	//go:embed assets/lines.css
	linesCSS string
	//go:embed assets/narrow.css
	narrowCSS string
	//go:embed assets/detail.js
	detailJS string
	//go:embed assets/table.js
	tableJS string
)

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"css":  func(s string) template.CSS { return template.CSS(s) },
		"bars": func(label string, segments []segment) bar { return bar{label, segments} },
		"bar":  func(label, class, width string) bar { return bar{label, []segment{{class, "0", width, label}}} },
	}).Parse(pageHTML))
})

// write lays out the page: what is read first, then the data, then the script.
func write(w io.Writer, v *view, rows []*row, proofs []byte) error {
	script := wasmExecJS + detailJS + proofsJS + engineJS + tableJS
	v.Style = pageCSS + linesCSS + narrowCSS
	v.Policy = "default-src 'none'; style-src " + hashSource(v.Style) + "; script-src 'wasm-unsafe-eval' " + hashSource(script) +
		"; base-uri 'none'; form-action 'none'"
	out := bufio.NewWriterSize(w, 1<<16)
	if err := pageTemplate().Execute(out, v); err != nil {
		return err
	}
	writeData(out, v, rows)
	if proofs != nil {
		writeCompressed(out, "proofs", func(w io.Writer) { _, _ = w.Write(proofs) })
	}
	_, _ = out.WriteString("<script>" + script + "</script>\n</body>\n</html>\n")
	return out.Flush()
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// writeData embeds the rows, the details one a line, and the values that details share. Errors stay in out until Flush.
func writeData(out *bufio.Writer, v *view, rows []*row) {
	open := func(id string) { openData(out, "application/json", id) }
	end := func() { closeData(out) }

	open("meta")
	_, _ = out.Write(v.meta)
	end()

	open("rows")
	_ = out.WriteByte('[')
	detail := 0
	for i, r := range rows {
		if i > 0 {
			_, _ = out.WriteString(",\n")
		}
		_, _ = out.Write(r.json)
		if r.detail == nil {
			_, _ = out.WriteString(",-1]")
			continue
		}
		_, _ = out.WriteString("," + itoa(detail) + "]")
		detail++
	}
	_ = out.WriteByte(']')
	end()

	open("details")
	link := linker{table: v.shared, of: map[int]int{}}
	var scratch []byte
	for _, r := range rows {
		if r.detail != nil {
			scratch = append(link.link(scratch[:0], r.detail), '\n')
			_, _ = out.Write(scratch)
		}
	}
	end()

	writeCompressed(out, "records", func(w io.Writer) {
		for _, r := range rows {
			if r.detail != nil {
				scratch = append(link.link(scratch[:0], r.records), '\n')
				_, _ = w.Write(scratch)
			}
		}
	})
	writeEngine(out)

	open("shared")
	_ = out.WriteByte('[')
	for i, entry := range link.used {
		if i > 0 {
			_, _ = out.WriteString(",\n")
		}
		_, _ = out.WriteString(entry)
	}
	_ = out.WriteByte(']')
	end()
}

// bar is what the template needs to draw one: its name for those who cannot see it, and its pieces.
type bar struct {
	Label    string
	Segments []segment
}

package report

import (
	"bufio"
	"compress/gzip"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/replay"
	"github.com/nexacollect/reconcile/tariff"
)

var (
	// engineWASM is cmd/engine for a browser, compressed; see 'make engine'.
	//go:embed assets/engine.wasm.gz
	engineWASM []byte
	// wasmExecJS is the part of Go's distribution that runs it.
	//go:embed assets/wasm_exec.js
	wasmExecJS string
	//go:embed assets/engine.js
	engineJS string
)

// Records are the disclosed records of a line: the memory of the verdict's own may have taken others since it was judged.
type Records interface {
	// CDR is a CDR as received, and its SHA-256 in hexadecimal; nothing where it is not disclosed.
	CDR(c *ocpi.CDR) (text []byte, sha256 string)
}

// sheetRecords collects the CDRs of a line's sheets, as [SHA-256, text].
type sheetRecords struct {
	from Records
	cdrs []*ocpi.CDR
	text [][2]string
}

// at is the place of a CDR among them. One that is no text cannot stand in the page.
func (r *sheetRecords) at(c *ocpi.CDR) (at int, known bool) {
	if at = slices.Index(r.cdrs, c); at >= 0 || c == nil || r.from == nil {
		return at, at >= 0
	}
	text, sum := r.from.CDR(c)
	if len(text) == 0 || !utf8.Valid(text) {
		return 0, false
	}
	r.cdrs, r.text = append(r.cdrs, c), append(r.text, [2]string{sum, string(text)})
	return len(r.cdrs) - 1, true
}

// appendCalculations writes what the engine needs to make the calculations of a line again: {"cdrs":[[SHA-256, text], …],
// "sheets":[[CDR, [tariff, …], input], …]}, sheets in the order of appendSheets, null where one cannot be made from text alone. sums are the SHA-256.
func appendCalculations(dst []byte, v *reconcile.LineVerdict, from Records, t *table) (_ []byte, sums []string) {
	cdrs := sheetRecords{from: from, text: [][2]string{}}
	dst = append(dst, `{"sheets":[`...)
	n := 0
	for i := range v.Sheets {
		s := &v.Sheets[i]
		if s.Sheet == nil || n == maxSheets {
			continue
		}
		dst = comma(dst, n)
		n++
		at, known := cdrs.at(s.CDR)
		if !known || s.Input.CDR == nil {
			dst = append(dst, "null"...)
			continue
		}
		dst = append(strconv.AppendInt(append(dst, '['), int64(at), 10), ',')
		dst = append(appendSupplied(dst, &s.Input, t), ',')
		dst = append(appendJSON(dst, replay.NewInput(&s.Input)), ']')
	}
	for _, c := range cdrs.text {
		sums = append(sums, c[0])
	}
	return append(appendJSON(append(dst, `],"cdrs":`...), cdrs.text), '}'), sums
}

// appendSupplied refers to the supplied tariffs that bear on a price.
func appendSupplied(dst []byte, in *tariff.Input, t *table) []byte {
	dst = append(dst, '[')
	if replay.ConsultsSupplied(in) {
		for i, s := range in.Supplied {
			dst = comma(dst, i)
			at := len(dst)
			dst = t.ref(appendJSON(dst, string(s.Record.Bytes)), at)
		}
	}
	return append(dst, ']')
}

// appendJSON appends a value that JSON can hold, without characters that markup has.
func appendJSON(dst []byte, value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("report: a value that JSON cannot hold: " + err.Error())
	}
	return append(dst, text...)
}

// writeCompressed writes the data element id: Base64 of gzip of what fill writes. Errors stay in out until Flush.
func writeCompressed(out *bufio.Writer, id string, fill func(w io.Writer)) {
	openData(out, "text/plain", id)
	text := base64.NewEncoder(base64.StdEncoding, out)
	zip := gzip.NewWriter(text)
	fill(zip)
	_, _ = zip.Close(), text.Close()
	closeData(out)
}

// writeEngine writes the engine, which is compressed already.
func writeEngine(out *bufio.Writer) {
	openData(out, "text/plain", "engine")
	text := base64.NewEncoder(base64.StdEncoding, out)
	_, _ = text.Write(engineWASM)
	_ = text.Close()
	closeData(out)
}

func openData(out *bufio.Writer, kind, id string) {
	_, _ = out.WriteString(`<script type="` + kind + `" id="` + id + `">`)
}

func closeData(out *bufio.Writer) { _, _ = out.WriteString("</script>\n") }

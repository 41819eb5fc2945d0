package source

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// zipped is a ZIP archive of name, text pairs.
func zipped(t require.TestingT, parts ...string) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		method := zip.Deflate
		if len(parts[i+1]) < 4000 {
			method = zip.Store // cheap, for fuzzing
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		require.NoError(t, err)
		_, err = f.Write([]byte(parts[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

const (
	xlsxRoot  = `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxLinks = `<Relationships><Relationship Id="s1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
		<Relationship Id="s2" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
		<Relationship Id="t" Type="http://x/styles" Target="styles.xml"/>
		<Relationship Id="u" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	xlsxBook = `<workbook xmlns:r="http://x/relationships"><workbookPr date1904="%d"/><sheets>
		<sheet name="Hidden" state="hidden" r:id="s2"/><sheet name="One" r:id="s1"/><sheet name="Two" r:id="s2"/></sheets></workbook>`
	xlsxStyles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd&quot;T&quot;hh:mm:ss.000;@"/><numFmt numFmtId="165" formatCode="[h]:mm"/>
		<numFmt numFmtId="166" formatCode="0.00 kWh"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
		<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`
	xlsxStrings = `<sst><si><t>id</t></si><si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_b_x005F_</t></si></sst>`
)

// xlsxFile is a workbook of two sheets, whose first has these rows.
func xlsxFile(t require.TestingT, rows string) []byte {
	return zipped(t, "_rels/.rels", xlsxRoot, "xl/workbook.xml", fmt.Sprintf(xlsxBook, 0), "xl/_rels/workbook.xml.rels", xlsxLinks,
		"xl/styles.xml", xlsxStyles, "xl/sharedStrings.xml", xlsxStrings,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>", "xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>")
}

// xlsxHeading is a heading of four columns.
const xlsxHeading = `<row r="2"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>b</t></is></c><c t="str"><v> c </v></c><c t="str"><v>d</v></c></row>`

func TestXLSXCells(t *testing.T) {
	tests := []struct{ name, cells, want, object, notes, rejected string }{
		{"numbers as they are", `<c><v>12.50</v></c><c t="n"><v>1</v></c><c><v>-0.007</v></c>`, "12.50|1|-0.007|", `{"id":12.50,"b":1,"c":-0.007}`, "", ""},
		{"numbers beyond 15 digits", `<c><v>0.30000000000000004</v></c><c><v>12345678901234567890</v></c><c><v>9.9999999999999995E-3</v></c>`,
			"0.3|12345678901234600000|0.01|", `{"id":0.3,"b":12345678901234600000,"c":0.01}`, "table-digits/table-digits/table-digits", ""},
		{"long but short enough", `<c><v>0.300000000000000</v></c><c><v>1E-2</v></c><c><v>1.5E+3</v></c><c><v>123456789012345</v></c>`,
			"0.3|0.01|1500|123456789012345", `{"id":0.3,"b":0.01,"c":1500,"d":123456789012345}`, "", ""},
		{"text", `<c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="str"><f>A1</f><v>x</v></c><c t="inlineStr"><is><r><t>i</t></r><r><t>n</t></r></is></c>`,
			"rich |a\rb_|x|in", `{"id":"rich ","b":"a\rb_","c":"x","d":"in"}`, "", ""},
		{"dates", `<c s="1"><v>46296</v></c><c s="2"><v>46268.333333333336</v></c><c s="1"><v>46268.43751157408</v></c><c t="d"><v>2026-09-03T08:00:00</v></c>`,
			"2026-10-01|2026-09-03 08:00:00|2026-09-03 10:30:01|2026-09-03T08:00:00", "", "", ""},
		{"the leap year that was not", `<c s="1"><v>59</v></c><c s="1"><v>60</v></c><c s="1"><v>61</v></c><c s="2"><v>1.9999999</v></c>`,
			"1900-02-28|1900-02-29|1900-03-01|1900-01-02 00:00:00", "", "", ""},
		{"no dates", `<c s="3"><v>0.5</v></c><c s="1"><v>-1</v></c><c s="1"><v>2958466</v></c><c s="4"><v>45.5</v></c>`, "12:00:00|-1|2958466|45.5", "", "", ""},
		{"literals", `<c t="b"><v>1</v></c><c t="b"><v>0</v></c>`, "true|false||", `{"id":true,"b":false}`, "", ""},
		{"no values", `<c t="e"><v>#N/A</v></c><c><f>SUM(A1)</f></c><c><f>1</f><v></v></c><c t="s"><v>9</v></c><c r="Z3"><v>1</v></c>`, "|||",
			"", "table-value/table-value/table-value/table-value/table-cells", ""},
		{"gaps", `<c r="B3"><v>1</v></c><c r="D3"><v>2</v></c>`, "|1||2", `{"b":1,"d":2}`, "", ""},
		{"no number", `<c><v>NaN</v></c>`, "NaN|||", `{"id":"NaN"}`, "", ""},
		{"NUL", `<c t="str"><v>_x0000_</v></c>`, "", "", "", "1:3 table-control-byte"},
		{"backwards", `<c r="B3"><v>1</v></c><c r="A3"><v>1</v></c>`, "", "", "", "1:1 source-syntax"},
		{"too far right", `<c r="XFE3"><v>1</v></c>`, "", "", "", "1:1 table-cells"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readTables(t, Options{TempDir: t.TempDir()}, write(t, "in", xlsxFile(t, `<row r="1"/>`+xlsxHeading+`<row r="3">`+tt.cells+`</row>`)))
			require.Equal(t, "id|b|c|d", strings.Join(got.header, "|"), got.rejected)
			if want := strings.Trim(tt.want, "|"); want != "" {
				require.Equal(t, tt.want, got.cells, "%v", got.rejected)
				require.Equal(t, 3, got.rows[0].Record.Place.Line)
			}
			if tt.object != "" {
				require.Equal(t, strings.ReplaceAll(tt.object, "\r", `\r`), string(got.rows[0].Record.Bytes))
			}
			require.Equal(t, tt.notes, got.note, "%v", got.notes)
			require.Equal(t, tt.rejected, got.fail, "%v", got.rejected)
		})
	}
}

func TestXLSXDatesFrom1904(t *testing.T) {
	require.Equal(t, "2026-10-01", dateText("44834", dayOnly, true))
	require.Equal(t, "1904-01-02 12:00:00", dateText("1.5", dayAndTime, true))
}

// Any second of any day from 1900 on comes back, whatever the last digits of the binary number that stood for it.
func TestXLSXTimesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day, second := rapid.IntRange(61, lastDate).Draw(t, "day"), rapid.IntRange(0, daySeconds-1).Draw(t, "second")
		serial := fmt.Sprintf("%.17g", float64(day)+float64(second)/daySeconds)
		text := dateText(serial, dayAndTime, false)
		require.Equal(t, fmt.Sprintf("%02d:%02d:%02d", second/3600, second/60%60, second%60), text[len(text)-8:], serial)
		require.Equal(t, dayText(int64(day)), text[:10])
	})
}

func TestXLSXFormatsOfDates(t *testing.T) {
	for code, want := range map[string]dateStyle{
		"General": noDate, "0.00": noDate, "#,##0.00 \"days\"": noDate, "0.00 kWh": noDate, "0.00E+00": noDate, "[Red]0": noDate, "@": noDate,
		"[$€-407] #,##0.00;[Red]-d": noDate, `\d\a\y`: noDate, "_d": noDate, "# ?/?": noDate,
		"dd.mm.yyyy": dayOnly, "[$-407]d. mmmm yyyy;@": dayOnly, "mmm-yy": dayOnly, "yyyy": dayOnly,
		"h:mm AM/PM": dayAndTime, "[hh]:mm": dayAndTime, "mm:ss.0": dayAndTime, `yyyy-mm-dd\Thh:mm`: dayAndTime, "[s]": dayAndTime,
	} {
		require.Equal(t, want, dateStyleOf(code), code)
	}
}

// The same two lines as three other programs write them.
func TestXLSXOfOthers(t *testing.T) {
	want := "R-1|1|2026-10-01|CDR-1|2026-09-03 08:00:00|26.058|10.66|21|EUR|false/R-1|2|2026-10-01|CDR-2|2026-09-03 10:30:01|0.3|0.02|21|EUR|true"
	fits := func(names []string) bool { return len(names) > 1 }
	for name, notes := range map[string]string{"excelize": "", "xlsxwriter": "", "openpyxl": "table-sheet/table-value"} {
		disk, err := os.ReadFile("testdata/" + name + ".xlsx")
		require.NoError(t, err)
		lines := want
		if name == "openpyxl" { // which computes no formulas
			lines = strings.Replace(want, "|0.02|", "||", 1)
		}
		for file, disk := range map[string][]byte{"in.xlsx": disk, "in.gz": gzipped(disk, 1)} {
			dir := t.TempDir()
			got := readTables(t, Options{TempDir: dir, Heading: fits}, write(t, file, disk))
			require.Equal(t, lines, got.cells, "%s %v", name, got.rejected)
			require.Equal(t, notes, got.note, "%s %v", name, got.notes)
			require.Equal(t, []int{2, 3}, []int{got.rows[0].Record.Place.Line, got.rows[1].Record.Place.Line})
			require.Equal(t, int64(len(disk)), got.files[0].Bytes)
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		}
	}
}

func TestXLSXSheets(t *testing.T) {
	row := func(n int, text string) string {
		return fmt.Sprintf(`<row r="%d"><c t="str"><v>%s</v></c><c t="str"><v>x</v></c></row>`, n, text)
	}
	book := func(one, two string) []byte {
		return zipped(t, "_rels/.rels", xlsxRoot, "xl/workbook.xml", fmt.Sprintf(xlsxBook, 1), "xl/_rels/workbook.xml.rels", xlsxLinks,
			"xl/worksheets/sheet1.xml", "<worksheet>"+one+"</worksheet>", "XL/Worksheets/Sheet2.xml", "<worksheet>"+two+"</worksheet>", "xl/externalLinks/1.xml", "")
	}
	fits := func(names []string) bool { return names[0] == "id" }
	for _, tt := range []struct{ one, two, cells, notes string }{
		{row(1, "id") + row(2, "1"), "", "1|x", "table-value"},
		{row(1, "Cover"), row(1, "id") + row(2, "2"), "2|x", "table-value/table-sheet"},
		{row(1, "id") + row(2, "1"), row(1, "id") + row(2, "2"), "1|x", "table-value/table-sheet/table-sheet"},
		{row(1, "Cover") + row(2, "1"), row(1, "Note"), "1|x", "table-value/table-sheet"},
		{`<row r="4"><c t="str"><v> </v></c></row>`, "", "", "table-value/source-empty"},
	} {
		got := readTables(t, Options{Heading: fits}, write(t, "in", book(tt.one, tt.two)))
		require.Equal(t, tt.cells, got.cells, tt)
		require.Equal(t, tt.notes, got.note, "%v", got.notes)
		require.Empty(t, got.fail)
	}
}

func TestHostileXLSX(t *testing.T) {
	huge := strings.Repeat("<row><c><v>1</v></c></row>", 400_000)
	limits := Limits{RecordBytes: 5000}
	for name, tt := range map[string]struct {
		disk []byte
		code string
	}{
		"bomb":            {xlsxFile(t, xlsxHeading+huge), "limit-ratio"},
		"row":             {xlsxFile(t, xlsxHeading+`<row r="3"><c t="str"><v>`+strings.Repeat("x", 20000)+"</v></c></row>"), "limit-record"},
		"white space":     {xlsxFile(t, xlsxHeading+strings.Repeat(" ", 20000)), "limit-record"},
		"document type":   {xlsxFile(t, `]]><!DOCTYPE x [<!ENTITY a "b">]>`), "source-syntax"},
		"entity":          {xlsxFile(t, xlsxHeading+`<row><c t="str"><v>&lol;</v></c></row>`), "source-syntax"},
		"nested":          {xlsxFile(t, strings.Repeat("<a>", 100)), "limit-depth"},
		"rows backwards":  {xlsxFile(t, xlsxHeading+xlsxHeading), "source-syntax"},
		"cut":             {zipped(t, "_rels/.rels", xlsxRoot, "xl/workbook.xml", "<workbook><she"), "source-truncated"},
		"no spreadsheet":  {zipped(t, "a.csv", "a,b\n1,2\n"), "source-format"},
		"binary":          {zipped(t, "xl/workbook.bin", ""), "source-format"},
		"OpenDocument":    {zipped(t, "content.xml", ""), "source-format"},
		"encrypted":       {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "source-format"},
		"part twice":      {zipped(t, "_rels/.rels", xlsxRoot, "_RELS/.rels", xlsxRoot), "source-syntax"},
		"cut at the tail": {xlsxFile(t, xlsxHeading)[:900], "source-syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readTables(t, Options{Limits: limits, TempDir: t.TempDir()}, write(t, "in", tt.disk))
			require.Len(t, got.rejected, 1)
			require.Equal(t, tt.code, string(got.rejected[0].Code), "%v", got.rejected)
		})
	}
}

// A value in a million pieces takes no longer than one in one piece.
func TestXLSXInPieces(t *testing.T) {
	start := time.Now()
	pieces := xlsxFile(t, xlsxHeading+`<row r="3"><c t="str"><v>`+strings.Repeat("x<!---->", 1_000_000)+"</v></c></row>")
	got := readTables(t, Options{Limits: Limits{Ratio: 10_000}}, write(t, "in", pieces))
	require.Len(t, got.rows, 1, "%v", got.rejected)
	require.Less(t, time.Since(start), quickly)
}

func FuzzXLSX(f *testing.F) {
	dir := f.TempDir()
	f.Add(xlsxHeading + `<row r="3"><c r="A3" s="2"><v>46268.3</v></c><c t="s"><v>1</v></c><c><f>1</f></c><c t="e"><v>#N/A</v></c></row>`)
	f.Add(`<row r="9"><c r="ZZ9" t="inlineStr"><is><t>x</t></is></c></row><row><c><v>1E400</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		tab, err := OpenTable([]string{"-"}, Options{Limits: Limits{RecordBytes: 2000}, Stdin: bytes.NewReader(xlsxFile(t, rows)), TempDir: dir, buffer: 1 << 12})
		require.NoError(t, err)
		n := 0
		for b, err := range tab.Batches(context.Background()) {
			require.NoError(t, err)
			for _, r := range b.Rows {
				require.Len(t, r.Cells, len(b.Header))
			}
			n += len(b.Rows) + len(b.Rejected)
		}
		require.Equal(t, n, tab.Files()[0].Records)
	})
}

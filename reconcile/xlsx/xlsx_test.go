package xlsx_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/reconcile/xlsx"
)

// sheets are a table and a page beside it.
func sheets() []xlsx.Sheet {
	return []xlsx.Sheet{
		{Name: "lines", Columns: []xlsx.Column{
			{Heading: "a", Width: 10}, {Heading: "b", Width: 12, Fill: true, Choices: []string{"yes", "no"}},
			{Heading: "c & <d>", Width: 8, Choices: []string{"x"}, Free: true},
		}},
		{Name: "notes", Columns: []xlsx.Column{{Width: 40}}},
	}
}

// workbook writes rows to the first sheet.
func workbook(t require.TestingT, rows ...[]xlsx.Cell) []byte {
	var out bytes.Buffer
	w, err := xlsx.NewWriter(&out, sheets()...)
	require.NoError(t, err)
	fill(t, w, rows)
	return out.Bytes()
}

func fill(t require.TestingT, w *xlsx.Writer, rows [][]xlsx.Cell) {
	for _, row := range rows {
		require.NoError(t, w.Row(row...))
	}
	require.NoError(t, w.Next())
	require.NoError(t, w.Row(xlsx.Text("a note")))
	require.NoError(t, w.Close())
}

// read gives the cells of the first sheet as the engine's own reader does.
func read(t require.TestingT, dir string, book []byte) (header []string, rows [][]string) {
	name := filepath.Join(dir, "book.xlsx")
	require.NoError(t, os.WriteFile(name, book, 0o600))
	table, err := source.OpenTable([]string{name}, source.Options{Heading: func(names []string) bool { return names[0] == "a" }})
	require.NoError(t, err)
	for batch, err := range table.Batches(context.Background()) {
		require.NoError(t, err)
		require.Empty(t, batch.Rejected)
		header = batch.Header
		for _, row := range batch.Rows {
			rows = append(rows, row.Cells)
		}
	}
	require.NoError(t, table.Close())
	return header, rows
}

func part(t *testing.T, book []byte, name string) string {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	f, err := z.Open(name)
	require.NoError(t, err)
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(text)
}

func TestCellsComeBack(t *testing.T) {
	book := workbook(t,
		[]xlsx.Cell{xlsx.Text("=1+1"), xlsx.Text("_x0041_ \r\x01"), xlsx.Text("a<b>&\"c\"\n d")},
		[]xlsx.Cell{xlsx.Number(exact.MustParse("-0.10")), xlsx.Number(exact.MustParse("12345678901234.5678")), xlsx.Count(7)},
		[]xlsx.Cell{xlsx.Day(time.Date(2026, 9, 30, 23, 0, 0, 0, time.UTC)), xlsx.Time(time.Date(2026, 9, 30, 14, 5, 59, 0, time.UTC)), {}},
		[]xlsx.Cell{xlsx.Day(time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)), xlsx.Day(time.Time{}), xlsx.Text("last")},
	)
	header, rows := read(t, t.TempDir(), book)
	assert.Equal(t, []string{"a", "b", "c & <d>"}, header)
	assert.Equal(t, [][]string{
		{"=1+1", "_x0041_ \r\x01", "a<b>&\"c\"\n d"},
		{"-0.1", "12345678901234.5678", "7"},
		{"2026-09-30", "2026-09-30 14:05:59", ""},
		{"1899-12-31", "", "last"},
	}, rows)
}

func TestTextsAndNumbersComeBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", ""))
		number := exact.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(0, 20).Draw(t, "scale"))
		stamp := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0).UTC()
		_, rows := read(t, dir, workbook(t, []xlsx.Cell{xlsx.Text("x" + text), xlsx.Number(number), xlsx.Time(stamp)}))
		require.Len(t, rows, 1)
		require.Equal(t, "x"+text, rows[0][0])
		got, err := exact.Parse([]byte(rows[0][1]))
		require.NoError(t, err)
		require.True(t, got.Equal(number), "%s is read as %s", number.Plain(), rows[0][1])
		require.Contains(t, []string{stamp.Format(time.DateTime), stamp.Format(time.DateOnly)}, rows[0][2])
	})
}

func TestSheetIsMadeToBeFilled(t *testing.T) {
	book := workbook(t, []xlsx.Cell{xlsx.Text("@SUM(A1)")})
	sheet := part(t, book, "xl/worksheets/sheet1.xml")
	assert.NotContains(t, sheet, "<f>", "no formula")
	assert.Contains(t, sheet, `state="frozen"`)
	assert.Contains(t, sheet, `<autoFilter ref="A1:C2"/>`)
	assert.Contains(t, sheet, `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="B2:B1048576"><formula1>&quot;yes,no&quot;</formula1>`)
	assert.Contains(t, sheet, `<dataValidation type="list" allowBlank="1" sqref="C2:C1048576">`)
	assert.Contains(t, sheet, `<c r="A2" s="1" t="inlineStr"><is><t xml:space="preserve">@SUM(A1)</t>`)
	assert.NotContains(t, part(t, book, "xl/worksheets/sheet2.xml"), "frozen")
}

func TestSameCellsSameBytes(t *testing.T) {
	row := []xlsx.Cell{xlsx.Text("a"), xlsx.Count(1)}
	book := workbook(t, row)
	assert.Equal(t, book, workbook(t, row))
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	for _, f := range z.File {
		assert.Equal(t, 1980, f.Modified.UTC().Year(), f.Name)
	}
}

func TestLongTextIsCut(t *testing.T) {
	_, rows := read(t, t.TempDir(), workbook(t, []xlsx.Cell{xlsx.Text(strings.Repeat("ä", xlsx.MaxText+5)), xlsx.Text("a\xffb")}))
	assert.Equal(t, strings.Repeat("ä", xlsx.MaxText), rows[0][0])
	assert.Equal(t, "a\ufffdb", rows[0][1])
}

func TestCompare(t *testing.T) {
	row := []xlsx.Cell{xlsx.Text("a"), xlsx.Count(1)}
	book := workbook(t, row, row)
	compare := func(book []byte, rows ...[]xlsx.Cell) (err error) {
		w, err := xlsx.Compare(bytes.NewReader(book), int64(len(book)), sheets()...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.Row(r...); err != nil {
				return err
			}
		}
		if err := w.Next(); err != nil {
			return err
		}
		if err := w.Row(xlsx.Text("a note")); err != nil {
			return err
		}
		return w.Close()
	}
	require.NoError(t, compare(book, row, row))
	require.ErrorIs(t, compare(book, row), xlsx.ErrDiffers)
	require.ErrorIs(t, compare(book, row, row, row), xlsx.ErrDiffers)
	require.ErrorIs(t, compare(book, row, []xlsx.Cell{xlsx.Text("a"), xlsx.Count(2)}), xlsx.ErrDiffers)
	require.Error(t, compare(book[:len(book)-4], row, row))
	require.ErrorContains(t, compare([]byte("no workbook")), "not a workbook")

	var more bytes.Buffer // a part that nobody wrote
	z := zip.NewWriter(&more)
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	for _, f := range from.File {
		require.NoError(t, z.Copy(f))
	}
	_, err = z.Create("xl/vbaProject.bin")
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.ErrorContains(t, compare(more.Bytes(), row, row), "one too many")
}

func TestWriterSaysWhatIsWrong(t *testing.T) {
	_, err := xlsx.NewWriter(io.Discard)
	require.ErrorContains(t, err, "at least one sheet")
	w, err := xlsx.NewWriter(broken{}, sheets()...)
	if err == nil {
		err = w.Close()
	}
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.ErrorIs(t, w.Row(xlsx.Text("a")), io.ErrClosedPipe)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A spreadsheet program, where one is at hand, opens the workbook and says what we wrote.
func TestSpreadsheetProgramReadsIt(t *testing.T) {
	program, err := exec.LookPath("ssconvert")
	if err != nil {
		t.Skip("Gnumeric's ssconvert is not at hand")
	}
	dir := t.TempDir()
	book := filepath.Join(dir, "book.xlsx")
	require.NoError(t, os.WriteFile(book, workbook(t,
		[]xlsx.Cell{xlsx.Text("=1+1"), xlsx.Number(exact.MustParse("1234.5")), xlsx.Text("ä \"q\"")},
		[]xlsx.Cell{xlsx.Text("0012"), xlsx.Count(3), xlsx.Text("last")},
	), 0o600))
	out, err := exec.Command(program, book, filepath.Join(dir, "book.csv")).CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(dir, "book.csv"))
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"a", "b", "c & <d>"}, {"=1+1", "1234.5", "ä \"q\""}, {"0012", "3", "last"}}, rows)
}

// A sheet that is full goes on in another, and a sheet that is written last may be shown first.
func TestSheetsGoOn(t *testing.T) {
	var out bytes.Buffer
	columns := []xlsx.Column{{Heading: "a", Width: 10}, {Heading: "b", Width: 10}}
	w, err := xlsx.NewWriter(&out, xlsx.Sheet{Name: "Lines", Columns: columns, Frozen: 1}, xlsx.Sheet{Name: "Summary", Front: true})
	require.NoError(t, err)
	for n := 1; n < xlsx.MaxRows; n++ {
		require.NoError(t, w.Row(xlsx.Count(n)))
	}
	require.ErrorIs(t, w.Row(xlsx.Text("one too many")), xlsx.ErrFull)
	require.NoError(t, w.More())
	require.NoError(t, w.Row(xlsx.Text("one more")))
	require.NoError(t, w.Next())
	require.NoError(t, w.Row(xlsx.Title(""), xlsx.Title("=1+1"), xlsx.Running("=1+1"), xlsx.Running("")))
	require.NoError(t, w.Close())

	book := out.Bytes()
	assert.Contains(t, part(t, book, "xl/workbook.xml"),
		`<sheet name="Summary" sheetId="3" r:id="rId3"/><sheet name="Lines" sheetId="1" r:id="rId1"/><sheet name="Lines (2)" sheetId="2" r:id="rId2"/>`)
	second, summary := part(t, book, "xl/worksheets/sheet2.xml"), part(t, book, "xl/worksheets/sheet3.xml")
	assert.Contains(t, second, `<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>`)
	assert.Contains(t, second, `<t xml:space="preserve">a</t>`, "the heading is repeated")
	assert.Contains(t, second, `<autoFilter ref="A1:B2"/>`)
	assert.NotContains(t, second, "tabSelected")
	assert.Contains(t, summary, "tabSelected")
	assert.Contains(t, summary, `<c r="A1" s="5" t="inlineStr"><is><t xml:space="preserve"></t></is></c><c r="B1" s="5" t="inlineStr">`)
	assert.Contains(t, summary, `<c r="C1" s="8" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c></row>`)
}

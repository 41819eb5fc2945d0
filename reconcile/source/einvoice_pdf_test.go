package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The same invoice as three other programs attach it: with tables of objects, with streams of objects, under other names.
func TestPDFOfOthers(t *testing.T) {
	want := readInvoices(t, Options{}, testFile(t, "cii.xml"))
	for _, name := range []string{"pdfcpu.pdf", "pikepdf.pdf", "pypdf.pdf"} {
		disk := testFile(t, name)
		for _, disk := range [][]byte{disk, gzipped(disk, 1)} {
			got := readInvoices(t, Options{}, disk)
			require.Equal(t, want.cells, got.cells, "%s: %v", name, got.rejected)
			require.Equal(t, "einvoice-pdf/"+want.note, got.note, name)
			for i, r := range got.rows {
				require.Equal(t, want.rows[i].Record, r.Record)
			}
		}
	}
}

// pictured is a PDF that holds another file.
func pictured() []byte {
	body := "%PDF-1.4\n1 0 obj<</AF[<</F(picture.jpg)/EF<</F 2 0 R>>>>]>>endobj\n2 0 obj<</Length 1>>stream\nx\nendstream endobj\n"
	return fmt.Appendf(nil, "%sxref\n1 2\n%010d 00000 n \n%010d 00000 n \ntrailer<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF",
		body, strings.Index(body, "1 0 obj"), strings.Index(body, "2 0 obj"), len(body))
}

func TestPDFWithoutInvoice(t *testing.T) {
	for _, tt := range []struct {
		disk       []byte
		code, says string
	}{
		{testFile(t, "encrypted.pdf"), "source-format", "without a password"},
		{testFile(t, "pikepdf.pdf")[:2000], "source-syntax", "its end is missing"},
		{[]byte("%PDF-1.4\n"), "source-syntax", "its end is missing"},
		{[]byte("%PDF-1.4\nxref\n0 1\n0 65535 f\n1 1\n36 0 n\n1 0 obj<</Names 1 0 R>>\nxref\n0 0\ntrailer<</Root 1 0 R>>startxref 9 %%EOF"), "source-syntax", "damaged"},
		{pictured(), "source-format", `holds the files ["picture.jpg"], but no electronic invoice`},
	} {
		got := readInvoices(t, Options{}, tt.disk)
		require.Equal(t, tt.code, got.fail, "%v", got.rejected)
		require.Contains(t, got.rejected[0].Message, tt.says)
	}
}

// Hybrid invoices that others made, from the folder that RECONCILE_DATA names.
func TestPDFsFromData(t *testing.T) {
	data := os.Getenv("RECONCILE_DATA")
	files, err := filepath.Glob(filepath.Join(data, "einvoices", "*.pdf"))
	require.NoError(t, err)
	if data == "" || len(files) == 0 {
		t.Skip("RECONCILE_DATA names no folder with einvoices/*.pdf")
	}
	for _, file := range files {
		disk, err := os.ReadFile(file)
		require.NoError(t, err)
		got := readInvoices(t, Options{}, disk)
		if strings.Contains(file, "_fail_") {
			continue // wrong on purpose
		}
		switch got.fail {
		case "":
			require.NotEmpty(t, got.rows, file)
		case "source-format":
			require.Contains(t, got.rejected[0].Message, "found XML that begins with", file) // ZUGFeRD 1 and older
		default:
			require.Equal(t, "einvoice-lines", got.fail, "%s: %v", file, got.rejected)
		}
	}
}

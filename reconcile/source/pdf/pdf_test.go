package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var limits = Limits{Bytes: 16 << 20, Ratio: 200}

// document is a PDF of objects, the first of which is its catalog.
func document(objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}

// streamOf is a stream with some members of its dictionary.
func streamOf(members, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", members, len(data), data)
}

func deflated(data string) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write([]byte(data)) // a buffer takes all
	_ = w.Close()
	return out.String()
}

// list is what a PDF holds, in short.
func list(raw []byte) (string, error) {
	files, err := Attachments(raw, limits)
	var out []string
	for _, f := range files {
		data, e := f.Data()
		if e != nil {
			return "", e
		}
		out = append(out, f.Name+"="+string(data))
	}
	return strings.Join(out, " "), err
}

func TestAttachments(t *testing.T) {
	tree := "<</Names<</EmbeddedFiles %s>>>>"
	spec := "<</F(a)/EF<</F 3 0 R>>>>"
	for name, tt := range map[string]struct {
		raw  []byte
		want string
	}{
		"plain":             {document(fmt.Sprintf(tree, "<</Names[(a) 2 0 R]>>"), spec, streamOf("", "hello")), "a=hello"},
		"deflated":          {document(fmt.Sprintf(tree, "<</Names[(a) 2 0 R]>>"), spec, streamOf("/Filter/FlateDecode", deflated("hello"))), "a=hello"},
		"filters in a list": {document(fmt.Sprintf(tree, "<</Names[(a) 2 0 R]>>"), spec, streamOf("/Filter[/Fl /FlateDecode]", deflated(deflated("hello")))), "a=hello"},
		"tree of kids":      {document(fmt.Sprintf(tree, "<</Kids[<</Names[(a) 2 0 R]>>]>>"), spec, streamOf("", "hello")), "a=hello"},
		"associated too":    {document("<</AF[2 0 R]/Names<</EmbeddedFiles<</Names[(a) 2 0 R]>>>>>>", spec, streamOf("", "hello")), "a=hello"},
		"associated alone":  {document("<</AF 4 0 R>>", spec, streamOf("", "hello"), "[2 0 R]"), "a=hello"},
		"names":             {document("<</AF[2 0 R]>>", "<</#46(n)/UF<FEFF00E9 002E>/E#46<</UF 3 0 R>>>>", streamOf("", "x")), "é.=x"},
		"escapes": {document("<</AF[2 0 R]>>", `<</F(\(a\)\101\
(b))/EF<</F 3 0 R>>>>`, streamOf("", "x")), "(a)A(b)=x"},
		"wrong length":     {document("<</AF[2 0 R]>>", spec, "<</Length 999>>stream\r\nhello\nendstream"), "a=hello"},
		"length elsewhere": {document("<</AF[2 0 R]>>", spec, "<</Length 4 0 R>>stream\nhello\nendstream", "5"), "a=hello"},
		"nothing":          {document("<</Names null>>"), ""},
	} {
		got, err := list(tt.raw)
		require.NoError(t, err, name)
		require.Equal(t, tt.want, got, name)
	}
}

// A later revision of an object goes before the earlier one.
func TestLastRevisionCounts(t *testing.T) {
	raw := document("<</AF[2 0 R]>>", "<</F(a)/EF<</F 3 0 R>>>>", streamOf("", "old"))
	first := bytes.LastIndex(raw, []byte("xref\n0"))
	at := len(raw)
	raw = append(raw, "3 0 obj\n"+streamOf("", "new")+"\nendobj\n"...)
	start := len(raw)
	raw = fmt.Appendf(raw, "xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, first, start)
	got, err := list(raw)
	require.NoError(t, err)
	require.Equal(t, "a=new", got)
}

func TestHostilePDFs(t *testing.T) {
	spec := "<</F(a)/EF<</F 3 0 R>>>>"
	for name, tt := range map[string]struct {
		raw  []byte
		want error
	}{
		"encrypted":        {bytes.Replace(document("<<>>"), []byte("/Root"), []byte("/Encrypt 9 0 R/Root"), 1), ErrEncrypted},
		"bomb":             {document("<</AF[2 0 R]>>", spec, streamOf("/Filter/FlateDecode", deflated(strings.Repeat("0", 15<<20)))), ErrLimit},
		"large":            {document("<</AF[2 0 R]>>", spec, streamOf("", strings.Repeat("0", 17<<20))), ErrLimit},
		"bombs in a row":   {document("<</AF[2 0 R]>>", spec, streamOf("/Filter[/Fl/Fl/Fl/Fl/Fl/Fl]", deflated(deflated(deflated(deflated(deflated(deflated("x")))))))), ErrLimit},
		"deep":             {document(strings.Repeat("[", 100)), ErrLimit},
		"tree of itself":   {document("<</Names<</EmbeddedFiles 2 0 R>>>>", "<</Kids[2 0 R 2 0 R]>>"), ErrLimit},
		"reference":        {document("<</AF 2 0 R>>", "3 0 R", "2 0 R"), nil},
		"values":           {document("<</AF[" + strings.Repeat("0 ", maxValues+1) + "]>>"), ErrLimit},
		"other filter":     {document("<</AF[2 0 R]>>", spec, streamOf("/Filter/LZWDecode", "x")), ErrDamaged},
		"revision of self": {bytes.Replace(document("<<>>"), []byte("/Root"), []byte("/Prev 29/Root"), 1), nil},
		"wrong object":     {bytes.Replace(document("<<>>"), []byte("1 0 obj"), []byte("7 0 obj"), 1), ErrDamaged},
		"no end":           {[]byte("%PDF-1.4"), ErrDamaged},
		"outside":          {[]byte("%PDF-1.4 startxref 99999"), ErrDamaged},
		"widths":           {[]byte("%PDF-1.4 1 0 obj<</Type/XRef/W[9 9 9]>>stream\nendstream startxref 9"), ErrDamaged},
	} {
		_, err := list(tt.raw)
		if tt.want == nil {
			require.NoError(t, err, name)
		} else {
			require.ErrorIs(t, err, tt.want, name)
		}
	}
}

func TestPredictors(t *testing.T) {
	row := []byte{1, 2, 3}
	for kind, want := range map[byte][]byte{0: {1, 2, 3}, 1: {1, 3, 6}, 2: {11, 22, 33}, 3: {6, 15, 25}, 4: {11, 22, 33}} {
		have := bytes.Clone(row)
		require.NoError(t, unfilter(kind, have, []byte{10, 20, 30}))
		require.Equal(t, want, have, kind)
	}
	require.Error(t, unfilter(5, row, row))
}

func FuzzAttachments(f *testing.F) {
	f.Add(document("<</AF[2 0 R]>>", "<</F(a)/EF<</F 3 0 R>>>>", streamOf("", "x")))
	for _, name := range []string{"pikepdf.pdf", "pdfcpu.pdf"} {
		raw, err := os.ReadFile("../testdata/" + name)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		files, err := Attachments(raw, Limits{Bytes: 1 << 20, Ratio: 200})
		if err != nil {
			return
		}
		for _, a := range files {
			data, err := a.Data()
			require.True(t, err != nil || len(data) <= 1<<20)
		}
	})
}

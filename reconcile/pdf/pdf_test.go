package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sample has all that a document can hold, over several pages of both sizes.
func sample() *Document {
	d := New(Info{
		Title: "Prüfung <ł č Ω Ж>", Footer: "The footer", Producer: "tester 1", Language: "en-GB", Made: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	})
	d.Title("Title: ä ł č Ω Ж € – …")
	d.Heading("Part one")
	d.Paragraph("Some text with 日本 in it. " + strings.Repeat("word ", 1500))
	d.List([]string{"first", "second " + strings.Repeat("x", 300)})
	t := Table{Columns: []Column{{Heading: "What", Width: 3, Names: true}, {Heading: "Amount", Width: 1, Right: true}}}
	for i := range 120 {
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprintf("row %d", i), fmt.Sprintf("%d.50", i)}, Strong: i == 119})
	}
	d.Table(&t)
	d.NewPage(Landscape)
	d.Table(&Table{Columns: []Column{{Width: 1}, {Width: 2}}, Rows: []Row{{Cells: []string{"a", ""}}}, Small: true})
	d.Table(&Table{Columns: []Column{{Heading: "Nothing", Width: 1}}})
	d.Numbered([]string{"one", "two"})
	return d
}

func written(t require.TestingT, d *Document) []byte {
	var b bytes.Buffer
	require.NoError(t, d.Write(&b))
	return b.Bytes()
}

func TestTheSameDocumentIsTheSameFile(t *testing.T) {
	file := written(t, sample())
	require.Equal(t, file, written(t, sample()))
	require.NoError(t, sample().Compare(bytes.NewReader(file)))
}

func TestStructure(t *testing.T) {
	r := read(t, written(t, sample()))
	tree := r.structure()
	require.Equal(t, "Document", tree.role)
	var roles []string
	for _, kid := range tree.kids {
		roles = append(roles, kid.role)
	}
	require.Equal(t, []string{"H1", "H2", "P", "L", "Table", "Table", "Table", "L"}, roles)
	require.Equal(t, "Title: ä ł č Ω Ж € – …", tree.kids[0].text)
	words := strings.Fields(tree.kids[2].text)
	require.Equal(t, []string{"Some", "text", "with", "日本", "in", "it."}, words[:6])
	require.Len(t, words, 1506, "over two pages")
	item := tree.kids[3].kids[1]
	require.Equal(t, []node{{role: "Lbl", text: "•"}, {role: "LBody", text: item.kids[1].text}}, item.kids)
	require.Equal(t, "second"+strings.Repeat("x", 300), strings.ReplaceAll(item.kids[1].text, "\n", ""))
	rows := tree.kids[4].kids
	require.Len(t, rows, 121, "headings that stand again are no rows")
	require.Equal(t, []node{{role: "TH", text: "What"}, {role: "TH", text: "Amount"}}, rows[0].kids)
	require.Equal(t, []node{{role: "TH", text: "row 119"}, {role: "TD", text: "119.50"}}, rows[120].kids)
	require.Equal(t, []node{{role: "TD", text: "a"}, {role: "TD"}}, tree.kids[5].kids[0].kids)
	require.Len(t, tree.kids[6].kids, 1)
	require.Equal(t, []node{{role: "Lbl", text: "2."}, {role: "LBody", text: "two"}}, tree.kids[7].kids[1].kids)
	list := regexp.MustCompile(`/StructElem/S/L/P \d+ 0 R(\S*)/K`)
	var numbering []string
	for n := range len(r.objects) {
		if m := list.FindStringSubmatch(r.objects[n]); m != nil {
			numbering = append(numbering, m[1])
		}
	}
	require.Equal(t, []string{"", "/A<</O/List/ListNumbering/Decimal>>"}, numbering)
}

// The rows of a form stand on one page, wherever it begins, unless no page holds them.
func TestFormStaysTogether(t *testing.T) {
	form := func(rows int) *Table {
		out := &Table{Columns: []Column{{Width: 1, Names: true}, {Width: 2}}, Form: true}
		for i := range rows {
			out.Rows = append(out.Rows, Row{Cells: []string{fmt.Sprint("blank ", i), ""}})
		}
		return out
	}
	pagesOf := func(before, rows int) (pages []int) {
		d := New(Info{})
		d.List(slices.Repeat([]string{"text"}, before))
		filled := len(d.pages)
		d.Table(form(rows))
		for _, p := range d.pages[max(0, filled-1):] {
			pages = append(pages, strings.Count(string(p.out), "/TH<<"))
		}
		return pages
	}
	require.Equal(t, []int{5}, pagesOf(10, 5))
	require.Equal(t, []int{0, 5}, pagesOf(46, 5))
	long := pagesOf(10, 60)
	require.Len(t, long, 3)
	require.NotZero(t, long[0])
}

func TestCatalogue(t *testing.T) {
	file := written(t, sample())
	r := read(t, file)
	root := r.objects[r.find("/Type/Catalog")]
	require.Contains(t, root, "/MarkInfo<</Marked true>>/Lang <FEFF0065006E002D00470042>")
	info := r.objects[r.find("/Producer")]
	require.Contains(t, info, "/Title "+textString("Prüfung <ł č Ω Ж>"))
	require.Contains(t, info, "/CreationDate(D:20261101000000Z)/ModDate(D:20261101000000Z)")
	xmp := r.streams[r.find("/Subtype/XML")]
	require.Contains(t, xmp, "Prüfung &lt;ł č Ω Ж&gt;")
	require.Contains(t, xmp, "<xmp:CreateDate>2026-11-01T00:00:00Z</xmp:CreateDate>")
	pages := r.objects[r.find("/Type/Pages")]
	require.Contains(t, pages, "/Count 5/")
	require.Contains(t, r.objects[numbers(pages)[0]], "/MediaBox[0 0 595.28 841.89]")
	require.Contains(t, r.objects[numbers(pages)[4]], "/MediaBox[0 0 841.89 595.28]")
	undated := New(Info{})
	require.NotContains(t, read(t, written(t, undated)).objects[2], "Date", "and a document of nothing is one page")
}

// Every character can be copied as what it stands for, whatever the fonts lack.
func TestTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		d := New(Info{})
		d.Paragraph(text)
		kids := read(t, written(t, d)).structure().kids
		require.Equal(t, strings.ReplaceAll(plain(text), " ", ""), strings.NewReplacer("\n", "", " ", "").Replace(kids[0].text))
	})
}

// A run of characters that the face lacks may begin as an earlier one does.
func TestRunsThatFacesLack(t *testing.T) {
	d := New(Info{})
	d.Paragraph("ȺAȺƁ")
	require.Equal(t, "ȺAȺƁ", read(t, written(t, d)).structure().kids[0].text)
}

func TestPlain(t *testing.T) {
	require.Equal(t, "a b c", plain(" a\nb\t\tc\u202e\x1b\x00 "))
	require.Equal(t, "\uFFFD\uFFFD", plain("\xff\xfe"), "as JSON replaces bytes that are no UTF-8")
}

// Nothing is set outside of its column or page.
func TestWrap(t *testing.T) {
	f := &font{face: regularFace()}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9 Ωл-]{0,200}`).Draw(t, "text")
		width := length(rapid.IntRange(20, 400).Draw(t, "width")) * point
		most := rapid.IntRange(0, 4).Draw(t, "most")
		lines := textStyle.wrap(f, text, width, most)
		for _, line := range lines {
			require.LessOrEqual(t, f.width(line, textStyle.size), width, line)
		}
		whole := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		wanted := strings.ReplaceAll(plain(text), " ", "")
		if most == 0 {
			require.Equal(t, wanted, whole)
			return
		}
		require.LessOrEqual(t, len(lines), most)
		if cut, shortened := strings.CutSuffix(whole, ellipsis); shortened {
			whole = cut
		} else {
			require.Equal(t, wanted, whole)
		}
		require.True(t, strings.HasPrefix(wanted, whole))
	})
}

// What is shown stands within the margins and above the foot of its page, but for the foot itself.
func TestNothingIsClipped(t *testing.T) {
	place := regexp.MustCompile(`1 0 0 1 ([-\d.]+) ([-\d.]+) Tm`)
	d := sample()
	d.page()
	for _, p := range d.pages {
		for _, m := range place.FindAllStringSubmatch(string(p.out), -1) {
			var x, y float64
			_, err := fmt.Sscan(m[1], &x)
			require.NoError(t, err)
			_, err = fmt.Sscan(m[2], &y)
			require.NoError(t, err)
			require.GreaterOrEqual(t, x, 36.0)
			require.Greater(t, y, 30.0)
			require.Less(t, y, float64(p.size.height)/100-36)
		}
	}
}

// A file differs wherever a byte of it does, but for the ways to compress the same.
func TestCompareFindsEveryByte(t *testing.T) {
	file := written(t, sample())
	require.NoError(t, sample().Compare(bytes.NewReader(file)))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		changed := bytes.Clone(file)
		changed[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		err := sample().Compare(bytes.NewReader(changed))
		if err == nil {
			require.Equal(t, read(t, file).streams, read(t, changed).streams)
			return
		}
		require.ErrorIs(t, err, ErrDiffers)
	})
	for _, other := range [][]byte{nil, file[:len(file)-1], append(bytes.Clone(file), '\n'), bytes.Repeat([]byte("9"), 100)} {
		require.ErrorIs(t, sample().Compare(bytes.NewReader(other)), ErrDiffers)
	}
}

type full struct{ left int }

var errFull = errors.New("no space")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteTellsErrors(t *testing.T) {
	require.ErrorIs(t, sample().Write(&full{3000}), errFull)
}

// The glyphs of the subset are those of the face; none is made of others, which would have to come along.
func TestSubset(t *testing.T) {
	for _, face := range []*face{regularFace(), boldFace()} {
		for _, outline := range face.outlines {
			require.Zero(t, len(outline)%2)
			require.True(t, len(outline) == 0 || s16(outline, 0) >= 0, "a composite glyph")
		}
		wanted := []uint16{face.glyphs['ä'], face.glyphs['Ж']}
		file := face.subset(wanted)
		require.Equal(t, uint32(0xB1B0AFBA), checksum(file))
		cut := parseFace("cut", file)
		for g, outline := range cut.outlines {
			if g == 0 || slices.Contains(wanted, uint16(g)) {
				require.Equal(t, face.outlines[g], outline)
			} else {
				require.Empty(t, outline)
			}
		}
		require.Equal(t, face.advances, cut.advances)
		require.Equal(t, face.box, cut.box)
	}
}

// Tools that others made read the file, where they are at hand.
func TestOtherToolsReadIt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sample.pdf")
	require.NoError(t, os.WriteFile(name, written(t, sample()), 0o600))
	for _, tool := range []struct {
		command []string
		want    string
	}{
		{[]string{"qpdf", "--check", name}, "No syntax or stream encoding errors found"},
		{[]string{"pdftotext", "-layout", name, "-"}, "Title: ä ł č Ω Ж € – …"},
		{[]string{"pdfinfo", name}, "Tagged:          yes"},
	} {
		t.Run(tool.command[0], func(t *testing.T) {
			if _, err := exec.LookPath(tool.command[0]); err != nil {
				t.Skip("not at hand: " + tool.command[0])
			}
			out, err := exec.Command(tool.command[0], tool.command[1:]...).CombinedOutput()
			require.NoError(t, err, string(out))
			require.Contains(t, string(out), tool.want)
		})
	}
}

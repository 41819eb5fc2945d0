package pdf

import (
	"bytes"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
	"github.com/stretchr/testify/require"
)

// reading is a file of ours, read back as any reader of PDF would: from startxref over the table to the objects.
type reading struct {
	t       require.TestingT
	file    []byte
	objects map[int]string // texts, and of streams the dictionary
	streams map[int]string // inflated
}

var lengthOf = regexp.MustCompile(`/Length (\d+)>>\nstream\n`)

func read(t require.TestingT, file []byte) *reading {
	r := &reading{t: t, file: file, objects: map[int]string{}, streams: map[int]string{}}
	_, tail, found := bytes.Cut(file, []byte("startxref\n"))
	require.True(t, found)
	start, err := strconv.Atoi(strings.TrimSuffix(string(tail), "\n%%EOF\n"))
	require.NoError(t, err)
	dict, table := r.streamAt(start)
	require.Contains(t, dict, "/W[1 4 2]")
	require.Contains(t, dict, "/Size "+strconv.Itoa(len(table)/7)+"/")
	for n := 1; n < len(table)/7; n++ {
		e := []byte(table[7*n : 7*n+7])
		place := u32(e, 1)
		if e[0] == 1 {
			require.True(t, bytes.HasPrefix(file[place:], []byte(strconv.Itoa(n)+" 0 obj\n")), "object %d", n)
			r.objects[n], r.streams[n] = r.streamAt(place)
		}
	}
	for n := 1; n < len(table)/7; n++ {
		if e := []byte(table[7*n : 7*n+7]); e[0] == 2 {
			r.objects[n] = r.gathered(n, u32(e, 1), u16(e, 5))
		}
		require.NotEmpty(t, r.objects[n], "object %d", n)
	}
	return r
}

func (r *reading) streamAt(at int) (dict, body string) {
	m := lengthOf.FindSubmatchIndex(r.file[at:])
	require.NotNil(r.t, m)
	n, err := strconv.Atoi(string(r.file[at+m[2] : at+m[3]]))
	require.NoError(r.t, err)
	z, err := zlib.NewReader(bytes.NewReader(r.file[at+m[1] : at+m[1]+n]))
	require.NoError(r.t, err)
	text, err := io.ReadAll(z)
	require.NoError(r.t, err)
	require.True(r.t, bytes.HasPrefix(r.file[at+m[1]+n:], []byte("\nendstream\nendobj\n")))
	return string(r.file[at : at+m[0]]), string(text)
}

// gathered is an object of a stream of objects.
func (r *reading) gathered(n, stream, index int) string {
	first := regexp.MustCompile(`/First (\d+)`).FindStringSubmatch(r.objects[stream])
	require.NotNil(r.t, first)
	at, _ := strconv.Atoi(first[1])
	head := strings.Fields(r.streams[stream][:at])
	require.Equal(r.t, strconv.Itoa(n), head[2*index])
	offset, _ := strconv.Atoi(head[2*index+1])
	text, _, _ := strings.Cut(r.streams[stream][at+offset:], "\n")
	return text
}

// find is the number of the object whose text has a part.
func (r *reading) find(part string) int {
	for n, text := range r.objects {
		if strings.Contains(text, part) {
			return n
		}
	}
	require.Fail(r.t, "no object with "+part)
	return 0
}

var (
	reference = regexp.MustCompile(`(\d+) 0 R`)
	markOf    = regexp.MustCompile(`/Pg (\d+) 0 R/MCID (\d+)`)
	shownText = regexp.MustCompile(`/([RB]) [\d.]+ Tf|/Span<</ActualText <FEFF([0-9A-F]+)>>>BDC <[0-9A-F]+> Tj|<([0-9A-F]+)> Tj`)
	character = regexp.MustCompile(`(?m)^<([0-9A-F]{4})><([0-9A-F]+)>$`)
)

func numbers(text string) []int {
	var out []int
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		out = append(out, n)
	}
	return out
}

func fromHex(text string) string {
	raw, _ := hex.DecodeString(text)
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(u16(raw, 2*i))
	}
	return string(utf16.Decode(units))
}

// fonts are the characters of the fonts of a page, by resource and glyph.
func (r *reading) fonts(page string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, m := range regexp.MustCompile(`/([RB]) (\d+) 0 R`).FindAllStringSubmatch(page, -1) {
		n, _ := strconv.Atoi(m[2])
		refs := numbers(r.objects[n])
		out[m[1]] = map[string]string{}
		for _, c := range character.FindAllStringSubmatch(r.streams[refs[len(refs)-1]], -1) {
			out[m[1]][c[1]] = fromHex(c[2])
		}
	}
	return out
}

// marked are the texts of the marks of a page, each shown piece on a line.
func (r *reading) marked(page int) []string {
	text := r.objects[page]
	contents := regexp.MustCompile(`/Contents (\d+) 0 R`).FindStringSubmatch(text)
	n, _ := strconv.Atoi(contents[1])
	fonts := r.fonts(text)
	var out []string
	for i, part := range regexp.MustCompile(`/\w+<</MCID \d+>>BDC`).Split(r.streams[n], -1) {
		part, _, _ = strings.Cut(part, "/Artifact")
		var pieces []string
		font := ""
		for _, m := range shownText.FindAllStringSubmatch(part, -1) {
			switch {
			case m[1] != "":
				font = m[1]
				pieces = append(pieces, "")
			case m[2] != "":
				pieces[len(pieces)-1] += fromHex(m[2])
			default:
				for g := m[3]; g != ""; g = g[4:] {
					pieces[len(pieces)-1] += fonts[font][g[:4]]
				}
			}
		}
		if i > 0 {
			out = append(out, strings.Join(pieces, "\n"))
		}
	}
	return out
}

// node is an element of the structure with the text that belongs to it.
type node struct {
	role, text string
	kids       []node
}

// structure reads the tree of elements; each kid must name its parent.
func (r *reading) structure() node {
	root := r.find("/StructTreeRoot/K")
	pages := map[int][]string{}
	for n, text := range r.objects {
		if strings.HasPrefix(text, "<</Type/Page/") {
			pages[n] = r.marked(n)
		}
	}
	return r.element(numbers(r.objects[root])[0], root, pages)
}

var elementText = regexp.MustCompile(`^<</Type/StructElem/S/(\w+)/P (\d+) 0 R(?:/A<<[^>]*>>)?/K\[(.*)\]>>$`)

func (r *reading) element(n, parent int, pages map[int][]string) node {
	m := elementText.FindStringSubmatch(r.objects[n])
	require.NotNil(r.t, m, r.objects[n])
	require.Equal(r.t, strconv.Itoa(parent), m[2])
	out := node{role: m[1]}
	var texts []string
	for _, mark := range markOf.FindAllStringSubmatch(m[3], -1) {
		page, _ := strconv.Atoi(mark[1])
		at, _ := strconv.Atoi(mark[2])
		texts = append(texts, pages[page][at])
	}
	out.text = strings.Join(texts, "\n")
	if len(texts) == 0 {
		for _, kid := range numbers(m[3]) {
			out.kids = append(out.kids, r.element(kid, n, pages))
		}
	}
	return out
}

package pdf

import (
	"fmt"
	"strconv"
	"time"
)

// Info is what a document tells of itself.
type Info struct {
	Title    string
	Footer   string    // at the foot of each page, before its number
	Producer string    // the program
	Language string    // as RFC 5646 writes it: en-GB
	Made     time.Time // zero for none
}

// Document is a document that is being filled, from above.
type Document struct {
	info          Info
	regular, bold *font
	pages         []*page
	root          *element
	size          Size
	y             length // how far the last page is filled
}

// New begins a document. One goroutine uses it.
func New(info Info) *Document {
	return &Document{
		info: info, root: &element{role: "Document"}, size: Portrait,
		regular: &font{face: regularFace(), resource: "R", used: map[uint16]rune{}}, bold: &font{face: boldFace(), resource: "B", used: map[uint16]rune{}},
	}
}

// style is how text is set.
type style struct {
	bold          bool
	size, leading length
	above         length // free space before it
}

var (
	titleStyle   = style{bold: true, size: 20 * point, leading: 26 * point}
	headingStyle = style{bold: true, size: 11 * point, leading: 15 * point, above: 12 * point}
	textStyle    = style{size: 9 * point, leading: 12 * point, above: 3 * point}
	footStyle    = style{size: 7 * point, leading: 9 * point}
)

const (
	margin = 36 * point
	foot   = 30 * point // from below, where the footer stands
)

func (d *Document) font(s style) *font {
	if s.bold {
		return d.bold
	}
	return d.regular
}

func (d *Document) page() *page {
	if len(d.pages) == 0 {
		d.NewPage(d.size)
	}
	return d.pages[len(d.pages)-1]
}

// NewPage begins another page; those after it are of the same size.
func (d *Document) NewPage(size Size) {
	d.size, d.y = size, margin
	d.pages = append(d.pages, &page{size: size})
}

// width is that of what stands between the margins.
func (d *Document) width() length { return d.size.width - 2*margin }

// left is how much of the page is free.
func (d *Document) left() length { return d.fullHeight() + margin - d.y }

// fullHeight is how much of an empty page is free.
func (d *Document) fullHeight() length { return d.size.height - 2*margin - foot/2 }

// need goes on to another page where so much is not free.
func (d *Document) need(height length) {
	if d.page(); d.left() < height {
		d.NewPage(d.size)
	}
}

// Title is the heading of all.
func (d *Document) Title(text string) { d.paragraph(d.root.child("H1"), titleStyle, 0, text) }

// Heading is a heading of a part. What follows stands on the same page.
func (d *Document) Heading(text string) {
	const following = 60 * point
	d.need(headingStyle.above + headingStyle.leading + following)
	d.paragraph(d.root.child("H2"), headingStyle, 0, text)
}

// Paragraph is running text.
func (d *Document) Paragraph(text string) { d.paragraph(d.root.child("P"), textStyle, 0, text) }

// How far the text of a list stands from its labels.
const (
	indent       = 10 * point
	numberIndent = 17 * point
)

// List is a list of texts.
func (d *Document) List(items []string) { d.list("", indent, items, func(int) string { return "•" }) }

// Numbered is a list of texts that are counted from 1.
func (d *Document) Numbered(items []string) {
	d.list("Decimal", numberIndent, items, func(i int) string { return strconv.Itoa(i+1) + "." })
}

func (d *Document) list(numbering string, in length, items []string, label func(i int) string) {
	if len(items) == 0 {
		return
	}
	list := d.root.child("L")
	list.numbering = numbering
	for i, item := range items {
		li := list.child("LI")
		d.need(textStyle.above + textStyle.leading)
		p := d.page()
		p.begin(li.child("Lbl"))
		p.text(d.regular, textStyle, margin, d.y+d.above(textStyle)+textStyle.size, label(i))
		p.end()
		d.paragraph(li.child("LBody"), textStyle, in, item)
	}
}

// above is the free space before a text, none at the top of a page.
func (d *Document) above(s style) length {
	if d.y == margin {
		return 0
	}
	return s.above
}

// paragraph sets a text over as many lines and pages as it takes.
func (d *Document) paragraph(e *element, s style, in length, text string) {
	d.page()
	d.y += d.above(s)
	f := d.font(s)
	lines := s.wrap(f, text, d.width()-in, 0)
	for len(lines) > 0 {
		d.need(s.leading)
		fit := min(len(lines), int(d.left()/s.leading))
		p := d.page()
		p.begin(e)
		for _, line := range lines[:fit] {
			p.text(f, s, margin+in, d.y+s.size, line)
			d.y += s.leading
		}
		p.end()
		lines = lines[fit:]
	}
}

// numberPages writes the foot of every page.
func (d *Document) numberPages() {
	for i, p := range d.pages {
		number := fmt.Sprintf("page %d of %d", i+1, len(d.pages))
		right := d.regular.width(number, footStyle.size)
		y := p.size.height - foot + footStyle.leading
		p.band(p.size.height-foot, point/2, 60)
		p.begin(nil)
		title := footStyle.wrap(d.regular, d.info.Footer, p.size.width-2*margin-right-indent, 1)[0]
		p.text(d.regular, footStyle, margin, y, title)
		p.text(d.regular, footStyle, p.size.width-margin-right, y, number)
		p.end()
	}
}

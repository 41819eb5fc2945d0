package pdf

import "fmt"

// page is a page that is being filled. Places are told from its upper left corner.
type page struct {
	size   Size
	out    []byte
	marks  []*element
	number int // of its object
}

// Size is a size of paper.
type Size struct{ width, height length }

// A4 upright and lying.
var (
	Portrait  = Size{59528, 84189}
	Landscape = Size{84189, 59528}
)

// number is a length as PDF writes it.
func number(l length) string {
	sign := ""
	if l < 0 {
		sign, l = "-", -l
	}
	return fmt.Sprintf("%s%d.%02d", sign, l/point, l%point)
}

// begin begins a mark that belongs to an element, or to none where it is nil.
func (p *page) begin(e *element) {
	if e == nil {
		p.out = append(p.out, "/Artifact BMC\n"...)
		return
	}
	e.kids = append(e.kids, kid{page: p, mark: len(p.marks)})
	p.out = fmt.Appendf(p.out, "/%s<</MCID %d>>BDC\n", e.role, len(p.marks))
	p.marks = append(p.marks, e)
}

func (p *page) end() { p.out = append(p.out, "EMC\n"...) }

// text shows a text that begins at x, on a line at y.
func (p *page) text(f *font, s style, x, y length, text string) {
	p.out = fmt.Appendf(p.out, "BT /%s %s Tf 1 0 0 1 %s %s Tm\n", f.resource, number(s.size), number(x), number(p.size.height-y))
	p.out = append(f.appendText(p.out, text), "ET\n"...)
}

// band fills the page between its margins, from y down, with a grey of so many hundredths.
func (p *page) band(y, height length, grey int) {
	p.begin(nil)
	p.out = fmt.Appendf(p.out, "%s g %s %s %s %s re f 0 g\n", number(length(grey)), number(margin), number(p.size.height-y-height),
		number(p.size.width-2*margin), number(height))
	p.end()
}

package pdf

import (
	"fmt"
	"strings"
)

// element is a node of the structure.
type element struct {
	role      string
	scope     string // of a heading cell: Column or Row
	numbering string // of a list, where its labels are numbers: Decimal (14.8.5.5)
	parent    *element
	kids      []kid
	number    int // of its object
}

// kid is an element, or where there is none a mark.
type kid struct {
	*element
	page *page
	mark int
}

func (e *element) child(role string) *element {
	c := &element{role: role, parent: e}
	e.kids = append(e.kids, kid{element: c})
	return c
}

// reserve numbers an element and all below it.
func (e *element) reserve(out *file) {
	e.number = out.reserve()
	for _, k := range e.kids {
		if k.element != nil {
			k.element.reserve(out)
		}
	}
}

// write writes an element and all below it; parent is the number of what it stands in.
func (e *element) write(out *file, parent int) {
	var kids strings.Builder
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&kids, "%d 0 R ", k.element.number)
		} else {
			fmt.Fprintf(&kids, "<</Type/MCR/Pg %d 0 R/MCID %d>>", k.page.number, k.mark)
		}
	}
	attributes := ""
	switch {
	case e.scope != "":
		attributes = "/A<</O/Table/Scope/" + e.scope + ">>"
	case e.numbering != "":
		attributes = "/A<</O/List/ListNumbering/" + e.numbering + ">>"
	}
	out.object(e.number, "<</Type/StructElem/S/%s/P %d 0 R%s/K[%s]>>", e.role, parent, attributes, kids.String())
	for _, k := range e.kids {
		if k.element != nil {
			k.element.write(out, e.number)
		}
	}
}

// writeStructure writes all elements, and which one each mark of each page belongs to (14.7.4.4).
func (d *Document) writeStructure(out *file, n int) {
	d.root.reserve(out)
	d.root.write(out, n)
	var marks strings.Builder
	for i, p := range d.pages {
		fmt.Fprintf(&marks, "%d[", i)
		for _, e := range p.marks {
			fmt.Fprintf(&marks, "%d 0 R ", e.number)
		}
		marks.WriteString("]")
	}
	tree := out.reserve()
	out.object(n, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", d.root.number, tree, len(d.pages))
	out.object(tree, "<</Nums[%s]>>", marks.String())
}

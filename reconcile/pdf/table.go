package pdf

// Column is a column of a table. Widths are shares of the width of the page.
type Column struct {
	Heading string
	Width   int
	Right   bool // for numbers
	Names   bool // its cells are the headings of their rows
}

// Row is a row of a table: a text for each column.
type Row struct {
	Cells  []string
	Strong bool // a sum
}

// Table is a table. Its headings, if it has any, stand again on every page.
type Table struct {
	Columns []Column
	Rows    []Row
	Small   bool // for many columns
	Form    bool // for cells that people fill in by hand: rows are high, and all stand on one page where they fit
}

// maxCellLines bounds a cell. What does not fit ends with an ellipsis.
const maxCellLines = 5

// grid is a table on its way to pages.
type grid struct {
	*Document
	table  *Table
	body   *element
	style  style
	pad    length   // above and below the text of a row together
	gap    length   // likewise beside the text of a cell
	edges  []length // of the columns, and the right one of the last
	titled bool
}

// Table sets a table.
func (d *Document) Table(t *Table) {
	d.page()
	g := &grid{Document: d, table: t, body: d.root.child("Table"), style: style{size: 9 * point, leading: 11 * point}, pad: 4 * point, gap: 8 * point}
	if t.Small {
		g.style, g.pad, g.gap = style{size: 7 * point, leading: 8*point + point/2}, 3*point, 6*point
	}
	if t.Form {
		g.pad = 15 * point
	}
	g.layOut()
	d.y += textStyle.above
	if t.Form {
		g.together()
	}
	for i := range t.Rows {
		cells, height := g.wrap(t.Rows[i].Cells, t.Rows[i].Strong)
		switch {
		case i == 0:
			g.first(height)
		case d.left() < height:
			d.NewPage(d.size)
			g.heading(nil)
		}
		g.row(&t.Rows[i], cells, height)
	}
	if len(t.Rows) == 0 {
		g.first(0)
	}
	d.y += textStyle.above
}

// together goes on to another page where not all rows fit on this one.
func (g *grid) together() {
	_, all := g.headings()
	for i := range g.table.Rows {
		_, height := g.wrap(g.table.Rows[i].Cells, g.table.Rows[i].Strong)
		all += height
	}
	if all <= g.fullHeight() {
		g.need(all)
	}
}

// layOut shares the width among the columns.
func (g *grid) layOut() {
	all := 0
	for _, c := range g.table.Columns {
		all += c.Width
		g.titled = g.titled || c.Heading != ""
	}
	sum := 0
	for _, c := range append([]Column{{}}, g.table.Columns...) {
		sum += c.Width
		g.edges = append(g.edges, margin+g.width()*length(sum)/length(max(all, 1)))
	}
}

// first sets the heading where a row of a height fits below it.
func (g *grid) first(height length) {
	_, own := g.headings()
	g.need(own + height)
	g.heading(g.body)
}

// headings are the wrapped headings and their height; none where no column has one.
func (g *grid) headings() (cells [][]string, height length) {
	if !g.titled {
		return nil, 0
	}
	texts := make([]string, len(g.table.Columns))
	for i, c := range g.table.Columns {
		texts[i] = c.Heading
	}
	return g.wrap(texts, true)
}

// heading sets the headings: as a row of the body, or on later pages as what belongs to the page.
func (g *grid) heading(body *element) {
	cells, height := g.headings()
	if cells == nil {
		return
	}
	g.page().band(g.y, height, 90)
	var row *element
	if body != nil {
		row = body.child("TR")
	}
	for i, lines := range cells {
		var e *element
		if row != nil {
			e = row.child("TH")
			e.scope = "Column"
		}
		g.cell(e, i, lines, true)
	}
	g.y += height
}

// wrap breaks the texts of a row into lines.
func (g *grid) wrap(texts []string, strong bool) (cells [][]string, height length) {
	most := 1
	cells = make([][]string, len(texts))
	for i, text := range texts {
		cells[i] = g.style.wrap(g.face(strong), text, g.edges[i+1]-g.edges[i]-g.gap, maxCellLines)
		most = max(most, len(cells[i]))
	}
	return cells, g.style.leading*length(most) + g.pad
}

func (g *grid) face(strong bool) *font { return g.font(style{bold: strong}) }

// row sets a row, with a rule below.
func (g *grid) row(r *Row, cells [][]string, height length) {
	row := g.body.child("TR")
	if r.Strong {
		g.page().band(g.y, height, 96)
	}
	for i, lines := range cells {
		role := "TD"
		if g.table.Columns[i].Names {
			role = "TH"
		}
		e := row.child(role)
		if role == "TH" {
			e.scope = "Row"
		}
		g.cell(e, i, lines, r.Strong)
	}
	g.y += height
	g.page().band(g.y, point/4, 75)
}

// cell sets the lines of a cell of the row at hand.
func (g *grid) cell(e *element, column int, lines []string, strong bool) {
	p, f := g.page(), g.face(strong)
	p.begin(e)
	y := g.y + g.pad/2 + g.style.size
	for _, line := range lines {
		x := g.edges[column] + g.gap/2
		if g.table.Columns[column].Right {
			x = g.edges[column+1] - g.gap/2 - f.width(line, g.style.size)
		}
		if line != "" {
			p.text(f, g.style, x, y, line)
		}
		y += g.style.leading
	}
	p.end()
}

// Package diff says which sessions would cost differently under two tariffs.
//
// The bounds of all restrictions of both tariffs cut what a session can meet into cells: days, times of day, energy so far, duration
// so far, power and current. Inside a cell neither tariff changes, so that one question to the engine tells which component of each
// is active there. Where price, tax and steps agree in every cell, and the limits of the total do, no session can cost differently;
// where they do not, a session that goes through the cell is simulated and priced by tariff.Price under both.
package diff

import (
	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/describe"
)

// Report is the difference of two tariffs.
type Report struct {
	A, B   *describe.Description // in English
	Groups []Group               // what differs, alike cells together, each shown by an example
	// Unshown are groups whose components differ although no example session that was tried costs differently, as steps that
	// round to the same.
	Unshown []Group
	Limits  *Example // a session that costs differently where nothing but the limits of the total differs
	// LimitsDiffer, TaxesDiffer and ValidityDiffers tell of members that concern every session.
	LimitsDiffer, TaxesDiffer, ValidityDiffers bool
	Axes                                       []Axis
	Cells                                      int // that the bounds make
	Examined                                   int // of these, at most MaxCells
}

// Axis is one quantity whose bounds make cells.
type Axis struct {
	Name   string
	Pieces int
}

// Group is a set of cells in which a subject is priced by the same two rates.
type Group struct {
	Subject describe.Subject
	Where   [][]describe.Condition // one list of conditions for each part of the set
	A, B    *describe.Rate         // nil where the tariff charges nothing
	Example *Example               // nil in Unshown
	cells   []cell
}

// MaxCells bounds the work, with maxWork for tariffs of very many elements: cells times elements. Of tariffs that make more cells, the
// first are examined, and the report says so.
const (
	MaxCells = 20_000
	maxWork  = 4_000_000
)

// SameCurrency reports whether amounts of the tariffs can be compared at all; where not, nothing else was examined.
func (r *Report) SameCurrency() bool { return r.A.Currency == r.B.Currency }

// Complete reports that all cells were examined.
func (r *Report) Complete() bool { return r.Examined == r.Cells }

// Differ reports that some session costs differently.
func (r *Report) Differ() bool {
	return !r.SameCurrency() || len(r.Groups) > 0 || r.Limits != nil
}

// Tariffs compares two tariffs, as if both were valid at any time. It fails where a tariff cannot be described or priced.
func Tariffs(a, b *ocpi.Tariff) (*Report, error) {
	r := &Report{}
	var err error
	if r.A, err = describe.Describe(a, "en"); err != nil {
		return nil, err
	}
	if r.B, err = describe.Describe(b, "en"); err != nil {
		return nil, err
	}
	r.LimitsDiffer = !sameLimit(r.A.Min, r.B.Min) || !sameLimit(r.A.Max, r.B.Max)
	r.TaxesDiffer = r.A.Taxes != r.B.Taxes
	r.ValidityDiffers = !a.StartDateTime.Equal(b.StartDateTime) || !a.EndDateTime.Equal(b.EndDateTime)
	if !r.SameCurrency() {
		return r, nil
	}
	g := newGrid(a, b)
	r.Axes, r.Cells = g.axes(), g.cells()
	c := &comparison{report: r, grid: g, a: newProbe(a, r.A), b: newProbe(b, r.B)}
	if err := c.walk(); err != nil {
		return nil, err
	}
	c.showGroups()
	if r.LimitsDiffer && len(r.Groups) == 0 {
		r.Limits = c.showLimits()
	}
	return r, nil
}

func sameLimit(a, b describe.Limit) bool {
	return sameNumber(a.BeforeTaxes, b.BeforeTaxes) && sameNumber(a.AfterTaxes, b.AfterTaxes)
}

func sameNumber(a, b ocpi.Number) bool {
	return a.Present == b.Present && (!a.Present || a.Value.Equal(b.Value))
}

// comparison is the work on one report.
type comparison struct {
	report *Report
	grid   *grid
	a, b   *probe
	groups []Group
}

// walk asks both tariffs in every cell.
func (c *comparison) walk() error {
	most := min(MaxCells, maxWork/max(len(c.a.t.Elements), len(c.b.t.Elements), 1))
	for n := range c.grid.cells() {
		if n == most {
			break
		}
		c.report.Examined++
		at, exists := c.grid.cell(n)
		if !exists {
			continue
		}
		state := c.grid.state(at)
		for _, s := range c.grid.subjects(at) {
			x, err := c.a.rate(state, s)
			if err != nil {
				return err
			}
			y, err := c.b.rate(state, s)
			if err != nil {
				return err
			}
			if !c.same(s, x, y) {
				c.add(s, x, y, at)
			}
		}
	}
	return nil
}

// same reports that two rates price alike whatever the volume. One that is free is not the same as none: it can be the last rate,
// whose steps round the total.
func (c *comparison) same(s describe.Subject, x, y *describe.Rate) bool {
	if x == nil || y == nil {
		return x == y
	}
	if !x.Price.Equal(y.Price) {
		return false
	}
	if x.Price.IsZero() {
		return true
	}
	return !c.report.TaxesDiffer && sameNumber(x.VAT, y.VAT) && (flat(s) || stepOf(x).Equal(stepOf(y)))
}

// add puts a cell into the group of its rates.
func (c *comparison) add(s describe.Subject, x, y *describe.Rate, at cell) {
	for i := range c.groups {
		g := &c.groups[i]
		if g.Subject == s && c.alike(s, g.A, x, c.report.A) && c.alike(s, g.B, y, c.report.B) {
			g.cells = append(g.cells, at)
			return
		}
	}
	c.groups = append(c.groups, Group{Subject: s, A: x, B: y, cells: []cell{at}})
}

// alike reports that two rates of one tariff are said alike.
func (c *comparison) alike(s describe.Subject, x, y *describe.Rate, d *describe.Description) bool {
	return rateText(c.report, s, x, d) == rateText(c.report, s, y, d)
}

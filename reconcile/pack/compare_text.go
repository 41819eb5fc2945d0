package pack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// maxTextLines is how many lines the text shows one by one; the rest is in the JSON and the page.
const maxTextLines = 50

// pointTexts say in words what kinds of points mean.
var pointTexts = map[PointKind]string{
	PointMissingLine:   "only one pack has the line",
	PointLine:          "the invoice states other amounts",
	PointMissingRecord: "one side has no CDR",
	PointNotDisclosed:  "one pack shows no evidence",
	PointRecord:        "the CDRs differ",
	PointTariff:        "the tariffs differ",
	PointReading:       "an open question is read in two ways",
	PointInput:         "something else went into the price",
	PointCalculation:   "the calculations take another step",
	PointRounding:      "the calculations round otherwise",
	PointSession:       "the sessions differ",
	PointDispute:       "something else is disputed",
	PointJudgement:     "the same evidence is weighed in two ways",
}

// Text is the kind in words.
func (k PointKind) Text() string { return pointTexts[k] }

// Text is the comparison for people.
func (c *Comparison) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "A          %s\nB          %s\n", c.A.text(), c.B.text())
	for _, t := range c.Totals {
		t.write(&b)
	}
	if len(c.Lines) == 0 {
		b.WriteString("\nBoth packs say the same of every line.\n")
		return b.String()
	}
	b.WriteString("\nWhere the others part\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, p := range c.Points {
		fmt.Fprintf(w, "  %s\t%s\t%s %s apart\t\n", p.Kind.Text(), plural(p.Lines, "line"), fixed(p.Difference, p.Currency), visible(p.Currency))
	}
	w.Flush()
	b.WriteString("\nLine by line, the furthest apart first\n")
	lines := c.furthest()
	for i := range lines[:min(len(lines), maxTextLines)] {
		lines[i].write(&b)
	}
	if n := len(lines) - maxTextLines; n > 0 {
		fmt.Fprintf(&b, "  … and %s: --format json or --html FILE has them all\n", plural(n, "more line"))
	}
	return b.String()
}

func (p *ComparedPack) text() string {
	return visible(fmt.Sprintf("%s, as of %s, by %s %s (tagmanifest %.12s…)", p.Case, p.AsOf, p.Engine.Name, p.Engine.Version, p.TagManifest))
}

func (t *ComparedTotal) write(b *strings.Builder) {
	say := func(d exact.Decimal) string { return fixed(d, t.Currency) }
	fmt.Fprintf(b, "\nPayable today, by both: %s %s net\n", say(t.Both), visible(t.Currency))
	fmt.Fprintf(b, "  A proves %s of %s invoiced, B %s of %s\n", say(t.ProvenA), say(t.InvoicedA), say(t.ProvenB), say(t.InvoicedB))
	fmt.Fprintf(b, "  %s: %d agreed, %d only in A, %d only in B; on the others they are %s apart\n",
		plural(t.Lines, "line"), t.Agreed, t.OnlyA, t.OnlyB, say(t.Difference))
}

// furthest are the lines by how far the sides are apart.
func (c *Comparison) furthest() []ComparedLine {
	out := slices.Clone(c.Lines)
	slices.SortStableFunc(out, func(a, b ComparedLine) int { return cmp.Or(b.Difference.Cmp(a.Difference)) })
	return out
}

func (l *ComparedLine) write(b *strings.Builder) {
	proven := func(s *ComparedSide) string {
		if s == nil {
			return "–"
		}
		return fixed(amountOf(s.Proven), l.Currency)
	}
	fmt.Fprintf(b, "  %s: A proves %s, B %s %s\n", visible(l.InvoiceID+":"+l.Line), proven(l.A), proven(l.B), visible(l.Currency))
	fmt.Fprintf(b, "    %s, at %s: A %s, B %s\n", l.Point.Kind.Text(), visible(l.Point.Where), orNothing(l.Point.A), orNothing(l.Point.B))
}

// fixed is an amount with at least the decimals of its currency's minor unit.
func fixed(d exact.Decimal, currency string) string { return d.Fixed(reconcile.MinorUnits(currency)) }

// orNothing is what one side has at a point, cut to what can be read.
func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return visible(short(text))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

package report

import (
	_ "embed"
	"html/template"
	"io"
	"sync"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

//go:embed assets/comparison.html
var comparisonHTML string

var comparisonTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("comparison").Funcs(template.FuncMap{
		"css":   func(s string) template.CSS { return template.CSS(s) },
		"money": amount, "count": count, "visible": visible, "cut": cut,
		"proven": func(s *pack.ComparedSide, currency string) string {
			if s == nil {
				return absent
			}
			d, err := exact.Parse([]byte(s.Proven))
			if err != nil {
				return absent
			}
			return amount(d, currency)
		},
	}).Parse(comparisonHTML))
})

// cut is what one side has at a point, short enough for a cell.
func cut(s string) string {
	const most = 160
	if s == "" {
		return absent
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return visible(s)
}

// WriteComparison renders what two packs agree on and where they part: one file, no script, no external resource, deterministic. Of the
// lines it shows the first RowLines.
func WriteComparison(w io.Writer, c *pack.Comparison) error {
	style := pageCSS + linesCSS + narrowCSS
	v := struct {
		*pack.Comparison
		Shown         []pack.ComparedLine
		More          int
		Style, Policy string
	}{c, c.Lines[:min(len(c.Lines), RowLines)], max(0, len(c.Lines)-RowLines), style,
		"default-src 'none'; style-src " + hashSource(style) + "; base-uri 'none'; form-action 'none'"}
	return comparisonTemplate().Execute(w, v)
}

package pack

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pdf"
)

// certifications.pdf is templates of what people can certify of the pack, with the facts of the case filled in and blanks for who signs. They are
// unsigned, and what a law wants stands in the text, never here. They are made once all other files are there.

// maxCertified bounds each list of files in certifications.pdf.
const maxCertified = 500

// ownKinds are the kinds of inputs that a creditor keeps in the course of its business. Others come from the other side, or were made to settle.
var ownKinds = []string{"cdrs", "sessions", "tariffs", "locations", "invoices"}

// certification is what the text of the templates names. No value holds a line break.
type certification struct {
	Case, Tool, Go, TZData   string
	CaseSHA256, EngineSHA256 string
	Own, NotOwn              string // inputs by kind
	Sessions                 string // from when to when the disclosed ones began
	Lines, Conserves         string
	AnnexA, AnnexC           string
	NotProved                []string

	summary *reconcile.Summary
	facts   []pdf.Row
	inputs  []Input
	files   []digest
}

// certifications makes certifications.pdf of what was added, of the documents of the pack and of the digests of its payload.
func (a *account) certifications(texts documents, payload []digest) (*pdf.Document, error) {
	var c claim
	var sources sourcesDoc
	_ = json.Unmarshal(texts[summaryFile], &c.summary)
	_ = json.Unmarshal(texts[caseFile], &c.terms)
	_ = json.Unmarshal(texts[sourcesFile], &sources) // as for the statement, what cannot be read tells nothing
	s := &c.summary
	asOf, _ := time.Parse(time.DateOnly, s.AsOf)
	own, notOwn := kindTexts(sources.Inputs)
	files := certifiedFiles(payload)
	t := &certification{
		Case: oneLine(s.Case), Tool: oneLine(engineText(&s.Engine)), Go: oneLine(s.Engine.Go), TZData: oneLine(s.Engine.TZData),
		CaseSHA256: digestText(texts[caseFile]), EngineSHA256: digestText(texts[engineFile]), Own: own, NotOwn: notOwn, Sessions: a.span.text(),
		Lines: linesText(&s.Outcomes, " invoice lines: "), Conserves: conservesText(s.Conserves),
		AnnexA: annexText("sources.json lists them too. The program computed the SHA-256 of a file while it read it.", len(sources.Inputs), sourcesFile),
		AnnexC: annexText("Those in data, but for this one, for those in data/proofs, if there are any, and for report.html, which shows what the others "+
			"hold; manifest-sha256.txt lists these too.", len(files), manifestFile),
		summary: s, inputs: sources.Inputs, files: files,
	}
	t.facts = append(c.facts(texts), pdf.Row{Cells: []string{"Files read", filesText(sources.Inputs)}}, pdf.Row{Cells: []string{"Sessions disclosed", a.span.short()}})
	for _, sentence := range s.NotProved {
		t.NotProved = append(t.NotProved, oneLine(sentence))
	}
	d := pdf.New(pdf.Info{
		Title: "Certification templates, unsigned: " + s.Case, Footer: "Templates, unsigned, to be checked by counsel · " + s.Case + " · as of " + s.AsOf,
		Producer: s.Engine.Name + " " + s.Engine.Version, Language: "en-GB", Made: asOf,
	})
	d.Title("Certification templates")
	return d, t.write(d)
}

// certifiedFiles are the files that annex C lists: none that certifications.pdf cannot know, or that another run over the same inputs need not make, as it
// lacks the secret of the proofs, which report.html carries too.
func certifiedFiles(payload []digest) []digest {
	out := slices.DeleteFunc(slices.Clone(payload), func(d digest) bool {
		return d.name == payloadFolder+certificationsFile || d.name == pageFile || strings.HasPrefix(d.name, madeOtherwise)
	})
	slices.SortFunc(out, func(a, b digest) int { return strings.Compare(a.name, b.name) })
	return out
}

// kindTexts say what inputs of the creditor there are, and which others.
func kindTexts(inputs []Input) (own, notOwn string) {
	var kinds []string
	files, records := map[string]int{}, map[string]int{}
	for i := range inputs {
		kind := oneLine(inputs[i].Kind)
		if files[kind]++; files[kind] == 1 {
			kinds = append(kinds, kind)
		}
		records[kind] += inputs[i].Records
	}
	var ours, others []string
	for _, kind := range kinds {
		if !slices.Contains(ownKinds, kind) {
			others = append(others, kind)
			continue
		}
		ours = append(ours, fmt.Sprintf("%s (%s, %s)", kind, manyText(files[kind], "file"), manyText(records[kind], "record")))
	}
	notOwn = "No file was read but these."
	if len(others) > 0 {
		notOwn = "I do not speak of the files of these kinds, which others made, or which were made to settle the claim: " + strings.Join(others, ", ") + "."
	}
	return strings.Join(ours, ", "), notOwn
}

// filesText is how many files were read and how many records stood in them.
func filesText(inputs []Input) string {
	records := 0
	for i := range inputs {
		records += inputs[i].Records
	}
	return manyText(len(inputs), "file") + ", " + manyText(records, "record")
}

func manyText(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return countText(n) + " " + what
}

func conservesText(conserves bool) string {
	if conserves {
		return "In each currency, what is proven, conceded and unproven adds up to what is invoiced, to the minor unit."
	}
	return "What is proven, conceded and unproven does NOT add up to what is invoiced."
}

// annexText says what a list holds, and where the rest is.
func annexText(what string, n int, rest string) string {
	if n > maxCertified {
		what += fmt.Sprintf(" These are the first %s of %s; %s has all.", countText(maxCertified), countText(n), rest)
	}
	return what
}

// timeSpan is from when to when something was; zero for never.
type timeSpan struct{ first, last time.Time }

func (s *timeSpan) add(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (s *timeSpan) text() string {
	if s.first.IsZero() {
		return ""
	}
	return "The sessions of the lines that the folder discloses began between " + secondText(s.first) + " and " + secondText(s.last) + " (UTC)."
}

// short is the same for a table.
func (s *timeSpan) short() string {
	if s.first.IsZero() {
		return "none"
	}
	return "begun between " + secondText(s.first) + " and " + secondText(s.last) + " (UTC)"
}

//go:embed certifications.txt.tmpl
var certificationText string

var certificationTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New(certificationsFile).Parse(certificationText))
})

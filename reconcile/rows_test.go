package reconcile

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

var update = flag.Bool("update", false, "write the want sections anew, to be read in the diff")

// TestRows runs one script for each row of the table of situations, from decoding to the totals.
func TestRows(t *testing.T) {
	scripts, err := filepath.Glob("testdata/rows/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(script)
			require.NoError(t, err)
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			w := readWorld(t, files)
			got := w.render(t, w.judge())
			if *update {
				for i := range archive.Files {
					if archive.Files[i].Name == "want" {
						archive.Files[i].Data = []byte(got)
					}
				}
				require.NoError(t, os.WriteFile(script, txtar.Format(archive), 0o644))
				return
			}
			assert.Equal(t, squeeze(files["want"]), squeeze(got))
		})
	}
}

// squeeze makes the columns of a want section one space wide and drops comments, so that it can be written by hand.
func squeeze(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// render writes the result of a run as a want section: first the lines, then only what there is to say.
func (w *world) render(t *testing.T, verdicts []*GroupVerdict) string {
	var tally Tally
	var lines, rest []string
	var records Records
	for _, v := range verdicts {
		for i := range v.Lines {
			l := &v.Lines[i]
			checkVerdict(t, l)
			tally.Add(l)
			lines = append(lines, renderLine(l))
			rest = append(rest, renderExtras(l)...)
		}
		for i := range v.NotInvoiced {
			n := &v.NotInvoiced[i]
			tally.AddNotInvoiced(n)
			rest = append(rest, fmt.Sprintf("not-invoiced %s %s %s", n.CDR.ID, text(n.Computed.BeforeTaxes), n.Code))
		}
		rest = append(rest, renderTheirs(v)...)
		records.Add(countRecords(v))
	}
	for _, v := range verdicts {
		rest = append(rest, renderTalk(v.Findings)...)
	}
	rest = append(rest, renderTalk(w.findings)...)
	for _, f := range w.rejected {
		rest = append(rest, fmt.Sprintf("rejected %s:%d %s", f.Place.File, f.Place.Line, f.Code))
	}
	require.NoError(t, tally.Conserves())
	slices.Sort(lines)
	slices.Sort(rest)
	var b strings.Builder
	out := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(out, "# line\toutcome\tproven\tconceded\tunproven\treasons")
	for _, l := range lines {
		fmt.Fprintln(out, l)
	}
	require.NoError(t, out.Flush())
	for _, r := range rest {
		fmt.Fprintln(&b, r)
	}
	for _, r := range []struct {
		name string
		n    RecordCount
	}{{"cdrs", records.CDRs}, {"sessions", records.Sessions}, {"lines", records.InvoiceLines}, {"disputes", records.Disputes},
		{"theirs", records.Theirs}, {"their sessions", records.TheirSessions}, {"answers", records.Responses}, {"decisions", records.Decisions}} {
		if r.n.Used != r.n.Read {
			fmt.Fprintf(&b, "%s read %d used %d duplicate %d rejected %d\n", r.name, r.n.Read, r.n.Used, r.n.Duplicate, r.n.Rejected)
		}
	}
	return b.String()
}

func countRecords(v *GroupVerdict) Records {
	var r Records
	for _, kind := range []struct {
		count *RecordCount
		fates []Use
	}{{&r.CDRs, v.CDRFates}, {&r.Sessions, v.SessionFates}, {&r.InvoiceLines, v.LineFates}, {&r.Disputes, v.ClaimFates}, {&r.Theirs, v.TheirFates},
		{&r.TheirSessions, v.TheirSessionFates},
		{&r.Responses, v.AnswerFates}, {&r.Decisions, v.DecisionFates}} {
		for _, u := range kind.fates {
			kind.count.Count(u)
		}
	}
	return r
}

func renderLine(v *LineVerdict) string {
	var reasons []string
	for _, r := range v.Reasons() {
		reasons = append(reasons, string(r))
	}
	if len(reasons) == 0 {
		reasons = []string{"-"}
	}
	return fmt.Sprintf("%s/%s\t%s\t%s\t%s\t%s\t%s", v.Line.InvoiceID, v.Line.Line, v.Outcome, text(v.Proven.BeforeTaxes),
		text(v.Conceded.BeforeTaxes), text(v.Unproven.BeforeTaxes), strings.Join(reasons, " "))
}

// renderExtras says what stands beside the six parts, and the gross parts where the line has gross.
func renderExtras(v *LineVerdict) []string {
	name := v.Line.InvoiceID + "/" + v.Line.Line
	var out []string
	if v.Invoiced.AfterTaxes.Present {
		out = append(out, fmt.Sprintf("gross %s %s %s %s", name, text(v.Proven.AfterTaxes), text(v.Conceded.AfterTaxes), text(v.Unproven.AfterTaxes)))
	}
	if !v.Underbilled.BeforeTaxes.Value.IsZero() {
		out = append(out, fmt.Sprintf("underbilled %s %s", name, text(v.Underbilled.BeforeTaxes)))
	}
	for _, part := range []struct {
		name  string
		money Money
	}{{"only-as-agreed", v.OnlyAsAgreed}, {"only-by-default", v.OnlyByDefault}} {
		if !isNothing(part.money) {
			out = append(out, strings.TrimSuffix(fmt.Sprintf("%s %s %s %s", part.name, name, text(part.money.BeforeTaxes), text(part.money.AfterTaxes)), " -"))
		}
	}
	if v.Admitted.Present {
		out = append(out, fmt.Sprintf("admitted %s %s", name, text(v.Admitted)))
	}
	if v.Invoiced.BeforeTaxes.Value.Sign() < 0 && v.Computed.BeforeTaxes.Present {
		out = append(out, fmt.Sprintf("computed %s %s %s", name, text(v.Computed.BeforeTaxes), text(v.Computed.AfterTaxes)))
	}
	if v.Chain != nil {
		out = append(out, "chain "+name+" "+renderChain(v.Chain))
	}
	if v.Match.State != matchExact || v.Match.Rule != byCDRID {
		match := strings.TrimSpace(fmt.Sprintf("match %s %s %s", name, v.Match.State, v.Match.Rule))
		if v.Match.Margin != nil {
			match += fmt.Sprintf(" margin %d", *v.Match.Margin)
		}
		out = append(out, match)
	}
	if s := v.Set; s != nil {
		out = append(out, fmt.Sprintf("set %s %d lines over %s: %s claimed, %s computed, %s proven %s conceded %s unproven", name, s.Lines, strings.Join(s.CDRs, " "),
			text(s.Claimed.BeforeTaxes), text(s.Computed.BeforeTaxes), text(s.Proven.BeforeTaxes), text(s.Conceded.BeforeTaxes), text(s.Unproven.BeforeTaxes)))
	}
	if len(v.History) > 0 {
		out = append(out, renderHistory(v)...)
	}
	return out
}

// renderHistory writes what was said of a line, in order, and what was found in it.
func renderHistory(v *LineVerdict) []string {
	name := v.Line.InvoiceID + "/" + v.Line.Line
	var events []string
	for i := range v.History {
		e := &v.History[i]
		events = append(events, fmt.Sprintf("%d:%s:%s", e.Round, e.Kind, e.State))
	}
	return append(renderTalk(v.Findings), fmt.Sprintf("history %s disputed=%t %s", name, v.Disputed, strings.Join(events, " ")))
}

// renderTalk writes what was found in answers and decisions.
func renderTalk(findings []ocpi.Finding) []string {
	var out []string
	for _, f := range findings {
		if code := string(f.Code); strings.HasPrefix(code, "response-") || strings.HasPrefix(code, "decision-") || strings.HasPrefix(code, "accepted-") {
			out = append(out, fmt.Sprintf("found %s:%d %s: %s", f.Place.File, f.Place.Line, f.Code, f.Message))
		}
	}
	return out
}

// renderChain tells the steps of a chain, its state, and its net kWh, hours, cost before and after taxes.
func renderChain(c *Chain) string {
	var steps []string
	for _, m := range c.CDRs {
		steps = append(steps, string(m.Step)+" "+m.ID)
	}
	n := c.Net
	return fmt.Sprintf("%s: %s = %s kWh %s h %s %s", c.State, strings.Join(steps, ", "), text(n.KWh), text(n.Hours), text(n.Cost.BeforeTaxes), text(n.Cost.AfterTaxes))
}

func text(n ocpi.Number) string {
	if !n.Present {
		return "-"
	}
	return n.Value.Plain()
}

// checkVerdict is what holds of every verdict.
func checkVerdict(t require.TestingT, v *LineVerdict) {
	for _, basis := range []Basis{BeforeTaxes, AfterTaxes} {
		if invoiced := v.Invoiced.on(basis); invoiced.Present {
			sum := v.Proven.on(basis).Value.Add(v.Conceded.on(basis).Value).Add(v.Unproven.on(basis).Value)
			require.Truef(t, sum.Equal(invoiced.Value), "%s/%s: parts sum to %s, invoiced %s", v.Line.InvoiceID, v.Line.Line, sum, invoiced.Value)
		}
		if !v.Conceded.on(basis).Value.IsZero() {
			require.NotEmpty(t, v.ConcededReason)
		}
		if !v.Unproven.on(basis).Value.IsZero() {
			require.NotEmpty(t, v.UnprovenReason)
		}
	}
	require.True(t, v.ReadingsFit())
	for _, s := range v.Sheets {
		require.NoErrorf(t, s.Sheet.Verify(), "sheet %s", s.Name)
	}
}

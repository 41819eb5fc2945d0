package console

import (
	"fmt"
	"io"
	"strings"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

// Summary writes the result of a run for a person: what is payable today, what is conceded, what is not proven and why, and what
// to do next. pack is the folder as the user named it.
func Summary(w io.Writer, s *reconcile.Summary, pack string) error {
	var b strings.Builder
	name := s.Case
	if name == "" {
		name = "case without a name"
	}
	fmt.Fprintf(&b, "%s, as of %s\n", name, s.AsOf)
	for _, t := range s.Totals {
		if t.Basis == reconcile.BeforeTaxes {
			writeTotal(&b, s, &t)
		}
	}
	writeInvoices(&b, s)
	writeTheirs(&b, "CDRs", s.Theirs)
	writeTheirs(&b, "sessions", s.TheirSessions)
	writeMasters(&b, s)
	writeRecords(&b, &s.Records)
	fmt.Fprintf(&b, "totals conserve: proven + conceded + unproven = invoiced, to the minor unit\n")
	fmt.Fprintf(&b, "pack       %s: open report.html in %s/data, check it with 'reconcile verify %s'\n", pack, pack, pack)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeTotal(b *strings.Builder, s *reconcile.Summary, t *reconcile.Total) {
	places := reconcile.MinorUnits(t.Currency)
	amount := func(d exact.Decimal) string { return reconcile.Grouped(d, places) }
	proven := t.Disputed.Proven.Add(t.Undisputed.Proven)
	conceded := t.Disputed.Conceded.Add(t.Undisputed.Conceded)
	unproven := t.Disputed.Unproven.Add(t.Undisputed.Unproven)
	width := len(amount(t.Invoiced))
	fmt.Fprintf(b, "%s invoiced %s net, of which disputed %s\n", t.Currency, amount(t.Invoiced),
		amount(t.Disputed.Proven.Add(t.Disputed.Conceded).Add(t.Disputed.Unproven)))
	fmt.Fprintf(b, "  payable today %*s%s\n", width, amount(proven), afterTaxes(s, t.Currency, places))
	fmt.Fprintf(b, "  conceded      %*s  credit it\n", width, amount(conceded))
	fmt.Fprintf(b, "  unproven      %*s  find the evidence, or drop it\n", width, amount(unproven))
	writeReadings(b, &t.ByReading, amount)
	if reasons := why(s, t.Currency); reasons != "" {
		fmt.Fprintf(b, "  because of    %s\n", reasons)
	}
	if !t.NotInvoiced.IsZero() || !t.Underbilled.IsZero() {
		fmt.Fprintf(b, "  beside it     not invoiced %s, underbilled %s\n", amount(t.NotInvoiced.Round(places, exact.HalfUp)), amount(t.Underbilled))
	}
}

// writeReadings says what of the disputed amount hangs on how the spec is read; nothing where none does.
func writeReadings(b *strings.Builder, by *reconcile.ByReading, amount func(exact.Decimal) string) {
	if by.AsAgreed.IsZero() && by.ByDefault.IsZero() {
		return
	}
	fmt.Fprintf(b, "  by reading    of the disputed %s is owed under every reading", amount(by.Every))
	if !by.AsAgreed.IsZero() {
		fmt.Fprintf(b, ", %s more only as agreed", amount(by.AsAgreed))
	}
	if !by.ByDefault.IsZero() {
		fmt.Fprintf(b, ", %s more only by the default", amount(by.ByDefault))
	}
	b.WriteString("\n")
}

// afterTaxes is the gross of what is proven, where every line has one.
func afterTaxes(s *reconcile.Summary, currency string, places int32) string {
	for _, t := range s.Totals {
		if t.Currency == currency && t.Basis == reconcile.AfterTaxes {
			return fmt.Sprintf("  (%s with taxes)", reconcile.Grouped(t.Disputed.Proven.Add(t.Undisputed.Proven), places))
		}
	}
	return ""
}

// maxReasons is how many reasons the summary names.
const maxReasons = 3

// why names the reasons that keep most from being payable.
func why(s *reconcile.Summary, currency string) string {
	var names []string
	more := 0
	for _, r := range s.Reasons {
		switch {
		case r.Currency != currency || r.Basis != reconcile.BeforeTaxes:
		case len(names) == maxReasons:
			more++
		default:
			names = append(names, fmt.Sprintf("%s %s", r.Code, reconcile.Grouped(r.Amount, reconcile.MinorUnits(currency))))
		}
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// maxMismatches is how many totals of invoices the summary names.
const maxMismatches = 5

// writeInvoices names the totals of invoices that their lines do not make.
func writeInvoices(b *strings.Builder, s *reconcile.Summary) {
	off := reconcile.Mismatches(s.Invoices)
	for _, text := range off[:min(len(off), maxMismatches)] {
		fmt.Fprintf(b, "does not add up: %s\n", text)
	}
	if more := len(off) - maxMismatches; more > 0 {
		fmt.Fprintf(b, "does not add up: %d totals more, see invoice_totals in summary.json\n", more)
	}
}

func writeRecords(b *strings.Builder, r *reconcile.Records) {
	fmt.Fprintf(b, "read       %d CDRs, %d sessions, %d invoice lines, %d disputes", r.CDRs.Read, r.Sessions.Read,
		r.InvoiceLines.Read, r.Disputes.Read)
	if r.Theirs.Read > 0 {
		fmt.Fprintf(b, ", %d CDRs of the debtor's copy", r.Theirs.Read)
	}
	if r.TheirSessions.Read > 0 {
		fmt.Fprintf(b, ", %d sessions of it", r.TheirSessions.Read)
	}
	if r.Responses.Read+r.Decisions.Read > 0 {
		fmt.Fprintf(b, ", %d answers, %d decisions", r.Responses.Read, r.Decisions.Read)
	}
	if n := r.CDRs.Duplicate + r.Sessions.Duplicate + r.InvoiceLines.Duplicate + r.Disputes.Duplicate + r.Theirs.Duplicate +
		r.Responses.Duplicate + r.Decisions.Duplicate + r.TheirSessions.Duplicate; n > 0 {
		fmt.Fprintf(b, "; %d duplicates", n)
	}
	if n := r.Rejected(); n > 0 {
		fmt.Fprintf(b, "; %d could not be used, see findings.ndjson", n)
	}
	b.WriteString("\n")
}

// maxMasters is how many master lines the summary names.
const maxMasters = 20

// writeMasters tells of the lines that stand for many CDRs.
func writeMasters(b *strings.Builder, s *reconcile.Summary) {
	for i := range s.Masters[:min(len(s.Masters), maxMasters)] {
		fmt.Fprintf(b, "master line: %s\n", s.Masters[i].Text())
	}
	if more := len(s.Masters) - maxMasters; more > 0 {
		fmt.Fprintf(b, "master line: %d more, see master_lines in summary.json\n", more)
	}
}

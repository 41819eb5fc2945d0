package pack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff"
)

// Show writes one line of a pack, its evidence and its arithmetic, as text. line is "invoice_id:line", a line number where the pack
// has one invoice, a CDR id or a session id.
func Show(w io.Writer, dir, line string) error {
	p, err := openAt(context.Background(), dir)
	if err != nil {
		return err
	}
	defer p.close()
	found, err := p.find(line)
	if err != nil {
		return fmt.Errorf("show a line of %s: %w", dir, err)
	}
	entry, err := p.entryOf(found.row)
	if err != nil {
		return fmt.Errorf("show a line of %s: %w", dir, err)
	}
	s := &showing{pack: p, decoder: ocpi.NewDecoder(ocpi.Options{})}
	s.line(&found.doc)
	s.history(&found.doc)
	s.evidence(entry)
	_, err = io.WriteString(w, s.String())
	return err
}

// entryOf finds the entry of a line in the index; nil where nothing of it is disclosed.
func (p *openPack) entryOf(row int) (*indexDoc, error) {
	l, err := p.lines(indexFile)
	if err != nil {
		return nil, err
	}
	defer l.close()
	prefix := fmt.Sprintf(`{"row":%d,`, row)
	for {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(string(raw[:min(len(raw), len(prefix))]), prefix) {
			continue
		}
		d := &indexDoc{}
		if err := json.Unmarshal(raw, d); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", indexFile, l.number, err)
		}
		return d, nil
	}
}

// showing writes a line as text. Texts of the pack pass visible.
type showing struct {
	strings.Builder
	pack    *openPack
	decoder *ocpi.Decoder
}

func (s *showing) printf(format string, args ...any) { fmt.Fprintf(&s.Builder, format, args...) }

func (s *showing) heading(title string) { s.printf("\n%s\n", title) }

// line writes the verdict.
func (s *showing) line(d *lineDoc) {
	s.printf("%s\n", sentence(d))
	s.amounts(d)
	s.heading("Match")
	s.printf("  %s\n", matchText(d))
	s.chain(d.Chain)
	if len(d.Reasons) > 0 {
		s.heading("Reasons")
	}
	for _, code := range d.Reasons {
		title := ""
		if info, ok := ocpi.LookupCode(code); ok {
			title = ": " + info.Title
		}
		s.printf("  %s%s\n", visible(string(code)), title)
	}
	if len(d.Findings) > 0 {
		s.heading("Findings")
	}
	for i := range d.Findings {
		s.finding(&d.Findings[i])
	}
}

// sentence is the verdict in a sentence.
func sentence(d *lineDoc) string {
	status := "not disputed"
	if d.Disputed {
		status = "disputed"
	}
	basis, of := "net", func(m moneyText) string { return m.BeforeTaxes }
	if d.Invoiced.BeforeTaxes == "" {
		basis, of = "gross", func(m moneyText) string { return m.AfterTaxes }
	}
	text := fmt.Sprintf("Invoice %s, line %s (%s) is %s: of %s %s %s, %s proven, %s conceded, %s unproven", d.InvoiceID, d.Line, status, d.Outcome,
		d.amount(of(d.Invoiced)), d.Currency, basis, d.amount(of(d.Proven)), d.amount(of(d.Conceded)), d.amount(of(d.Unproven)))
	if n := of(d.Underbilled); n != "" && n != "0" {
		text += fmt.Sprintf("; %s underbilled, which is not claimed", d.amount(n))
	}
	if d.Admitted != "" {
		text += fmt.Sprintf("; the debtor admits %s", d.amount(d.Admitted))
	}
	return visible(text + ".")
}

// amounts writes the table of parts.
func (s *showing) amounts(d *lineDoc) {
	s.heading("Amounts in " + visible(d.Currency))
	t := tabwriter.NewWriter(&s.Builder, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\tbefore taxes\tafter taxes\t\n")
	for _, row := range []struct {
		name string
		m    moneyText
	}{
		{"invoiced", d.Invoiced}, {"computed", d.Computed}, {"proven", d.Proven}, {"conceded", d.Conceded}, {"unproven", d.Unproven},
		{"underbilled", d.Underbilled},
	} {
		fmt.Fprintf(t, "  %s\t%s\t%s\t\n", row.name, d.amount(row.m.BeforeTaxes), d.amount(row.m.AfterTaxes))
	}
	t.Flush()
}

// amount is an amount for people, with at least the decimals of the currency's minor unit.
func (d *lineDoc) amount(text string) string {
	if text == "" {
		return "–"
	}
	n, err := numberOf(text)
	if err != nil {
		return visible(text)
	}
	return n.Value.Fixed(reconcile.MinorUnits(d.Currency))
}

func matchText(d *lineDoc) string {
	text := d.Match.State
	if d.Match.Rule != "" {
		text += " by " + d.Match.Rule
	}
	if d.Match.CDR != "" {
		text += ", CDR " + d.Match.CDR
	}
	if d.Match.Session != "" {
		text += ", session " + d.Match.Session
	}
	if d.Match.Margin != nil {
		text += fmt.Sprintf(", any other at least %d points worse", *d.Match.Margin)
	}
	return visible(text)
}

func (s *showing) finding(f *findingDoc) {
	where := f.File
	if f.Line > 0 {
		where += fmt.Sprintf(":%d", f.Line)
	}
	if f.Pointer != "" {
		where += "#" + f.Pointer
	}
	s.printf("  %s [%s %s]\n", visible(strings.TrimPrefix(where+": "+f.Message, ": ")), visible(f.Severity), visible(f.Code))
}

// history writes what was said and decided of the line, in order.
func (s *showing) history(d *lineDoc) {
	if len(d.History) > 0 {
		s.heading("History")
	}
	for i := range d.History {
		e := &d.History[i]
		s.printf("  %s (%s:%d)\n", visible(e.event().Text()), visible(e.Source.File), e.Source.Line)
	}
}

// evidence writes the records and calculations.
func (s *showing) evidence(e *indexDoc) {
	s.heading("Evidence")
	if e == nil {
		s.printf("  not disclosed: the line is proven, not disputed, and agrees with its records\n")
		return
	}
	titles := [recordKinds]string{"invoice line", "dispute", "CDR", "session", "tariff", "answer", "decision"}
	for kind, list := range e.records() {
		for i := range *list {
			s.record(titles[kind], &(*list)[i])
		}
	}
	for i := range e.CDRs {
		s.cdr(&e.CDRs[i])
	}
	for i := range e.Sessions {
		s.session(&e.Sessions[i])
	}
	for i := range e.Sheets {
		s.sheet(&e.Sheets[i])
	}
}

// record writes where a record stands, in the input and in the pack.
func (s *showing) record(title string, d *recordDoc) {
	src := d.Source
	s.printf("  %s: %s:%d (record %d, %d bytes at offset %d)\n    sha256 %s, in %s at offset %d\n", title, visible(src.File), src.Line,
		src.Record, src.Length, src.Offset, visible(d.SHA256), visible(d.Shard), d.Offset)
	if _, err := s.pack.record(d); err != nil {
		s.printf("    DOES NOT VERIFY: %s\n", visible(err.Error()))
	}
}

// fact is a name and a value; facts without a value are left out.
type fact struct{ name, value string }

func (s *showing) facts(title string, facts []fact) {
	s.heading(visible(title))
	t := tabwriter.NewWriter(&s.Builder, 0, 0, 2, ' ', 0)
	for _, f := range facts {
		if f.value != "" {
			fmt.Fprintf(t, "  %s\t%s\n", f.name, visible(f.value))
		}
	}
	t.Flush()
}

func (s *showing) cdr(d *recordDoc) {
	raw, err := s.pack.record(d)
	if err != nil {
		return
	}
	c, _ := s.decoder.CDR(ocpi.Record{Place: d.place(), Bytes: raw})
	if c == nil {
		return
	}
	var tariffs []string
	for _, t := range c.Tariffs {
		tariffs = append(tariffs, t.ID)
	}
	s.facts("CDR "+c.ID, []fact{
		{"party", strings.TrimSpace(c.CountryCode + " " + c.PartyID)}, {"OCPI", c.Version.String()}, {"session", c.SessionID},
		{"authorization", c.AuthorizationReference}, {"start", timeText(c.StartDateTime)}, {"end", timeText(c.EndDateTime)},
		{"EVSE", c.Location.EVSEID}, {"location", joined(", ", c.Location.Name, c.Location.Address, c.Location.City, c.Location.Country)},
		{"energy claimed", unit(c.TotalEnergy, "kWh")}, {"time claimed", unit(c.TotalTime, "h")}, {"parking claimed", unit(c.TotalParkingTime, "h")},
		{"periods", fmt.Sprint(len(c.ChargingPeriods))}, {"cost claimed", priceText(c.TotalCost, c.Currency)},
		{"tariffs", strings.Join(tariffs, ", ")}, {"credits", c.CreditReferenceID},
	})
}

func (s *showing) session(d *recordDoc) {
	raw, err := s.pack.record(d)
	if err != nil {
		return
	}
	r, _ := s.decoder.Session(ocpi.Record{Place: d.place(), Bytes: raw})
	if r == nil {
		return
	}
	s.facts("Session "+r.ID, []fact{
		{"party", strings.TrimSpace(r.CountryCode + " " + r.PartyID)}, {"status", r.Status}, {"start", timeText(r.StartDateTime)},
		{"end", timeText(r.EndDateTime)}, {"energy", unit(r.KWh, "kWh")}, {"cost claimed", priceText(r.TotalCost, r.Currency)},
		{"authorization", r.AuthorizationReference},
	})
}

func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

func unit(n ocpi.Number, name string) string {
	if !n.Present {
		return ""
	}
	return n.Value.String() + " " + name
}

func priceText(p ocpi.Price, currency string) string {
	if !p.Present() {
		return ""
	}
	gross := unit(p.AfterTaxes, currency+" gross")
	return joined(", ", unit(p.BeforeTaxes, currency+" net"), gross)
}

// sheet writes a calculation.
func (s *showing) sheet(ref *sheetRef) {
	s.heading("Calculation: " + visible(ref.Name))
	raw, err := s.pack.at(ref.locationDoc)
	var doc sheetDoc
	if err == nil {
		err = json.Unmarshal(raw, &doc)
	}
	var sheet tariff.Sheet
	if err == nil {
		err = sheet.UnmarshalJSON(doc.Sheet)
	}
	if err != nil {
		s.printf("  DOES NOT VERIFY: %s\n", visible(err.Error()))
		return
	}
	for _, line := range sheet.Text() {
		s.printf("  %s\n", visible(line))
	}
}

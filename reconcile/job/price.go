package job

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// PriceOptions say which CDRs to price and how to print the results.
type PriceOptions struct {
	Options
	CDRs, Tariffs, Locations []string // patterns
	Source                   tariff.Source
	TimeZone                 string            // overrides the records
	Rules                    map[string]string // fixed readings
	Readings                 bool
	JSON                     bool
	Notes                    io.Writer // what is to be said of files rather than of CDRs; nil drops it
}

// PriceCounts says how many CDRs got which verdict.
type PriceCounts struct {
	CDRs     int
	Verdicts map[reconcile.PriceVerdict]int
	Patterns []Pattern // by party: the one defect that explains its mismatches, where there is one
	Rejected int       // records that could not be used: stretches of input that are none, other objects, CDRs without identity
}

// Pattern is a defect that explains the mismatches of a party.
type Pattern struct {
	Party string // "NL/CPO"
	hypothesis.Share
}

// Price recomputes CDRs and writes each result to w, in the order of the input.
func Price(ctx context.Context, o PriceOptions, w io.Writer) (*PriceCounts, error) {
	p, err := newPricing(ctx, o)
	if err != nil {
		return nil, err
	}
	s, err := openRecords("CDRs", o.CDRs, "", o.Options, once(ocpi.KindCDR))
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.set.Close() }() // only read from
	return p.all(ctx, s, w)
}

// pricing is what pricing every CDR shares.
type pricing struct {
	o        PriceOptions
	supplied []*ocpi.Tariff
	lookup   func(countryCode, partyID, locationID string) string
	rules    map[ocpi.Version]*tariff.Rules
	decoders []*ocpi.Decoder // one for each worker
}

func newPricing(ctx context.Context, o PriceOptions) (*pricing, error) {
	p := &pricing{o: o, rules: map[ocpi.Version]*tariff.Rules{}}
	c := &reconcile.Case{
		Inputs:    reconcile.Inputs{Tariffs: o.Tariffs, Locations: o.Locations},
		Agreement: reconcile.AgreementTerms{Rules: o.Rules, TimeZone: o.TimeZone},
	}
	for _, v := range []ocpi.Version{0, ocpi.V211, ocpi.V221, ocpi.V230} {
		rules := tariff.RulesFor(v)
		for name, choice := range o.Rules {
			if err := rules.Set(name, choice); err != nil {
				return nil, fmt.Errorf("--rule: %w", err)
			}
		}
		p.rules[v] = rules
	}
	in, err := openInputs(c, "", o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.close() }() // what it opened is read whole below
	a, findings, err := in.readAgreement(ctx, c, o.Version)
	if err != nil {
		return nil, err
	}
	if f := ocpi.FirstBlock(findings); f != nil {
		return nil, fmt.Errorf("a tariff or location cannot be used: %s", f)
	}
	p.supplied = a.Supplied
	p.lookup = a.ZoneOf
	for range o.workers() {
		p.decoders = append(p.decoders, ocpi.NewDecoder(ocpi.Options{Version: o.Version}))
	}
	return p, nil
}

// priced is the output of a batch.
type priced struct {
	text      []byte
	notes     []byte
	verdicts  []reconcile.PriceVerdict
	explained []explained // of mismatches
	rejected  int
}

// explained is a mismatch and what would explain it.
type explained struct {
	party      string
	hypotheses []hypothesis.Hypothesis
}

func (p *pricing) all(ctx context.Context, s *records, w io.Writer) (*PriceCounts, error) {
	counts := &PriceCounts{Verdicts: map[reconcile.PriceVerdict]int{}}
	m := newMeter(p.o.Progress, "pricing")
	m.now.TotalBytes = s.set.TotalBytes()
	f := func(worker int, b *source.Batch) (*priced, error) { return p.batch(p.decoders[worker], s, b), nil }
	mismatches := map[string]*hypothesis.Population{}
	err := ordered(ctx, s.set.Batches(ctx), p.o.workers(), f, func(out *priced) error {
		for _, e := range out.explained {
			if mismatches[e.party] == nil {
				mismatches[e.party] = &hypothesis.Population{}
			}
			mismatches[e.party].Add(e.hypotheses)
		}
		for _, v := range out.verdicts {
			counts.Verdicts[v]++
		}
		counts.CDRs += len(out.verdicts)
		counts.Rejected += out.rejected
		m.add(len(out.verdicts), s.set.ReadBytes())
		if p.o.Notes != nil {
			if _, err := p.o.Notes.Write(out.notes); err != nil {
				return err
			}
		}
		_, err := w.Write(out.text)
		return err
	})
	m.end()
	counts.Patterns = patterns(mismatches)
	return counts, err
}

// patterns names for each party the defect that explains its mismatches, if there is one.
func patterns(mismatches map[string]*hypothesis.Population) []Pattern {
	var out []Pattern
	for _, party := range slices.Sorted(maps.Keys(mismatches)) {
		if share, ok := mismatches[party].Leader(); ok {
			out = append(out, Pattern{party, share})
		}
	}
	return out
}

func (p *pricing) batch(d *ocpi.Decoder, s *records, b *source.Batch) *priced {
	out := &priced{}
	for _, f := range b.Findings {
		out.notes = console.AppendFinding(out.notes, s.shown(f), false)
	}
	for _, f := range b.Rejected {
		out.text = console.AppendRejected(out.text, s.shown(f), p.o.JSON)
	}
	out.rejected = len(b.Rejected)
	for _, rec := range b.Records {
		rec.Place.File = s.names.of(rec.Place.File)
		if f := otherKind(rec, ocpi.KindCDR); f != nil {
			out.text = console.AppendRejected(out.text, *f, p.o.JSON)
			out.rejected++
			continue
		}
		r := p.price(d, rec)
		if r.CDR == nil || r.CDR.ID == "" {
			out.rejected++
		}
		out.verdicts = append(out.verdicts, r.Comparison.Verdict)
		if r.Comparison.Verdict == reconcile.PriceMismatch {
			out.explained = append(out.explained, explained{r.CDR.CountryCode + "/" + r.CDR.PartyID, r.Hypotheses})
		}
		out.text = console.AppendPrice(out.text, r, p.o.JSON)
	}
	d.Release(nil, nil) // what it remembers points into the batch
	b.Release()
	return out
}

// price decodes and prices one CDR and compares it with what it claims.
func (p *pricing) price(d *ocpi.Decoder, rec ocpi.Record) *console.Priced {
	c, findings := d.CDR(rec)
	r := &console.Priced{Place: rec.Place, CDR: c, Findings: findings}
	if c == nil || ocpi.FirstBlock(findings) != nil {
		r.Comparison.Verdict = reconcile.PriceUnpriceable
		return r
	}
	zone, zoneFindings := tariff.ResolveZone(c, p.lookup, p.o.TimeZone)
	in := tariff.Input{CDR: c, Supplied: p.supplied, Source: p.o.Source, Zone: zone, Rules: p.rules[c.Version]}
	r.Result = tariff.Price(in)
	r.Comparison = reconcile.Compare(c, r.Result)
	r.Findings = slices.Concat(findings, zoneFindings, r.Result.Findings, p.published(in, r.Result))
	if r.Comparison.Verdict == reconcile.PriceMismatch {
		r.Hypotheses = hypothesis.Explain(in, hypothesis.ClaimOf(c, reconcile.MinorUnits(c.Currency)), p.supplied...)
		if code, texts := reconcile.DefectOf(r.Hypotheses); code != "" {
			r.Findings = append(r.Findings, ocpi.Finding{
				Code: code, Severity: ocpi.SeverityError, Place: rec.Place, Pointer: "/total_cost", Message: "total_cost is what this gives: " + texts,
			})
		}
	}
	if p.o.Readings && r.Result.Blocked == nil {
		r.WithReadings = true
		r.Readings = tariff.Readings(in, r.Result, p.o.Rules)
	}
	return r
}

// published compares the price on the CDR's own tariffs with that on the supplied tariffs of the same ids, where there are any.
func (p *pricing) published(in tariff.Input, own *tariff.Result) []ocpi.Finding {
	if in.Source != tariff.FromCDR || own.Supplied || own.Blocked != nil {
		return nil
	}
	in.Supplied = sameTariffs(p.supplied, own.Tariffs)
	if len(in.Supplied) == 0 {
		return nil
	}
	in.Source = tariff.Given
	other := tariff.Price(in)
	a, b := own.Totals.Cost.BeforeTaxes, other.Totals.Cost.BeforeTaxes
	if other.Blocked != nil || !a.Present || !b.Present || a.Value.Equal(b.Value) {
		return nil
	}
	return []ocpi.Finding{{
		Code: reconcile.CodeDiffersFromPublished, Severity: ocpi.SeverityError, Place: in.CDR.Record.Place, Pointer: "/tariffs",
		Message: fmt.Sprintf("the embedded tariff gives %s net, the supplied tariff of the same id %s", a.Value.Output(), b.Value.Output()),
	}}
}

// sameTariffs are the supplied tariffs that bear the id and the owner of one that priced.
func sameTariffs(supplied, used []*ocpi.Tariff) []*ocpi.Tariff {
	var out []*ocpi.Tariff
	for _, s := range supplied {
		if slices.ContainsFunc(used, func(u *ocpi.Tariff) bool {
			return strings.EqualFold(u.ID, s.ID) && strings.EqualFold(u.CountryCode, s.CountryCode) && strings.EqualFold(u.PartyID, s.PartyID)
		}) {
			out = append(out, s)
		}
	}
	return out
}

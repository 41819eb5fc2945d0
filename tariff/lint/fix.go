package lint

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// Options say which edits to make.
type Options struct {
	Version      ocpi.Version // declared version; 0 detects
	AllowChanges bool         // also edits that change what sessions cost
}

// Made is an edit that was made. Its pointers, and those of the finding that it cured, are of the text as it then was: edits are made in
// rounds, and an element that is taken out moves those behind it.
type Made struct {
	Edit
	Cured ocpi.Finding
	Round int // from 1
}

// Fixed is what Fix made of a tariff.
type Fixed struct {
	Before, After []byte
	Tariff        *ocpi.Tariff // decoded from After; nil where the record is no JSON object
	Made          []Made
	Left          []Finding // what is to be said of After
}

// maxRounds bounds the rounds of one tariff. Each round cures all that one look finds, so that few are ever needed.
const maxRounds = 100

// Fix edits the text of a tariff where that cures a finding of [Lint]: by default only where every session costs the same before and
// after. It makes no edit that would change as which version the tariff is read, that would keep it from being read, or that would
// leave it without elements. Fixing what was fixed changes nothing.
func Fix(rec ocpi.Record, o Options) *Fixed {
	f := &fixing{rec: rec, o: o, decoder: ocpi.NewDecoder(ocpi.Options{Version: o.Version})}
	out := &Fixed{Before: rec.Bytes, After: rec.Bytes}
	t, _ := f.decoder.Tariff(rec)
	for round := 1; t != nil; round++ {
		out.Tariff, out.Left = t, Lint(t)
		if round > maxRounds {
			break
		}
		next, made := f.round(t, out.Left)
		if len(made) == 0 {
			break
		}
		for _, m := range made {
			m.Round = round
			out.Made = append(out.Made, m)
		}
		out.After, t = next.Record.Bytes, next
	}
	return out
}

type fixing struct {
	rec     ocpi.Record
	o       Options
	decoder *ocpi.Decoder
}

// round makes the edits of some findings: all at a time, or where that will not do one after the other.
func (f *fixing) round(t *ocpi.Tariff, findings []Finding) (*ocpi.Tariff, []Made) {
	var edits []*Edit
	cured := map[*Edit]ocpi.Finding{}
	for i := range findings {
		if e := findings[i].Edit; e != nil && (e.Keeps || f.o.AllowChanges) {
			edits = append(edits, e)
			cured[e] = findings[i].Finding
		}
	}
	if len(edits) == 0 {
		return t, nil
	}
	if next, made := f.try(t, edits); next != nil {
		return next, asMade(made, cured)
	}
	var good []*Edit
	for _, e := range edits {
		if next, _ := f.try(t, append(slices.Clone(good), e)); next != nil {
			good = append(good, e)
		}
	}
	if len(good) == 0 {
		return t, nil
	}
	next, made := f.try(t, good)
	return next, asMade(made, cured)
}

func asMade(edits []*Edit, cured map[*Edit]ocpi.Finding) []Made {
	var out []Made
	for _, e := range edits {
		out = append(out, Made{Edit: *e, Cured: cured[e]})
	}
	return out
}

// try makes edits and reads the result; nil where it is not acceptable.
func (f *fixing) try(t *ocpi.Tariff, edits []*Edit) (*ocpi.Tariff, []*Edit) {
	text, made := apply(t.Record.Bytes, edits)
	rec := f.rec
	rec.Bytes = text
	next, findings := f.decoder.Tariff(rec)
	switch {
	case next == nil, next.Version != t.Version, len(next.Elements) == 0 && len(t.Elements) > 0:
		return nil, nil
	case count(findings, ocpi.SeverityBlock) > count(t.Findings, ocpi.SeverityBlock),
		count(findings, ocpi.SeverityError) > count(t.Findings, ocpi.SeverityError):
		return nil, nil
	}
	return next, made
}

func count(findings []ocpi.Finding, severity ocpi.Severity) int {
	n := 0
	for _, f := range findings {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

func lastStep(pointer string) string { return pointer[strings.LastIndexByte(pointer, '/')+1:] }

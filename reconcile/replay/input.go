// Package replay makes a calculation again, away from the run that made it: from the text of the records and what was written down of
// how they were priced. Whoever verifies a pack and whoever opens its page make it here.
package replay

import (
	"fmt"
	"slices"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// Input is what a Sheet was priced with beside the CDR: enough to price it again.
type Input struct {
	Version    string            `json:"ocpi_version"`  // of the CDR
	Rules      map[string]string `json:"rules"`         // question → choice, where it is not the version's in Usual
	Source     string            `json:"tariff_source"` // cdr or given
	TimeZone   string            `json:"time_zone"`
	ZoneSource string            `json:"time_zone_source"`
	Quantities *Quantities       `json:"quantities"`
	Split      string            `json:"split"`    // of periods with tariff boundaries inside, see splitOf
	Supplied   int               `json:"supplied"` // number of the pack's set of tariffs; null where no supplied tariff was consulted
}

// Quantities are the totals that stood in for the declared ones.
type Quantities struct {
	EnergyKWh     string `json:"energy_kwh"`
	TimeSeconds   string `json:"time_seconds"`
	Length        bool   `json:"length"` // the seconds are the length of the session
	Doc           string `json:"doc"`    // cdr, session, case
	Session       string `json:"session"`
	EnergyPointer string `json:"energy_pointer"`
	TimePointer   string `json:"time_pointer"`
	TimeUntil     string `json:"time_until"`
}

// sourceNames are the names of tariff.Source.
var sourceNames = [...]string{tariff.FromCDR: "cdr", tariff.Given: "given"}

// documents are the documents of leaves.
var documents = [...]tariff.Doc{tariff.DocCDR, tariff.DocTariff, tariff.DocCase, tariff.DocSession}

// Names of how periods with tariff boundaries inside are priced: as declared, or split there with their energy taken as even, or as it
// costs least or most.
const splitDeclared, splitEven, splitLeast, splitGreatest = "declared", "even", "least", "greatest"

// splitOf names how an input splits periods.
func splitOf(in *tariff.Input) string {
	switch {
	case in.Extreme == tariff.Least:
		return splitLeast
	case in.Extreme == tariff.Greatest:
		return splitGreatest
	case in.Split:
		return splitEven
	}
	return splitDeclared
}

// setSplit is the other way round.
func setSplit(in *tariff.Input, name string) error {
	switch name {
	case splitDeclared:
	case splitEven:
		in.Split = true
	case splitLeast:
		in.Extreme = tariff.Least
	case splitGreatest:
		in.Extreme = tariff.Greatest
	default:
		return fmt.Errorf("unknown split %.100q", name)
	}
	return nil
}

// NewInput writes down an input. Session and Supplied are the caller's, who knows where they stand.
func NewInput(in *tariff.Input) *Input {
	d := &Input{
		Version: in.CDR.Version.String(), Rules: changedRules(in.Rules, in.CDR.Version), Source: sourceNames[in.Source],
		TimeZone: in.Zone.Name, ZoneSource: in.Zone.Source, Split: splitOf(in),
	}
	if q := in.Quantities; q != nil {
		d.Quantities = &Quantities{
			EnergyKWh: exactText(q.EnergyKWh), TimeSeconds: exactText(q.TimeSeconds), Length: q.Length, Doc: q.Doc.String(),
			EnergyPointer: q.Pointers[0], TimePointer: q.Pointers[1], TimeUntil: q.TimeUntil,
		}
	}
	return d
}

// Tariff is the input that d was written from. Errors name what d says and no engine knows.
func (d *Input) Tariff(cdr *ocpi.CDR, supplied []*ocpi.Tariff, rules *tariff.Rules) (in tariff.Input, err error) {
	source := slices.Index(sourceNames[:], d.Source)
	if source < 0 {
		return in, fmt.Errorf("tariff_source %.100q is none", d.Source)
	}
	in = tariff.Input{CDR: cdr, Source: tariff.Source(source), Supplied: supplied, Rules: rules}
	if err = setSplit(&in, d.Split); err != nil {
		return in, err
	}
	in.Zone = tariff.Zone{Name: d.TimeZone, Source: d.ZoneSource}
	if d.TimeZone != "" {
		if in.Zone.Location, err = zone.Load(d.TimeZone); err != nil {
			return in, err
		}
	}
	in.Quantities, err = d.Quantities.quantities()
	return in, err
}

// quantities are the totals that stood in for the declared ones; nil where there were none.
func (d *Quantities) quantities() (*tariff.Quantities, error) {
	if d == nil {
		return nil, nil
	}
	q := &tariff.Quantities{Pointers: [2]string{d.EnergyPointer, d.TimePointer}, Length: d.Length, TimeUntil: d.TimeUntil}
	for _, doc := range documents {
		if doc.String() == d.Doc {
			q.Doc = doc
		}
	}
	var err error
	if q.EnergyKWh, err = exactOf(d.EnergyKWh); err == nil {
		q.TimeSeconds, err = exactOf(d.TimeSeconds)
	}
	return q, err
}

// ConsultsSupplied reports an input whose supplied tariffs can bear on the result.
func ConsultsSupplied(in *tariff.Input) bool {
	return len(in.Supplied) > 0 && (in.Source == tariff.Given || len(in.CDR.Tariffs) == 0)
}

// usual are the recommended readings of each version.
var usual = map[ocpi.Version]func() map[string]string{
	ocpi.V211: sync.OnceValue(func() map[string]string { return tariff.RulesFor(ocpi.V211).Map() }),
	ocpi.V221: sync.OnceValue(func() map[string]string { return tariff.RulesFor(ocpi.V221).Map() }),
	ocpi.V230: sync.OnceValue(func() map[string]string { return tariff.RulesFor(ocpi.V230).Map() }),
}

// Usual are the recommended readings of all versions: version → question → choice.
func Usual() map[string]map[string]string {
	out := map[string]map[string]string{}
	for v, rules := range usual {
		out[v.String()] = rules()
	}
	return out
}

// changedRules are the choices that differ from those of a version.
func changedRules(r *tariff.Rules, v ocpi.Version) map[string]string {
	if r == nil {
		return nil
	}
	of, known := usual[v]
	if !known {
		return r.Map()
	}
	var out map[string]string
	for question, choice := range r.Map() {
		if of()[question] == choice {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[question] = choice
	}
	return out
}

// exactText is a number with all its digits.
func exactText(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return n.Value.String()
}

// exactOf reads a number that exactText wrote.
func exactOf(text string) (ocpi.Number, error) {
	if text == "" {
		return ocpi.Number{}, nil
	}
	v, err := exact.Parse([]byte(text))
	return ocpi.Number{Value: v, Present: err == nil}, err
}

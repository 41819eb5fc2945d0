package pack

import (
	"fmt"
	"sort"
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// inputDoc is what a sheet was priced with beside the CDR: enough to price it again.
type inputDoc struct {
	Version    string            `json:"ocpi_version"`  // of the CDR
	Rules      map[string]string `json:"rules"`         // question → choice, where it is not the version's in engine.json
	Source     string            `json:"tariff_source"` // cdr or given
	TimeZone   string            `json:"time_zone"`
	ZoneSource string            `json:"time_zone_source"`
	Quantities *quantitiesDoc    `json:"quantities"`
	Split      string            `json:"split"`    // of periods with tariff boundaries inside, see splitNames
	Supplied   int               `json:"supplied"` // number of the set in tariff_sets.ndjson; null where no supplied tariff was consulted
}

// quantitiesDoc is the totals that stood in for the declared ones.
type quantitiesDoc struct {
	EnergyKWh     string `json:"energy_kwh"`
	TimeSeconds   string `json:"time_seconds"`
	Length        bool   `json:"length"` // the seconds are the length of the session
	Doc           string `json:"doc"`    // cdr, session, case
	Session       string `json:"session"`
	EnergyPointer string `json:"energy_pointer"`
	TimePointer   string `json:"time_pointer"`
	TimeUntil     string `json:"time_until"`
}

// tariffSourceNames are the names of tariff.Source.
var tariffSourceNames = [...]string{tariff.FromCDR: "cdr", tariff.Given: "given"}

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
		return fmt.Errorf("unknown split %q", short(name))
	}
	return nil
}

// documents are the documents of leaves.
var documents = [...]tariff.Doc{tariff.DocCDR, tariff.DocTariff, tariff.DocCase, tariff.DocSession}

// newInputDoc writes down an input.
func newInputDoc(in *tariff.Input) *inputDoc {
	d := &inputDoc{
		Version: in.CDR.Version.String(), Rules: changedRules(in.Rules, in.CDR.Version), Source: tariffSourceNames[in.Source],
		TimeZone: in.Zone.Name, ZoneSource: in.Zone.Source, Split: splitOf(in),
	}
	if q := in.Quantities; q != nil {
		d.Quantities = &quantitiesDoc{
			EnergyKWh: exactText(q.EnergyKWh), TimeSeconds: exactText(q.TimeSeconds), Length: q.Length, Doc: q.Doc.String(),
			EnergyPointer: q.Pointers[0], TimePointer: q.Pointers[1], TimeUntil: q.TimeUntil,
		}
	}
	return d
}

// consultsSupplied reports an input whose supplied tariffs can bear on the result.
func consultsSupplied(in *tariff.Input) bool {
	return len(in.Supplied) > 0 && (in.Source == tariff.Given || len(in.CDR.Tariffs) == 0)
}

// exactText is a number with all its digits.
func exactText(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return n.Value.String()
}

// changedRules are the choices that differ from those of a version.
func changedRules(r *tariff.Rules, v ocpi.Version) map[string]string {
	if r == nil {
		return nil
	}
	usual, known := usualRules[v]
	if !known {
		return r.Map()
	}
	var out map[string]string
	for question, choice := range r.Map() {
		if usual()[question] == choice {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[question] = choice
	}
	return out
}

// appendHead appends the object up to the value of its last member, supplied.
func (d *inputDoc) appendHead(dst []byte) []byte {
	dst = appendMember(dst, `{"ocpi_version":`, d.Version)
	dst = appendChoices(append(dst, `,"rules":`...), d.Rules)
	dst = appendMember(dst, `,"tariff_source":`, d.Source)
	dst = appendMember(dst, `,"time_zone":`, d.TimeZone)
	dst = appendMember(dst, `,"time_zone_source":`, d.ZoneSource)
	dst = append(dst, `,"quantities":`...)
	if q := d.Quantities; q == nil {
		dst = append(dst, "null"...)
	} else {
		dst = q.append(dst)
	}
	dst = appendMember(dst, `,"split":`, d.Split)
	return append(dst, `,"supplied":`...)
}

// appendSet appends the number of a set, null for none.
func appendSet(dst []byte, set int) []byte {
	if set == 0 {
		return append(dst, "null"...)
	}
	return strconv.AppendInt(dst, int64(set), 10)
}

// appendChoices appends questions and choices, sorted.
func appendChoices(dst []byte, choices map[string]string) []byte {
	dst = append(dst, '{')
	for i, question := range sortedKeys(choices) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, question), ':')
		dst = appendString(dst, choices[question])
	}
	return append(dst, '}')
}

func (d *quantitiesDoc) append(dst []byte) []byte {
	dst = appendNumber(append(dst, `{"energy_kwh":`...), d.EnergyKWh)
	dst = appendNumber(append(dst, `,"time_seconds":`...), d.TimeSeconds)
	dst = strconv.AppendBool(append(dst, `,"length":`...), d.Length)
	dst = appendMember(dst, `,"doc":`, d.Doc)
	dst = appendMember(dst, `,"session":`, d.Session)
	dst = appendMember(dst, `,"energy_pointer":`, d.EnergyPointer)
	dst = appendMember(dst, `,"time_pointer":`, d.TimePointer)
	dst = appendMember(dst, `,"time_until":`, d.TimeUntil)
	return append(dst, '}')
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

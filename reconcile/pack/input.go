package pack

import (
	"sort"
	"strconv"

	"github.com/nexacollect/reconcile/reconcile/replay"
)

// appendInput appends the object up to the value of its last member, supplied.
func appendInput(dst []byte, d *replay.Input) []byte {
	dst = appendMember(dst, `{"ocpi_version":`, d.Version)
	dst = appendChoices(append(dst, `,"rules":`...), d.Rules)
	dst = appendMember(dst, `,"tariff_source":`, d.Source)
	dst = appendMember(dst, `,"time_zone":`, d.TimeZone)
	dst = appendMember(dst, `,"time_zone_source":`, d.ZoneSource)
	dst = append(dst, `,"quantities":`...)
	if q := d.Quantities; q == nil {
		dst = append(dst, "null"...)
	} else {
		dst = appendQuantities(dst, q)
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

func appendQuantities(dst []byte, d *replay.Quantities) []byte {
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

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

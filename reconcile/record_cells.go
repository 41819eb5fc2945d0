package reconcile

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// recordRow is one row of a record while it is read.
type recordRow struct {
	*RecordReader
	o     *openRecord
	place ocpi.Place
	cells []string
	local *time.Location // of its times without a zone, nil: unknown
}

// newRow looks up the zone of a row: its own, or else that of the case.
func (r *RecordReader) newRow(o *openRecord, rec ocpi.Record, cells []string) *recordRow {
	row := &recordRow{RecordReader: r, o: o, place: rec.Place, cells: cells, local: r.zone}
	for i := range recordColumns {
		if recordColumns[i].path != zoneColumn {
			continue
		}
		if name := r.cell(cells, i); name != "" {
			var err error
			if row.local, err = zone.Load(name); err != nil {
				row.unreadable(i, "%q is no name of the IANA database, as Europe/Amsterdam", clipText(name))
			}
		}
	}
	return row
}

// unreadable says that a cell cannot be read, and so the record.
func (r *recordRow) unreadable(i int, format string, args ...any) {
	r.o.fail(r.place, codeRowUnreadable, "column %q: %s; the record is not used", r.header[r.m.at[i]], fmt.Sprintf(format, args...))
}

// once tells a finding of a column the first time.
func (r *recordRow) once(i int, code ocpi.Code, format string, args ...any) {
	if t := (toldOf{code, i}); !r.told[t] {
		r.told[t] = true
		r.o.find(r.place, code, ocpi.SeverityInfo, "column %q: %s", r.header[r.m.at[i]], fmt.Sprintf(format, args...))
	}
}

// clipText shortens a text that a message quotes.
func clipText(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// value is a cell as JSON; nil where it is blank or cannot be read.
func (r *recordRow) value(i int) []byte {
	text := r.cell(r.cells, i)
	if text == "" {
		return nil
	}
	switch c := &recordColumns[i]; c.shape {
	case shapeText:
		return quoteJSON(text)
	case shapeTime:
		return r.instant(i, text)
	case shapeBool:
		return r.boolean(i, text)
	case shapeJSON:
		if text[0] != '{' && text[0] != '[' || !json.Valid([]byte(text)) {
			r.unreadable(i, "found %q, want JSON, an object or a list", clipText(text))
			return nil
		}
		return []byte(text)
	default:
		v, ok := r.quantity(i, text)
		if !ok {
			return nil
		}
		r.o.amounts.see(c, v)
		if c.shape == shapeNumber && json.Valid([]byte(text)) {
			return []byte(text) // with all its digits
		}
		return []byte(v.Plain())
	}
}

var words = map[string]string{"true": "true", "false": "false", "1": "true", "0": "false", "yes": "true", "no": "false"}

func (r *recordRow) boolean(i int, text string) []byte {
	word, ok := words[strings.ToLower(text)]
	if !ok {
		r.unreadable(i, "found %q, want true or false", clipText(text))
		return nil
	}
	return []byte(word)
}

// hourDecimals is to how many decimals hours are given that minutes or seconds do not divide into; they are rounded down, so that no
// begun step is counted that has not begun.
const hourDecimals = 12

// quantity is a number in OCPI's unit.
func (r *recordRow) quantity(i int, text string) (exact.Decimal, bool) {
	c := &recordColumns[i]
	if c.shape == shapeDuration {
		seconds, ok := readDuration(text)
		if !ok {
			r.unreadable(i, "found %q, want h:mm:ss, or the unit in the heading", clipText(text))
			return seconds, false
		}
		return r.hours(i, seconds, 3600), true
	}
	v, comma, err := readDecimal(text)
	if err != nil {
		r.unreadable(i, "found %q, want a number: %v", clipText(text), err)
		return v, false
	}
	if comma {
		r.once(i, codeDecimalComma, "%q read as %s, and so in all its rows", clipText(text), v)
	}
	switch c.shape {
	case shapeWh:
		return v.Shift(-3), true
	case shapeMinutes:
		return r.hours(i, v, 60), true
	case shapeSeconds:
		return r.hours(i, v, 3600), true
	}
	return v, true
}

// hours divides by how many make an hour.
func (r *recordRow) hours(i int, v exact.Decimal, many int64) exact.Decimal {
	h := v.DivRound(exact.FromInt(many), hourDecimals, exact.Down).Trim()
	if !h.Mul(exact.FromInt(many)).Equal(v) {
		r.once(i, codeRowRounded, "%s is %s hours, rounded down to %d decimals, and so in all its rows", v, h, hourDecimals)
	}
	return h
}

// readDuration reads h:mm:ss as seconds.
func readDuration(text string) (exact.Decimal, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 || len(parts[0]) > 6 || len(parts[1]) != 2 || len(parts[2]) != 2 {
		return exact.Decimal{}, false
	}
	seconds := int64(0)
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil || i > 0 && n > 59 {
			return exact.Decimal{}, false
		}
		seconds = seconds*60 + int64(n)
	}
	return exact.FromInt(seconds), true
}

// Forms of times with a zone and without one; decimals of a second are taken too.
var (
	zonedForms = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 UTC"}
	localForms = dateForms
)

// instant reads a time.
func (r *recordRow) instant(i int, text string) []byte {
	for _, form := range zonedForms {
		if t, err := time.Parse(form, text); err == nil {
			if form == time.RFC3339 && strings.HasSuffix(text, "Z") {
				return quoteJSON(text)
			}
			return quoteJSON(t.UTC().Format(time.RFC3339Nano))
		}
	}
	for _, form := range localForms {
		if wall, err := time.Parse(form, text); err == nil {
			return r.inZone(i, text, wall)
		}
	}
	r.unreadable(i, "found %q, want a time such as 2026-09-30T14:05:00Z or 2026-09-30 14:05:00", clipText(text))
	return nil
}

// inZone makes an instant of a time without a zone.
func (r *recordRow) inZone(i int, text string, wall time.Time) []byte {
	local := r.local
	if strings.HasSuffix(foldHeading(r.header[r.m.at[i]]), "utc") {
		local = time.UTC
	}
	if local == nil {
		r.o.fail(r.place, codeRowZone, "column %q: %q has no zone, want Z or an offset, a column time_zone, or inputs.time_zone in the case file; "+
			"the record is not used", r.header[r.m.at[i]], text)
		return nil
	}
	switch at := instants(wall, local); len(at) {
	case 1:
		return quoteJSON(at[0].UTC().Format(time.RFC3339Nano))
	case 0:
		r.o.fail(r.place, codeRowZone, "column %q: %q does not exist in %s, clocks were put forward; the record is not used", r.header[r.m.at[i]], text, local)
	default:
		r.o.fail(r.place, codeRowZone, "column %q: %q comes twice in %s, clocks were put back: want an offset; the record is not used", r.header[r.m.at[i]], text, local)
	}
	return nil
}

// instants are the instants at which clocks of a zone show a time: one, two when they are put back, none when they skip it.
func instants(wall time.Time, local *time.Location) []time.Time {
	var out []time.Time
	const day = 24 * time.Hour // no zone is further from UTC, nor changes twice in two
	for _, near := range []time.Time{wall.Add(-day), wall.Add(day)} {
		_, offset := near.In(local).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(local)
		if _, is := at.Zone(); is == offset && (len(out) == 0 || !out[0].Equal(at)) {
			out = append(out, at)
		}
	}
	return out
}

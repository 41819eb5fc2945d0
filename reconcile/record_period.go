package reconcile

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// periodAmounts is what a row without periods says of the one period it is given.
type periodAmounts struct{ energy, time, parking ocpi.Number }

// see keeps a quantity of the record.
func (a *periodAmounts) see(c *recordColumn, v exact.Decimal) {
	switch c.path {
	case "total_energy":
		a.energy = Known(v)
	case "total_time":
		a.time = Known(v)
	case "total_parking_time":
		a.parking = Known(v)
	}
}

// period adds the charging period of a row, if it says any.
func (r *recordRow) period() {
	if !r.m.periods {
		return
	}
	var p objectText
	var dimensions [][]byte
	for i := range recordColumns {
		c := &recordColumns[i]
		if !c.period || r.m.at[i] < 0 {
			continue
		}
		value := r.value(i)
		switch {
		case value == nil:
		case c.isVolume():
			dimensions = append(dimensions, dimension(c.path, value))
		default:
			p.set(c.path, value)
		}
	}
	if len(dimensions) == 0 && !p.has("start_date_time") {
		if len(r.o.periods) > 0 {
			r.o.fail(r.place, codeRowUnreadable, "a further row of the record says no charging period, want one a row; the record is not used")
		}
		return
	}
	r.o.periods = append(r.o.periods, periodObject(p, dimensions))
}

// periodObject is a period as OCPI orders its members.
func periodObject(p objectText, dimensions [][]byte) []byte {
	at := 0
	if p.has("start_date_time") {
		at = 1
	}
	p.members = slices.Insert(p.members, at, textMember{"dimensions", slices.Concat([]byte{'['}, bytes.Join(dimensions, []byte{','}), []byte{']'})})
	return p.text()
}

// dimension is a volume of a period.
func dimension(kind string, volume []byte) []byte {
	return slices.Concat([]byte(`{"type":`), quoteJSON(strings.ToUpper(kind)), []byte(`,"volume":`), volume, []byte{'}'})
}

// onePeriod is the period of a CDR whose row says none: from its start, with its energy, the time that it charged and the time that it
// parked, and the tariff that the row names.
func (r *RecordReader) onePeriod(o *openRecord) []byte {
	var p objectText
	row := r.newRow(o, ocpi.Record{Place: o.place}, o.cells)
	var dimensions [][]byte
	for i := range recordColumns {
		switch c := &recordColumns[i]; {
		case r.m.at[i] < 0:
		case c.path == "start_date_time" && !c.period, c.period && c.path == "tariff_id":
			if value := row.value(i); value != nil {
				p.set(c.path, value)
			}
		}
	}
	a := &o.amounts
	if a.energy.Present {
		dimensions = append(dimensions, dimension("ENERGY", []byte(a.energy.Value.Plain())))
	}
	if a.time.Present {
		charging := a.time.Value
		if a.parking.Present {
			charging = charging.Sub(a.parking.Value)
		}
		dimensions = append(dimensions, dimension("TIME", []byte(charging.Plain())))
	}
	if a.parking.Present {
		dimensions = append(dimensions, dimension("PARKING_TIME", []byte(a.parking.Value.Plain())))
	}
	if r.m.periods {
		o.find(o.place, codeRowOnePeriod, ocpi.SeverityInfo, "the row says no charging period: the CDR gets one, from its start, with the energy and the time of its row")
	}
	return periodObject(p, dimensions)
}

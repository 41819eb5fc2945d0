package ocpi

import (
	"bytes"
	"time"
)

// timeOfDay reads the HH:MM of a restriction. Without padding, with seconds of zero and as 24:00 (the end of the day, which
// OCPI writes 00:00) it is read too.
func (d *Decoder) timeOfDay() TimeOfDay {
	at := d.p
	raw, _, ok := d.rawText()
	if !ok {
		return TimeOfDay{}
	}
	c := &cursor{b: bytes.TrimSpace(raw)}
	c.odd = len(c.b) != len(raw)
	hour := c.field(2)
	c.want(":")
	minute := c.field(2)
	if c.take(":") != 0 {
		c.odd = true
		c.bad = c.bad || c.field(2) != 0
	}
	if c.bad || len(c.b) > 0 || hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		d.notef(SchemaFormat, d.m.sev, at, "%q, wanted a time of day such as 08:30", brief(raw))
		return TimeOfDay{}
	}
	switch {
	case hour == 24:
		d.notef(SchemaFormat, SeverityWarn, at, "%q, wanted 00:00 for the end of the day; it is read so", brief(raw))
		hour = 0
	case c.odd:
		d.notef(SchemaFormat, SeverityWarn, at, "%q, wanted the form 08:30; it is read", brief(raw))
	}
	return TimeOfDay{Minutes: hour*60 + minute, Present: true}
}

// date reads the YYYY-MM-DD of a restriction, also without padding.
func (d *Decoder) date() Date {
	at := d.p
	raw, _, ok := d.rawText()
	if !ok {
		return Date{}
	}
	c := &cursor{b: bytes.TrimSpace(raw)}
	c.odd = len(c.b) != len(raw)
	year, month, day := c.date()
	if c.bad || len(c.b) > 0 {
		d.notef(SchemaFormat, d.m.sev, at, "%q, wanted a date such as 2026-01-31", brief(raw))
		return Date{}
	}
	if c.odd {
		d.notef(SchemaFormat, SeverityWarn, at, "%q, wanted the form 2026-01-31; it is read", brief(raw))
	}
	return Date{Year: year, Month: time.Month(month), Day: day, Present: true}
}

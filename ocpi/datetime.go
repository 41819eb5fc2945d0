package ocpi

import (
	"bytes"
	"time"
)

// spelling tells how a time deviates from RFC 3339 in UTC.
type spelling uint8

const (
	noZone     spelling = 1 << iota // no designator: UTC by the definition of DateTime
	withOffset                      // an offset where UTC is wanted
	oddForm                         // no padding, a space for the T, no seconds, a comma, an offset without colon
)

// time reads the DateTime at hand. Every form seen in the field is read; each deviation is a finding.
func (d *Decoder) time() time.Time {
	at := d.p
	if d.peek() != '"' {
		d.wrongType(at, "a date and time")
		d.skip()
		return time.Time{}
	}
	raw, _, _ := d.rawText()
	t, how, ok := parseTime(raw)
	switch {
	case d.fault != "":
		return time.Time{}
	case !ok:
		d.notef(TimeInvalid, d.m.sev, at, "%q, wanted a date and time such as 2026-01-31T12:00:00Z", brief(raw))
		return time.Time{}
	}
	if len(raw) > maxTimeText {
		d.notef(SchemaLength, SeverityWarn, at, "a time of %d characters, at most %d are allowed", len(raw), maxTimeText)
	}
	if how != 0 {
		d.reportSpelling(at, raw, how)
	}
	if t.Unix() == 0 {
		d.note(TimeUnknown, SeverityInfo, at, "1970-01-01 stands for a time that is not known")
	}
	return t
}

// maxTimeText is the length of a DateTime in characters (types, DateTime).
const maxTimeText = 25

func (d *Decoder) reportSpelling(at int, raw []byte, how spelling) {
	if how&noZone != 0 {
		d.notef(TimeNoZone, SeverityInfo, at, "%q has no Z, read as UTC", brief(raw))
	}
	if how&withOffset != 0 {
		d.notef(TimeOffset, SeverityWarn, at, "%q has an offset, wanted Z; it is converted", brief(raw))
	}
	if how&oddForm != 0 && string(raw) != unpaddedUnknown {
		d.notef(TimeFormat, SeverityWarn, at, "%q, wanted the form 2026-01-31T12:00:00Z; it is read", brief(raw))
	}
}

// unpaddedUnknown is how OCPI itself prints the time that stands for "not known" (mod_cdrs, CDR).
const unpaddedUnknown = "1970-1-1T00:00:00Z"

// parseTime reads a date and time in RFC 3339 and the forms near it. Without a designator it is UTC.
func parseTime(b []byte) (t time.Time, how spelling, ok bool) {
	if len(b) == 20 && b[4] == '-' && b[7] == '-' && b[10] == 'T' && b[13] == ':' && b[16] == ':' && b[19] == 'Z' {
		year, month, day := digits4(b), digits2(b[5:]), digits2(b[8:])
		hour, minute, second := digits2(b[11:]), digits2(b[14:]), digits2(b[17:])
		if year > 0 && validDay(year, month, day) && uint(hour) < 24 && uint(minute) < 60 && uint(second) < 60 {
			return time.Unix(daysSince1970(year, month, day)*86400+int64(hour*3600+minute*60+second), 0).UTC(), 0, true
		}
	}
	return parseTimeSlow(b)
}

func digits2(b []byte) int {
	hi, lo := b[0]-'0', b[1]-'0'
	if hi > 9 || lo > 9 {
		return -1
	}
	return int(hi)*10 + int(lo)
}

func digits4(b []byte) int {
	hi, lo := digits2(b), digits2(b[2:])
	if hi < 0 || lo < 0 {
		return -1
	}
	return hi*100 + lo
}

func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	switch month {
	case 4, 6, 9, 11:
		return day <= 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return day <= 29
		}
		return day <= 28
	}
	return day <= 31
}

// daysSince1970 counts days in the Gregorian calendar, with years that begin in March.
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	era := year / 400
	yoe := year - era*400
	doy := (153*(month-3)+2)/5 + day - 1
	return int64(era*146097+yoe*365+yoe/4-yoe/100+doy) - 719468
}

// cursor reads fields of a text one after the other; bad is set by the first that is not there.
type cursor struct {
	b   []byte
	odd bool // a field was not padded, or something like it
	bad bool
}

// field reads a number of at most width digits.
func (c *cursor) field(width int) int {
	n, v := 0, 0
	for n < len(c.b) && n < width && '0' <= c.b[n] && c.b[n] <= '9' {
		v = v*10 + int(c.b[n]-'0')
		n++
	}
	if n == 0 {
		c.bad = true
	}
	if n < width {
		c.odd = true
	}
	c.b = c.b[n:]
	return v
}

// take reads one of the given bytes; 0 where there is none.
func (c *cursor) take(set string) byte {
	if len(c.b) == 0 || bytes.IndexByte([]byte(set), c.b[0]) < 0 {
		return 0
	}
	v := c.b[0]
	c.b = c.b[1:]
	return v
}

func (c *cursor) want(set string) byte {
	v := c.take(set)
	if v == 0 {
		c.bad = true
	}
	return v
}

func (c *cursor) spaces() {
	for c.take(" \t") != 0 {
		c.odd = true
	}
}

// date reads year, month and day.
func (c *cursor) date() (year, month, day int) {
	before := len(c.b)
	year = c.field(4)
	c.bad = c.bad || before-len(c.b) != 4
	c.want("-")
	month = c.field(2)
	c.want("-")
	day = c.field(2)
	if year == 0 || !validDay(year, month, day) {
		c.bad = true
	}
	return year, month, day
}

func parseTimeSlow(b []byte) (t time.Time, how spelling, ok bool) {
	c := &cursor{b: b}
	c.spaces()
	year, month, day := c.date()
	if c.want("Tt ") != 'T' {
		c.odd = true
	}
	c.spaces()
	hour := c.field(2)
	c.want(":")
	minute := c.field(2)
	second, nanos := 0, 0
	if c.take(":") != 0 {
		second = c.field(2)
		nanos = c.fraction()
	} else {
		c.odd = true
	}
	c.spaces()
	offset, how := c.zone()
	c.spaces()
	endOfDay := hour == 24 && minute == 0 && second == 0 && nanos == 0
	if c.bad || len(c.b) > 0 || hour > 23 && !endOfDay || minute > 59 || second > 60 {
		return time.Time{}, 0, false
	}
	if c.odd || endOfDay || second == 60 {
		how |= oddForm
	}
	sec := daysSince1970(year, month, day)*86400 + int64(hour*3600+minute*60+second-offset)
	return time.Unix(sec, int64(nanos)).UTC(), how, true
}

// fraction reads decimals of a second, to the nanosecond; finer ones are cut off.
func (c *cursor) fraction() int {
	mark := c.take(".,")
	if mark == 0 {
		return 0
	}
	if mark == ',' {
		c.odd = true
	}
	n := digitCount(c.b)
	if n == 0 {
		c.bad = true
	}
	nanos := 0
	for i := range 9 {
		nanos *= 10
		if i < n {
			nanos += int(c.b[i] - '0')
		}
	}
	c.b = c.b[n:]
	return nanos
}

// zone reads Z or an offset and returns it in seconds.
func (c *cursor) zone() (seconds int, how spelling) {
	switch sign := c.take("Zz+-"); sign {
	case 0:
		return 0, noZone
	case 'Z':
		return 0, 0
	case 'z':
		c.odd = true
		return 0, 0
	default:
		hour := c.field(2)
		minute := 0
		if c.take(":") == 0 {
			c.odd = true
		}
		if len(c.b) > 0 {
			minute = c.field(2)
		}
		if hour > 23 || minute > 59 {
			c.bad = true
		}
		seconds = hour*3600 + minute*60
		if sign == '-' {
			seconds = -seconds
		}
		return seconds, withOffset
	}
}

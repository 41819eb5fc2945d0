package source

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// column is how the values of a Parquet column become text.
type column struct {
	at    int    // position in the header
	name  []byte // as JSON
	float bool
	bare  bool // its JSON is a bare number or literal
	fixed bool // every value is written with the same number of decimals
	text  func(parquet.Value) (string, error)
}

// newColumn chooses how a leaf is read; text is nil for types that are not.
func newColumn(c *parquet.Column, at int) *column {
	out := &column{at: at, name: quoteJSON(c.Name())}
	switch t := logical(c.Type()).(type) {
	case nil:
		out.physical(c.Type().Kind())
	case *format.StringType, *format.EnumType, *format.JsonType:
		out.text = bytesText
	case *format.DecimalType:
		out.bare, out.fixed, out.text = true, t.Scale > 0, decimalText(int(t.Scale))
	case *format.IntType:
		out.bare, out.text = true, intText
		if !t.IsSigned {
			out.text = uintText
		}
	case *format.DateType:
		out.text = func(v parquet.Value) (string, error) {
			return time.Unix(int64(v.Int32())*secondsPerDay, 0).UTC().Format(time.DateOnly), nil
		}
	case *format.TimestampType:
		out.text = timestampText(unitsPerSecond(t.Unit), t.IsAdjustedToUTC)
	case *format.TimeType:
		out.text = timeText(unitsPerSecond(t.Unit))
	case *format.UUIDType:
		out.text = uuidText
	}
	return out
}

const secondsPerDay = 24 * 60 * 60

// logical is the logical type, nil if there is none.
func logical(t parquet.Type) format.LogicalTypeValue {
	if l := t.LogicalType(); l != nil {
		return l.Value
	}
	return nil
}

// physical chooses by the kind of bytes alone. A float becomes the shortest decimal that means the same binary number; NaN and
// +Inf are for the reader of the cell to refuse.
func (c *column) physical(kind parquet.Kind) {
	switch kind {
	case parquet.Boolean:
		c.bare, c.text = true, func(v parquet.Value) (string, error) { return strconv.FormatBool(v.Boolean()), nil }
	case parquet.Int32, parquet.Int64:
		c.bare, c.text = true, intText
	case parquet.Int96:
		c.text = int96Text
	case parquet.Float:
		c.float, c.text = true, func(v parquet.Value) (string, error) {
			return strconv.FormatFloat(float64(v.Float()), 'f', -1, 32), nil //nolint:forbidigo // what the file holds, on its way to a decimal
		}
	case parquet.Double:
		c.float, c.text = true, func(v parquet.Value) (string, error) { return strconv.FormatFloat(v.Double(), 'f', -1, 64), nil }
	case parquet.ByteArray, parquet.FixedLenByteArray:
		c.text = bytesText
	}
}

// cell is the text of a value; a null is "".
func (c *column) cell(v parquet.Value) (string, error) {
	if v.IsNull() {
		return "", nil
	}
	text, err := c.text(v)
	if err != nil {
		return "", fmt.Errorf("column %s: %w", c.name, err)
	}
	return text, nil
}

// short is the text of a value without the zeros that a column of decimals fills it up with: how many decimals OCPI numbers are written
// with says how far they are rounded.
func (c *column) short(text string) string {
	if !c.fixed || text == "" {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// member appends a member of a JSON object.
func (c *column) member(object []byte, text string, null bool) []byte {
	if null {
		return appendMember(object, c.name, "null", true)
	}
	return appendMember(object, c.name, text, c.isBare(text))
}

// isBare reports a text that is a number or a literal in JSON.
func (c *column) isBare(text string) bool {
	return c.bare || c.float && strings.ContainsAny(text[len(text)-1:], "0123456789")
}

// bytesText reads text, and bytes that are none in hexadecimal.
func bytesText(v parquet.Value) (string, error) {
	b := v.ByteArray()
	if !utf8.Valid(b) {
		return hex.EncodeToString(b), nil
	}
	return string(b), nil
}

// intText reads a signed number.
func intText(v parquet.Value) (string, error) {
	n, err := integer(v)
	return strconv.FormatInt(n, 10), err
}

// uintText reads an unsigned number.
func uintText(v parquet.Value) (string, error) {
	n, err := integer(v)
	if v.Kind() == parquet.Int32 {
		return strconv.FormatUint(uint64(v.Uint32()), 10), err
	}
	return strconv.FormatUint(uint64(n), 10), err
}

// integer reads either width.
func integer(v parquet.Value) (int64, error) {
	switch v.Kind() {
	case parquet.Int32:
		return int64(v.Int32()), nil
	case parquet.Int64:
		return v.Int64(), nil
	default:
		return 0, fmt.Errorf("value is of kind %s, want INT32 or INT64", v.Kind())
	}
}

// decimalText reads an exact decimal of a scale.
func decimalText(scale int) func(parquet.Value) (string, error) {
	return func(v parquet.Value) (string, error) {
		n := new(big.Int)
		switch v.Kind() {
		case parquet.ByteArray, parquet.FixedLenByteArray:
			b := v.ByteArray()
			n.SetBytes(b)
			if len(b) > 0 && b[0]&0x80 != 0 { // two's complement
				n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
			}
		default:
			i, err := integer(v)
			if err != nil {
				return "", err
			}
			n.SetInt64(i)
		}
		return point(n, scale)
	}
}

// maxScale is the largest scale of a Parquet decimal that is read.
const maxScale = 64

// point writes n with so many decimals.
func point(n *big.Int, scale int) (string, error) {
	if scale < 0 || scale > maxScale {
		return "", fmt.Errorf("decimal has %d decimals, want 0 to %d", scale, maxScale)
	}
	digits := new(big.Int).Abs(n).String()
	if scale > 0 {
		digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if n.Sign() < 0 {
		digits = "-" + digits
	}
	return digits, nil
}

// unitsPerSecond is how many units make a second.
func unitsPerSecond(u format.TimeUnit) int64 {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1e3
	case *format.MicroSeconds:
		return 1e6
	}
	return 1e9
}

// timestampText reads an instant, or a local time without a zone.
func timestampText(units int64, utc bool) func(parquet.Value) (string, error) {
	layout := "2006-01-02T15:04:05.999999999"
	if utc {
		layout += "Z"
	}
	return func(v parquet.Value) (string, error) {
		n, err := integer(v)
		return time.Unix(n/units, n%units*(1e9/units)).UTC().Format(layout), err
	}
}

// timeText reads a time of day.
func timeText(units int64) func(parquet.Value) (string, error) {
	return func(v parquet.Value) (string, error) {
		n, err := integer(v)
		return time.Unix(n/units, n%units*(1e9/units)).UTC().Format("15:04:05.999999999"), err
	}
}

// int96Text reads the old form of an instant: nanoseconds of the day, and the Julian day.
func int96Text(v parquet.Value) (string, error) {
	n := v.Int96()
	const julianDayOf1970 = 2440588
	nanos := int64(uint64(n[1])<<32 | uint64(n[0]))
	return time.Unix((int64(n[2])-julianDayOf1970)*secondsPerDay, nanos).UTC().Format(time.RFC3339Nano), nil
}

// uuidText reads a UUID.
func uuidText(v parquet.Value) (string, error) {
	b := v.ByteArray()
	if len(b) != 16 {
		return "", fmt.Errorf("UUID has %d bytes, want 16", len(b))
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

package generate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// row is a measured session.
type row struct {
	id, station, user                  string
	start, end, chargeStart, chargeEnd int64
	energy                             energy
	clamped                            bool // charging was said to end after the connection
}

// The columns in the order of rows.at.
const (
	colID = iota
	colStart
	colEnd
	colChargeStart
	colChargeEnd
	colEnergy
	colStation
	colUser
	columnCount
)

// columnNames are the keys of FromOptions.Columns, acnHeadings what the columns are called in the ACN data.
var (
	columnNames = [columnCount]string{"id", "start", "end", "charge_start", "charge_end", "kwh", "station", "user"}
	acnHeadings = [columnCount]string{
		"Session", "ConnectionStartDateTime", "ConnectionEndDateTime", "ChargingStartDateTime", "ChargingEndDateTime", "Energy",
		"ChargingStation", "UserID",
	}
)

// headings are the headings to look for.
func headings(columns map[string]string) ([columnCount]string, error) {
	out := acnHeadings
	for name, heading := range columns {
		i := slices.Index(columnNames[:], name)
		if i < 0 {
			return out, fmt.Errorf("unknown column %q, want one of %s", name, strings.Join(columnNames[:], ", "))
		}
		out[i] = heading
	}
	return out, nil
}

// rows reads measured sessions.
type rows struct {
	csv  *csv.Reader
	at   [columnCount]int // index of each column, −1: not in the file
	seen map[string]int   // line of each session id, folded
	line int
}

// openRows reads the heading.
func openRows(in io.Reader, columns map[string]string) (*rows, error) {
	want, err := headings(columns)
	if err != nil {
		return nil, err
	}
	plain, err := unpack(in)
	if err != nil {
		return nil, err
	}
	r := &rows{csv: csv.NewReader(plain), seen: map[string]int{}}
	r.csv.FieldsPerRecord, r.csv.ReuseRecord = -1, true
	heading, err := r.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("read heading: %w", err)
	}
	for i, name := range want {
		r.at[i] = -1
		for k, h := range heading {
			if strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name) {
				r.at[i] = k
				break
			}
		}
	}
	for _, i := range [...]int{colID, colStart, colEnd, colEnergy} {
		if r.at[i] < 0 {
			return nil, fmt.Errorf("heading %q has no column %q", strings.Join(heading, ","), want[i])
		}
	}
	return r, nil
}

// zstdWindow is how far zstd data may refer back, in bytes.
const zstdWindow = 128 << 20

// unpack decompresses what begins as gzip or zstd.
func unpack(in io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(in, 1<<16)
	switch magic, _ := b.Peek(4); {
	case bytes.HasPrefix(magic, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("open gzip: %w", err)
		}
		return z, nil
	case string(magic) == "\x28\xb5\x2f\xfd":
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("open zstd: %w", err)
		}
		return z, nil
	}
	return b, nil
}

// next returns the next row, or why it cannot be used, or neither at the end of the file.
func (r *rows) next() (*row, *Rejected, error) {
	cells, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, nil
	}
	if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
		r.line = bad.StartLine
		return nil, &Rejected{bad.StartLine, bad.Err.Error()}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	r.line, _ = r.csv.FieldPos(0)
	row, err := r.read(cells)
	if err != nil {
		return nil, &Rejected{r.line, err.Error()}, nil
	}
	return row, nil, nil
}

func (r *rows) read(cells []string) (*row, error) {
	cell := func(i int) string {
		if k := r.at[i]; k >= 0 && k < len(cells) {
			return strings.Clone(strings.TrimSpace(cells[k]))
		}
		return ""
	}
	out := &row{id: cell(colID), station: cell(colStation), user: cell(colUser)}
	if out.id == "" {
		return nil, errors.New("no session id")
	}
	var err error
	if out.energy, err = readEnergy(cell(colEnergy)); err != nil {
		return nil, err
	}
	if err = out.readTimes(cell(colStart), cell(colEnd), cell(colChargeStart), cell(colChargeEnd)); err != nil {
		return nil, err
	}
	folded := upper(out.id)
	if first, ok := r.seen[folded]; ok {
		return nil, fmt.Errorf("session id %q is that of line %d", out.id, first)
	}
	r.seen[folded] = r.line
	return out, nil
}

// longest is the longest session that is taken for one.
const longest = 30 * 86400

func (s *row) readTimes(start, end, chargeStart, chargeEnd string) error {
	for _, t := range [...]struct {
		text, name string
		into       *int64
		otherwise  string
	}{
		{start, "start", &s.start, ""}, {end, "end", &s.end, ""},
		{chargeStart, "start of charging", &s.chargeStart, start}, {chargeEnd, "end of charging", &s.chargeEnd, end},
	} {
		if t.text == "" {
			t.text = t.otherwise
		}
		at, err := readTime(t.text)
		if err != nil {
			return fmt.Errorf("%s %q: %w", t.name, t.text, err)
		}
		*t.into = at
	}
	if s.chargeEnd > s.end {
		s.chargeEnd, s.clamped = s.end, true
	}
	switch {
	case s.end < s.start:
		return errors.New("ends before it starts")
	case s.end == s.start:
		return errors.New("has no length")
	case s.end-s.start > longest:
		return errors.New("lasts more than 30 days")
	case s.chargeStart < s.start:
		return errors.New("charging starts before the connection")
	case s.chargeEnd < s.chargeStart:
		return errors.New("charging ends before it starts")
	case s.chargeEnd == s.chargeStart && s.energy > 0:
		return errors.New("energy without time of charging")
	}
	return nil
}

// readTime reads epoch seconds, with or without a fraction, or RFC 3339. Fractions of a second are cut off.
func readTime(text string) (int64, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	if at, err := strconv.ParseInt(whole, 10, 64); err == nil {
		if strings.Trim(fraction, "0123456789") != "" || at < 0 || at > 1<<36 {
			return 0, errors.New("no time in epoch seconds")
		}
		return at, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, errors.New("neither epoch seconds nor RFC 3339")
	}
	return at.Unix(), nil
}

// Most energy and decimals that a session may have: a mWh is the unit of this package.
const (
	mostEnergy     = 100_000 * kiloWatt
	energyDecimals = 6
)

// readEnergy reads kWh exactly.
func readEnergy(text string) (energy, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > energyDecimals {
		return 0, fmt.Errorf("energy %q has more than %d decimals", text, energyDecimals)
	}
	digits := whole + fraction + strings.Repeat("0", energyDecimals-len(fraction))
	if whole == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("energy %q is no number of kWh, 0 or more", text)
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || energy(v) > mostEnergy {
		return 0, fmt.Errorf("energy %q is out of range", text)
	}
	return energy(v), nil
}

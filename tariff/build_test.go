package tariff

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// monday is 09:00 on a Monday in Berlin.
const monday = "2026-03-02T08:00:00Z"

// draft is a CDR to be written as JSON and decoded. Periods are "minutes DIMENSION volume, DIMENSION volume [tariff id]", one a
// line; tariffs map an id to its text, see draftTariff.
type draft struct {
	version string // 2.2.1 where empty
	start   string // monday where empty
	late    int    // minutes that the first period starts after the CDR
	periods string
	tariffs []draftTariff
	extra   string // members, with a leading comma
	country string // DEU where empty
}

// draftTariff is a tariff: elements are "DIMENSION price[/step][@vat], … [{restrictions}]", one a line; a step of 1 is meant where
// none is written.
type draftTariff struct {
	id       string // T1 where empty
	elements string
	extra    string // members, with a leading comma
}

func one(elements string) []draftTariff { return []draftTariff{{elements: elements}} }

func (d draft) json() []byte {
	start := d.start
	if start == "" {
		start = monday
	}
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		panic(err)
	}
	at = at.Add(time.Duration(d.late) * time.Minute)
	var periods []string
	for line := range strings.Lines(d.periods) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		minutes, text := periodJSON(line, at)
		periods = append(periods, text)
		at = at.Add(minutes)
	}
	var tariffs []string
	for _, t := range d.tariffs {
		tariffs = append(tariffs, t.json(d.version))
	}
	end, place := "end_date_time", `"cdr_location":{"id":"L","country":"`+or(d.country, "DEU")+`","evse_uid":"E","connector_id":"1"}`
	if d.version == "2.1.1" {
		end, place = "stop_date_time", `"location":{"id":"L","country":"`+or(d.country, "DEU")+`"},"auth_id":"A"`
	}
	return fmt.Appendf(nil, `{"id":"C","start_date_time":%q,%q:%q,%s,"currency":"EUR","tariffs":[%s],"charging_periods":[%s]%s}`,
		start, end, at.Format(time.RFC3339), place, strings.Join(tariffs, ","), strings.Join(periods, ","), d.extra)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func periodJSON(line string, at time.Time) (time.Duration, string) {
	id := ""
	if i := strings.IndexByte(line, '['); i >= 0 {
		id = `,"tariff_id":"` + strings.Trim(line[i:], "[]") + `"`
		line = line[:i]
	}
	minutes, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	length, err := time.ParseDuration(minutes + "m")
	if err != nil {
		panic(err)
	}
	var dims []string
	for dim := range strings.SplitSeq(rest, ",") {
		name, volume, _ := strings.Cut(strings.TrimSpace(dim), " ")
		dims = append(dims, fmt.Sprintf(`{"type":%q,"volume":%s}`, name, volume))
	}
	return length, fmt.Sprintf(`{"start_date_time":%q,"dimensions":[%s]%s}`, at.Format(time.RFC3339), strings.Join(dims, ","), id)
}

func (t draftTariff) json(version string) string {
	var elements []string
	for line := range strings.Lines(t.elements) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		restrictions := ""
		if i := strings.IndexByte(line, '{'); i >= 0 {
			restrictions = `,"restrictions":` + line[i:]
			line = line[:i]
		}
		var components []string
		for c := range strings.SplitSeq(line, ",") {
			components = append(components, componentJSON(strings.TrimSpace(c)))
		}
		elements = append(elements, fmt.Sprintf(`{"price_components":[%s]%s}`, strings.Join(components, ","), restrictions))
	}
	return fmt.Sprintf(`{"id":%q,"currency":"EUR","elements":[%s]%s}`, or(t.id, "T1"), strings.Join(elements, ","), t.extra)
}

func componentJSON(text string) string {
	name, price, _ := strings.Cut(text, " ")
	price, vat, hasVAT := strings.Cut(price, "@")
	price, step, hasStep := strings.Cut(price, "/")
	if !hasStep {
		step = "1"
	}
	if hasVAT {
		vat = `,"vat":` + vat
	}
	return fmt.Sprintf(`{"type":%q,"price":%s,"step_size":%s%s}`, name, price, step, vat)
}

// input decodes a draft. Findings are the decoder's business.
func (d draft) input(t tester) Input {
	t.Helper()
	v, _ := ocpi.ParseVersion(or(d.version, "2.2.1"))
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: d.json()})
	require.NotNil(t, c, "%v\n%s", findings, d.json())
	zone, _ := ResolveZone(c, nil, "")
	return Input{CDR: c, Zone: zone}
}

// outcome is a price as "net/gross", "-" for what is unknown, or the code that blocks.
func outcome(res *Result) string {
	if res.Blocked != nil {
		return string(res.Blocked.Code)
	}
	side := func(n ocpi.Number) string {
		if !n.Present {
			return "-"
		}
		return n.Value.Output()
	}
	c := res.Totals.Cost
	if c.BeforeTaxes.Present && c.AfterTaxes.Present && c.BeforeTaxes.Value.Equal(c.AfterTaxes.Value) {
		return side(c.BeforeTaxes)
	}
	return side(c.BeforeTaxes) + "/" + side(c.AfterTaxes)
}

func mustPrice(t tester, in Input) *Result {
	t.Helper()
	res := Price(in)
	require.NotNil(t, res.Sheet)
	checkSheet(t, in, res)
	return res
}

// tester is what helpers need of a test, a property or a fuzz target.
type tester interface {
	require.TestingT
	Helper()
}

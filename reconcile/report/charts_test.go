package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

func euros(text string) reconcile.Money {
	return reconcile.Money{BeforeTaxes: reconcile.Known(exact.MustParse(text))}
}

// moving is a line of which reasons move an amount; "" is no reason.
func moving(concededFor, unprovenFor ocpi.Code, proven, conceded, unproven string) *reconcile.LineVerdict {
	return &reconcile.LineVerdict{
		Line: &reconcile.Line{Currency: "EUR"}, ConcededReason: concededFor, UnprovenReason: unprovenFor,
		Proven: euros(proven), Conceded: euros(conceded), Unproven: euros(unproven),
	}
}

func TestChart(t *testing.T) {
	var p Page
	for _, v := range []*reconcile.LineVerdict{
		moving("line-exceeds-cdr", "", "6", "2", "0"), moving("line-exceeds-cdr", "dup-id", "1", "1", "4"), moving("", "dup-id", "0", "0", "6"),
		moving("", "", "100", "0", "0"), moving("tar-not-agreed", "", "5", "0", "0"), // tax alone
	} {
		p.tally(v)
	}
	rows := p.chart("EUR")
	require.Len(t, rows, 3)
	assert.Equal(t, []string{"dup-id", "line-exceeds-cdr", ""}, []string{rows[0].Code, rows[1].Code, rows[2].Code})
	assert.Equal(t, []string{absent, absent, "10.00"}, []string{rows[0].Proven, rows[0].Conceded, rows[0].Unproven})
	assert.Equal(t, []string{"7.00", "3.00", absent}, []string{rows[1].Proven, rows[1].Conceded, rows[1].Unproven}, "what is proven of a line stands once")
	assert.Equal(t, []segment{{"proven", "0.0", "70.0", "proven 7.00 EUR"}, {"conceded", "70.0", "30.0", "conceded 3.00 EUR"}}, rows[1].Bar)
	assert.True(t, strings.HasSuffix(rows[1].Label, ": proven 7.00, conceded 3.00 EUR"), rows[1].Label)
	assert.True(t, rows[2].Total)
	assert.Equal(t, []string{"7.00", "3.00", "10.00"}, []string{rows[2].Proven, rows[2].Conceded, rows[2].Unproven})
	assert.Nil(t, p.chart("CHF"))
}

// Whatever the lines, the chart loses nothing: its last row is the sum of the others and of the parts that have a reason.
func TestChartConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Page
		var want reconcile.Parts
		amounts := rapid.Int64Range(-500, 2000)
		for range rapid.IntRange(1, 60).Draw(t, "lines") {
			code := func(name string) ocpi.Code {
				return ocpi.Code(fmt.Sprint("code-", rapid.IntRange(0, 20).Draw(t, name)))
			}
			part := func(name string) string { return exact.New(amounts.Draw(t, name), 2).String() }
			v := moving(code("conceded for"), code("unproven for"), part("proven"), part("conceded"), part("unproven"))
			p.tally(v)
			if v.Conceded.BeforeTaxes.Value.IsZero() && v.Unproven.BeforeTaxes.Value.IsZero() {
				continue
			}
			want = sum(want, reconcile.Parts{Proven: v.Proven.BeforeTaxes.Value, Conceded: v.Conceded.BeforeTaxes.Value, Unproven: v.Unproven.BeforeTaxes.Value})
		}
		rows := p.chart("EUR")
		if len(rows) == 0 {
			return
		}
		var got reconcile.Parts
		for i := range rows[:len(rows)-1] {
			got = sum(got, rows[i].parts)
			width := exact.Decimal{}
			for _, s := range rows[i].Bar {
				width = width.Add(exact.MustParse(s.Width))
			}
			require.False(t, exact.FromInt(100).Less(width), "a bar is no wider than its room")
		}
		require.LessOrEqual(t, len(rows), maxChartRows+1)
		for _, parts := range []reconcile.Parts{got, rows[len(rows)-1].parts} {
			require.True(t, parts.Proven.Equal(want.Proven) && parts.Conceded.Equal(want.Conceded) && parts.Unproven.Equal(want.Unproven))
		}
	})
}

func TestEnergies(t *testing.T) {
	number := func(text string) ocpi.Number { return reconcile.Known(exact.MustParse(text)) }
	v := &reconcile.LineVerdict{
		Line:   &reconcile.Line{ClaimedKWh: number("12")},
		Claims: []*reconcile.Claim{{}, {ClaimedKWh: number("5")}},
		Match: reconcile.Match{CDR: &ocpi.CDR{TotalEnergy: number("10.5"), ChargingPeriods: []ocpi.ChargingPeriod{
			{Dimensions: []ocpi.CDRDimension{{Kind: ocpi.Energy, Volume: number("4")}}}, {Dimensions: []ocpi.CDRDimension{{Kind: ocpi.Energy, Volume: number("6")}}},
		}}, Session: &ocpi.Session{KWh: number("10")}},
		Signed: number("20"),
	}
	read := func(v *reconcile.LineVerdict) string {
		var shared table
		links := linker{table: &shared, of: map[int]int{}}
		text := links.link(nil, appendEnergies(nil, v, &shared))
		require.True(t, json.Valid(text), string(text))
		for i, entry := range links.used {
			text = []byte(strings.ReplaceAll(string(text), fmt.Sprintf("[%d,", i), "["+entry+","))
		}
		return string(text)
	}
	assert.Equal(t, `["CDR, periods",500,[["Invoice line","12",600,"2"],["Debtor\u2019s record","5",250,"-5"],["CDR, total","10.5",525,"0.5"],`+
		`["CDR, periods","10",500,""],["Session","10",500,""],["Signed meter","20",1000,"10"]]]`, read(v))

	v.Match.CDR.ChargingPeriods, v.Claims, v.Signed = nil, nil, ocpi.Number{}
	assert.True(t, strings.HasPrefix(read(v), `["CDR, total",`), "without periods the total stands for them")
	v.Match.CDR = nil
	assert.Equal(t, "null", read(v), "nothing to hold them against")
	v.Match.CDR, v.Line.ClaimedKWh, v.Match.Session = &ocpi.CDR{TotalEnergy: number("0")}, number("0"), nil
	assert.Contains(t, read(v), `"0",0,""`, "nothing has no length")
	v.Line.ClaimedKWh = ocpi.Number{}
	assert.Equal(t, "null", read(v), "nothing to compare")
}

package reconcile

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// comparedAcross are the findings of comparing CDRs with each other, "id code severity message".
func comparedAcross(t require.TestingT, caseFile string, cdrs ...plainCDR) []string {
	var text strings.Builder
	for _, c := range cdrs {
		text.WriteString(c.json() + "\n")
	}
	c, err := ParseCase("case.yaml", []byte(caseFile))
	require.NoError(t, err)
	w := &world{cdrs: ndjson("cdrs.ndjson", text.String()), agreement: c.Terms()}
	var marks []Mark
	var within []string
	for _, members := range Settle(kept(w.identities()), inTurn).All() {
		v := Judge(w.group(members), w.agreement)
		for _, f := range v.Findings {
			if f.Code == codeOverlapEVSE {
				within = append(within, f.Message)
			}
		}
		marks = append(marks, v.Marks(members)...)
	}
	if w.agreement.Limits.Across {
		require.Empty(t, within, "each overlap is told once")
	}
	var out []string
	d := ocpi.NewDecoder(ocpi.Options{})
	for _, p := range Pairs(marks, w.agreement) {
		first, _ := d.CDR(w.cdrs[p.First])
		second, _ := d.CDR(w.cdrs[p.Second])
		if f, ok := w.agreement.Confirm(p, first, second); ok {
			id, _ := ocpi.ScanIdentity(w.cdrs[f.Place.Record-1].Bytes)
			out = append(out, fmt.Sprintf("%s %s %s: %s", id.ID, f.Code, f.Severity, withoutPlaces(f.Message)))
		}
	}
	slices.Sort(out)
	return out
}

// withoutPlaces leaves "(file:line (record n))" out of a message.
func withoutPlaces(message string) string {
	before, rest, ok := strings.Cut(message, " (cdrs.ndjson")
	if !ok {
		return message
	}
	_, after, _ := strings.Cut(rest, "))")
	return before + after
}

func TestAcross(t *testing.T) {
	const across = "agreement: {limits: {across: true}}\n"
	with := func(limit string) string { return strings.Replace(across, "true", "true, "+limit, 1) }
	at := func(id, token, start, end string, change func(*plainCDR)) plainCDR {
		c := plainCDR{id: id, token: token, start: "2026-09-01T" + start + "Z", end: "2026-09-01T" + end + "Z"}
		if change != nil {
			change(&c)
		}
		return c
	}
	evse := func(name string) func(*plainCDR) { return func(c *plainCDR) { c.evse = name } }
	place := func(name, where string) func(*plainCDR) { return func(c *plainCDR) { c.evse, c.at = name, where } }
	meter := func(serial, begin, end string) func(*plainCDR) {
		return func(c *plainCDR) {
			c.evse = "e" + c.id
			c.rest = signedData(metered(serial, "B "+c.start[11:19]+" "+begin, "E "+c.end[11:19]+" "+end))
		}
	}
	// Half a degree of latitude is 55.285 km at least; 200 km/h take 995.13 s for that, of which 60 are tolerated.
	const here, there = "52.0, 4.1", "52.5, 4.1"
	first := at("A", "T1", "10:00:00", "11:00:00", nil)
	for _, c := range []struct {
		name, caseFile string
		cdrs           []plainCDR
		want           []string
	}{
		{"one after the other", across, []plainCDR{first, at("B", "T2", "11:00:00", "12:00:00", nil)}, nil},
		{"as long as is tolerated", across, []plainCDR{first, at("B", "T2", "10:59:00", "12:00:00", nil)}, nil},
		{"longer", across, []plainCDR{first, at("B", "T2", "10:58:59", "12:00:00", nil)},
			[]string{"B overlap-evse error: the CDR overlaps CDR A on the same connector for 1m1s, tolerated are 60 s"}},
		{"nothing tolerated", with("overlap_seconds: 0"), []plainCDR{first, at("B", "T2", "10:59:59", "12:00:00", nil)},
			[]string{"B overlap-evse error: the CDR overlaps CDR A on the same connector for 1s, tolerated are 0 s"}},
		{"not asked", with("overlap_seconds: none"), []plainCDR{first, at("B", "T2", "10:30:00", "12:00:00", nil)}, nil},
		{"another connector", across, []plainCDR{first, at("B", "T2", "10:30:00", "12:00:00", func(c *plainCDR) { c.connector = "2" })},
			[]string{"B overlap-evse warn: the CDR overlaps CDR A at the same EVSE, on another connector for 30m0s, tolerated are 60 s"}},
		{"within a longer one", across, []plainCDR{first, at("B", "T2", "10:10:00", "10:20:00", nil), at("C", "T3", "10:30:00", "10:40:00", nil)},
			[]string{"B overlap-evse error: the CDR overlaps CDR A on the same connector for 10m0s, tolerated are 60 s",
				"C overlap-evse error: the CDR overlaps CDR A on the same connector for 10m0s, tolerated are 60 s"}},
		{"of one session, told once", across, []plainCDR{
			at("A", "T1", "10:00:00", "11:00:00", func(c *plainCDR) { c.session = "S" }), at("B", "T2", "10:30:00", "12:00:00", func(c *plainCDR) { c.session = "s2" })},
			[]string{"B overlap-evse error: the CDR overlaps CDR A on the same connector for 30m0s, tolerated are 60 s"}},
		{"policy", "policy: {overlap-evse: info}\n" + across, []plainCDR{first, at("B", "T2", "10:30:00", "12:00:00", nil)},
			[]string{"B overlap-evse info: the CDR overlaps CDR A on the same connector for 30m0s, tolerated are 60 s"}},

		{"the same again", across, []plainCDR{first, at("B", "T1", "10:00:00", "11:00:00", func(c *plainCDR) { c.updated, c.kWh = "2026-09-01T12:00:00Z", "20.001" })},
			[]string{"B dup-content error: CDR A has the same EVSE, token and start, and the same kWh (20 and 20.001, tolerated are 0.001)"}},
		{"other kWh", across, []plainCDR{first, at("B", "T1", "10:00:00", "11:00:00", func(c *plainCDR) { c.updated, c.kWh = "2026-09-01T12:00:00Z", "20.002" })},
			[]string{"B overlap-evse error: the CDR overlaps CDR A on the same connector for 1h0m0s, tolerated are 60 s"}},
		{"credited, so gone", across, []plainCDR{first, at("B", "T1", "10:00:00", "11:00:00", nil),
			at("B-C", "T1", "10:00:00", "11:00:00", func(c *plainCDR) { c.cost, c.rest = "-1", `,"credit":true,"credit_reference_id":"B"` })}, nil},

		{"one token, two places", across, []plainCDR{first, at("B", "T1", "10:58:59", "12:00:00", evse("e2"))},
			[]string{"B overlap-token warn: token T1 charges at NL*CPO*Ee1 by CDR A as well, for 1m1s of the same time, tolerated are 60 s"}},
		{"as long as is tolerated, two places", across, []plainCDR{first, at("B", "T1", "10:59:00", "12:00:00", evse("e2"))}, nil},
		{"another token", across, []plainCDR{first, at("B", "T2", "10:30:00", "12:00:00", evse("e2"))}, nil},

		{"travel in time", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", place("e1", here)), at("B", "T1", "11:15:36", "12:00:00", place("e2", there))}, nil},
		{"travel too fast", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", place("e1", here)), at("B", "T1", "11:15:35", "12:00:00", place("e2", there))},
			[]string{"B impossible-travel warn: token T1 left NL*CPO*Ee1 by CDR A 15m35s before, at least 55.285 km away; tolerated are 200 km/h"}},
		{"a faster car", with("travel_kmh: 300"), []plainCDR{at("A", "T1", "10:00:00", "11:00:00", place("e1", here)), at("B", "T1", "11:15:35", "12:00:00", place("e2", there))}, nil},
		{"no coordinates", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", place("e1", "0, 0")), at("B", "T1", "11:01:00", "12:00:00", place("e2", there))}, nil},

		{"the meter goes on", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", meter("M", "100", "120")), at("B", "T2", "12:00:00", "13:00:00", meter("M", "119.99", "140"))}, nil},
		{"the meter went back", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", meter("M", "100", "120")), at("B", "T2", "12:00:00", "13:00:00", meter("M", "119.989", "139.989"))},
			[]string{"B mv-start-continuity warn: meter M starts at 119.989 kWh, and CDR A before it ended at 120 kWh; tolerated are 0.01 kWh"}},
		{"another meter", across, []plainCDR{at("A", "T1", "10:00:00", "11:00:00", meter("M", "100", "120")), at("B", "T2", "12:00:00", "13:00:00", meter("N", "1", "21"))}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, comparedAcross(t, c.caseFile, c.cdrs...))
			reversed := slices.Clone(c.cdrs)
			slices.Reverse(reversed)
			assert.Equal(t, c.want, comparedAcross(t, c.caseFile, reversed...), "in the reverse order")
		})
	}
}

// Without the switch, CDRs of one group are compared as ever.
func TestOverlapWithinAGroup(t *testing.T) {
	overlaps := func(start string) []string {
		cdrs := plainCDR{id: "A", session: "S1", end: "2026-09-01T11:00:00Z"}.json() + "\n" +
			plainCDR{id: "B", session: "S2", token: "T2", start: start, end: "2026-09-01T12:00:00Z"}.json() + "\n"
		w := readWorld(t, map[string]string{"cdrs.ndjson": cdrs, "invoice.csv": "invoice_id,line,cdr_id,session_id,amount_excl_vat,currency\nI,1,A,S2,1.00,EUR\n"})
		var out []string
		for _, v := range w.judge() {
			out = append(out, codeFindings(v.Findings, codeOverlapEVSE)...)
		}
		return out
	}
	assert.Empty(t, overlaps("2026-09-01T10:59:00Z"))
	assert.Len(t, overlaps("2026-09-01T10:58:59Z"), 1)
}

// Whatever the order of the input, the findings are the same; and no CDR is the second of two pairs of one kind.
func TestAcrossInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cdrs []plainCDR
		for i := range rapid.IntRange(2, 12).Draw(t, "cdrs") {
			minute := rapid.IntRange(0, 40).Draw(t, "minute")
			cdrs = append(cdrs, plainCDR{
				id: fmt.Sprintf("C%02d", i), evse: rapid.SampledFrom([]string{"e1", "e2"}).Draw(t, "evse"), token: rapid.SampledFrom([]string{"T1", "T2"}).Draw(t, "token"),
				start: fmt.Sprintf("2026-09-01T10:%02d:00Z", minute), end: fmt.Sprintf("2026-09-01T10:%02d:00Z", minute+rapid.IntRange(1, 15).Draw(t, "length")),
				kWh: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "kWh"), at: rapid.SampledFrom([]string{"52, 4", "53, 5"}).Draw(t, "at"),
			})
		}
		want := comparedAcross(t, "agreement: {limits: {across: true}}\n", cdrs...)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(cdrs), func(i, j int) { cdrs[i], cdrs[j] = cdrs[j], cdrs[i] })
		got := comparedAcross(t, "agreement: {limits: {across: true}}\n", cdrs...)
		require.Equal(t, want, got)
	})
}

// sineOf is a sine of millionths of a degree in billionths, by many terms of fractions.
func sineOf(angle int64) *big.Rat {
	pi, _ := new(big.Rat).SetString("3.14159265358979323846264338327950288")
	x := new(big.Rat).Mul(big.NewRat(angle, 180*degree), pi)
	square := new(big.Rat).Mul(x, x)
	sum, term := new(big.Rat).Set(x), x
	for n := int64(2); n < 40; n += 2 {
		term = new(big.Rat).Mul(term, square)
		term.Mul(term, big.NewRat(-1, n*(n+1)))
		sum.Add(sum, term)
	}
	return sum.Mul(sum, big.NewRat(unit, 1))
}

// The bound that metresApart relies on.
func TestSine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		angle := rapid.Int64Range(-180*degree, 180*degree).Draw(t, "angle")
		off := new(big.Rat).Sub(sineOf(angle), big.NewRat(sine(angle), 1))
		require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(20, 1)), 0, "%d: off by %s", angle, off.FloatString(3))
	})
	for angle, want := range map[int64]int64{0: 0, 30 * degree: 500_000_000, 90 * degree: unit, -90 * degree: -unit, 180 * degree: 0} {
		assert.InDelta(t, want, sine(angle), 20)
	}
}

// Distances over the ground of WGS 84, in metres: never overstated, and by little understated.
func TestMetresApart(t *testing.T) {
	for _, c := range []struct {
		a, b   string
		ground int64
	}{
		{"52.370216, 4.895168", "52.370216, 4.895168", 0},
		{"52.370216, 4.895168", "51.924420, 4.477733", 57_300},      // Amsterdam, Rotterdam
		{"52.370216, 4.895168", "48.856613, 2.352222", 430_000},     // Paris
		{"0.0, 10.0", "0.5, 10.0", 55_287},                          // along the meridian at the equator, where the earth is curved most
		{"10.0, 179.9", "10.0, -179.9", 21_923},                     // over the date line
		{"52.520008, 13.404954", "41.902782, 12.496366", 1_181_000}, // Berlin, Rome
	} {
		spotAt := func(text string) spot {
			latitude, longitude, _ := strings.Cut(text, ", ")
			s, ok := spotOf(&ocpi.CDRLocation{Latitude: latitude, Longitude: longitude})
			require.True(t, ok)
			return s
		}
		got := metresApart(spotAt(c.a), spotAt(c.b))
		assert.LessOrEqual(t, got, c.ground+c.ground/1000, "%s to %s", c.a, c.b)
		assert.GreaterOrEqual(t, got, c.ground-c.ground/80, "%s to %s", c.a, c.b)
		assert.Equal(t, got, metresApart(spotAt(c.b), spotAt(c.a)))
	}
}

func TestSpotOf(t *testing.T) {
	for _, bad := range [][2]string{{"", ""}, {"x", "4"}, {"91", "4"}, {"4", "181"}, {"0", "0"}, {"1e99", "1"}, {"52,1", "4"}} {
		_, ok := spotOf(&ocpi.CDRLocation{Latitude: bad[0], Longitude: bad[1]})
		assert.False(t, ok, bad)
	}
	s, ok := spotOf(&ocpi.CDRLocation{Latitude: "-52.3702161", Longitude: "-0.5"})
	assert.True(t, ok)
	assert.Equal(t, spot{-52370216, -500000}, s)
}

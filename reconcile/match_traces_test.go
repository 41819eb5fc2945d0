package reconcile

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visit is a session of a month in which lines lost or blurred the ids.
type visit struct {
	id, session, evse, contract string
	start                       time.Time
	watthours                   int
	cents                       int
}

func (v *visit) cdr() string {
	energy := fmt.Sprintf("%d.%03d", v.watthours/1000, v.watthours%1000)
	stamp := v.start.Format(time.RFC3339)
	end := v.start.Add(time.Hour).Format(time.RFC3339)
	return fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":%q,"start_date_time":%q,"end_date_time":%q,"session_id":%q,
"cdr_token":{"country_code":"DE","party_id":"EMP","uid":"U%s","type":"RFID","contract_id":%q},"auth_method":"WHITELIST",
"cdr_location":{"id":"L","address":"a","city":"c","country":"NLD","coordinates":{"latitude":"52.1","longitude":"4.1"},"evse_uid":"u%s","evse_id":%q,
"connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"CABLE","connector_power_type":"AC_3_PHASE"},"currency":"EUR",
"tariffs":[{"country_code":"NL","party_id":"CPO","id":"T","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.5,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],
"charging_periods":[{"start_date_time":%q,"dimensions":[{"type":"ENERGY","volume":%s}]}],"total_cost":{"excl_vat":%d.%02d},"total_energy":%s,"total_time":1,"last_updated":%q}`,
		v.id, stamp, end, v.session, v.contract, v.contract, v.evse, v.evse, stamp, energy, v.cents/100, v.cents%100, energy, end)
}

// someVisits draws sessions on few EVSEs, one after another on each.
func someVisits(r *rand.Rand, n int) []visit {
	free := map[string]time.Time{}
	out := make([]visit, n)
	for i := range out {
		evse := fmt.Sprintf("NL*CPO*E%05d*%d", r.IntN(12), 1+r.IntN(2))
		if free[evse].IsZero() {
			free[evse] = time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)
		}
		start := free[evse].Add(time.Duration(1+r.IntN(6*3600)) * time.Second)
		free[evse] = start.Add(time.Hour)
		wh := 500 + r.IntN(40_000)
		out[i] = visit{
			id: fmt.Sprintf("c%d-%04x-%07d", r.IntN(10), r.IntN(1<<16), i), session: fmt.Sprintf("%08x-%d", r.Uint32(), i), evse: evse,
			contract: fmt.Sprintf("DE-EMP-C%08d", r.IntN(60)), start: start, watthours: wh, cents: (wh + 19) / 20,
		}
	}
	return out
}

// blur writes the line of a visit with one kind of noise.
type blur struct {
	name  string
	write func(r *rand.Rand, v visit) (cdr, session, evse, contract string, start time.Time)
}

var blurs = []blur{
	{"as sent", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return v.id, v.session, v.evse, v.contract, v.start
	}},
	{"separators and case", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return strings.ToUpper(strings.ReplaceAll(v.id, "-", "")), "", "", "", time.Time{}
	}},
	{"leading zeros", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "", "000" + v.session, v.evse, "", v.start
	}},
	{"prefix", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "CDR-" + v.id[1:], "", v.evse, "", v.start
	}},
	{"no ids", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "", "", strings.ReplaceAll(v.evse, "*", ""), strings.ReplaceAll(v.contract, "-", ""), v.start
	}},
	{"foreign ids, clock off", func(r *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return fmt.Sprintf("X-%d", r.Uint64()), fmt.Sprintf("Y-%d", r.Uint64()), v.evse, v.contract, v.start.Add(time.Duration(r.IntN(600)-300) * time.Second)
	}},
	{"EVSE alone", func(r *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "", "", strings.ToLower(v.evse), "", v.start.Add(time.Duration(r.IntN(120)) * time.Second)
	}},
	{"contract alone", func(_ *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "", "", "", v.contract, v.start
	}},
	{"local time", func(r *rand.Rand, v visit) (string, string, string, string, time.Time) {
		return "", "", v.evse, v.contract, v.start.Add(time.Duration(1+r.IntN(2)) * time.Hour)
	}},
}

// blurredMonth is a world of visits, of which some have no CDR and some no line, and of each line the CDR that it means.
func blurredMonth(t testing.TB, r *rand.Rand, n int) (w *world, truth, kinds map[string]string) {
	truth, kinds = map[string]string{}, map[string]string{}
	cdrs, csv := []string{}, "invoice_id,line,cdr_id,session_id,evse_id,contract_id,start,kwh,amount_excl_vat,currency\n"
	for i, v := range someVisits(r, n) {
		kind := blurs[r.IntN(len(blurs))]
		line := fmt.Sprint(i + 1)
		fate := r.IntN(10)
		if fate != 0 {
			cdrs = append(cdrs, strings.ReplaceAll(v.cdr(), "\n", ""))
			truth[line] = v.id
		}
		if fate == 1 {
			delete(truth, line)
			continue
		}
		cdr, session, evse, contract, start := kind.write(r, v)
		stamp := ""
		if !start.IsZero() {
			stamp = start.Format(time.RFC3339)
		}
		kinds[line] = kind.name
		csv += fmt.Sprintf("INV,%s,%s,%s,%s,%s,%s,%d.%03d,%d.%02d,EUR\n",
			line, cdr, session, evse, contract, stamp, v.watthours/1000, v.watthours%1000, v.cents/100, v.cents%100)
	}
	return readWorld(t, map[string]string{"cdrs.ndjson": strings.Join(cdrs, "\n"), "invoice.csv": csv}), truth, kinds
}

// A line is never tied to a CDR that it does not mean, and nearly always to the one that it means.
func TestBlurredLinesFindTheirCDRs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	right, means := map[string]int{}, map[string]int{}
	for range 5 {
		w, truth, kinds := blurredMonth(t, r, 400)
		for _, v := range w.judge() {
			for i := range v.Lines {
				l := &v.Lines[i]
				want, kind := truth[l.Line.Line], kinds[l.Line.Line]
				if want != "" {
					means[kind]++
				}
				switch l.Match.State {
				case matchAmbiguous, matchUnmatched:
				default:
					require.Equal(t, want, l.Match.CDRID, "line %s, %s: %s", l.Line.Line, kind, findingTexts(v))
					right[kind]++
				}
			}
		}
	}
	for kind, n := range means {
		t.Logf("%-24s %d of %d", kind, right[kind], n)
		assert.GreaterOrEqual(t, 1000*right[kind], 985*n, kind)
	}
}

func findingTexts(v *GroupVerdict) string {
	var out []string
	for _, l := range v.Lines {
		for _, f := range l.Findings {
			out = append(out, f.Message)
		}
	}
	return strings.Join(out, "\n")
}

// Neither the order of records nor repeats of whole files change what is matched.
func TestBlurredMatchesDoNotHangOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 2 {
		w, _, _ := blurredMonth(t, r, 150)
		want := matchesOf(w.judge())
		w.cdrs = append(w.cdrs, w.cdrs...)
		r.Shuffle(len(w.cdrs), func(i, j int) { w.cdrs[i], w.cdrs[j] = w.cdrs[j], w.cdrs[i] })
		r.Shuffle(len(w.lines), func(i, j int) { w.lines[i], w.lines[j] = w.lines[j], w.lines[i] })
		require.Equal(t, want, matchesOf(w.judge()))
	}
}

func matchesOf(groups []*GroupVerdict) []string {
	var out []string
	for _, v := range groups {
		for _, l := range v.Lines {
			out = append(out, strings.Join([]string{l.Line.Line, l.Match.State, l.Match.Rule, l.Match.CDRID}, " "))
		}
	}
	slices.Sort(out)
	return out
}

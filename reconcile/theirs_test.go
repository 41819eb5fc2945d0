package reconcile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi"
)

// renderTheirs says how the two sides stand: each CDR that is not the same, and who is told what.
func renderTheirs(v *GroupVerdict) []string {
	var out []string
	for i := range v.Theirs {
		if s := &v.Theirs[i]; s.Verdict != SidesSame {
			out = append(out, "side "+sideText(s))
		}
	}
	told := func(whom string, findings []ocpi.Finding) {
		for _, f := range findings {
			if strings.HasPrefix(string(f.Code), "theirs-") || strings.Contains(f.Message, "the debtor itself") {
				out = append(out, fmt.Sprintf("told %s %s %s %s:%d%s %s", whom, f.Severity, f.Code, f.Place.File, f.Place.Line, f.Pointer, f.Message))
			}
		}
	}
	told("-", v.Findings)
	for i := range v.Lines {
		told(v.Lines[i].Line.InvoiceID+"/"+v.Lines[i].Line.Line, v.Lines[i].Findings)
	}
	return out
}

func sideText(s *SideBySide) string {
	id := ""
	for _, c := range []*ocpi.CDR{s.Theirs, s.Ours} {
		if c != nil {
			id = c.ID
		}
	}
	var pointers []string
	for _, d := range s.Differences {
		pointers = append(pointers, strings.TrimSuffix(d.Pointer+":"+string(d.BearsOn), ":"))
	}
	return strings.Join(append([]string{id, string(s.Verdict), text(s.OurCost.BeforeTaxes), text(s.TheirCost.BeforeTaxes)}, pointers...), " ")
}

// sideCDR is a small CDR; which tells its body.
func sideCDR(country, id string, which int) []byte {
	owner := ""
	if country != "" {
		owner = `"country_code":"` + country + `","party_id":"CPO",`
	}
	return fmt.Appendf(nil, `{%s"id":"%s","start_date_time":"2026-09-%02dT10:00:00Z","end_date_time":"2026-10-01T10:00:00Z","currency":"EUR",`+
		`"total_cost":{"excl_vat":%d},"total_energy":%d.50,"last_updated":"2026-10-01T12:00:00Z"}`, owner, id, which+1, which, which)
}

// Exchanging the sides exchanges the verdicts, whatever the order of the records, and every key of either side has one.
func TestSidesBothWays(t *testing.T) {
	opposite := map[SideVerdict]SideVerdict{SidesSame: SidesSame, SidesDiffer: SidesDiffer, OnlyOurs: OnlyTheirs, OnlyTheirs: OnlyOurs}
	rapid.Check(t, func(t *rapid.T) {
		side := func(label string) []CDRInput {
			d := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221})
			var out []CDRInput
			for i := range rapid.IntRange(0, 6).Draw(t, label) {
				raw := sideCDR(rapid.SampledFrom([]string{"NL", "nl", "DE", ""}).Draw(t, "country"), rapid.SampledFrom([]string{"A", "a", "B", "#NA"}).Draw(t, "id"),
					rapid.IntRange(0, 2).Draw(t, "body"))
				c, findings := d.CDR(ocpi.Record{Place: ocpi.Place{File: label, Record: i + 1, Offset: int64(i)}, Bytes: raw})
				require.NotNil(t, c)
				out = append(out, CDRInput{c, findings})
			}
			return out
		}
		ours, theirs := side("ours"), side("theirs")
		terms := (&Case{}).Terms()
		terms.TheirsGiven = true
		there := Judge(&Group{CDRs: ours, Theirs: theirs}, terms)
		back := Judge(&Group{CDRs: theirs, Theirs: ours}, terms)
		var want, got []string
		for i := range there.Theirs {
			s := &there.Theirs[i]
			want = append(want, sideKeyText(s.Theirs, s.Ours, opposite[s.Verdict], s.DifferenceCount))
		}
		for i := range back.Theirs {
			s := &back.Theirs[i]
			got = append(got, sideKeyText(s.Ours, s.Theirs, s.Verdict, s.DifferenceCount))
		}
		require.ElementsMatch(t, want, got)
		var sum, exchanged TwoSidedTally
		for i := range there.Theirs {
			sum.Add(&there.Theirs[i])
		}
		for i := range back.Theirs {
			exchanged.Add(&back.Theirs[i])
		}
		a, b := sum.Result(), exchanged.Result()
		require.Equal(t, []int{a.Same, a.Differ, a.OnlyOurs, a.OnlyTheirs}, []int{b.Same, b.Differ, b.OnlyTheirs, b.OnlyOurs})
		require.Len(t, b.Completeness, len(a.Completeness))
		for i, x := range a.Completeness {
			y := b.Completeness[i]
			y.Delivered, y.Received, y.DifferOurs, y.DifferTheirs, y.Missing, y.Extra = y.Received, y.Delivered, y.DifferTheirs, y.DifferOurs, y.Extra, y.Missing
			require.Equal(t, fmt.Sprint(x), fmt.Sprint(y))
		}
		slices.Reverse(ours)
		slices.Reverse(theirs)
		again := Judge(&Group{CDRs: ours, Theirs: theirs}, terms)
		require.Len(t, again.Theirs, len(there.Theirs))
		for i := range again.Theirs {
			require.Equal(t, sideText(&there.Theirs[i]), sideText(&again.Theirs[i]))
		}
	})
}

func sideKeyText(ours, theirs *ocpi.CDR, v SideVerdict, differences int) string {
	body := func(c *ocpi.CDR) string {
		if c == nil {
			return "-"
		}
		return string(c.Record.Bytes)
	}
	return fmt.Sprintf("%s %d %s %s", v, differences, body(ours), body(theirs))
}

// What the other side holds never changes what is owed, nor which CDR a line finds: here each copy names a session that a line quotes.
func TestTheirsMovesNothing(t *testing.T) {
	files := map[string]string{}
	for i := range 3 {
		files["cdrs.ndjson"] += string(sideCDR("NL", fmt.Sprintf("C%d", i), i)) + "\n"
		files["theirs.ndjson"] += string(bytes.Replace(sideCDR("NL", fmt.Sprintf("C%d", i), i+1), []byte(`"id"`), []byte(`"session_id":"S1","id"`), 1)) + "\n"
	}
	files["invoice.csv"] = "invoice_id,line,country_code,party_id,cdr_id,session_id,amount_excl_vat,currency\n" +
		"I,1,NL,CPO,C0,,1.00,EUR\nI,2,NL,CPO,C1,,1.00,EUR\nI,3,NL,CPO,,S1,1.00,EUR\n"
	with := readWorld(t, files)
	delete(files, "theirs.ndjson")
	without := readWorld(t, files)
	a, b := map[string]string{}, map[string]string{}
	for _, run := range []struct {
		w    *world
		into map[string]string
	}{{with, a}, {without, b}} {
		for _, v := range run.w.judge() {
			for i := range v.Lines {
				run.into[v.Lines[i].Line.Line] = renderLine(&v.Lines[i]) + fmt.Sprint(renderExtras(&v.Lines[i]))
			}
		}
	}
	assert.Len(t, a, 3)
	assert.Equal(t, b, a)
}

func TestBearingOf(t *testing.T) {
	for pointer, want := range map[string]BearsOn{
		"": BearsOnPrice, "/total_energy": BearsOnQuantity, "/charging_periods/0/dimensions/1/volume": BearsOnQuantity, "/charging_periods/2/tariff_id": BearsOnPrice,
		"/total_cost/excl_vat": BearsOnPrice, "/tariffs/0/elements/0/price_components/0/price": BearsOnPrice, "/tariffs/0/tariff_alt_text/0/text": BearsOnNothing,
		"/cdr_location/name": BearsOnNothing, "/cdr_location/coordinates/latitude": BearsOnNothing, "/cdr_location/id": BearsOnPrice, "/cdr_location": BearsOnPrice,
		"/remark": BearsOnNothing, "/last_updated": BearsOnNothing, "/end_date_time": BearsOnQuantity, "/auth_method": BearsOnNothing,
	} {
		assert.Equal(t, want, BearingOf(pointer), pointer)
	}
}

// The debtor's copy joins groups and ties none of ours to another: without its records the groups are those of the others alone.
func TestTheirsTieNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := make([]Identity, rapid.IntRange(0, 12).Draw(t, "ours"))
		for i := range ids {
			ids[i] = drawIdentity(t)
		}
		own := int32(len(ids))
		alone := Settle(kept(ids), inTurn)
		for range rapid.IntRange(0, 8).Draw(t, "theirs") {
			id := drawIdentity(t)
			ids = append(ids, Identity{Kind: TheirRecord, CDRID: id.CDRID, SessionID: id.SessionID})
		}
		all := 0
		var groups [][]int32
		for _, members := range Settle(kept(ids), inTurn) {
			all += len(members)
			if left := slices.DeleteFunc(slices.Clone(members), func(i int32) bool { return i >= own }); len(left) > 0 {
				groups = append(groups, left)
			}
		}
		require.Len(t, ids, all)
		require.Equal(t, fmt.Sprint(alone), fmt.Sprint(groups))
	})
}

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

// renderTheirs says how the two sides stand: each CDR and session that is not the same, and who is told what.
func renderTheirs(v *GroupVerdict) []string {
	var out []string
	for _, sides := range [][]SideBySide{v.Theirs, v.TheirSessions} {
		for i := range sides {
			if s := &sides[i]; s.Verdict != SidesSame {
				out = append(out, "side "+sideText(s))
			}
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
	id := s.Either().ID
	if s.Either().Kind == ocpi.KindSession {
		id = "session " + id
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

// sideSession is a small session; which tells its state, the later ones the greater.
func sideSession(country, id string, which int) []byte {
	owner := ""
	if country != "" {
		owner = `"country_code":"` + country + `","party_id":"CPO",`
	}
	return fmt.Appendf(nil, `{%s"id":"%s","start_date_time":"2026-09-%02dT10:00:00Z","kwh":%d.50,"currency":"EUR","status":"%s","total_cost":{"excl_vat":%d},`+
		`"last_updated":"2026-10-01T1%d:00:00Z"}`, owner, id, which+1, which, []string{"ACTIVE", "COMPLETED", "INVALID"}[which], which, which)
}

// drawSide is the CDRs and sessions of one side.
func drawSide(t *rapid.T, label string) (cdrs []CDRInput, sessions []SessionInput) {
	d := ocpi.NewDecoder(ocpi.Options{Version: ocpi.V221})
	draw := func(i int, body func(country, id string, which int) []byte) ocpi.Record {
		country, id := rapid.SampledFrom([]string{"NL", "nl", "DE", ""}).Draw(t, "country"), rapid.SampledFrom([]string{"A", "a", "B", "#NA"}).Draw(t, "id")
		return ocpi.Record{Place: ocpi.Place{File: label, Record: i + 1, Offset: int64(i)}, Bytes: body(country, id, rapid.IntRange(0, 2).Draw(t, "body"))}
	}
	for i := range rapid.IntRange(0, 6).Draw(t, label) {
		c, findings := d.CDR(draw(i, sideCDR))
		require.NotNil(t, c)
		cdrs = append(cdrs, CDRInput{c, findings})
	}
	for i := range rapid.IntRange(0, 6).Draw(t, label+" sessions") {
		s, findings := d.Session(draw(i, sideSession))
		require.NotNil(t, s)
		sessions = append(sessions, SessionInput{s, findings})
	}
	return cdrs, sessions
}

// Exchanging the sides exchanges the verdicts, whatever the order of the records, and every key of either side has one.
func TestSidesBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours, ourSessions := drawSide(t, "ours")
		theirs, theirSessions := drawSide(t, "theirs")
		terms := (&Case{}).Terms()
		terms.TheirsGiven, terms.TheirSessionsGiven = true, true
		there := Judge(&Group{CDRs: ours, Sessions: ourSessions, Theirs: theirs, TheirSessions: theirSessions}, terms)
		back := Judge(&Group{CDRs: theirs, Sessions: theirSessions, Theirs: ours, TheirSessions: ourSessions}, terms)
		slices.Reverse(ours)
		slices.Reverse(ourSessions)
		slices.Reverse(theirs)
		slices.Reverse(theirSessions)
		again := Judge(&Group{CDRs: ours, Sessions: ourSessions, Theirs: theirs, TheirSessions: theirSessions}, terms)
		requireExchanged(t, there.Theirs, back.Theirs)
		requireExchanged(t, there.TheirSessions, back.TheirSessions)
		requireSameSides(t, there.Theirs, again.Theirs)
		requireSameSides(t, there.TheirSessions, again.TheirSessions)
	})
}

// requireExchanged wants the verdicts of exchanged sides.
func requireExchanged(t *rapid.T, there, back []SideBySide) {
	opposite := map[SideVerdict]SideVerdict{SidesSame: SidesSame, SidesDiffer: SidesDiffer, OnlyOurs: OnlyTheirs, OnlyTheirs: OnlyOurs}
	var want, got []string
	var sum, exchanged TwoSidedTally
	for i := range there {
		s := &there[i]
		want = append(want, sideKeyText(s.Theirs, s.Ours, opposite[s.Verdict], s.DifferenceCount))
		sum.Add(s)
	}
	for i := range back {
		s := &back[i]
		got = append(got, sideKeyText(s.Ours, s.Theirs, s.Verdict, s.DifferenceCount))
		exchanged.Add(s)
	}
	require.ElementsMatch(t, want, got)
	a, b := sum.Result(), exchanged.Result()
	require.Equal(t, []int{a.Same, a.Differ, a.OnlyOurs, a.OnlyTheirs}, []int{b.Same, b.Differ, b.OnlyTheirs, b.OnlyOurs})
	require.Len(t, b.Completeness, len(a.Completeness))
	for i, x := range a.Completeness {
		y := b.Completeness[i]
		y.Delivered, y.Received, y.DifferOurs, y.DifferTheirs, y.Missing, y.Extra = y.Received, y.Delivered, y.DifferTheirs, y.DifferOurs, y.Extra, y.Missing
		require.Equal(t, fmt.Sprint(x), fmt.Sprint(y))
	}
}

func requireSameSides(t *rapid.T, want, got []SideBySide) {
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, sideText(&want[i]), sideText(&got[i]))
	}
}

func sideKeyText(ours, theirs *SideRecord, v SideVerdict, differences int) string {
	body := func(c *SideRecord) string {
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
		assert.Equal(t, want, BearingOf(ocpi.KindCDR, pointer), pointer)
	}
	for pointer, want := range map[string]BearsOn{
		"": BearsOnPrice, "/kwh": BearsOnQuantity, "/status": BearsOnQuantity, "/charging_periods/0/dimensions/0/volume": BearsOnQuantity,
		"/charging_periods/0/tariff_id": BearsOnPrice, "/total_cost/excl_vat": BearsOnPrice, "/total_cost": BearsOnPrice, "/end_datetime": BearsOnQuantity,
		"/meter_id": BearsOnNothing, "/cdr_token/uid": BearsOnNothing, "/last_updated": BearsOnNothing, "/evse_uid": BearsOnNothing,
	} {
		assert.Equal(t, want, BearingOf(ocpi.KindSession, pointer), pointer)
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
		alone := listsOf(Settle(kept(ids), inTurn))
		for range rapid.IntRange(0, 8).Draw(t, "theirs") {
			id := drawIdentity(t)
			ids = append(ids, Identity{Kind: TheirRecord, CDRID: id.CDRID, SessionID: id.SessionID})
		}
		for range rapid.IntRange(0, 8).Draw(t, "their sessions") {
			ids = slices.Insert(ids, int(own), Identity{Kind: TheirSessionRecord, SessionID: drawIdentity(t).SessionID})
		}
		all := 0
		var groups [][]int32
		for _, members := range Settle(kept(ids), inTurn).All() {
			all += len(members)
			if left := slices.DeleteFunc(slices.Clone(members), func(i int32) bool { return i >= own }); len(left) > 0 {
				groups = append(groups, left)
			}
		}
		require.Len(t, ids, all)
		require.Equal(t, fmt.Sprint(alone), fmt.Sprint(groups))
	})
}

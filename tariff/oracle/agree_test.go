package oracle_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	engine "github.com/nexacollect/reconcile/tariff"
)

var (
	count = flag.Int("cdrs", 2000, "how many random CDRs are priced twice")
	seed  = flag.Uint64("seed", 1, "where they begin")
)

// Engine and oracle price the same random CDRs alike: the total and each part of it before and after taxes, energy, times, what
// blocks; and once more with the periods split where a component changes.
func TestEngineAgreesWithOracle(t *testing.T) {
	var seen coverage
	if testing.Short() {
		*count = min(*count, 200)
	}
	for n := range uint64(*count) {
		ex := randomExample(*seed, n)
		raw := marshal(ex.cdr)
		seen.note(raw)
		walk := n%8 == 0 // it is slow
		if diff := disagree(raw, ex.version, ex.zone, walk, &seen); diff != "" {
			small := shrink(ex)
			raw = marshal(small.cdr)
			t.Fatalf("seed %d, CDR %d: %s\nmade smaller: %s\nto keep it, write to testdata/kept/NAME.txtar:\n%s %s\n-- cdr.json --\n%s",
				*seed, n, diff, disagree(raw, ex.version, ex.zone, true, nil), ex.version, ex.zone, raw)
		}
	}
	seen.require(t, *count)
}

// Sessions on which engine and oracle once differed. The comment of an archive begins with version and zone.
func TestKeptSessionsAgree(t *testing.T) {
	files, err := filepath.Glob("testdata/kept/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			require.NoError(t, err)
			words := strings.Fields(string(a.Comment))
			require.Empty(t, disagree(a.Files[0].Data, words[0], words[1], true, nil))
		})
	}
}

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// disagree prices a CDR twice, and where walk is set split as well, and says where the two differ, "" where they do not.
func disagree(raw []byte, version, zone string, walk bool, seen *coverage) string {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return err.Error()
	}
	s, err := decode(raw, version, location)
	if err != nil {
		return "the oracle cannot read this: " + err.Error()
	}
	in, why := input(raw, version, zone)
	if why != "" {
		return why
	}
	res := engine.Price(in)
	if blocked := s.govern(); blocked != "" || res.Blocked != nil {
		return differ("blocked", blocked, code(res.Blocked))
	}
	declared := s.declared()
	want := s.price(declared)
	if diff := compare(want, res, slack(res.Sheet)); diff != "" {
		return diff
	}
	seen.price(want)
	if !walk || s.feedsBack() {
		return "" // the engine does not look for thresholds that are passed downwards
	}
	pieces := s.walked()
	if len(pieces) > len(declared) {
		seen.count("split")
	}
	return compareSplit(s, pieces, in, res)
}

// compareSplit holds the split price beside the price as declared, and the price of one who asks for it, to the walk.
func compareSplit(s *session, pieces []piece, in engine.Input, res *engine.Result) string {
	want, within := s.price(pieces), s.drift(pieces)
	within.Add(within, slack(res.Sheet))
	if diff := differ("boundaries", fmt.Sprint(len(pieces)-len(s.spans)), fmt.Sprint(res.Boundaries)); diff != "" {
		return diff
	}
	if res.Boundaries > 0 {
		if diff := compareMoney("split price", want.cost, res.Split, within); diff != "" {
			return diff
		}
	}
	in.Split = true
	if diff := compare(want, engine.Price(in), within); diff != "" {
		return "priced as split: " + diff
	}
	return ""
}

func input(raw []byte, version, zone string) (engine.Input, string) {
	v, _ := ocpi.ParseVersion(version)
	c, findings := ocpi.NewDecoder(ocpi.Options{Version: v}).CDR(ocpi.Record{Bytes: raw})
	if block := ocpi.FirstBlock(findings); block != nil {
		return engine.Input{}, fmt.Sprintf("the decoder refuses this: %v", *block)
	}
	z, _ := engine.ResolveZone(c, nil, zone)
	return engine.Input{CDR: c, Zone: z}, ""
}

func code(f *ocpi.Finding) string {
	if f == nil {
		return ""
	}
	return string(f.Code)
}

func compare(want outcome, res *engine.Result, within *big.Rat) string {
	totals := &res.Totals
	for _, m := range []struct {
		name string
		want money
		got  engine.Money
	}{
		{"total_fixed_cost", want.fixed, totals.FixedCost}, {"total_energy_cost", want.energy, totals.EnergyCost},
		{"total_time_cost", want.time, totals.TimeCost}, {"total_parking_cost", want.parking, totals.ParkingCost},
		{"total_reservation_cost", want.reservation, totals.ReservationCost}, {"total_cost", want.cost, totals.Cost},
	} {
		if diff := compareMoney(m.name, m.want, m.got, within); diff != "" {
			return diff
		}
	}
	for _, q := range []struct {
		name string
		want *big.Rat
		got  exact.Decimal
	}{
		{"total_energy", want.kWh, totals.EnergyKWh}, {"total_time", want.hours, totals.TimeHours},
		{"total_parking_time", want.parkingHours, totals.ParkingTimeHours}, {"charging time", want.chargingHours, totals.ChargingTimeHours},
	} {
		if diff := compareNumber(q.name, q.want, ocpi.Number{Value: q.got, Present: true}, within); diff != "" {
			return diff
		}
	}
	return ""
}

func compareMoney(name string, want money, got engine.Money, within *big.Rat) string {
	if diff := compareNumber(name+" before taxes", want.net, got.BeforeTaxes, within); diff != "" {
		return diff
	}
	return compareNumber(name+" after taxes", want.gross, got.AfterTaxes, within)
}

func compareNumber(name string, want *big.Rat, got ocpi.Number, within *big.Rat) string {
	if want == nil || !got.Present {
		return differ(name+" known", fmt.Sprint(want != nil), fmt.Sprint(got.Present))
	}
	have, ok := new(big.Rat).SetString(got.Value.String())
	if !ok {
		return name + " is no number: " + got.Value.String()
	}
	off := new(big.Rat).Sub(want, have)
	if off.Abs(off).Cmp(within) > 0 {
		return differ(name, want.FloatString(20), have.FloatString(20))
	}
	return ""
}

func differ(name, want, got string) string {
	if want == got {
		return ""
	}
	return fmt.Sprintf("%s: oracle %q, engine %q", name, want, got)
}

// slack is how far a total may lie from the exact one: nothing where the sheet divides nothing; else, for each division, half of the
// eighteenth decimal that a Sheet promises, and as much again for the taxes on it.
func slack(sheet *engine.Sheet) *big.Rat {
	const promised = 18
	divisions := int64(0)
	for _, step := range sheet.Steps() {
		switch step.Op {
		case engine.OpPerHour, engine.OpNetOfGross, engine.OpShare:
			if step.Places < promised {
				panic(fmt.Sprintf("a division to %d decimals", step.Places))
			}
			divisions++
		case engine.OpRound:
			panic("a rounding that no rule asked for")
		}
	}
	return new(big.Rat).SetFrac(big.NewInt(divisions), new(big.Int).Exp(big.NewInt(10), big.NewInt(promised), nil))
}

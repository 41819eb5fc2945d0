package tariff

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

func usualSheet(t *testing.T) (*Sheet, Input, *Result) {
	in := usual(t)
	res := Price(in)
	require.Nil(t, res.Blocked)
	return res.Sheet, in, res
}

// A changed result is found by replaying, a changed leaf by reading it again.
func TestTamperingIsFound(t *testing.T) {
	s, in, res := usualSheet(t)
	require.NoError(t, s.Verify())
	cent := exact.MustParse("0.01")
	for i := range s.steps {
		st := &s.steps[i]
		if st.Op == OpConst {
			continue
		}
		was := st.Value
		st.Value = was.Add(cent)
		if st.Op == OpInput || st.Op == OpSeconds {
			require.Error(t, s.CheckLeaves(resolver(in, res)), "step %d", i+1)
		} else {
			require.Error(t, s.Verify(), "step %d", i+1)
		}
		st.Value = was
	}
	require.NoError(t, s.Verify())
}

func TestVerifyRefusesNonsense(t *testing.T) {
	one := exact.FromInt(1)
	for name, steps := range map[string][]Step{
		"no operation":            {{}},
		"an unknown operation":    {{Op: opCount}},
		"a missing argument":      {{Op: OpNeg, Value: one}},
		"a later argument":        {{Op: OpNeg, Args: [2]Ref{1}, Value: one}},
		"too many arguments":      {{Op: OpConst, Value: one}, {Op: OpNeg, Args: [2]Ref{1, 1}, Value: one.Neg()}},
		"a note with a value":     {{Op: OpNote, Value: one}},
		"a step of zero":          {{Op: OpConst}, {Op: OpConst, Value: one}, {Op: OpCeilStep, Args: [2]Ref{2, 1}, Value: one}},
		"a division by zero":      {{Op: OpConst}, {Op: OpConst, Value: one}, {Op: OpShare, Args: [2]Ref{2, 1}, Mode: exact.HalfEven}},
		"a rate of −100":          {{Op: OpConst, Value: exact.FromInt(-100)}, {Op: OpNetOfGross, Args: [2]Ref{1, 1}, Mode: exact.HalfEven}},
		"a rounding without mode": {{Op: OpConst, Value: one}, {Op: OpRound, Args: [2]Ref{1}, Value: one}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, (&Sheet{steps: steps}).Verify())
		})
	}
}

func TestSheetJSONIsStrict(t *testing.T) {
	s, _, _ := usualSheet(t)
	b, err := json.Marshal(s)
	require.NoError(t, err)
	text := string(b)
	for name, change := range map[string][2]string{
		"an unknown operation":  {`"op":"mul"`, `"op":"multiply"`},
		"an unknown member":     {`"op":"mul"`, `"colour":"red","op":"mul"`},
		"a forward reference":   {`"args":[2,`, `"args":[200,`},
		"a wrong number":        {`{"n":2,`, `{"n":3,`},
		"a missing value":       {`"value":"12.35",`, ``},
		"a value that is none":  {`"value":"12.35"`, `"value":"x"`},
		"an unknown document":   {`"doc":"cdr"`, `"doc":"letter"`},
		"an unknown mode":       {`"mode":"half-even"`, `"mode":"half"`},
		"a tariff out of place": {`"doc":"cdr"`, `"doc":"cdr","tariff":1`},
		"a missing argument":    {`"op":"per-hour","args":[`, `"op":"per-hour","args":[1,`},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(text, change[0], change[1], 1)
			require.NotEqual(t, text, changed)
			require.Error(t, json.Unmarshal([]byte(changed), new(Sheet)))
		})
	}
}

// Text shows every step on one line, with its number first.
func TestTextIsComplete(t *testing.T) {
	s, _, res := usualSheet(t)
	lines := s.Text()
	require.Len(t, lines, len(s.Steps()))
	for _, line := range lines {
		require.NotContains(t, line, "\n")
	}
	require.Contains(t, lines[len(lines)-1], res.Totals.Cost.AfterTaxes.Value.Plain()+" EUR")
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"periods 1 to 2: ENERGY is priced by element 1",
		"[cdr#/charging_periods/0/dimensions/0/volume]",
		"only the parking total is rounded",
		"charged once",
		"÷ 3600, to 18 decimals half-even",
	} {
		require.Contains(t, all, want)
	}
}

// Supplied tariffs are documents of their own.
func TestLeavesOfSuppliedTariffs(t *testing.T) {
	in := draft{periods: "60 ENERGY 1.0005", tariffs: one("ENERGY 9")}.input(t)
	other := draft{periods: "60 ENERGY 1", tariffs: []draftTariff{{elements: "ENERGY 2@20", extra: `,"min_price":{"excl_vat":7}`}}}.input(t)
	in.Supplied, in.Source = other.CDR.Tariffs, Given
	res := mustPrice(t, in)
	require.Equal(t, "7/-", outcome(res))
	require.True(t, res.Supplied)
	found := false
	for i := range res.Sheet.Steps() {
		st := res.Sheet.Step(Ref(i + 1))
		if st.Doc == DocTariff && st.Op == OpInput {
			found = true
			require.False(t, strings.HasPrefix(st.Pointer(), "/tariffs"), st.Pointer())
		}
	}
	require.True(t, found)
}

func TestEveryRuleIsExplained(t *testing.T) {
	for rule, text := range ruleDocs {
		require.NotEmpty(t, text, rule)
		require.True(t, strings.HasSuffix(text, "."), rule)
	}
	_, ok := RuleDoc("no-such-rule")
	require.False(t, ok)
}

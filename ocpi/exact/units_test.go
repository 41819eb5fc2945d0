package exact

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Units with the mode's own rule is Round.
func TestPropUnitsRound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a := New(rapid.Int64().Draw(r, "coefficient"), rapid.Int32Range(-3, 25).Draw(r, "scale"))
		if rapid.Bool().Draw(r, "product") {
			a = a.Mul(New(rapid.Int64().Draw(r, "by"), rapid.Int32Range(0, 25).Draw(r, "scale of it")))
		}
		places := rapid.Int32Range(0, 8).Draw(r, "places")
		n, rest, ok := a.Units(places)
		truncated := a.Abs().Round(places, Down)
		if !ok {
			require.True(r, New(1<<62, places).Less(truncated) || !a.InWords(), "%s to %d", a, places)
			return
		}
		require.True(r, New(n, places).Equal(truncated), "%s to %d: %d", a, places, n)
		for _, mode := range []Mode{HalfUp, HalfEven, Down, Up, Floor, Ceiling} {
			v := FromInt(n)
			if mode.Away(a.Sign() < 0, n%2 == 1, rest) {
				v = v.Add(FromInt(1))
			}
			if a.Sign() < 0 {
				v = v.Neg()
			}
			require.True(r, v.Shift(-places).Equal(a.Round(places, mode)), "%s to %d by %d: %s", a, places, mode, v)
		}
	})
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int32
		n      int64
		rest   Rest
		ok     bool
	}{
		{"1.005", 2, 100, Half, true},
		{"-1.0051", 2, 100, AboveHalf, true},
		{"1.0049", 2, 100, BelowHalf, true},
		{"1.2", 4, 12000, NoRest, true},
		{"0.0000000000000000000000000000000000000000009", 0, 0, BelowHalf, true},
		{"92233720368547758.07", 2, 9223372036854775807, NoRest, true},
		{"92233720368547758.08", 2, 0, NoRest, false},
		{"1234567890123456789012345678901234567890", 2, 0, NoRest, false},
		{"123456789012345678901234567890", 30, 0, NoRest, false},
	} {
		n, rest, ok := MustParse(c.text).Units(c.places)
		require.Equal(t, c.ok, ok, c.text)
		if ok {
			require.Equal(t, c.n, n, c.text)
			require.Equal(t, c.rest, rest, c.text)
		}
	}
}

package exact

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNotations(t *testing.T) {
	for _, c := range []struct{ text, held, plain, fixed2, output string }{
		{"0", "0", "0", "0.00", "0"},
		{"-0.000", "0.000", "0", "0.00", "0"},
		{"10.60", "10.60", "10.6", "10.60", "10.6"},
		{"10.6", "10.6", "10.6", "10.60", "10.6"},
		{"10.625", "10.625", "10.625", "10.625", "10.625"},
		{"10.6250", "10.6250", "10.625", "10.625", "10.625"},
		{"10.6000", "10.6000", "10.6", "10.60", "10.6"},
		{"-0.05", "-0.05", "-0.05", "-0.05", "-0.05"},
		{"1000", "1000", "1000", "1000.00", "1000"},
		{"1000.0", "1000.0", "1000", "1000.00", "1000"},
		{"1e3", "1000", "1000", "1000.00", "1000"},
		{"1e-13", "0.0000000000001", "0.0000000000001", "0.0000000000001", "0"},
		{"-1e-13", "-0.0000000000001", "-0.0000000000001", "-0.0000000000001", "0"},
		{"0.0000000000005", "0.0000000000005", "0.0000000000005", "0.0000000000005", "0"},
		{"-0.0000000000015", "-0.0000000000015", "-0.0000000000015", "-0.0000000000015", "-0.000000000002"},
		{"0.9999999999995", "0.9999999999995", "0.9999999999995", "0.9999999999995", "1"},
		{max64, max64, max64, max64 + ".00", max64},
		{pow64 + ".10", pow64 + ".10", pow64 + ".1", pow64 + ".10", pow64 + ".1"},
		{max128, max128, max128, max128 + ".00", max128},
		{"-" + pow128 + ".50", "-" + pow128 + ".50", "-" + pow128 + ".5", "-" + pow128 + ".50", "-" + pow128 + ".5"},
		{"10000000000000000000", "10000000000000000000", "10000000000000000000", "10000000000000000000.00",
			"10000000000000000000"},
		{ten38, ten38, ten38, ten38 + ".00", ten38},
		{"1e-64", "0." + strings.Repeat("0", 63) + "1", "0." + strings.Repeat("0", 63) + "1",
			"0." + strings.Repeat("0", 63) + "1", "0"},
	} {
		d := MustParse(c.text)
		assert.Equal(t, c.held, d.String())
		assert.Equal(t, "x"+c.held, string(d.Append([]byte("x"))))
		assert.Equal(t, c.plain, d.Plain())
		assert.Equal(t, c.plain, d.Fixed(0))
		assert.Equal(t, c.plain, d.Fixed(-1))
		assert.Equal(t, c.fixed2, d.Fixed(2))
		assert.Equal(t, c.output, d.Output())
		text, err := json.Marshal(d)
		require.NoError(t, err)
		assert.Equal(t, `"`+c.output+`"`, string(text))
	}
	assert.Equal(t, "1"+strings.Repeat("0", 100), New(1, -100).String())
	assert.Equal(t, "1"+strings.Repeat("0", 100)+".00", New(1, -100).Fixed(2))
}

func TestUnmarshalJSON(t *testing.T) {
	for text, want := range map[string]string{
		`1.50`: "1.50", `"1.50"`: "1.50", `-2e3`: "-2000", `"-2e3"`: "-2000", ` 7 `: "7", `"-0.0"`: "0.0",
	} {
		var d Decimal
		require.NoError(t, json.Unmarshal([]byte(text), &d), text)
		assert.Equal(t, want, d.String())
	}
	for text, want := range map[string]error{
		`""`: ErrSyntax, `" 1"`: ErrSyntax, `"1 "`: ErrSyntax, `"+1"`: ErrSyntax, `"\u0031"`: ErrSyntax, `null`: ErrSyntax,
		`true`: ErrSyntax, `[1]`: ErrSyntax, `"\"1\""`: ErrSyntax, `"NaN"`: ErrSyntax, `"1,5"`: ErrSyntax, `1e64`: ErrRange,
		`"1e-65"`: ErrRange,
	} {
		d := FromInt(42)
		assert.ErrorIs(t, json.Unmarshal([]byte(text), &d), want, text)
		assert.Equal(t, FromInt(42), d)
	}
	for _, text := range []string{`"`, `"1`, `1"`, `""1""`, ``} {
		var d Decimal
		assert.ErrorIs(t, d.UnmarshalJSON([]byte(text)), ErrSyntax, text)
	}
}

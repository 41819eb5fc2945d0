package ocpi

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestItems(t *testing.T) {
	raw := []byte("\xef\xbb\xbf { \"a\" : [1, {\"b\":2}] ,\n\"\\u0062\":null,\"a\":\"x,}\" } ")
	items, ok := Items(raw)
	require.True(t, ok)
	var names, texts, values []string
	for _, it := range items {
		names = append(names, it.Name)
		texts = append(texts, string(raw[it.Start:it.End]))
		values = append(values, string(raw[it.Value:it.End]))
	}
	assert.Equal(t, []string{"a", "b", "a"}, names)
	assert.Equal(t, []string{"\"a\" : [1, {\"b\":2}]", "\"\\u0062\":null", "\"a\":\"x,}\""}, texts)
	assert.Equal(t, []string{"[1, {\"b\":2}]", "null", "\"x,}\""}, values)

	list, ok := Items([]byte(" [ 1,[2,3] , {} ]"))
	require.True(t, ok)
	require.Len(t, list, 3)
	assert.Equal(t, Item{Start: 5, Value: 5, End: 10}, list[1])

	for _, empty := range []string{"{}", "[ ]"} {
		items, ok = Items([]byte(empty))
		assert.True(t, ok, empty)
		assert.Empty(t, items, empty)
	}
	for _, wrong := range []string{"", "7", `"x"`, `{"a":1`, `[1 2]`, `{a:1}`} {
		_, ok = Items([]byte(wrong))
		assert.False(t, ok, wrong)
	}
}

func TestMeantMember(t *testing.T) {
	for pointer, want := range map[string]string{
		"/elements/3/restrictions/maxKwh":      "max_kwh",
		"/elements/0/restrictions/0/dayOfWeek": "day_of_week",
		"/elements/restrictions/start_tiem":    "start_time",
		"/elements/0/restriction":              "restrictions",
		"/elements/0/price_components/1/vta":   "",
		"/elements/0/price_components/1/Price": "price",
		"/minPrice":                            "min_price",
		"/min_price/exclVat":                   "excl_vat",
		"/elements/0/max_kwh":                  "", // belongs into the restrictions: no misspelling
		"/energy_mix/is_green":                 "",
		"elements":                             "",
		"":                                     "",
	} {
		got, ok := MeantMember(pointer)
		assert.Equal(t, want, got, pointer)
		assert.Equal(t, want != "", ok, pointer)
	}
}

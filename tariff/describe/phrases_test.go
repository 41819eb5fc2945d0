package describe

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// collect gathers the placeholders of every phrase by its path; an empty phrase is an error.
func collect(t *testing.T, path string, v reflect.Value, into map[string]string) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		assert.NotEmpty(t, v.String(), path)
		names := placeholder.FindAllString(v.String(), -1)
		slices.Sort(names)
		into[path] = fmt.Sprint(names)
	case reflect.Struct:
		for i := range v.NumField() {
			collect(t, path+"."+v.Type().Field(i).Name, v.Field(i), into)
		}
	case reflect.Array:
		for i := range v.Len() {
			collect(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collect(t, path+"."+key.String(), v.MapIndex(key), into)
		}
	default:
		require.Fail(t, "a phrase of an unknown kind", path)
	}
}

// Every language has every phrase, and each says the same things.
func TestEveryLanguageHasEveryPhrase(t *testing.T) {
	require.Len(t, phrasesOf, len(Languages))
	want := map[string]string{}
	collect(t, "", reflect.ValueOf(english), want)
	for _, lang := range Languages {
		got := map[string]string{}
		collect(t, "", reflect.ValueOf(*phrasesOf[lang]), got)
		assert.Equal(t, want, got, lang)
	}
}

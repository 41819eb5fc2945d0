package zone

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLoad(t *testing.T) {
	l, err := Load("Europe/Amsterdam")
	require.NoError(t, err)
	require.Equal(t, "Europe/Amsterdam", l.String())
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	require.Equal(t, 14, at.In(l).Hour())
	again, err := Load("Europe/Amsterdam")
	require.NoError(t, err)
	require.Same(t, l, again)
	for _, name := range []string{"", "Local", "Europe", "Europe/", "../etc/passwd", "Nowhere/Land", "europe/amsterdam "} {
		_, err := Load(name)
		require.Error(t, err, name)
	}
}

func TestOfCountry(t *testing.T) {
	for country, want := range map[string]string{
		"NL": "Europe/Amsterdam", "NLD": "Europe/Amsterdam", "deu": "Europe/Berlin", "DE": "Europe/Berlin", "BEL": "Europe/Brussels",
		"ESP": "", "PT": "", "USA": "", "": "", "ZZ": "",
	} {
		name, ok := OfCountry(country)
		require.Equal(t, want != "", ok, country)
		require.Equal(t, want, name, country)
	}
}

func TestEveryCountryHasItsZone(t *testing.T) {
	n := 0
	for line := range strings.Lines(countries) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		n++
		require.Len(t, fields, 3, line)
		_, err := Load(fields[2])
		require.NoError(t, err)
	}
	require.Equal(t, 221, n)
}

// Germany has two zones in zone.tab; one may stand for the other only while their clocks agree.
func TestGermanyKeepsOneTime(t *testing.T) {
	berlin, err := Load("Europe/Berlin")
	require.NoError(t, err)
	busingen, err := Load("Europe/Busingen")
	require.NoError(t, err)
	for at := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2038; at = at.Add(6 * time.Hour) {
		_, a := at.In(berlin).Zone()
		_, b := at.In(busingen).Zone()
		require.Equal(t, a, b, at)
	}
}

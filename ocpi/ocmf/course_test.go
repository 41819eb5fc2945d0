package ocmf

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// courseOf is the course of signed values with the payloads; nobody has signed them.
func courseOf(payloads ...string) *Course {
	data := &ocpi.SignedData{EncodingMethod: "OCMF"}
	for _, p := range payloads {
		data.SignedValues = append(data.SignedValues, ocpi.SignedValue{SignedData: "OCMF|" + p + `|{"SD":"00"}`})
	}
	return CourseOf(data)
}

func TestCourseFalls(t *testing.T) {
	begin, end := at(0, "B", "10.5"), at(30, "E", "22.75")
	for name, c := range map[string]struct {
		payloads []string
		want     string // from and to
	}{
		"rises":                      {[]string{payloadOf("1", begin, at(10, "C", "15"), end)}, ""},
		"stands still":               {[]string{payloadOf("1", begin, at(10, "C", "10.5"), end)}, ""},
		"readings repeated":          {[]string{payloadOf("1", begin), payloadOf("1", begin, end), payloadOf("1", end)}, ""},
		"in any order":               {[]string{payloadOf("1", end, at(10, "C", "15"), begin)}, ""},
		"falls":                      {[]string{payloadOf("1", begin, at(10, "C", "15"), at(20, "C", "14"), end)}, "15 14"},
		"falls between records":      {[]string{payloadOf("1", begin, at(10, "C", "15")), payloadOf("1", at(20, "C", "14"), end)}, "15 14"},
		"below the begin":            {[]string{payloadOf("1", begin, at(30, "E", "10.4"))}, "10.5 10.4"},
		"in another unit":            {[]string{payloadOf("1", begin, edit(at(10, "C", "12000"), "kWh", "Wh"), end)}, ""},
		"falls in another unit":      {[]string{payloadOf("1", begin, edit(at(10, "C", "10400"), "kWh", "Wh"), end)}, "10.5 10400"},
		"two values at one moment":   {[]string{payloadOf("1", begin, at(10, "C", "15"), at(10, "T", "14"), end)}, ""},
		"each register by itself":    {[]string{payloadOf("1", begin, of(10, "C", "1", "1-b:1.8.1"), of(20, "C", "2", "1-b:1.8.1"), end)}, ""},
		"energy fed back may fall":   {[]string{payloadOf("1", begin, of(10, "C", "3", "1-b:2.8.0"), of(20, "C", "2", "1-b:2.8.0"), end)}, ""},
		"the meter says it is bad":   {[]string{payloadOf("1", begin, edit(at(10, "C", "5"), `"G"`, `"F"`), end)}, ""},
		"meters are not one another": {[]string{payloadOf("1", begin), payloadOf("2", at(30, "E", "1"))}, ""},
	} {
		got := courseOf(c.payloads...)
		if c.want == "" {
			assert.Nil(t, got.Fall, name)
			continue
		}
		require.NotNil(t, got.Fall, name)
		assert.Equal(t, c.want, got.Fall.From.Value.Value.String()+" "+got.Fall.To.Value.Value.String(), name)
	}
}

func TestCourseTellsEnergyAndTimes(t *testing.T) {
	got := courseOf(payloadOf("4711", at(0, "B", "10.5"), at(10, "C", "15")), payloadOf("4711", at(30, "E", "22.75")))
	assert.Equal(t, "12.25", got.Energy.KWh.String())
	assert.Equal(t, "meter 4711", got.Meter)
	assert.Equal(t, "09:00 09:30", got.First.Time.UTC().Format("15:04")+" "+got.Last.Time.UTC().Format("15:04"))
	assert.Equal(t, 30*time.Minute, got.Last.Time.Sub(got.First.Time))

	loose := func(reading string) string { return strings.Replace(reading, "+0100 S", "+0100 U", 1) }
	got = courseOf(payloadOf("1", loose(at(0, "B", "1")), at(10, "C", "2"), edit(at(30, "E", "3"), `"EF":""`, `"EF":"t"`)))
	assert.Equal(t, "09:10", got.First.Time.UTC().Format("15:04"), "an unsynchronised clock tells no time")
	assert.Equal(t, got.First, got.Last, "nor does one whose time is flagged")

	assert.Nil(t, CourseOf(nil))
	assert.Equal(t, NoValidRecord, courseOf("no record").Refusal)
	assert.Nil(t, courseOf("no record").First)
}

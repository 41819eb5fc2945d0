package ocpi

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestTimesAreReadAsTheStandardLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sec := rapid.Int64Range(at("0001-01-02T00:00:00Z").Unix(), at("9999-12-30T00:00:00Z").Unix()).Draw(t, "seconds")
		nanos := rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")
		offset := rapid.IntRange(-23*60, 23*60).Draw(t, "offset in minutes")
		layout := rapid.SampledFrom([]string{time.RFC3339, time.RFC3339Nano, "2006-01-02T15:04:05.000000000Z07:00"}).Draw(t, "layout")
		text := time.Unix(sec, nanos).In(time.FixedZone("", offset*60)).Format(layout)
		want, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Skip(text)
		}
		got, how, ok := parseTime([]byte(text))
		if !ok || !got.Equal(want) || got.Location() != time.UTC {
			t.Fatalf("%s read as %s, %v", text, got, ok)
		}
		if (how == 0) != (text[len(text)-1] == 'Z') || how&oddForm != 0 {
			t.Fatalf("%s: spelling %b", text, how)
		}
	})
}

func TestReadableTimes(t *testing.T) {
	cases := []struct {
		text string
		want string
		how  spelling
	}{
		{"2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", 0},
		{"2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.5Z", 0},
		{"2026-03-01T10:00:00.1234567899Z", "2026-03-01T10:00:00.123456789Z", 0},
		{"2026-03-01T10:00:00", "2026-03-01T10:00:00Z", noZone},
		{"2026-03-01 10:00:00", "2026-03-01T10:00:00Z", noZone | oddForm},
		{"2026-03-01t10:00:00z", "2026-03-01T10:00:00Z", oddForm},
		{" 2026-03-01T10:00:00Z ", "2026-03-01T10:00:00Z", oddForm},
		{"2026-03-01T10:00Z", "2026-03-01T10:00:00Z", oddForm},
		{"2026-3-1T9:5:3Z", "2026-03-01T09:05:03Z", oddForm},
		{"2026-03-01T10:00:00,25Z", "2026-03-01T10:00:00.25Z", oddForm},
		{"2026-03-01T12:00:00+02", "2026-03-01T10:00:00Z", withOffset | oddForm},
		{"2026-03-01T12:00:00+0200", "2026-03-01T10:00:00Z", withOffset | oddForm},
		{"2026-03-01T12:00:00 +02:00", "2026-03-01T10:00:00Z", withOffset | oddForm},
		{"2026-02-28T24:00:00Z", "2026-03-01T00:00:00Z", oddForm},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", oddForm},
		{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", 0},
	}
	for _, c := range cases {
		got, how, ok := parseTime([]byte(c.text))
		assert.True(t, ok, c.text)
		assert.Equal(t, at(c.want), got, c.text)
		assert.Equal(t, c.how, how, c.text)
	}
}

func TestUnreadableTimes(t *testing.T) {
	for _, text := range []string{
		"", "Z", "2026", "2026-03-01", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2023-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T24:00:01Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:61Z",
		"2026-03-01T10:00:00.Z", "2026-03-01T10:00:00+24:00", "2026-03-01T10:00:00+01:60", "2026-03-01T10:00:00X", "2026-03-01T10:00:00ZZ",
		"0000-01-01T00:00:00Z", "26-03-01T10:00:00Z", "2026-03-01T10:00:00+", "20260301T100000Z", "-2026-03-01T10:00:00Z",
	} {
		_, _, ok := parseTime([]byte(text))
		assert.False(t, ok, text)
	}
}

package ocpi

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNamesOfKindsVersionsAndSeverities(t *testing.T) {
	for k, want := range map[Kind]string{KindUnknown: "unknown", KindCDR: "cdr", KindToken: "token", 99: "unknown"} {
		assert.Equal(t, want, k.String())
	}
	for text, want := range map[string]Version{"2.1.1": V211, "2.2": V221, "2.2.1": V221, "2.3": V230, "2.3.0": V230, "3.0": 0, "": 0} {
		got, ok := ParseVersion(text)
		assert.Equal(t, want, got)
		assert.Equal(t, want != 0, ok)
	}
	assert.Equal(t, "", AnyVersion.String())
	for s := SeverityInfo; s <= SeverityBlock; s++ {
		got, ok := ParseSeverity(s.String())
		assert.True(t, ok)
		assert.Equal(t, s, got)
	}
	_, ok := ParseSeverity("")
	assert.False(t, ok)
	assert.Equal(t, "", Severity(99).String())
	assert.Equal(t, "", Dimension(99).String())
}

func TestFindingsAsText(t *testing.T) {
	f := Finding{Code: SchemaLength, Severity: SeverityWarn, Place: Place{File: "a.json", Record: 2, Line: 7}, Pointer: "/id", Message: "too long"}
	assert.Equal(t, "a.json:7#/id: too long [warn schema-length]", f.String())
	assert.Equal(t, "a.json:7 (record 2)", f.Place.String())
	assert.Equal(t, "", Place{}.String())
	all := []Finding{f, {Severity: SeverityBlock, Code: PeriodEmpty}, {Severity: SeverityInfo}}
	assert.Equal(t, SeverityBlock, Worst(all))
	assert.Equal(t, PeriodEmpty, FirstBlock(all).Code)
	assert.Nil(t, FirstBlock(all[:1]))
	assert.Zero(t, Worst(nil))
	assert.False(t, Price{}.Present())
	assert.True(t, (&CDR{CreditReferenceID: "1"}).IsCredit())
	assert.False(t, (&CDR{CreditReferenceID: "1", Credit: False}).IsCredit())
}

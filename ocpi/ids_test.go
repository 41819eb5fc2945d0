package ocpi

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestFormsOfEVSEIDs(t *testing.T) {
	form := func(id string) bool { return evseForm(id, plainID(nil, id, false)) }
	for _, id := range []string{"NL*ABC*E123", "NLABCE1", "nl*abc*e1*2*3", "DE*ABCE1", "DEABC*E1", "BE*B3C*E041503003", "FRABCE" + "123456789012345678901234567890"} {
		assert.True(t, form(id), id)
	}
	for _, id := range []string{"", "NL", "NL*ABC", "NL*ABC*E", "NL*ABC*E*1", "NL-ABC-E1", "N1*ABC*E1", "NL*ABC*X1", "NL*AB*CE1", "NL**ABC*E1", "3256", "FRABCE1234567890123456789012345678901"} {
		assert.False(t, form(id), id)
	}
}

// The digits are those of others' programs; the last is the example of OCPI itself.
func TestCheckDigits(t *testing.T) {
	for id, want := range map[string]byte{
		"NN123ABCDEFGHI": 'T', "FRXYZ123456789": '2', "ITA1B2C3E4F5G6": '4', "ESZU8WOX834H1D": 'R', "PT73902837ABCZ": 'Z',
		"DE83DUIEN83QGZ": 'D', "DE83DUIEN83ZGQ": 'M', "de8aa001234567": '0', "NLTNM000122045": 'U', "NLTSTC12345678": 'S',
	} {
		assert.Equal(t, string(want), string(checkDigit([]byte(id))), id)
	}
}

// The digit finds every single wrong character, and every two neighbours that are exchanged.
func TestCheckDigitFindsErrors(t *testing.T) {
	const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		id := []byte(rapid.StringMatching(`[A-Z]{2}[A-Z0-9]{3}C[A-Z0-9]{8}`).Draw(t, "id"))
		want, at := checkDigit(id), rapid.IntRange(0, len(id)-2).Draw(t, "at")
		wrong := slices.Clone(id)
		wrong[at] = rapid.SampledFrom([]byte(signs)).Draw(t, "sign")
		assert.Equal(t, string(wrong) == string(id), checkDigit(wrong) == want)
		wrong = slices.Clone(id)
		wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		assert.Equal(t, string(wrong) == string(id), checkDigit(wrong) == want)
	})
}

func TestContractCheckDigitIsOptional(t *testing.T) {
	for id, want := range map[string]int{
		"NL-TNM-C00122045": 0, "NL-TST-C12345678": 0, "DE*ICE*001234*5": 0, "NN-123-ABCDEFGHI-T": 1, // no C: the form is unusual
	} {
		d := NewDecoder(Options{})
		checkContract(d, id, "/contract_id")
		assert.Len(t, d.take(), want, id)
	}
	good := "NL-TNM-C12345678-" + string(checkDigit([]byte("NLTNMC12345678")))
	d := NewDecoder(Options{})
	checkContract(d, good, "/contract_id")
	checkContract(d, strings.ToLower(good), "/contract_id")
	assert.Empty(t, d.take())
	checkContract(d, "NL-TNM-C12345687-"+good[len(good)-1:], "/contract_id")
	found := d.take()
	if assert.Len(t, found, 1) {
		assert.Equal(t, SeverityWarn, found[0].Severity)
		assert.Contains(t, found[0].Message, "check digit")
	}
}

func TestFormsOfContractIDs(t *testing.T) {
	form := func(id string) bool { return contractForm(plainID(nil, id, true)) }
	for _, id := range []string{"NL-TNM-C12345678-J", "NLTNMC12345678", "de8acc12e46l89", "DE*ICE*001234*5"} {
		assert.True(t, form(id), id)
	}
	for _, id := range []string{"", "card 17", "NL-TNM", "NL-TNM-X12345678", "NL-TNM-C1234567", "12TNMC12345678"} {
		assert.False(t, form(id), id)
	}
}

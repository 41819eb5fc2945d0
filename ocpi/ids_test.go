package ocpi

import (
	"testing"

	"github.com/stretchr/testify/assert"
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

func TestFormsOfContractIDs(t *testing.T) {
	form := func(id string) bool { return contractForm(plainID(nil, id, true)) }
	for _, id := range []string{"NL-TNM-C12345678-X", "NLTNMC12345678", "de8acc12e46l89", "DE*ICE*001234*5"} {
		assert.True(t, form(id), id)
	}
	for _, id := range []string{"", "card 17", "NL-TNM", "NL-TNM-X12345678", "NL-TNM-C1234567", "12TNMC12345678"} {
		assert.False(t, form(id), id)
	}
}

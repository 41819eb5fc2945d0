package reconcile

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIDsInOtherForms(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		plain, own bool // equal as plain ids; and of a form that needs no other fact
		core       bool
	}{
		{"CDR-17", "0cdr17", true, true, true},
		{"1-12", "11-2", true, false, true},
		{"2026-1-12", "2026-11-2", true, false, true},
		{"60cc9566-bdc7-40d3-b048-3e86ebee676d", "60CC9566BDC740D3B0483E86EBEE676D", true, true, true},
		{"NL*CPO*E0001*1", "nlcpoe00011", true, false, true},
		{"CDR-00017", "17", false, false, false},
		{"CDR/2026017", "2026017", false, false, true},
		{"A1234", "B1234", false, false, true},
		{"A12", "B12", false, false, false},
	} {
		assert.Equal(t, c.plain, plainID(c.a) == plainID(c.b), "%s %s", c.a, c.b)
		assert.Equal(t, c.own, plainID(c.a) == plainID(c.b) && sameForm(c.a, c.b), "%s %s", c.a, c.b)
		assert.Equal(t, c.core, coreID(plainID(c.a)) == coreID(plainID(c.b)), "%s %s", c.a, c.b)
	}
	assert.Equal(t, contractKey(plainID("DE-8AA-CA2B3C4D5-1")), contractKey(plainID("DE8AACA2B3C4D5")))
}

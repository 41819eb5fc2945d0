package reconcile

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A verdict tells the energy of signed readings where their signature is valid, and of them alone.
func TestSignedEnergyIsTold(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/rows/row-11-signed-readings.txtar")
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	told, others := 0, 0
	for _, group := range readWorld(t, files).judge() {
		for i := range group.Lines {
			v := &group.Lines[i]
			verified := false
			for _, f := range v.Findings {
				verified = verified || f.Code == codeSigVerified
			}
			assert.Equal(t, verified, v.Signed.Present, v.Line.Line)
			energies := v.Energies()
			if !verified {
				others++
				continue
			}
			told++
			last := energies[len(energies)-1]
			assert.Equal(t, EnergySigned, last.Source)
			assert.True(t, last.KWh.Equal(v.Signed.Value))
		}
	}
	assert.Positive(t, told)
	assert.Positive(t, others)
}

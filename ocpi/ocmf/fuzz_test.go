package ocmf

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

// FuzzParse reads any text: no panic, the payload is a stretch of the text, every defect stands inside it, and no text is valid with a key
// that signed none.
func FuzzParse(f *testing.F) {
	f.Add("OCMF|" + onePayload + `|{"SA":"ECDSA-brainpool256r1-SHA384","SE":"base64","SD":"AA=="}`)
	f.Add(newSigner("secp256r1", 1).record(onePayload))
	f.Add("OCMF|{}|{}|")
	if os.Getenv("RECONCILE_DATA") != "" {
		for _, s := range samples(f) {
			f.Add(s.OCMF)
		}
	}
	key, _ := ParseKey(newSigner("secp256r1", 2).key())
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			require.Nil(t, r)
			return
		}
		require.Equal(t, string(r.Payload), r.Text[len("OCMF|"):len("OCMF|")+len(r.Payload)])
		for _, d := range r.Defects {
			require.LessOrEqual(t, d.Offset, len(r.Text))
		}
		for _, m := range r.Unknown {
			_, _, ok := ocpi.Lookup(r.Payload, m.Pointer)
			require.True(t, ok || r.ambiguous, m.Pointer) // of a list that is there twice the last one is found
		}
		require.NotEqual(t, Valid, Verify(r, key).State)
		require.NotEqual(t, Unchecked, Verify(r, key).State)
		if e, refusal := Between([]*Record{r}); refusal == NotRefused {
			require.GreaterOrEqual(t, e.KWh.Sign(), 0)
		}
	})
}

// FuzzKey reads any text as a key: no panic, and a key that is read lies on a curve.
func FuzzKey(f *testing.F) {
	f.Add(spki)
	f.Add("03" + baseX)
	f.Add("oca:base16:asn1:" + spki)
	f.Fuzz(func(t *testing.T, text string) {
		key, reason := ParseKey(text)
		require.Equal(t, key != nil, reason == NoReason)
		if key != nil {
			require.True(t, key.Same(key))
		}
	})
}

package ocmf

import (
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"math/rand/v2"

	"crypto/sha256"
)

// signer signs records for tests.
type signer struct {
	c *curve
	d *big.Int
}

func newSigner(curve string, seed byte) signer {
	c := curveNamed(curve)
	return signer{c, c.scalar(rand.NewChaCha8([32]byte{seed}))}
}

func (s signer) numbers(payload string) (first, second *big.Int) {
	hash := sha256.Sum256([]byte(payload))
	return s.c.sign(s.d, s.c.scalar(rand.NewChaCha8(hash)), hash[:])
}

// record is a whole record over the payload, its signature in DER and hexadecimal digits.
func (s signer) record(payload string) string {
	r, v := s.numbers(payload)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, v})
	if err != nil {
		panic(err)
	}
	return "OCMF|" + payload + `|{"SA":"ECDSA-` + s.c.name + `-SHA256","SD":"` + hex.EncodeToString(der) + `"}`
}

// point is the bare point of the public key.
func (s signer) point() []byte {
	q := s.c.public(s.d)
	return append(q.x.FillBytes(make([]byte, s.c.size())), q.y.FillBytes(make([]byte, s.c.size()))...)
}

// key is the text of the public key: an uncompressed point.
func (s signer) key() string { return "04" + hex.EncodeToString(s.point()) }

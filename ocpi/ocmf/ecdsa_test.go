package ocmf

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func named(t require.TestingT, name string) *curve {
	c := curveNamed(name)
	require.NotNil(t, c, name)
	return c
}

// sign is ECDSA's signing operation (SEC 1, section 4.1.3) with the nonce given, for tests only.
func (c *curve) sign(d, k *big.Int, hash []byte) (r, s *big.Int) {
	g := point{c.gx, c.gy}
	r = new(big.Int).Mod(c.combine(k, new(big.Int), g).x, c.n)
	s = new(big.Int).Mul(r, d)
	s.Add(s, c.leftmost(hash))
	s.Mul(s, new(big.Int).ModInverse(k, c.n))
	return r, s.Mod(s, c.n)
}

func (c *curve) public(d *big.Int) point { return c.combine(d, new(big.Int), point{c.gx, c.gy}) }

// scalar draws a number from 1 to n-1.
func (c *curve) scalar(random *rand.ChaCha8) *big.Int {
	b := make([]byte, c.scalarSize()+8)
	_, _ = random.Read(b)
	v := new(big.Int).SetBytes(b)
	return v.Add(v.Mod(v, new(big.Int).Sub(c.n, big.NewInt(1))), big.NewInt(1))
}

// draws is how often a property is tried on each curve; the arithmetic has no branches that chance would have to find.
const draws = 12

// eachCurve tries a property on every curve, with the same draws in every run.
func eachCurve(t *testing.T, try func(t *testing.T, c *curve, random *rand.ChaCha8)) {
	for i, c := range curves() {
		t.Run(c.name, func(t *testing.T) {
			random := rand.NewChaCha8([32]byte{byte(i)})
			for range draws {
				try(t, c, random)
			}
		})
	}
}

func TestCurves(t *testing.T) {
	for _, c := range curves() {
		t.Run(c.name, func(t *testing.T) {
			g := point{c.gx, c.gy}
			assert.True(t, c.holds(g), "the base point is on the curve")
			assert.True(t, c.p.ProbablyPrime(20))
			assert.True(t, c.n.ProbablyPrime(20))
			assert.True(t, c.combine(c.n, new(big.Int), g).infinite(), "n·G is infinity")
			discriminant := new(big.Int).Exp(c.a, big.NewInt(3), c.p)
			discriminant.Mul(discriminant, big.NewInt(4))
			discriminant.Add(discriminant, new(big.Int).Mul(big.NewInt(27), new(big.Int).Mul(c.b, c.b)))
			assert.NotZero(t, discriminant.Mod(discriminant, c.p).Sign(), "no cusp")
			// Hasse: with n > (√p+1)²/2 the group has n points and no more, so that the cofactor is 1.
			gap := new(big.Int).Sub(new(big.Int).Add(c.p, big.NewInt(1)), c.n)
			bound := new(big.Int).Lsh(new(big.Int).Sqrt(c.p), 1)
			assert.LessOrEqual(t, gap.CmpAbs(bound.Add(bound, big.NewInt(2))), 0)
			assert.Same(t, c, curveOf(c.oid))
			if c.std != nil {
				params := c.std.Params()
				assert.Equal(t, []*big.Int{params.P, params.B, params.Gx, params.Gy, params.N}, []*big.Int{c.p, c.b, c.gx, c.gy, c.n})
			}
		})
	}
}

// The names of OCMF table 22, and those in use beside them.
func TestNamesOfCurves(t *testing.T) {
	for name, want := range map[string]string{
		"secp192k1": "secp192k1", "secp256k1": "secp256k1", "secp192r1": "secp192r1", "secp256r1": "secp256r1", "prime256v1": "secp256r1",
		"brainpool256r1": "brainpoolP256r1", "brainpoolP256r1": "brainpoolP256r1", "BRAINPOOLp384R1": "brainpoolP384r1",
		"brainpool384r1": "brainpoolP384r1", "secp384r1": "secp384r1", "P384": "secp384r1", "secp521r1": "secp521r1",
	} {
		assert.Equal(t, want, named(t, name).name)
	}
	assert.Nil(t, curveNamed("secp224k1"))
	assert.Nil(t, curveNamed(""))
}

func TestGenericAgreesWithStandardLibrary(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *curve, random *rand.ChaCha8) {
		if c.std == nil {
			t.Skip("the standard library has no such curve")
		}
		key, err := ecdsa.GenerateKey(c.std, random)
		require.NoError(t, err)
		hash := make([]byte, 20+random.Uint64()%45)
		_, _ = random.Read(hash)
		r, s, err := ecdsa.Sign(random, key, hash)
		require.NoError(t, err)
		encoded, err := key.PublicKey.Bytes()
		require.NoError(t, err)
		q, ok := c.decodePoint(encoded)
		require.True(t, ok)
		require.True(t, c.verifyGeneric(q, hash, r, s))
		require.True(t, c.verify(q, hash, r, s))
		hash[random.Uint64()%20] ^= 1 << (random.Uint64() % 8)
		require.False(t, ecdsa.Verify(&key.PublicKey, hash, r, s))
		require.False(t, c.verifyGeneric(q, hash, r, s))
	})
}

func TestPointArithmetic(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *curve, random *rand.ChaCha8) {
		u, v := c.scalar(random), c.scalar(random)
		p, q := c.public(u), c.public(v)
		require.True(t, c.holds(p))
		require.Equal(t, c.add(p, q), c.add(q, p))
		require.Equal(t, c.add(p, q), c.public(new(big.Int).Mod(new(big.Int).Add(u, v), c.n)))
		require.True(t, c.add(p, point{p.x, new(big.Int).Sub(c.p, p.y)}).infinite())
		require.Equal(t, p, c.add(p, point{}))
		require.Equal(t, p, c.add(point{}, p))
		require.Equal(t, c.add(p, c.public(new(big.Int).Mod(new(big.Int).Mul(u, v), c.n))), c.combine(u, u, q))
	})
}

func TestSignaturesOnEveryCurve(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *curve, random *rand.ChaCha8) {
		d := c.scalar(random)
		q := c.public(d)
		hash := sha256.Sum256([]byte{byte(random.Uint64())})
		r, s := c.sign(d, c.scalar(random), hash[:])
		require.True(t, c.verify(q, hash[:], r, s))
		require.False(t, c.verify(q, hash[:], s, r))
		require.False(t, c.verify(q, hash[:], new(big.Int).Add(r, c.n), s), "r is below n")
		require.False(t, c.verify(q, hash[:], r, new(big.Int).Add(s, c.n)), "s is below n")
		require.False(t, c.verify(q, hash[:], new(big.Int), s))
		require.False(t, c.verify(q, hash[:], r, new(big.Int)))
		require.False(t, c.verify(q, hash[:], new(big.Int).Neg(r), s))
		require.False(t, c.verify(point{}, hash[:], r, s), "infinity is no key")
		require.False(t, c.verify(point{q.x, new(big.Int).Add(q.y, c.p)}, hash[:], r, s), "coordinates are below p")
		require.False(t, c.verify(point{q.y, q.x}, hash[:], r, s), "the key is on the curve")
	})
}

func TestPointsAreDecoded(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *curve, random *rand.ChaCha8) {
		q := c.public(c.scalar(random))
		bare := append(q.x.FillBytes(make([]byte, c.size())), q.y.FillBytes(make([]byte, c.size()))...)
		parity := byte(pointEven + q.y.Bit(0))
		for _, b := range [][]byte{bare, append([]byte{pointUncompressed}, bare...), append([]byte{parity}, bare[:c.size()]...)} {
			got, ok := c.decodePoint(b)
			require.True(t, ok)
			require.Zero(t, got.x.Cmp(q.x))
			require.Zero(t, got.y.Cmp(q.y))
		}
		other, ok := c.decodePoint(append([]byte{parity ^ 1}, bare[:c.size()]...))
		require.True(t, ok)
		require.True(t, c.add(q, other).infinite())
		bare[len(bare)-1] ^= 1
		_, ok = c.decodePoint(bare)
		require.False(t, ok)
		for _, b := range [][]byte{nil, {0}, {4}, make([]byte, c.size()), make([]byte, 1+2*c.size())} {
			_, ok := c.decodePoint(b)
			require.False(t, ok)
		}
	})
}

// Published values. brainpool: RFC 7027, appendix A, the agreed point is both parties' multiple. secp256k1: the multiples of G and the
// deterministic signature of "Satoshi Nakamoto" with the key 1 that implementations of RFC 6979 are tested with. secp192r1: RFC 6979, A.2.3.
func TestPublishedVectors(t *testing.T) {
	n := func(s string) *big.Int { return hexInt(s) }
	t.Run("RFC 7027 A.1", func(t *testing.T) {
		c := named(t, "brainpoolP256r1")
		a := n("81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D")
		qa := c.public(a)
		assert.Equal(t, n("44106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE5"), qa.x)
		assert.Equal(t, n("8AB4846F11CACCB73CE49CBDD120F5A900A69FD32C272223F789EF10EB089BDC"), qa.y)
		qb := c.public(n("55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3"))
		z := c.combine(new(big.Int), a, qb)
		assert.Equal(t, n("89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B"), z.x)
		assert.Equal(t, n("49C27868F4ECA2179BFD7D59B1E3BF34C1DBDE61AE12931648F43E59632504DE"), z.y)
	})
	t.Run("RFC 7027 A.2", func(t *testing.T) {
		c := named(t, "brainpoolP384r1")
		qa := c.public(n("1E20F5E048A5886F1F157C74E91BDE2B98C8B52D58E5003D57053FC4B0BD65D6F15EB5D1EE1610DF870795143627D042"))
		assert.Equal(t, n("68B665DD91C195800650CDD363C625F4E742E8134667B767B1B476793588F885AB698C852D4A6E77A252D6380FCAF068"), qa.x)
		assert.Equal(t, n("55BC91A39C9EC01DEE36017B7D673A931236D2F1F5C83942D049E3FA20607493E0D038FF2FD30C2AB67D15C85F7FAA59"), qa.y)
	})
	t.Run("RFC 6979 A.2.3", func(t *testing.T) {
		c := named(t, "secp192r1")
		q := c.public(n("6FAB034934E4C0FC9AE67F5B5659A9D7D1FEFD187EE09FD4"))
		assert.Equal(t, n("AC2C77F529F91689FEA0EA5EFEC7F210D8EEA0B9E047ED56"), q.x)
		assert.Equal(t, n("3BC723E57670BD4887EBC732C523063D0A7C957BC97C1C43"), q.y)
		short, long := sha256.Sum256([]byte("sample")), sha512.Sum512([]byte("sample"))
		assert.True(t, c.verify(q, short[:], n("4B0B8CE98A92866A2820E20AA6B75B56382E0F9BFD5ECB55"), n("CCDB006926EA9565CBADC840829D8C384E06DE1F1E381B85")))
		assert.True(t, c.verify(q, long[:], n("4D60C5AB1996BD848343B31C00850205E2EA6922DAC2E4B8"), n("3F6E837448F027A1BF4B34E796E32A811CBB4050908D8F67")))
	})
	t.Run("secp256k1", func(t *testing.T) {
		c := named(t, "secp256k1")
		two := c.public(big.NewInt(2))
		assert.Equal(t, n("C6047F9441ED7D6D3045406E95C07CD85C778E4B8CEF3CA7ABAC09B95C709EE5"), two.x)
		assert.Equal(t, n("1AE168FEA63DC339A3C58419466CEAEEF7F632653266D0E1236431A950CFE52A"), two.y)
		hash := sha256.Sum256([]byte("Satoshi Nakamoto"))
		assert.True(t, c.verify(c.public(big.NewInt(1)), hash[:],
			n("934B1EA10A4B3C1757E2B0C017D0B6143CE3C9A7E6A4A49860D7A6AB210EE3D8"), n("2442CE9D2B916064108014783E923EC36B49743E2FFA1C4496F01A512AAFD9E5")))
	})
}

// A hash longer than n gives its leftmost bits, one that is shorter all of them.
func TestLeftmostBits(t *testing.T) {
	c := named(t, "secp192r1")
	hash, _ := hex.DecodeString("ff00000000000000000000000000000000000000000000ee" + "1234567890abcdef")
	assert.Equal(t, hexInt("ff00000000000000000000000000000000000000000000ee"), c.leftmost(hash))
	assert.Equal(t, big.NewInt(0x1234), c.leftmost([]byte{0x12, 0x34}))
	wide := named(t, "secp521r1")
	assert.Equal(t, new(big.Int).SetBytes(hash), wide.leftmost(hash))
	long := make([]byte, 66)
	long[0] = 0xff // 528 bits, of which 521 count
	assert.Equal(t, 521, wide.leftmost(long).BitLen())
}

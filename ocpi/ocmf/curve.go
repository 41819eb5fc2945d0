package ocmf

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"math/big"
	"strings"
	"sync"
)

// curve is a short Weierstrass curve y² = x³ + ax + b over the field of p, with a base point of order n and cofactor 1.
type curve struct {
	name               string // as SEC 2 and RFC 5639 write it
	oid                asn1.ObjectIdentifier
	p, a, b, gx, gy, n *big.Int
	std                elliptic.Curve // the standard library's, nil where it has none
}

// size is the length of a coordinate in bytes.
func (c *curve) size() int { return (c.p.BitLen() + 7) / 8 }

// scalarSize is the length of r and s in bytes.
func (c *curve) scalarSize() int { return (c.n.BitLen() + 7) / 8 }

// domain is a curve as its standard prints it, in hexadecimal digits.
type domain struct {
	name, aliases string // aliases in lower case, the names of OCMF among them
	oid           asn1.ObjectIdentifier
	p, a, b       string
	g             string // x and y, one after the other
	n             string
	std           elliptic.Curve
}

// domains are the curves of OCMF table 22, and those beside them that cost nothing more. Sources: SEC 2 versions 1 and 2 (secp*),
// FIPS 186-4 (P-*), RFC 5639 section 3 (brainpool*).
var domains = []domain{
	{
		name: "secp192r1", aliases: "prime192v1 p192 nistp192", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 1},
		p: "fffffffffffffffffffffffffffffffeffffffffffffffff", a: "fffffffffffffffffffffffffffffffefffffffffffffffc",
		b: "64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1",
		g: "188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012" + "07192b95ffc8da78631011ed6b24cdd573f977a11e794811",
		n: "ffffffffffffffffffffffff99def836146bc9b1b4d22831",
	},
	{
		name: "secp192k1", oid: asn1.ObjectIdentifier{1, 3, 132, 0, 31},
		p: "fffffffffffffffffffffffffffffffffffffffeffffee37", a: "0", b: "3",
		g: "db4ff10ec057e9ae26b07d0280b7f4341da5d1b1eae06c7d" + "9b2f2f6d9c5628a7844163d015be86344082aa88d95e2f9d",
		n: "fffffffffffffffffffffffe26f2fc170f69466a74defd8d",
	},
	{
		name: "secp224r1", aliases: "p224 nistp224", oid: asn1.ObjectIdentifier{1, 3, 132, 0, 33},
		p: "ffffffffffffffffffffffffffffffff000000000000000000000001", a: "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
		b: "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
		g: "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21" + "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
		n: "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d", std: elliptic.P224(),
	},
	{
		name: "secp256r1", aliases: "prime256v1 p256 nistp256", oid: asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7},
		p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", a: "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
		b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
		g: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
		n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", std: elliptic.P256(),
	},
	{
		name: "secp256k1", oid: asn1.ObjectIdentifier{1, 3, 132, 0, 10},
		p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", a: "0", b: "7",
		g: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
		n: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
	},
	{
		name: "secp384r1", aliases: "prime384v1 p384 nistp384", oid: asn1.ObjectIdentifier{1, 3, 132, 0, 34},
		p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
		a: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
		b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
		g: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7" +
			"3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
		n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", std: elliptic.P384(),
	},
	{
		name: "secp521r1", aliases: "p521 nistp521", oid: asn1.ObjectIdentifier{1, 3, 132, 0, 35},
		p: "01ff" + ff64 + ff64, a: "01ff" + ff64 + ff64[:62] + "fc",
		b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
		g: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66" +
			"011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
		n: "01ff" + ff64[:62] + "fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409", std: elliptic.P521(),
	},
	{
		name: "brainpoolP256r1", aliases: "brainpool256r1", oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7},
		p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377", a: "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
		b: "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
		g: "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262" + "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
		n: "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
	},
	{
		name: "brainpoolP320r1", aliases: "brainpool320r1", oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 9},
		p: "d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27",
		a: "3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4",
		b: "520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6",
		g: "43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611" +
			"14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1",
		n: "d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311",
	},
	{
		name: "brainpoolP384r1", aliases: "brainpool384r1", oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 11},
		p: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
		a: "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
		b: "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
		g: "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e" +
			"8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
		n: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
	},
	{
		name: "brainpoolP512r1", aliases: "brainpool512r1", oid: asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 13},
		p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
		a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
		b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
		g: "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822" +
			"7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
		n: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
	},
}

const ff64 = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

// curves are the domains, ready to compute with.
var curves = sync.OnceValue(func() []*curve {
	out := make([]*curve, len(domains))
	for i, d := range domains {
		half := len(d.g) / 2
		out[i] = &curve{
			name: d.name, oid: d.oid, std: d.std,
			p: hexInt(d.p), a: hexInt(d.a), b: hexInt(d.b), gx: hexInt(d.g[:half]), gy: hexInt(d.g[half:]), n: hexInt(d.n),
		}
	}
	return out
})

// hexInt reads digits of the table above; a test computes with each of them.
func hexInt(digits string) *big.Int {
	n, _ := new(big.Int).SetString(digits, 16)
	return n
}

// curveNamed finds a curve by the name that OCMF or another standard gives it, in any case.
func curveNamed(name string) *curve {
	name = strings.ToLower(name)
	for i, d := range domains {
		if strings.ToLower(d.name) == name {
			return curves()[i]
		}
		for alias := range strings.FieldsSeq(d.aliases) {
			if alias == name {
				return curves()[i]
			}
		}
	}
	return nil
}

// curveOf finds a curve by its object identifier.
func curveOf(oid asn1.ObjectIdentifier) *curve {
	for _, c := range curves() {
		if c.oid.Equal(oid) {
			return c
		}
	}
	return nil
}

// standardKey is the point as a key of the standard library, nil where that has no such curve or refuses the point.
func (c *curve) standardKey(q point) *ecdsa.PublicKey {
	if c.std == nil {
		return nil
	}
	encoded := make([]byte, 1+2*c.size())
	encoded[0] = pointUncompressed
	q.x.FillBytes(encoded[1 : 1+c.size()])
	q.y.FillBytes(encoded[1+c.size():])
	key, err := ecdsa.ParseUncompressedPublicKey(c.std, encoded)
	if err != nil {
		return nil
	}
	return key
}

package generate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// reading is what the meter of a session showed at its begin and at its end.
type reading struct {
	serial      string
	begin, stop energy
	signed      bool // as OCMF, signed; else in plain data beside data of a method that nobody here reads
}

// slotRegister is how far the register of a meter moves on in a slot: more than the visits of one can draw, so that it never falls.
const slotRegister = 400 * kiloWatt

// read is what the visit's meter showed.
func (g *group) read(v *visit, signed bool) *reading {
	slot := (v.start + v.evse.country.offset - monthFrom - firstSlotLocal) / slotSeconds
	begin := energy(slot)*slotRegister + 1000*kiloWatt + energy(g.random.below(1000))*wattHour
	return &reading{serial: "SN-" + v.evse.uid, begin: begin, stop: begin + v.whole, signed: signed}
}

// then is the reading of the visit that comes after it.
func (r *reading) then(v *visit) *reading {
	next := *r
	next.begin, next.stop = r.stop, r.stop+v.whole
	return &next
}

// meters says the meter and its readings instead of ids, with so many decimals of a kWh.
func (l *line) meters(number string, r *reading, decimals int) {
	unit := kiloWatt
	for range decimals {
		unit /= 10
	}
	shown := func(e energy) energy { return (e + unit/2) / unit * unit }
	l.meter, l.meterStart, l.meterStop = number, shown(r.begin), shown(r.stop)
}

// meterKey is the key of all meters of a month; what it signs follows RFC 6979, so that the same seed gives the same bytes.
var meterKey = sync.OnceValue(func() *ecdsa.PrivateKey {
	seed := sha256.Sum256([]byte("the meters of a synthetic month"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(err) // the seed is fixed
	}
	return key
})

var meterPublicKey = sync.OnceValue(func() string {
	der, err := x509.MarshalPKIXPublicKey(meterKey().Public())
	if err != nil {
		panic(err) // the key is fixed
	}
	return hex.EncodeToString(der)
})

// ocmf is the reading as a signed record of OCMF 1.0, for a session from start to end.
func (r *reading) ocmf(start, end int64) string {
	at := func(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02T15:04:05,000-0700") + " S" }
	of := func(when, what string, register energy) string {
		return fmt.Sprintf(`{"TM":"%s","TX":"%s","RV":%s,"RI":"1-b:1.8.0","RU":"kWh","ST":"G"}`, when, what, appendDecimal(nil, int64(register), 6))
	}
	payload := fmt.Sprintf(`{"FV":"1.0","GI":"GW","GS":"%s-G","PG":"T1","MV":"MV","MM":"M1","MS":"%s","IS":false,"RD":[%s,%s]}`,
		r.serial, r.serial, of(at(start), "B", r.begin), of(at(end), "E", r.stop))
	sum := sha256.Sum256([]byte(payload))
	signature, err := meterKey().Sign(nil, sum[:], crypto.SHA256) // without a source of chance it follows RFC 6979
	if err != nil {
		panic(err) // key and digest are of the right sizes
	}
	return fmt.Sprintf(`OCMF|%s|{"SA":"ECDSA-secp256r1-SHA256","SD":"%x"}`, payload, signature)
}

// signedData writes what the meter showed (OCPI 2.2.1 mod_cdrs, SignedData).
func (o *object) signedData(c *cdr) {
	r := c.meter
	value := func(nature, plain, signed string) {
		o.open("", '{')
		o.str("nature", nature)
		o.str("plain_data", plain)
		o.str("signed_data", signed)
		o.close('}')
	}
	o.open("signed_data", '{')
	if r.signed {
		o.str("encoding_method", "OCMF")
		o.str("public_key", meterPublicKey())
		o.open("signed_values", '[')
		value("End", "", r.ocmf(c.start, c.end))
	} else {
		o.str("encoding_method", "Alfen Eichrecht")
		o.open("signed_values", '[')
		plain := func(e energy) string { return string(appendDecimal(nil, int64(e), 6)) + " kWh" }
		value("Start", plain(r.begin), "AP;0;3;"+r.serial)
		value("End", plain(r.stop), "AP;1;3;"+r.serial)
	}
	o.close(']')
	o.close('}')
}

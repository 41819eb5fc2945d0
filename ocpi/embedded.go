package ocpi

import "bytes"

// Bounds of the tariffs that a decoder remembers. Where each CDR has a tariff of its own, remembering is of no use; beyond
// a bound all are forgotten and it begins anew.
const (
	maxTariffs     = 4096
	maxTariffBytes = 32 << 20
	recentTariffs  = 4
)

// tariffCache remembers the tariffs embedded in CDRs by their bytes, so that each is decoded once.
type tariffCache struct {
	byText [versionCount]map[string]*remembered
	recent [recentTariffs]*remembered // tried first, without even scanning
	next   int
	count  int
	bytes  int
	inner  *Decoder
}

type remembered struct {
	text   string
	vi     int
	tariff *Tariff
	notes  []Finding
	states bool // tax_included is stated
}

// embeddedTariff reads the tariff at hand, which several CDRs may share.
func (d *Decoder) embeddedTariff() *Tariff {
	at := d.p
	if d.peek() != '{' {
		d.wrongType(at, "a tariff")
		d.skip()
		return nil
	}
	r := d.tariffs.recall(d)
	if r == nil {
		odd, oddAt := d.odd, d.oddAt // the tariff's own findings tell of odd strings in it
		d.skip()
		if d.fault != "" {
			return nil
		}
		d.odd, d.oddAt = odd, oddAt
		raw := d.b[at:d.p]
		if r = d.tariffs.byText[d.vi][string(raw)]; r == nil {
			r = d.tariffs.learn(d, raw)
		}
		d.tariffs.recent[d.tariffs.next] = r
		d.tariffs.next = (d.tariffs.next + 1) % recentTariffs
	}
	if r.states {
		d.score += weigh(V230)
	}
	if len(r.notes) > 0 {
		d.rebase(at, r.notes)
	}
	return r.tariff
}

// recall finds a recent tariff whose bytes stand at hand. An object's text ends with its own bracket, so that text that
// begins with the whole of another object's text is that object.
func (c *tariffCache) recall(d *Decoder) *remembered {
	for _, r := range c.recent {
		if r != nil && r.vi == d.vi && len(d.b)-d.p >= len(r.text) && string(d.b[d.p:d.p+len(r.text)]) == r.text {
			d.p += len(r.text)
			return r
		}
	}
	return nil
}

// learn decodes a tariff that was not seen before. Its version is that of the CDR: 2.2.1 tariffs in a 2.3.0 CDR are read
// with findings, as any mix of versions is.
func (c *tariffCache) learn(d *Decoder, raw []byte) *remembered {
	if c.inner == nil {
		c.inner = NewDecoder(Options{})
	}
	if c.count >= maxTariffs || c.bytes+len(raw) > maxTariffBytes {
		*c = tariffCache{inner: c.inner}
	}
	if c.byText[d.vi] == nil {
		c.byText[d.vi] = map[string]*remembered{}
	}
	own := bytes.Clone(raw)
	c.inner.within = d.version
	r := &remembered{text: string(own), vi: d.vi}
	r.tariff, r.notes = c.inner.Tariff(Record{Bytes: own})
	r.states = r.tariff.TaxIncluded != TaxNotStated
	c.byText[d.vi][r.text] = r
	c.count++
	c.bytes += len(raw)
	return r
}

// rebase reports the findings of an embedded tariff at its place in this record.
func (d *Decoder) rebase(at int, notes []Finding) {
	base, path := d.place(at), d.pointer()
	for _, f := range notes {
		if !d.admit(f.Code, f.Severity) {
			continue
		}
		f.Place.File, f.Place.Record = base.File, base.Record
		f.Place.Line += base.Line - 1
		f.Place.Offset += base.Offset
		f.Pointer = path + f.Pointer
		d.add(f)
	}
}

package generate

// render writes the tariff's JSON once; it is embedded in every CDR that the tariff prices.
func (t *tariff) render() {
	o := &object{}
	o.open("", '{')
	if t.version != v211 {
		o.str("country_code", t.countryCode)
		o.str("party_id", t.partyID)
	}
	o.str("id", t.id)
	o.str("currency", t.currency)
	if t.version != v211 {
		o.str("type", "REGULAR")
	}
	t.renderLimit(o, "min_price", t.least)
	t.renderLimit(o, "max_price", t.greatest)
	o.open("elements", '[')
	for i := range t.elements {
		t.renderElement(o, &t.elements[i])
	}
	o.close(']')
	if t.version == v230 {
		o.str("tax_included", "NO")
	}
	o.time("last_updated", t.updated)
	o.close('}')
	t.json = o.b
}

func (t *tariff) renderLimit(o *object, name string, p price4) {
	if p == 0 {
		return
	}
	before, after := "excl_vat", "incl_vat"
	if t.version == v230 {
		before, after = "before_taxes", "after_taxes"
	}
	o.open(name, '{')
	o.dec(before, int64(p), 4)
	if !t.noTax {
		o.dec(after, int64(p)*(1000+t.limitTax), 7)
	}
	o.close('}')
}

func (t *tariff) renderElement(o *object, e *element) {
	o.open("", '{')
	o.open("price_components", '[')
	for i := range e.components {
		c := &e.components[i]
		o.open("", '{')
		o.str("type", dimensionNames[c.of])
		o.dec("price", int64(c.price), 4)
		if t.version != v211 && !t.noTax {
			o.dec("vat", c.tax, 1)
		}
		o.dec("step_size", c.step, 0)
		o.close('}')
	}
	o.close(']')
	if e.from != e.to || e.after > 0 {
		o.open("restrictions", '{')
		if e.from != e.to {
			o.str("start_time", clock(e.from))
			o.str("end_time", clock(e.to))
		}
		if e.after > 0 {
			o.dec("min_duration", e.after, 0)
		}
		o.close('}')
	}
	o.close('}')
}

// clock writes minutes of a day as 07:00.
func clock(minutes int64) string {
	return string([]byte{byte('0' + minutes/600), byte('0' + minutes/60%10), ':', byte('0' + minutes%60/10), byte('0' + minutes%10)})
}

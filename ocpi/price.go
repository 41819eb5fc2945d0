package ocpi

// shapeVersions is the versions in which a price has each shape (2.1.1 mod_cdrs total_cost; 2.2.1 and 2.3.0 types, Price).
var shapeVersions = [...]Version{ShapeNumber: V211, ShapeExclIncl: V221, ShapeBeforeTaxes: V230}

// priceTable is the price of a cost (2.2.1 types, Price; 2.3.0 types, Price).
var priceTable = newTable("a price", []member[Price]{
	{meta{name: "excl_vat", in: V221, req: V221, sev: SeverityError, as: "before_taxes", price: true}, readNet(ShapeExclIncl)},
	{meta{name: "incl_vat", in: V221, sev: SeverityError, as: "taxes", price: true}, readGross(ShapeExclIncl)},
	{meta{name: "before_taxes", in: V230, req: V230, sev: SeverityError, price: true}, readNet(ShapeBeforeTaxes)},
	{meta{name: "taxes", in: V230, sev: SeverityError, price: true}, readTaxes},
})

// limitTable is min_price and max_price of a tariff (2.2.1 types, Price; 2.3.0 mod_tariffs, PriceLimit).
var limitTable = newTable("a price limit", []member[Price]{
	{meta{name: "excl_vat", in: V221, req: V221, sev: SeverityBlock, as: "before_taxes", price: true}, readNet(ShapeExclIncl)},
	{meta{name: "incl_vat", in: V221, sev: SeverityBlock, as: "after_taxes", price: true}, readGross(ShapeExclIncl)},
	{meta{name: "before_taxes", in: V230, req: V230, sev: SeverityBlock, price: true}, readNet(ShapeBeforeTaxes)},
	{meta{name: "after_taxes", in: V230, sev: SeverityBlock, price: true}, readGross(ShapeBeforeTaxes)},
})

var taxTable = newTable("a tax amount", []member[TaxAmount]{
	{meta{name: "name", req: V230}, func(d *Decoder, t *TaxAmount) { t.Name = d.text() }},
	{meta{name: "account_number"}, func(d *Decoder, t *TaxAmount) { t.AccountNumber = d.text() }},
	{meta{name: "percentage"}, func(d *Decoder, t *TaxAmount) { t.Percentage = d.number() }},
	{meta{name: "amount", req: V230, sev: SeverityError, price: true}, func(d *Decoder, t *TaxAmount) { t.Amount = d.number() }},
})

func readNet(shape PriceShape) func(*Decoder, *Price) {
	return func(d *Decoder, p *Price) { p.Shape, p.BeforeTaxes = shape, d.number() }
}

func readGross(shape PriceShape) func(*Decoder, *Price) {
	return func(d *Decoder, p *Price) { p.AfterTaxes = d.number(); p.Shape = max(p.Shape, shape) }
}

// readTaxes reads the list of taxes. An empty list says nothing: it may mean no tax, or taxes that do not concern the
// receiver (2.3.0 types, Price.taxes).
func readTaxes(d *Decoder, p *Price) {
	p.Shape = max(p.Shape, ShapeBeforeTaxes)
	p.Taxes = nil
	d.list(func() {
		p.Taxes = append(p.Taxes, TaxAmount{})
		readObject(d, taxTable, &p.Taxes[len(p.Taxes)-1])
	})
}

// cost reads the price of a cost, of any shape.
func (d *Decoder) cost(p *Price) {
	d.price(p, priceTable)
	if len(p.Taxes) == 0 || !p.BeforeTaxes.Present {
		return
	}
	sum := p.BeforeTaxes.Value
	for _, t := range p.Taxes {
		if !t.Amount.Present { // the gross is not known
			return
		}
		sum = sum.Add(t.Amount.Value)
	}
	p.AfterTaxes = Number{Value: sum, Present: true}
}

// price reads a price of any shape. A bare number where an object is wanted is the price before taxes.
func (d *Decoder) price(p *Price, t *table[Price]) {
	*p = Price{}
	at := d.p
	switch c := d.peek(); {
	case c == '{':
		readObject(d, t, p)
	case c == '"' || c == '-' || '0' <= c && c <= '9':
		p.BeforeTaxes = d.number()
		if !p.BeforeTaxes.Present {
			return
		}
		p.Shape = ShapeNumber
		d.score += weigh(shapeVersions[ShapeNumber])
		if !shapeVersions[ShapeNumber].has(d.version) {
			d.note(SchemaWrongType, SeverityWarn, at, "a bare number, wanted a price object; it is read as the price before taxes")
		}
	default:
		d.wrongType(at, "a price")
		d.skip()
	}
}

package ocpi

import "bytes"

// currency reads an ISO 4217 code and returns it in upper case. XXX and XTS are codes for no currency and for tests.
func (d *Decoder) currency() string {
	at := d.p
	raw, _, ok := d.rawText()
	if !ok {
		return ""
	}
	if currencyForm(raw) {
		if string(raw) == "XXX" || string(raw) == "XTS" {
			d.notef(CurrencyInvalid, SeverityError, at, "%s is the code of no currency", raw)
		}
		return d.intern.string(raw)
	}
	folded := upper(bytes.TrimSpace(raw))
	if currencyForm(folded) {
		d.notef(CurrencyInvalid, SeverityWarn, at, "%q, wanted %s", brief(raw), folded)
	} else {
		d.notef(CurrencyInvalid, SeverityError, at, "%q, wanted a currency code of three letters", brief(raw))
	}
	return d.intern.string(folded)
}

func currencyForm(code []byte) bool {
	for _, c := range code {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(code) == 3
}

package generate

import "strings"

const (
	invoiceHeader = "invoice_id,line,invoice_date,country_code,party_id,cdr_id,session_id,start,kwh,amount_excl_vat,vat,amount_incl_vat,currency,status,reason"
	placeHeader   = ",evse_id,contract_id,location,period_from,period_to,sessions,meter_id,meter_start,meter_stop"
	disputeHeader = "invoice_id,line,country_code,party_id,cdr_id,session_id,reason,claimed_kwh,claimed_seconds,claimed_amount\n"
)

// appendLine writes a line of the invoice, with the columns of placeHeader where places is set.
func appendLine(b []byte, l *line, invoice, date string, places bool) []byte {
	b = append(appendCell(b, invoice), ',')
	b = append(appendDecimal(b, int64(l.number), 0), ',')
	b = append(appendCell(b, date), ',')
	b = append(appendCell(b, l.countryCode), ',')
	b = append(appendCell(b, l.partyID), ',')
	b = append(appendCell(b, l.cdrID), ',')
	b = append(appendCell(b, l.sessionID), ',')
	if !l.sum {
		b = appendTime(b, l.start)
	}
	b = append(b, ',')
	b = append(appendDecimal(b, int64(l.whole), 6), ',')
	b = append(appendCents(b, l.net), ',')
	if !l.taxless {
		b = append(appendCents(b, l.tax), ',')
		b = appendCents(b, l.net+l.tax)
	} else {
		b = append(b, ',')
	}
	b = append(b, ',')
	b = append(appendCell(b, l.currency), ',')
	b = append(appendCell(b, l.status), ',')
	b = appendCell(b, l.reason)
	if places {
		b = append(appendCell(append(b, ','), l.evseID), ',')
		b = appendPlaces(b, l)
	}
	return append(b, '\n')
}

// appendPlaces writes what a line covers, and what its meter showed.
func appendPlaces(b []byte, l *line) []byte {
	from, to := l.period()
	for _, cell := range [...]string{l.contractID, l.location, from, to} {
		b = append(appendCell(b, cell), ',')
	}
	if l.sessions > 0 {
		b = appendDecimal(b, l.sessions, 0)
	}
	b = append(appendCell(append(b, ','), l.meter), ',')
	if l.meter == "" {
		return append(b, ',')
	}
	b = append(appendDecimal(b, int64(l.meterStart), 6), ',')
	return appendDecimal(b, int64(l.meterStop), 6)
}

// appendClaim writes an entry of the dispute list.
func appendClaim(b []byte, c *claim, invoice string) []byte {
	if c.line != nil {
		b = append(appendCell(b, invoice), ',')
		b = append(appendDecimal(b, int64(c.line.number), 0), ',')
	} else {
		b = append(b, ',', ',')
	}
	b = append(appendCell(b, c.countryCode), ',')
	b = append(appendCell(b, c.partyID), ',')
	b = append(appendCell(b, c.cdrID), ',')
	b = append(appendCell(b, c.sessionID), ',')
	b = append(appendCell(b, c.reason), ',')
	if c.kWh != 0 {
		b = appendDecimal(b, int64(c.kWh), 6)
	}
	b = append(b, ',')
	if c.seconds != 0 {
		b = appendDecimal(b, c.seconds, 0)
	}
	b = append(b, ',')
	if c.amount != 0 {
		b = appendCents(b, c.amount)
	}
	return append(b, '\n')
}

// appendCell writes a CSV cell, quoted where it must be.
func appendCell(b []byte, v string) []byte {
	if !strings.ContainsAny(v, ",\"\r\n") {
		return append(b, v...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(v, `"`, `""`)...)
	return append(b, '"')
}

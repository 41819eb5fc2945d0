package ocpi

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Thresholds of the checks on one record. OCPI asks for four decimals (types, number); many senders write two or three, and
// most drop trailing zeros. A value is taken to be rounded to the decimals written, but to no fewer than two and no more than
// four.
const (
	clockSkew        = 5 * time.Minute // last_updated may be earlier than the end by as much
	totalTimeWarn    = time.Minute     // below, total_time against the clock is worth an info only
	fewestDecimals   = 2
	mostDecimals     = 4
	normalIDLength   = 36 // of CDR ids
	creditIDLength   = 39 // of ids of credit CDRs, to leave room for a suffix
	secondsInHour    = 3600
	unavailableWord  = "#NA"
	evseIDAlnumLimit = 30
)

// validateCDR checks what can be checked within one CDR.
func validateCDR(d *Decoder, c *CDR) {
	if len(c.ChargingPeriods) == 0 {
		d.noteAt(PeriodEmpty, SeverityBlock, "no charging period, wanted at least one", "/charging_periods")
	}
	v := visit{d: d, start: c.StartDateTime, end: c.EndDateTime, endNames: cdrEnd, startNames: cdrStart, periods: c.ChargingPeriods}
	v.sum()
	v.checkEnds(c.TotalEnergy, c.TotalTime)
	v.checkPeriods()
	v.checkTotals(c)
	v.checkSessionOnly()
	checkCosts(d, c)
	checkCredit(d, c)
	checkCDRIDs(d, c, &v)
	if known(c.LastUpdated) && known(c.EndDateTime) && c.LastUpdated.Before(c.EndDateTime.Add(-clockSkew)) {
		d.noteAt(TimeLastUpdated, SeverityWarn, fmt.Sprintf("last_updated is %s before the end, tolerated are %s",
			c.EndDateTime.Sub(c.LastUpdated), clockSkew), "/last_updated")
	}
}

var (
	cdrStart     = []string{"/start_date_time"}
	cdrEnd       = []string{"/end_date_time", "/stop_date_time"}
	sessionStart = []string{"/start_date_time", "/start_datetime"}
	sessionEnd   = []string{"/end_date_time", "/end_datetime"}
)

// validateSession checks what can be checked within one session.
func validateSession(d *Decoder, s *Session) {
	v := visit{d: d, start: s.StartDateTime, end: s.EndDateTime, endNames: sessionEnd, startNames: sessionStart, periods: s.ChargingPeriods}
	v.sum()
	v.checkEnds(s.KWh, Number{})
	v.checkPeriods()
	if s.KWh.Present && s.KWh.Value.Sign() < 0 {
		d.noteAt(EnergyNegative, SeverityWarn, fmt.Sprintf("kwh is %s", s.KWh.Value), "/kwh")
	}
	checkCountryCode(d, s.CountryCode, "/country_code")
	checkCountryCode(d, s.Token.CountryCode, "/cdr_token/country_code")
	checkContract(d, s.Token.ContractID, "/cdr_token/contract_id")
}

// validateTariff checks what can be checked within one tariff; how well it is made is the business of the pricing engine.
func validateTariff(d *Decoder, t *Tariff) {
	checkCountryCode(d, t.CountryCode, "/country_code")
	for i := range t.Elements {
		for j := range t.Elements[i].PriceComponents {
			c := &t.Elements[i].PriceComponents[j]
			if c.VAT.Present && c.VAT.Value.Sign() < 0 {
				d.noteAt(TaxMismatch, SeverityError, fmt.Sprintf("a VAT of %s %%", c.VAT.Value),
					fmt.Sprintf("/elements/%d/price_components/%d/vat", i, j))
			}
		}
	}
}

// validateLocation checks what can be checked within one location.
func validateLocation(d *Decoder, l *Location) {
	checkCountryCode(d, l.CountryCode, "/country_code")
	checkCountry(d, l.Country, "/country")
	for i := range l.EVSEs {
		checkEVSE(d, l.EVSEs[i].EVSEID, "", "", "/evses/"+strconv.Itoa(i)+"/evse_id")
	}
}

func validateToken(d *Decoder, t *Token) {
	checkCountryCode(d, t.CountryCode, "/country_code")
	checkContract(d, t.ContractID, "/contract_id")
	checkContract(d, t.AuthID, "/auth_id")
}

// noteAt reports a finding about a value that was read before: the first of the pointers that the record has.
func (d *Decoder) noteAt(code Code, severity Severity, message string, pointers ...string) {
	if !d.admit(code, severity) {
		return
	}
	at, pointer := 0, pointers[0]
	for _, p := range pointers {
		if _, offset, ok := Lookup(d.b, p); ok {
			at, pointer = offset, p
			break
		}
	}
	d.add(Finding{Code: code, Severity: severity, Place: d.place(at), Pointer: pointer, Message: message})
}

// known reports a time that was given and does not stand for "not known".
func known(t time.Time) bool { return !t.IsZero() && t.Unix() != 0 }

// seconds is a duration as an exact number of seconds.
func seconds(d time.Duration) exact.Decimal { return exact.New(int64(d), 9) }

// halfUnit is the most that rounding to its decimals can have moved a number.
func halfUnit(n exact.Decimal) exact.Decimal {
	return exact.New(5, min(max(n.Scale(), fewestDecimals), mostDecimals)+1)
}

// checkCosts compares net and gross of each cost: tax has the sign of the amount.
func checkCosts(d *Decoder, c *CDR) {
	for _, cost := range []struct {
		price *Price
		name  string
	}{
		{&c.TotalCost, "/total_cost"}, {&c.TotalFixedCost, "/total_fixed_cost"}, {&c.TotalEnergyCost, "/total_energy_cost"},
		{&c.TotalTimeCost, "/total_time_cost"}, {&c.TotalParkingCost, "/total_parking_cost"},
		{&c.TotalReservationCost, "/total_reservation_cost"},
	} {
		p := cost.price
		if !p.BeforeTaxes.Present || !p.AfterTaxes.Present {
			continue
		}
		net, gross := p.BeforeTaxes.Value, p.AfterTaxes.Value
		if net.Sign() >= 0 && gross.Less(net) || net.Sign() < 0 && net.Less(gross) {
			d.noteAt(TaxMismatch, SeverityError, fmt.Sprintf("%s before taxes and %s after: the tax has the wrong sign", net, gross), cost.name)
		}
	}
}

// checkCredit holds the rules of credit CDRs that need no second record (2.2.1 mod_cdrs, Credit CDRs).
func checkCredit(d *Decoder, c *CDR) {
	if cost := c.TotalCost.BeforeTaxes; cost.Present {
		switch sign := cost.Value.Sign(); {
		case sign < 0 && !c.IsCredit():
			d.noteAt(CostRange, SeverityError, fmt.Sprintf("total_cost is %s, and the CDR is no credit", cost.Value), "/total_cost")
		case sign > 0 && c.IsCredit():
			d.noteAt(CreditChain, SeverityError, fmt.Sprintf("total_cost of a credit is %s, wanted it negative", cost.Value), "/total_cost")
		}
	}
	switch {
	case c.Credit == True && c.CreditReferenceID == "":
		d.noteAt(CreditChain, SeverityError, "a credit without credit_reference_id", "/credit")
	case c.Credit != True && c.CreditReferenceID != "":
		d.noteAt(CreditChain, SeverityError, "credit_reference_id without credit: true", "/credit_reference_id")
	case c.CreditReferenceID != "" && foldedEqual(c.CreditReferenceID, c.ID):
		d.noteAt(CreditChain, SeverityError, "the credit refers to itself", "/credit_reference_id")
	}
}

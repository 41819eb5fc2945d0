package report

import (
	"strconv"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// fact is one row of the comparison: what the invoice line, the CDR and the session say.
type fact struct {
	name    string
	cells   [3]string
	compare func(a, b string) bool // nil where differing words mean nothing
}

// appendFacts writes [name, line, CDR, session, differs] for each fact that any of the three states.
func appendFacts(dst []byte, v *reconcile.LineVerdict, t *table) []byte {
	dst = append(dst, '[')
	n := 0
	for _, f := range facts(v.Line, v.Match.CDR, v.Match.Session) {
		if f.cells == [3]string{} {
			continue
		}
		dst = t.text(append(comma(dst, n), '['), f.name)
		for _, cell := range f.cells {
			dst = appendText(append(dst, ','), cell)
		}
		dst = append(strconv.AppendBool(append(dst, ','), f.differs()), ']')
		n++
	}
	return append(dst, ']')
}

func (f *fact) differs() bool {
	if f.compare == nil {
		return false
	}
	for i, a := range f.cells {
		for _, b := range f.cells[i+1:] {
			if a != "" && b != "" && !f.compare(a, b) {
				return true
			}
		}
	}
	return false
}

func same(a, b string) bool { return a == b }

func facts(l *reconcile.Line, c *ocpi.CDR, s *ocpi.Session) []fact {
	if c == nil {
		c = new(ocpi.CDR)
	}
	if s == nil {
		s = new(ocpi.Session)
	}
	number := func(n ocpi.Number) string { return plainNumber(n, 0) }
	money := func(n ocpi.Number, currency string) string { return plainNumber(n, minorUnit(currency)) }
	lc, cc, sc := l.Claimed, c.TotalCost, s.TotalCost
	return []fact{
		{"Read from", [3]string{placeText(l.Record.Place), placeText(c.Record.Place), placeText(s.Record.Place)}, nil},
		{"OCPI version", [3]string{"", c.Version.String(), s.Version.String()}, nil},
		{"CDR id", [3]string{l.CDRID, c.ID, ""}, strings.EqualFold},
		{"Session id", [3]string{l.SessionID, c.SessionID, s.ID}, strings.EqualFold},
		{
			"Operator",
			[3]string{party(l.CountryCode, l.PartyID), party(c.CountryCode, c.PartyID), party(s.CountryCode, s.PartyID)},
			strings.EqualFold,
		},
		{"Start (UTC)", [3]string{clock(l.Start), clock(c.StartDateTime), clock(s.StartDateTime)}, same},
		{"End (UTC)", [3]string{clock(l.End), clock(c.EndDateTime), clock(s.EndDateTime)}, same},
		{"Length", [3]string{duration(l.Start, l.End), duration(c.StartDateTime, c.EndDateTime), duration(s.StartDateTime, s.EndDateTime)}, same},
		{"Energy, kWh", [3]string{number(l.ClaimedKWh), number(c.TotalEnergy), number(s.KWh)}, same},
		{"Time, h", [3]string{"", number(c.TotalTime), ""}, nil},
		{"Parking time, h", [3]string{"", number(c.TotalParkingTime), ""}, nil},
		{"Charging station", [3]string{l.EVSEID, evseText(c.Location), evseText(s.Location)}, nil},
		{"Location", [3]string{"", locationText(c.Location), locationText(s.Location)}, nil},
		{"Contract or token", [3]string{l.ContractID, tokenText(c.Token), tokenText(s.Token)}, strings.EqualFold},
		{"Authorization reference", [3]string{"", c.AuthorizationReference, s.AuthorizationReference}, strings.EqualFold},
		{"Meter", [3]string{"", c.MeterID, s.MeterID}, strings.EqualFold},
		{"Currency", [3]string{l.Currency, c.Currency, s.Currency}, strings.EqualFold},
		{"Stated cost, net", [3]string{money(lc.BeforeTaxes, l.Currency), money(cc.BeforeTaxes, c.Currency), money(sc.BeforeTaxes, s.Currency)}, same},
		{"Stated cost, gross", [3]string{money(lc.AfterTaxes, l.Currency), money(cc.AfterTaxes, c.Currency), money(sc.AfterTaxes, s.Currency)}, same},
		{"State", [3]string{"", credit(c), s.Status}, nil},
		{"Signed meter data", [3]string{"", signed(c.SignedData), ""}, nil},
		{"As the invoice puts it", [3]string{l.Description, "", ""}, nil},
	}
}

func plainNumber(n ocpi.Number, decimals int) string {
	if !n.Present {
		return ""
	}
	return digits(n.Value.String(), decimals)
}

func party(country, id string) string {
	if country == "" || id == "" {
		return country + id
	}
	return country + "-" + id
}

func locationText(l ocpi.CDRLocation) string {
	var out []string
	for _, s := range []string{first(l.Name, l.ID), l.City, l.Country} {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

func evseText(l ocpi.CDRLocation) string { return first(l.EVSEID, l.EVSEUID) }

func tokenText(t ocpi.CDRToken) string { return first(t.ContractID, t.AuthID, t.UID) }

func credit(c *ocpi.CDR) string {
	switch {
	case !c.IsCredit():
		return ""
	case c.CreditReferenceID != "":
		return "credit of " + c.CreditReferenceID
	default:
		return "credit"
	}
}

func signed(d *ocpi.SignedData) string {
	if d == nil {
		return ""
	}
	return strings.TrimSpace("present " + d.EncodingMethod)
}

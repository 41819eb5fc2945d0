package reconcile

import (
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Line is one line of an invoice, as claimed by its issuer. Absent strings are "", absent times zero.
type Line struct {
	Record ocpi.Record // place and raw bytes in the invoice file

	InvoiceID, Line                 string
	InvoiceDate                     time.Time
	CountryCode, PartyID            string
	CDRID, SessionID                string
	EVSEID, ContractID, Description string
	Start, End                      time.Time
	ClaimedKWh                      ocpi.Number
	Sessions                        ocpi.Number // how many the line stands for
	MeterID                         string
	MeterStart, MeterStop           ocpi.Number // register of the meter, kWh
	Claimed                         Money       // amount_excl_vat, amount_incl_vat
	ClaimedVAT, TaxRate             ocpi.Number // amount, percent
	Currency                        string      // upper case
	Disputed                        bool        // by the status column
	Reason                          string      // the reason column, as written

	MasterLine      string      // of a member: the line of the same invoice that it is part of
	Master          *MasterLine // of a master line and its members; nil of all others, and until Shape
	Scope           *Scope      // what a master line states that it covers, as its columns have it; nil where they say nothing
	ForeignCurrency string      // of a member: its own, where it is not its master's
	Together        *Together   // of a line that only with others comes to what CDRs cost; nil of all others
	Unsettled       string      // why the CDRs that it stands for are not known although some come to its amount
	GivenUp         bool        // the search for them was
}

// Claim is one entry of a dispute list: a fact about whole lines.
type Claim struct {
	Record ocpi.Record

	InvoiceID, Line      string
	CountryCode, PartyID string
	CDRID, SessionID     string
	Reason               string
	ClaimedKWh           ocpi.Number
	ClaimedSeconds       ocpi.Number
	ClaimedAmount        ocpi.Number // what the debtor admits of the line, net
	Currency             string
}

// CompareLineNumbers orders the line numbers of an invoice: by value where both are all digits, which come before other texts.
func CompareLineNumbers(a, b string) int {
	da, db := allDigits(a), allDigits(b)
	switch {
	case da && db:
		va, vb := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(va) != len(vb) {
			return len(va) - len(vb)
		}
		if va != vb {
			return strings.Compare(va, vb)
		}
		return strings.Compare(a, b)
	case da:
		return -1
	case db:
		return 1
	}
	return strings.Compare(a, b)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || '9' < s[i] {
			return false
		}
	}
	return s != ""
}

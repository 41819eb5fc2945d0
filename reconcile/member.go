package reconcile

import (
	"cmp"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Member is a CDR that belongs to a master line and that no row of a table claims. It claims what the CDR itself states as its cost: the
// word of its issuer.
type Member struct {
	CountryCode, PartyID, CDRID string
	Currency                    string
	Cost                        Money     // total_cost; nothing where no CDR is known
	LastUpdated                 time.Time // of the CDR
}

// SameMember reports two that are one CDR: of one owner and id.
func SameMember(a, b *Member) bool {
	return sameID(a.CountryCode, b.CountryCode) && sameID(a.PartyID, b.PartyID) && sameID(a.CDRID, b.CDRID)
}

// CompareMembers orders members by owner and id, then by when their CDRs came into being and by cost.
func CompareMembers(a, b *Member) int {
	return cmp.Or(
		strings.Compare(foldID(a.CountryCode), foldID(b.CountryCode)), strings.Compare(foldID(a.PartyID), foldID(b.PartyID)),
		strings.Compare(foldID(a.CDRID), foldID(b.CDRID)), a.LastUpdated.Compare(b.LastUpdated),
		compareNumbers(a.Cost.BeforeTaxes, b.Cost.BeforeTaxes), strings.Compare(a.CDRID, b.CDRID),
	)
}

// MemberOf is the member that a CDR makes.
func MemberOf(c *ocpi.CDR) Member {
	return Member{
		CountryCode: c.CountryCode, PartyID: c.PartyID, CDRID: c.ID, Currency: c.Currency,
		Cost: Money{BeforeTaxes: c.TotalCost.BeforeTaxes, AfterTaxes: c.TotalCost.AfterTaxes}, LastUpdated: c.LastUpdated,
	}
}

// Cells is the member as cells, for ReadMember: what is kept of it until its line is judged.
func (m *MasterLine) Cells(c *Member) []string {
	currency := c.Currency
	if currency == "" {
		currency = m.Currency
	}
	return []string{
		m.InvoiceID, m.Line, m.invoiceDate.Format(time.RFC3339Nano), c.CountryCode, c.PartyID, c.CDRID, currency,
		numberCell(c.Cost.BeforeTaxes), numberCell(c.Cost.AfterTaxes),
	}
}

func numberCell(n ocpi.Number) string {
	if !n.Present {
		return ""
	}
	return n.Value.String()
}

// ReadMember reads what Cells wrote, as LineReader.Read reads a row. A member without a net claims nothing.
func ReadMember(rec ocpi.Record, cells []string) (*Line, []ocpi.Finding) {
	number := func(text string) ocpi.Number {
		v, err := exact.Parse([]byte(text))
		return ocpi.Number{Value: v, Present: err == nil}
	}
	date, _ := time.Parse(time.RFC3339Nano, cells[2]) // as Cells wrote it
	l := &Line{
		Record: rec, InvoiceID: cells[0], MasterLine: cells[1], Line: memberLine(cells[1], cells[5]), InvoiceDate: date,
		CountryCode: cells[3], PartyID: cells[4], CDRID: cells[5], Currency: cells[6],
		Claimed: Money{BeforeTaxes: number(cells[7]), AfterTaxes: number(cells[8])},
	}
	if !l.Claimed.BeforeTaxes.Present {
		l.Claimed = Money{BeforeTaxes: Known(exact.Decimal{})}
	}
	return l, nil
}

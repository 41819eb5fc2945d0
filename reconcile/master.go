package reconcile

import (
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
)

// How the members of a master line are known. Callers that find a set of CDRs by a search of their own name it likewise.
const (
	MembersByAnnex     = "annex"                  // rows of a table name the line
	MembersByRecord    = "invoice-reconciliation" // an OCPI Invoice Reconciliation record lists them
	MembersByReference = "invoice-reference"      // invoice_reference_id of the CDRs names the invoice
)

// MasterLine is a line of an invoice whose amount is that of many CDRs. Its members are lines of their own, one for each CDR; the master
// line itself claims what they do not carry, so that nothing is counted twice. It is shared by the master and its members, and never
// changes once Close was called.
type MasterLine struct {
	InvoiceID, Line string
	Currency        string
	By              string // how the members are known
	Stated          Money  // what the row of the invoice claims
	TaxRate         ocpi.Number
	Scope           Scope

	Members    int   // lines that carry an amount, or none where no CDR is known
	Carried    Money // what they claim, in sum; after taxes only where every member tells it
	Rest       Money // Stated − Carried: what the master line claims from then on
	Difference exact.Decimal
	// Rounded says how rounding explains a net Rest: exact, rounding (as EN 16931 rounds), rounding-otherwise, or mismatch.
	Rounded string
	Found   string // how a search found the members, "" where a list names them

	invoiceDate time.Time
	disputed    bool
	reason      string
	sums        *rounding.Invoice
	grossKnown  bool
}

// How rounding explains what the members of a master line do not carry.
const (
	restExact          = "exact"
	restRounding       = "rounding"           // the sum, or each member, rounded half-up to the minor unit
	restRoundedAnother = "rounding-otherwise" // another mode or way
	restMismatch       = "mismatch"
)

// NewMasterLine makes a master of a line. The case's parties bound its scope where they are named.
func NewMasterLine(l *Line, by string, creditor, debtor Party) *MasterLine {
	m := &MasterLine{
		InvoiceID: l.InvoiceID, Line: l.Line, Currency: l.Currency, By: by, Stated: l.Claimed, TaxRate: l.TaxRate,
		invoiceDate: l.InvoiceDate, disputed: l.Disputed, reason: l.Reason, sums: rounding.NewInvoice(MinorUnits(l.Currency)), grossKnown: l.Claimed.AfterTaxes.Present,
	}
	m.Scope = scopeOf(l, creditor, debtor)
	return m
}

// IsBare reports a line that says nothing of which session it is about: it can only be a master line.
func (l *Line) IsBare() bool {
	return l.MasterLine == "" && l.sign() > 0 && !named(l.CDRID) && !named(l.SessionID) && (l.Start.IsZero() || !named(l.EVSEID) && !named(l.ContractID) || l.ofDays()) &&
		!l.IsMetered()
}

// ofDays reports a line whose start and end are days, as the invoice period of an electronic invoice is: no session is told so.
func (l *Line) ofDays() bool { return isDay(l.Start) && isDay(l.End) }

// Dispute makes the master disputed by a claim that names no more than its line: so is every member, for a dispute is a fact about a whole
// line.
func (m *MasterLine) Dispute(c *Claim) {
	if named(c.CDRID) || named(c.SessionID) {
		return
	}
	m.disputed = true
	if m.reason == "" {
		m.reason = c.Reason
	}
}

// Add adds a member to what is carried. The line must be as Shape makes it. Lines of which one repeats the other are added once.
func (m *MasterLine) Add(member *Line) {
	m.Members++
	claimed := member.Claimed
	m.sums.Add(&tariff.Amount{BeforeTaxes: claimed.BeforeTaxes})
	m.Carried.BeforeTaxes = Known(m.Carried.BeforeTaxes.Value.Add(claimed.BeforeTaxes.Value))
	m.Carried.AfterTaxes = Known(m.Carried.AfterTaxes.Value.Add(claimed.AfterTaxes.Value))
	m.grossKnown = m.grossKnown && (claimed.AfterTaxes.Present || claimed.BeforeTaxes.Value.IsZero())
}

// Close says what the members leave to the master line.
func (m *MasterLine) Close() {
	m.Difference = m.Stated.BeforeTaxes.Value.Sub(m.Carried.BeforeTaxes.Value)
	m.Rest = Money{BeforeTaxes: Known(m.Difference)}
	if !m.grossKnown {
		m.Carried.AfterTaxes = ocpi.Number{}
	} else {
		m.Rest.AfterTaxes = Known(m.Stated.AfterTaxes.Value.Sub(m.Carried.AfterTaxes.Value))
	}
	m.Rounded = m.explain()
	m.sums = nil
}

// explain says which way of rounding makes the stated amount of the members' claims.
func (m *MasterLine) explain() string {
	if m.Difference.IsZero() {
		return restExact
	}
	for _, f := range m.sums.Judge(rounding.Totals{Net: m.Stated.BeforeTaxes}) {
		for _, w := range f.Ways {
			if w.Mode == exact.HalfUp {
				return restRounding
			}
		}
		if len(f.Ways) > 0 {
			return restRoundedAnother
		}
	}
	return restMismatch
}

// Shape makes of a row what it is worth beside the other lines: the master claims what its members do not carry, a member is disputed as the
// master is. A member in another currency carries nothing: nothing is converted.
func (m *MasterLine) Shape(l *Line) {
	l.Master = m
	if !l.IsMember() {
		l.Claimed = m.Rest
		if l.ClaimedVAT = (ocpi.Number{}); m.Rest.AfterTaxes.Present {
			l.ClaimedVAT = Known(m.Rest.AfterTaxes.Value.Sub(m.Rest.BeforeTaxes.Value))
		}
		l.Disputed, l.Reason = m.disputed, m.reason
		return
	}
	if m.disputed && !l.Disputed {
		l.Disputed, l.Reason = true, m.reason
	}
	if l.Currency != m.Currency {
		l.ForeignCurrency, l.Currency = l.Currency, m.Currency
		l.Claimed, l.ClaimedVAT = Money{BeforeTaxes: Known(exact.Decimal{})}, ocpi.Number{}
	}
	m.derive(l)
}

// derive gives a member that tells no gross the tax rate of its master.
func (m *MasterLine) derive(l *Line) {
	if !m.Stated.AfterTaxes.Present {
		l.Claimed.AfterTaxes = ocpi.Number{}
		return
	}
	if l.Claimed.AfterTaxes.Present || !m.TaxRate.Present {
		return
	}
	net := l.Claimed.BeforeTaxes.Value
	places := max(net.Scale(), MinorUnits(m.Currency))
	l.TaxRate = m.TaxRate
	l.Claimed.AfterTaxes = Known(net.Mul(taxFactor(m.TaxRate.Value)).Round(places, exact.HalfUp))
}

// IsMember reports a line that is part of a master line.
func (l *Line) IsMember() bool { return l.MasterLine != "" && l.Master != nil }

// IsMaster reports a line that has members.
func (l *Line) IsMaster() bool { return l.MasterLine == "" && l.Master != nil }

// memberLine is the number of a member: that of its master and what tells it from the others.
func memberLine(master, own string) string { return master + memberBreak + own }

// memberBreak stands between the number of a master line and what tells a member from the others.
const memberBreak = "/"

// OwnNumber is what tells a member from the other members of its master line, as its row has it.
func OwnNumber(line, master string) string { return strings.TrimPrefix(line, master+memberBreak) }

// rowRemainder is row 33: what the members of a master line do not carry. A rounding that EN 16931 prescribes is owed, any other and what no
// rounding explains has nothing that supports it.
func (t *trial) rowRemainder() {
	m := t.line.line.Master
	switch {
	case m.Rounded == restRounding, t.near(exact.Decimal{}):
		t.grounds = ruling{floor: t.claimed, ceiling: t.claimed}
		t.note(codeCostRounding, ocpi.SeverityInfo, "the line states %s, its %d members claim %s: the rest is rounding",
			m.Stated.BeforeTaxes.Value, m.Members, m.Carried.BeforeTaxes.Value)
	case m.Rounded == restRoundedAnother:
		t.rule(ruling{row: 33, code: codeCostRounding, open: true, message: m.remainder("a rounding that the case does not name makes the difference")})
	default:
		t.rule(ruling{row: 33, code: codeMasterRemainder, open: true, message: m.remainder("no rounding makes the difference")})
	}
}

func (m *MasterLine) remainder(why string) string {
	return "the line states " + m.Stated.BeforeTaxes.Value.String() + ", its members claim " + m.Carried.BeforeTaxes.Value.String() + ": " + why
}

// notePart tells, of a line that claims nothing or gives money back, what its part in a master line is; nothing moves.
func (t *trial) notePart() {
	l := t.line.line
	switch {
	case l.Master == nil:
	case l.IsMaster() && t.claimed.Sign() < 0 && l.Master.Rounded == restMismatch:
		t.note(codeMasterRemainder, ocpi.SeverityWarn, "%s", l.Master.remainder("they claim more, and no rounding makes the difference"))
	case l.IsMaster() && t.claimed.Sign() < 0:
		t.note(codeCostRounding, ocpi.SeverityInfo, "%s", l.Master.remainder("rounding makes the difference"))
	case l.IsMaster():
	case t.line.state == matchAmbiguous:
		t.note(codeAmbiguousMatch, ocpi.SeverityError, "%d CDRs are %s, which is listed under line %s", t.line.fitting, orNone(l.CDRID), l.MasterLine)
	case t.cdr == nil:
		t.note(codeUnknownCDR, ocpi.SeverityError, "no CDR is %s, which is listed under line %s", orNone(l.CDRID), l.MasterLine)
	default:
		if why := l.foreign(t.cdr.cdr, t.b.terms); why != "" {
			t.note(codeMemberForeign, ocpi.SeverityError, "CDR %s is no part of line %s: %s", t.cdr.cdr.ID, l.MasterLine, why)
		}
	}
}

// NoMaster is the finding about rows that name a master line which no invoice has.
func (l *Line) NoMaster(rows int) ocpi.Finding {
	return newFinding(l.Record.Place, "", codeMasterUnknown, ocpi.SeverityWarn,
		"%d rows are part of line %s of invoice %s, which no table has; each is judged as a line of its own", rows, l.MasterLine, orNone(l.InvoiceID))
}

// sign is the sign of what the line claims, net.
func (l *Line) sign() int { return l.Claimed.BeforeTaxes.Value.Sign() }

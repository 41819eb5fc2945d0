package generate

import "slices"

// Reasons: the codes of the table of situations.
const (
	lineExceedsCDR      = "line-exceeds-cdr"
	underbilled         = "underbilled"
	claimNotSupported   = "claim-not-supported"
	sessionIDMismatch   = "session-id-mismatch"
	sessionIDConflict   = "session-id-conflict"
	invoicedUnknownCDR  = "invoiced-unknown-cdr"
	missingCDR          = "missing-cdr"
	ambiguousMatch      = "ambiguous-match"
	energyMismatch      = "en-session-mismatch"
	durationMismatch    = "dur-session-mismatch"
	periodSum           = "en-period-sum"
	duplicateID         = "dup-id"
	cdrWithoutSession   = "cdr-without-session"
	sessionInvalid      = "session-invalid"
	tariffNone          = "tar-none"
	totalMismatch       = "cost-total-mismatch"
	openReading         = "reading"
	rounding            = "cost-rounding"
	spansBoundary       = "period-spans-boundary"
	agreementMissing    = "tariff-agreement-not-supplied"
	differsFromPublic   = "tar-differs-from-published"
	currencyMismatch    = "cur-mismatch"
	taxMismatch         = "tax-mismatch"
	invoicedTwice       = "invoiced-twice"
	duplicateContent    = "dup-content"
	twoCDRsOneSession   = "two-cdrs-one-session"
	creditNotApplied    = "credit-not-applied"
	creditChain         = "credit-chain"
	creditWithoutCDR    = "credit-without-cdr"
	overCredited        = "over-credited"
	exceedsConnector    = "en-exceeds-connector"
	homeCharging        = "home-charging"
	outcomeProven       = "proven"
	outcomePartial      = "partial"
	outcomeConceded     = "conceded"
	outcomeUnproven     = "unproven"
	noDefect            = "none"
	statusDisputed      = "disputed"
	sessionActive       = "ACTIVE"
	sessionPending      = "PENDING"
	sessionInvalidState = "INVALID"
)

// settle divides the line between what all evidence supports (floor), what any supports (ceiling), and the rest.
func (l *line) settle(floor, ceiling cents) {
	l.proven = min(l.net, floor)
	l.unproven = min(l.net, ceiling) - l.proven
	l.conceded = l.net - l.proven - l.unproven
}

// because names the reasons of the parts that are not proven; "" where a part is zero.
func (l *line) because(conceded, unproven string) { l.concededBy, l.unprovenBy = conceded, unproven }

// note adds a reason that moves nothing.
func (l *line) note(code string) {
	if !slices.Contains(l.notes, code) {
		l.notes = append(l.notes, code)
	}
}

func (l *line) outcome() string {
	switch {
	case l.parts() > 1:
		return outcomePartial
	case l.conceded != 0:
		return outcomeConceded
	case l.unproven != 0:
		return outcomeUnproven
	}
	return outcomeProven
}

func (l *line) parts() int {
	n := 0
	for _, p := range [...]cents{l.proven, l.conceded, l.unproven} {
		if p != 0 {
			n++
		}
	}
	return n
}

// reasons are the conceded part's, the unproven part's, then the notes in order.
func (l *line) reasons(into []string) []string {
	if l.conceded != 0 {
		into = append(into, l.concededBy)
	}
	if l.unproven != 0 {
		into = append(into, l.unprovenBy)
	}
	slices.Sort(l.notes)
	return append(into, l.notes...)
}

// appendTruth writes the line's truth as one line of NDJSON; of a line that stands for several CDRs, that it claims nothing itself, and then the
// truth of each of them.
func (l *line) appendTruth(b []byte, invoice, defect string) []byte {
	if len(l.members) == 0 {
		return l.appendOne(b, invoice, defect, "")
	}
	b = (&line{number: l.number, disputed: l.disputed}).appendOne(b, invoice, defect, "")
	for _, c := range l.members {
		member := line{number: l.number, disputed: l.disputed, means: c.id, net: c.net, proven: c.net}
		b = member.appendOne(b, invoice, defect, "/"+c.id)
	}
	return b
}

// appendOne writes one line; below is what follows its number.
func (l *line) appendOne(b []byte, invoice, defect, below string) []byte {
	o := object{b}
	o.open("", '{')
	o.str("invoice_id", invoice)
	o.name("line")
	o.b = append(o.b, '"')
	o.b = append(appendDecimal(o.b, int64(l.number), 0), below...)
	o.b = append(o.b, '"')
	o.str("cdr", l.means)
	o.str("defect", defect)
	o.name("disputed")
	if l.disputed {
		o.b = append(o.b, "true"...)
	} else {
		o.b = append(o.b, "false"...)
	}
	o.cents("proven", l.proven)
	o.cents("conceded", l.conceded)
	o.cents("unproven", l.unproven)
	o.str("outcome", l.outcome())
	o.open("reasons", '[')
	for _, code := range l.reasons(nil) {
		o.sep()
		o.b = appendString(o.b, code)
	}
	o.close(']')
	o.close('}')
	return append(o.b, '\n')
}

// cents writes an amount as a string with two decimals.
func (o *object) cents(name string, c cents) {
	o.name(name)
	o.b = append(o.b, '"')
	o.b = appendCents(o.b, c)
	o.b = append(o.b, '"')
}

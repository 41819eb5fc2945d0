package reconcile

import "github.com/nexacollect/reconcile/ocpi"

// Codes of judging: reasons that move money, and findings about how records fit together. Each has an entry in ocpi/codes.md.
const (
	// What a line is worth.
	codeLineExceedsCDR    ocpi.Code = "line-exceeds-cdr"
	codeUnderbilled       ocpi.Code = "underbilled"
	codeClaimNotSupported ocpi.Code = "claim-not-supported"
	codeCostTotalMismatch ocpi.Code = "cost-total-mismatch"
	codeCostRounding      ocpi.Code = "cost-rounding"

	codePriceExplained        ocpi.Code = "price-explained"
	codePriceExplainedSeveral ocpi.Code = "price-explained-several"

	codeCurMismatch   ocpi.Code = "cur-mismatch"
	codeTaxMismatch   ocpi.Code = "tax-mismatch"
	codeTaxUnverified ocpi.Code = "tax-unverified"

	// Which records belong to it.
	codeSessionIDMismatch ocpi.Code = "session-id-mismatch"
	codeSessionIDConflict ocpi.Code = "session-id-conflict"
	codeCDRIDMismatch     ocpi.Code = "cdr-id-mismatch"
	codeUnknownCDR        ocpi.Code = "invoiced-unknown-cdr"
	codeMissingCDR        ocpi.Code = "missing-cdr"
	codeAmbiguousMatch    ocpi.Code = "ambiguous-match"
	codeMatchAggregate    ocpi.Code = "match-aggregate"
	codeLinesOverCDRs     ocpi.Code = "lines-over-cdrs"
	codeMatchMeter        ocpi.Code = "match-meter"
	codeMatchIDNoise      ocpi.Code = "match-id-noise"
	codeMatchComposite    ocpi.Code = "match-composite"
	codeMatchWindow       ocpi.Code = "match-window"
	codeMatchHoursApart   ocpi.Code = "match-hours-apart"
	codeSearchLimit       ocpi.Code = "search-limit"
	codeDupID             ocpi.Code = "dup-id"
	codeInvoicedTwice     ocpi.Code = "invoiced-twice"
	codeDupContent        ocpi.Code = "dup-content"
	codeTwoCDRs           ocpi.Code = "two-cdrs-one-session"
	codeCreditNotApplied  ocpi.Code = "credit-not-applied"
	codeCreditChain       ocpi.Code = "credit-chain"
	codeCreditFields      ocpi.Code = "credit-fields"
	codeCreditNegated     ocpi.Code = "credit-negated"
	codeCreditWithoutCDR  ocpi.Code = "credit-without-cdr"
	codeOverCredited      ocpi.Code = "over-credited"
	codeCDRNotInvoiced    ocpi.Code = "cdr-not-invoiced"
	codeHomeCharging      ocpi.Code = "home-charging"
	codeDuplicate         ocpi.Code = "duplicate"
	codeDupInvoiceLine    ocpi.Code = "dup-invoice-line"
	codeDisputeUnknown    ocpi.Code = "dispute-unknown"
	codeSessionSuperseded ocpi.Code = "session-superseded"
	codeSessionConflict   ocpi.Code = "session-conflict"
	codeMasterRemainder   ocpi.Code = "master-remainder"
	codeMasterUnknown     ocpi.Code = "master-line-unknown"
	codeMemberMissing     ocpi.Code = "member-missing"
	codeMemberForeign     ocpi.Code = "member-foreign"
	codeOverlapEVSE       ocpi.Code = "overlap-evse"
	codeOverlapToken      ocpi.Code = "overlap-token"
	codeTravel            ocpi.Code = "impossible-travel"
	codeTariffOwner       ocpi.Code = "tariff-owner-mismatch"

	// What was delivered.
	codeEnergySession    ocpi.Code = "en-session-mismatch"
	codeDurationSession  ocpi.Code = "dur-session-mismatch"
	codePeriodSum        ocpi.Code = "en-period-sum"
	codeWithoutSession   ocpi.Code = "cdr-without-session"
	codeSessionInvalid   ocpi.Code = "session-invalid"
	codeSigNotVerified   ocpi.Code = "sig-not-verified"
	codeSigVerified      ocpi.Code = "sig-verified"
	codeSigEnergy        ocpi.Code = "sig-energy-mismatch"
	codeSigMissing       ocpi.Code = "sig-missing"
	codeSigClaim         ocpi.Code = "sig-claim-without-energy"
	codeMeterDiff        ocpi.Code = "mv-diff-mismatch"
	codeMeterNegative    ocpi.Code = "mv-negative-diff"
	codeMeterFalls       ocpi.Code = "mv-not-monotonic"
	codeMeterOutside     ocpi.Code = "mv-outside-window"
	codeMeterContinuity  ocpi.Code = "mv-start-continuity"
	codeDurTooShort      ocpi.Code = "dur-too-short"
	codeDurTooLong       ocpi.Code = "dur-too-long"
	codeDurOverDay       ocpi.Code = "dur-over-24h"
	codeDurOverWeek      ocpi.Code = "dur-over-7d"
	codeEnergyZero       ocpi.Code = "en-zero"
	codeBelowMin         ocpi.Code = "en-below-min"
	codeAboveMax         ocpi.Code = "en-above-max"
	codeExceedsBattery   ocpi.Code = "en-exceeds-battery"
	codeLateCDR          ocpi.Code = "late-cdr"
	codeAfterCutoff      ocpi.Code = "after-cutoff"
	codeInFuture         ocpi.Code = "ts-in-future"
	codeCostRange                  = ocpi.CostRange
	codeUnknownLocation  ocpi.Code = "unknown-location"
	codeUnknownToken     ocpi.Code = "unknown-token"
	codeNotAuthorised    ocpi.Code = "not-authorised"
	codeExceedsConnector ocpi.Code = "en-exceeds-connector"
	codeZeroDuration     ocpi.Code = "ts-zero-duration"
	codeWhAsKWh          ocpi.Code = "en-wh-as-kwh"
	codeEVSESession      ocpi.Code = "evse-session-mismatch"
	codeTokenSession     ocpi.Code = "token-session-mismatch"
	codeClockDrift       ocpi.Code = "ts-clock-drift"
	codeCostSession      ocpi.Code = "cost-session-mismatch"
	codeLineKWh          ocpi.Code = "line-kwh-mismatch"
	codeAuthReference    ocpi.Code = "authorization-reference-mismatch"

	// What the debtor's own copy says.
	codeTheirsDiffers ocpi.Code = "theirs-differs"
	codeTheirsMissing ocpi.Code = "theirs-missing"
	codeTheirsExtra   ocpi.Code = "theirs-extra"

	codeTheirsSessionDiffers ocpi.Code = "theirs-session-differs"
	codeTheirsSessionMissing ocpi.Code = "theirs-session-missing"
	codeTheirsSessionExtra   ocpi.Code = "theirs-session-extra"

	// Which price was agreed.
	codeBoundary          ocpi.Code = "period-spans-boundary"
	codeReading           ocpi.Code = "reading"
	codeTariffUnproven    ocpi.Code = "tariff-agreement-not-supplied"
	codeTariffNotAgreed   ocpi.Code = "tar-not-agreed"
	codeTariffPublished   ocpi.Code = "tar-differs-from-published"
	codeTariffStep        ocpi.Code = "tar-step-size"
	codeTariffRestriction ocpi.Code = "tar-restriction"
	codeTariffWallClock   ocpi.Code = "tar-wallclock-time"
	codeTariffLimits      ocpi.Code = "tar-min-max-price"
	codeAgreedUnusable    ocpi.Code = "tar-agreed-unusable"
	codeAgreedFillsIn     ocpi.Code = "tar-agreed-fills-in"
)

// Codes of response sheets that came back, and of manual decisions.
const (
	codeAcceptedByDebtor   ocpi.Code = "accepted-by-debtor"
	codeAcceptedLess       ocpi.Code = "accepted-less"
	codeResponseUnknown    ocpi.Code = "response-unknown"
	codeResponseAnswer     ocpi.Code = "response-answer"
	codeResponseAtOdds     ocpi.Code = "response-at-odds"
	codeResponseChanged    ocpi.Code = "response-changed"
	codeResponseLate       ocpi.Code = "response-after-acceptance"
	codeResponseOrder      ocpi.Code = "response-order"
	codeDecisionInvalid    ocpi.Code = "decision-invalid"
	codeDecisionUnknown    ocpi.Code = "decision-unknown"
	codeDecisionConflict   ocpi.Code = "decision-conflict"
	codeDecisionCycle      ocpi.Code = "decision-cycle"
	codeDecisionNotApplied ocpi.Code = "decision-not-applied"
	codeDecisionWithdrawn  ocpi.Code = "decision-withdrawn"
	codeDecisionElsewhere  ocpi.Code = "decision-elsewhere"
	codeDecisionTheirs     ocpi.Code = "decision-accept-theirs"
	codeDecisionUpheld     ocpi.Code = "decision-upheld"
	codeDecisionMatched    ocpi.Code = "decision-matched"
	codeDecisionDuplicate  ocpi.Code = "decision-duplicate"
)

// Codes of reading invoice and dispute tables.
const (
	codeColumnUnknown     ocpi.Code = "column-unknown"
	codeAmountUnreadable  ocpi.Code = "amount-unreadable"
	codeAmountMissing     ocpi.Code = "amount-missing"
	codeCurrencyMissing   ocpi.Code = "currency-missing"
	codeGrossWithoutNet   ocpi.Code = "gross-without-net"
	codeNetDerived        ocpi.Code = "net-derived"
	codeGrossDerived      ocpi.Code = "gross-derived"
	codeDecimalComma      ocpi.Code = "decimal-comma"
	codeNumberUnreadable  ocpi.Code = "number-unreadable"
	codeDateUnreadable    ocpi.Code = "date-unreadable"
	codeDateAssumedUTC    ocpi.Code = "date-assumed-utc"
	codeStatusUnknown     ocpi.Code = "status-unknown"
	codeInvoiceArithmetic ocpi.Code = "invoice-arithmetic" // of lines, and of the totals that an invoice states
	codeRowWidth          ocpi.Code = "row-width"
	codeClaimWithoutID    ocpi.Code = "dispute-without-id"
)

// Codes of reading tables of CDRs and sessions.
const (
	codeTableKind     ocpi.Code = "table-kind"     // a table whose heading is of another kind
	codeRowUnreadable ocpi.Code = "row-unreadable" // a cell that cannot be read
	codeRowDiffers    ocpi.Code = "row-differs"    // rows of one record that differ where they must not
	codeRowZone       ocpi.Code = "row-zone"       // a time that names no one instant
	codeRowOnePeriod  ocpi.Code = "row-one-period" // a CDR without periods, given one
	codeRowRounded    ocpi.Code = "row-rounded"    // hours that have no end of decimals
)

// Codes of comparing the totals that an invoice states with its lines.
const (
	codeInvoiceMismatch    ocpi.Code = "invoice-total-mismatch"
	codeInvoiceNotCompared ocpi.Code = "invoice-total-not-compared"
	codeInvoiceRounding    ocpi.Code = "invoice-total-rounding"
)

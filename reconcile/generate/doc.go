// Package generate writes synthetic cases: CDRs, sessions, tariffs, locations, an invoice and the debtor's disputes, with known
// defects, and beside them the truth about every invoice line.
//
// [Month] makes a month of any size, [Demo] the input of the built-in case, [FromSessions] a case from measured sessions. The same
// seed gives the same bytes on every machine. Records are written as they are made, so memory does not grow with their number.
//
// # Truth
//
// The truth is worked out here, without the engine, which the package must not import: sessions are made so that their exact price
// is a sum of integers (whole Wh, whole seconds, prices of four decimals), and each defect states what it leaves proven, conceded
// and unproven. truth.ndjson has an object for each invoice line; its defect is that of the group of records to which the line belongs,
// so that the faultless first line of a session invoiced twice says invoiced-twice too. Parties are named by role: NL-CPO, DE-EMP.
//
// A disputed line whose price hangs on an open question of the spec would be proven only to the least reading. Disputed lines
// therefore have tariffs and lengths that every reading prices alike, except where that is the defect, and the case file settles
// what remains (agreement.rules).
//
// With Options.Theirs the debtor's own copy of the CDRs and sessions is written too, with differences of which theirs_truth.ndjson and
// their_sessions_truth.ndjson tell: records that are dropped, extra, there twice, written otherwise but the same, or changed in members of each kind.
//
// # Defects
//
// C is the line's amount, P the price of its CDR, both in cents. Several entries of one name are variants: disputed or not, up or
// down, by list or by status column.
//
//	defect                       what is wrong                                     truth: proven, conceded (c), unproven (u); reasons
//	none                         nothing                                           C
//	disputed-kwh, -time,         a dispute that the records refute                 C; claim-not-supported
//	  -amount, -session
//	disputed-session             and the line quotes a session id nobody has       C; session-id-mismatch
//	disputed-tariff              the tariff is said not to be agreed               C; tariff-agreement-not-supplied
//	overbilled                   C above P, by 0.50 or more                        P, c C − P line-exceeds-cdr
//	underbilled                  C below P                                         C; underbilled
//	rounded-up                   C is P rounded up, P rounds down                  P, u 0.01 cost-rounding
//	session-id-mismatch          the line quotes a session id nobody has           C; session-id-mismatch
//	session-id-conflict          the line quotes another visit's session           lesser price, u rest session-id-conflict; or C and a note
//	invoiced-unknown             no CDR, no session; or a session only             u C invoiced-unknown-cdr; missing-cdr
//	not-invoiced                 no line                                           –
//	session-without-cdr          a session, no CDR, no line                        –
//	wrong-currency               the line's currency is not the CDR's              u C cur-mismatch
//	wrong-tax                    the line's tax is too high                        C; tax-mismatch
//	ambiguous                    two operators gave the CDR id, the line no party  u C ambiguous-match
//	session-kwh-lower, -higher   the session's kWh are not the CDR's               lesser price, u rest en-session-mismatch; higher: C, note
//	session-time-shorter,        the session's length is not the CDR's             likewise, dur-session-mismatch
//	  -longer
//	cdr-total-above              total_cost above P, and C with it                 P, c C − P cost-total-mismatch
//	cdr-total-below              total_cost below P, and C with it                 C; cost-total-mismatch, underbilled
//	period-sum                   total_energy is not Σ periods; the session is     C; en-period-sum
//	period-spans-boundary        a period across a boundary of the tariff          C, note; disputed: lesser price, u rest
//	open-question                disputed; idle time rounded with or without the   lesser price, u rest reading; or C and a note
//	                             part that is free
//	tariff-not-published         embedded tariff dearer than the published one     published price, u rest tar-differs-from-published
//	missing-session              no session; undisputed or only the price          C; cdr-without-session
//	missing-session              quantity or existence disputed                    u C (c above P) cdr-without-session
//	session-active, -pending     the session is not final: as missing              as missing-session
//	session-invalid              the session is INVALID                            u C session-invalid
//	invoiced-twice               a CDR on two lines                                C; the later line c C invoiced-twice
//	cdr-sent-twice               a CDR twice, same body                            C
//	cdr-two-bodies               a CDR id twice, priced by two tariffs             lesser price, u rest dup-id
//	session-billed-twice         a second CDR with the same content, invoiced      C; the later line c C dup-content
//	two-cdrs-of-session          a second CDR for part of the session, invoiced    C; the later u C two-cdrs-one-session, note en-session-mismatch
//	credited                     CDR, credit CDR, a line for each                  C each
//	credited-and-replaced        and a replacement with its line                   C each
//	credit-not-applied           CDR and credit CDR, a line for the CDR only       c C credit-not-applied
//	credit-not-applied-replaced  and a cheaper replacement without a line          price of the replacement, c rest credit-not-applied
//	no-tariff                    no tariff at hand has the id that periods name    u C tar-none
//	impossible-kwh               three times what the connector can give           u C en-exceeds-connector
//	id-form, no-ids              the line's ids are in another form; or it has none,  C –
//	foreign-ids, hours-apart     but EVSE, contract, start; other ids; local time     C –
//	meter, meter-rounded         the line has no ids, but the meter and its readings  C –
//	meter-disputed               and its kWh are disputed, the readings signed      C; claim-not-supported, cdr-without-session
//	meter-alike                  and two CDRs say the same of both                  u C ambiguous-match
//	meter-unknown                and its CDR was never sent                         u C invoiced-unknown-cdr
//	sum-contract, -evse,         the line stands for all CDRs of what it covers    C of each CDR, a line below
//	  -location
//	sum-of-some                  and for some of them                              likewise
//	sum-alike                    for one of two that are alike                     u C ambiguous-match
//	sum-lacks-one                and one of them was never sent                    u C invoiced-unknown-cdr
//	lines-of-cdr                 a CDR in two or three lines                       C each
//	lines-above                  and they come to its total_cost, which is above P  P, c rest, shared in proportion; cost-total-mismatch
//	lines-no-ids                 the same as lines-of-cdr, without ids             C each
//	lines-or-whole               two lines that are a CDR, and one that is         u C ambiguous-match
//	sum-lines                    two lines that stand for three CDRs together      C each
//	sum-lines-twice              and two that do by EVSE                           u C ambiguous-match
//	sum-lines-lack               and a CDR was never sent                          u C invoiced-unknown-cdr
//	home-charging                home_charging_compensation is true                u C home-charging
//	credit-negated,              a credit with a line that turns every sign, is    C each
//	  -before-original,          older than its original, or changes the end
//	  -of-other-fields
//	credit-without-reference,    a credit of the session that names no CDR,        u C credit-chain
//	  -of-itself, -in-circle     itself, or another such
//	credit-in-other-currency     nothing can be converted                          u C credit-chain
//	credit-in-part               a credit of a third, no line                      C less a third, c rest credit-chain
//	credit-in-part-re-billed     and a CDR of the whole session, no line           the lesser, u up to the greater credit-chain
//	credit-orphan, -invoiced     a credit of no CDR that is there, its line; or    C; or c C credit-not-applied
//	                             one of the original instead
//	credit-of-credit             CDR, credit, a credit of that, a line for the CDR c C credit-not-applied
//	credited-twice               CDR, two credits, a line for one of them or both  C each; the last over-credited
//	credited-after-re-bill       CDR, replacement, then the credit; a line each    C each
//	re-billed-without-credit     CDR and replacement with a line each, no credit   C; the later c C dup-content
//	credit-line-too-low, -high   the credit's line gives back half, or too much    what is given back, c rest credit-not-applied; C each
//	credit-line-without-cdr      a line gives back a CDR that was not credited     C each; credit-without-cdr
//
// # One price
//
// [ProfileSingle] is a month under one price of a kWh, for measuring against programs that know no tariffs. The defects that need another
// price, or in which time or the hour of the day moves it, are left out.
//
// # Fleet
//
// [ProfileFleet] is another sort of month: an invoice of twelve lines, each over the sessions of one contract, and an annex that lists the CDRs,
// of 18,000 visits 40 missing, 25 of another contract or provider, 3 with their credit; the annex has four decimals, the invoice two, and its
// last line a fee that nothing explains. masters.ndjson beside truth.ndjson names of each line what is missing, foreign and credited.
package generate

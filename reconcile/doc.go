// Package reconcile says who is right: it groups invoice lines, CDRs, sessions and disputes that belong together, judges each
// line on the evidence of its group, and adds up what is proven, conceded and unproven.
//
// The package is pure: it reads no file, no clock and no environment, and starts no goroutine. What a line claims and what was
// computed for it never share a field.
//
// # Words
//
//   - Line: one line of a disputed invoice, the claim under judgement.
//   - Claim: one entry of the debtor's dispute list.
//   - Answer: one row of a response sheet that the debtor sent back.
//   - Decision: what people decided about a line, by hand.
//   - Group: all records that may bear on each other, tied by identity.
//   - Row: a row of the table of situations, numbered 1 to 34; each situation that moves a line is one function that names its row.
//   - Ruling: what one row says of a line, as floor and ceiling.
//   - Ground: the recomputed price itself, which counts where no row says otherwise.
//   - Floor, ceiling: the most that all evidence, or any admissible evidence, supports of a line.
//   - Proven, unproven, conceded: the three parts into which every invoiced amount falls.
//
// # The way of one line
//
// [Settle] ties records into groups. [Judge] takes a group: it leaves repeats out, finds the session of each CDR and the CDR of each
// line, and then tries each line: it prices the CDR, lets every situation speak, combines the rulings into one floor and one ceiling,
// and divides the line's amount by them into its parts. [Tally] adds verdicts up and checks that nothing was lost.
package reconcile

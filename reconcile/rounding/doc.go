// Package rounding finds how a partner rounds. OCPI names no rounding of prices, neither its mode nor its moment (2.2.1 and 2.3.0
// mod_tariffs, note under Tariff), so that two parties may both be right and a cent apart. Over a population of claimed amounts the
// scheme can be seen.
//
// # Schemes
//
// A [Scheme] says what is rounded before it is summed, to how many decimals and by which mode. A [Space] holds the schemes that a
// population may follow, the simplest first:
//
//  1. none: the exact amount
//  2. one rounding, of the session, of each dimension, of each component, of each component in each period: the later the simpler.
//     Within each, half-up, half-even, down, up (away from zero); within each, the currency's minor unit, then 2, 3 and 4 decimals
//  3. of amounts after taxes, the tax on the net amount as stated, rounded once ([TaxOnNet]); then the tax on each part of the net
//     that was rounded, and rounded again ([TaxOnParts]). What stands under 2 is the rounding of exact amounts after taxes
//  4. of invoice lines, one of 2 to more decimals than the minor unit has, then the line to the minor unit by any mode
//
// Amounts before and after taxes are populations apart; so are currencies, and a partner's CDRs and its invoice lines.
//
// # What is inferred
//
// Each observation is held against all schemes at once ([Space.Match]); a [Tally] only counts which sets of schemes were met, so
// adding in any order, or by several workers and merging, gives the same. [Tally.Infer] then takes the schemes that explain the most
// observations, and of these the simplest. It is pinned where
//
//   - there are at least [MinObservations], of which it explains at least half, and
//   - of those that tell schemes apart (some scheme explains them, and not every one does) it explains at least [MinShare] per cent.
//
// So a value that no scheme explains counts for nothing, and one that only another scheme explains, by chance, does no harm. A scheme
// that explains the very same observations is equivalent on this data; one that explains at most [MaxRival] fewer is a rival, unless
// the pinned one explains every observation. Between rivals the data does not decide, and says so.
//
// # Invoices
//
// [Invoice] adds up the lines of an invoice and says which way of rounding makes its totals of them: EN 16931 rounds each line and then the
// tax of each category, which is why the sum of the CDRs is not the invoice's total.
package rounding

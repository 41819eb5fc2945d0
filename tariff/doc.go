// Package tariff says what a session should have cost.
//
// Price recomputes a CDR from its charging periods under the tariff that governs it and returns a Result whose Sheet is the
// calculation: every number in it is an input with its JSON pointer, or was made from earlier steps by one named operation.
// There is no other arithmetic in this package, so an unexplained number cannot be made.
//
// Sums and products are exact. Only these operations round, each with its decimals and mode in the step: Round, PerHour
// (Σ price × seconds ÷ 3600) and NetOfGross (÷ (1 + rate)); and where a period is priced as split, Share, which divides its volumes
// between its parts so that no part of them is lost.
//
// Where the spec leaves a question open, the answer is a choice of [Rules]; [Questions] is the register, [Readings] prices the other
// choices.
package tariff

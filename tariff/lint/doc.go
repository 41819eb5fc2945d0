// Package lint looks at how well a tariff is made: [Lint] finds what the engine of package tariff reads otherwise than its author is
// likely to have meant, and [Fix] edits the text of a tariff where a finding can be cured by that.
//
// # Claims
//
// Some findings claim what holds for every session: that a restriction never or always holds, that a component prices nothing, that
// nothing prices a dimension at some moment. Such a claim is about the engine's recommended readings; where another reading of an open
// question would break it, [Finding.Questions] names the question. A session is taken to be whole: its periods lie inside it, and no
// volume is negative. Where energy fed back would break a claim the message says so.
//
// # Edits
//
// An [Edit] keeps the meaning of a tariff where every session costs the same before and after it under every reading of the open
// questions. Fix makes only those unless it is told otherwise, and leaves every byte that it has no reason to touch as it was.
//
// Clauses: OCPI mod_tariffs, Tariff, TariffElement, PriceComponent and TariffRestrictions; 2.2.1 and 2.3.0 say the same, 2.1.1 less,
// and the engine reads it alike.
package lint

// Package ocpi holds what was sent: one model of OCPI CDRs, Sessions, Tariffs and Locations, read from versions 2.1.1,
// 2.2.1 and 2.3.0.
//
// The model is named by meaning, with the member names of the newest version; the decoder knows every older spelling. It
// keeps claims as claims: nothing that the engine computes is ever written into it. The bytes of each record stay
// reachable, so that evidence can show what was received and not what was understood.
//
// # Words
//
//   - Record: the bytes of one OCPI object and their [Place] in the input.
//   - Finding: one observation about a record, with a stable [Code], a [Severity] and a place.
//   - Member: a name in a JSON object; unknown members are kept, never dropped.
//   - Shape: how a price was written: a bare number (2.1.1), excl_vat/incl_vat (2.2.1), before_taxes/taxes (2.3.0).
package ocpi

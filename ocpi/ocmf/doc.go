// Package ocmf reads signed meter values and verifies them: [Read] for the signed data of a CDR, [Parse] and [Verify] for one record.
//
// OCMF, the Open Charge Metering Format of SAFE e.V., is read in its versions 1.0 to 1.3; 1.4, which adds registers only, is read too, and
// what older drafts have in common with it. Its clauses are cited by their headings and tables, those of OCPI as mod_cdrs.
//
// # What a state means
//
// A [State] is never valid by default. [Valid] means that the holder of the private key signed exactly the bytes of the payload. It does not
// say whose key that is: a public key that came with the record proves only that the two fit. The format wants keys to come another way, and
// [Read] takes one that did.
//
// # What is signed
//
// The payload section, byte by byte, is hashed and signed; header, signature section and the bars between them are not. Neither does any of
// what OCPI says beside the record, such as the nature of a value: which reading begins a transaction, only the record tells.
//
// # Forms of a signature
//
// The specification wants DER. Two forms more are in use, and verified: numbers of the full width inside the same structure, without the
// byte that keeps a number positive and with zeros that DER leaves out, and r and s bare, one after the other. Each is read so strictly that
// no byte of a decoded signature can change without changing r or s. What was met is in [Result].
//
// # Curves
//
// The standard library verifies on the curves of NIST that it has. For the others this package computes in numbers of any size, at the pace of
// a few hundred signatures a second; it is not made to keep secrets, and never handles one. Every curve has cofactor 1; that a point is on
// its curve and not at infinity is checked before use.
//
// # Energy
//
// [Between] takes the reading at the end less that at the begin, exactly, of energy drawn from the grid. Where a record holds registers on
// the side of the vehicle those decide. Whatever makes a reading doubtful is a [Refusal]; nothing is repaired. Energy fed back is not read.
//
// A member that a reading leaves out is that of the reading before it (OCMF, Readings). CL is not carried over so: it is reset at each begin,
// and the specification's own example leaves it out there.
package ocmf

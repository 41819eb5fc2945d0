// Package seal signs statements about files and checks such signatures: DSSE envelopes (version 1.0.2) that hold an in-toto Statement
// (version 1), with Ed25519 (RFC 8032) and ECDSA on P-256 with SHA-256 (RFC 6979). It reads and writes no file.
//
// Every signature is deterministic: the same key and statement give the same bytes. Only [Generate] asks the system for chance.
//
// # Words
//
//   - Statement: names of files with their digests (the subjects), and what is said of them (the predicate).
//   - Envelope: a statement as bytes, with the signatures of one or more keys.
//   - Key id: the SHA-256 of a public key (its SubjectPublicKeyInfo in DER), in hexadecimal digits. It follows from the key alone.
package seal

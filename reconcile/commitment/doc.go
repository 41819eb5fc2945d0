// Package commitment commits to records before a dispute, so that later single ones can be disclosed and proved to be of them: a salted
// Merkle tree over sorted records (RFC 6962), a tree of sums beside it, and a log of such trees. It reads and writes no file, and nothing in
// it asks for chance but [NewSecret].
//
// # Words
//
//   - Leaf: a record as the tree has it: its [Key], the SHA-256 of its bytes and, of CDRs and invoice lines, its amount.
//   - Head: the size and the root of a tree, as text: a checkpoint (C2SP tlog-checkpoint).
//   - Log: the heads of the trees of one party, in the order in which they were made, in a tree of their own.
//   - Opening: what must be told of a leaf so that it can be recomputed.
//
// # Hashes
//
// H is SHA-256, ‖ puts bytes one behind the other, and numbers in front are single bytes. Of each leaf
//
//	key salt           HMAC-SHA-256(secret, "reconcile key salt v1\n" ‖ key)
//	record salt        HMAC-SHA-256(secret, "reconcile record salt v1\n" ‖ key)
//	key commitment     H(2 ‖ key salt ‖ key)
//	record commitment  H(3 ‖ record salt ‖ H(record))
//	leaf hash          H(0 ‖ key commitment ‖ record commitment)
//	node               H(1 ‖ left ‖ right)
//
// where key is a JSON array on one line (see [Key]). The last two are those of RFC 6962, 2.1, with the two commitments as the entry. The salts
// are 32 bytes that nobody can tell without the secret: without them the few unknown digits of a record could be guessed from the hash of its
// neighbour. As they are two, the key of a leaf can be opened and its record stay closed, which a proof of absence needs.
//
// In the tree of sums, which has the shape of the other,
//
//	leaf               H(5 ‖ leaf hash ‖ sums)
//	node               H(6 ‖ left ‖ right ‖ sums of left ‖ 0 ‖ sums of right)
//	root               H(7 ‖ topmost node ‖ sums of all)
//
// where sums is a line for each kind and currency: "cdr EUR DEBIT CREDIT", sorted. A node binds what each of its sides comes to, not only what
// both do: else a false sum on one side could be made up for on the other. Debit and credit are never negative and added up apart: else one
// hidden negative amount could take away what is owed.
//
// # Trees and the log
//
// A tree sorted by key is not append-only: the next month's records stand between those of this one. So each month has its tree, and the text
// of its head is an entry of the log, whose checkpoint is what is published, signed and stamped. The log only grows, which a consistency proof
// shows (RFC 6962, 2.1.2): no month was taken back or made anew.
package commitment

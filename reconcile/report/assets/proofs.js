
// Where the records were committed to before the dispute, the page carries the proofs, and checks them: from each record and its salts to the root
// of the tree (RFC 9162, 2.1.3.2). Everything is text of hexadecimal digits.
const commitment = lazy(async () => document.getElementById("proofs") && JSON.parse(new TextDecoder().decode(await unpack("proofs"))));
const hexOf = bytes => [...bytes].map(b => b.toString(16).padStart(2, "0")).join("");
const hexText = text => hexOf(new TextEncoder().encode(text));

async function sha256OfHex(hex) {
  if (!globalThis.crypto?.subtle) return (await engine()).sha256hex(hex);
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

// leafOf is the leaf that a proof opens with the record of a SHA-256; that of a redacted copy opens without it.
async function leafOf(proof, sum) {
  const keyed = await sha256OfHex("02" + proof.key_salt + hexText(proof.key));
  const record = proof.record_commitment ?? await sha256OfHex("03" + proof.record_salt + sum);
  return sha256OfHex("00" + keyed + record);
}

// rootOf is the root that a leaf and its hashes lead to; undefined where they do not fit the tree.
async function rootOf(leaf, {index, hashes}, size) {
  const half = n => Math.floor(n / 2);
  let at = index, last = size - 1, root = leaf;
  for (const hash of hashes) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = await sha256OfHex("01" + hash + root);
      while (at % 2 === 0 && at > 0) { at = half(at); last = half(last); }
    } else {
      root = await sha256OfHex("01" + root + hash);
    }
    at = half(at); last = half(last);
  }
  return last === 0 && index < size ? root : undefined;
}

// checkProof: the record that the page names by sum, and whose SHA-256 was found, is in the tree whose root the page names.
async function checkProof(sum, found, counts, fault) {
  const tree = await commitment(), proof = tree?.of[sum];
  if (!tree) return;
  if (!proof) { counts.unproved++; return; }
  counts.proofs++;
  if (await rootOf(await leafOf(proof, found), proof, tree.size) !== tree.root) fault("the proof of its record does not lead to the root of the commitment");
}

// proofsSaid tells what was proved.
function proofsSaid(tree, counts, number) {
  if (!tree) return [];
  const text = number(counts.proofs) + (tree.redacted ? " records, of which the page has redacted copies," : " records") +
    " are proved to be in the commitment of " + number(tree.size) + " records whose root is " + tree.root +
    (counts.unproved ? "; " + number(counts.unproved) + " are not in it: they came or changed after it" : "") +
    ". Compare the root with that of the head that you were sent, or let reconcile verify do so.";
  return [el("p", {}, text)];
}

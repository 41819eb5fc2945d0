"""A second verifier of evidence packs, written from the documents alone (docs/formats.md, commitments.md, signing.md).

It shares nothing with the program: hashes are hashlib's, amounts decimal's, signatures and time stamps are checked by openssl, the manifests by
sha256sum too. It needs Python's standard library and these two programs.

    verify.py PACK [--key PUBLIC.pem] [--tsa CERTIFICATES.pem] [--log COMMITMENT --earlier CHECKPOINT]

It prints a line for each step and exits with 1 at the first that fails.
"""

import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal


class Wrong(Exception):
    """What does not hold."""


def need(holds, message):
    if not holds:
        raise Wrong(message)


def sha256(*parts):
    h = hashlib.sha256()
    for p in parts:
        h.update(p)
    return h.digest()


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def objects(*path):
    for line in read(*path).split(b"\n")[:-1]:
        yield json.loads(line, parse_float=Decimal)


# --- the bag (RFC 8493) ---------------------------------------------------------------------------------------------------------------


def bag(pack):
    listed = {}
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        run(["sha256sum", "--check", "--strict", "--quiet", name], cwd=pack)
        for line in read(pack, name).decode().splitlines():
            digest, file = line.split("  ", 1)
            need(hashlib.sha256(read(pack, file)).hexdigest() == digest, file + " is not the file that the manifest lists")
            listed[file] = digest
    for folder, _, files in os.walk(pack):
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), pack).replace(os.sep, "/")
            need(name in listed or name == "tagmanifest-sha256.txt" or name.startswith("sig/"), name + " is in no manifest")
    return "%d files" % len(listed)


# --- amounts --------------------------------------------------------------------------------------------------------------------------

SIDES = ("before_taxes", "after_taxes")
PARTS = ("proven", "conceded", "unproven")


def amount(text):
    return Decimal(text) if text not in (None, "") else Decimal(0)


def totals(pack):
    sums, lines, untold = {}, 0, set()
    for line in objects(pack, "data", "lines.ndjson"):
        lines += 1
        where = "disputed" if line["disputed"] else "undisputed"
        for side in SIDES:
            if not line["invoiced"][side]:
                untold.add((line["currency"], side))  # a total is told of what all lines state
            parts = [amount(line[p][side]) for p in PARTS]
            need(sum(parts) == amount(line["invoiced"][side]), "line %s: its parts do not sum to what it invoices" % line["line"])
            for name, value in zip(PARTS, parts):
                key = (line["currency"], side, where, name)
                sums[key] = sums.get(key, Decimal(0)) + value
    summary = json.loads(read(pack, "data", "summary.json"), parse_float=Decimal)
    for total in summary["totals"]:
        for where in ("disputed", "undisputed"):
            for name in PARTS:
                have = sums.pop((total["currency"], total["basis"], where, name), Decimal(0))
                need(have == amount(str(total[where][name])), "summary.json: %s %s %s" % (total["currency"], where, name))
    need(not any(v for k, v in sums.items() if k[:2] not in untold), "summary.json lacks a total")
    return "%d lines" % lines


# --- the disclosed records ------------------------------------------------------------------------------------------------------------


def records(pack):
    """The records by digest. A record stands in a shard as received, or as an object with its bytes in base64."""
    found, shards = {}, {}
    for entry in objects(pack, "data", "index.ndjson"):
        for refs in entry.values():
            for ref in refs if isinstance(refs, list) else []:
                if "sha256" not in ref:
                    continue
                shard = shards.setdefault(ref["shard"], read(pack, "data", *ref["shard"].split("/")))
                raw = shard[ref["offset"]:ref["offset"] + ref["length"]]
                if ref["encoding"] != "raw":
                    raw = base64.b64decode(json.loads(raw)["base64"])
                need(hashlib.sha256(raw).hexdigest() == ref["sha256"], "a record in %s at %d" % (ref["shard"], ref["offset"]))
                found[ref["sha256"]] = raw
    return found


# --- trees (RFC 9162, 2.1) and notes (C2SP) --------------------------------------------------------------------------------------------


def leaf_hash(data):
    return sha256(b"\0", data)


def node_hash(left, right):
    return sha256(b"\1", left, right)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


def included(leaf, index, size, path):
    """The root that a proof of inclusion leads to (RFC 9162, 2.1.3.2)."""
    need(0 <= index < size, "the index is beyond the tree")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn > 0, "the proof is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "the proof is too short")
    return r


def note(text):
    """Text and signatures of a signed note; the text keeps its line break."""
    body, _, signatures = text.partition(b"\n\n")
    return body + b"\n", signatures


def checkpoint(text):
    lines = note(text)[0].decode().split("\n")
    return {"origin": lines[0], "size": int(lines[1]), "root": base64.b64decode(lines[2]), "rest": lines[3:-1]}


def signed(text, key):
    """An Ed25519 signature of C2SP signed-note under the first line: four bytes of key id, then the signature."""
    body, signatures = note(text)
    name = body.split(b"\n")[0].decode()
    public = public_key(key)[-32:]
    key_id = sha256(name.encode(), b"\n\x01", public)[:4]
    for line in signatures.decode().splitlines():
        dash, who, raw = line.split(" ")
        raw = base64.b64decode(raw)
        if dash == "\u2014" and who == name and raw[:4] == key_id:
            openssl_verify(key, body, raw[4:])
            return
    raise Wrong("the note of %s is not signed by the key" % name)


def tlog_proof(text):
    lines = text.decode().split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1", "no tlog-proof")
    extra, at = None, 1
    if lines[at].startswith("extra "):
        extra, at = base64.b64decode(lines[at][6:]), at + 1
    index, at = int(lines[at][6:]), at + 1
    path = []
    while lines[at]:
        path.append(base64.b64decode(lines[at]))
        at += 1
    return extra, index, path, "\n".join(lines[at + 1:]).encode()


# --- the commitment -------------------------------------------------------------------------------------------------------------------


def opened(opening, record):
    """The leaf that an opening and the record make (docs/commitments.md, What is hashed)."""
    key = json.dumps(opening["key"], separators=(",", ":"), ensure_ascii=False).encode()
    keyed = sha256(b"\2", bytes.fromhex(opening["key_salt"]), key)
    if "record_commitment" in opening:
        return leaf_hash(keyed + bytes.fromhex(opening["record_commitment"]))
    digest = hashlib.sha256(record)
    need(digest.hexdigest() == opening["sha256"], "an opening is of another record")
    return leaf_hash(keyed + sha256(b"\3", bytes.fromhex(opening["record_salt"]), digest.digest()))


def inclusion(pack, disclosed):
    proofs = os.path.join(pack, "data", "proofs")
    log_note, head_note = read(proofs, "checkpoint"), read(proofs, "head")
    log, head = checkpoint(log_note), checkpoint(head_note)
    _, index, path, under = tlog_proof(read(proofs, "head.tlog-proof"))
    need(under == log_note, "the head is proved under another checkpoint")
    need(included(leaf_hash(note(head_note)[0]), index, log["size"], path) == log["root"], "the head is not in the log")
    if os.path.exists(os.path.join(proofs, "key.pub.pem")):
        signed(log_note, os.path.join(proofs, "key.pub.pem"))
        signed(head_note, os.path.join(proofs, "key.pub.pem"))
    leaves, shards = {}, {}
    for ref in objects(proofs, "index.ndjson"):
        if "leaf" not in ref:
            continue
        shard = shards.setdefault(ref["shard"], read(pack, "data", *ref["shard"].split("/")))
        extra, index, path, under = tlog_proof(shard[ref["offset"]:ref["offset"] + ref["length"]])
        need(under == head_note and index == ref["leaf"], "a proof under another head, or of another leaf")
        opening = json.loads(extra)
        leaf = opened(opening, disclosed[ref["sha256"]])
        need(included(leaf, index, head["size"], path) == head["root"], "the leaf %d is not in the tree" % index)
        leaves[index] = leaf
    proved = len(leaves)
    sums(proofs, head, leaves)
    return "%d records of %d" % (proved, head["size"])


def sum_text(sums):
    return "".join("%s %s %s %s\n" % s for s in sums).encode()


def plus(a, b):
    out = {}
    for kind, currency, debit, credit in a + b:
        d, c = out.get((kind, currency), (Decimal(0), Decimal(0)))
        out[kind, currency] = d + Decimal(debit), c + Decimal(credit)
    return [(k, c, plain(d), plain(x)) for (k, c), (d, x) in sorted(out.items())]


def plain(d):
    text = format(d, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def sums(proofs, head, leaves):
    steps = {}
    for s in objects(proofs, "sums.ndjson"):
        stated = [(x["kind"], x["currency"], x["debit"], x["credit"]) for x in s.get("sums", [])]
        need(all(not x[2].startswith("-") and not x[3].startswith("-") for x in stated), "a sum is negative")
        steps[s["from"], s["to"]] = (bytes.fromhex(s["hash"]) if "hash" in s else None, stated)

    def node(lo, hi):
        if (lo, hi) in steps:
            digest, stated = steps.pop((lo, hi))
            if digest is None:
                need(hi == lo + 1 and lo in leaves, "sums.ndjson: the leaf %d is not proved" % lo)
                digest = sha256(b"\5", leaves.pop(lo), sum_text(stated))
            return digest, stated
        need(hi - lo > 1, "sums.ndjson: the leaf %d is missing" % lo)
        at = lo + split(hi - lo)
        left, right = node(lo, at), node(at, hi)
        return sha256(b"\6", left[0], right[0], sum_text(left[1]), b"\0", sum_text(right[1])), plus(left[1], right[1])

    digest, total = node(0, head["size"])
    need(not steps and not leaves, "sums.ndjson does not fit the proved leaves")
    stated = head["rest"][0]
    need(stated == "sums " + base64.b64encode(sha256(b"\7", digest, sum_text(total))).decode(), "the sums do not lead to the head's root of sums")


def consistency(pack, folder, earlier):
    """The log of the commitment has the heads of an earlier checkpoint first, and leads to the pack's checkpoint."""
    heads = [h + b"\n" for h in read(folder, "log").rstrip(b"\n").split(b"\n\n")]
    hashes = [leaf_hash(h) for h in heads]
    old, new = checkpoint(read(earlier)), checkpoint(read(pack, "data", "proofs", "checkpoint"))
    need(old["origin"] == new["origin"] and old["size"] <= new["size"] <= len(hashes), "another log")
    need(root_of(hashes[:old["size"]]) == old["root"], "the log does not have the earlier trees as they were")
    need(root_of(hashes[:new["size"]]) == new["root"], "the log does not lead to the pack's checkpoint")
    return "%d of %d trees" % (old["size"], new["size"])


# --- signatures and time stamps by openssl ---------------------------------------------------------------------------------------------


def run(command, **how):
    done = subprocess.run(command, capture_output=True, text=True, **how)
    need(done.returncode == 0, "%s: %s%s" % (" ".join(command), done.stdout, done.stderr))


def public_key(key):
    return base64.b64decode("".join(line for line in read(key).decode().splitlines() if not line.startswith("-")))


def openssl_verify(key, message, signature):
    key = os.path.abspath(key)
    with tempfile.TemporaryDirectory() as at:
        for name, text in (("message", message), ("signature", signature)):
            with open(os.path.join(at, name), "wb") as f:
                f.write(text)
        if len(public_key(key)) == 44:  # Ed25519 takes the message as it is
            how = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", "message", "-sigfile", "signature"]
        else:
            how = ["openssl", "dgst", "-sha256", "-verify", key, "-signature", "signature", "message"]
        run(how, cwd=at)


def signature(pack, key):
    envelope = json.loads(read(pack, "sig", "statement.dsse.json"))
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    signers = []
    for s in envelope["signatures"]:
        own = os.path.abspath(os.path.join(pack, "sig", s["keyid"] + ".pem"))
        need(sha256(public_key(own)).hex() == s["keyid"], "a key is not the one of its name")
        openssl_verify(own, message, base64.b64decode(s["sig"]))
        signers.append(public_key(own))
    need(signers and (key is None or public_key(key) in signers), "the key has not signed")
    statement = json.loads(payload)
    subjects = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    need("manifest-sha256.txt" in subjects, "the statement is not about the manifest")
    for name, digest in subjects.items():
        need(hashlib.sha256(read(pack, name)).hexdigest() == digest, "the statement is about another " + name)
    return "%d signers" % len(signers)


def timestamp(pack, tsa):
    proofs = os.path.join(pack, "data", "proofs")
    run(["openssl", "ts", "-verify", "-data", os.path.join(proofs, "checkpoint"), "-in", os.path.join(proofs, "checkpoint.tsr"), "-CAfile", tsa])
    return "holds"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pack")
    for name in ("--key", "--tsa", "--log", "--earlier"):
        parser.add_argument(name)
    args = parser.parse_args()
    disclosed = {}
    steps = [
        ("bag", lambda: bag(args.pack)),
        ("totals", lambda: totals(args.pack)),
        ("records", lambda: disclosed.update(records(args.pack)) or "%d records" % len(disclosed)),
    ]
    if os.path.exists(os.path.join(args.pack, "data", "proofs")):
        steps.append(("inclusion", lambda: inclusion(args.pack, disclosed)))
    if args.log:
        steps.append(("consistency", lambda: consistency(args.pack, args.log, args.earlier)))
    if os.path.exists(os.path.join(args.pack, "sig")):
        steps.append(("signature", lambda: signature(args.pack, args.key)))
    if args.tsa:
        steps.append(("timestamp", lambda: timestamp(args.pack, args.tsa)))
    for name, step in steps:
        try:
            print("%-12s %s" % (name, step()))
        except (Wrong, KeyError, ValueError, IndexError, OSError, TypeError) as e:
            print("%-12s WRONG %s" % (name, e))
            sys.exit(1)


main()

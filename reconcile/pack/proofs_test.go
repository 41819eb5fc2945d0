package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

// leafOf is the leaf of a record of madeCase.
func leafOf(kind, id string, r ocpi.Record, amount ocpi.Number) commitment.Leaf {
	l := commitment.Leaf{
		Key:    commitment.Key{CountryCode: "NL", PartyID: "CPO", Kind: kind, ID: id, File: r.Place.File, Offset: r.Place.Offset, Record: r.Place.Record},
		SHA256: sha256.Sum256(r.Bytes),
	}
	l.Give("EUR", amount.Value)
	return l
}

// leavesOf are the leaves of all records of a case.
func leavesOf(c *caseOfLines) []commitment.Leaf {
	var out []commitment.Leaf
	for i := range c.lines {
		v := &c.lines[i]
		out = append(out, leafOf(commitment.KindInvoiceLine, "INV-1/"+v.Line.Line, v.Line.Record, v.Invoiced.BeforeTaxes),
			leafOf(commitment.KindCDR, v.Match.CDR.ID, v.Match.CDR.Record, v.Match.CDR.TotalCost.BeforeTaxes),
			leafOf(commitment.KindSession, v.Match.Session.ID, v.Match.Session.Record, ocpi.Number{}))
	}
	return append(out, leafOf(commitment.KindCDR, c.notInvoiced[0].CDR.ID, c.notInvoiced[0].CDR.Record, c.notInvoiced[0].CDR.TotalCost.BeforeTaxes))
}

// commitTo makes the commitment to leaves, the second of a log, signed.
func commitTo(t *testing.T, leaves []commitment.Leaf, signer *seal.Signer) *Commitment {
	secret, err := commitment.ParseSecret([]byte(strings.Repeat("07", 32)))
	require.NoError(t, err)
	other, err := commitment.NewTree(secret, []commitment.Leaf{leafOf(commitment.KindCDR, "before", rec("cdrs.ndjson", 1, "before"), number("1"))})
	require.NoError(t, err)
	log := &commitment.Log{Origin: "example.com/log"}
	_, err = log.Add(other)
	require.NoError(t, err)
	tree, err := commitment.NewTree(secret, leaves)
	require.NoError(t, err)
	head, err := log.Add(tree)
	require.NoError(t, err)
	checkpoint, err := log.Checkpoint()
	require.NoError(t, err)
	c := &Commitment{Tree: tree, Number: 2, Key: signer.Key.PEM()}
	c.HeadProof, err = log.ProveHead(2)
	require.NoError(t, err)
	for _, n := range []struct {
		origin string
		text   []byte
		into   *[]byte
	}{{head.Origin, head.Text(), &c.HeadNote}, {checkpoint.Origin, checkpoint.Text(), &c.Checkpoint}} {
		s, err := signer.Note(n.origin)
		require.NoError(t, err)
		*n.into, err = commitment.SignNote(n.text, s)
		require.NoError(t, err)
	}
	return c
}

// writeProved writes a pack of n lines with proofs.
func writeProved(t *testing.T, n int) (dir string, c *caseOfLines) {
	t.Helper()
	c = madeCase(n)
	c.proofs = commitTo(t, leavesOf(c), signerOf(t, "creditor"))
	return c.write(t), c
}

// rungOf is a check of a verification.
func rungOf(t *testing.T, v *Verification, name string) Check {
	t.Helper()
	for _, c := range v.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %s", name)
	return Check{}
}

func TestProofs(t *testing.T) {
	dir, c := writeProved(t, 12)
	v := verifyTrusting(t, dir)
	require.True(t, v.OK, v.Text())
	require.Equal(t, 18, c.proofs.Proved)
	require.Zero(t, c.proofs.Missing)
	inclusion := rungOf(t, v, rungInclusion)
	require.Equal(t, StateOK, inclusion.State)
	require.Regexp(t, `^all 18 disclosed records that can be committed to are included under the checkpoint of the log example.com/log of 2 trees, `+
		`signed by key [0-9a-f]{64}; nothing here says whose key it is \(--trust\)$`, inclusion.Detail)
	sums := rungOf(t, v, rungSums)
	require.Equal(t, StateOK, sums.State)
	require.Equal(t, "with the 19 records that are not disclosed those committed to come to cdr EUR 130, invoice_line EUR 123; "+
		"the invoice lines to what summary.json says is invoiced", sums.Detail)

	again := c.write(t)
	require.Equal(t, contents(t, dir), contents(t, again), "the same bytes")
	plain := madeCase(12).write(t)
	for name, text := range contents(t, plain) {
		if strings.HasPrefix(name, "data/") {
			require.Equal(t, text, contents(t, dir)[name], "proofs change no other file")
		}
	}

	with, err := VerifyWith(context.Background(), dir, VerifyOptions{Checkpoint: c.proofs.Checkpoint, Trusted: []*seal.Key{&signerOf(t, "creditor").Key}})
	require.NoError(t, err)
	require.Contains(t, rungOf(t, with, rungInclusion).Detail, "which is trusted")
	with, err = VerifyWith(context.Background(), dir, VerifyOptions{Checkpoint: c.proofs.HeadNote})
	require.NoError(t, err)
	require.Contains(t, failed(t, with, rungInclusion), "another checkpoint than the one given")
	with, err = VerifyWith(context.Background(), plain, VerifyOptions{Checkpoint: c.proofs.Checkpoint})
	require.NoError(t, err)
	require.Contains(t, failed(t, with, rungInclusion), "proves nothing under the checkpoint given")
}

// TestEachProofStandsAlone cuts the proofs out of their shard, as the index says, and checks them with nothing else.
func TestEachProofStandsAlone(t *testing.T) {
	dir, c := writeProved(t, 12)
	files := contents(t, dir)
	text, err := commitment.SplitNote(c.proofs.HeadNote)
	require.NoError(t, err)
	head, err := commitment.ParseHead(text)
	require.NoError(t, err)
	n := 0
	for _, m := range regexp.MustCompile(`{"sha256":"([0-9a-f]{64})","leaf":(\d+),"shard":"([^"]*)","offset":(\d+),"length":(\d+)}\n`).
		FindAllStringSubmatch(files["data/proofs/index.ndjson"], -1) {
		at, _ := strconv.Atoi(m[4])
		length, _ := strconv.Atoi(m[5])
		p, note, err := commitment.ParseInclusion([]byte(files["data/"+m[3]][at : at+length]))
		require.NoError(t, err)
		require.Equal(t, c.proofs.HeadNote, note)
		require.Equal(t, m[1], p.Opening.SHA256.String())
		_, err = p.Check(head)
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 18, n)
}

// TestRecordsThatAreNotCommittedTo: what came or changed since is said, and the rung not climbed.
func TestRecordsThatAreNotCommittedTo(t *testing.T) {
	c := madeCase(12)
	leaves := leavesOf(c)
	leaves[6].SHA256[0] ^= 1 // the row of line 3
	leaves = append(leaves[:7], leaves[8:]...)
	c.proofs = commitTo(t, leaves, signerOf(t, "creditor"))
	v := verifyTrusting(t, c.write(t))
	require.True(t, v.OK, v.Text())
	require.Equal(t, 2, c.proofs.Missing)
	inclusion := rungOf(t, v, rungInclusion)
	require.Equal(t, StateNotChecked, inclusion.State)
	require.Contains(t, inclusion.Detail, "16 of 18 disclosed records")
	require.Contains(t, inclusion.Detail, "the other 2 are not")
	require.Contains(t, v.Text(), "That 2 disclosed records were there before the dispute")

	c = madeCase(12)
	c.proofs = commitTo(t, leavesOf(madeCase(15)), signerOf(t, "creditor"))
	v = verifyTrusting(t, c.write(t))
	require.True(t, v.OK, v.Text())
	sums := rungOf(t, v, rungSums)
	require.Equal(t, StateNotChecked, sums.State)
	require.Contains(t, sums.Detail, "is not what summary.json says is invoiced")
}

// inExtra changes the opening of the first proof, keeping its length.
func inExtra(old, new string) func(string) string {
	return func(text string) string {
		m := regexp.MustCompile(`\nextra (.*)\n`).FindStringSubmatch(text)
		opening, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			panic(err)
		}
		changed := regexp.MustCompile(old).ReplaceAllString(string(opening), new)
		return strings.Replace(text, m[1], base64.StdEncoding.EncodeToString([]byte(changed)), 1)
	}
}

// TestChangedProofs: a forger who writes the manifests anew is found out where the change is.
func TestChangedProofs(t *testing.T) {
	const shard, index, sums = "data/proofs/records-0001.tlog-proof", "data/proofs/index.ndjson", "data/proofs/sums.ndjson"
	first := regexp.MustCompile(`\A[^\n]*\n`)
	drop := func(text string) string { return first.ReplaceAllString(text, "") }
	for name, c := range map[string]struct {
		file, rung, want string
		change           func(string) string
	}{
		"record salt":       {shard, rungInclusion, "index.ndjson line 1: the leaf 3 is not included under the root", inExtra(`"record_salt":"....`, `"record_salt":"0000`)},
		"key salt":          {shard, rungInclusion, "index.ndjson line 1: the leaf 3 is not included under the root", inExtra(`"key_salt":"....`, `"key_salt":"0000`)},
		"key":               {shard, rungInclusion, "index.ndjson line 1: the leaf 3 is not included under the root", inExtra(`"CPO"`, `"CPX"`)},
		"digest":            {shard, rungInclusion, "is of another record or leaf", inExtra(`"sha256":"....`, `"sha256":"0000`)},
		"index of a proof":  {shard, rungInclusion, "the proof at offset 0 is of another record or leaf", replace("\nindex 3\n", "\nindex 4\n")},
		"hash of a proof":   {shard, rungInclusion, "is not included under the root", func(s string) string { return regexp.MustCompile(`(\nindex 3\n)...`).ReplaceAllString(s, "${1}AAA") }},
		"head of a proof":   {shard, rungInclusion, "is under another head", replace("\n37\n", "\n38\n")},
		"leaf in the index": {index, rungInclusion, "is of another record or leaf", replace(`"leaf":3,`, `"leaf":4,`)},
		"record in the index": {index, rungInclusion, "that the pack does not disclose", func(s string) string {
			return strings.Replace(s, s[len(`{"sha256":"`):len(`{"sha256":"`)+4], "0000", 1)
		}},
		"form of the index": {index, rungInclusion, "not in the form", replace(`"leaf":3,`, `"leaf": 3,`)},
		"a proof left out":  {index, rungInclusion, "does not follow the one before", drop},
		"a proof more":      {shard, rungInclusion, "what stands from offset", func(s string) string { return s + "more\n" }},
		"all left out":      {index, rungInclusion, "says nothing of the record with sha256", func(string) string { return "" }},
		"checkpoint":        {"data/proofs/checkpoint", rungInclusion, "is under another checkpoint", replace("\n2\n", "\n3\n")},
		"no checkpoint":     {"data/proofs/checkpoint", rungInclusion, "no note", func(string) string { return "" }},
		"head":              {"data/proofs/head", rungInclusion, "is not included under the checkpoint", replace("\n37\n", "\n38\n")},
		"root of sums":      {"data/proofs/head", rungInclusion, "is not included under the checkpoint", func(s string) string { return regexp.MustCompile(`sums ...`).ReplaceAllString(s, "sums AAA") }},
		"proof of the head": {"data/proofs/head.tlog-proof", rungInclusion, "is not included under the checkpoint", func(s string) string { return regexp.MustCompile(`(index 1\n)...`).ReplaceAllString(s, "${1}AAA") }},
		"signature":         {"data/proofs/checkpoint", rungInclusion, "is under another checkpoint", func(s string) string { return s[:len(s)-9] + "AAAA" + s[len(s)-5:] }},
		"key of the signer": {"data/proofs/key.pub.pem", rungInclusion, "its signature is not by the key", func(string) string { return string(signerOf(t, "stranger").Key.PEM()) }},
		"a hidden sum": {sums, rungSums, "do not give the root of the tree of sums", func(s string) string {
			return regexp.MustCompile(`("hash":"[0-9a-f]*","sums":\[.*?"debit":")\d+`).ReplaceAllString(s, "${1}99")
		}},
		"a disclosed sum":    {sums, rungSums, "but its record has", replace(`{"from":3,"to":4,"sums":[{"kind":"cdr","currency":"EUR","debit":"10"`, `{"from":3,"to":4,"sums":[{"kind":"cdr","currency":"EUR","debit":"11"`)},
		"a negative sum":     {sums, rungSums, "below zero", replace(`"credit":"0"`, `"credit":"-1"`)},
		"a step left out":    {sums, rungSums, "no step for", drop},
		"a step more":        {sums, rungSums, "more steps", func(s string) string { return s + first.FindString(s) }},
		"form of the sums":   {sums, rungSums, "not in the form", replace(`"from":0`, `"from": 0`)},
		"no sums":            {sums, rungSums, "no step for", func(string) string { return "" }},
		"a record hidden":    {sums, rungSums, "the leaf 3 is disclosed, but said not to be", replace(`{"from":3,"to":4,"sums"`, `{"from":3,"to":4,"hash":"`+strings.Repeat("00", 32)+`","sums"`)},
		"order of the index": {index, rungInclusion, "does not follow", func(s string) string { return s[strings.Index(s, "\n")+1:] + first.FindString(s) }},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := writeProved(t, 12)
			rewrite(t, dir, c.file, c.change)
			repair(t, dir)
			require.Contains(t, failed(t, verify(t, dir), c.rung), c.want)
		})
	}
}

// TestChangedRecord: a record that is changed, with every digest of it, has no proof.
func TestChangedRecord(t *testing.T) {
	dir, _ := writeProved(t, 12)
	text := contents(t, dir)["data/records/sessions-0001.ndjson"]
	old, _, _ := strings.Cut(text, "\n")
	changed := strings.Replace(old, `"uid":"U3"`, `"uid":"U4"`, 1)
	digest := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	rewrite(t, dir, "data/records/sessions-0001.ndjson", replace(old, changed))
	rewrite(t, dir, "data/index.ndjson", func(s string) string { return strings.ReplaceAll(s, digest(old), digest(changed)) })
	repair(t, dir)
	v := verify(t, dir)
	require.Equal(t, StateOK, rungOf(t, v, rungParse).State, v.Text())
	faults := failed(t, v, rungInclusion)
	require.Contains(t, faults, digest(changed)+", which the pack discloses")
	require.Contains(t, faults, digest(old)+" that the pack does not disclose")

	// Saying that it is not in the commitment helps nobody: its proof is still there.
	rewrite(t, dir, "data/proofs/index.ndjson", func(s string) string { return s + `{"sha256":"` + digest(changed) + "\"}\n" })
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), rungInclusion), digest(old)+" that the pack does not disclose")
}

// TestLostProofs: a file of proofs that is missing is named, and nothing is said to be fine that rests on it.
func TestLostProofs(t *testing.T) {
	for _, name := range []string{proofCheckpoint, proofHead, proofOfHead, proofIndex, proofSums} {
		dir, _ := writeProved(t, 6)
		require.NoError(t, os.Remove(filepath.Join(dir, "data", filepath.FromSlash(name))))
		repair(t, dir)
		v := verify(t, dir)
		require.Contains(t, failed(t, v, rungInclusion), name+" is missing")
		require.Equal(t, StateNotChecked, rungOf(t, v, rungSums).State)
		require.Equal(t, StateNotChecked, rungOf(t, v, rungTimestamp).State)
	}
	dir, _ := writeProved(t, 6)
	require.NoError(t, os.Remove(filepath.Join(dir, "data", "proofs", "key.pub.pem")))
	repair(t, dir)
	require.Contains(t, failed(t, verify(t, dir), rungInclusion), "proofs/key.pub.pem is missing, but a checkpoint is signed")
}

// TestStampsThatAreNone: what is no time stamp is not taken for one.
func TestStampsThatAreNone(t *testing.T) {
	c := madeCase(3)
	c.proofs = commitTo(t, leavesOf(c), signerOf(t, "creditor"))
	c.proofs.Stamp, c.proofs.Authorities = []byte("x"), []byte("y")
	require.Contains(t, failed(t, verify(t, c.write(t)), rungTimestamp), "proofs/tsa.pem: no certificate")
	c.proofs.Authorities = nil
	require.Contains(t, failed(t, verify(t, c.write(t)), rungTimestamp), "tsa.pem")
	require.True(t, bytes.Contains(c.proofs.Checkpoint, []byte("example.com/log")))
}

// TestGuideProves runs what VERIFY.md says of proofs, on packs whose trees have all sorts of sizes, and on changed ones.
func TestGuideProves(t *testing.T) {
	const record, tree, signed = "the record is of the tree\n", "the tree is of the log\n", "Signature Verified Successfully\n"
	for n := 3; n <= 9; n++ {
		dir, _ := writeProved(t, n)
		blocks := guideCommands(t, dir)
		require.Len(t, blocks, 6)
		out, err := follow(t, dir, blocks[0], blocks[4], blocks[5])
		require.NoError(t, err, out)
		require.Contains(t, out, record+tree+signed)
		require.NotContains(t, out, "FAILED")
	}
	for name, c := range map[string]struct {
		file, lost string
		change     func(string) string
	}{
		"salt":       {"data/proofs/records-0001.tlog-proof", record, inExtra(`"record_salt":"....`, `"record_salt":"0000`)},
		"key":        {"data/proofs/records-0001.tlog-proof", record, inExtra(`"CPO"`, `"CPX"`)},
		"head":       {"data/proofs/head", tree, replace("\n10\n", "\n11\n")},
		"checkpoint": {"data/proofs/checkpoint", signed, replace("\n2\n", "\n3\n")},
	} {
		dir, _ := writeProved(t, 3)
		blocks := guideCommands(t, dir)
		rewrite(t, dir, c.file, c.change)
		out, _ := follow(t, dir, blocks[0], blocks[4], blocks[5])
		require.NotContains(t, out, c.lost, name)
	}
}

package commitment

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// TestVectorsOfRFC6962 are those of the tests of Certificate Transparency's own implementation: eight leaves and the roots over the first n.
func TestVectorsOfRFC6962(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var hashes []tlog.Hash
	for i, l := range leaves {
		hashes = append(hashes, tlog.RecordHash(unhex(t, l)))
		root, err := newMerkle(slices.Clone(hashes)).root()
		require.NoError(t, err)
		require.Equal(t, roots[i], hex.EncodeToString(root[:]))
	}
	path, err := tlog.ProveRecord(8, 5, newMerkle(hashes))
	require.NoError(t, err)
	var have []string
	for _, h := range path {
		have = append(have, hex.EncodeToString(h[:]))
	}
	require.Equal(t, []string{
		"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	}, have)
}

// secretOf is a secret made of a name.
func secretOf(name string) *Secret { return &Secret{bytes: sha256.Sum256([]byte(name))} }

// leafOf is a leaf of a CDR whose record is its id.
func leafOf(id, amount string) Leaf {
	return Leaf{
		Key: Key{"NL", "CPO", KindCDR, id, "cdrs.ndjson", int64(len(id)), 1}, SHA256: sha256.Sum256([]byte(id)), Currency: "EUR",
		Amount: Amount{exact.MustParse(amount)},
	}
}

func treeOf(t testing.TB, leaves ...Leaf) *Tree {
	tree, err := NewTree(secretOf("case"), leaves)
	require.NoError(t, err)
	return tree
}

// anyTree draws a tree of CDRs, sessions and lines with short ids, so that some name the same object at two places.
func anyTree(t *rapid.T, least int) *Tree {
	n := rapid.IntRange(least, 40).Draw(t, "leaves")
	leaves := make([]Leaf, n)
	for i := range leaves {
		l := &leaves[i]
		l.Key = Key{
			rapid.SampledFrom([]string{"NL", "DE", ""}).Draw(t, "country"), rapid.SampledFrom([]string{"CPO", "cpo", "ABC"}).Draw(t, "party"),
			rapid.SampledFrom([]string{KindCDR, KindSession, KindInvoiceLine}).Draw(t, "kind"), rapid.StringMatching(`[aB"<é]{0,3}`).Draw(t, "id"),
			"f.ndjson", 0, i,
		}
		l.SHA256 = sha256.Sum256(fmt.Append(nil, i))
		if l.Key.Kind != KindSession {
			l.Currency = rapid.SampledFrom([]string{"EUR", "SEK", ""}).Draw(t, "currency")
			l.Amount = Amount{exact.New(rapid.Int64Range(-1000, 1000).Draw(t, "amount"), rapid.Int32Range(0, 5).Draw(t, "decimals"))}
		}
	}
	tree, err := NewTree(secretOf("case"), leaves)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func headOf(t require.TestingT, tree *Tree) *Head {
	h, err := tree.Head("example.com/log", 1)
	require.NoError(t, err)
	return h
}

// TestEveryLeafIsProved: every proof holds here and under the independent library, through its text, and for no other index or root.
func TestEveryLeafIsProved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := anyTree(t, 1)
		h := headOf(t, tree)
		for i := range tree.Leaves() {
			p, err := tree.Prove(i)
			require.NoError(t, err)
			leaf, err := p.Check(h)
			require.NoError(t, err)
			path := make([][]byte, len(p.Hashes))
			for k := range path {
				path[k] = p.Hashes[k][:]
			}
			require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(h.Size), leaf[:], path, h.Root[:]))

			note, err := SignNote(h.Text())
			require.NoError(t, err)
			text, err := p.Marshal(note)
			require.NoError(t, err)
			back, kept, err := ParseInclusion(text)
			require.NoError(t, err)
			require.Equal(t, note, kept)
			require.Equal(t, p.Opening, back.Opening)
			_, err = back.Check(h)
			require.NoError(t, err)

			back.Index = (back.Index + 1) % (h.Size + 1)
			_, err = back.Check(h)
			require.Error(t, err)
		}
	})
}

// TestWhatIsHashed computes the hash of a leaf by hand.
func TestWhatIsHashed(t *testing.T) {
	secret := secretOf("case")
	tree := treeOf(t, leafOf("A<1>", "1"))
	key := []byte(`["NL","CPO","cdr","A<1>","cdrs.ndjson",4,1]`)
	mac := func(label string) []byte {
		m := hmac.New(sha256.New, secret.bytes[:])
		m.Write([]byte(label + "\n"))
		m.Write(key)
		return m.Sum(nil)
	}
	h := func(parts ...[]byte) []byte {
		sum := sha256.Sum256(bytes.Join(parts, nil))
		return sum[:]
	}
	keyed := h([]byte{2}, mac("reconcile key salt v1"), key)
	record := h([]byte{3}, mac("reconcile record salt v1"), h([]byte("A<1>")))
	leaf := h([]byte{0}, keyed, record)
	head := headOf(t, tree)
	require.Equal(t, leaf, head.Root[:])
	require.Equal(t, h([]byte{7}, h([]byte{5}, leaf, []byte("cdr EUR 1 0\n")), []byte("cdr EUR 1 0\n")), head.Sums[:])

	two := headOf(t, treeOf(t, leafOf("A<1>", "1"), leafOf("B", "-2.50")))
	tree = treeOf(t, leafOf("B", "-2.50"))
	root, err := tree.hashes.root()
	require.NoError(t, err)
	left, right := h([]byte{5}, leaf, []byte("cdr EUR 1 0\n")), h([]byte{5}, root[:], []byte("cdr EUR 0 2.5\n"))
	top := h([]byte{6}, left, right, []byte("cdr EUR 1 0\n\x00cdr EUR 0 2.5\n"))
	require.Equal(t, h([]byte{7}, top, []byte("cdr EUR 1 2.5\n")), two.Sums[:])
}

// TestChangedOpenings: each member of an opening and each hash of a proof counts.
func TestChangedOpenings(t *testing.T) {
	tree := treeOf(t, leafOf("A", "1"), leafOf("B", "2"), leafOf("C", "3"))
	h := headOf(t, tree)
	for name, change := range map[string]func(p *Inclusion){
		"id":          func(p *Inclusion) { p.Opening.Key.ID = "b" },
		"offset":      func(p *Inclusion) { p.Opening.Key.Offset++ },
		"key salt":    func(p *Inclusion) { p.Opening.KeySalt[0] ^= 1 },
		"record salt": func(p *Inclusion) { p.Opening.RecordSalt[31] ^= 1 },
		"record":      func(p *Inclusion) { sum := sha256.Sum256([]byte("other")); p.Opening.SHA256 = (*Digest)(&sum) },
		"index":       func(p *Inclusion) { p.Index = 2 },
		"hash":        func(p *Inclusion) { p.Hashes[1][0] ^= 1 },
		"short":       func(p *Inclusion) { p.Hashes = p.Hashes[:1] },
		"no record":   func(p *Inclusion) { p.Opening.SHA256 = nil },
		"both": func(p *Inclusion) {
			p.Opening.RecordCommitment = &p.Opening.KeySalt
		},
	} {
		p, err := tree.Prove(1)
		require.NoError(t, err)
		_, err = p.Check(h)
		require.NoError(t, err)
		change(p)
		_, err = p.Check(h)
		require.Error(t, err, name)
	}
	_, err := tree.Prove(3)
	require.Error(t, err)
}

// TestAbsence: what the tree has not is proved absent, what it has cannot be; proofs hold for no other object and leave no room.
func TestAbsence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := anyTree(t, 1)
		h := headOf(t, tree)
		of := Key{CountryCode: "nl", PartyID: "Cpo", Kind: KindCDR, ID: rapid.StringMatching(`[abB"<é]{0,3}`).Draw(t, "wanted")}
		has := slices.ContainsFunc(tree.Leaves(), func(l Leaf) bool { return l.Key.CompareID(&of) == 0 })
		a, err := tree.ProveAbsence(of)
		if has {
			require.ErrorIs(t, err, ErrPresent)
			return
		}
		require.NoError(t, err)
		require.NoError(t, a.Check(h, of))
		text, err := line(a)
		require.NoError(t, err)
		for _, l := range tree.Leaves() {
			require.NotContains(t, string(text), l.SHA256.String(), "no record is opened")
			require.Error(t, a.Check(h, l.Key))
		}
		require.Error(t, (&Absence{}).Check(h, of))
		if a.Before != nil && a.After != nil {
			require.Error(t, (&Absence{Before: a.Before}).Check(h, of))
			require.Error(t, (&Absence{After: a.After}).Check(h, of))
		}
	})
}

func TestAbsenceLeavesNoRoom(t *testing.T) {
	tree := treeOf(t, leafOf("a", "1"), leafOf("c", "1"), leafOf("e", "1"))
	h, of := headOf(t, tree), leafOf("C", "1").Key
	first, err := tree.neighbour(0)
	require.NoError(t, err)
	last, err := tree.neighbour(2)
	require.NoError(t, err)
	require.ErrorContains(t, (&Absence{Before: first, After: last}).Check(h, of), "room")
	_, err = tree.ProveAbsence(of)
	require.ErrorIs(t, err, ErrPresent)
}

// TestKeysAreToldApart: a country code that ends where a party id begins is another key, whatever stands in either.
func TestKeysAreToldApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a",\[\]\\ ]{0,3}`)
		draw := func() Key {
			return Key{part.Draw(t, "c"), part.Draw(t, "p"), KindCDR, part.Draw(t, "i"), part.Draw(t, "f"), rapid.Int64Range(0, 3).Draw(t, "o"), 1}
		}
		a, b := draw(), draw()
		textA, err := a.Text()
		require.NoError(t, err)
		textB, err := b.Text()
		require.NoError(t, err)
		require.Equal(t, a == b, bytes.Equal(textA, textB))
		require.Equal(t, a.Compare(&b), -b.Compare(&a))
		var back Key
		require.NoError(t, back.UnmarshalJSON(textA))
		require.Equal(t, a, back)
	})
}

func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := anyTree(t, 1)
		var b bytes.Buffer
		require.NoError(t, tree.WriteTable(&b))
		back, err := ReadTable(&b, secretOf("case"))
		require.NoError(t, err)
		require.Equal(t, headOf(t, tree), headOf(t, back))
	})
	for _, text := range []string{"", "{}\n", "x\n", `{"key":["","","cdr","a","f",0],"sha256":"","amount":"0"}` + "\n", strings.Repeat("x", maxTableLine+1)} {
		_, err := ReadTable(strings.NewReader(text), secretOf("case"))
		require.Error(t, err)
	}
	other, err := NewTree(secretOf("other"), []Leaf{leafOf("A", "1")})
	require.NoError(t, err)
	require.NotEqual(t, headOf(t, treeOf(t, leafOf("A", "1"))).Root, headOf(t, other).Root, "the secret counts")
}

func TestTreesThatAreNone(t *testing.T) {
	_, err := NewTree(secretOf("x"), nil)
	require.ErrorContains(t, err, "no records")
	_, err = NewTree(secretOf("x"), []Leaf{leafOf("A", "1"), leafOf("A", "2")})
	require.ErrorContains(t, err, "two records")
}

func TestFind(t *testing.T) {
	again := leafOf("A", "1")
	again.Key.File = "other.ndjson"
	session := leafOf("A", "0")
	session.Key.Kind = KindSession
	tree := treeOf(t, leafOf("A", "1"), again, leafOf("B", "1"), session)
	require.Equal(t, 3, tree.Find(KindSession, session.SHA256, "moved.ndjson", 7))
	sum := leafOf("A", "1").SHA256
	require.Equal(t, 0, tree.Find(KindCDR, sum, "moved.ndjson", 7))
	require.Equal(t, 1, tree.Find(KindCDR, sum, "other.ndjson", 1))
	require.Equal(t, 0, tree.Find(KindInvoiceLine, sum, "other.ndjson", 1), "a line that was made of a CDR")
	require.Equal(t, -1, tree.Find(KindCDR, Digest{}, "other.ndjson", 1))
}

func TestSecrets(t *testing.T) {
	s := NewSecret()
	back, err := ParseSecret(s.Text())
	require.NoError(t, err)
	require.Equal(t, s, back)
	require.NotEqual(t, s, NewSecret())
	require.NotContains(t, fmt.Sprint(s, *s), strings.TrimSpace(string(s.Text())))
	for _, text := range []string{"", "abc", strings.Repeat("g", 64), strings.Repeat("a", 66)} {
		_, err := ParseSecret([]byte(text))
		require.ErrorContains(t, err, "64 hexadecimal digits")
	}
}

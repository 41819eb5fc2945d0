package reconcile

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/reconcile/spill"
)

func drawIdentity(t *rapid.T) Identity {
	ids := rapid.SampledFrom([]string{"A", "a", "B", "C", "D", "#NA", "", " B "})
	kind := rapid.SampledFrom([]RecordKind{CDRRecord, SessionRecord, LineRecord, ClaimRecord}).Draw(t, "kind")
	id := Identity{Kind: kind, SessionID: ids.Draw(t, "session")}
	if kind != SessionRecord {
		id.CDRID = ids.Draw(t, "cdr")
	}
	if kind == CDRRecord || kind == SessionRecord {
		id.AuthorizationReference = rapid.SampledFrom([]string{"R1", "r1", "R2", ""}).Draw(t, "reference")
	} else {
		id.InvoiceID, id.Line = "INV", rapid.SampledFrom([]string{"1", "2", "3", ""}).Draw(t, "line")
	}
	if kind == CDRRecord && rapid.Bool().Draw(t, "credit") {
		id.CreditReferenceID = ids.Draw(t, "credited")
	}
	return id
}

// inTurn calls functions one after another.
func inTurn(fs ...func()) {
	for _, f := range fs {
		f()
	}
}

// tied says directly whether two records share a key.
func tied(a, b *Identity) bool {
	share := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(i string) bool {
			return named(i) && slices.ContainsFunc(y, func(j string) bool { return named(j) && foldID(i) == foldID(j) })
		})
	}
	session := func(id *Identity) []string {
		if id.Kind == CDRRecord && !named(id.SessionID) {
			return []string{id.CDRID}
		}
		return []string{id.SessionID}
	}
	return share([]string{a.CDRID, a.CreditReferenceID}, []string{b.CDRID, b.CreditReferenceID}) || share(session(a), session(b)) ||
		named(a.InvoiceID) && named(a.Line) && foldID(a.InvoiceID) == foldID(b.InvoiceID) && foldID(a.Line) == foldID(b.Line)
}

// naive is Settle by comparing everything with everything.
func naive(ids []Identity) [][]int32 {
	group := make([]int, len(ids))
	for i := range group {
		group[i] = i
	}
	merge := func(a, b int) {
		from, to := max(group[a], group[b]), min(group[a], group[b])
		for i := range group {
			if group[i] == from {
				group[i] = to
			}
		}
	}
	for i := range ids {
		for j := range i {
			if tied(&ids[i], &ids[j]) {
				merge(i, j)
			}
		}
	}
	for _, pair := range lonely(ids, group) {
		merge(pair[0], pair[1])
	}
	var out [][]int32
	for g := range ids {
		var members []int32
		for i := range ids {
			if group[i] == g {
				members = append(members, int32(i))
			}
		}
		if members != nil {
			out = append(out, members)
		}
	}
	return out
}

// lonely pairs groups of CDRs alone with groups of sessions alone where one reference names just one of each.
func lonely(ids []Identity, group []int) [][2]int {
	lacks := func(g int, kind RecordKind) bool {
		for i := range ids {
			if group[i] == g && ids[i].Kind == kind {
				return false
			}
		}
		return true
	}
	cdrs, sessions := map[string][]int{}, map[string][]int{}
	for i := range ids {
		ref := foldID(ids[i].AuthorizationReference)
		switch {
		case ref == "":
		case ids[i].Kind == CDRRecord && lacks(group[i], SessionRecord) && !slices.Contains(cdrs[ref], group[i]):
			cdrs[ref] = append(cdrs[ref], group[i])
		case ids[i].Kind == SessionRecord && lacks(group[i], CDRRecord) && !slices.Contains(sessions[ref], group[i]):
			sessions[ref] = append(sessions[ref], group[i])
		}
	}
	var out [][2]int
	for ref, c := range cdrs {
		if s := sessions[ref]; len(c) == 1 && len(s) == 1 {
			out = append(out, [2]int{c[0], s[0]})
		}
	}
	return out
}

func TestSettleIsClosure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(rapid.Custom(drawIdentity), 0, 12).Draw(t, "ids")
		require.Equal(t, naive(ids), listsOf(Settle(kept(ids), inTurn)))
	})
}

// listsOf are the groups as lists, nil where there is none.
func listsOf(groups Groups) (out [][]int32) {
	for _, members := range groups.All() {
		out = append(out, members)
	}
	return out
}

func TestSettleOrder(t *testing.T) {
	ids := []Identity{
		{Kind: LineRecord, InvoiceID: "I", Line: "1", CDRID: "c1"}, {Kind: CDRRecord, CDRID: "C2", AuthorizationReference: "R"},
		{Kind: CDRRecord, CDRID: "C1", SessionID: "S1"}, {Kind: SessionRecord, SessionID: "s1"},
		{Kind: SessionRecord, SessionID: "S2", AuthorizationReference: "R"}, {Kind: ClaimRecord, InvoiceID: "I", Line: "1"},
		{Kind: LineRecord, InvoiceID: "I", Line: "2", CDRID: "#NA"}, {Kind: LineRecord, InvoiceID: "I", Line: "3", CDRID: "#na"},
	}
	require.Equal(t, [][]int32{{0, 2, 3, 5}, {1, 4}, {6}, {7}}, listsOf(Settle(kept(ids), inTurn)))
}

// kept puts identities into the form in which a month is held, in batches of three.
func kept(ids []Identity) *Identities {
	store := spill.New("", 100) // some in memory, some not
	out := NewIdentities(store)
	for some := range slices.Chunk(ids, 3) {
		var b IdentityBatch
		for i := range some {
			b.Add(&some[i])
		}
		out.Append(&b)
	}
	return &out
}

func TestIdentitiesAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat("x", rapid.IntRange(100, 70_000).Draw(t, "length"))
		}))
		ids := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Identity {
			return Identity{
				Kind: RecordKind(rapid.IntRange(1, 4).Draw(t, "kind")), CountryCode: text.Draw(t, "country"), PartyID: text.Draw(t, "party"),
				CDRID: text.Draw(t, "cdr"), SessionID: text.Draw(t, "session"), AuthorizationReference: text.Draw(t, "authorization"),
				CreditReferenceID: text.Draw(t, "credit"), InvoiceID: text.Draw(t, "invoice"), Line: text.Draw(t, "line"),
				Place: []byte(text.Draw(t, "place")),
			}
		}), 0, 8).Draw(t, "ids")
		x := kept(ids)
		require.Equal(t, len(ids), x.Len())
		for i := range ids {
			require.Equal(t, ids[i].Kind, x.Kind(int32(i)))
			require.Equal(t, string(ids[i].Place), x.Place(int32(i))[:len(ids[i].Place)])
			for which, want := range ids[i].texts() {
				require.Equal(t, want, x.text(int32(i), which))
			}
		}
	})
}

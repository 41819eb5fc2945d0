package reconcile

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// usual is the usual group: one line, one CDR, one session, agreeing and undisputed.
func usual(t testing.TB) (*Group, *Agreement) {
	archive, err := txtar.ParseFile("testdata/rows/row-01-agreement.txtar")
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	w := readWorld(t, files)
	for _, members := range Settle(kept(w.identities()), inTurn).All() {
		if g := w.group(members); g.Lines[0].Line == "1" {
			return g, w.agreement
		}
	}
	panic(os.ErrNotExist)
}

func BenchmarkJudge(b *testing.B) {
	g, a := usual(b)
	b.Run("agreeing", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Judge(g, a)
		}
	})
	b.Run("disputed", func(b *testing.B) {
		claim := &Claim{CDRID: g.CDRs[0].CDR.ID, Reason: "kWh too high"}
		disputed := &Group{CDRs: g.CDRs, Sessions: g.Sessions, Lines: g.Lines, Claims: []*Claim{claim}}
		b.ReportAllocs()
		for b.Loop() {
			Judge(disputed, a)
		}
	})
}

func BenchmarkSettle(b *testing.B) {
	const n = 100_000
	ids := make([]Identity, 0, 3*n)
	for i := range n {
		cdr, session := fmt.Sprintf("4f2c8a1e-%012d", i), fmt.Sprintf("9b7d3f60-%012d", i)
		ids = append(ids, Identity{Kind: CDRRecord, CDRID: cdr, SessionID: session, AuthorizationReference: "R" + session})
		ids = append(ids, Identity{Kind: SessionRecord, SessionID: session, AuthorizationReference: "R" + session})
		ids = append(ids, Identity{Kind: LineRecord, CDRID: cdr, SessionID: session, InvoiceID: "INV1", Line: fmt.Sprint(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		Settle(kept(ids), inTurn)
	}
}

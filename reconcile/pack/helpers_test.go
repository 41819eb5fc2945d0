package pack

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/seal"
	"github.com/nexacollect/reconcile/tariff"
)

func money(net, gross string) reconcile.Money {
	return reconcile.Money{BeforeTaxes: number(net), AfterTaxes: number(gross)}
}

func number(text string) ocpi.Number {
	if text == "" {
		return ocpi.Number{}
	}
	return reconcile.Known(exact.MustParse(text))
}

// rawCDR is a CDR of 2.2.1 that costs 2.50 + 25 × 0.30 = 10.00 EUR net.
func rawCDR(n int) string {
	return fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"CDR-%d","start_date_time":"2026-09-01T10:00:00Z",`+
		`"end_date_time":"2026-09-01T11:00:00Z","session_id":"S-%d","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"U%d",`+
		`"type":"RFID","contract_id":"DE-EMP-C%d"},"auth_method":"WHITELIST","cdr_location":{"id":"L1","address":"Straat 1",`+
		`"city":"Utrecht","postal_code":"3511AA","country":"NLD","coordinates":{"latitude":"52.0900","longitude":"5.1200"},`+
		`"evse_uid":"E1","evse_id":"NL*CPO*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET",`+
		`"connector_power_type":"AC_3_PHASE"},"currency":"EUR","tariffs":[{"country_code":"NL","party_id":"CPO","id":"T1",`+
		`"currency":"EUR","elements":[{"price_components":[{"type":"FLAT","price":2.50,"vat":21.0,"step_size":1},`+
		`{"type":"ENERGY","price":0.30,"vat":21.0,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],`+
		`"charging_periods":[{"start_date_time":"2026-09-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":25},`+
		`{"type":"TIME","volume":1}],"tariff_id":"T1"}],"total_cost":{"excl_vat":10.00,"incl_vat":12.10},"total_energy":25,`+
		`"total_time":1,"last_updated":"2026-09-01T11:05:00Z"}`, n, n, n, n)
}

func rawSession(n int) string {
	return fmt.Sprintf(`{"country_code":"NL","party_id":"CPO","id":"S-%d","start_date_time":"2026-09-01T10:00:00Z",`+
		`"end_date_time":"2026-09-01T11:00:00Z","kwh":25,"cdr_token":{"country_code":"DE","party_id":"EMP","uid":"U%d","type":"RFID",`+
		`"contract_id":"DE-EMP-C%d"},"auth_method":"WHITELIST","location_id":"L1","evse_uid":"E1","connector_id":"1",`+
		`"currency":"EUR","status":"COMPLETED","last_updated":"2026-09-01T11:05:00Z"}`, n, n, n)
}

// caseOfLines is a month in small: n lines, of which every third is disputed and every fourth is billed 1.00 too high. raw makes
// the bytes of a record from their usual form.
type caseOfLines struct {
	lines       []reconcile.LineVerdict
	notInvoiced []reconcile.NotInvoiced
	findings    []ocpi.Finding
	files       map[string]string
	summary     *reconcile.Summary
	caseDoc     any
	signers     []*seal.Signer
	proofs      *Commitment
	forms       []reconcile.LineForm // nil: the usual ones
}

func (c *caseOfLines) lineForms() []reconcile.LineForm {
	if c.forms == nil {
		return reconcile.UsualLineForms()
	}
	return c.forms
}

func rec(file string, n int, text string) ocpi.Record {
	return ocpi.Record{Place: ocpi.Place{File: file, Record: n, Line: n, Offset: int64(n) * 10000}, Bytes: []byte(text)}
}

func madeCDR(n int) *ocpi.CDR { return decodedFrom(rec("cdrs.ndjson", n, rawCDR(n))) }

// decodedFrom decodes a CDR.
func decodedFrom(r ocpi.Record) *ocpi.CDR {
	c, findings := ocpi.NewDecoder(ocpi.Options{}).CDR(r)
	if f := ocpi.FirstBlock(findings); f != nil {
		panic(f.String())
	}
	return c
}

func madeSession(n int) *ocpi.Session {
	s, _ := ocpi.NewDecoder(ocpi.Options{}).Session(rec("sessions.ndjson", n, rawSession(n)))
	return s
}

// madeSheet prices.
func madeSheet(name string, in tariff.Input) reconcile.NamedSheet {
	res := tariff.Price(in)
	if res.Blocked != nil {
		panic(res.Blocked.String())
	}
	return reconcile.NamedSheet{Name: name, CDR: in.CDR, Sheet: res.Sheet, Input: in}
}

// madeVerdict is a hand-made verdict on line n.
func madeVerdict(n int, cdr *ocpi.CDR, session *ocpi.Session) reconcile.LineVerdict {
	disputed, over := n%3 == 0, n%4 == 0
	net, gross, status := "10", "12.1", "accepted"
	v := reconcile.LineVerdict{
		Disputed: disputed, Match: reconcile.Match{State: "exact", Rule: "cdr-id", CDR: cdr, Session: session},
		Computed: money("10", "12.1"), Proven: money("10", "12.1"), Conceded: money("0", "0"), Unproven: money("0", "0"),
		Underbilled: money("0", "0"), Outcome: reconcile.Proven, CDRs: []*ocpi.CDR{cdr}, Sessions: []*ocpi.Session{session},
	}
	if over {
		net, gross = "11", "13.31"
		v.Conceded, v.Outcome, v.ConcededReason = money("1", "1.21"), reconcile.Partial, "line-exceeds-cdr"
		v.Findings = []ocpi.Finding{{
			Code: "line-exceeds-cdr", Severity: ocpi.SeverityError, Place: ocpi.Place{File: "invoice.csv", Record: n, Line: n + 1, Offset: int64(n) * 100},
			Message: "11 EUR, the CDR supports 10 EUR",
		}}
	}
	if disputed {
		status = "disputed"
		v.Notes = []ocpi.Code{"claim-not-supported"}
	}
	v.Invoiced = money(net, gross)
	row := fmt.Sprintf("INV-1,%d,CDR-%d,S-%d,%s,%s,EUR,%s", n, n, n, net, gross, status)
	v.Line = &reconcile.Line{
		Record: rec("invoice.csv", n, row), InvoiceID: "INV-1", Line: fmt.Sprint(n), CDRID: cdr.ID, SessionID: session.ID,
		Claimed: v.Invoiced, Currency: "EUR", Disputed: disputed,
	}
	return v
}

// madeCase is a case of n lines, one CDR that is not invoiced and one finding.
func madeCase(n int) *caseOfLines {
	c := &caseOfLines{files: map[string]string{"report.html": "<!doctype html><title>report</title>\n"}}
	for i := 1; i <= n; i++ {
		v := madeVerdict(i, madeCDR(i), madeSession(i))
		v.Sheets = []reconcile.NamedSheet{madeSheet("price", tariff.Input{CDR: v.Match.CDR})}
		c.lines = append(c.lines, v)
	}
	spare := madeCDR(n + 1)
	c.notInvoiced = []reconcile.NotInvoiced{{CDR: spare, Computed: money("10", "12.1"), Currency: "EUR", Code: "cdr-not-invoiced"}}
	c.findings = []ocpi.Finding{{Code: "ts-zone", Severity: ocpi.SeverityInfo, Place: spare.Record.Place, Pointer: "/start_date_time", Message: "no zone"}}
	c.summary = madeSummary(c)
	c.caseDoc = map[string]any{"name": "small", "tolerance": map[string]string{"kwh": "0.001", "amount": "0.005"}}
	return c
}

// madeSummary adds up a case.
func madeSummary(c *caseOfLines) *reconcile.Summary {
	var t reconcile.Tally
	for i := range c.lines {
		t.Add(&c.lines[i])
	}
	for i := range c.notInvoiced {
		t.AddNotInvoiced(&c.notInvoiced[i])
	}
	n := len(c.lines)
	all, lines := reconcile.RecordCount{Read: n + 1, Used: n + 1}, reconcile.RecordCount{Read: n, Used: n}
	return &reconcile.Summary{
		Case: "small", AsOf: "2026-11-01",
		Engine:  reconcile.Engine{Name: "reconcile", Version: "0.1", Go: "go1.26", TZData: "2026b"},
		Records: reconcile.Records{CDRs: all, Sessions: lines, InvoiceLines: lines},
		Totals:  t.Totals(), Outcomes: t.Outcomes(), Reasons: t.Reasons(), NotProved: []string{"that the meter was right"}, Conserves: true,
	}
}

// write makes a pack of the case in a new folder.
func (c *caseOfLines) write(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, c.writeTo(dir, false))
	return dir
}

func (c *caseOfLines) writeTo(dir string, force bool) error {
	w, err := CreateAs(dir, force, c.lineForms())
	if err != nil {
		return err
	}
	defer w.Abort()
	if c.proofs != nil {
		w.Prove(c.proofs)
	}
	return c.fill(w)
}

// fill writes all of a case, and commits.
func (c *caseOfLines) fill(w *Writer) error {
	renderer := NewRenderer(c.lineForms())
	for i := range c.lines {
		if err := w.Add(renderer.Render(&c.lines[i])); err != nil {
			return err
		}
	}
	for i := range c.notInvoiced {
		if err := w.AddNotInvoiced(&c.notInvoiced[i]); err != nil {
			return err
		}
	}
	for _, f := range c.findings {
		if err := w.AddFinding(f); err != nil {
			return err
		}
	}
	for name, text := range c.files {
		if err := w.File(name, []byte(text)); err != nil {
			return err
		}
	}
	return w.Commit(Contents{
		Summary: c.summary, Case: c.caseDoc, Signers: c.signers,
		Inputs: []Input{{Kind: "cdrs", Name: "/home/me/cdrs.ndjson", SHA256: "00", Bytes: 1, Records: len(c.lines) + 1}},
	})
}

// contents reads all files below a folder.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(text)
		return err
	})
	require.NoError(t, err)
	return out
}

package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

func (s *sample) html(tb testing.TB, p *Page) string {
	var out bytes.Buffer
	require.NoError(tb, p.Write(&out, s.summary(), sampleInputs(), sampleFindings()))
	return out.String()
}

// stored returns the data that a page embeds under an id.
func stored(tb testing.TB, page, id string) string {
	_, rest, found := strings.Cut(page, `<script type="application/json" id="`+id+`">`)
	require.True(tb, found, id)
	data, _, found := strings.Cut(rest, "</script>")
	require.True(tb, found, id)
	return data
}

func storedRows(tb testing.TB, page string) [][]any {
	var rows [][]any
	require.NoError(tb, json.Unmarshal([]byte(stored(tb, page, "rows")), &rows))
	return rows
}

func TestPageIsSelfContained(t *testing.T) {
	s := newSample(t, 120)
	page := strings.Replace(s.html(t, s.page()), wasmExecJS, "", 1) // is Go's own, and names an issue in a comment

	outside := regexp.MustCompile(`(?i)https?://[^"]*`).FindAllString(page, -1)
	for _, address := range outside {
		assert.Equal(t, "http://www.w3.org/2000/svg", address, "only the name of a vocabulary")
	}
	for _, pattern := range []string{`\ssrc\s*=`, `<link`, `<img`, `<iframe`, `<object`, `<embed`, `<base`, `@import`, `\sstyle\s*=`, `\son[a-z]+\s*=\s*"`} {
		assert.NotRegexp(t, `(?i)`+pattern, page)
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		assert.Regexp(t, "^#", href[1])
	}
	for _, address := range regexp.MustCompile(`url\([^)]*\)`).FindAllString(page, -1) {
		assert.Regexp(t, `^url\(#`, address)
	}
}

func TestPolicyAllowsItsOwnStyleAndScriptOnly(t *testing.T) {
	s := newSample(t, 3)
	page := s.html(t, s.page())

	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	require.Len(t, style, 1)
	require.Len(t, script, 1)
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	require.NotNil(t, policy)
	text := strings.NewReplacer("&#39;", "'", "&#43;", "+", "&#34;", `"`).Replace(policy[1])
	assert.Equal(t, "default-src 'none'; style-src "+hash(style[0][1])+"; script-src 'wasm-unsafe-eval' "+hash(script[0][1])+
		"; base-uri 'none'; form-action 'none'", text)
}

func TestSameBytesInAnyOrder(t *testing.T) {
	s := newSample(t, 400)
	want := s.html(t, s.page())
	assert.Equal(t, want, s.html(t, s.page()), "written again")

	shuffled := &sample{tb: t, verdicts: slices.Clone(s.verdicts)}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled.verdicts), func(i, j int) {
		shuffled.verdicts[i], shuffled.verdicts[j] = shuffled.verdicts[j], shuffled.verdicts[i]
	})
	var out bytes.Buffer
	require.NoError(t, shuffled.page().Write(&out, s.summary(), sampleInputs(), sampleFindings()))
	assert.Equal(t, want, out.String(), "added in another order")
}

// hostile holds what must never reach the page as anything but text.
const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&{{.}}` + "\u202e\u2028\u200b\x00\x1b\xff<!--"

// hostilePage is a page whose every text is hostile.
func hostilePage(tb testing.TB) string {
	s := newSample(tb, 60)
	for _, v := range s.verdicts {
		makeHostile(v)
	}
	p := s.page()
	p.Creditor.Name, p.Debtor.PartyID = hostile, hostile
	sum := s.summary()
	sum.Case, sum.AsOf, sum.Engine.Revision = hostile, hostile, hostile
	sum.NotProved = append(sum.NotProved, hostile)
	for i := range sum.Totals {
		sum.Totals[i].Currency = hostile
	}
	sum.Reasons = append(sum.Reasons, reconcile.ReasonTotal{Code: hostile, Currency: hostile, Basis: reconcile.BeforeTaxes})
	var out bytes.Buffer
	inputs := []Input{{Kind: hostile, Name: hostile, SHA256: hostile}}
	require.NoError(tb, p.Write(&out, sum, inputs, map[ocpi.Code]int{hostile: 1}))
	return out.String()
}

func makeHostile(v *reconcile.LineVerdict) {
	*v.Line = hostileLine(*v.Line)
	if c := v.Match.CDR; c != nil {
		c.ID, c.SessionID, c.MeterID, c.Location.Name, c.Location.EVSEID = hostile, hostile, hostile, hostile, hostile
		c.Record.Place.File, c.Tariffs[0].ID, c.ChargingPeriods[0].TariffID = hostile, hostile, hostile
		c.Tariffs[0].AltText[0].Text, c.Tariffs[0].Elements[0].PriceComponents[0].Type = hostile, hostile
	}
	if len(v.Sheets) > 0 {
		v.Sheets[0].Name = hostile
	}
	v.Findings = append(v.Findings, ocpi.Finding{Code: hostile, Pointer: "/" + hostile, Message: hostile, Place: v.Line.Record.Place})
	v.Notes = append(v.Notes, hostile)
	v.Match.Rule, v.Match.State = hostile, hostile
	for _, c := range v.Claims {
		c.Reason, c.Currency, c.Record.Place.File = hostile, hostile, hostile
	}
}

func TestHostileTextIsInert(t *testing.T) {
	page := hostilePage(t)
	assert.Equal(t, 7, strings.Count(page, "<script"), "six blocks of data and the script")
	assert.Equal(t, 7, strings.Count(page, "</script"))
	assert.Equal(t, 1, strings.Count(page, "<style"))
	for _, bad := range []string{"<img", "<!--", "\u202e", "\u2028", "\u200b", "\x00", "\x1b", "<script>alert"} {
		assert.NotContains(t, page, bad)
	}
	for i := range len(page) {
		require.False(t, page[i] == openMark || page[i] == closeMark, "marks are resolved")
	}
	for _, row := range storedRows(t, page) {
		assert.Contains(t, row[0], "</script>", "it is still there to be read")
		assert.Contains(t, row[0], "‹U+202E›")
	}
	for _, id := range []string{"meta", "shared"} {
		assert.True(t, json.Valid([]byte(stored(t, page, id))), id)
	}
	for line := range strings.Lines(stored(t, page, "details")) {
		assert.True(t, json.Valid([]byte(line)))
	}
}

func hostileLine(l reconcile.Line) reconcile.Line {
	l.InvoiceID, l.CDRID, l.SessionID, l.EVSEID, l.ContractID = hostile, hostile, hostile, hostile, hostile
	l.Description, l.Reason, l.Currency, l.Record.Place.File = hostile, hostile, hostile, hostile
	l.Disputed = true
	return l
}

func TestCapsKeepTheLargest(t *testing.T) {
	s := newSample(t, RowLines+2500)
	p := s.page()
	require.Len(t, p.rows, RowLines)
	require.Len(t, p.full, FullLines)
	rows := storedRows(t, s.html(t, p))
	require.Len(t, rows, RowLines)

	ranks := make([]rank, len(s.verdicts))
	for i, v := range s.verdicts {
		ranks[i] = rankOf(v, i)
	}
	slices.SortFunc(ranks, func(a, b rank) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	for i, row := range rows {
		require.Equal(t, ranks[i].invoiceID+" "+ranks[i].line, fmt.Sprint(row[0], " ", row[1]), "row %d", i)
		if i < FullLines {
			require.EqualValues(t, i, row[17], "the first rows have their detail")
		} else {
			require.EqualValues(t, -1, row[17])
		}
	}
}

func TestLinesThatAgreeHaveNoDetail(t *testing.T) {
	s := newSample(t, 200)
	p := s.page()
	for _, r := range p.rows {
		assert.Equal(t, r.differs, r.detail != nil)
	}
	assert.NotEmpty(t, p.full)
	assert.Len(t, p.rows, 200)
}

func TestShownAndTheRestAddUpToTheTotals(t *testing.T) {
	s := newSample(t, RowLines+1200)
	p := s.page()
	rows := p.rows.sorted()
	v := newView(p, rows, s.summary(), nil, nil)
	require.Len(t, v.Shown, 3)
	page := storedRows(t, s.html(t, p))
	for _, shown := range v.Shown {
		sums := make([]exact.Decimal, 4)
		lines := 0
		for _, row := range page {
			if row[7] != shown.Currency {
				continue
			}
			lines++
			for i := range sums {
				sums[i] = sums[i].Add(dec(row[11+i].(string)))
			}
		}
		assert.Equal(t, count(lines), shown.Rows[0].Cells[0].Value)
		for i, cell := range shown.Rows[0].Cells[1:] {
			assert.Equal(t, amount(sums[i], shown.Currency), cell.Value, "%s: the rows of the page add up", cell.Name)
		}
		for i := range shown.Rows[0].Cells {
			there, rest, all := shown.Rows[0].Cells[i], shown.Rows[1].Cells[i], shown.Rows[2].Cells[i]
			assert.True(t, read(there).Add(read(rest)).Equal(read(all)), "%s %s", shown.Currency, there.Name)
		}
	}
}

// read undoes the writing of an amount.
func read(p pair) exact.Decimal {
	return dec(strings.NewReplacer(group, "", "−", "-").Replace(p.Value))
}

func TestReasonsAddUpToTheParts(t *testing.T) {
	s := newSample(t, 600)
	p := s.page()
	v := newView(p, p.rows.sorted(), s.summary(), nil, nil)
	require.Len(t, v.Reasons, 3)
	for i, reasons := range v.Reasons {
		for _, g := range reasons.Groups {
			require.NotEqual(t, "By reason", g.Name, "every sum is split by part")
			var sum exact.Decimal
			for _, r := range g.Reasons {
				sum = sum.Add(r.amount)
			}
			for _, part := range v.Currencies[i].Parts {
				if part.Class == g.Class {
					assert.Equal(t, part.Amount, amount(sum, reasons.Currency))
					assert.Equal(t, part.Amount, g.Total)
				}
			}
		}
	}
}

func TestReasonsOfASummaryThatAddDidNotSeeStayWhole(t *testing.T) {
	s := newSample(t, 300)
	v := newView(new(Page), nil, s.summary(), nil, nil)
	var names []string
	for _, g := range v.Reasons[0].Groups {
		names = append(names, g.Name)
	}
	assert.Contains(t, names, "By reason")
	assert.NotContains(t, names, "Conceded")
}

func TestTaxAloneAndNotesHaveTheirOwnGroups(t *testing.T) {
	v := newSample(t, 1).verdicts[0]
	v.ConcededReason, v.Notes = "tax-mismatch", []ocpi.Code{"session-id-mismatch"}
	p := new(Page)
	p.Add(v, nil)
	view := p.reasonsView("EUR", []reconcile.ReasonTotal{
		{Code: "tax-mismatch", Currency: "EUR", Basis: reconcile.AfterTaxes, Lines: 1, Amount: dec("0.42")},
	})
	require.Len(t, view.Groups, 2)
	assert.Equal(t, "Tax alone", view.Groups[0].Name)
	assert.Equal(t, "0.42", view.Groups[0].Reasons[0].Amount)
	assert.Equal(t, "session-id-mismatch", view.Groups[1].Reasons[0].Code)
	assert.Equal(t, "1", view.Groups[1].Reasons[0].Lines)
	assert.Empty(t, view.Groups[1].Reasons[0].Width, "what moves nothing has no bar")
}

func TestLinesThatAgreeTellNothingOfDrivers(t *testing.T) {
	s := newSample(t, 200)
	for _, row := range storedRows(t, s.html(t, s.page())) {
		evse, contract, start := row[4], row[5], row[6]
		if row[17] == float64(-1) {
			assert.Equal(t, []any{"", "", ""}, []any{evse, contract, start})
		} else {
			assert.NotEmpty(t, start)
		}
	}
}

func TestEmptyPage(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, new(Page).Write(&out, &reconcile.Summary{}, nil, nil))
	assert.Contains(t, out.String(), "No invoice line was judged.")
	assert.Contains(t, out.String(), "do not rely on this page", "a summary that does not conserve says so")
	assert.Empty(t, storedRows(t, out.String()))
}

func TestStaticRowsStandInThePage(t *testing.T) {
	s := newSample(t, 300)
	page := s.html(t, s.page())
	body, _, _ := strings.Cut(page, `<script type="application/json"`)
	assert.Equal(t, staticLines, strings.Count(body, `<tr role="row"><th role="rowheader"`))
	assert.Contains(t, body, "<noscript>")
	assert.Contains(t, body, "Payable today")
	assert.Contains(t, body, "no signed meter reading was supplied")
}

func BenchmarkAdd(b *testing.B) {
	s := newSample(b, 20000)
	var agree, differ []*reconcile.LineVerdict
	for _, v := range s.verdicts {
		if v.Differs() {
			differ = append(differ, v)
		} else {
			agree = append(agree, v)
		}
	}
	for name, list := range map[string][]*reconcile.LineVerdict{"agree": agree, "differ": differ} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p := new(Page)
				for _, v := range list {
					p.Add(v, nil)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(list)), "ns/line")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	s := newSample(b, 20000)
	p, sum := s.page(), s.summary()
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		require.NoError(b, p.Write(&out, sum, sampleInputs(), sampleFindings()))
		b.SetBytes(int64(out.Len()))
	}
}

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// demoPage writes the demonstration's pack and gives the path of its page.
func demoPage(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "demo")
	_, status := command(t, "demo", "--out", out)
	require.Equal(t, exitDone, status)
	return filepath.Join(out, "data", "report.html")
}

// browse opens a page of the demonstration, changed by change, in a browser without a window, and fails where a request leaves it.
func browse(t *testing.T, change func(page string) string) context.Context {
	t.Helper()
	needsBrowser(t)
	text, err := os.ReadFile(demoPage(t))
	require.NoError(t, err)
	return browseText(t, change(string(text)))
}

func needsBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium on this machine")
	}
}

// browseText opens a page.
func browseText(t *testing.T, page string) context.Context {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(page), 0o600))

	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.NoSandbox, chromedp.WindowSize(1280, 1000)))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var left []string
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Request.URL != "file://"+file && !strings.HasPrefix(e.Request.URL, "blob:") {
			mu.Lock()
			left = append(left, e.Request.URL)
			mu.Unlock()
		}
	}))
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		assert.Empty(t, left, "requests left the page")
	})
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("file://"+file)))
	return ctx
}

// get runs an action that gives a value.
func get[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	require.NoError(t, err)
	return value
}

// selfCheck waits until the page has checked itself, and gives what it says at the top and below.
func selfCheck(t *testing.T, ctx context.Context, state string) (badge, said string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(`#self[data-state=`+state+`]`))))
	return get(t, ctx, chromedp.Text(chromedp.CSS(`#self`))), get(t, ctx, chromedp.Text(chromedp.CSS(`#self-report`)))
}

func asItIs(page string) string { return page }

func TestPageChecksItself(t *testing.T) {
	ctx := browse(t, asItIs)
	badge, said := selfCheck(t, ctx, "passed")
	assert.Contains(t, badge, "Self-check passed")
	assert.Regexp(t, `284 rows add up, \d+ records were compared with their SHA-256, \d+ calculations were made again`, said)
}

// edit changes the records that a page carries.
func edit(t *testing.T, page string, change func(records string) string) string {
	t.Helper()
	return editElement(t, page, "records", change)
}

// editElement changes an element of a page that is Base64 of gzip.
func editElement(t *testing.T, page, id string, change func(text string) string) string {
	t.Helper()
	embedded := regexp.MustCompile(`(<script type="text/plain" id="` + id + `">)([A-Za-z0-9+/=]*)(</script>)`)
	part := embedded.FindStringSubmatch(page)
	require.NotNil(t, part)
	raw, err := base64.StdEncoding.DecodeString(part[2])
	require.NoError(t, err)
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	require.NoError(t, err)
	text, err := io.ReadAll(zip)
	require.NoError(t, err)
	changed := change(string(text))
	require.NotEqual(t, string(text), changed)
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err = w.Write([]byte(changed))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return strings.Replace(page, part[0], part[1]+base64.StdEncoding.EncodeToString(out.Bytes())+part[3], 1)
}

// A record that was changed is named; so is a row whose sum was.
func TestPageNamesWhatWasChanged(t *testing.T) {
	volume := regexp.MustCompile(`\\"volume\\":\s*(\d)`)
	for name, change := range map[string]struct {
		page func(page string) string
		want []string
	}{
		"record": {func(page string) string {
			return edit(t, page, func(records string) string {
				at := volume.FindStringSubmatchIndex(records)
				digit := byte('1')
				if records[at[2]] == digit {
					digit = '2'
				}
				return records[:at[2]] + string(digit) + records[at[2]+1:]
			})
		}, []string{"the record of its CDR has been changed", "give another calculation"}},
		"sum": {func(page string) string {
			row := regexp.MustCompile(`(true|false),"(proven|partial|conceded|unproven)",\[[^]]*\],"(\d)`)
			at := row.FindStringSubmatchIndex(page)
			require.NotNil(t, at)
			return page[:at[6]] + "9" + page[at[6]:]
		}, []string{"its parts do not add up to what was invoiced", "adds up to"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := browse(t, change.page)
			badge, said := selfCheck(t, ctx, "failed")
			assert.Contains(t, badge, "Self-check failed")
			for _, want := range change.want {
				assert.Contains(t, said, want)
			}
			assert.Regexp(t, `line \S+ · \d+:`, said)
		})
	}
}

// computedOf are the net prices that the pack states of disputed lines, by invoice and line.
func computedOf(t *testing.T, page string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(page), "lines.ndjson"))
	require.NoError(t, err)
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var v struct {
			InvoiceID string `json:"invoice_id"`
			Line      string
			Disputed  bool
			Computed  struct {
				BeforeTaxes json.Number `json:"before_taxes"`
			}
		}
		require.NoError(t, json.Unmarshal([]byte(line), &v))
		if v.Disputed && v.Computed.BeforeTaxes != "" {
			out[v.InvoiceID+" · "+v.Line] = string(v.Computed.BeforeTaxes)
		}
	}
	return out
}

// The engine that the page carries gives the pack's cents for every disputed line.
func TestPageReprices(t *testing.T) {
	ctx := browse(t, asItIs)
	page := demoPage(t)
	const all = `(async () => {
		const out = {};
		for (const row of allRows()) {
			if (!row[COLUMN.disputed] || row[COLUMN.detail] < 0) continue;
			const calculation = calculationOf(await recordsOf(row), 0, {});
			if (calculation) out[lineName(row)] = JSON.parse((await engine()).price(calculation)).price.before_taxes;
		}
		return out;
	})()`
	made := get(t, ctx, chromedp.Evaluate[map[string]string](all, chromedp.EvalAwaitPromise))
	want := computedOf(t, page)
	require.Greater(t, len(want), 15)
	for line, net := range want {
		assert.Contains(t, []string{net, strings.TrimPrefix(net, "-"), "-" + net}, made[line], line)
	}
}

// A reader sorts, filters, opens a line, makes its calculation again and reads a question otherwise.
func TestPageIsUsed(t *testing.T) {
	ctx := browse(t, asItIs)
	css := func(selector string) chromedp.CSS { return chromedp.CSS(selector) }
	require.NoError(t, chromedp.Do(ctx, chromedp.Click(chromedp.Search(`//thead//button[contains(., "Invoiced")]`))))
	assert.Equal(t, "descending", get(t, ctx, chromedp.AttributeValue(css(`#table th[aria-sort]`), "aria-sort")).Value)

	require.NoError(t, chromedp.Do(ctx, chromedp.SetValue(css(`#f-outcome`), "partial"),
		chromedp.Evaluate[chromedp.Void](`document.getElementById("f-outcome").dispatchEvent(new Event("change"))`)))
	assert.Regexp(t, `^\d+ rows of 284`, get(t, ctx, chromedp.Text(css(`#filtered`))))

	require.NoError(t, chromedp.Do(ctx, chromedp.Click(css(`#table tr.opens button`)), chromedp.Click(css(`#table tr.detail .again button`)),
		chromedp.WaitVisible(css(`#table tr.detail .again .verdict`))))
	assert.NotEmpty(t, get(t, ctx, chromedp.Text(css(`#table tr.detail .verdict`))))
	again := get(t, ctx, chromedp.Text(css(`#table tr.detail .again .verdict`)))
	assert.Contains(t, again, "Made again in this browser")
	assert.Contains(t, again, "as computed in the pack")
}

// Another reading of an open question shows its price and its calculation.
func TestPageReadsAQuestionOtherwise(t *testing.T) {
	ctx := browse(t, asItIs)
	const open = `(async () => {
		for (const row of allRows()) {
			if (row[COLUMN.detail] < 0) continue;
			const calculation = calculationOf(await recordsOf(row), 0, {});
			if (!calculation || !JSON.parse((await engine()).readings(calculation)).questions.length) continue;
			const box = againOf(row);
			box.id = "opened";
			document.querySelector("main").prepend(box);
			box.querySelector("button").click();
			return true;
		}
		return false;
	})()`
	require.True(t, get(t, ctx, chromedp.Evaluate[bool](open, chromedp.EvalAwaitPromise)), "no line hangs on a reading")
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(`#opened select`)), chromedp.Evaluate[chromedp.Void](`(() => {
		const select = document.querySelector("#opened select");
		select.selectedIndex = [...select.options].findIndex(o => !o.selected);
		select.dispatchEvent(new Event("change"));
	})()`), chromedp.WaitVisible(chromedp.CSS(`#opened table.sheet`))))
	assert.Contains(t, get(t, ctx, chromedp.Text(chromedp.CSS(`#opened .verdict`))), "under the readings chosen below")
	assert.Contains(t, get(t, ctx, chromedp.Text(chromedp.CSS(`#opened table.sheet`))), "half to even") // every mode has its words
}

// The charts say in words what they draw: amounts by reason, and of an opened line the kWh by each record.
func TestPageDrawsCharts(t *testing.T) {
	ctx := browse(t, asItIs)
	const bars = `[...document.querySelectorAll("table.chart")].map(t => [...t.querySelectorAll("tbody tr:not(.total)")].every(r => {
		const bar = r.querySelector("svg[role=img]");
		return bar.getAttribute("aria-label").startsWith(r.querySelector("th").firstChild.data.trim()) && bar.querySelector("rect").getBBox().width > 0;
	}))`
	assert.Equal(t, []bool{true, true}, get(t, ctx, chromedp.Evaluate[[]bool](bars)), "one for each currency")

	const energies = `(() => {
		const row = allRows().find(r => r[COLUMN.detail] >= 0 && r[COLUMN.reasons].includes("en-session-mismatch"));
		const table = energiesOf(JSON.parse(details()[row[COLUMN.detail]]).energy);
		document.querySelector("main").prepend(table);
		return [...table.querySelectorAll("tbody tr")].map(r => r.querySelector("svg[role=img]").getAttribute("aria-label") + " | " +
			[...r.querySelectorAll("th, td.num")].map(c => c.textContent).join(" | "));
	})()`
	said := get(t, ctx, chromedp.Evaluate[[]string](energies))
	require.NotEmpty(t, said)
	assert.Regexp(t, `^Invoice line: [\d.]+ kWh \| Invoice line \| [\d.]+ \| $`, said[0])
	assert.Regexp(t, `^Session: [\d.]+ kWh, [+−][\d.]+ from CDR, periods \| Session \| [\d.]+ \| [+−][\d.]+$`, said[len(said)-1])
}

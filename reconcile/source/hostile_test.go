package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// measure frames content and returns what came of it, the time it took and how much memory the program took from the system for it.
func measure(t *testing.T, in io.Reader) (records, rejected int, codes map[string]int, took time.Duration, grown uint64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s, err := Open([]string{"-"}, Options{Stdin: in})
	require.NoError(t, err)
	codes = map[string]int{}
	for b, err := range s.Batches(context.Background()) {
		require.NoError(t, err)
		records, rejected = records+len(b.Records), rejected+len(b.Rejected)
		for _, f := range append(b.Rejected, b.Findings...) {
			codes[string(f.Code)]++
		}
		b.Release()
	}
	runtime.ReadMemStats(&after)
	return records, rejected, codes, time.Since(start), after.HeapSys - min(before.HeapSys, after.HeapSys)
}

// repeat is a pattern, again and again up to a size.
func repeat(pattern string, size int) []byte {
	return bytes.Repeat([]byte(pattern), size/len(pattern))
}

const (
	enough  = 100 << 20   // memory, in bytes
	quickly = time.Minute // far more than what a busy machine needs, far less than what work that grows with the square of the size takes
)

func TestNestedBrackets(t *testing.T) {
	records, rejected, codes, _, grown := measure(t, bytes.NewReader(repeat("[", 10<<20)))
	require.Zero(t, records)
	require.Equal(t, 1, rejected)
	require.Equal(t, map[string]int{"limit-depth": 1, "source-truncated": 1}, codes)
	require.Less(t, grown, uint64(enough))
}

func TestGzipBombIsRefused(t *testing.T) {
	bomb := append(packed("{\"a\":1}\n{\"b\":\""), bytes.Repeat(packed(strings.Repeat("0", 1<<20)), 300)...)
	records, rejected, codes, _, grown := measure(t, bytes.NewReader(bomb))
	require.Equal(t, 1, records)
	require.Equal(t, 1, rejected)
	require.Equal(t, map[string]int{"limit-ratio": 1}, codes)
	require.Less(t, grown, uint64(enough))
}

func TestZstdBombIsRefused(t *testing.T) {
	bomb := append(zstdFrame([]byte("{\"a\":1}\n{\"b\":\"")), bytes.Repeat(zstdFrame(bytes.Repeat([]byte("0"), 64<<20)), 4)...)
	records, rejected, codes, _, grown := measure(t, bytes.NewReader(bomb))
	require.Equal(t, 1, records)
	require.Equal(t, 1, rejected)
	require.Equal(t, map[string]int{"limit-ratio": 1}, codes)
	require.Less(t, grown, uint64(enough))
}

func TestHugeLine(t *testing.T) {
	huge := io.MultiReader(strings.NewReader("{\"a\":1}\n{\"b\":\""), bytes.NewReader(repeat("x{", 40<<20)), strings.NewReader("\"}\n{\"c\":3}\n"))
	records, rejected, codes, _, grown := measure(t, huge)
	require.Equal(t, 2, records)
	require.Equal(t, 1, rejected)
	require.Equal(t, map[string]int{"limit-record": 1}, codes)
	require.Less(t, grown, uint64(enough))
}

func TestTimeGrowsWithTheSize(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector")
	}
	for _, p := range []string{
		"{", "[", "}", "]", "\"", "\\", ",", " ", "\n", "x", "x\n", "{\"a\":", "{\"a\":\n", "{\n", "{\"a\":[\n{", "{\n\"a\":[\n", " {\n", "[\n{\n",
		"{}", "[]", "[{}", "{}x", "{}x\n", "{\"a\":1}}\n", "{\"a\":\"", "{\"a\":\"\n", "{\"a\":\"},\n", "[1,", "[\"a\":", "{\"data\":[", "{\"data\":[\n", "{\"data\":{",
		"{\"data\":1,", "{\"status_code\":1000}", "{\"b\":1}{\"a\":1}", "{\"a\":1} ,", "[{\"a\":1},\"b\",", "[\n{\"a\":\n", "{\"\x00\":1,\n\"\":", "[{\n},\n{\n",
	} {
		t.Run(fmt.Sprintf("%q", p), func(t *testing.T) {
			const size = 256 << 10
			_, _, _, took, grown := measure(t, bytes.NewReader(repeat(p, size)))
			require.Less(t, took, quickly)
			require.Less(t, grown, uint64(5*enough), "%d", grown)
		})
	}
}

func TestTableTimeGrowsWithTheSize(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector")
	}
	for _, p := range []string{"\"", "\"\n", "\"\"", ",", ",\"\n", "\"a\n", "x\n", "\",\"\n", "a,\"b\n\n\n\n\n\n", "\x00\n", "\"a\"\"\n"} {
		t.Run(fmt.Sprintf("%q", p), func(t *testing.T) {
			tab, err := OpenTable([]string{"-"}, Options{Stdin: io.MultiReader(strings.NewReader("a,b\n"), bytes.NewReader(repeat(p, 256<<10)))})
			require.NoError(t, err)
			start := time.Now()
			for _, err := range tab.Batches(context.Background()) {
				require.NoError(t, err)
			}
			require.Less(t, time.Since(start), quickly)
		})
	}
}

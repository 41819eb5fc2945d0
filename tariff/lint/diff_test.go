package lint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	before := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n"
	after := "a\nb\nd\ne\nf\ng\nh\ni\nj\nk\nl\nM\nn\nend"
	assert.Equal(t, `@@ -1,6 +1,5 @@
 a
 b
-c
 d
 e
 f
@@ -10,5 +9,6 @@
 j
 k
 l
-m
+M
 n
+end
\ No newline at end of file
`, Diff([]byte(before), []byte(after)))
	assert.Empty(t, Diff([]byte(before), []byte(before)))
	assert.Equal(t, "@@ -0,0 +1 @@\n+x\n", Diff(nil, []byte("x\n")))
	assert.Equal(t, "@@ -1 +0,0 @@\n-x\n", Diff([]byte("x\n"), nil))
}

func TestPretty(t *testing.T) {
	assert.Equal(t, "{\n  \"a\": [\n    1.50\n  ]\n}\n", string(Pretty([]byte(`{"a":[1.50]}`))))
	assert.Equal(t, "{", string(Pretty([]byte("{"))))
}

// A diff, applied to the one text, gives the other; a long one too, which is not compared exactly.
func TestPropDiffApplies(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		line := rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "\n"})
		before := rapid.SliceOfN(line, 0, 40).Draw(r, "before")
		after := rapid.SliceOfN(line, 0, 40).Draw(r, "after")
		requireApplies(r, strings.Join(before, ""), strings.Join(after, ""))
	})
	requireApplies(t, strings.Repeat("a\n", 3000)+"end\n", "start\n"+strings.Repeat("b\n", 3000))
}

func requireApplies(t require.TestingT, before, after string) {
	source := lines([]byte(before))
	var out []string
	at := 0
	for _, h := range hunks(script(lines([]byte(before)), lines([]byte(after)))) {
		out = append(out, source[at:h.fromA]...)
		at = h.fromA
		require.Equal(t, h.fromB, len(out))
		for _, c := range h.changes {
			switch c.kind {
			case ' ', '-':
				require.Equal(t, source[at], c.line)
				at++
			}
			if c.kind != '-' {
				out = append(out, c.line)
			}
		}
	}
	require.Equal(t, after, strings.Join(append(out, source[at:]...), ""))
}

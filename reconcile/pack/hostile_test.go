package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hostile makes a small pack, changes it and repairs nothing.
func hostile(t *testing.T, change func(dir string)) *Verification {
	t.Helper()
	dir := madeCase(4).write(t)
	change(dir)
	return verify(t, dir)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
}

func TestManifestLeadsNowhere(t *testing.T) {
	digest := strings.Repeat("0", 64)
	for _, name := range []string{"../secret", "data/../../secret", "/etc/passwd", "data//x", "data/\x1b[2J", `data\..\x`, strings.Repeat("a", 5000)} {
		v := hostile(t, func(dir string) {
			rewrite(t, dir, manifestFile, func(text string) string { return text + digest + "  " + name + "\n" })
		})
		require.Contains(t, failed(t, v, "valid"), "manifest-sha256.txt line ")
		require.NotContains(t, v.Text(), "\x1b")
		require.Less(t, len(v.Text()), 5000)
	}
	twice := hostile(t, func(dir string) {
		rewrite(t, dir, manifestFile, func(text string) string { return text + text })
	})
	require.Contains(t, failed(t, twice, "valid"), "again")
	gone := hostile(t, func(dir string) {
		rewrite(t, dir, manifestFile, func(text string) string { return text + digest + "  data/gone.txt\n" })
	})
	require.Contains(t, failed(t, gone, "complete"), "data/gone.txt: listed in manifest-sha256.txt, but not in the pack")
}

func TestIndexLeadsNowhere(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"up":          replace("records/cdrs-0001.ndjson", "records/cdrs-/../../../../secret"),
		"absolute":    replace("records/cdrs-0001.ndjson", "/etc/passwd"),
		"other kind":  replace("records/cdrs-0001.ndjson", "records/sessions-0001.ndjson"),
		"past end":    replace(`"shard":"records/cdrs-0001.ndjson","offset":0`, `"shard":"records/cdrs-0001.ndjson","offset":99999`),
		"negative":    replace(`"shard":"records/cdrs-0001.ndjson","offset":0`, `"shard":"records/cdrs-0001.ndjson","offset":-1`),
		"overflow":    replace(`"shard":"records/cdrs-0001.ndjson","offset":0`, `"shard":"records/cdrs-0001.ndjson","offset":9223372036854775807`),
		"no line":     replace(`"shard":"records/cdrs-0001.ndjson","offset":0`, `"shard":"records/cdrs-0001.ndjson","offset":5`),
		"huge":        replace(`"length":38`, `"length":9223372036854775807`),
		"cut off":     func(text string) string { return text[:len(text)/2] },
		"no object":   func(text string) string { return "[]\n" + text },
		"empty line":  func(text string) string { return "\n" + text },
		"long line":   func(text string) string { return `{"row":"` + strings.Repeat("x", 2<<20) + "\"}\n" + text },
		"deep":        func(text string) string { return strings.Repeat("[", 1<<20) + "\n" + text },
		"null":        func(text string) string { return "null\n" + text },
		"no encoding": replace(`"encoding":"raw"`, `"encoding":"gzip"`),
		"base64":      replace(`"encoding":"raw"`, `"encoding":"base64"`),
		"wrong type":  replace(`"row":3`, `"row":"3"`),
		"repeated":    func(text string) string { return text + text },
	} {
		t.Run(name, func(t *testing.T) {
			v := hostile(t, func(dir string) {
				rewrite(t, dir, "data/index.ndjson", change)
				repair(t, dir)
			})
			require.NotEmpty(t, failed(t, v, "parse"))
			require.Less(t, len(v.Text()), 20000)
		})
	}
}

func TestBrokenDocuments(t *testing.T) {
	for _, name := range []string{"lines.ndjson", "not_invoiced.ndjson", "findings.ndjson", "sources.json", "case.json", "engine.json", "summary.json"} {
		for _, text := range []string{"", "{", "null", "[]\n", "{}{}\n", "\x00\xff\n", `{"a":` + strings.Repeat("[", 100_000)} {
			if (name == "not_invoiced.ndjson" || name == "findings.ndjson" || name == "lines.ndjson") && text == "" {
				continue
			}
			v := hostile(t, func(dir string) { write(t, dir, "data/"+name, text) })
			require.NotEmpty(t, failed(t, v, "valid"))
			if name != "case.json" || text != "null" && text != "[]\n" {
				require.Contains(t, failed(t, v, "parse"), name)
			}
		}
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o666))
	v := hostile(t, func(dir string) {
		file := filepath.Join(dir, "data", "lines.csv")
		require.NoError(t, os.Remove(file))
		require.NoError(t, os.Symlink(secret, file))
		require.NoError(t, os.Symlink(filepath.Dir(secret), filepath.Join(dir, "data", "more")))
	})
	fault := failed(t, v, "complete")
	require.Contains(t, fault, "data/lines.csv: a symbolic link")
	require.Contains(t, fault, "data/more: a symbolic link")
	deep := hostile(t, func(dir string) { write(t, dir, "data/"+strings.Repeat("a/", 20)+"x", "x") })
	require.Contains(t, failed(t, deep, "complete"), "folders deep")
}

func TestSparseGiant(t *testing.T) {
	v := hostile(t, func(dir string) {
		require.NoError(t, os.Truncate(filepath.Join(dir, "data", "summary.json"), maxDocumentBytes+10))
		require.NoError(t, os.Truncate(filepath.Join(dir, "data", "findings.ndjson"), maxLineBytes+1000))
	})
	fault := failed(t, v, "parse")
	require.Contains(t, fault, "summary.json: data/summary.json: larger than 16 MiB")
	require.Contains(t, fault, "findings.ndjson line 2: longer than 32 MiB")
}

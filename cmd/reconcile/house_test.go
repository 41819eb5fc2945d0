package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = "../.."
	module = "github.com/nexacollect/reconcile/"
)

// mayImport says which rooms of this module each room may import. It is the picture of ARCHITECTURE.md.
var mayImport = map[string][]string{
	"ocpi/exact":           {},
	"ocpi":                 {"ocpi/exact"},
	"ocpi/ocmf":            {"ocpi", "ocpi/exact"},
	"tariff/zone":          {},
	"tariff":               {"ocpi", "ocpi/exact", "tariff/zone"},
	"tariff/lint":          {"ocpi", "ocpi/exact"},
	"tariff/simulate":      {"ocpi", "ocpi/exact", "tariff", "tariff/zone"},
	"tariff/describe":      {"ocpi", "ocpi/exact", "tariff", "tariff/simulate"},
	"tariff/diff":          {"ocpi", "ocpi/exact", "tariff", "tariff/describe", "tariff/simulate"},
	"tariff/anytariff":     {"ocpi", "ocpi/exact", "tariff/simulate"}, // for tests
	"tariff/hypothesis":    {"ocpi", "ocpi/exact", "tariff"},
	"tariff/oracle":        {}, // tests only
	"reconcile/rounding":   {"ocpi", "ocpi/exact", "tariff"},
	"reconcile":            {"ocpi", "ocpi/exact", "ocpi/ocmf", "tariff", "tariff/zone", "tariff/hypothesis", "reconcile/rounding", "reconcile/spill"},
	"reconcile/spill":      {},
	"reconcile/resume":     {},
	"reconcile/source/pdf": {},
	"reconcile/source":     {"ocpi", "ocpi/exact", "reconcile/source/pdf", "reconcile/spill"},
	"reconcile/convert":    {"ocpi", "ocpi/exact"},
	"reconcile/replay":     {"ocpi", "ocpi/exact", "tariff", "tariff/zone"},
	"reconcile/xlsx":       {"ocpi/exact"},
	"reconcile/pdf":        {},
	"reconcile/seal":       {},
	"reconcile/commitment": {"ocpi/exact"},
	"reconcile/stamp":      {},
	"reconcile/redact":     {"ocpi", "tariff/zone", "reconcile"},
	"reconcile/pack":       {"ocpi", "ocpi/exact", "tariff", "tariff/zone", "reconcile", "reconcile/replay", "reconcile/rounding", "reconcile/seal", "reconcile/xlsx", "reconcile/pdf", "reconcile/commitment", "reconcile/stamp", "reconcile/convert"},
	"reconcile/report":     {"ocpi", "ocpi/exact", "tariff", "reconcile", "reconcile/pack", "reconcile/replay", "reconcile/rounding"},
	"reconcile/console":    {"ocpi", "ocpi/exact", "tariff", "tariff/hypothesis", "tariff/lint", "reconcile"},
	"reconcile/generate":   {"tariff/zone"},
	"reconcile/job": {
		"ocpi", "ocpi/exact", "tariff", "tariff/zone", "tariff/hypothesis", "tariff/lint", "reconcile", "reconcile/source", "reconcile/spill", "reconcile/resume", "reconcile/pack",
		"reconcile/report", "reconcile/console", "reconcile/convert", "reconcile/seal", "reconcile/commitment", "reconcile/stamp", "reconcile/redact",
		"tariff/describe", "tariff/diff", "tariff/simulate",
	},
	"cmd/reconcile": {
		"ocpi", "tariff", "tariff/zone", "reconcile", "reconcile/job", "reconcile/pack", "reconcile/report", "reconcile/console", "reconcile/generate",
		"reconcile/seal", "reconcile/commitment", "reconcile/redact", "tariff/describe",
	},
}

func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-C", root, "-json=ImportPath,Imports", "./...").Output()
	require.NoError(t, err)
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, dec.Decode(&pkg))
		room := strings.TrimPrefix(pkg.ImportPath, module)
		allowed, known := mayImport[room]
		require.True(t, known, "room %s is not in the picture", room)
		for _, imp := range pkg.Imports {
			if name, ours := strings.CutPrefix(imp, module); ours {
				require.Contains(t, allowed, name, "%s imports %s", room, name)
			}
		}
	}
}

// goFiles calls f with every Go file of the product below the folders, tests left out.
func goFiles(t *testing.T, f func(path string, text []byte), folders ...string) {
	t.Helper()
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			f(path, text)
			return err
		}))
	}
}

func TestNoFloats(t *testing.T) {
	float := regexp.MustCompile(`\bfloat(32|64)\b|ParseFloat|InexactFloat|\.Float64\(`)
	goFiles(t, func(path string, text []byte) {
		if filepath.Base(path) == "parquet_column.go" {
			return // names Parquet's own column types, and says so in a finding
		}
		for i, line := range strings.Split(string(text), "\n") {
			code, _, _ := strings.Cut(line, "//")
			require.False(t, float.MatchString(code), "%s:%d: %s", path, i+1, line)
		}
	}, "ocpi", "tariff", "reconcile", "cmd")
}

// The clock, chance and the machine must not reach results; cmd/reconcile/progress.go alone reads the clock.
func TestNoClock(t *testing.T) {
	clock := regexp.MustCompile(`time\.(Now|Since|Local)\b|os\.(Getenv|Hostname|Getwd)\(|rand\.(Int|Shuffle|Perm|N)\(`)
	goFiles(t, func(path string, text []byte) {
		if filepath.Base(path) != "progress.go" {
			require.Empty(t, clock.FindString(string(text)), path)
		}
	}, "ocpi", "tariff", "reconcile", "cmd")
}

// Behaviour that differs by version is a field of tariff.Rules; spelling is a table of ocpi.
func TestNoComparisonOfVersions(t *testing.T) {
	compared := regexp.MustCompile(`[vV]ersion\s*[!=]=\s*(ocpi\.)?V2\d\d|case (ocpi\.)?V2\d\d`)
	goFiles(t, func(path string, text []byte) {
		switch filepath.ToSlash(path) {
		case root + "/ocpi/version.go", root + "/tariff/rules.go":
			return // the two tables that own it
		}
		require.Empty(t, compared.FindString(string(text)), path)
	}, "ocpi", "tariff", "reconcile", "cmd")
}

func TestBudgets(t *testing.T) {
	const maxFunction, maxFile = 70, 400
	goFiles(t, func(path string, text []byte) {
		require.LessOrEqual(t, strings.Count(string(text), "\n"), maxFile, "%s is too long", path)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, text, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				lines := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
				require.LessOrEqual(t, lines, maxFunction, "%s in %s", fn.Name.Name, path)
			}
		}
	}, "ocpi", "tariff", "reconcile", "cmd")
}

// declaredCode finds the constants of type ocpi.Code, in either way of writing them.
var declaredCode = regexp.MustCompile(`(?:ocpi\.)?Code(?:\s*=\s*|\()"([a-z0-9-]+)"`)

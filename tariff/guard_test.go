package tariff

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
)

const (
	maxFunctionLines = 70
	maxFileLines     = 400
)

// sources are the package's own files, tests left out.
func sources(t *testing.T) map[string]string {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	out := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		out[name] = string(text)
	}
	return out
}

// No float and no clock.
func TestNoFloatsAndNoClock(t *testing.T) {
	for name, text := range sources(t) {
		for _, banned := range []string{"float64", "float32", "ParseFloat", "time.Now", "time.Local", "LoadLocation("} {
			require.NotContains(t, text, banned, name)
		}
	}
}

// Arithmetic on decimals is in one file; sums and differences elsewhere are of instants.
func TestArithmeticIsInOneFile(t *testing.T) {
	arithmetic := regexp.MustCompile(`\.(Mul|DivRound|CeilMultiple|Shift|Round|Neg)\(`)
	sums := regexp.MustCompile(`\.(Add|Sub)\(`)
	instants := map[string]bool{"boundary.go": true, "clock.go": true}
	for name, text := range sources(t) {
		if name == "sheet_ops.go" {
			continue
		}
		require.Empty(t, arithmetic.FindAllString(text, -1), name)
		if !instants[name] {
			require.Empty(t, sums.FindAllString(text, -1), name)
		}
	}
}

// What versions differ in is a difference of Rules and traits, in one table.
func TestVersionsAreComparedInOnePlace(t *testing.T) {
	compared := regexp.MustCompile(`V211|V221|V230|Since221|Version [!=]= [^0]`)
	for name, text := range sources(t) {
		if name != "rules.go" {
			require.Empty(t, compared.FindAllString(text, -1), name)
		}
	}
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for name, text := range sources(t) {
		require.LessOrEqual(t, strings.Count(text, "\n"), maxFileLines, name)
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			require.LessOrEqual(t, lines, maxFunctionLines, "%s: %s", name, f.Name)
			if f.Name.IsExported() {
				require.NotNil(t, f.Doc, "%s: %s has no comment", name, f.Name)
			}
		}
	}
}

// Every code that pricing gives has its entry for the catalogue.
func TestEveryCodeHasAnEntry(t *testing.T) {
	for _, m := range regexp.MustCompile(`ocpi\.Code\("([^"]+)"\)`).FindAllStringSubmatch(sources(t)["codes.go"], -1) {
		_, ok := ocpi.LookupCode(ocpi.Code(m[1]))
		require.True(t, ok, "%s has no entry in codes.md", m[1])
	}
}

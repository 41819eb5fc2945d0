package ocpi

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// declaredCodes are the constants of type Code in the package's source.
func declaredCodes(t *testing.T) []Code {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var codes []Code
	for _, name := range files {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
				for _, v := range spec.Values {
					text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
					require.NoError(t, err)
					codes = append(codes, Code(text))
				}
			}
			return true
		})
	}
	return codes
}

func TestCatalogueOfCodes(t *testing.T) {
	catalogue := Codes()
	assert.Equal(t, strings.Count(codesText, "\n## "), len(catalogue), "every entry parses")
	names := make([]Code, len(catalogue))
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for i, c := range catalogue {
		names[i] = c.Code
		assert.Regexp(t, form, string(c.Code))
		assert.NotZero(t, c.Severity, c.Code)
		assert.Regexp(t, "^[A-I]$", c.Family, c.Code)
		assert.NotEmpty(t, c.Title, c.Code)
		assert.NotEmpty(t, c.Text, c.Code)
		assert.Contains(t, strings.ReplaceAll(c.Text, "\n", " "), "Cure: ", c.Code)
		assert.NotEmpty(t, c.Evidence, c.Code)
		assert.Contains(t, []string{"operator", "creditor", "debtor", "sender", "both", "nobody"}, c.Liable, c.Code)
		assert.Equal(t, c.Threshold == "", c.Default == "", "%s: a threshold has a default", c.Code)
		assert.NotRegexp(t, "(?m)^(Evidence|Liable|Threshold):", c.Text, c.Code)
	}
	assert.True(t, slices.IsSorted(names), "sorted by code")
	assert.Len(t, slices.Compact(slices.Clone(names)), len(names), "unique")
	for _, code := range declaredCodes(t) {
		_, ok := LookupCode(code)
		assert.True(t, ok, "%s has no entry in codes.md", code)
	}
	_, ok := LookupCode("no-such-code")
	assert.False(t, ok)
}

// What an entry says of itself stands above what its family says.
func TestEntriesAndFamilies(t *testing.T) {
	codes := parseCodes("# Codes\n\n## a-b\nerror · family D · Title\n\nText.\nEvidence: two readings\nLiable: both\n" +
		"Threshold: agreement.limits.max_kwh, 1000\nCure: none.\n\n## c\nwarn · family G · Other\n\nCure: none.\n\n## d\ninfo · family G · Told\n\nCure: none.\n")
	assert.Equal(t, []CodeInfo{
		{Code: "a-b", Severity: SeverityError, Family: "D", Title: "Title", Text: "Text.\nCure: none.", Evidence: "two readings", Liable: "both",
			Threshold: "agreement.limits.max_kwh", Default: "1000"},
		{Code: "c", Severity: SeverityWarn, Family: "G", Title: "Other", Text: "Cure: none.", Evidence: families["G"].evidence, Liable: "creditor"},
		{Code: "d", Severity: SeverityInfo, Family: "G", Title: "Told", Text: "Cure: none.", Evidence: families["G"].evidence, Liable: "nobody"},
	}, codes)
}

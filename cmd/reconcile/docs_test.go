package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

const questionsPage = "../../docs/questions.md"

// TestQuestionsPage holds docs/questions.md equal to the register; -update writes it anew.
func TestQuestionsPage(t *testing.T) {
	page := renderQuestions()
	if *update {
		require.NoError(t, os.WriteFile(questionsPage, []byte(page), 0o644))
		return
	}
	have, err := os.ReadFile(questionsPage)
	require.NoError(t, err)
	require.Equal(t, page, string(have), "docs/questions.md: run 'make golden'")
}

func renderQuestions() string {
	var b strings.Builder
	b.WriteString("# Open questions of the spec\n\nWhere OCPI leaves open how a session is priced, each reading is a choice of a named question. " +
		"The default is what\nthe versions' text, its examples or its maintainers make likeliest; a case file settles another with `agreement.rules`,\n" +
		"and `price --rule QUESTION=CHOICE` tries one. Every pack prints which were used. This page is generated from the register:\n`make golden`.\n")
	versions := []ocpi.Version{ocpi.V211, ocpi.V221, ocpi.V230}
	for _, q := range tariff.Questions() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", q.Name, q.Title)
		if q.Answered {
			b.WriteString("Answered by the spec: the other choices only explain what a partner did.\n\n")
		}
		fmt.Fprintf(&b, "Clause: %s\nDebate: %s\n\n", q.Clause, q.Debate)
		for _, c := range q.Choices {
			var defaults []string
			for _, v := range versions {
				if tariff.RulesFor(v).Map()[q.Name] == c.Name {
					defaults = append(defaults, v.String())
				}
			}
			mark := ""
			if len(defaults) == len(versions) {
				mark = " (default)"
			} else if len(defaults) > 0 {
				mark = " (default of " + strings.Join(defaults, ", ") + ")"
			}
			fmt.Fprintf(&b, "- `%s`%s: %s\n", c.Name, mark, c.Text)
		}
	}
	return b.String()
}

// Every code that any package declares has its entry in ocpi/codes.md, so that explain knows it.
func TestEveryCodeIsExplained(t *testing.T) {
	goFiles(t, func(path string, text []byte) {
		for _, m := range declaredCode.FindAllStringSubmatch(string(text), -1) {
			_, ok := ocpi.LookupCode(ocpi.Code(m[1]))
			require.True(t, ok, "%s: %s has no entry in ocpi/codes.md", path, m[1])
		}
	}, "ocpi", "tariff", "reconcile")
}

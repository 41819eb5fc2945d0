package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

func newExplainCmd(a *app) *cobra.Command {
	var list bool
	cmd := &cobra.Command{
		Use:     "explain CODE",
		Short:   "What a finding, reason, rule or open question means, its clause and its cure",
		Example: "  reconcile explain en-session-mismatch\n  reconcile explain --list | grep error",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return codeNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if list {
				return a.listCodes()
			}
			if len(args) == 0 {
				return fmt.Errorf("explain what? give a code, or --list for all of them")
			}
			return a.explain(args[0])
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "every code on a line: code, severity, title, separated by tabs")
	return cmd
}

func codeNames() []string {
	var names []string
	for _, c := range ocpi.Codes() {
		names = append(names, string(c.Code))
	}
	return names
}

func (a *app) listCodes() error {
	for _, c := range ocpi.Codes() {
		if a.format == "json" {
			if err := json.NewEncoder(a.out).Encode(codeObject(c)); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(a.out, "%s\t%s\t%s\n", c.Code, c.Severity, c.Title); err != nil {
			return err
		}
	}
	return nil
}

func codeObject(c ocpi.CodeInfo) map[string]string {
	out := map[string]string{
		"code": string(c.Code), "severity": c.Severity.String(), "family": c.Family, "title": c.Title, "text": c.Text,
		"evidence": c.Evidence, "liable": c.Liable,
	}
	if c.Threshold != "" {
		out["threshold"], out["default"] = c.Threshold, c.Default
	}
	return out
}

// codeText is the entry of a code as people read it.
func codeText(c ocpi.CodeInfo) string {
	text := fmt.Sprintf("%s (%s, family %s)\n%s\n\n%s\nEvidence: %s.\nLiable, where nothing else is agreed: %s.\n",
		c.Code, c.Severity, c.Family, c.Title, c.Text, c.Evidence, c.Liable)
	switch c.Threshold {
	case "":
	case ocpi.FixedThreshold:
		text += fmt.Sprintf("Threshold, which no case changes: %s.\n", c.Default)
	default:
		text += fmt.Sprintf("Threshold: %s in the case file; where it names none: %s.\n", c.Threshold, c.Default)
	}
	return text
}

// explain prints the entry of a code, of an open question or of a pricing rule.
func (a *app) explain(name string) error {
	if c, ok := ocpi.LookupCode(ocpi.Code(name)); ok {
		if a.format == "json" {
			return json.NewEncoder(a.out).Encode(codeObject(c))
		}
		_, err := fmt.Fprint(a.out, codeText(c))
		return err
	}
	questions := tariff.Questions()
	if i := slices.IndexFunc(questions, func(q tariff.Question) bool { return q.Name == name }); i >= 0 {
		return a.explainQuestion(questions[i])
	}
	if text, ok := tariff.RuleDoc(name); ok {
		if a.format == "json" {
			return json.NewEncoder(a.out).Encode(map[string]string{"rule": name, "text": text})
		}
		_, err := fmt.Fprintf(a.out, "%s (pricing rule)\n%s\n", name, text)
		return err
	}
	return fmt.Errorf("%q is no code, question or rule; %s", name, nearest(name))
}

func (a *app) explainQuestion(q tariff.Question) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(q)
	}
	answered := "open question"
	if q.Answered {
		answered = "answered by the spec"
	}
	fmt.Fprintf(a.out, "%s (%s)\n%s\n\nClause: %s\nDebate: %s\n", q.Name, answered, q.Title, q.Clause, q.Debate)
	for i, c := range q.Choices {
		mark := " "
		if i == 0 {
			mark = "*"
		}
		fmt.Fprintf(a.out, "%s %s: %s\n", mark, c.Name, c.Text)
	}
	_, err := fmt.Fprintln(a.out, "* is the default; a case file fixes another with agreement.rules")
	return err
}

// nearest names the codes that share a word with name.
func nearest(name string) string {
	var near []string
	for _, c := range codeNames() {
		for word := range strings.SplitSeq(name, "-") {
			if len(word) > 2 && strings.Contains(c, word) && len(near) < 5 && !slices.Contains(near, c) {
				near = append(near, c)
			}
		}
	}
	if len(near) == 0 {
		return "see 'reconcile explain --list'"
	}
	return "near it: " + strings.Join(near, ", ")
}

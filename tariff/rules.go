package tariff

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
)

// Rules holds one field for each open question of the spec: the choice that governs. Behaviour that differs by version is a
// difference of Rules. Rules are values: a copy is independent.
type Rules struct {
	choice [questionCount]choice
}

type (
	question uint8 // index into register
	choice   uint8 // index into the question's choices
)

// Question describes one open question: its name in case files, its choices with a sentence each, the clause and the debate.
type Question struct {
	Name, Title, Clause, Debate string
	Choices                     []Choice // the recommended one first, unless a version's bundle says otherwise
	Answered                    bool     // every version answers it: the other choices only explain what a partner did; see also Reading.Answered
}

// Choice is one reading of a Question.
type Choice struct{ Name, Text string }

// traits are the properties of a tariff that its version decides and that are no open questions.
type traits struct {
	noVAT       bool // prices have no VAT rate at all
	taxIncluded bool // the tariff must say whether prices include taxes
	splitDuty   bool // the operator must start a new period where another component becomes active
	oldText     bool // 2.1.1: much that later versions settle is open
	stop        bool // the end of a session is called stop_date_time
}

// bundle is what a version fixes.
type bundle struct {
	traits
	vatAbsent choice
}

// bundleOf is one of the two tables that know versions; the other is the decoder's.
func bundleOf(v ocpi.Version) bundle {
	switch v {
	case ocpi.V211:
		return bundle{traits{noVAT: true, oldText: true, stop: true}, vatUnknown}
	case ocpi.V230:
		return bundle{traits{taxIncluded: true, splitDuty: true}, vatFromCDR}
	default:
		return bundle{traits{splitDuty: true}, vatNone}
	}
}

// RulesFor returns the recommended readings for a version. An unknown version is read as 2.2.1.
func RulesFor(v ocpi.Version) *Rules {
	r := new(Rules)
	r.choice[questionVATAbsent] = bundleOf(v).vatAbsent
	return r
}

var rules211, rules221, rules230 = RulesFor(ocpi.V211), RulesFor(ocpi.V221), RulesFor(ocpi.V230)

// defaultRules is RulesFor without a copy, for reading only.
func defaultRules(v ocpi.Version) *Rules {
	switch v {
	case ocpi.V211:
		return rules211
	case ocpi.V230:
		return rules230
	default:
		return rules221
	}
}

func (r *Rules) is(q question, c choice) bool { return r.choice[q] == c }

// with returns a copy with one question fixed.
func (r *Rules) with(q question, c choice) *Rules {
	out := *r
	out.choice[q] = c
	return &out
}

// Set fixes a question; unknown names and choices are errors that list the known ones.
func (r *Rules) Set(name, choiceName string) error {
	q, ok := questionNamed(name)
	if !ok {
		return fmt.Errorf("unknown question %q, known are %s", name, strings.Join(questionNames(), ", "))
	}
	var known []string
	for i, c := range register[q].choices {
		if c.Name == choiceName {
			r.choice[q] = choice(i)
			return nil
		}
		known = append(known, c.Name)
	}
	return fmt.Errorf("question %s: unknown choice %q, known are %s", name, choiceName, strings.Join(known, ", "))
}

// Choice returns the choice of a question, "" where there is no such question.
func (r *Rules) Choice(name string) string {
	q, ok := questionNamed(name)
	if !ok {
		return ""
	}
	return r.name(q)
}

func (r *Rules) name(q question) string { return register[q].choices[r.choice[q]].Name }

// Map returns the choice of every question.
func (r *Rules) Map() map[string]string {
	out := make(map[string]string, questionCount)
	for q := range questionCount {
		out[register[q].name] = r.name(q)
	}
	return out
}

// Questions is the register, sorted by name.
func Questions() []Question {
	out := make([]Question, 0, questionCount)
	for _, q := range byName() {
		e := &register[q]
		out = append(out, Question{
			Name: e.name, Title: e.title, Clause: e.clause, Debate: e.debate, Choices: slices.Clone(e.choices), Answered: e.answered == answeredAlways,
		})
	}
	return out
}

func questionNamed(name string) (question, bool) {
	for i := range register {
		if register[i].name == name {
			return question(i), true
		}
	}
	return 0, false
}

func questionNames() []string {
	var out []string
	for _, q := range byName() {
		out = append(out, register[q].name)
	}
	return out
}

// questionSet is a set of questions.
type questionSet uint64

func (s *questionSet) add(q question)     { *s |= 1 << q }
func (s questionSet) has(q question) bool { return s&(1<<q) != 0 }

// names are the questions of the set, sorted by name.
func (s questionSet) names() []string {
	if s == 0 {
		return nil
	}
	out := make([]string, 0, bits.OnesCount64(uint64(s)))
	for _, q := range byName() {
		if s.has(q) {
			out = append(out, register[q].name)
		}
	}
	return out
}

// namedSets is of how many sets an engine keeps the names.
const namedSets = 8

// slot is where a set's names are kept.
func (s questionSet) slot() int { return int(uint64(s) * 0x9e3779b97f4a7c15 >> 61) }

// namedSet keeps the names of a set: the CDRs of a month put a few sets of questions, and their results share the lists.
type namedSet struct {
	set   questionSet
	names []string
}

func (n *namedSet) namesOf(s questionSet) []string {
	if n.set != s {
		n.set, n.names = s, s.names()
	}
	return n.names
}

// byName are all questions, sorted by name.
var byName = sync.OnceValue(func() []question {
	out := make([]question, questionCount)
	for i := range out {
		out[i] = question(i)
	}
	slices.SortFunc(out, func(a, b question) int { return strings.Compare(register[a].name, register[b].name) })
	return out
})

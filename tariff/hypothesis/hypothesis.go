package hypothesis

import "slices"

// Direction says where a defect lies: see the package's documentation.
type Direction string

// The directions.
const (
	Calculation Direction = "calculation" // the CDR is right, the total was reckoned wrongly
	Data        Direction = "data"        // the total is right, the CDR carries the defect
	Either      Direction = "either"      // the CDR does not tell
)

// Parameter is one particular of a hypothesis.
type Parameter struct{ Name, Value string }

// Hypothesis is one defect that gives a claimed total.
type Hypothesis struct {
	Name       string    // stable, see Catalogue
	Direction  Direction // a defect of the same name in the other direction is another hypothesis
	Text       string    // a sentence for people, lower case, no full stop: "the partner billed wall-clock time"
	Parameters []Parameter
	Total      Amount // what the calculation gives, exactly; a side is absent where it cannot be known
	// BeforeTaxes and AfterTaxes say which claimed sides of the total are given. A claimed side that cannot be computed is neither given
	// nor missed; none is ever missed.
	BeforeTaxes, AfterTaxes bool
	Breakdown               bool   // every cost that the claim states beside its total is given too
	SameAs                  string // the name of a hypothesis that does the same to this CDR, "" for none
}

// Key identifies a hypothesis over many CDRs: its name and direction, whatever its parameters.
func (h *Hypothesis) Key() string { return h.Name + "/" + string(h.Direction) }

// Best are the hypotheses that count: those that give the claim's breakdown where any does, else all. Their order is kept.
func Best(list []Hypothesis) []Hypothesis {
	if !slices.ContainsFunc(list, func(h Hypothesis) bool { return h.Breakdown }) {
		return list
	}
	var out []Hypothesis
	for _, h := range list {
		if h.Breakdown {
			out = append(out, h)
		}
	}
	return out
}

// Single is the one hypothesis that explains a claim; false where none or several do. Those that do the same to the CDR as another of
// the best count once.
func Single(list []Hypothesis) (Hypothesis, bool) {
	var out []Hypothesis
	best := Best(list)
	for _, h := range best {
		if !doubles(&h, best) {
			out = append(out, h)
		}
	}
	if len(out) != 1 {
		return Hypothesis{}, false
	}
	return out[0], true
}

// doubles reports a hypothesis that does the same to the CDR as another of a list.
func doubles(h *Hypothesis, list []Hypothesis) bool {
	return slices.ContainsFunc(list, func(o Hypothesis) bool { return h.SameAs == o.Name && h.Direction == o.Direction })
}

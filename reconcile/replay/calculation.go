package replay

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff"
)

// Calculation is all that a price was made from, as text that can leave the pack.
type Calculation struct {
	CDR      string   `json:"cdr"`      // the record as received
	Supplied []string `json:"supplied"` // tariffs as received, in their order, where they can bear on the price
	Input    *Input   `json:"input"`
}

// NewCalculation writes down what in was made from. Records stand in it as received.
func NewCalculation(in *tariff.Input) *Calculation {
	c := &Calculation{CDR: string(in.CDR.Record.Bytes), Input: NewInput(in), Supplied: []string{}}
	if ConsultsSupplied(in) {
		for _, t := range in.Supplied {
			c.Supplied = append(c.Supplied, string(t.Record.Bytes))
		}
	}
	return c
}

// Price is the outcome of a Calculation.
type Price struct {
	BeforeTaxes string          `json:"before_taxes"` // "" where it is not known
	AfterTaxes  string          `json:"after_taxes"`  // "" where it is not known
	Currency    string          `json:"currency"`
	Sheet       json.RawMessage `json:"sheet"`
}

// Question is an open question of the spec that the price touches: what each reading of it gives.
type Question struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Clause  string   `json:"clause"`
	Debate  string   `json:"debate"`
	Choices []Choice `json:"choices"`
}

// Choice is a reading and the price under it.
type Choice struct {
	Name        string `json:"name"`
	Text        string `json:"text"`
	Chosen      bool   `json:"chosen"`
	BeforeTaxes string `json:"before_taxes"`
	AfterTaxes  string `json:"after_taxes"`
}

// Price makes the calculation. Errors say what cannot be read or priced.
func (c *Calculation) Price() (*Price, error) {
	in, res, err := c.price()
	if err != nil {
		return nil, err
	}
	if err := res.Sheet.Verify(); err != nil {
		return nil, fmt.Errorf("the calculation does not hold: %w", err)
	}
	out := &Price{Currency: in.CDR.Currency}
	out.BeforeTaxes, out.AfterTaxes = texts(res.Totals.Cost)
	out.Sheet, err = res.Sheet.MarshalJSON()
	return out, err
}

// Readings are the open questions of which another reading changes the price, with the price under each.
func (c *Calculation) Readings() ([]Question, error) {
	in, res, err := c.price()
	if err != nil {
		return nil, err
	}
	return questions(in, res), nil
}

func (c *Calculation) price() (tariff.Input, *tariff.Result, error) {
	in, err := c.input()
	if err != nil {
		return in, nil, err
	}
	res := tariff.Price(in)
	if res.Blocked != nil {
		return in, nil, fmt.Errorf("the CDR cannot be priced: %s", res.Blocked.Message)
	}
	return in, res, nil
}

func (c *Calculation) input() (in tariff.Input, err error) {
	if c.Input == nil {
		return in, errors.New("the calculation has no input")
	}
	version, known := ocpi.ParseVersion(c.Input.Version)
	if !known {
		return in, fmt.Errorf("OCPI version %.100q is none", c.Input.Version)
	}
	d := ocpi.NewDecoder(ocpi.Options{Version: version})
	cdr, findings := d.CDR(ocpi.Record{Bytes: []byte(c.CDR)})
	if f := ocpi.FirstBlock(findings); cdr == nil || f != nil {
		return in, fmt.Errorf("the CDR cannot be read: %s", f.Message)
	}
	supplied := make([]*ocpi.Tariff, len(c.Supplied))
	for i, text := range c.Supplied {
		if supplied[i], _ = d.Tariff(ocpi.Record{Bytes: []byte(text)}); supplied[i] == nil {
			return in, fmt.Errorf("supplied tariff %d cannot be read", i+1)
		}
	}
	rules := tariff.RulesFor(version)
	for question, choice := range c.Input.Rules {
		if err := rules.Set(question, choice); err != nil {
			return in, err
		}
	}
	return c.Input.Tariff(cdr, supplied, rules)
}

func questions(in tariff.Input, res *tariff.Result) []Question {
	out := []Question{}
	byName := map[string][]tariff.Reading{}
	for _, r := range tariff.Readings(in, res, nil) {
		byName[r.Question] = append(byName[r.Question], r)
	}
	chosen := res.Rules.Map()
	for _, q := range tariff.Questions() {
		readings := byName[q.Name]
		if readings == nil {
			continue
		}
		one := Question{Name: q.Name, Title: q.Title, Clause: q.Clause, Debate: q.Debate}
		for _, c := range q.Choices {
			cost := res.Totals.Cost
			for _, r := range readings {
				if r.Choice == c.Name {
					cost = r.Cost
				}
			}
			choice := Choice{Name: c.Name, Text: c.Text, Chosen: chosen[q.Name] == c.Name}
			choice.BeforeTaxes, choice.AfterTaxes = texts(cost)
			one.Choices = append(one.Choices, choice)
		}
		out = append(out, one)
	}
	return out
}

func texts(m tariff.Money) (net, gross string) {
	if m.BeforeTaxes.Present {
		net = m.BeforeTaxes.Value.Output()
	}
	if m.AfterTaxes.Present {
		gross = m.AfterTaxes.Value.Output()
	}
	return net, gross
}

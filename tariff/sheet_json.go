package tariff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

var modeNames = [...]string{
	exact.HalfUp: "half-up", exact.HalfEven: "half-even", exact.Down: "down", exact.Up: "up", exact.Floor: "floor", exact.Ceiling: "ceiling",
}

// MarshalJSON writes {"steps":[{"n":1,"op":"input","value":"…","unit":"…","doc":"cdr","pointer":"…","note":"…"},{"n":2,"op":"mul",
// "args":[1,1],"rule":"…",…}]}, members that are empty left out, decimals exact (all digits, not cut to 12).
func (s *Sheet) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 128*len(s.steps)+16), `{"steps":[`...)
	for i := range s.steps {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.steps[i].append(b, i+1)
	}
	return append(b, "]}"...), nil
}

func (s *Step) append(b []byte, n int) []byte {
	b = strconv.AppendInt(append(b, `{"n":`...), int64(n), 10)
	b = appendMember(b, "op", s.Op.String())
	b = s.appendArgs(b)
	b = appendMember(b, "rule", s.Rule)
	if s.Op != OpNote {
		b = append(s.Value.Append(append(b, `,"value":"`...)), '"')
	}
	b = appendMember(b, "unit", s.Unit)
	if s.Op.rounds() {
		b = strconv.AppendInt(append(b, `,"places":`...), int64(s.Places), 10)
		b = appendMember(b, "mode", modeNames[s.Mode])
	}
	b = appendMember(b, "doc", s.Doc.String())
	if s.Doc == DocTariff {
		b = strconv.AppendInt(append(b, `,"tariff":`...), int64(s.Tariff), 10)
	}
	b = appendMember(b, "pointer", s.Pointer())
	b = appendMember(b, "pointer2", s.Pointer2())
	b = appendMember(b, "note", s.Note())
	return append(b, '}')
}

func (s *Step) appendArgs(b []byte) []byte {
	if s.Args == [2]Ref{} {
		return b
	}
	b = strconv.AppendInt(append(b, `,"args":[`...), int64(s.Args[0]), 10)
	if s.Args[1] != 0 {
		b = strconv.AppendInt(append(b, ','), int64(s.Args[1]), 10)
	}
	return append(b, ']')
}

// appendMember appends a text member, unless it is empty.
func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	if plain(value) {
		return append(append(append(b, '"'), value...), '"')
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic("tariff: a string that JSON cannot hold: " + value)
	}
	return append(b, text...)
}

// plain reports a text that JSON writes as it is, as nearly all here are.
func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

// stepJSON is a step as it is read. Pointers tell a missing member from an empty one.
type stepJSON struct {
	N        int     `json:"n"`
	Op       string  `json:"op"`
	Args     []Ref   `json:"args"`
	Rule     string  `json:"rule"`
	Value    *string `json:"value"`
	Unit     string  `json:"unit"`
	Places   *int32  `json:"places"`
	Mode     string  `json:"mode"`
	Doc      string  `json:"doc"`
	Tariff   *int16  `json:"tariff"`
	Pointer  string  `json:"pointer"`
	Pointer2 string  `json:"pointer2"`
	Note     string  `json:"note"`
}

// UnmarshalJSON reads what MarshalJSON wrote, strictly: unknown operations, forward references and missing members are errors.
func (s *Sheet) UnmarshalJSON(b []byte) error {
	var in struct {
		Steps []stepJSON `json:"steps"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	steps := make([]Step, len(in.Steps))
	for i := range in.Steps {
		if err := in.Steps[i].read(&steps[i], i+1); err != nil {
			return fmt.Errorf("sheet: step %d: %w", i+1, err)
		}
	}
	s.steps = steps
	return nil
}

func (j *stepJSON) read(s *Step, n int) error {
	if j.N != n {
		return fmt.Errorf("numbered %d", j.N)
	}
	op := slices.Index(opNames[1:], j.Op) + 1
	if op == 0 {
		return fmt.Errorf("unknown operation %q", j.Op)
	}
	s.Op, s.Rule, s.Unit = Op(op), j.Rule, j.Unit
	if err := j.readArgs(s, n); err != nil {
		return err
	}
	if err := j.readValue(s); err != nil {
		return err
	}
	if j.Doc != "" {
		doc := slices.Index(docNames[1:], j.Doc) + 1
		if doc == 0 {
			return fmt.Errorf("unknown document %q", j.Doc)
		}
		s.Doc = Doc(doc)
	}
	if (j.Tariff != nil) != (s.Doc == DocTariff) || j.Tariff != nil && *j.Tariff < 0 {
		return fmt.Errorf("document %q with tariff %v", j.Doc, j.Tariff)
	}
	if j.Tariff != nil {
		s.Tariff = *j.Tariff
	}
	if j.Pointer2 != "" && s.Op != OpSeconds {
		return fmt.Errorf("%s has no second pointer", j.Op)
	}
	if j.Pointer != "" || j.Pointer2 != "" || j.Note != "" {
		s.src.words = &words{pointer: j.Pointer, pointer2: j.Pointer2, note: j.Note}
	}
	return nil
}

func (j *stepJSON) readArgs(s *Step, n int) error {
	wanted := opArgs[s.Op]
	if len(j.Args) != wanted && (s.Op != OpNote || len(j.Args) > 2) {
		return fmt.Errorf("%s with %d arguments, wanted %d", j.Op, len(j.Args), wanted)
	}
	for i, a := range j.Args {
		if a < 0 || int(a) >= n || a == 0 && s.Op != OpNote {
			return fmt.Errorf("argument %d names step %d, wanted an earlier one", i+1, a)
		}
		s.Args[i] = a
	}
	return nil
}

func (j *stepJSON) readValue(s *Step) error {
	if (j.Value == nil) != (s.Op == OpNote) {
		return fmt.Errorf("%s: a value where there is none, or none where there is one", j.Op)
	}
	if j.Value != nil {
		v, err := exact.Parse([]byte(*j.Value))
		if err != nil {
			return fmt.Errorf("value %q: %w", *j.Value, err)
		}
		s.Value = v
	}
	if (j.Places != nil) != s.Op.rounds() || (j.Mode != "") != s.Op.rounds() {
		return fmt.Errorf("%s: places and mode belong to roundings, and only there", j.Op)
	}
	if !s.Op.rounds() {
		return nil
	}
	mode := slices.Index(modeNames[1:], j.Mode) + 1
	if mode == 0 || *j.Places < 0 || *j.Places > maxPlaces {
		return fmt.Errorf("rounding to %d places by %q", *j.Places, j.Mode)
	}
	s.Places, s.Mode = *j.Places, exact.Mode(mode)
	return nil
}

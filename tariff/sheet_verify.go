package tariff

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Verify replays every step that has arguments and reports the first whose value is not what its arguments give.
func (s *Sheet) Verify() error {
	for i := range s.steps {
		if err := s.verifyStep(i); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *Sheet) verifyStep(i int) error {
	st := &s.steps[i]
	if st.Op == OpInvalid || st.Op >= opCount {
		return errors.New("unknown operation")
	}
	for n, a := range st.Args {
		switch wanted := n < opArgs[st.Op]; {
		case a < 0 || int(a) > i:
			return fmt.Errorf("argument %d names step %d, wanted an earlier one", n+1, a)
		case a == 0 && wanted:
			return fmt.Errorf("argument %d is missing", n+1)
		case a != 0 && !wanted && st.Op != OpNote:
			return fmt.Errorf("%s takes %d arguments", st.Op, opArgs[st.Op])
		}
	}
	if st.Op == OpNote && !st.Value.IsZero() {
		return errors.New("a note carries no value")
	}
	if opArgs[st.Op] == 0 {
		return nil
	}
	if st.Op.rounds() && (st.Places < 0 || st.Places > maxPlaces || st.Mode < exact.HalfUp || st.Mode > exact.Ceiling) {
		return errors.New("a rounding without places or mode")
	}
	v, ok := apply(st.Op, s.value(st.Args[0]), s.value(st.Args[1]), st.Places, st.Mode)
	switch {
	case !ok:
		return fmt.Errorf("%s is not defined on its arguments", st.Op)
	case !v.Equal(st.Value):
		return fmt.Errorf("%s gives %s, the sheet says %s", st.Op, v.Plain(), st.Value.Plain())
	}
	return nil
}

// maxPlaces bounds the decimals of a rounding in a sheet that is read.
const maxPlaces = 1000

// CheckLeaves reads every leaf again from the documents and reports the first that does not stand there. resolve returns the bytes
// of a document; tariff is the index of a supplied tariff. A leaf without a pointer is a constant of its document and is not
// checked.
func (s *Sheet) CheckLeaves(resolve func(doc Doc, tariff int) (raw []byte, ok bool)) error {
	for i := range s.steps {
		st := &s.steps[i]
		if st.Op != OpInput && st.Op != OpSeconds || st.Pointer() == "" {
			continue
		}
		raw, ok := resolve(st.Doc, int(st.Tariff))
		if !ok {
			return fmt.Errorf("step %d: its document (%s) is not at hand", i+1, st.Doc)
		}
		if err := st.checkLeaf(raw); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *Step) checkLeaf(raw []byte) error {
	if s.Op == OpSeconds {
		return s.checkSeconds(raw)
	}
	v, err := numberAt(raw, s.Pointer())
	if err != nil {
		return err
	}
	if s.Rule == RuleEvidence && s.Unit == "s" && hoursAsSeconds(v).Equal(s.Value) {
		return nil // the document states hours
	}
	if !v.Equal(s.Value) {
		return fmt.Errorf("%s is %s, the sheet says %s", s.Pointer(), v.Plain(), s.Value.Plain())
	}
	return nil
}

func (s *Step) checkSeconds(raw []byte) error {
	from, err := timeAt(raw, s.Pointer())
	if err != nil {
		return err
	}
	to, err := timeAt(raw, s.Pointer2())
	if err != nil {
		return err
	}
	if v := secondsBetween(from, to); !v.Equal(s.Value) {
		return fmt.Errorf("from %s to %s are %s s, the sheet says %s", s.Pointer(), s.Pointer2(), v.Plain(), s.Value.Plain())
	}
	return nil
}

// numberAt reads a number, or a string that holds one.
func numberAt(raw []byte, pointer string) (exact.Decimal, error) {
	text, err := textAt(raw, pointer)
	if err != nil {
		return exact.Decimal{}, err
	}
	v, err := exact.Parse([]byte(text))
	if err != nil {
		return v, fmt.Errorf("%s: %w", pointer, err)
	}
	return v, nil
}

// timeAt reads an instant.
func timeAt(raw []byte, pointer string) (time.Time, error) {
	text, err := textAt(raw, pointer)
	if err != nil {
		return time.Time{}, err
	}
	text = strings.Replace(text, " ", "T", 1)
	for _, layout := range [...]string{time.RFC3339Nano, "2006-1-2T15:4:5.999999999Z07:00", "2006-1-2T15:4:5.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: %q is no date and time", pointer, text)
}

// otherNames are older and newer names of one member: senders mix them.
var otherNames = map[string]string{"/stop_date_time": "/end_date_time", "/end_date_time": "/stop_date_time"}

func textAt(raw []byte, pointer string) (string, error) {
	value, _, ok := ocpi.Lookup(raw, pointer)
	if !ok {
		value, _, ok = ocpi.Lookup(raw, otherNames[pointer])
		ok = ok && otherNames[pointer] != ""
	}
	if !ok {
		return "", fmt.Errorf("nothing stands at %s", pointer)
	}
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(string(value)), `"`)), nil
}

package tariff

import (
	"fmt"
	"strings"
)

// Text renders the calculation for people, one line a step: its number, what it is, how it was made, its value and where it was
// read.
func (s *Sheet) Text() []string {
	out := make([]string, 0, len(s.steps))
	for i := range s.steps {
		out = append(out, s.line(i))
	}
	return out
}

func (s *Sheet) line(i int) string {
	st := &s.steps[i]
	var b strings.Builder
	fmt.Fprintf(&b, "%3d  ", i+1)
	if st.Op == OpNote {
		b.WriteString(st.Note())
		s.writeSpokenOf(&b, st)
	} else {
		b.WriteString(strings.ReplaceAll(st.Rule, "-", " "))
		if f := s.formula(st); f != "" {
			b.WriteString(": " + f)
		}
		b.WriteString(" = " + st.Value.Plain())
		if st.Unit != "" {
			b.WriteString(" " + st.Unit)
		}
		if note := st.Note(); note != "" {
			b.WriteString("; " + note)
		}
	}
	if place := st.place(); place != "" {
		b.WriteString("  [" + place + "]")
	}
	return b.String()
}

// writeSpokenOf names the steps a note speaks of, with their values.
func (s *Sheet) writeSpokenOf(b *strings.Builder, st *Step) {
	var parts []string
	for _, a := range st.Args {
		if a != 0 {
			parts = append(parts, s.named(a))
		}
	}
	if len(parts) > 0 {
		b.WriteString(" (" + strings.Join(parts, ", ") + ")")
	}
}

// named is a reference with its value: "#3 (0.25 EUR)".
func (s *Sheet) named(r Ref) string {
	st := s.Step(r)
	text := fmt.Sprintf("#%d %s", r, st.Value.Plain())
	if st.Unit != "" {
		text += " " + st.Unit
	}
	return text
}

// formula is how a step was made of earlier ones.
func (s *Sheet) formula(st *Step) string {
	a, b := st.Args[0], st.Args[1]
	switch st.Op {
	case OpAdd:
		return fmt.Sprintf("#%d + #%d", a, b)
	case OpSub:
		return fmt.Sprintf("#%d − #%d", a, b)
	case OpMul:
		return fmt.Sprintf("#%d × #%d", a, b)
	case OpPercentOn:
		return fmt.Sprintf("#%d × (1 + #%d ÷ 100)", a, b)
	case OpNeg:
		return fmt.Sprintf("−#%d", a)
	case OpMin:
		return fmt.Sprintf("the lesser of #%d and #%d", a, b)
	case OpMax:
		return fmt.Sprintf("the greater of #%d and #%d", a, b)
	case OpCeilStep:
		return fmt.Sprintf("#%d up to a multiple of #%d", a, b)
	case OpRound:
		return fmt.Sprintf("#%d rounded to %s", a, rounding(st))
	case OpPerHour:
		return fmt.Sprintf("#%d ÷ 3600, to %s", a, rounding(st))
	case OpNetOfGross:
		return fmt.Sprintf("#%d ÷ (1 + #%d ÷ 100), to %s", a, b, rounding(st))
	case OpShare:
		return fmt.Sprintf("#%d ÷ #%d, to %s", a, b, rounding(st))
	default:
		return ""
	}
}

func rounding(st *Step) string { return fmt.Sprintf("%d decimals %s", st.Places, modeNames[st.Mode]) }

// place is where a step was read: document and pointer.
func (s *Step) place() string {
	if s.Doc == DocNone || s.Pointer() == "" && s.Op != OpInput && s.Op != OpSeconds {
		return ""
	}
	text := s.Doc.String()
	if s.Doc == DocTariff {
		text = fmt.Sprintf("tariff %d", s.Tariff+1)
	}
	if p := s.Pointer(); p != "" {
		text += "#" + p
	}
	if p := s.Pointer2(); p != "" {
		text += " to " + p
	}
	return text
}

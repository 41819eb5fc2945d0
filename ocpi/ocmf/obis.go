package ocmf

import "strings"

// register is an OBIS code (IEC 62056-6-1), A-B:C.D.E*F, its groups without leading zeros and in upper case so that the spellings in use
// compare: 1-b:1.8.0, 01-0B:01.08.00*FF, 01-00:01.08.00.FF. Groups are not computed with: older records write them in decimal digits,
// version 1.4 in hexadecimal ones, and letters b, e stand for any.
type register struct{ a, b, c, d, e, f string }

// currentPeriod is what F says where no earlier billing period is meant; left out it means the same.
const currentPeriod = "FF"

// parseRegister reads RI. ok is false for what is no OBIS code.
func parseRegister(text string) (g register, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if g.a, text, ok = strings.Cut(text, "-"); !ok {
		return register{}, false
	}
	if g.b, text, ok = strings.Cut(text, ":"); !ok {
		return register{}, false
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '*' || r == '&' })
	if len(groups) < 3 || len(groups) > 4 {
		return register{}, false
	}
	g.c, g.d, g.e = groups[0], groups[1], groups[2]
	if len(groups) == 4 {
		g.f = groups[3]
	}
	for _, group := range []*string{&g.a, &g.b, &g.c, &g.d, &g.e, &g.f} {
		if strings.Trim(*group, "0123456789ABCDEF") != "" {
			return register{}, false
		}
		*group = strings.TrimLeft(*group, "0")
	}
	if g.f == "" || g.f == "255" {
		g.f = currentPeriod
	}
	return g, true
}

// side says where energy is measured, for what it is billed by: the side of the vehicle goes before that of the mains.
type side uint8

const (
	noEnergy   side = iota // no register of energy drawn
	mainsSide              // measured at the meter
	deviceSide             // what reaches the vehicle, losses in the cable taken off
)

// importSides are the values of C for active energy drawn: IEC 62056-6-1 has 1; B0 to B3 are reserved by OCMF 1.4 (table 25); 98 is what
// meters wrote for the compensated register before that.
var importSides = map[string]side{
	"1": mainsSide, "B0": mainsSide, "B2": mainsSide,
	"B1": deviceSide, "B3": deviceSide, "98": deviceSide,
}

// side classifies a register. Group D of 8 is a counter of energy; A of 1 is electricity.
func (g register) side() side {
	if g.a != "1" || g.d != "8" {
		return noEnergy
	}
	return importSides[g.c]
}

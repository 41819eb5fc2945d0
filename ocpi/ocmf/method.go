package ocmf

import "strings"

// Method is a way of encoding signed values, as OCPI's encoding_method names it (mod_cdrs, SignedData). The zero Method is none that is
// known. Only OCMF is verified; the others are carried and named.
type Method uint8

// The methods.
const (
	MethodUnknown Method = iota
	MethodOCMF
	MethodAlfen         // Alfen Eichrecht
	MethodEDL40         // EDL40 E-Mobility Extension, signed SML
	MethodEDL40Mennekes // EDL40 Mennekes
	MethodIsaEDL40      // Isabellenhuette
	MethodPCDF          // Porsche charging data format
)

var methodNames = [...]string{"unknown", "OCMF", "Alfen Eichrecht", "EDL40", "EDL40 Mennekes", "Isa EDL40", "PCDF"}

// String names the method.
func (m Method) String() string { return nameOf(methodNames[:], m) }

// MethodOf reads encoding_method. OCPI leaves its spelling to the parties, so that only letters and digits count: "EDL40 Mennekes" is
// EDL_40_MENNEKES.
func MethodOf(encodingMethod string) Method {
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(encodingMethod))
	edl := strings.Contains(name, "edl") || strings.Contains(name, "sml")
	switch {
	case strings.HasPrefix(name, "ocmf"):
		return MethodOCMF
	case strings.HasPrefix(name, "alfen"):
		return MethodAlfen
	case strings.HasPrefix(name, "pcdf"):
		return MethodPCDF
	case strings.Contains(name, "mennekes"):
		return MethodEDL40Mennekes
	case edl && strings.HasPrefix(name, "isa"):
		return MethodIsaEDL40
	case edl:
		return MethodEDL40
	}
	return MethodUnknown
}

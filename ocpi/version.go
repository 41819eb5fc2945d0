package ocpi

// Version is a set of OCPI versions, so that a member's table entry can name all versions that have it. The zero Version
// is unknown.
type Version uint8

// The versions in the field, and the derived set.
const (
	V211 Version = 1 << iota
	V221
	V230

	Since221   = V221 | V230
	AnyVersion = V211 | V221 | V230
)

// String is the version's number, "2.2.1"; "" for unknown or a set of several.
func (v Version) String() string {
	switch v {
	case V211:
		return "2.1.1"
	case V221:
		return "2.2.1"
	case V230:
		return "2.3.0"
	}
	return ""
}

// ParseVersion reads "2.1.1", "2.2.1" (also "2.2") or "2.3.0" (also "2.3").
func ParseVersion(s string) (Version, bool) {
	switch s {
	case "2.1.1", "2.1":
		return V211, true
	case "2.2.1", "2.2":
		return V221, true
	case "2.3.0", "2.3":
		return V230, true
	}
	return 0, false
}

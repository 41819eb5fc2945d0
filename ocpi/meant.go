package ocpi

import "strings"

// MeantMember returns the member of a tariff for which the unknown one at a pointer seems to be a misspelling; ok is false where no
// member of the same object is near. It is what findings of SchemaMisspelled say in words; a member that only a related object has is
// no spelling to correct.
func MeantMember(tariffPointer string) (name string, ok bool) {
	steps := strings.Split(tariffPointer, "/")
	if steps[0] != "" || len(steps) < 2 {
		return "", false
	}
	words := tariffWords(steps[1 : len(steps)-1])
	if words == nil {
		return "", false
	}
	near := words.nearest([]byte(unescapePointer(steps[len(steps)-1])))
	if near == nil {
		return "", false
	}
	for _, m := range words.metas {
		if m == near {
			return m.name, true
		}
	}
	return "", false
}

// tariffWords is the vocabulary of the object of a tariff to which a path leads, nil where OCPI has none there. Positions in lists are
// passed over, so that an object in the place of a list of one is found too.
func tariffWords(path []string) *vocabulary {
	words := tariffTable.words
	for _, step := range path {
		switch {
		case step != "" && strings.Trim(step, "0123456789") == "":
		case step == "elements" && words == tariffTable.words:
			words = elementTable.words
		case step == "price_components" && words == elementTable.words:
			words = componentTable.words
		case step == "restrictions" && words == elementTable.words:
			words = restrictionsTable.words
		case (step == "min_price" || step == "max_price") && words == tariffTable.words:
			words = limitTable.words
		default:
			return nil
		}
	}
	return words
}

package oracle_test

import (
	"encoding/json"
	"slices"
	"strings"
)

// shrink leaves out whatever an example can do without and still be priced differently.
func shrink(ex example) example {
	var tree object
	if err := json.Unmarshal(marshal(ex.cdr), &tree); err != nil {
		panic(err)
	}
	ex.cdr = tree
	kind := func() string {
		what, _, _ := strings.Cut(disagree(marshal(ex.cdr), ex.version, ex.zone, true, nil), ":")
		return what
	}
	first := kind()
	fails := func() bool { return kind() == first }
	for smaller := true; smaller; {
		smaller = prune(tree, func(any) {}, fails)
	}
	return ex
}

// prune tries to drop each member and item below v, and keeps what cannot be dropped; set puts a changed list in its place.
func prune(v any, set func(any), fails func() bool) (pruned bool) {
	switch v := v.(type) {
	case object:
		for _, name := range sortedNames(v) {
			child := v[name]
			delete(v, name)
			if fails() {
				pruned = true
				continue
			}
			v[name] = child
			pruned = prune(child, func(x any) { v[name] = x }, fails) || pruned
		}
	case []any:
		for i := 0; i < len(v); i++ {
			fewer := slices.Delete(slices.Clone(v), i, i+1)
			if set(fewer); fails() {
				v, pruned, i = fewer, true, i-1
				continue
			}
			set(v)
			list := v
			pruned = prune(v[i], func(x any) { list[i] = x }, fails) || pruned
		}
	}
	return pruned
}

func sortedNames(o object) []string {
	var names []string
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

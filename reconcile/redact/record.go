package redact

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// Record is the redacted copy of a record that stands among those of a kind, on one line, with the commitment to the original as its member
// x_original. Of what is no JSON object, and of an object of a kind that OCPI does not have, nothing else is left.
func (r *Redactor) Record(kind ocpi.Kind, original []byte) []byte {
	if is := ocpi.DetectKind(original); objects[is] != nil {
		kind = is // in the wrong file: redacted by what it is, so that it is found there again
	}
	return r.copy(objects[kind], original)
}

// Decision is the redacted copy of a manual decision. It has no member for a commitment: decisions are read strictly.
func (r *Redactor) Decision(original []byte) []byte {
	n, err := parse(original)
	if err != nil || n.kind != isObject {
		return []byte("{}")
	}
	return r.object(decision, n).append(nil)
}

func (r *Redactor) copy(known members, original []byte) []byte {
	of, out := *r, node{kind: isObject}
	of.lost = new([]string)
	if n, err := parse(original); err == nil && n.kind == isObject {
		out = of.object(known, n)
	}
	if lost := *of.lost; len(lost) > 0 { // records that differ in what is withheld still differ
		slices.Sort(lost)
		out.add(ocpi.WithheldMember, r.mark(strings.Join(lost, "\x00")))
	}
	out.add(reconcile.OriginalMember, r.original(original))
	return out.append(nil)
}

func (n *node) add(name, text string) {
	n.names, n.content = append(n.names, name), append(n.content, textNode(text))
}

// original says of a record at which level it was redacted, and commits to it.
func (r *Redactor) original(original []byte) string {
	return r.level.String() + ":" + r.secret.Commit(original)
}

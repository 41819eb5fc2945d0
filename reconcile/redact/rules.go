package redact

import (
	"encoding/base32"
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// rule makes of a value what is disclosed of it; false leaves the member out. null stays null, and is never asked of.
type rule func(r *Redactor, n node) (node, bool)

// withheld stands for a value that is not of the type that is wanted, so that it may be anything.
const withheld = "withheld"

// The fixed place that stands for all places. Time zones are never told from coordinates, so that one serves everywhere.
const somewhere = "0.00000"

// leave is the rule of a scalar that a claim is made of.
func leave(_ *Redactor, n node) (node, bool) {
	if !n.scalar() {
		return textNode(withheld), true
	}
	return n, true
}

// of leaves a scalar whose text passes, and withholds others.
func of(passes func(text string) bool) rule {
	return func(_ *Redactor, n node) (node, bool) {
		if !n.scalar() || !passes(strings.TrimSpace(n.text)) {
			return textNode(withheld), true
		}
		return n, true
	}
}

var (
	number = of(isQuantity)
	moment = of(isMoment)
	word   = of(isKnownWord)
	code   = of(isCode)
	inZone = of(isZone)
	flag   = of(func(text string) bool { return strings.EqualFold(text, "true") || strings.EqualFold(text, "false") })
)

// isQuantity reports a text of the characters of numbers alone.
func isQuantity(text string) bool { return strings.Trim(text, "0123456789.,+-eE") == "" }

// isMoment reports a text that has the form of a time (2026-09-01T08:00:00Z), a day or a time of day (08:00).
func isMoment(text string) bool {
	const year, hour = len("2026"), len("08")
	switch {
	case strings.Trim(text, "0123456789-:.+TtZz ") != "":
		return false
	case strings.IndexByte(text, '-') == year && strings.Count(text, "-") >= 2:
		return true
	}
	return strings.IndexByte(text, ':') == hour
}

// isCode reports a code of a country, a party or a currency.
func isCode(text string) bool {
	const longest = 3
	return len(text) <= longest && strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 || !isLetter(byte(r)) && !isDigit(byte(r)) }) < 0
}

func isZone(text string) bool {
	_, err := zone.Load(text)
	return text != "" && err == nil
}

func isKnownWord(text string) bool { return knownWords[strings.ToUpper(text)] }

// note replaces a text by words that tell it apart from other texts.
func note(r *Redactor, n node) (node, bool) {
	if !n.scalar() {
		return textNode(withheld), true
	}
	return textNode(r.Note(n.text)), true
}

// Note is what stands for a text: equal for equal texts. Blank stays blank.
func (r *Redactor) Note(value string) string {
	if value = strings.TrimSpace(value); value == "" {
		return ""
	}
	return withheld + " " + r.mark(value)
}

// shortNote is note for members of ten characters at most.
func shortNote(r *Redactor, n node) (node, bool) {
	if !n.scalar() {
		return textNode(withheld), true
	}
	return textNode("x-" + r.mark(strings.TrimSpace(n.text))), true
}

// mark is eight characters that tell texts apart.
func (r *Redactor) mark(value string) string {
	return base32.StdEncoding.EncodeToString(mac(r.secret.names, "text", value)[:5])
}

// drop leaves the member out.
func drop(*Redactor, node) (node, bool) { return node{}, false }

// unlessMinimal is a rule for a member that is left out at Minimal.
func unlessMinimal(then rule) rule {
	return func(r *Redactor, n node) (node, bool) {
		if r.level == Minimal {
			return node{}, false
		}
		return then(r, n)
	}
}

// onlyMinimal leaves a scalar, but at Minimal goes by the rule.
func onlyMinimal(then rule) rule {
	return func(r *Redactor, n node) (node, bool) {
		if r.level == Minimal {
			return then(r, n)
		}
		return leave(r, n)
	}
}

// named replaces a scalar by a pseudonym.
func named(pseudonym func(s *Secret, value string) string) rule {
	return func(r *Redactor, n node) (node, bool) {
		if !n.scalar() {
			return textNode(withheld), true
		}
		return textNode(pseudonym(r.secret, n.text)), true
	}
}

var (
	token     = named((*Secret).Token)
	evse      = onlyMinimal(named((*Secret).EVSE))
	placeID   = named((*Secret).Place)
	meter     = onlyMinimal(named((*Secret).Meter))
	person    = named((*Secret).Person)
	reference = named((*Secret).Reference)
	connector = named((*Secret).Connector)
)

// Place is the pseudonym of the id or the name of a location; both, since invoices name either in one column.
func (s *Secret) Place(value string) string { return s.pseudonym(kindPlace, "L", value) }

// Meter is the pseudonym of a meter's id.
func (s *Secret) Meter(value string) string { return s.pseudonym(kindMeter, "M", value) }

// Person is the pseudonym of a driver, a vehicle or who decided.
func (s *Secret) Person(value string) string {
	if value = strings.Join(strings.Fields(value), " "); !reconcile.Named(value) {
		return value
	}
	return "P" + text(mac(s.names, kindPerson, reconcile.FoldID(value)), shortForm)
}

// Reference is the pseudonym of an authorization reference.
func (s *Secret) Reference(value string) string { return s.pseudonym(kindReference, "A", value) }

// Connector is the pseudonym of a connector's id; one of three characters at most tells nothing and stays.
func (s *Secret) Connector(value string) string {
	if isCode(strings.TrimSpace(value)) {
		return value
	}
	return s.pseudonym(kindEVSE, "K", value)
}

// fixed replaces a coordinate, as a text or a number as it was.
func fixed(r *Redactor, n node) (node, bool) {
	r.lose("", n)
	if n.kind == isNumber {
		return node{kind: isNumber, text: somewhere}, true
	}
	return textNode(somewhere), true
}

// members is the rules of the members of an object; others are withheld.
type members map[string]rule

// object is the rule of an object of known members, and of each object of a list.
func object(known members) rule {
	var self rule
	self = func(r *Redactor, n node) (node, bool) {
		switch n.kind {
		case isList:
			return each(self)(r, n)
		case isObject:
			return r.object(known, n), true
		}
		return textNode(withheld), true
	}
	return self
}

// each applies a rule to the values of a list, or to a value that is none.
func each(then rule) rule {
	return func(r *Redactor, n node) (node, bool) {
		if n.kind != isList {
			return then(r, n)
		}
		out := node{kind: isList}
		for _, v := range n.content {
			if v, ok := r.apply(then, v); ok {
				out.content = append(out.content, v)
			}
		}
		return out, true
	}
}

func (r *Redactor) apply(to rule, n node) (node, bool) {
	if n.null() {
		return n, true
	}
	return to(r, n)
}

func (r *Redactor) object(known members, n node) node {
	out := node{kind: isObject}
	for i, name := range n.names {
		to := known[name]
		if to == nil {
			to = drop
		}
		v, ok := r.apply(to, n.content[i])
		if !ok || known[name] == nil {
			r.lose(name, n.content[i])
			continue
		}
		out.names, out.content = append(out.names, name), append(out.content, v)
	}
	return out
}

// lose keeps in mind that a value is withheld.
func (r *Redactor) lose(name string, n node) {
	if r.lost != nil && !n.null() {
		*r.lost = append(*r.lost, name+"="+string(n.sorted().append(nil)))
	}
}

// reason replaces a reason for a dispute by words that put the same in question.
func reason(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return reconcile.Disputes(text).Words()
}

package ocpi

import "bytes"

// readObject reads the object at hand into dst and returns the set of members that were there and not null. Members are
// matched by their exact names; null counts as absent in every version.
func readObject[T any](d *Decoder, t *table[T], dst *T) (filled uint64) {
	at := d.p
	if d.peek() != '{' {
		d.wrongType(at, "an object")
		d.skip()
		return 0
	}
	var seen uint64
	var strange []span
	last := -1
	d.push()
	for more := d.begin('}'); more; more = d.more('}') {
		i, name := t.next(d, last)
		if i < 0 {
			strange = d.unknown(t.words, name, strange)
			continue
		}
		last = i
		m := &t.members[i]
		d.m = &m.meta
		if seen&(1<<i) != 0 {
			d.duplicate(at, name)
		}
		seen |= 1 << i
		if d.peek() == 'n' {
			d.word("null")
			continue
		}
		d.score += m.weight
		if m.in&d.version == 0 {
			d.otherVersion(&m.meta)
		}
		if filled&(m.fills&^(1<<i)) != 0 && !m.both && !d.rename(&m.meta) {
			d.skip()
			continue
		}
		filled |= m.fills
		if m.read == nil {
			d.skip()
			continue
		}
		m.read(d, dst)
	}
	d.pop()
	if missing := t.required[d.vi] &^ filled; missing != 0 && d.fault == "" {
		for i := range t.members {
			if missing&(1<<i) != 0 {
				d.missing(at, &t.members[i].meta)
			}
		}
	}
	return filled
}

// span is a stretch of the record's bytes.
type span struct{ start, end int }

// frame is one step of the path to the value at hand: a member's name as written, or a position in an array.
type frame struct {
	name  span
	index int // -1 for a member
}

func (d *Decoder) push() { d.path = append(d.path, frame{}) }
func (d *Decoder) pop()  { d.path = d.path[:len(d.path)-1] }

// member reads the name at hand, unescaped, and puts it on the path.
func (d *Decoder) member() []byte {
	start, end, f := d.key()
	d.path[len(d.path)-1] = frame{span{start, end}, -1}
	if f != 0 {
		return unescape(nil, d.b[start:end])
	}
	return d.b[start:end]
}

// list reads the array at hand and calls each for every value in it that is not null; each must consume one value. One
// value that is no array is read as an array of one. An empty list where OCPI wants at least one value counts as missing.
func (d *Decoder) list(each func()) {
	m, at := d.m, d.p
	if d.peek() != '[' {
		d.notef(SchemaWrongType, SeverityWarn, at, "%s, wanted a list; it is read as a list of one", describe(d.peek()))
		each()
		d.m = m
		return
	}
	d.push()
	i, values := 0, 0
	for more := d.begin(']'); more; more = d.more(']') {
		d.path[len(d.path)-1] = frame{index: i}
		d.m = m
		i++
		if d.peek() == 'n' {
			d.note(SchemaWrongType, SeverityWarn, d.p, "null in a list, wanted a value")
			d.word("null")
			continue
		}
		values++
		each()
	}
	d.pop()
	if d.m = m; values == 0 && m.req.has(d.version) && d.fault == "" {
		d.note(SchemaMissingField, m.sev, at, "an empty list, wanted at least one value")
	}
}

// position is the place of the value at hand in the innermost list, 0 outside.
func (d *Decoder) position() int {
	if n := len(d.path); n > 0 && d.path[n-1].index > 0 {
		return d.path[n-1].index
	}
	return 0
}

// duplicate reports a member that was there before; the last one is read.
func (d *Decoder) duplicate(object int, name []byte) {
	if d.duplicates++; d.duplicates > maxAlike { // to compare each would take the square of a hostile record's length
		d.notef(SchemaDuplicateField, SeverityError, d.p, "%q is there more than once; the last one is read", brief(name))
		return
	}
	was, is := d.earlier(object, name), d.value()
	severity, what := SeverityError, "with another value"
	if SameBody(was, is) {
		severity, what = SeverityWarn, "with the same value"
	}
	d.notef(SchemaDuplicateField, severity, d.p, "%q is there more than once, %s; the last one is read", brief(name), what)
}

// value returns the text of the value at hand without moving.
func (d *Decoder) value() []byte {
	s := scanner{b: d.b, p: d.p, depth: d.depth}
	s.skip()
	return d.b[d.p:s.p]
}

// earlier returns the value of the last member of that name before the one at hand, in the object that begins at object.
func (d *Decoder) earlier(object int, name []byte) []byte {
	var found []byte
	s := scanner{b: d.b, p: object, depth: d.depth - 1}
	for more := s.begin('}'); more && s.p < d.p; more = s.more('}') {
		start, end, f := s.key()
		if s.p >= d.p {
			break
		}
		key := s.b[start:end]
		if f != 0 {
			key = unescape(nil, key)
		}
		from := s.p
		s.skip()
		if bytes.Equal(key, name) {
			found = s.b[from:s.p]
		}
	}
	return found
}

// rename handles two members that say the same, each in its own version: that of the version at hand is read.
func (d *Decoder) rename(m *meta) bool {
	own := m.in&d.version != 0
	read := m.as
	if own || read == "" {
		read = m.name
	}
	d.notef(SchemaDuplicateField, SeverityWarn, d.p, "%q is there beside the member of another version that says the same; %q is read", m.name, read)
	return own
}

// Bounds of what hostile records may cost; a real record has a few unknown members.
const (
	maxUnknown = 10_000 // unknown members kept of a record
	maxStrange = 100    // unknown names of an object that are watched for duplicates
)

// unknown keeps a member that the tables do not have. strange are the unknown names of this object so far.
func (d *Decoder) unknown(words *vocabulary, name []byte, strange []span) []span {
	at := d.p
	if words.open {
		d.skip()
		return nil
	}
	if len(strange) < maxStrange {
		for _, s := range strange {
			if string(d.b[s.start:s.end]) == string(name) {
				d.notef(SchemaDuplicateField, SeverityWarn, at, "%q is there more than once; it is no member of OCPI and not read", brief(name))
			}
		}
	}
	if len(strange) < maxStrange {
		strange = append(strange, d.path[len(d.path)-1].name)
	}
	d.skip()
	if d.fault != "" {
		return strange
	}
	if len(d.strangers) < maxUnknown {
		d.strangers = append(d.strangers, Member{Pointer: d.pointer(), Value: d.b[at:d.p]})
	} else {
		d.notef(SchemaUnknownField, SeverityWarn, at, "more than %d unknown members: the rest stays in the record only", maxUnknown)
		return strange
	}
	if near := words.nearest(name); near != nil {
		severity := SeverityWarn
		if near.price {
			severity = SeverityError
		}
		d.notef(SchemaMisspelled, severity, at, "%q is no member of %s and not read; %q was wanted, as it seems", brief(name), words.object, near.name)
		return strange
	}
	severity := SeverityInfo
	if words.strict {
		severity = SeverityError
	}
	d.notef(SchemaUnknownField, severity, at, "%q is no member of %s and not read", brief(name), words.object)
	return strange
}

func (d *Decoder) otherVersion(m *meta) {
	if m.in == strayMember {
		d.notef(SchemaOtherVersion, SeverityWarn, d.p, "%q is a member of no version at this place; it is read", m.name)
		return
	}
	d.notef(SchemaOtherVersion, SeverityWarn, d.p, "%q is a member of %s, the record is %s; it is read", m.name, versionNames(m.in), d.version)
}

func (d *Decoder) missing(object int, m *meta) {
	if d.fault == "" {
		d.noteIn(object, m.name, SchemaMissingField, m.sev, quote(m.name)+" is missing, it is mandatory in "+d.version.String())
	}
}

// wrongType reports a value of the wrong type that cannot be read.
func (d *Decoder) wrongType(at int, wanted string) {
	severity := SeverityWarn
	if d.m != nil {
		severity = d.m.sev
	}
	d.notef(SchemaWrongType, severity, at, "%s, wanted %s", describe(d.peek()), wanted)
}

// describe names the type of the value that begins with c.
func describe(c byte) string {
	switch c {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

func quote(name string) string { return `"` + name + `"` }

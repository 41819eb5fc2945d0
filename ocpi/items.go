package ocpi

// Item is one member of an object or one value of an array, by its offsets in the text that holds it.
type Item struct {
	Name  string // of a member, unescaped; "" in an array
	Start int    // first byte: the opening quote of the name, in an array that of the value
	Value int    // first byte of the value
	End   int    // behind the last byte of the value
}

// Items returns the members or values of the object or array at the start of raw, in their order, those of one name all of them. ok is
// false where raw holds neither or breaks off inside; a byte order mark and white space before it are passed over. It lets text be
// edited in place, with every other byte as it was.
func Items(raw []byte) (items []Item, ok bool) {
	s := scanner{b: withoutBOM(raw)}
	skipped := len(raw) - len(s.b)
	s.space()
	var end byte
	switch s.peek() {
	case '{':
		end = '}'
	case '[':
		end = ']'
	default:
		return nil, false
	}
	for more := s.begin(end); more; more = s.more(end) {
		it := Item{Start: s.p + skipped}
		if end == '}' {
			from, to, f := s.key()
			name := s.b[from:to]
			if f != 0 {
				name = unescape(nil, name)
			}
			it.Name = string(name)
		}
		it.Value = s.p + skipped
		s.skip()
		it.End = s.p + skipped
		items = append(items, it)
	}
	return items, s.fault == ""
}

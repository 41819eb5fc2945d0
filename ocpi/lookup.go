package ocpi

import (
	"strconv"
	"strings"
)

// Lookup returns the raw JSON value at an RFC 6901 pointer and its byte offset in raw. Of members with the same name it takes
// the last, as reading does.
func Lookup(raw []byte, pointer string) (value []byte, offset int, ok bool) {
	s := scanner{b: withoutBOM(raw)}
	skipped := len(raw) - len(s.b)
	s.space()
	for pointer != "" {
		if pointer[0] != '/' {
			return nil, 0, false
		}
		step := pointer[1:]
		if i := strings.IndexByte(step, '/'); i >= 0 {
			step = step[:i]
		}
		pointer = pointer[1+len(step):]
		if !s.step(unescapePointer(step)) {
			return nil, 0, false
		}
	}
	from := s.p
	s.skip()
	if s.fault != "" {
		return nil, 0, false
	}
	return s.b[from:s.p], from + skipped, true
}

func unescapePointer(step string) string {
	if !strings.Contains(step, "~") {
		return step
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
}

// step moves from the object or array at hand to one value in it.
func (s *scanner) step(name string) bool {
	found := -1
	switch s.peek() {
	case '{':
		depth := s.depth
		for more := s.begin('}'); more; more = s.more('}') {
			start, end, f := s.key()
			key := s.b[start:end]
			if f != 0 {
				key = unescape(nil, key)
			}
			if string(key) == name && s.fault == "" {
				found = s.p
			}
			s.skip()
		}
		s.depth = depth
	case '[':
		want, err := strconv.Atoi(name)
		if err != nil || want < 0 || strconv.Itoa(want) != name {
			return false
		}
		i := 0
		for more := s.begin(']'); more; more = s.more(']') {
			if i == want {
				return s.fault == ""
			}
			i++
			s.skip()
		}
	}
	if s.fault != "" || found < 0 {
		return false
	}
	s.p = found
	s.depth++
	return true
}

package pdf

import (
	"bytes"
	"fmt"
	"strconv"
)

// Objects (7.3). Integers are int64, words whatever is none of these: literals, and numbers with a point, which nothing here needs.
type (
	name  string
	text  string
	word  string
	ref   struct{ number, generation int64 }
	dict  map[name]any
	array []any
)

const (
	maxDepth  = 64      // of arrays and dictionaries
	maxValues = 4 << 20 // that are read of a file
)

// parser reads objects from bytes.
type parser struct {
	b    []byte
	at   int
	file *file
}

func isSpace(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// skip passes white space and comments.
func (p *parser) skip() {
	for p.at < len(p.b) {
		switch c := p.b[p.at]; {
		case isSpace(c):
			p.at++
		case c == '%':
			for p.at < len(p.b) && p.b[p.at] != '\n' && p.b[p.at] != '\r' {
				p.at++
			}
		default:
			return
		}
	}
}

// take passes a keyword if it stands here.
func (p *parser) take(keyword string) bool {
	p.skip()
	if !bytes.HasPrefix(p.b[p.at:], []byte(keyword)) {
		return false
	}
	p.at += len(keyword)
	return true
}

// fault is damage at this place.
func (p *parser) fault(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrDamaged, what, p.at)
}

// object reads the object that begins here.
func (p *parser) object(depth int) (any, error) {
	p.skip()
	if p.at >= len(p.b) {
		return nil, p.fault("it ends inside an object")
	}
	if p.file.values++; p.file.values > maxValues {
		return nil, fmt.Errorf("%w: more than %d values", ErrLimit, maxValues)
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: objects are nested deeper than %d", ErrLimit, maxDepth)
	}
	switch c := p.b[p.at]; {
	case bytes.HasPrefix(p.b[p.at:], []byte("<<")):
		p.at += 2
		return p.dictionary(depth)
	case c == '<':
		return p.hexadecimal()
	case c == '(':
		return p.literal()
	case c == '[':
		p.at++
		members, err := p.members("]", depth)
		return array(members), err
	case c == '/':
		p.at++
		return p.nameHere(), nil
	case isDelimiter(c):
		return nil, p.fault("an object is missing")
	}
	return p.number(), nil
}

// members reads objects up to the end of an array or a dictionary.
func (p *parser) members(end string, depth int) ([]any, error) {
	var out []any
	for !p.take(end) {
		v, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// dictionary reads the members of a dictionary; of a name that stands twice the first counts.
func (p *parser) dictionary(depth int) (dict, error) {
	members, err := p.members(">>", depth)
	out := dict{}
	for i := 0; i+1 < len(members); i += 2 {
		key, ok := members[i].(name)
		if !ok {
			return nil, p.fault("a dictionary lacks a name")
		}
		if _, twice := out[key]; !twice {
			out[key] = members[i+1]
		}
	}
	return out, err
}

// regular reads characters up to white space or a delimiter.
func (p *parser) regular() []byte {
	from := p.at
	for p.at < len(p.b) && !isSpace(p.b[p.at]) && !isDelimiter(p.b[p.at]) {
		p.at++
	}
	return p.b[from:p.at]
}

// nameHere reads a name behind its stroke.
func (p *parser) nameHere() name {
	raw := p.regular()
	if bytes.IndexByte(raw, '#') < 0 {
		return name(raw)
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if n, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return name(out)
}

// number reads an integer, or a reference, which is two of them and an R, or a word.
func (p *parser) number() any {
	raw := p.regular()
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return word(raw)
	}
	back := p.at
	p.skip()
	generation, err := strconv.ParseInt(string(p.regular()), 10, 64)
	if err == nil && generation >= 0 && n >= 0 {
		if p.skip(); string(p.regular()) == "R" {
			return ref{n, generation}
		}
	}
	p.at = back
	return n
}

// hexadecimal reads a string of hexadecimal digits.
func (p *parser) hexadecimal() (any, error) {
	end := bytes.IndexByte(p.b[p.at:], '>')
	if end < 0 {
		return nil, p.fault("a string is not closed")
	}
	var digits []byte
	for _, c := range p.b[p.at+1 : p.at+end] {
		if !isSpace(c) {
			digits = append(digits, c)
		}
	}
	p.at += end + 1
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, 0, len(digits)/2)
	for i := 0; i < len(digits); i += 2 {
		n, err := strconv.ParseUint(string(digits[i:i+2]), 16, 8)
		if err != nil {
			return nil, p.fault("a string has a digit that is not hexadecimal")
		}
		out = append(out, byte(n))
	}
	return text(out), nil
}

// escapes are the letters behind a backslash.
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// literal reads a string in parentheses.
func (p *parser) literal() (any, error) {
	var out []byte
	for open := 0; p.at < len(p.b); p.at++ {
		c := p.b[p.at]
		switch {
		case c == '\\':
			p.at++
			out = p.escape(out)
			continue
		case c == '(':
			if open++; open == 1 {
				continue
			}
		case c == ')':
			if open--; open == 0 {
				p.at++
				return text(out), nil
			}
		}
		out = append(out, c)
	}
	return nil, p.fault("a string is not closed")
}

// escape reads what stands behind a backslash, and stays on its last character.
func (p *parser) escape(out []byte) []byte {
	if p.at >= len(p.b) {
		return out
	}
	c := p.b[p.at]
	switch {
	case escapes[c] != 0:
		return append(out, escapes[c])
	case c == '\r':
		if p.at+1 < len(p.b) && p.b[p.at+1] == '\n' {
			p.at++
		}
		return out
	case c == '\n':
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	n := 0
	for i := 0; i < 3 && p.at < len(p.b) && p.b[p.at] >= '0' && p.b[p.at] <= '7'; i++ {
		n = n*8 + int(p.b[p.at]-'0')
		p.at++
	}
	p.at--
	return append(out, byte(n))
}

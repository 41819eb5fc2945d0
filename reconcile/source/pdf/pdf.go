// Package pdf finds the files that are attached to a PDF (ISO 32000-1, 7.11.4), such as the XML of a Factur-X or ZUGFeRD invoice, and
// nothing else: it draws no page, follows no link and runs nothing.
//
// A file is read by its cross-reference tables and streams, as its last revision says. What is not found by them is not guessed at.
// Everything that grows by reading - nesting, objects, decompressed bytes - has a limit.
package pdf

import (
	"cmp"
	"errors"
	"fmt"
	"unicode/utf16"
)

// Attachment is a file inside a PDF.
type Attachment struct {
	Name string // as a reader of PDFs shows it
	data *stream
}

// Errors of Attachments and Data, to be told apart by errors.Is.
var (
	ErrDamaged   = errors.New("PDF is damaged")
	ErrEncrypted = errors.New("PDF is encrypted; save it without a password")
	ErrLimit     = errors.New("PDF goes beyond a limit")
)

// Limits of what is decompressed. Both must be set.
type Limits struct {
	Bytes int // of all streams that are read, together
	Ratio int // of decompressed to compressed bytes, once there are more than 1 MiB
}

const (
	maxNodes       = 10_000 // of the tree of names
	maxAttachments = 1_000
)

// Attachments lists the files that are attached to the document, each once, in the order of the document.
func Attachments(raw []byte, limits Limits) ([]Attachment, error) {
	f := &file{raw: raw, limits: limits, entries: map[int]entry{}, packed: map[int]*objectStream{}}
	if err := f.readXref(); err != nil {
		return nil, err
	}
	if f.trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	c := &collector{file: f, seen: map[*stream]bool{}}
	root := f.dict(f.trailer["Root"])
	if root == nil {
		return nil, cmp.Or(f.err, fmt.Errorf("%w: it has no catalog", ErrDamaged))
	}
	c.tree(f.dict(f.dict(root["Names"])["EmbeddedFiles"]), 0)
	for _, spec := range f.array(root["AF"]) { // associated files (ISO 32000-2, 14.13)
		c.add(f.dict(spec))
	}
	return c.found, cmp.Or(c.err, f.err)
}

// Data is the content of the attachment.
func (a *Attachment) Data() ([]byte, error) { return a.data.decode() }

// collector gathers attachments.
type collector struct {
	*file
	found []Attachment
	seen  map[*stream]bool
	nodes int
	err   error
}

// tree walks a tree of names (7.9.6).
func (c *collector) tree(node dict, depth int) {
	if c.nodes++; c.nodes > maxNodes || depth > maxDepth {
		c.err = fmt.Errorf("%w: more than %d nodes in the list of attachments, or deeper than %d", ErrLimit, maxNodes, maxDepth)
		return
	}
	names := c.array(node["Names"])
	for i := 1; i < len(names) && c.err == nil; i += 2 {
		c.add(c.dict(names[i]))
	}
	for _, kid := range c.array(node["Kids"]) {
		if c.err != nil {
			return
		}
		c.tree(c.dict(kid), depth+1)
	}
}

// add takes a file specification (7.11.3).
func (c *collector) add(spec dict) {
	files := c.dict(spec["EF"])
	for _, key := range []name{"UF", "F"} {
		data, ok := c.resolve(files[key]).(*stream)
		if !ok {
			continue
		}
		if c.seen[data] {
			return
		}
		c.seen[data] = true
		if len(c.found) == maxAttachments {
			c.err = fmt.Errorf("%w: more than %d attachments", ErrLimit, maxAttachments)
			return
		}
		title := c.text(spec["UF"])
		if title == "" {
			title = c.text(spec["F"])
		}
		c.found = append(c.found, Attachment{Name: title, data: data})
		return
	}
}

// text is a string for people (7.9.2.2): UTF-16 or UTF-8 with a mark, else taken for Latin 1.
func (f *file) text(v any) string {
	raw, _ := f.resolve(v).(text)
	switch {
	case len(raw) >= 2 && raw[0] == 0xfe && raw[1] == 0xff:
		var units []uint16
		for i := 2; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		return string(utf16.Decode(units))
	case len(raw) >= 3 && raw[:3] == "\xef\xbb\xbf":
		return string(raw[3:])
	}
	out := make([]rune, 0, len(raw))
	for _, c := range []byte(raw) {
		out = append(out, rune(c))
	}
	return string(out)
}

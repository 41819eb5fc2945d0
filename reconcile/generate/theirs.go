package generate

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// otherSide writes the debtor's own copy of the CDRs, with differences, and the truth about each. It has random numbers of its own, so that the
// month is the same with and without it.
type otherSide struct {
	seed   uint64
	random random
}

// The files of the debtor's copy.
const (
	theirFile      = "theirs.ndjson"
	theirTruthFile = "theirs_truth.ndjson"
)

const caseTheirs = "theirs: {cdrs: [" + theirFile + "]}\n"

// What a copy can be beside ours; the rest are names of changes.
const (
	copyFaithful  = "faithful"
	copyRewritten = "rewritten" // the same content, written otherwise
	copyRepeated  = "repeated"  // there twice
	copyDropped   = "dropped"
	copyExtra     = "extra" // faithful, and beside it a CDR that we do not have
)

// theirTruth is an object of theirs_truth.ndjson: one key of either side.
type theirTruth struct {
	CountryCode string   `json:"country_code"`
	PartyID     string   `json:"party_id"`
	CDRID       string   `json:"cdr_id"`
	Verdict     string   `json:"verdict"` // same, differs, only-ours, only-theirs
	Change      string   `json:"change"`
	Pointers    []string `json:"pointers"` // where it differs, sorted
	BearsOn     string   `json:"bears_on"` // what the worst difference can change: price, quantity or nothing
}

// copyGroup writes the copy of a group's CDRs. One that the month itself has more than once stays as it is.
func (s *otherSide) copyGroup(b *book, g *group) {
	s.random.reseed(s.seed^0x74686569, uint64(g.record))
	for i, c := range g.cdrs {
		if inGroup(g.cdrs[:i], c) {
			b.append(theirFile, func(buf []byte) []byte { return appendCDR(buf, c) })
			continue
		}
		change := s.choose()
		if inGroup(g.cdrs[i+1:], c) {
			change = copyFaithful
		}
		s.copyCDR(b, c, change)
	}
}

// inGroup reports a CDR of the same key among others.
func inGroup(others []*cdr, c *cdr) bool {
	for _, o := range others {
		sameOwner := o.visit.version == v211 && c.visit.version == v211 || o.visit.countryCode == c.visit.countryCode && o.visit.partyID == c.visit.partyID
		if sameOwner && strings.EqualFold(o.id, c.id) {
			return true
		}
	}
	return false
}

func (s *otherSide) choose() string {
	switch n := s.random.below(100); {
	case n < 70:
		return copyFaithful
	case n < 75:
		return copyRewritten
	case n < 79:
		return copyDropped
	case n < 83:
		return copyExtra
	case n < 85:
		return copyRepeated
	}
	return pick(&s.random, changeNames)
}

func (s *otherSide) copyCDR(b *book, c *cdr, change string) {
	raw := bytes.TrimSuffix(appendCDR(nil, c), []byte("\n"))
	truth := theirTruth{CDRID: c.id, Verdict: "same", Change: change, Pointers: []string{}}
	if c.visit.version != v211 {
		truth.CountryCode, truth.PartyID = c.visit.countryCode, c.visit.partyID
	}
	put := func(raw []byte) {
		b.append(theirFile, func(buf []byte) []byte { return append(append(buf, raw...), '\n') })
	}
	switch change {
	case copyFaithful:
		put(raw)
	case copyRewritten:
		put(rewritten(raw))
	case copyRepeated:
		put(raw)
		put(rewritten(raw))
	case copyDropped:
		truth.Verdict = "only-ours"
	case copyExtra:
		put(raw)
		extra := truth
		extra.CDRID, extra.Verdict = c.id+"-X", "only-theirs"
		put(bytes.Replace(raw, []byte(`"id":"`+c.id+`"`), []byte(`"id":"`+extra.CDRID+`"`), 1))
		b.appendTheirTruth(&extra)
	default:
		changed := decodeTree(raw)
		truth.Verdict = "differs"
		truth.Pointers, truth.BearsOn = changes[change](changed)
		put(encodeTree(changed))
	}
	b.appendTheirTruth(&truth)
}

func (b *book) appendTheirTruth(t *theirTruth) {
	b.append(theirTruthFile, func(buf []byte) []byte {
		text, _ := json.Marshal(t) // texts always marshal
		return append(append(buf, text...), '\n')
	})
}

// decodeTree reads a record that this package wrote, numbers as they are written.
func decodeTree(raw []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree map[string]any
	_ = d.Decode(&tree) // it is our own
	return tree
}

// encodeTree writes members in the order of their names.
func encodeTree(tree map[string]any) []byte {
	text, _ := json.Marshal(tree) // a decoded tree always marshals
	return text
}

// rewritten is a record with the same content: other order of members, white space, more decimals, times with an offset, its key in capitals,
// a null more.
func rewritten(raw []byte) []byte {
	tree := decodeTree(raw)
	rewrite(tree)
	for _, name := range []string{"country_code", "party_id", "id"} {
		if text, ok := tree[name].(string); ok {
			tree[name] = strings.ToUpper(text)
		}
	}
	tree["remark"] = nil
	text, _ := json.MarshalIndent(tree, "", "  ") // a decoded tree always marshals
	return bytes.ReplaceAll(text, []byte("\n"), []byte(" "))
}

// rewrite writes the numbers and times of a tree otherwise.
func rewrite(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if text, ok := member.(string); ok && (name == "last_updated" || strings.HasSuffix(name, "_date_time")) {
				v[name] = elsewhere(text)
			} else if number, ok := member.(json.Number); ok {
				v[name] = longer(number)
			}
			rewrite(member)
		}
	case []any:
		for _, item := range v {
			rewrite(item)
		}
	}
}

// elsewhere is the same instant two hours east.
func elsewhere(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.In(time.FixedZone("", 7200)).Format(time.RFC3339)
}

// longer is the same number with a zero more behind the point.
func longer(n json.Number) json.Number {
	if strings.Contains(n.String(), ".") {
		return n + "0"
	}
	return n + ".0"
}

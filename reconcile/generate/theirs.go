package generate

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// otherSide writes the debtor's own copy of the CDRs and sessions, with differences, and the truth about each. It has random numbers of its own, so
// that the month is the same with and without it.
type otherSide struct {
	seed   uint64
	random random
}

// The files of the debtor's copy.
const (
	theirFile             = "theirs.ndjson"
	theirTruthFile        = "theirs_truth.ndjson"
	theirSessionFile      = "their_sessions.ndjson"
	theirSessionTruthFile = "their_sessions_truth.ndjson"
)

const caseTheirs = "theirs: {cdrs: [" + theirFile + "], sessions: [" + theirSessionFile + "]}\n"

// copying is how the records of one kind are copied.
type copying struct {
	file, truth string
	salt        uint64 // of the random numbers
	changes     map[string]change
	names       []string // of the changes, sorted
}

var (
	copyingCDRs     = copying{theirFile, theirTruthFile, 0x74686569, changes, slices.Sorted(maps.Keys(changes))}
	copyingSessions = copying{theirSessionFile, theirSessionTruthFile, 0x73746179, sessionChanges, slices.Sorted(maps.Keys(sessionChanges))}
)

// What a copy can be beside ours; the rest are names of changes.
const (
	copyFaithful  = "faithful"
	copyRewritten = "rewritten" // the same content, written otherwise
	copyRepeated  = "repeated"  // there twice
	copyDropped   = "dropped"
	copyExtra     = "extra" // faithful, and beside it a record that we do not have
)

// theirTruth is an object of theirs_truth.ndjson or their_sessions_truth.ndjson: one key of either side.
type theirTruth struct {
	CountryCode string   `json:"country_code"`
	PartyID     string   `json:"party_id"`
	CDRID       string   `json:"cdr_id,omitempty"`
	SessionID   string   `json:"session_id,omitempty"`
	Verdict     string   `json:"verdict"` // same, differs, only-ours, only-theirs
	Change      string   `json:"change"`
	Pointers    []string `json:"pointers"` // where it differs, sorted
	BearsOn     string   `json:"bears_on"` // what the worst difference can change: price, quantity or nothing
}

// id is that of the record.
func (t *theirTruth) id() *string {
	if t.CDRID != "" {
		return &t.CDRID
	}
	return &t.SessionID
}

// keyed is a record of the month: whose it is, its id, and how it is written.
type keyed struct {
	visit *visit
	id    string
	write func([]byte) []byte
}

// copyGroup writes the copy of a group's CDRs and sessions.
func (s *otherSide) copyGroup(b *book, g *group) {
	cdrs, sessions := make([]keyed, len(g.cdrs)), make([]keyed, len(g.sessions))
	for i, c := range g.cdrs {
		cdrs[i] = keyed{c.visit, c.id, func(buf []byte) []byte { return appendCDR(buf, c) }}
	}
	for i, one := range g.sessions {
		sessions[i] = keyed{one.visit, one.id, func(buf []byte) []byte { return appendSession(buf, one) }}
	}
	s.copyAll(b, &copyingCDRs, cdrs, g.record)
	s.copyAll(b, &copyingSessions, sessions, g.record)
}

// copyAll writes the copy of some records. One that the month itself has more than once stays as it is.
func (s *otherSide) copyAll(b *book, how *copying, records []keyed, record int64) {
	s.random.reseed(s.seed^how.salt, uint64(record))
	for i := range records {
		k := &records[i]
		if among(records[:i], k) {
			b.append(how.file, k.write)
			continue
		}
		change := s.choose(how)
		if among(records[i+1:], k) {
			change = copyFaithful
		}
		truth := theirTruth{Verdict: "same", Change: change, Pointers: []string{}}
		if how == &copyingSessions {
			truth.SessionID = k.id
		} else {
			truth.CDRID = k.id
		}
		if k.visit.version != v211 {
			truth.CountryCode, truth.PartyID = k.visit.countryCode, k.visit.partyID
		}
		b.copyRecord(how, bytes.TrimSuffix(k.write(nil), []byte("\n")), &truth)
	}
}

// among reports a record of the same key among others.
func among(others []keyed, k *keyed) bool {
	for i := range others {
		o, v := others[i].visit, k.visit
		sameOwner := o.version == v211 && v.version == v211 || o.countryCode == v.countryCode && o.partyID == v.partyID
		if sameOwner && strings.EqualFold(others[i].id, k.id) {
			return true
		}
	}
	return false
}

func (s *otherSide) choose(how *copying) string {
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
	return pick(&s.random, how.names)
}

// copyRecord writes the copy of a record, and the truth about it.
func (b *book) copyRecord(how *copying, raw []byte, truth *theirTruth) {
	put := func(raw []byte) {
		b.append(how.file, func(buf []byte) []byte { return append(append(buf, raw...), '\n') })
	}
	switch truth.Change {
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
		extra, id := *truth, *truth.id()
		*extra.id(), extra.Verdict = id+"-X", "only-theirs"
		put(bytes.Replace(raw, []byte(`"id":"`+id+`"`), []byte(`"id":"`+id+`-X"`), 1))
		b.appendTheirTruth(how, &extra)
	default:
		changed := decodeTree(raw)
		truth.Verdict = "differs"
		truth.Pointers, truth.BearsOn = how.changes[truth.Change](changed)
		put(encodeTree(changed))
	}
	b.appendTheirTruth(how, truth)
}

func (b *book) appendTheirTruth(how *copying, t *theirTruth) {
	b.append(how.truth, func(buf []byte) []byte {
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
			if text, ok := member.(string); ok && (name == "last_updated" || strings.HasSuffix(name, "_date_time") || strings.HasSuffix(name, "_datetime")) {
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

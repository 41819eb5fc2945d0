package commitment

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head is the size and the roots of a tree of records: a checkpoint (C2SP tlog-checkpoint) with the root of the tree of sums on a line of
// its own.
type Head struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Sums   Digest
}

// sumsLine begins the line of a head that has the root of the tree of sums.
const sumsLine = "sums "

// treeOrigin names the nth tree of a log, 1-based. Trees are not append-only, so that each needs a name of its own.
func treeOrigin(log string, n int) string { return fmt.Sprintf("%s/records/%d", log, n) }

// Head is the head of the tree as the nth of a log.
func (t *Tree) Head(logOrigin string, n int) (*Head, error) {
	root, err := t.hashes.root()
	if err != nil {
		return nil, err
	}
	sums, _ := t.Sums()
	return &Head{Origin: treeOrigin(logOrigin, n), Size: t.hashes.size(), Root: root, Sums: sums}, nil
}

// Text is the head as it is signed and stands in the log.
func (h *Head) Text() []byte {
	c := log.Checkpoint{Origin: h.Origin, Size: uint64(h.Size), Hash: h.Root[:]}
	return append(c.Marshal(), sumsLine+base64.StdEncoding.EncodeToString(h.Sums[:])+"\n"...)
}

// ParseHead reads a head in the form that Text writes.
func ParseHead(text []byte) (*Head, error) {
	c, rest, err := parseCheckpoint(text)
	if err != nil {
		return nil, err
	}
	h := &Head{Origin: c.Origin, Size: int64(c.Size), Root: tlog.Hash(c.Hash)}
	line, ok := strings.CutPrefix(strings.TrimSuffix(string(rest), "\n"), sumsLine)
	sums, err := base64.StdEncoding.DecodeString(line)
	if !ok || err != nil || len(sums) != len(h.Sums) {
		return nil, errors.New("no head of a tree: its fourth line is not the root of the tree of sums")
	}
	h.Sums = Digest(sums)
	if !bytes.Equal(h.Text(), text) {
		return nil, errors.New("no head of a tree in the form that this tool writes")
	}
	return h, nil
}

func parseCheckpoint(text []byte) (*log.Checkpoint, []byte, error) {
	c := &log.Checkpoint{}
	rest, err := c.Unmarshal(text)
	if err != nil {
		return nil, nil, fmt.Errorf("no checkpoint: %w", err)
	}
	if len(c.Hash) != tlog.HashSize || c.Size < 1 || c.Size > maxSize {
		return nil, nil, errors.New("no checkpoint: its size or root cannot be")
	}
	return c, rest, nil
}

// maxSize bounds the leaves of a tree and the trees of a log.
const maxSize = 1 << 40

// Log is the heads of the trees of one party, in order.
type Log struct {
	Origin string
	Heads  []*Head
}

// Checkpoint is the size and the root of a log.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// Add adds the head of a tree.
func (l *Log) Add(t *Tree) (*Head, error) {
	h, err := t.Head(l.Origin, len(l.Heads)+1)
	if err == nil {
		l.Heads = append(l.Heads, h)
	}
	return h, err
}

// Text is the heads of the log, an empty line between them.
func (l *Log) Text() []byte {
	var texts [][]byte
	for _, h := range l.Heads {
		texts = append(texts, h.Text())
	}
	return bytes.Join(texts, []byte{'\n'})
}

// ParseLog reads a log. It has at least one head.
func ParseLog(text []byte) (*Log, error) {
	l := &Log{}
	for i, part := range bytes.SplitAfter(text, []byte("\n\n")) {
		if bytes.HasSuffix(part, []byte("\n\n")) {
			part = part[:len(part)-1]
		}
		h, err := ParseHead(part)
		if err != nil {
			return nil, fmt.Errorf("head %d of the log: %w", i+1, err)
		}
		if i == 0 {
			l.Origin = strings.TrimSuffix(h.Origin, treeOrigin("", 1))
		}
		if h.Origin != treeOrigin(l.Origin, i+1) {
			return nil, fmt.Errorf("head %d of the log is called %q, want %q", i+1, h.Origin, treeOrigin(l.Origin, i+1))
		}
		l.Heads = append(l.Heads, h)
	}
	return l, CheckOrigin(l.Origin)
}

// CheckOrigin reports a name that a log can have: that of a key of a signed note.
func CheckOrigin(origin string) error {
	if origin == "" || len(origin) > 200 || strings.ContainsFunc(origin, func(r rune) bool { return r <= ' ' || r > '~' || r == '+' }) {
		return fmt.Errorf("origin %q: want at most 200 ASCII letters, digits and signs without spaces and +, as example.com/settlement", origin)
	}
	return nil
}

func (l *Log) tree() merkle {
	hashes := make([]tlog.Hash, len(l.Heads))
	for i, h := range l.Heads {
		hashes[i] = tlog.RecordHash(h.Text())
	}
	return newMerkle(hashes)
}

// Checkpoint is that of the log as it is.
func (l *Log) Checkpoint() (*Checkpoint, error) {
	root, err := l.tree().root()
	return &Checkpoint{Origin: l.Origin, Size: int64(len(l.Heads)), Root: root}, err
}

// Text is the checkpoint as it is signed.
func (c *Checkpoint) Text() []byte {
	return log.Checkpoint{Origin: c.Origin, Size: uint64(c.Size), Hash: c.Root[:]}.Marshal()
}

// ParseCheckpoint reads a checkpoint in the form that Text writes.
func ParseCheckpoint(text []byte) (*Checkpoint, error) {
	parsed, rest, err := parseCheckpoint(text)
	if err != nil {
		return nil, err
	}
	c := &Checkpoint{Origin: parsed.Origin, Size: int64(parsed.Size), Root: tlog.Hash(parsed.Hash)}
	if len(rest) > 0 || !bytes.Equal(c.Text(), text) {
		return nil, errors.New("no checkpoint of a log in the form that this tool writes")
	}
	return c, CheckOrigin(c.Origin)
}

// ProveHead proves the nth head, 1-based, to be in the log.
func (l *Log) ProveHead(n int) ([]tlog.Hash, error) {
	return tlog.ProveRecord(int64(len(l.Heads)), int64(n-1), l.tree())
}

// CheckHead holds the proof of a head against a checkpoint. The head's origin says which of the log it is.
func (c *Checkpoint) CheckHead(h *Head, hashes []tlog.Hash) error {
	text, _ := strings.CutPrefix(h.Origin, strings.TrimSuffix(treeOrigin(c.Origin, 0), "0"))
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > c.Size || h.Origin != treeOrigin(c.Origin, int(n)) {
		return fmt.Errorf("the head %q is none of the log %q of %d trees", h.Origin, c.Origin, c.Size)
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, n-1, tlog.RecordHash(h.Text())); err != nil {
		return fmt.Errorf("the head %s is not included under the checkpoint: %w", h.Origin, err)
	}
	return nil
}

// Grown proves that the log extends that of an earlier checkpoint, and checks the proof. It gives the hashes (RFC 6962, 2.1.2).
func (l *Log) Grown(from *Checkpoint) ([]tlog.Hash, error) {
	to, err := l.Checkpoint()
	if err != nil {
		return nil, err
	}
	if from.Origin != l.Origin {
		return nil, fmt.Errorf("one is of the log %q, the other of %q", from.Origin, l.Origin)
	}
	if from.Size > to.Size {
		return nil, fmt.Errorf("the earlier log has %d trees, the later %d", from.Size, to.Size)
	}
	proof, err := tlog.ProveTree(to.Size, from.Size, l.tree())
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckTree(proof, to.Size, to.Root, from.Size, from.Root); err != nil {
		return nil, fmt.Errorf("the later log does not extend the earlier: of its first %d trees one was changed", from.Size)
	}
	return proof, nil
}

// SplitNote parts a note from its signatures, which stand behind its last empty line. It may have none.
func SplitNote(signed []byte) (text []byte, err error) {
	at := bytes.LastIndex(signed, []byte("\n\n"))
	if at < 0 {
		return nil, errors.New("no note: it has no empty line before the signatures")
	}
	for line := range bytes.Lines(signed[at+2:]) {
		if !bytes.HasPrefix(line, []byte("\u2014 ")) || !bytes.HasSuffix(line, []byte{'\n'}) {
			return nil, errors.New("no note: behind its text stands something else than signatures")
		}
	}
	return signed[:at+1], nil
}

// SignNote signs a text as a note (C2SP signed-note). Without a signer it is a note without a signature.
func SignNote(text []byte, signers ...note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint: %w", err)
	}
	return signed, nil
}

// IsSigned reports a note that has signatures.
func IsSigned(signed []byte) bool {
	text, err := SplitNote(signed)
	return err == nil && len(text)+1 < len(signed)
}

// HoldsNote reports a note that the key signed and nobody else.
func HoldsNote(signed []byte, key note.Verifier) bool {
	n, err := note.Open(signed, note.VerifierList(key))
	if err != nil || len(n.UnverifiedSigs) > 0 || len(n.Sigs) != 1 {
		return false
	}
	_, err = base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64) // one spelling of a signature
	return err == nil
}

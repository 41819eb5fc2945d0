package job

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/seal"
	"github.com/nexacollect/reconcile/reconcile/stamp"
)

// Files of a commitment. All but the leaves may be shown to anybody.
const (
	checkpointFile = "checkpoint" // the note of the log
	headFile       = "head"       // the note of the tree
	logFile        = "log"        // the heads of all trees of the log
	leavesFile     = "leaves.ndjson"
	signerFile     = "key.pub.pem"    // of who signed the notes; absent where nobody did
	requestFile    = "checkpoint.tsq" // for a time stamp authority
	responseFile   = "checkpoint.tsr" // its answer, once it is there
	authorityFile  = "tsa.pem"        // certificates that the answer was checked with
)

// folder is a commitment but for its leaves.
type folder struct {
	dir              string
	log              *commitment.Log
	head             *commitment.Head
	note, headNote   []byte // of the log and of the tree
	key              []byte // nil where nobody signed
	response, anchor []byte // nil where there is no stamp
}

// newFolder adds a tree to a log and signs both.
func newFolder(tree *commitment.Tree, log *commitment.Log, signer *seal.Signer) (*folder, error) {
	f := &folder{log: log}
	var err error
	if f.head, err = log.Add(tree); err != nil {
		return nil, err
	}
	c, err := log.Checkpoint()
	if err != nil {
		return nil, err
	}
	if f.headNote, err = signNote(f.head.Text(), f.head.Origin, signer); err != nil {
		return nil, err
	}
	if f.note, err = signNote(c.Text(), c.Origin, signer); err != nil {
		return nil, err
	}
	if signer != nil {
		f.key = signer.Key.PEM()
	}
	return f, nil
}

// signNote signs a checkpoint with the key under its origin's name.
func signNote(text []byte, origin string, signer *seal.Signer) ([]byte, error) {
	if signer == nil {
		return commitment.SignNote(text)
	}
	s, err := signer.Note(origin)
	if err != nil {
		return nil, err
	}
	return commitment.SignNote(text, s)
}

// write writes a new commitment, or nothing.
func (f *folder) write(dir string, tree *commitment.Tree) (err error) {
	if err := os.Mkdir(dir, 0o777); err != nil {
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s is there already: a commitment is never written over", filepath.ToSlash(dir))
		}
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	request, err := stamp.Request(f.note)
	if err != nil {
		return err
	}
	leaves, err := os.OpenFile(filepath.Join(dir, leavesFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(tree.WriteTable(leaves), leaves.Close()); err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		checkpointFile: f.note, headFile: f.headNote, logFile: f.log.Text(), signerFile: f.key, requestFile: request,
	} {
		if text == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// openFolder reads a commitment but for its leaves, and checks that its files belong together.
func openFolder(dir string) (*folder, error) {
	f := &folder{dir: dir}
	var logText []byte
	for _, file := range []struct {
		name string
		into *[]byte
		must bool
	}{
		{checkpointFile, &f.note, true}, {headFile, &f.headNote, true}, {logFile, &logText, true}, {signerFile, &f.key, false},
		{responseFile, &f.response, false}, {authorityFile, &f.anchor, false},
	} {
		text, err := os.ReadFile(filepath.Join(dir, file.name))
		if err != nil && (file.must || !errors.Is(err, os.ErrNotExist)) {
			return nil, fmt.Errorf("open the commitment %s: %w", filepath.ToSlash(dir), err)
		}
		*file.into = text
	}
	if err := f.check(logText); err != nil {
		return nil, fmt.Errorf("the commitment %s: %w", filepath.ToSlash(dir), err)
	}
	return f, nil
}

// check parses what was read.
func (f *folder) check(logText []byte) (err error) {
	if f.log, err = commitment.ParseLog(logText); err != nil {
		return err
	}
	checkpoint, err := f.log.Checkpoint()
	if err != nil {
		return err
	}
	f.head = f.log.Heads[len(f.log.Heads)-1]
	for _, n := range []struct {
		name   string
		signed []byte
		want   []byte
		origin string
	}{{checkpointFile, f.note, checkpoint.Text(), f.log.Origin}, {headFile, f.headNote, f.head.Text(), f.head.Origin}} {
		text, err := commitment.SplitNote(n.signed)
		if err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
		if !bytes.Equal(text, n.want) {
			return fmt.Errorf("%s does not say what %s gives", n.name, logFile)
		}
		if err := f.checkSigned(n.signed, n.origin); err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
	}
	return nil
}

// checkSigned holds a note against the key that is there, or none.
func (f *folder) checkSigned(signed []byte, origin string) error {
	if f.key == nil {
		if commitment.IsSigned(signed) {
			return fmt.Errorf("it is signed, but %s is not there", signerFile)
		}
		return nil
	}
	key, err := seal.ParseKey(f.key)
	if err != nil {
		return fmt.Errorf("%s: %w", signerFile, err)
	}
	v, err := key.Note(origin)
	if err != nil {
		return fmt.Errorf("%s: %w", signerFile, err)
	}
	if !commitment.HoldsNote(signed, v) {
		return fmt.Errorf("its signature is not by the key in %s", signerFile)
	}
	return nil
}

// tree reads the leaves and checks that they are those of the head.
func (f *folder) tree(secret *commitment.Secret) (*commitment.Tree, error) {
	file, err := os.Open(filepath.Join(f.dir, leavesFile))
	if err != nil {
		return nil, fmt.Errorf("open the leaves of the commitment: %w", err)
	}
	defer file.Close()
	t, err := commitment.ReadTable(file, secret)
	if err != nil {
		return nil, err
	}
	h, err := t.Head(f.log.Origin, len(f.log.Heads))
	if err != nil {
		return nil, err
	}
	if *h != *f.head {
		return nil, fmt.Errorf("%s: with this secret its leaves do not give the committed root: the secret is another, or the file was changed",
			slashed(f.dir, leavesFile))
	}
	return t, nil
}

// Stamp checks the response of a time stamp authority to a commitment's request and keeps it with the commitment.
func Stamp(ctx context.Context, dir, response, authorities string) (*stamp.Stamp, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	tsr, err := readSmall(response)
	if err != nil {
		return nil, err
	}
	text, anchors, err := readAuthorities(authorities)
	if err != nil {
		return nil, err
	}
	s, err := stamp.Check(ctx, tsr, f.note, anchors)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(response), err)
	}
	if f.response != nil && !bytes.Equal(f.response, tsr) {
		return nil, fmt.Errorf("%s is there already: a time stamp is never written over", slashed(dir, responseFile))
	}
	if err := os.WriteFile(filepath.Join(dir, authorityFile), text, 0o666); err != nil {
		return nil, fmt.Errorf("keep the time stamp: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, responseFile), tsr, 0o666); err != nil {
		return nil, fmt.Errorf("keep the time stamp: %w", err)
	}
	return s, nil
}

// Authorities reads certificates of time stamp authorities.
func Authorities(file string) ([]*x509.Certificate, error) {
	_, anchors, err := readAuthorities(file)
	return anchors, err
}

// Checkpoint reads the signed checkpoint of a log, from its file or the commitment that has it.
func Checkpoint(name string) ([]byte, error) {
	signed, _, err := readCheckpoint(name)
	return signed, err
}

func readCheckpoint(name string) ([]byte, *commitment.Checkpoint, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, checkpointFile)
	}
	signed, err := readSmall(name)
	if err != nil {
		return nil, nil, err
	}
	text, err := commitment.SplitNote(signed)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	c, err := commitment.ParseCheckpoint(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.ToSlash(name), err)
	}
	return signed, c, nil
}

func readAuthorities(file string) ([]byte, []*x509.Certificate, error) {
	text, err := readSmall(file)
	if err != nil {
		return nil, nil, err
	}
	anchors, err := stamp.ParseCertificates(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.ToSlash(file), err)
	}
	return text, anchors, nil
}

// maxSmall bounds the bytes of checkpoints, time stamps, certificates and proofs of absence.
const maxSmall = 1 << 20

// readSmall reads a small file.
func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSmall+1))
	if err == nil && len(text) > maxSmall {
		err = fmt.Errorf("%s is larger than %d MiB", filepath.ToSlash(name), maxSmall>>20)
	}
	return text, err
}

// Growth says that one log extends another.
type Growth struct {
	Origin string   `json:"origin"`
	From   int64    `json:"from"` // trees of the earlier
	To     int64    `json:"to"`
	Proof  []string `json:"proof"` // base64 hashes (RFC 6962, 2.1.2)
}

// ErrNotGrown says that a later log does not extend an earlier one.
var ErrNotGrown = errors.New("the logs do not agree")

// Consistency proves that the log of a later commitment extends that of an earlier one. Of the earlier its checkpoint is enough, a file or the
// folder that has it; of the later all but the leaves.
func Consistency(earlier, later string) (*Growth, error) {
	to, err := openFolder(later)
	if err != nil {
		return nil, err
	}
	_, from, err := readCheckpoint(earlier)
	if err != nil {
		return nil, err
	}
	hashes, err := to.log.Grown(from)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotGrown, err)
	}
	g := &Growth{Origin: from.Origin, From: from.Size, To: int64(len(to.log.Heads)), Proof: []string{}}
	for _, h := range hashes {
		g.Proof = append(g.Proof, h.String())
	}
	return g, nil
}

func slashed(dir, name string) string {
	return strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/" + name
}

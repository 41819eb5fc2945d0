package job

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/pack"
	"github.com/nexacollect/reconcile/reconcile/resume"
)

// ErrSuspended is in the error of a run that was cancelled and left what it had judged, so that another can go on from there.
var ErrSuspended = errors.New("suspended")

// Resume says what becomes of runs that were stopped.
type Resume struct {
	Wanted  bool         // go on from one over the same inputs, case and program that was stopped
	Program string       // tells builds of one version apart
	Say     func(string) // is told what was found; may be nil
}

func (r *Resume) say(text string) {
	if r.Say != nil {
		r.Say(text)
	}
}

// memory is what a run remembers of its judging in case it is stopped, and what one that was stopped has left. Reading is not remembered:
// doing it again tells that the inputs are the same.
type memory struct {
	w       *resume.Writer
	left    *resume.Reader
	use     bool // what was left
	written int  // parts
}

// remember begins a run's memory. To others it is under way from now on.
func remember(out *pack.Writer) (*memory, error) {
	w, err := resume.Create(out.Folder())
	if err != nil {
		return nil, fmt.Errorf("keep what is judged: %w", err)
	}
	return &memory{w: w}, nil
}

// begin finds what a run over the same has left, and begins to remember this one.
func (m *memory) begin(j *judging, parts int, o RunOptions) error {
	origin, err := pack.Origin(j.origin(o))
	if err != nil {
		return err
	}
	key := resume.Key(sha256.Sum256(fmt.Appendf(origin, "\n%q %q", o.Version, o.Resume.Program)))
	others, err := j.out.Others()
	if err != nil {
		return err
	}
	m.left = resume.Find(others, key)
	m.choose(&o.Resume, parts)
	if err := m.w.Begin(key); err != nil {
		return fmt.Errorf("keep what is judged: %w", err)
	}
	return nil
}

// choose decides whether to go on from what was found.
func (m *memory) choose(o *Resume, parts int) {
	n := m.left.Len()
	m.use = n > 0 && o.Wanted
	switch {
	case m.use:
		o.say(fmt.Sprintf("going on from an interrupted run: %d of %d parts were judged before", n, parts))
	case n > 0:
		o.say("an interrupted run of the same was found: --resume would go on from it, this run starts from the beginning")
	case o.Wanted:
		o.say("nothing to go on from: no interrupted run of the same inputs, case and program stands beside the pack; starting from the beginning")
	}
}

// part is what was left of a part, see resume.Reader.
func (m *memory) part(number int) (part, packed []byte) {
	if !m.use {
		return nil, nil
	}
	return m.left.Part(number)
}

// add keeps a part that was judged and written.
func (m *memory) add(number int, packed []byte) error {
	if packed == nil {
		return nil
	}
	m.written++
	return m.w.Add(number, packed)
}

// end ends the remembering.
func (m *memory) end() error { return m.w.Close() }

// close ends the reading of what was left.
func (m *memory) close() {
	if m.left != nil {
		m.left.Close()
	}
}

// complete judges and puts the pack in place. Where it is cancelled it leaves what was judged.
func (j *judging) complete(ctx context.Context, plan *plan, o RunOptions) (*reconcile.Summary, error) {
	parts := 0
	for range batches(plan.len(), plan.group) {
		parts++
	}
	if err := j.memory.begin(j, parts, o); err != nil {
		return nil, err
	}
	s, err := j.judgeAndFinish(ctx, plan, o)
	j.memory.close()
	if err == nil {
		return s, j.memory.left.Remove()
	}
	if errors.Is(err, context.Canceled) && j.memory.written > 0 {
		j.out.Suspend()
		err = fmt.Errorf("%w: %w", ErrSuspended, err)
	}
	return nil, err
}

func (j *judging) judgeAndFinish(ctx context.Context, plan *plan, o RunOptions) (*reconcile.Summary, error) {
	if err := errors.Join(j.run(ctx, plan, o.Options), j.memory.end()); err != nil {
		return nil, err
	}
	if err := j.across(ctx, o.Version); err != nil {
		return nil, err
	}
	if err := j.in.unchanged(); err != nil {
		return nil, err
	}
	return j.finish(o)
}

// keptPart is what is remembered of a part: its groups of which nothing is disclosed but a line. The others, which are few, are judged again.
type keptPart struct {
	Groups  []keptGroup
	Records reconcile.Records // what became of the records of these groups
	Latest  time.Time         // of their dates
}

// keptGroup is a group with one line.
type keptGroup struct {
	At               int // which group of the part
	Line             []byte
	CDRID, SessionID string // as the CDR states them
	Findings         []ocpi.Finding

	entry *pack.Entry // made of the line
}

// keeps reports a group, of which nothing but a line is disclosed, that is remembered: nothing but that line and findings came of it. The first
// lines tell how the parties round and are judged again.
func (j *judging) keeps(g *loaded, v *reconcile.GroupVerdict) bool {
	return len(v.Lines) == 1 && len(g.ranks) == 1 && g.ranks[0] >= surveyedLines && v.Lines[0].Line.Master == nil &&
		len(v.NotInvoiced)+len(v.Theirs)+len(v.TheirSessions) == 0 && !j.agreement.Limits.Across
}

// add remembers a group whose line was rendered.
func (k *keptPart) add(at int, v *reconcile.LineVerdict, e *pack.Entry, findings []ocpi.Finding) {
	k.Groups = append(k.Groups, keptGroup{
		At: at, Line: e.Line(), CDRID: v.Match.CDRID, SessionID: v.Match.SessionID, Findings: findings,
	})
}

// packed is the part as it is written; nil where nothing of it is remembered.
func (k *keptPart) packed() ([]byte, error) {
	if len(k.Groups) == 0 {
		return nil, nil
	}
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(k); err != nil {
		return nil, fmt.Errorf("keep what is judged: %w", err)
	}
	return resume.Pack(text.Bytes()), nil
}

// recall is what an interrupted run has left of a part, whole and as it is written; nothing where it left none that can be used.
func (l *loader) recall(part batch) (*keptPart, []byte) {
	text, packed := l.j.memory.part(part.number)
	if text == nil {
		return nil, nil
	}
	k := &keptPart{}
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(k); err != nil {
		return nil, nil
	}
	last := -1
	for i := range k.Groups {
		g := &k.Groups[i]
		if g.At <= last || g.At >= len(part.groups) {
			return nil, nil
		}
		last = g.At
		var err error
		if g.entry, err = l.renderer.Again(g.Line); err != nil {
			return nil, nil
		}
		g.entry.Verdict.Match.CDRID, g.entry.Verdict.Match.SessionID = g.CDRID, g.SessionID
	}
	return k, packed
}

// left are the groups of a part that are not remembered.
func (k *keptPart) left(groups [][]int32) [][]int32 {
	if k == nil {
		return groups
	}
	var out [][]int32
	next := k.Groups
	for at, members := range groups {
		if len(next) > 0 && next[0].At == at {
			next = next[1:]
			continue
		}
		out = append(out, members)
	}
	return out
}

// take takes down what became of a group that is remembered.
func (j *judging) take(l *loader, members []int32, g *keptGroup, out *judged) {
	l.invoices.Add(g.entry.Verdict)
	for _, i := range members {
		if j.x.ids.Kind(i) == reconcile.LineRecord {
			out.entries = append(out.entries, rankedEntry{j.x.ranks[j.x.row(i)], g.entry})
		}
	}
	out.findings = append(out.findings, g.Findings...)
}

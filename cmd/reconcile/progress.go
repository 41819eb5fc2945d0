package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/reconcile/job"
)

// progress writes how far a job is to standard error: one line that is rewritten on a terminal, plain lines elsewhere. It is the
// one place of the program that reads the clock.
type progress struct {
	w        io.Writer
	terminal bool
	stage    string
	began    time.Time // of the stage
	shown    time.Time
	width    int // of the line on the terminal
}

// Pauses between two reports.
const (
	terminalPause = 100 * time.Millisecond
	plainPause    = 2 * time.Second
)

// enough is how many milliseconds of a stage tell how fast it is.
const enough = 1000

// startProgress hangs a progress display on opts, if the flags want one.
func (a *app) startProgress(opts *job.Options) *progress {
	terminal := isTerminal(a.err)
	if a.quiet || a.progress == "never" || a.progress == "auto" && !terminal {
		return nil
	}
	p := &progress{w: a.err, terminal: terminal}
	opts.Progress = p.show
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) show(now job.Progress) {
	t := time.Now()
	if now.Stage != p.stage {
		p.finishLine()
		p.stage, p.began, p.shown = now.Stage, t, time.Time{}
	}
	pause := plainPause
	if p.terminal {
		pause = terminalPause
	}
	if t.Sub(p.shown) < pause {
		return
	}
	p.shown = t
	p.write(p.line(now, t.Sub(p.began)))
}

// line is "judging  120000 of 300000 groups  40000/s  5s left".
func (p *progress) line(now job.Progress, elapsed time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s %d", now.Stage, now.Records)
	if now.Total > 0 {
		fmt.Fprintf(&b, " of %d", now.Total)
	}
	if now.TotalBytes > 0 {
		fmt.Fprintf(&b, "  %d of %d MB", now.Bytes>>20, now.TotalBytes>>20)
	}
	took := elapsed.Milliseconds()
	if took >= enough {
		fmt.Fprintf(&b, "  %d/s", now.Records*1000/took)
	}
	done, total := now.Records, now.Total
	if now.TotalBytes > 0 {
		done, total = now.Bytes, now.TotalBytes
	}
	if done > 0 && total > done && took >= enough {
		left := time.Duration(took*(total-done)/done) * time.Millisecond
		fmt.Fprintf(&b, "  %s left", left.Round(time.Second))
	}
	return b.String()
}

func (p *progress) write(line string) {
	if !p.terminal {
		fmt.Fprintln(p.w, line)
		return
	}
	fmt.Fprintf(p.w, "\r%-*s", p.width, line)
	p.width = len(line)
}

func (p *progress) finishLine() {
	if p.terminal && p.width > 0 {
		fmt.Fprintf(p.w, "\r%-*s\r", p.width, "")
		p.width = 0
	}
}

// stop clears the line. A nil progress does nothing.
func (p *progress) stop() {
	if p != nil {
		p.finishLine()
	}
}

package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Diff is the change of a text as a unified diff with three lines of context, without the lines that name the files; "" where nothing
// changed.
func Diff(before, after []byte) string {
	a, b := lines(before), lines(after)
	var out strings.Builder
	for _, h := range hunks(script(a, b)) {
		h.write(&out)
	}
	return out.String()
}

// Pretty lays JSON out with one value on a line, so that a record on one line can be compared by lines. Text that is no valid JSON comes
// back as it is.
func Pretty(raw []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, bytes.TrimPrefix(raw, []byte("\ufeff")), "", "  ") != nil {
		return raw
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// lines cuts text after each line break.
func lines(text []byte) []string {
	out := strings.SplitAfter(string(text), "\n")
	if out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// change is one line of a script: ' ' stays, '-' goes, '+' comes.
type change struct {
	kind byte
	line string
}

// mostEdits bounds the lines that an exact comparison may find changed; its work grows with the square. Beyond it all between the first
// and the last difference is shown as replaced.
const mostEdits = 2000

// script is how a becomes b, with as few changes as can be (Myers, An O(ND) Difference Algorithm, 1986).
func script(a, b []string) []change {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []change
	for _, line := range a[:head] {
		out = append(out, change{' ', line})
	}
	out = append(out, middle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, line := range a[len(a)-tail:] {
		out = append(out, change{' ', line})
	}
	return out
}

// middle is the script of what is between the equal head and the equal tail.
func middle(a, b []string) []change {
	var traces [][]int
	limit := min(len(a)+len(b), mostEdits)
	furthest := make([]int, 2*limit+3) // x reached on each diagonal
	for d := 0; d <= limit; d++ {
		for k := -d; k <= d; k += 2 {
			i := limit + 1 + k
			x := furthest[i-1] + 1
			if k == -d || k != d && furthest[i-1] < furthest[i+1] {
				x = furthest[i+1]
			}
			if d == 0 {
				x = 0
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			furthest[i] = x
			if x >= len(a) && x-k >= len(b) {
				return backtrack(a, b, traces)
			}
		}
		traces = append(traces, append([]int(nil), furthest[limit+1-d:limit+2+d]...))
	}
	var out []change
	for _, line := range a {
		out = append(out, change{'-', line})
	}
	for _, line := range b {
		out = append(out, change{'+', line})
	}
	return out
}

// backtrack walks from the end back to the beginning. traces[d] is what d changes reach, by diagonals from −d.
func backtrack(a, b []string, traces [][]int) []change {
	var reversed []change
	x, y := len(a), len(b)
	for d := len(traces); d > 0; d-- {
		at := func(k int) int {
			if i := k + d - 1; i >= 0 && i < len(traces[d-1]) {
				return traces[d-1][i]
			}
			return -1
		}
		k := x - y
		down := k == -d || k != d && at(k-1) < at(k+1)
		startX := at(k-1) + 1
		if down {
			startX = at(k + 1)
		}
		for x > startX {
			x, y = x-1, y-1
			reversed = append(reversed, change{' ', a[x]})
		}
		if down {
			y--
			reversed = append(reversed, change{'+', b[y]})
		} else {
			x--
			reversed = append(reversed, change{'-', a[x]})
		}
	}
	for x > 0 {
		x--
		reversed = append(reversed, change{' ', a[x]})
	}
	out := make([]change, 0, len(reversed))
	for i := len(reversed) - 1; i >= 0; i-- {
		out = append(out, reversed[i])
	}
	return out
}

// hunk is a stretch of changes with the lines around it.
type hunk struct {
	fromA, fromB int // lines before it
	changes      []change
}

// context is how many lines around a change are shown.
const context = 3

// hunks cuts a script into stretches that are more than twice the context apart.
func hunks(all []change) []hunk {
	var out []hunk
	lineA, lineB := 0, 0
	last := -1 // index behind the last hunk's context
	for i, c := range all {
		if c.kind != ' ' && i >= last {
			from := max(i-context, max(last, 0))
			out = append(out, hunk{fromA: lineA - (i - from), fromB: lineB - (i - from)})
			out[len(out)-1].changes = all[from:extent(all, i)]
			last = extent(all, i)
		}
		if c.kind != '+' {
			lineA++
		}
		if c.kind != '-' {
			lineB++
		}
	}
	return out
}

// extent is the index behind the hunk that begins with the change at i.
func extent(all []change, i int) int {
	end := i + 1
	for j := i + 1; j < len(all) && j <= end+2*context; j++ {
		if all[j].kind != ' ' {
			end = j + 1
		}
	}
	return min(end+context, len(all))
}

func (h hunk) write(out *strings.Builder) {
	countA, countB := 0, 0
	for _, c := range h.changes {
		if c.kind != '+' {
			countA++
		}
		if c.kind != '-' {
			countB++
		}
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", lineRange(h.fromA, countA), lineRange(h.fromB, countB))
	for _, c := range h.changes {
		out.WriteByte(c.kind)
		out.WriteString(c.line)
		if !strings.HasSuffix(c.line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// lineRange is a range as diffs write it; one of no lines names the line before it.
func lineRange(before, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", before)
	case 1:
		return fmt.Sprint(before + 1)
	}
	return fmt.Sprintf("%d,%d", before+1, count)
}

package pack

import "fmt"

// Rungs of the ladder.
const (
	rungComplete  = "complete"
	rungValid     = "valid"
	rungParse     = "parse"
	rungRecompute = "recompute"
	rungLines     = "lines"
	rungConserve  = "conserve"
	rungSignature = "signature"
	rungTimestamp = "timestamp"
	rungInclusion = "inclusion"
	rungSums      = "sums"
	rungRematch   = "re-match"
	rungReport    = "report"
	rungRows      = "rows"
	rungLetter    = "letter"
)

// maxFaults is how many faults of a rung are told one by one.
const maxFaults = 100

// maxFaultBytes keeps the text of a hostile pack from filling the report.
const maxFaultBytes = 600

// rung collects the faults of a check.
type rung struct {
	name    string
	done    string // what was done, said where nothing is wrong
	skipped string // why it was not checked
	faults  []string
	more    int
}

// fault notes what is wrong; it names a file or a line.
func (r *rung) fault(format string, args ...any) {
	if len(r.faults) == maxFaults {
		r.more++
		return
	}
	text := fmt.Sprintf(format, args...)
	if len(text) > maxFaultBytes {
		text = text[:maxFaultBytes] + " …"
	}
	r.faults = append(r.faults, text)
}

// faultErr notes an error, if there is one.
func (r *rung) faultErr(where string, err error) {
	if err != nil {
		r.fault("%s: %v", where, err)
	}
}

// check is the result of the rung.
func (r *rung) check() Check {
	c := Check{Name: r.name, State: StateOK, Detail: r.done, Faults: r.faults}
	switch {
	case len(r.faults) > 0:
		c.State, c.Detail = StateFailed, fmt.Sprintf("%d faults", len(r.faults)+r.more)
		if len(r.faults) == 1 {
			c.Detail = "1 fault"
		}
		if r.more > 0 {
			c.Faults = append(c.Faults, fmt.Sprintf("and %d more", r.more))
		}
	case r.skipped != "":
		c.State, c.Detail = StateNotChecked, r.skipped
	}
	return c
}

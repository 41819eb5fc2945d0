package pack

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// addsUp checks the proof of what is not disclosed.
func (c *proofCheck) addsUp() {
	l, err := c.pack.lines(proofSums)
	if err != nil {
		c.sumsUp.fault("%v", err)
		return
	}
	defer l.close()
	next := func() (*commitment.SumStep, error) {
		raw, err := l.read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		s := &commitment.SumStep{}
		if err := decodeLine(raw, s, func(dst []byte) []byte { return appendStep(dst, s) }, &c.buf); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
		return s, nil
	}
	at := 0
	found, err := commitment.CheckSums(c.head, next, func(index int64, stated commitment.Sums) (tlog.Hash, commitment.Sums, error) {
		if at < len(c.leaves) && c.leaves[at].index < index {
			return tlog.Hash{}, nil, fmt.Errorf("the leaf %d is disclosed, but said not to be", c.leaves[at].index)
		}
		if at >= len(c.leaves) || c.leaves[at].index > index {
			return tlog.Hash{}, nil, fmt.Errorf("the leaf %d is said to be disclosed, but is not proved", index)
		}
		leaf := &c.leaves[at]
		at++
		if sums, told := leaf.record.sums(leaf.kind); told {
			return leaf.hash, sums, nil
		}
		return leaf.hash, stated, nil
	})
	if err == nil && at < len(c.leaves) {
		err = fmt.Errorf("the leaf %d is disclosed, but said not to be", c.leaves[at].index)
	}
	if err != nil {
		c.sumsUp.fault("%s: %v", proofSums, err)
		return
	}
	c.compareTotals(found)
}

// compareTotals holds the committed invoice lines against what the summary says is invoiced.
func (c *proofCheck) compareTotals(found *commitment.SumsChecked) {
	invoiced := map[string]exact.Decimal{}
	for i := range c.summary.Totals {
		if t := &c.summary.Totals[i]; t.Basis == reconcile.BeforeTaxes {
			invoiced[t.Currency] = t.Invoiced
		}
	}
	var sums []string
	same := true
	for i := range found.Total {
		s := &found.Total[i]
		sums = append(sums, fmt.Sprintf("%s %s %s", s.Kind, s.Currency, s.Net().Output()))
		if s.Kind == commitment.KindInvoiceLine {
			same = same && s.Net().Output() == invoiced[s.Currency].Output()
			delete(invoiced, s.Currency)
		}
	}
	for _, rest := range invoiced {
		same = same && rest.IsZero()
	}
	c.sumsUp.done = fmt.Sprintf("with the %d records that are not disclosed those committed to come to %s; the invoice lines to what %s says is invoiced",
		found.Hidden, strings.Join(sums, ", "), summaryFile)
	if !same {
		c.sumsUp.skipped = fmt.Sprintf("with the %d records that are not disclosed those committed to come to %s, which is not what %s says is invoiced: the "+
			"commitment is to other invoice lines", found.Hidden, strings.Join(sums, ", "), summaryFile)
	}
}

package report

import (
	"strings"

	"github.com/nexacollect/reconcile/reconcile"
)

// chainSentence tells what credits and further bills of its session make of the line's CDR, "" where there are none.
func chainSentence(c *reconcile.Chain) string {
	if c == nil {
		return ""
	}
	var steps []string
	for i := range c.CDRs {
		steps = append(steps, visible(c.CDRs[i].ID)+" ("+string(c.CDRs[i].Step)+")")
	}
	var net []string
	for _, s := range []string{unit(plainNumber(c.Net.KWh, 0), "kWh"), unit(plainNumber(c.Net.Hours, 0), "h"),
		unit(plainNumber(c.Net.Cost.BeforeTaxes, minorUnit(c.Currency)), visible(c.Currency))} {
		if s != "" {
			net = append(net, s)
		}
	}
	return " Credits: the CDR is " + string(c.State) + ". " + strings.Join(steps, ", ") + "; net " + strings.Join(net, ", ") + "."
}

func unit(number, name string) string {
	if number == "" {
		return ""
	}
	return number + " " + name
}

package reconcile

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/hypothesis"
)

// defectCodes are the codes of defects in how a tariff was applied, by how the names of their hypotheses begin. Other choices of a question
// of the register are hypotheses named QUESTION-CHOICE.
var defectCodes = [...]struct {
	code  ocpi.Code
	names []string
}{
	{codeTariffStep, []string{"step-", "reservation-step-"}},
	{codeTariffRestriction, []string{
		"time-window-ignored", "weekday-", "date-ignored", "duration-limit-ignored", "kwh-limit-ignored", "power-", "first-element-always",
		"other-element", "local-as-utc", "offset-twice", "restriction-zone-", "end-time-2359-", "date-time-window-", "element-lookup-",
		"duration-origin-", "duration-measure-",
	}},
	{codeTariffWallClock, []string{"wall-clock-time", "parking-as-time", "idle-time-as-time", "time-volume-"}},
	{codeTariffLimits, []string{"min-price-ignored", "max-price-ignored", "limits-"}},
}

func defectCode(name string) ocpi.Code {
	for _, d := range defectCodes {
		for _, begin := range d.names {
			if strings.HasPrefix(name, begin) {
				return d.code
			}
		}
	}
	return ""
}

// DefectOf names the part of the tariff that was applied otherwise, where the known defects that give a claim are all about the same part;
// "" where they are not, or about none. texts says what they are.
func DefectOf(found []hypothesis.Hypothesis) (code ocpi.Code, texts string) {
	var all []string
	for i, h := range hypothesis.Best(found) {
		of := defectCode(h.Name)
		if of == "" || i > 0 && of != code {
			return "", ""
		}
		code, all = of, append(all, h.Text+" ("+h.Name+")")
	}
	return code, strings.Join(all, "; or ")
}

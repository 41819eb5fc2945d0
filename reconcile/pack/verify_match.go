package pack

import (
	"encoding/json"
	"strconv"

	"github.com/nexacollect/reconcile/reconcile"
)

// clearMarginOf reads from case.json the margin from which on a match is clear; where it says none, the usual one.
func clearMarginOf(caseText []byte) int64 {
	var doc struct {
		Agreement struct {
			Matching struct {
				Margin string `json:"margin"`
			} `json:"matching"`
		} `json:"agreement"`
	}
	if json.Unmarshal(caseText, &doc) == nil {
		if margin, err := strconv.ParseInt(doc.Agreement.Matching.Margin, 10, 64); err == nil {
			return margin
		}
	}
	return reconcile.DefaultMatching().Margin
}

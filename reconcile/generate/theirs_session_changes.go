package generate

import "encoding/json"

// sessionChanges are the changes of sessions.
var sessionChanges = map[string]change{
	"kwh":           changeKWh,
	"period-volume": withPeriods(changeVolume),
	"period-more":   withPeriods(addPeriod),
	"start": func(s map[string]any) ([]string, string) {
		return later(s, "start_date_time", "start_datetime"), bearsOnQuantity
	},
	"end": func(s map[string]any) ([]string, string) {
		if pointers := later(s, "end_date_time", "end_datetime"); pointers != nil {
			return pointers, bearsOnQuantity
		}
		return changeKWh(s) // it goes on
	},
	"status":      func(s map[string]any) ([]string, string) { return setText(s, "status", "RESERVATION"), bearsOnQuantity },
	"older-state": olderState,
	"total-cost": func(s map[string]any) ([]string, string) {
		if _, ok := s["total_cost"]; !ok {
			return changeKWh(s)
		}
		return changeCost(s)
	},
	"currency":      func(s map[string]any) ([]string, string) { return setText(s, "currency", "SEK"), bearsOnPrice },
	"meter":         func(s map[string]any) ([]string, string) { return setText(s, "meter_id", "copied"), "" },
	"authorization": func(s map[string]any) ([]string, string) { return setText(s, "authorization_reference", "copied"), "" },
	"last-updated":  func(s map[string]any) ([]string, string) { return later(s, "last_updated"), "" },
}

func changeKWh(s map[string]any) ([]string, string) { return addTo(s, "kwh"), bearsOnQuantity }

// withPeriods is a change of a session that has periods; of another the energy is changed.
func withPeriods(c change) change {
	return func(s map[string]any) ([]string, string) {
		if _, ok := s["charging_periods"]; !ok {
			return changeKWh(s)
		}
		return c(s)
	}
}

// olderState makes a session what it was shortly after it began.
func olderState(s map[string]any) ([]string, string) {
	s["kwh"] = json.Number("0.015625") // no session here ends with that
	pointers := append([]string{"/kwh"}, setText(s, "last_updated", "2026-08-31T00:00:00Z")...)
	if s["status"] != sessionPending {
		pointers = append(pointers, setText(s, "status", sessionPending)...)
	}
	return pointers, bearsOnQuantity
}

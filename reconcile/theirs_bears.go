package reconcile

import (
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
)

// BearsOn says what a member of a CDR or session can change.
type BearsOn string

// What a difference can change. A quantity is priced, so that it bears on the price as well; BearsOnPrice is what prices or is claimed as a
// price, whatever was delivered.
const (
	BearsOnNothing  BearsOn = ""
	BearsOnQuantity BearsOn = "quantity"
	BearsOnPrice    BearsOn = "price"
)

// bearings are the members of a CDR that bear on something (mod_cdrs, CDR object), cost members aside. meter_id tells by which key signed
// readings are verified.
var bearings = map[string]BearsOn{
	"start_date_time": BearsOnQuantity, "end_date_time": BearsOnQuantity, "stop_date_time": BearsOnQuantity, "charging_periods": BearsOnQuantity,
	"signed_data": BearsOnQuantity, "meter_id": BearsOnQuantity,
	"total_energy": BearsOnQuantity, "total_time": BearsOnQuantity, "total_parking_time": BearsOnQuantity,
	"country_code": BearsOnPrice, "party_id": BearsOnPrice, "currency": BearsOnPrice, "tariffs": BearsOnPrice, "credit": BearsOnPrice,
	"credit_reference_id": BearsOnPrice, "home_charging_compensation": BearsOnPrice, "cdr_location": BearsOnPrice, "location": BearsOnPrice,
}

// addressMembers are those of a location that tell people the way; its id, country, EVSE and connector decide time zone and power.
var addressMembers = []string{
	"name", "type", "address", "city", "postal_code", "state", "coordinates", "related_locations", "directions", "operator", "suboperator", "owner",
	"facilities", "opening_times", "charging_when_closed", "images", "energy_mix", "last_updated",
}

// tariffTexts are the members of a tariff that price nothing.
var tariffTexts = []string{"tariff_alt_text", "tariff_alt_url", "energy_mix", "last_updated"}

// sessionBearings are the members of a session that bear on something (mod_sessions, Session object). The status decides whether the session proves
// what was delivered.
var sessionBearings = map[string]BearsOn{
	"start_date_time": BearsOnQuantity, "start_datetime": BearsOnQuantity, "end_date_time": BearsOnQuantity, "end_datetime": BearsOnQuantity,
	"kwh": BearsOnQuantity, "charging_periods": BearsOnQuantity, "status": BearsOnQuantity,
	"country_code": BearsOnPrice, "party_id": BearsOnPrice, "currency": BearsOnPrice, "total_cost": BearsOnPrice,
}

// BearingOf says what the member at a JSON pointer of a record, a CDR or a session, can change. A record that is no JSON can change everything.
func BearingOf(kind ocpi.Kind, pointer string) BearsOn {
	if pointer == "" {
		return BearsOnPrice
	}
	steps := strings.Split(pointer[1:], "/")
	if steps[0] == "charging_periods" && steps[len(steps)-1] == "tariff_id" {
		return BearsOnPrice
	}
	if kind == ocpi.KindSession {
		return sessionBearings[steps[0]]
	}
	return bearingOfCDR(steps)
}

func bearingOfCDR(steps []string) BearsOn {
	first := steps[0]
	switch {
	case strings.HasPrefix(first, "total_") && strings.HasSuffix(first, "_cost"):
		return BearsOnPrice
	case (first == "cdr_location" || first == "location") && len(steps) > 1 && slices.Contains(addressMembers, steps[1]):
		return BearsOnNothing
	case first == "tariffs" && len(steps) > 2 && slices.Contains(tariffTexts, steps[2]):
		return BearsOnNothing
	}
	return bearings[first]
}

package redact

import (
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// knownWords are the words of OCPI's enumerations, of all versions.
var knownWords = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`
		AUTH_REQUEST COMMAND WHITELIST  ACTIVE COMPLETED INVALID PENDING RESERVATION  RESERVATION_EXPIRES
		AD_HOC_USER APP_USER EMAID OTHER RFID  ALWAYS ALLOWED ALLOWED_OFFLINE NEVER
		AD_HOC_PAYMENT PROFILE_CHEAP PROFILE_FAST PROFILE_GREEN REGULAR  YES NO N/A
		ENERGY FLAT TIME PARKING_TIME RESERVATION_TIME MAX_CURRENT MIN_CURRENT MAX_POWER MIN_POWER CURRENT POWER ENERGY_EXPORT ENERGY_IMPORT STATE_OF_CHARGE
		SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY
		AVAILABLE BLOCKED CHARGING INOPERATIVE OUTOFORDER PLANNED REMOVED RESERVED UNKNOWN
		SOCKET CABLE  AC_1_PHASE AC_2_PHASE AC_2_PHASE_SPLIT AC_3_PHASE DC
		CHADEMO CHAOJI DOMESTIC_A DOMESTIC_B DOMESTIC_C DOMESTIC_D DOMESTIC_E DOMESTIC_F DOMESTIC_G DOMESTIC_H DOMESTIC_I DOMESTIC_J DOMESTIC_K DOMESTIC_L
		DOMESTIC_M DOMESTIC_N DOMESTIC_O GBT_AC GBT_DC IEC_60309_2_SINGLE_16 IEC_60309_2_THREE_16 IEC_60309_2_THREE_32 IEC_60309_2_THREE_64
		IEC_62196_T1 IEC_62196_T1_COMBO IEC_62196_T2 IEC_62196_T2_COMBO IEC_62196_T3A IEC_62196_T3C MCS NEMA_5_20 NEMA_6_30 NEMA_6_50 NEMA_10_30 NEMA_10_50
		NEMA_14_30 NEMA_14_50 PANTOGRAPH_BOTTOM_UP PANTOGRAPH_TOP_DOWN SAE_J3400 TESLA_R TESLA_S  ON_STREET PARKING_GARAGE PARKING_LOT UNDERGROUND_GARAGE`) {
		out[w] = true
	}
	return out
}()

// parts that several objects have.
var (
	amount = func(r *Redactor, n node) (node, bool) { // a number in 2.1.1, an object later
		if n.kind == isObject || n.kind == isList {
			return object(members{
				"excl_vat": number, "incl_vat": number, "before_taxes": number, "after_taxes": number,
				"taxes": object(members{"name": note, "percentage": number, "amount": number}),
			})(r, n)
		}
		return number(r, n)
	}
	driverToken = object(members{"country_code": code, "party_id": code, "uid": token, "type": word, "contract_id": token})
	coordinates = object(members{"latitude": fixed, "longitude": fixed})
	periods     = object(members{
		"start_date_time": moment, "tariff_id": leave, "dimensions": object(members{"type": word, "volume": number}),
	})
	restrictions = object(members{
		"start_time": moment, "end_time": moment, "start_date": moment, "end_date": moment, "min_kwh": number, "max_kwh": number, "min_current": number,
		"max_current": number, "min_power": number, "max_power": number, "min_duration": number, "max_duration": number, "day_of_week": each(word),
		"reservation": word,
	})
	tariffMembers = members{
		"country_code": code, "party_id": code, "id": leave, "currency": code, "type": word, "min_price": amount, "max_price": amount, "tax_included": word,
		"start_date_time": moment, "end_date_time": moment, "last_updated": moment,
		"elements": object(members{
			"price_components": object(members{"type": word, "price": number, "vat": number, "step_size": number}), "restrictions": restrictions,
		}),
	}
	connectors = object(members{
		"id": connector, "standard": word, "format": word, "power_type": word, "voltage": number, "amperage": number, "max_voltage": number, "max_amperage": number,
		"max_electric_power": number, "tariff_id": leave, "tariff_ids": each(leave), "last_updated": moment,
	})
	locationMembers = members{
		"country_code": code, "party_id": code, "id": placeID, "type": word, "publish": flag, "name": placeID, "address": note, "city": note,
		"postal_code": shortNote, "state": unlessMinimal(note), "country": code, "coordinates": coordinates, "time_zone": inZone,
		"parking_type": unlessMinimal(word), "last_updated": moment,
		"evses": object(members{"uid": evse, "evse_id": evse, "status": word, "connectors": connectors, "last_updated": moment}),
	}
	cdrLocation = object(members{
		"id": placeID, "name": placeID, "address": note, "city": note, "postal_code": unlessMinimal(shortNote), "state": unlessMinimal(note), "country": code,
		"coordinates": coordinates, "evse_uid": evse, "evse_id": evse, "connector_id": connector, "connector_standard": word, "connector_format": word,
		"connector_power_type": word, "time_zone": inZone,
	})
)

// objects are the members of each kind of record that get through, by rule. Signed meter data holds who charged, and without that it is no
// longer signed: it is withheld.
var objects = map[ocpi.Kind]members{
	ocpi.KindCDR: {
		"country_code": code, "party_id": code, "id": leave, "start_date_time": moment, "stop_date_time": moment, "end_date_time": moment, "session_id": leave,
		"auth_id": token, "cdr_token": driverToken, "auth_method": word, "authorization_reference": reference, "location": object(locationMembers),
		"cdr_location": cdrLocation, "time_zone": inZone, "meter_id": meter, "currency": code, "tariffs": object(tariffMembers), "charging_periods": periods,
		"total_cost": amount, "total_fixed_cost": amount, "total_energy": number, "total_energy_cost": amount, "total_time": number, "total_time_cost": amount,
		"total_parking_time": number, "total_parking_cost": amount, "total_reservation_cost": amount, "remark": unlessMinimal(note),
		"invoice_reference_id": leave, "credit": flag, "credit_reference_id": leave, "home_charging_compensation": flag, "booking_id": unlessMinimal(reference),
		"last_updated": moment,
	},
	ocpi.KindSession: {
		"country_code": code, "party_id": code, "id": leave, "start_datetime": moment, "end_datetime": moment, "start_date_time": moment,
		"end_date_time": moment, "kwh": number, "auth_id": token, "cdr_token": driverToken, "auth_method": word, "authorization_reference": reference,
		"location": object(locationMembers), "location_id": placeID, "evse_uid": evse, "connector_id": connector, "time_zone": inZone, "meter_id": meter,
		"currency": code, "charging_periods": periods, "total_cost": amount, "status": word, "last_updated": moment,
	},
	ocpi.KindTariff:   tariffMembers,
	ocpi.KindLocation: locationMembers,
	ocpi.KindToken: {
		"country_code": code, "party_id": code, "uid": token, "type": word, "auth_id": token, "contract_id": token, "visual_number": unlessMinimal(token),
		"issuer": note, "group_id": unlessMinimal(token), "valid": flag, "whitelist": word, "last_updated": moment,
	},
	ocpi.KindInvoiceReconciliation: {
		"country_code": code, "party_id": code, "id": leave, "invoice_id": leave, "cdrs": each(leave), "last_updated": moment,
	},
}

// line is a reference to a line of an invoice.
var line = object(members{"invoice": leave, "line": leave})

// decision is a manual decision.
var decision = members{
	"id": leave, "case": leave, "at": moment, "by": person, "line": line, "decision": of(reconcile.IsDecision), "amount": number,
	"cdr": object(members{"country_code": code, "party_id": code, "id": leave}), "of": line, "round": number, "why": note, "supersedes": leave,
}

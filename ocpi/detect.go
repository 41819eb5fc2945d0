package ocpi

// lanes counts, for each version, the members seen that this version has and another has not: three counters in one word,
// so that reading a member adds to all of them at once.
type lanes uint64

const laneBits = 21

// weigh is what a member counts; one that all versions have decides nothing.
func weigh(in Version) lanes {
	var w lanes
	if in == AnyVersion {
		return 0
	}
	for v := range versionCount {
		if in&(1<<v) != 0 {
			w |= 1 << (v * laneBits)
		}
	}
	return w
}

func (l lanes) of(v int) int { return int(l >> (v * laneBits) & (1<<laneBits - 1)) }

// defaultVersion is taken where nothing decides: the version most in use.
const defaultVersion = V221

// decide tells the version of an object from the members it has. Where 2.2.1 and 2.3.0 count the same it is 2.2.1: they
// share all names but those of prices and taxes, so that an object without these reads the same in both. Where the members
// leave 2.1.1 open too, the object is of the one version whose mandatory members are all there. Else nothing decides.
func decide(score lanes, complete func(version int) bool) (v Version, decided bool) {
	first, middle, last := score.of(0), score.of(1), score.of(2)
	switch {
	case first > middle && first > last:
		return V211, true
	case last > middle && last > first:
		return V230, true
	case middle > first:
		return V221, true
	case complete(1):
		return V221, true
	case complete(0):
		return V211, true
	}
	return defaultVersion, false
}

// kindSet is a set of kinds, bit 1<<Kind.
type kindSet uint8

const (
	kCDR      kindSet = 1 << KindCDR
	kSession  kindSet = 1 << KindSession
	kTariff   kindSet = 1 << KindTariff
	kLocation kindSet = 1 << KindLocation
	kToken    kindSet = 1 << KindToken
	kInvoice  kindSet = 1 << KindInvoiceReconciliation
)

// kindsWith names the kinds that have a member, for the members that tell kinds apart.
func kindsWith(name []byte) kindSet {
	switch string(name) {
	case "charging_periods", "total_cost", "auth_method", "cdr_token", "authorization_reference", "meter_id":
		return kCDR | kSession
	case "auth_id":
		return kCDR | kSession | kToken
	case "location", "start_date_time", "end_date_time":
		return kCDR | kSession | kTariff
	case "stop_date_time", "cdr_location", "tariffs", "total_energy", "total_time", "total_energy_cost", "total_time_cost",
		"total_fixed_cost", "total_parking_time", "total_parking_cost", "total_reservation_cost", "session_id", "signed_data",
		"credit", "credit_reference_id", "invoice_reference_id", "home_charging_compensation", "remark":
		return kCDR
	case "start_datetime", "end_datetime", "kwh", "location_id":
		return kSession
	case "evse_uid", "connector_id":
		return kSession
	case "currency":
		return kCDR | kSession | kTariff
	case "elements", "tariff_alt_text", "tariff_alt_url", "min_price", "max_price", "tax_included":
		return kTariff
	case "address", "city", "postal_code", "country", "coordinates", "evses", "publish", "time_zone", "operator",
		"suboperator", "owner", "opening_times", "charging_when_closed", "facilities", "parking_type", "related_locations":
		return kLocation
	case "energy_mix":
		return kLocation | kTariff
	case "uid", "contract_id", "issuer", "valid", "whitelist", "visual_number", "group_id":
		return kToken
	case "invoice_id", "cdrs":
		return kInvoice
	}
	return 0
}

// votesNeeded is how many members tell a kind: parts of objects share some with locations and tokens.
var votesNeeded = [...]int{KindUnknown: 1, KindCDR: 1, KindSession: 1, KindTariff: 1, KindLocation: 3, KindToken: 2, KindInvoiceReconciliation: 2}

// DetectKind tells from its members which object the bytes are; KindUnknown where it cannot be told. Each member votes for
// the kinds that have it; an EVSE or a connector by itself is of no kind.
func DetectKind(raw []byte) Kind {
	s := scanner{b: withoutBOM(raw)}
	s.space()
	if s.peek() != '{' {
		return KindUnknown
	}
	var votes ballot
	for more := s.begin('}'); more; more = s.more('}') {
		start, end, f := s.key()
		set := kindsWith(s.b[start:end])
		if f != 0 {
			set = kindsWith(unescape(nil, s.b[start:end]))
		}
		if s.peek() != 'n' { // null is absent
			votes.add(set)
		}
		s.skip()
	}
	if s.fault != "" {
		return KindUnknown
	}
	return votes.kind()
}

// ballot counts for each kind the members that have voted for it.
type ballot [KindInvoiceReconciliation + 1]int

// add counts one member; most tell nothing.
func (b *ballot) add(set kindSet) {
	if set == 0 {
		return
	}
	for k := range b {
		b[k] += int(set >> k & 1)
	}
}

// kind is the kind with the most votes, unknown where there are too few or two kinds share them.
func (b *ballot) kind() Kind {
	best, runner := KindUnknown, 0
	for k, n := range b {
		switch {
		case n > b[best]:
			best, runner = Kind(k), b[best]
		case Kind(k) != best:
			runner = max(runner, n)
		}
	}
	if b[best] < votesNeeded[best] || b[best] == runner {
		return KindUnknown
	}
	return best
}

// bom is the UTF-8 byte order mark.
const bom = "\xef\xbb\xbf"

func withoutBOM(raw []byte) []byte {
	if len(raw) >= len(bom) && string(raw[:len(bom)]) == bom {
		return raw[len(bom):]
	}
	return raw
}

package generate

// The month of the synthetic network. Each EVSE has slots of twelve hours; record i of a block has one of them to itself, so that
// no two visits overlap at an EVSE and each record stands by itself, whatever the size of the month. The first eight hours of a
// slot are for the record's visit, the rest for a second one where a defect needs two.
const (
	slotSeconds    = 12 * 3600
	mainSeconds    = 8 * 3600
	slots          = 58
	blockRecords   = evsesOfBlock * slots
	scatter        = 1597     // coprime with blockRecords
	firstSlotLocal = 6 * 3600 // local time at which the first slot begins
	sevenDigits    = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// network makes visits to the chargers of a synthetic month.
type network struct {
	countries []*country
	single    bool  // one price everywhere
	from      int64 // midnight UTC at which the month begins
	debtor    [2]string
	block     int64 // whose EVSEs are in evses, −1: none
	evses     [evsesOfBlock]evse
	blocks    int64 // how many were used
	cuts      []int64
	phases    []phase
}

// seat finds EVSE and slot of a record.
func (n *network) seat(record int64) (at, slot int64) {
	block, within := record/blockRecords, record%blockRecords
	if n.block != block {
		for k := range n.evses {
			n.evses[k] = place(n.countries, block*evsesOfBlock+int64(k))
		}
		n.block, n.blocks = block, max(n.blocks, block+1)
	}
	shuffled := within * scatter % blockRecords
	return shuffled / slots, shuffled % slots
}

// version is the OCPI version in which the record's operator reports.
func (n *network) version(record int64) version {
	at, _ := n.seat(record)
	return n.evses[at].country.version
}

// visit makes the visit of a record.
func (n *network) visit(v *visit, record int64, want need, r *random) {
	at, slot := n.seat(record)
	n.begin(v, &n.evses[at], want, r)
	n.charge(v, n.slotStart(v.evse, slot), mainSeconds, want, r)
}

// second makes another visit in the rest of the record's slot, at the same EVSE or in another country.
func (n *network) second(v *visit, record int64, elsewhere bool, want need, r *random) {
	at, slot := n.seat(record)
	if elsewhere {
		at = n.elsewhere(at)
	}
	n.begin(v, &n.evses[at], want, r)
	n.charge(v, n.slotStart(v.evse, slot)+mainSeconds+900, slotSeconds-mainSeconds-1800, want, r)
}

// elsewhere finds an EVSE of another operator whose CDRs carry their party.
func (n *network) elsewhere(at int64) int64 {
	here := n.evses[at].country
	for step := int64(evsesOfLocation); step < evsesOfBlock; step += evsesOfLocation {
		other := (at + step) % evsesOfBlock
		if c := n.evses[other].country; c.code != here.code && c.version != v211 {
			return other
		}
	}
	return at
}

func (n *network) slotStart(e *evse, slot int64) int64 {
	return n.from - e.country.offset + firstSlotLocal + slot*slotSeconds
}

func (n *network) begin(v *visit, e *evse, want need, r *random) {
	c := e.country
	*v = visit{
		evse: e, periods: v.periods[:0], version: c.version, currency: c.currency, countryCode: c.code, partyID: c.party,
		debtorCountry: n.debtor[0], debtorParty: n.debtor[1],
		sessionID: r.uuid(), token: r.text("0123456789ABCDEF", 14),
	}
	v.contract = n.debtor[0] + "-" + n.debtor[1] + "-C" + r.text(sevenDigits, 8)
	if r.chance(40) {
		v.authorization = r.uuid()
	}
	v.meter = "M" + e.uid
	v.tariff = c.tariffs[kindFor(want, e.kind, dayKind(c.version), r)]
}

// charge fills in when and how much, inside a window.
func (n *network) charge(v *visit, window, length int64, want need, r *random) {
	if want == acrossDay {
		n.chargeAcrossDay(v, window, r)
		v.price()
		return
	}
	charging, idling := n.minutes(v, length, r)
	if want == openQuestion {
		charging, idling = openMinutes(r)
	}
	spare := length - (charging+idling)*60
	v.start = window + r.below(spare)
	v.end = v.start + (charging+idling)*60
	wh := v.evse.watts * r.between(55, 80) / 100 * charging / 60
	wh = min(wh, 78000+r.below(4000))
	full := v.start + charging*60
	n.phases = append(n.phases[:0], phase{v.start, full, energy(wh) * wattHour, false})
	if idling > 0 {
		n.phases = append(n.phases, phase{full, v.end, 0, true})
	}
	n.cuts = v.tariff.boundaries(n.cuts[:0], v.start, v.end, v.evse.country.offset)
	n.furtherCuts(v, charging, r)
	v.periods = cut(v.periods, n.phases, n.cuts, wattHour)
	v.price()
}

// minutes chooses for how long the vehicle charges and idles. Where time is priced, lengths are multiples of three minutes, which
// four decimals of an hour hold exactly; elsewhere any minute will do, and the receiver must bear the rounding.
func (n *network) minutes(v *visit, length int64, r *random) (charging, idling int64) {
	if v.evse.powerType == "DC" {
		charging = r.between(15, 54)
	} else {
		charging = r.between(45, min(280, length/60-20))
	}
	switch v.tariff.kind {
	case kindTime:
		return charging / 3 * 3, 0
	case kindIdle:
		charging = charging / 15 * 15 // then it does not matter to the rounding of idle time whether the free part counts
		idling = r.between(0, 170)
	default:
		idling = max(0, r.between(-60, 45))
	}
	return charging, max(0, min(idling, length/60-charging-2))
}

// openMinutes chooses lengths for which the rounding of idle time depends on whether the free part of it counts.
func openMinutes(r *random) (charging, idling int64) {
	for {
		charging, idling = 3*r.between(16, 40), 3*r.between(20, 60)
		free := graceSeconds - charging*60
		priced := idling*60 - free
		if priced > 0 && ceilTo(priced, idleStep)-priced != ceilTo(free+priced, idleStep)-(free+priced) {
			return charging, idling
		}
	}
}

// furtherCuts adds cuts that change no price until the session has two to five periods: operators report meter samples.
func (n *network) furtherCuts(v *visit, charging int64, r *random) {
	have := len(n.phases)
	for _, at := range n.cuts {
		if at > v.start && at < v.end {
			have++
		}
	}
	want := int(r.between(int64(max(2, have)), 5))
	for range want - have {
		n.cuts = append(n.cuts, v.start+r.between(1, charging/3-1)*180)
	}
	n.cuts = distinct(n.cuts)
}

// distinct drops repeated instants in place.
func distinct(at []int64) []int64 {
	out := at[:0]
next:
	for _, t := range at {
		for _, seen := range out {
			if seen == t {
				continue next
			}
		}
		out = append(out, t)
	}
	return out
}

// chargeAcrossDay makes a session with one period that the day tariff's boundary halves, and one period before it. The operator
// ought to have split it there.
func (n *network) chargeAcrossDay(v *visit, window int64, r *random) {
	offset := v.evse.country.offset
	boundary := window - timeOfDay(window, offset) + dayEnds*60
	if boundary <= window+3600 || boundary >= window+mainSeconds-3600 {
		boundary = window - timeOfDay(window, offset) + dayStarts*60
	}
	half := r.between(8, 25) * 60
	before := r.between(5, 20) * 60
	v.start, v.end = boundary-half-before, boundary+half
	wattSeconds := v.evse.watts * r.between(55, 80) / 100
	v.periods = append(v.periods,
		period{start: v.start, seconds: before, energy: energy(wattSeconds*before/3600) * wattHour},
		period{start: boundary - half, seconds: 2 * half, energy: energy(wattSeconds*half/3600*2) * wattHour})
}

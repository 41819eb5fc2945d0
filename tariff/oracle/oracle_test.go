// Package oracle_test holds a second implementation of OCPI pricing, made to be obviously right and not fast: fractions instead of
// decimals, a walk second by second where time matters, no caches, and one short function for each rule of the text. It shares no
// code with package tariff, and decodes records by itself. Both price the same random sessions, and must agree to the last digit.
//
// It prices by the recommended reading of each open question, see tariff.Questions.
package oracle_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"
)

// session is a CDR made ready for pricing.
type session struct {
	cdr
	version string
	zone    *time.Location
	end     time.Time
	spans   []*span
	expired bool // there was nothing but a reservation
	negated bool // a credit that negates its volumes too
}

// span is a charging period with its end, its tariff and where the session stood when it began.
type span struct {
	period
	end    time.Time
	tariff *tariff   // nil: none is relevant
	origin time.Time // from which min_duration and max_duration count
	kwh    *big.Rat  // of the session before it
	energy *big.Rat
	sums   map[string]*big.Rat // of each dimension that is listed
	state  *session
}

func decode(raw []byte, version string, zone *time.Location) (*session, error) {
	s := &session{version: version, zone: zone}
	if err := json.Unmarshal(raw, &s.cdr); err != nil {
		return nil, err
	}
	for _, p := range s.ChargingPeriods {
		if slices.ContainsFunc(p.Dimensions, func(d dimension) bool { return !d.Volume.given() }) {
			return nil, errors.New("a dimension without volume")
		}
	}
	s.negate()
	s.end = s.EndDateTime.Time
	if version == "2.1.1" {
		s.end = s.StopDateTime.Time
	}
	// Periods need not be sorted. One ends where the next begins, the last with the session (mod_cdrs, ChargingPeriod).
	slices.SortStableFunc(s.ChargingPeriods, func(a, b period) int { return a.StartDateTime.Compare(b.StartDateTime.Time) })
	for i, p := range s.ChargingPeriods {
		end := s.end
		if i+1 < len(s.ChargingPeriods) {
			end = s.ChargingPeriods[i+1].StartDateTime.Time
		}
		s.spans = append(s.spans, &span{period: p, end: end, state: s})
		s.spans[i].sum()
	}
	s.expired = !slices.ContainsFunc(s.spans, (*span).charging)
	s.measure()
	return s, nil
}

// negate turns round the volumes of a credit CDR that states the negative of them: a credit should repeat those of its original
// (mod_cdrs, Credit CDRs), but some senders negate all they send.
func (s *session) negate() {
	some, all := false, true
	for _, p := range s.ChargingPeriods {
		for _, d := range p.Dimensions {
			if d.billable() {
				some, all = some || d.Volume.Sign() < 0, all && d.Volume.Sign() <= 0
			}
		}
	}
	s.negated = s.Credit && some && all
	for _, p := range s.ChargingPeriods {
		for _, d := range p.Dimensions {
			if s.negated && d.billable() {
				d.Volume.Neg(d.Volume.Rat)
			}
		}
	}
}

func (d dimension) billable() bool {
	return slices.Contains([]string{"ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME"}, d.Type)
}

// measure notes what restrictions look at. Durations are those of the charging session: a reservation that precedes does not count,
// except for its own elements.
func (s *session) measure() {
	kwh := new(big.Rat)
	for _, p := range s.spans {
		p.kwh, p.energy = new(big.Rat).Set(kwh), p.stated("ENERGY")
		kwh.Add(kwh, p.energy)
		p.origin = s.StartDateTime.Time
		if p.charging() {
			p.origin = s.chargingStart()
		}
	}
}

// chargingStart is the start of the CDR, or where that is the start of a reservation, the start of what follows it.
func (s *session) chargingStart() time.Time {
	if len(s.spans) > 0 && !s.spans[0].charging() {
		for _, p := range s.spans {
			if p.charging() {
				return p.StartDateTime.Time
			}
		}
	}
	return s.StartDateTime.Time
}

// sum adds up the volumes of each dimension, however often it is listed.
func (p *span) sum() {
	p.sums = map[string]*big.Rat{}
	for _, d := range p.Dimensions {
		p.sums[d.Type] = new(big.Rat).Add(p.stated(d.Type), d.Volume.Rat)
	}
}

// has reports whether a span lists a dimension.
func (p *span) has(kind string) bool { return p.sums[kind] != nil }

// stated is the volume of a dimension, 0 where it is not listed.
func (p *span) stated(kind string) *big.Rat {
	if v := p.sums[kind]; v != nil {
		return v
	}
	return new(big.Rat)
}

// holds reports whether a span has any volume of a dimension.
func (p *span) holds(kind string) bool { return p.has(kind) && p.sums[kind].Sign() != 0 }

// charging reports whether a span is more than the holding of a reservation.
func (p *span) charging() bool {
	if !p.has("RESERVATION_TIME") {
		return true
	}
	return p.holds("ENERGY") || p.holds("TIME") || p.holds("PARKING_TIME")
}

// volume is what a span holds of a dimension: kWh, or seconds. Hours that were cut to a number of decimals and that, but for the
// cut, are the length of the span, are the length of the span: 40 minutes are sent as 0.6667 h.
func (p *span) volume(kind string) *big.Rat {
	v := p.stated(kind)
	if kind == "ENERGY" {
		return v
	}
	v = new(big.Rat).Mul(v, rat(3600))
	length := seconds(p.StartDateTime.Time, p.end)
	if v.Sign() == 0 || length.Sign() <= 0 {
		return v
	}
	off := new(big.Rat).Sub(v, length)
	if off.Abs(off).Cmp(p.cut(kind)) <= 0 {
		return length
	}
	return v
}

// cut is half a unit of the last decimal that was sent, in seconds. A sender that writes four decimals drops zeros at the end, and
// one that computes in binary writes digits that mean nothing: no fewer than two and no more than four are taken as meant.
func (p *span) cut(kind string) *big.Rat {
	decimals := 2
	for _, d := range p.Dimensions {
		if d.Type == kind {
			decimals = max(decimals, min(d.Volume.decimals, 4))
		}
	}
	return map[int]*big.Rat{2: rat(18), 3: big.NewRat(18, 10), 4: big.NewRat(18, 100)}[decimals]
}

// govern gives each span its tariff (mod_cdrs, ChargingPeriod.tariff_id). The answer is the code of what makes that impossible.
func (s *session) govern() (blocked string) {
	if len(s.Tariffs) == 0 {
		return "tar-none"
	}
	named := slices.ContainsFunc(s.spans, func(p *span) bool { return p.TariffID != "" })
	for _, p := range s.spans {
		switch {
		case p.TariffID != "":
			p.tariff = s.tariffNamed(p.TariffID)
			if p.tariff == nil && len(s.Tariffs) > 1 {
				return "tar-none"
			}
		case len(s.Tariffs) > 1 && named:
			continue // none is relevant
		}
		if p.tariff == nil {
			if p.tariff, blocked = s.tariffAtStart(); blocked != "" {
				return blocked
			}
		}
		if p.tariff.Currency != s.Currency {
			return "cur-mismatch"
		}
	}
	return ""
}

func (s *session) tariffNamed(id string) *tariff {
	for i := range s.Tariffs {
		if strings.EqualFold(s.Tariffs[i].ID, id) {
			return &s.Tariffs[i]
		}
	}
	return nil
}

// tariffAtStart is the only tariff, or the only one that is valid when the session starts.
func (s *session) tariffAtStart() (*tariff, string) {
	if len(s.Tariffs) == 1 {
		return &s.Tariffs[0], ""
	}
	var valid []*tariff
	for i := range s.Tariffs {
		t := &s.Tariffs[i]
		from, until := t.StartDateTime, t.EndDateTime
		if !s.StartDateTime.Before(from.Time) && (until.IsZero() || s.StartDateTime.Before(until.Time)) {
			valid = append(valid, t)
		}
	}
	switch len(valid) {
	case 0:
		return nil, "tar-none"
	case 1:
		return valid[0], ""
	}
	return nil, "tar-ambiguous"
}

func rat(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// seconds is the time from a to b.
func seconds(a, b time.Time) *big.Rat { return big.NewRat(int64(b.Sub(a)), int64(time.Second)) }

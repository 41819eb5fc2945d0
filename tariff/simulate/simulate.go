// Package simulate writes the CDR that a charge point would write for a session under one tariff: charging at one power until the
// energy is delivered, parked before and after, reserved before that where asked. The periods are split at every boundary of the
// tariff, so that no reading of mid-period changes can differ, and the totals are those of tariff.Price.
//
// Nothing is drawn by chance and no clock is read: ids derive from the input, so that the same input gives the same bytes.
package simulate

import (
	"errors"
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// Input is the session to simulate.
type Input struct {
	Start, End time.Time     // of the session at the charge point, a reservation before it apart
	EnergyKWh  exact.Decimal // delivered, 0 or more
	MaxPowerKW exact.Decimal // at which all of it is delivered; not 0 where there is energy
	// ChargeFrom is when charging begins, the vehicle standing parked before it; zero is Start.
	ChargeFrom time.Time
	// ReservedFrom is when a reservation began that lasted until Start; zero is none. With End equal to Start it expired.
	ReservedFrom time.Time
	Zone         string       // IANA, of the location; "" takes the only zone of the tariff's country
	Version      ocpi.Version // of the CDR; 0 is the tariff's own, 2.2.1 where it has none
	// MaxCurrentA is the current while charging, summed over phases; where absent it is that of MaxPowerKW at 230 V.
	MaxCurrentA ocpi.Number
	// TaxPercent is the rate that a 2.3.0 CDR states in its taxes, for tariffs that state none.
	TaxPercent ocpi.Number
	// AnyDate simulates sessions outside the tariff's validity too, as if it were valid.
	AnyDate bool
}

// Outcome is a simulated session before its totals are written down: the CDR as a reader decodes it and its price.
type Outcome struct {
	CDR    *ocpi.CDR
	Result *tariff.Result
	draft  *cdrJSON
	form   *form
	in     Input
}

// Limits of a session, so that no input makes work without end.
const (
	maxLength  = 31 * 24 * time.Hour
	maxPeriods = 10_000
)

// ErrNeedsZone says that the tariff depends on local time and no zone is known.
var ErrNeedsZone = errors.New("the tariff depends on local time, and no time zone is given or follows from its country")

// ErrNeedsTax says that the price before taxes cannot be told.
var ErrNeedsTax = errors.New("the prices include taxes and the tariff states no rate: give the tax rate")

// ErrNoCurrency says that the tariff names no currency, which a CDR must.
var ErrNoCurrency = errors.New("the tariff names no currency")

// Session writes the CDR of a session, one JSON object without a line break. The tariff stands in it as it was sent. Errors say
// what of the input cannot be: energy that the power cannot deliver in time, a session outside the tariff's validity, a zone that
// is missing.
func Session(t *ocpi.Tariff, in Input) ([]byte, error) {
	out, err := Price(t, in)
	if err != nil {
		return nil, err
	}
	if err := out.fillTotals(); err != nil {
		return nil, err
	}
	return out.draft.encode()
}

// Price simulates a session and prices it, without writing it down.
func Price(t *ocpi.Tariff, in Input) (*Outcome, error) {
	c, err := newCourse(t, in)
	if err != nil {
		return nil, err
	}
	periods, err := c.periods()
	if err != nil {
		return nil, err
	}
	out := &Outcome{draft: c.draft(periods), form: c.form, in: in}
	text, err := out.draft.encode()
	if err != nil {
		return nil, err
	}
	cdr, findings := ocpi.NewDecoder(ocpi.Options{Version: c.version}).CDR(ocpi.Record{Bytes: text})
	if cdr == nil {
		return nil, fmt.Errorf("the tariff cannot be carried by a CDR: %s", ocpi.FirstBlock(findings))
	}
	// What blocks the simulated CDR lies in its tariff; the missing total does not block.
	if f := ocpi.FirstBlock(findings); f != nil {
		return nil, fmt.Errorf("the tariff cannot be priced: %s", f)
	}
	where, _ := tariff.ResolveZone(cdr, nil, "")
	out.CDR, out.Result = cdr, tariff.Price(tariff.Input{CDR: cdr, Zone: where})
	if f := out.Result.Blocked; f != nil {
		return nil, fmt.Errorf("the session cannot be priced: %s", f)
	}
	return out, nil
}

// newCourse checks the input and works out when what happens.
func newCourse(t *ocpi.Tariff, in Input) (*course, error) {
	if len(t.Record.Bytes) == 0 {
		return nil, errors.New("the tariff has no text to carry in the CDR")
	}
	if t.Currency == "" {
		return nil, ErrNoCurrency
	}
	c := &course{t: t, in: in, asks: asksOf(t)}
	if c.version = in.Version; c.version == 0 {
		c.version = t.Version
	}
	if c.form = formOf(c.version); c.form == nil {
		c.version, c.form = ocpi.V221, formOf(ocpi.V221)
	}
	if err := c.findZone(); err != nil {
		return nil, err
	}
	if err := c.findTimes(); err != nil {
		return nil, err
	}
	return c, c.checkValidity()
}

// findZone resolves the zone of the location.
func (c *course) findZone() error {
	c.zone = c.in.Zone
	if c.zone == "" {
		c.zone, _ = zone.OfCountry(c.t.CountryCode)
	}
	if c.zone == "" {
		if c.asks.clock {
			return ErrNeedsZone
		}
		c.loc = time.UTC
		return nil
	}
	var err error
	c.loc, err = zone.Load(c.zone)
	return err
}

// findTimes sets the instants of the course. Charging ends on a whole second, so the mean power may stay a little below the greatest.
func (c *course) findTimes() error {
	in := &c.in
	c.first, c.start, c.end = in.Start.UTC(), in.Start.UTC(), in.End.UTC()
	c.chargeFrom = c.start
	if !in.ChargeFrom.IsZero() {
		c.chargeFrom = in.ChargeFrom.UTC()
	}
	if !in.ReservedFrom.IsZero() {
		c.first = in.ReservedFrom.UTC()
	}
	switch {
	case c.end.Before(c.start):
		return fmt.Errorf("the end %s is before the start %s", stamp(c.end), stamp(c.start))
	case c.first.After(c.start):
		return fmt.Errorf("the reservation begins at %s, after the session starts", stamp(c.first))
	case !c.end.After(c.first):
		return errors.New("the session has no length")
	case c.end.Sub(c.first) > maxLength:
		return fmt.Errorf("the session lasts %s, at most %s can be simulated", c.end.Sub(c.first), maxLength)
	case c.chargeFrom.Before(c.start) || c.chargeFrom.After(c.end):
		return fmt.Errorf("charging begins at %s, outside the session", stamp(c.chargeFrom))
	case in.EnergyKWh.Sign() < 0:
		return fmt.Errorf("%s kWh: want 0 or more", in.EnergyKWh)
	case c.first.Before(c.start) && !c.form.reservations:
		return fmt.Errorf("OCPI %s has no dimension for reserved time", c.version)
	}
	return c.findChargeEnd()
}

func (c *course) findChargeEnd() error {
	c.chargeUntil = c.chargeFrom
	if c.in.EnergyKWh.IsZero() {
		return nil
	}
	if c.in.MaxPowerKW.Sign() <= 0 {
		return fmt.Errorf("%s kWh at %s kW: want a power above 0", c.in.EnergyKWh, c.in.MaxPowerKW)
	}
	seconds := c.in.EnergyKWh.Mul(secondsPerHour).DivRound(c.in.MaxPowerKW, 0, exact.Ceiling)
	if room := secondsOf(c.end.Sub(c.chargeFrom)); room.Less(seconds) {
		return fmt.Errorf("%s kWh at %s kW take %s s, the session leaves %s s for it", c.in.EnergyKWh, c.in.MaxPowerKW, seconds, room.Plain())
	}
	c.chargeUntil = c.chargeFrom.Add(Duration(seconds))
	return nil
}

// checkValidity holds the session against the tariff's window (mod_tariffs, Tariff.start_date_time and end_date_time).
func (c *course) checkValidity() error {
	t := c.t
	switch {
	case c.in.AnyDate:
	case !t.StartDateTime.IsZero() && c.first.Before(t.StartDateTime):
		return fmt.Errorf("the tariff is valid from %s, the session starts at %s", stamp(t.StartDateTime), stamp(c.first))
	case !t.EndDateTime.IsZero() && !c.first.Before(t.EndDateTime):
		return fmt.Errorf("the tariff is valid until %s, the session starts at %s", stamp(t.EndDateTime), stamp(c.first))
	}
	return nil
}

// stamp writes an instant as OCPI does, in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z07:00") }

package job

import (
	"context"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// places is what is known of locations: their zone, and the power of their connectors.
type places struct {
	zones map[placeKey]string
	power map[connectorKey]ocpi.Number // W
	evses map[connectorKey]bool        // all, without connector
}

// placeKey is the party and id of a location, connectorKey also EVSE uid and connector id, all folded.
type (
	placeKey     struct{ country, party, location string }
	connectorKey struct {
		placeKey
		evse, connector string
	}
)

func placeOf(countryCode, partyID, locationID string) placeKey {
	return placeKey{strings.ToUpper(countryCode), strings.ToUpper(partyID), strings.ToUpper(locationID)}
}

func connectorOf(at placeKey, evseUID, connectorID string) connectorKey {
	return connectorKey{at, strings.ToUpper(evseUID), strings.ToUpper(connectorID)}
}

func (p *places) add(l *ocpi.Location) {
	at := placeOf(l.CountryCode, l.PartyID, l.ID)
	p.zones[at] = l.TimeZone
	for _, e := range l.EVSEs {
		p.evses[connectorOf(at, e.UID, "")] = true
		for _, c := range e.Connectors {
			p.power[connectorOf(at, e.UID, c.ID)] = reconcile.ConnectorPower(c)
		}
	}
}

// zoneOf looks a location up; one of 2.1.1 has no party and is found under none.
func (p *places) zoneOf(countryCode, partyID, locationID string) string {
	if zone, ok := p.zones[placeOf(countryCode, partyID, locationID)]; ok {
		return zone
	}
	return p.zones[placeOf("", "", locationID)]
}

func (p *places) powerOf(countryCode, partyID, locationID, evseUID, connectorID string) ocpi.Number {
	if w, ok := p.power[connectorOf(placeOf(countryCode, partyID, locationID), evseUID, connectorID)]; ok {
		return w
	}
	return p.power[connectorOf(placeOf("", "", locationID), evseUID, connectorID)]
}

// knows looks a location and its EVSE up.
func (p *places) knows(countryCode, partyID, locationID, evseUID string) (location, evse bool) {
	for _, at := range [...]placeKey{placeOf(countryCode, partyID, locationID), placeOf("", "", locationID)} {
		if p.evses[connectorOf(at, evseUID, "")] {
			return true, true
		}
		_, known := p.zones[at]
		location = location || known
	}
	return location, false
}

// readAgreement reads the files that the judging of every line depends on.
func (in *inputs) readAgreement(ctx context.Context, c *reconcile.Case, v ocpi.Version) (*reconcile.Agreement, []ocpi.Finding, error) {
	d := ocpi.NewDecoder(ocpi.Options{Version: v})
	known := &places{zones: map[placeKey]string{}, power: map[connectorKey]ocpi.Number{}, evses: map[connectorKey]bool{}}
	a := c.Terms()
	a.ZoneOf, a.ConnectorPower = known.zoneOf, known.powerOf
	a.SessionsGiven, a.TheirsGiven, a.TheirSessionsGiven = len(c.Inputs.Sessions) > 0, len(c.Theirs.CDRs) > 0, len(c.Theirs.Sessions) > 0
	if len(in.locationFiles) > 0 {
		a.KnowsEVSE = known.knows
	}
	if len(in.tokenFiles) > 0 {
		a.Tokens = new(reconcile.Tokens)
	}

	tariffs := func(into *[]*ocpi.Tariff) func(ocpi.Record) []ocpi.Finding {
		return func(rec ocpi.Record) []ocpi.Finding {
			t, findings := d.Tariff(rec)
			if t != nil {
				*into = append(*into, t)
			}
			return findings
		}
	}
	var all []ocpi.Finding
	for _, step := range []struct {
		kind  string
		want  ocpi.Kind
		files []string
		each  func(ocpi.Record) []ocpi.Finding
	}{
		{"tariffs", ocpi.KindTariff, in.tariffFiles, tariffs(&a.Supplied)},
		{"agreed tariffs", ocpi.KindTariff, in.agreedFile, tariffs(&a.Agreed)},
		{"locations", ocpi.KindLocation, in.locationFiles, func(rec ocpi.Record) []ocpi.Finding {
			l, findings := d.Location(rec)
			if l != nil {
				known.add(l)
			}
			return findings
		}},
		{"tokens", ocpi.KindToken, in.tokenFiles, func(rec ocpi.Record) []ocpi.Finding {
			t, findings := d.Token(rec)
			if t != nil {
				a.Tokens.Add(t)
			}
			return findings
		}},
	} {
		findings, err := in.readAll(ctx, step.kind, step.want, step.files, step.each)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, findings...)
	}
	a.Prepare()
	return a, all, nil
}

package job

import (
	"context"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// places is what is known of locations: their zone, and the power of their connectors.
type places struct {
	zones map[string]string      // party and location id, folded
	power map[string]ocpi.Number // the same with EVSE uid and connector id, W
}

func key(parts ...string) string { return strings.ToUpper(strings.Join(parts, "\x00")) }

func (p *places) add(l *ocpi.Location) {
	p.zones[key(l.CountryCode, l.PartyID, l.ID)] = l.TimeZone
	for _, e := range l.EVSEs {
		for _, c := range e.Connectors {
			p.power[key(l.CountryCode, l.PartyID, l.ID, e.UID, c.ID)] = reconcile.ConnectorPower(c)
		}
	}
}

// zoneOf looks a location up; one of 2.1.1 has no party and is found under none.
func (p *places) zoneOf(countryCode, partyID, locationID string) string {
	if zone, ok := p.zones[key(countryCode, partyID, locationID)]; ok {
		return zone
	}
	return p.zones[key("", "", locationID)]
}

func (p *places) powerOf(countryCode, partyID, locationID, evseUID, connectorID string) ocpi.Number {
	if w, ok := p.power[key(countryCode, partyID, locationID, evseUID, connectorID)]; ok {
		return w
	}
	return p.power[key("", "", locationID, evseUID, connectorID)]
}

// readAgreement reads the files that the judging of every line depends on.
func (in *inputs) readAgreement(ctx context.Context, c *reconcile.Case, v ocpi.Version) (*reconcile.Agreement, []ocpi.Finding, error) {
	d := ocpi.NewDecoder(ocpi.Options{Version: v})
	known := &places{zones: map[string]string{}, power: map[string]ocpi.Number{}}
	a := c.Terms()
	a.ZoneOf, a.ConnectorPower = known.zoneOf, known.powerOf
	a.SessionsGiven = len(c.Inputs.Sessions) > 0

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

package tariff

import (
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// Sources of a time zone, Zone.Source.
const (
	zoneFlag     = "flag"
	zoneLocation = "location"
	zoneCDR      = "cdr"
	zoneCountry  = "country"
	zoneNone     = "none"
)

// ResolveZone finds the zone of a CDR: the location it names (lookup, may be nil), a zone in the CDR itself, the only zone of its
// country, none. A non-empty flag stands above all. The finding, if any, says that records disagree or that nothing was found.
// Coordinates are not looked at: senders swap them.
func ResolveZone(c *ocpi.CDR, lookup func(countryCode, partyID, locationID string) string, flag string) (Zone, []ocpi.Finding) {
	var findings []ocpi.Finding
	found := Zone{Source: zoneNone}
	consider := func(name, source, pointer string) {
		if name == "" {
			return
		}
		location, err := zone.Load(name)
		switch {
		case err != nil:
			findings = append(findings, zoneFinding(c, CodeZoneInvalid, ocpi.SeverityWarn, pointer,
				fmt.Sprintf("%q is no zone of the IANA database %s, wanted one such as Europe/Berlin", name, zone.Version)))
		case found.Location == nil:
			found = Zone{Name: name, Source: source, Location: location}
		case differ(found.Location, location, c):
			findings = append(findings, zoneFinding(c, CodeZoneConflict, ocpi.SeverityInfo, pointer,
				fmt.Sprintf("zone %s (from: %s) is used, %s (from: %s) would give another local time", found.Name, found.Source, name, source)))
		}
	}
	consider(flag, zoneFlag, "")
	if lookup != nil && c.Location.ID != "" {
		consider(lookup(c.CountryCode, c.PartyID, c.Location.ID), zoneLocation, pointerOf(mark{kind: atLocation}))
	}
	consider(c.Location.TimeZone, zoneCDR, pointerOf(mark{kind: atLocation}))
	if found.Location == nil {
		if name, ok := zone.OfCountry(c.Location.Country); ok {
			consider(name, zoneCountry, pointerOf(mark{kind: atLocation}))
		}
	}
	if found.Location == nil {
		findings = append(findings, zoneFinding(c, CodeZoneUnknown, ocpi.SeverityInfo, pointerOf(mark{kind: atLocation}),
			fmt.Sprintf("no time zone: no location record states one, and country %q has none or several", c.Location.Country)))
	}
	return found, findings
}

// differ reports zones whose clocks differ at the session's start or end.
func differ(a, b *time.Location, c *ocpi.CDR) bool {
	for _, at := range [...]time.Time{c.StartDateTime, c.EndDateTime} {
		_, x := at.In(a).Zone()
		_, y := at.In(b).Zone()
		if x != y {
			return true
		}
	}
	return false
}

func zoneFinding(c *ocpi.CDR, code ocpi.Code, severity ocpi.Severity, pointer, message string) ocpi.Finding {
	return ocpi.Finding{Code: code, Severity: severity, Place: c.Record.Place, Pointer: pointer, Message: message}
}

package config

import (
	_ "embed"
	"strings"
	"time"
)

//go:generate go run zones_gen.go

// zoneNames lists the zones of the IANA time zone database, one a line, to suggest one from: the
// standard library can load a zone and cannot list them.
//
//go:embed zones.txt
var zoneNames string

// zoneName checks the name of a zone.
func zoneName(s string) *Error {
	if s == "Local" {
		return wrong("zone Local is another one on every machine: name it")
	}
	if _, err := time.LoadLocation(s); err != nil {
		return wrong("unknown zone %q: want a name of the IANA time zone database", s).meant(nearZone(s))
	}
	return nil
}

// nearZone returns the zone that was probably meant by the name of its city, a slip or the
// abbreviation that Russian agencies print. Empty: nothing near.
func nearZone(s string) string {
	if strings.EqualFold(s, "MSK") {
		return "Europe/Moscow"
	}
	names := strings.Fields(zoneNames)
	for _, name := range names {
		city := name[strings.LastIndexByte(name, '/')+1:]
		if city != name && strings.EqualFold(city, strings.ReplaceAll(s, " ", "_")) {
			return name
		}
	}
	if !strings.Contains(s, "/") {
		return "" // a short name is near too many others
	}
	return nearest(s, names, 2)
}

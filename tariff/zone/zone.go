// Package zone is the time zone database: the copy in this binary, never the machine's, so that the same input gives the same
// local times everywhere. Version is printed in every pack.
package zone

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Version is the release of the embedded IANA database.
const Version = "2025c"

// zoneinfo is lib/time/zoneinfo.zip of the Go distribution.
//
//go:embed zoneinfo.zip
var zoneinfo []byte

// countries lists the countries with one local time; its head says how it was made.
//
//go:embed countries.txt
var countries string

var database = sync.OnceValues(func() (*zip.Reader, error) {
	return zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
})

// loaded caches zones by name, string → *time.Location. Only names that exist get in, so it is bounded.
var loaded sync.Map

// Load returns a zone of the embedded database by its IANA name. It knows neither "Local" nor "".
func Load(name string) (*time.Location, error) {
	if l, ok := loaded.Load(name); ok {
		return l.(*time.Location), nil
	}
	if !validName(name) {
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	data, err := read(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	l, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	actual, _ := loaded.LoadOrStore(name, l)
	return actual.(*time.Location), nil
}

// validName keeps directories, paths and the machine's zone out.
func validName(name string) bool {
	return name != "" && name != "Local" && !strings.ContainsAny(name, "\\ ") && !strings.Contains(name, "..")
}

func read(name string) ([]byte, error) {
	db, err := database()
	if err != nil {
		return nil, err
	}
	f, err := db.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return data, f.Close()
}

var byCountry = sync.OnceValue(func() map[string]string {
	out := make(map[string]string, 512)
	for line := range strings.Lines(countries) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] != "#" {
			out[fields[0]], out[fields[1]] = fields[2], fields[2]
		}
	}
	return out
})

// OfCountry returns the only zone of a country (ISO 3166-1 alpha-2 or alpha-3), ok false where it has several or is unknown.
func OfCountry(country string) (name string, ok bool) {
	name, ok = byCountry()[strings.ToUpper(country)]
	return name, ok
}

// CountryOf returns the country (ISO 3166-1 alpha-3) whose only zone this is; of several that share it the first by name.
func CountryOf(name string) (country string, ok bool) {
	for line := range strings.Lines(countries) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] != "#" && fields[2] == name {
			return fields[1], true
		}
	}
	return "", false
}

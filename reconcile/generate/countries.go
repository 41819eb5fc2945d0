package generate

// Summer offsets in seconds; the months of this package hold no change of the clocks.
const (
	westernSummer = 1 * 3600
	centralSummer = 2 * 3600
	easternSummer = 3 * 3600
)

// country returns the facts of a country, with its tariffs for a version.
func newCountry(code string, v version, order, updated int64) *country {
	c := countryFacts[code]
	c.code, c.party, c.version = code, "CPO", v
	m := standardTerms(order)
	m.version, m.prefix, m.country, m.party, m.currency = v, code+"-", code, c.party, c.currency
	m.tax, m.feeTax, m.updated = c.tax, c.tax, updated
	if c.feeTax != 0 {
		m.feeTax = c.feeTax
	}
	c.tariffs = m.tariffs()
	m.energy += 600
	c.dearer = m.tariff(kindFlat)
	return &c
}

// countryFacts are the countries that a network may span.
var countryFacts = map[string]country{
	"NL": {alpha3: "NLD", zone: "Europe/Amsterdam", currency: "EUR", offset: centralSummer, tax: 210, cities: []city{
		{"Amsterdam", "1012AB", "52.37403", "4.88969"}, {"Utrecht", "3511AB", "52.09083", "5.12222"}, {"Groningen", "9711AB", "53.21917", "6.56667"}}},
	"DE": {alpha3: "DEU", zone: "Europe/Berlin", currency: "EUR", offset: centralSummer, tax: 190, cities: []city{
		{"Berlin", "10115", "52.52437", "13.41053"}, {"Hamburg", "20095", "53.57532", "10.01534"}, {"Leipzig", "04103", "51.33962", "12.37129"}}},
	"FR": {alpha3: "FRA", zone: "Europe/Paris", currency: "EUR", offset: centralSummer, tax: 200, feeTax: 55, cities: []city{
		{"Paris", "75001", "48.85341", "2.34880"}, {"Lyon", "69001", "45.74846", "4.84671"}, {"Nantes", "44000", "47.21725", "-1.55336"}}},
	"AT": {alpha3: "AUT", zone: "Europe/Vienna", currency: "EUR", offset: centralSummer, tax: 200, cities: []city{
		{"Wien", "1010", "48.20849", "16.37208"}, {"Graz", "8010", "47.06667", "15.45000"}}},
	"PT": {alpha3: "PRT", zone: "Europe/Lisbon", currency: "EUR", offset: westernSummer, tax: 230, cities: []city{
		{"Lisboa", "1100-148", "38.71667", "-9.13333"}, {"Porto", "4000-001", "41.14961", "-8.61099"}}},
	"FI": {alpha3: "FIN", zone: "Europe/Helsinki", currency: "EUR", offset: easternSummer, tax: 255, cities: []city{
		{"Helsinki", "00100", "60.16952", "24.93545"}, {"Tampere", "33100", "61.49911", "23.78712"}}},
	"CH": {alpha3: "CHE", zone: "Europe/Zurich", currency: "CHF", offset: centralSummer, tax: 81, cities: []city{
		{"Zürich", "8001", "47.36667", "8.55000"}, {"Bern", "3011", "46.94809", "7.44744"}}},
}

package describe

import (
	"fmt"
	"slices"
	"strings"
)

// phrases are the words of one language. Names in braces are filled in; a test holds the names of every phrase equal in all
// languages, and no phrase may be empty.
type phrases struct {
	Decimal     string // mark before the decimals
	MoneySymbol string // {sign}{amount} where the currency has a sign
	MoneyCode   string // where its code stands
	Percent     string
	Colon       string
	And         string
	Hour        plural
	Minute      plural
	Second      plural

	Days       [7]string // Sunday first, as after "from"
	OnDays     [7]string // as in a list
	OnDayList  string    // {days}
	DayRange   string    // three days and more in a row
	Months     [12]string
	FirstDay   string // of a month
	Date       string
	Moment     string // {date} {time}, UTC
	DateBounds bounds
	TimeBounds bounds
	Overnight  string // from an evening until the next day
	Outside    string // before {until} or from {from} of the same day
	Midnight   string // from {from} until the end of the day

	SessionTime     bounds
	ReservationTime bounds
	EnergyBounds    bounds
	PowerBounds     bounds
	CurrentBounds   bounds

	Title, TitleOwned string
	NoCurrency        string
	Types             map[string]string // by OCPI's name
	Headings          [subjectCount]string
	PerKWh            string
	PerHour           string
	PerSession        string
	PerReservation    string
	Free              string
	Nothing           string // for no fee under the last otherwise
	Otherwise         string
	OtherwiseIf       string
	Names             [Flat]string // of what is measured, as in a list
	NotCharged        string
	AnyReservation    string // the reservation is charged whether it is used or not

	PlusVAT, NoVAT, NoVATAll               string
	PlusTaxes, PlusTaxesAll, ReadAsAdded   string
	IncludingVAT, IncludingTaxes, Included string
	BeforeVATAll, NoTaxAll, MentionsVAT    string

	Steps, StepsOfRate, StepsLast, ParkingOnly string
	FlatOnce, FlatFirst                        string
	PowerUnknown, LocalTime                    string
	Least, Most                                string // {amount}
	Both, Net, Gross                           string // an amount before and after taxes
	LimitBoth                                  string
	LimitNotHeld                               string
	ValidBounds                                bounds

	UnusedHeading string
	UnusedRate    string
	Reasons       [reasonCount]string

	Example, ExampleDay, ExampleDate string
	Charged                          string
	ThenParked, AfterReservation     string
}

// bounds are the ways to bound a quantity: both sides, at least, below.
type bounds struct{ Both, From, Until string }

// plural is a word with its number: one and any other.
type plural struct{ One, Many string }

// Languages are those in which tariffs are described.
var Languages = []string{"en", "de", "fr", "nl", "es"}

var phrasesOf = map[string]*phrases{"en": &english, "de": &german, "fr": &french, "nl": &dutch, "es": &spanish}

// Voice says amounts, conditions and rates in one language and currency.
type Voice struct {
	p        *phrases
	currency string
}

// VoiceOf returns the voice of a language, one of Languages.
func VoiceOf(lang, currency string) (*Voice, error) {
	if !slices.Contains(Languages, lang) {
		return nil, fmt.Errorf("language %q: want one of %s", lang, strings.Join(Languages, ", "))
	}
	return &Voice{p: phrasesOf[lang], currency: currency}, nil
}

// fill puts values into a phrase; the pairs are of a name and its value.
func fill(phrase string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		phrase = strings.ReplaceAll(phrase, "{"+pairs[i]+"}", pairs[i+1])
	}
	return phrase
}

// say is the phrase of the bounds that are there; "" where there is none.
func (b bounds) say(from, until string) string {
	switch {
	case from != "" && until != "":
		return fill(b.Both, "from", from, "until", until)
	case from != "":
		return fill(b.From, "from", from)
	case until != "":
		return fill(b.Until, "until", until)
	}
	return ""
}

func (w plural) say(n int64) string {
	if n == 1 {
		return "1 " + w.One
	}
	return fmt.Sprintf("%d %s", n, w.Many)
}

// list joins words with commas and an "and" before the last.
func (p *phrases) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + p.And + words[last]
}

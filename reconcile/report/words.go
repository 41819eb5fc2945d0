package report

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// catalogue is the list of codes by code.
var catalogue = sync.OnceValue(func() map[ocpi.Code]ocpi.CodeInfo {
	out := map[ocpi.Code]ocpi.CodeInfo{}
	for _, c := range ocpi.Codes() {
		out[c.Code] = c
	}
	return out
})

// title is what a code means, in one line; the code in words where the catalogue does not have it.
func title(code ocpi.Code) string {
	if info := catalogue()[code]; info.Title != "" {
		return info.Title
	}
	words := strings.Split(visible(string(code)), "-")
	for i, w := range words {
		if full := abbreviations[w]; full != "" {
			words[i] = full
		}
	}
	return capital(strings.Join(words, " "))
}

// abbreviations are the short words of codes.
var abbreviations = map[string]string{
	"cdr": "CDR", "cdrs": "CDRs", "kwh": "kWh", "vat": "VAT", "wh": "Wh", "tar": "tariff", "en": "energy", "dur": "duration", "ts": "time",
	"cur": "currency", "dup": "duplicate", "sig": "signature", "dim": "dimension",
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// inside makes a title fit to stand inside a sentence: a capital that begins a plain word becomes small.
func inside(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsUpper(first) && !unicode.IsUpper(second) {
		return string(unicode.ToLower(first)) + s[size:]
	}
	return s
}

// sentences says the verdict on a line in words.
func sentences(v *reconcile.LineVerdict) string {
	currency := v.Line.Currency
	say := func(m reconcile.Money) string { return money(number(m), currency) }
	invoiced := say(v.Invoiced)
	var out string
	switch v.Outcome {
	case reconcile.Proven:
		out = "Proven in full: the records support the " + invoiced + " invoiced."
		if v.Disputed {
			out = "Proven in full: the records support the " + invoiced + " invoiced, and nothing in them supports the dispute."
		}
	case reconcile.Conceded:
		out = "Conceded in full: the " + invoiced + " invoiced is not owed." + reason(v.ConcededReason)
	case reconcile.Unproven:
		out = "Not proved: the " + invoiced + " invoiced is neither proved nor disproved." + reason(v.UnprovenReason)
	default:
		out = "Of " + invoiced + " invoiced, " + say(v.Proven) + " is proven."
		if value(v.Conceded).Sign() != 0 {
			out += " " + say(v.Conceded) + " is conceded" + because(v.ConcededReason) + "."
		}
		if value(v.Unproven).Sign() != 0 {
			out += " " + say(v.Unproven) + " is neither proved nor disproved" + because(v.UnprovenReason) + "."
		}
	}
	if value(v.Underbilled).Sign() > 0 {
		out += " The records support " + say(v.Underbilled) + " more than was invoiced; it is not claimed."
	}
	return out
}

// reason and because tell why, as a sentence of its own and within one.
func reason(code ocpi.Code) string {
	if code == "" {
		return ""
	}
	return " " + title(code) + "."
}

func because(code ocpi.Code) string {
	if code == "" {
		return ""
	}
	return ": " + inside(title(code))
}

// matchStates and matchRules put a match into words.
var matchStates = map[string]string{
	"exact":      "One charging record supports this line",
	"with-break": "One charging record supports this line, though not everything in them agrees",
	"tolerance":  "One charging record supports this line, though its ids do not name it",
	"ambiguous":  "Several charging records fit this line and none fits better than the others",
	"unmatched":  "No charging record supports this line",
}

var matchRules = map[string]string{
	"cdr-id":                  "found by the CDR id on the invoice",
	"cdr-id-folded":           "found by the CDR id on the invoice, capitals ignored",
	"session-id":              "found by the session id",
	"session-id-folded":       "found by the session id, capitals ignored",
	"session-id-as-cdr-id":    "found by its session id, which the CDR has for an id",
	"line":                    "found by the ids that the invoice line quotes",
	"authorization-reference": "found by the authorization reference",
	"meter":                   "found by its meter and what that showed at the begin and the end",
	"plain-id":                "found by an id that differs in its form alone",
	"composite":               "found by its charge point, its contract and when it began",
	"covering-set":            "found as one of those that together come to the amount of its line",
	"lines-over-cdrs":         "found with other lines, which together come to what their records cost",
	"window":                  "found by its charge point or contract, when it began and how much it delivered",
}

// sheetNames put the names of calculations into words.
var sheetNames = map[string]string{
	"price": "", "together": "of the CDR that several lines are", "agreed": "under the agreed tariff", "published": "under the published tariff",
	"split":          "with the periods split at the tariff's boundaries",
	"split-least":    "with the periods split at the tariff's boundaries, their energy where it costs least",
	"split-greatest": "with the periods split at the tariff's boundaries, their energy where it costs most",
	"floor":          "the least the evidence supports",
	"ceiling":        "the most the evidence supports", "totals": "from the totals of the record",
	"replacement": "the record that replaces a credited one", "other-session": "the session that the line quotes",
	"other-body": "another version of the record",
}

// sheetTitle names a calculation, "" for the price itself; a reading is named by its question and choice.
func sheetTitle(name string) string {
	if words, known := sheetNames[name]; known {
		return words
	}
	if reading, found := strings.CutPrefix(name, "reading:"); found {
		return "under another reading of the specification, " + visible(reading)
	}
	return visible(name)
}

func matchSentence(m reconcile.Match) string {
	out := matchStates[m.State]
	if out == "" {
		out = capital(visible(m.State))
	}
	switch rule := matchRules[m.Rule]; {
	case m.Rule == "":
	case rule == "":
		out += "; found by " + visible(m.Rule)
	default:
		out += "; " + rule
	}
	if m.Margin != nil && m.CDR != nil {
		out += fmt.Sprintf("; any other match is at least %d points worse", *m.Margin)
	}
	return out + "."
}

// disputeSentences says what the debtor disputes, in the debtor's own words.
func disputeSentences(v *reconcile.LineVerdict) []string {
	if len(v.History) > 0 {
		return historySentences(v)
	}
	var out []string
	if v.Line.Disputed {
		out = append(out, "Marked as disputed on the invoice"+quoted(v.Line.Reason)+".")
	}
	for i, c := range v.Claims {
		if i == maxClaims {
			out = append(out, count(len(v.Claims)-i)+" more entries of the dispute list are in the pack.")
			break
		}
		s := "Disputed" + quoted(c.Reason)
		if c.ClaimedKWh.Present {
			s += "; the debtor's record says " + digits(c.ClaimedKWh.Value.String(), 0) + " kWh"
		}
		if c.ClaimedSeconds.Present {
			s += "; the debtor's record says " + digits(c.ClaimedSeconds.Value.String(), 0) + " seconds"
		}
		if c.ClaimedAmount.Present {
			currency := c.Currency
			if currency == "" {
				currency = v.Line.Currency
			}
			s += "; the debtor admits " + money(c.ClaimedAmount, currency) + " net"
		}
		if place := placeText(c.Record.Place); place != "" {
			s += " (" + place + ")"
		}
		out = append(out, s+".")
	}
	return out
}

// historySentences say what was disputed, answered and decided, in order.
func historySentences(v *reconcile.LineVerdict) []string {
	var out []string
	for i := range v.History {
		if i == maxHistory {
			out = append(out, count(len(v.History)-i)+" more entries of the history are in the pack.")
			break
		}
		e := &v.History[i]
		out = append(out, visible(e.Text())+" ("+placeText(e.Record.Place)+")")
	}
	return out
}

func quoted(reason string) string {
	if reason == "" {
		return ", without a reason"
	}
	return ": “" + visible(reason) + "”"
}

// quantityNames are in the order of the bits of reconcile.Quantity.
var quantityNames = []string{"energy", "time", "session", "tariff", "amount", "duplicate", "existence"}

// quantities names what a dispute puts in question.
func quantities(q reconcile.Quantity) string {
	if q == reconcile.QuantityAll {
		return "everything"
	}
	var out []string
	for i, name := range quantityNames {
		if q&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

func placeText(p ocpi.Place) string {
	if p.File == "" {
		return ""
	}
	return visible(p.File) + ":" + itoa(p.Line)
}

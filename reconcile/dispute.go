package reconcile

import (
	"strings"
	"sync"
	"unicode"
)

// Quantity is a set of what a dispute puts in question.
type Quantity uint8

// What a dispute can mean.
const (
	QuantityKWh Quantity = 1 << iota
	QuantityTime
	QuantitySession
	QuantityTariff
	QuantityAmount
	QuantityDuplicate
	QuantityExistence

	QuantityAll = QuantityKWh | QuantityTime | QuantitySession | QuantityTariff | QuantityAmount | QuantityDuplicate | QuantityExistence
)

// delivered are the quantities that only a second record can corroborate: what was delivered, how long it took, whether it took
// place at all (row 13).
const delivered = QuantityKWh | QuantityTime | QuantitySession | QuantityExistence

var quantityNames = [...]string{"kwh", "time", "session", "tariff", "amount", "duplicate", "existence"}

// String lists the quantities by name, "everything" for all of them.
func (q Quantity) String() string {
	if q == QuantityAll {
		return "everything"
	}
	var names []string
	for i, name := range quantityNames {
		if q&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// DisputeCodes are the names of quantities: what Disputes surely understands.
func DisputeCodes() []string { return quantityNames[:] }

// Disputes reads from a reason, in the debtor's words, what it puts in question; an unknown reason disputes everything. Words of
// English, German, French, Dutch and Spanish are known; several in one reason add up.
func Disputes(reason string) Quantity {
	text := " " + strings.Join(disputeWords(reason), " ") + " "
	for _, unit := range unitPrices { // "price per kWh" disputes the price and not the kWh
		text = strings.ReplaceAll(text, unit, " price ")
	}
	var q Quantity
	for _, p := range disputePhrases {
		if without := strings.ReplaceAll(text, p.text, " "); len(without) < len(text) {
			q, text = q|p.means, without
		}
	}
	for word := range strings.FieldsSeq(text) {
		q |= disputeVocabulary().means(word)
	}
	// "session duration" and "kWh of the session" dispute the time and the kWh, not which session it was.
	if q&(QuantityKWh|QuantityTime) != 0 && !strings.Contains(text, " id ") {
		q &^= QuantitySession
	}
	if q == 0 {
		return QuantityAll
	}
	return q
}

// disputeWords splits a reason into words of plain lower-case letters and digits.
func disputeWords(reason string) []string {
	return strings.FieldsFunc(foldText(reason), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// minStem is the least length at which a synonym also counts inside a longer word, as German and Dutch compounds hold it
// ("Energiemenge", "Stromkosten"). A shorter one with an asterisk counts at the end of a word ("Ladezeit", "laadduur").
const minStem = 5

// vocabulary is disputeSynonyms made ready for looking up.
type vocabulary struct {
	words          map[string]Quantity
	stems, endings []stem
}

type stem struct {
	text  string
	means Quantity
}

var disputeVocabulary = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{words: map[string]Quantity{}}
	for _, s := range disputeSynonyms {
		for word := range strings.FieldsSeq(s.words) {
			ending, isEnding := strings.CutPrefix(word, "*")
			switch {
			case isEnding:
				v.endings = append(v.endings, stem{ending, s.means})
			case len(word) >= minStem:
				v.stems = append(v.stems, stem{word, s.means})
			default:
				v.words[word] |= s.means
			}
		}
	}
	return v
})

func (v *vocabulary) means(word string) Quantity {
	q := v.words[word]
	for _, s := range v.stems {
		if len(word) >= len(s.text) && strings.Contains(word, s.text) {
			q |= s.means
		}
	}
	for _, s := range v.endings {
		if strings.HasSuffix(word, s.text) {
			q |= s.means
		}
	}
	return q
}

// unitPrices are prices named by their unit, as text between words.
var unitPrices = []string{
	" per kwh ", " je kwh ", " pro kwh ", " par kwh ", " por kwh ", " eur kwh ", " ct kwh ", " cent kwh ", " kwh price ", " kwh preis ", " kwh prijs ",
	" kwh rate ", " kwh tarif ", " kwh tariff ", " per minute ", " per hour ", " pro minute ", " pro stunde ", " per uur ", " par heure ", " por hora ",
}

// disputePhrases, as text between words, are matched before single words, whose meaning they would change.
var disputePhrases = []struct {
	text  string
	means Quantity
}{
	{" not found ", QuantityExistence}, {" not received ", QuantityExistence}, {" no record ", QuantityExistence},
	{" does not exist ", QuantityExistence}, {" did not take place ", QuantityExistence}, {" did not happen ", QuantityExistence},
	{" never took place ", QuantityExistence}, {" never happened ", QuantityExistence}, {" no such ", QuantityExistence},
	{" no cdr ", QuantityExistence}, {" no session ", QuantityExistence | QuantitySession}, {" no trace ", QuantityExistence},
	{" nicht gefunden ", QuantityExistence}, {" nicht vorhanden ", QuantityExistence}, {" nicht erhalten ", QuantityExistence},
	{" existiert nicht ", QuantityExistence}, {" nicht stattgefunden ", QuantityExistence}, {" kein cdr ", QuantityExistence},
	{" niet gevonden ", QuantityExistence}, {" niet ontvangen ", QuantityExistence}, {" bestaat niet ", QuantityExistence},
	{" niet plaatsgevonden ", QuantityExistence}, {" non trouve ", QuantityExistence}, {" non trouvee ", QuantityExistence},
	{" non recu ", QuantityExistence}, {" n existe pas ", QuantityExistence}, {" no existe ", QuantityExistence},
	{" no encontrado ", QuantityExistence}, {" no encontrada ", QuantityExistence}, {" no recibido ", QuantityExistence},
	{" already billed ", QuantityDuplicate}, {" already invoiced ", QuantityDuplicate}, {" already paid ", QuantityDuplicate},
	{" bereits berechnet ", QuantityDuplicate}, {" bereits bezahlt ", QuantityDuplicate}, {" schon bezahlt ", QuantityDuplicate},
	{" al betaald ", QuantityDuplicate}, {" al gefactureerd ", QuantityDuplicate}, {" deja facture ", QuantityDuplicate},
	{" deja paye ", QuantityDuplicate}, {" ya facturado ", QuantityDuplicate}, {" ya pagado ", QuantityDuplicate},
	{" tax rate ", QuantityAmount}, {" vat rate ", QuantityAmount},
}

// disputeSynonyms are words by what they put in question, folded as foldText folds.
var disputeSynonyms = []struct {
	means Quantity
	words string
}{
	{QuantityKWh, "kwh energy energie energia consumption consumed volume verbrauch verbruik consommation consumo meter metering " +
		"zaehler zahler compteur contador strommenge menge wh kilowatt"},
	{QuantityTime, "time times duration minute minutes minuten minutos hours stunden uren heures horas *zeit dauer *tijd *duur duree temps " +
		"duracion tiempo idle parking parken parkeren stationnement standzeit overstay blocking"},
	{QuantitySession, "session sessions sessie sessies sesion sesiones sitzung sitzungen ladevorgang ladevorgange ladevorgaenge laadsessie recharge"},
	{QuantityTariff, "tariff tariffs tarif tarifs tarife tarief tarieven tarifa tarifas price prices pricing preis preise prijs prijzen " +
		"prix precio precios rate rates stepsize"},
	{QuantityAmount, "amount amounts betrag betraege betrage summe bedrag montant somme importe monto cost costs kosten cout coste overcharged " +
		"overbilled total vat tax taxes mwst ust btw tva iva steuer rounding rundung afronding arrondi redondeo"},
	{QuantityDuplicate, "duplicate duplicated duplicates double twice doppelt doppelte dubbel dubbele doublon duplique duplicado duplicada " +
		"repetido repeated"},
	{QuantityExistence, "unknown unbekannt unbekannte onbekend onbekende inconnu inconnue desconocido desconocida nonexistent nonexistant fictitious " +
		"phantom missing fehlt fehlend fehlende ontbreekt introuvable unauthorised unauthorized existence existenz existencia"},
}

// foldText brings a heading or a reason to plain lower-case letters: accents and ligatures of the five languages are taken apart.
func foldText(s string) string {
	return textFolder.Replace(strings.ToLower(s))
}

var textFolder = strings.NewReplacer(
	"ä", "a", "à", "a", "á", "a", "â", "a", "ö", "o", "ó", "o", "ô", "o", "ò", "o", "ü", "u", "ú", "u", "ù", "u", "û", "u",
	"é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ï", "i", "î", "i", "ì", "i", "ç", "c", "ñ", "n", "ß", "ss", "œ", "oe", "æ", "ae",
	"\u00a0", " ", "\ufeff", "",
)

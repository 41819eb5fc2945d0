package hypothesis

import "slices"

// Entry is what is known of a hypothesis.
type Entry struct {
	Name      string
	Direction Direction
	Text      string // the sentence of Hypothesis.Text
}

// Catalogue lists the hypotheses, sorted by name. Beside them stands one for each other choice of an open question of tariff.Rules, named
// QUESTION-CHOICE, such as step-scope-period, in the direction of the calculation.
func Catalogue() []Entry { return slices.Clone(catalogue) }

// entryOf is the entry of a hypothesis; ok is false for the readings of open questions.
func entryOf(name string, direction Direction) (Entry, bool) {
	i := slices.IndexFunc(catalogue, func(e Entry) bool { return e.Name == name && e.Direction == direction })
	if i < 0 {
		return Entry{}, false
	}
	return catalogue[i], true
}

var catalogue = []Entry{
	{"credit-sign", Calculation, "the partner left out the minus of a credit"},
	{"credit-sign", Data, "the CDR is a credit and does not say so"},
	{"cumulative-volumes", Calculation, "the partner added up running totals instead of the volumes of the periods"},
	{"cumulative-volumes", Data, "the CDR's periods state running totals instead of their own volumes"},
	{"date-ignored", Calculation, "the partner ignored start_date and end_date"},
	{"duration-limit-ignored", Calculation, "the partner ignored min_duration and max_duration"},
	{"energy-left-out", Calculation, "the partner did not bill the energy"},
	{"first-element-always", Calculation, "the partner ignored the restrictions: the first element priced everything"},
	{"first-period-energy", Calculation, "the partner billed the energy of the first period only"},
	{"flat-left-out", Calculation, "the partner did not bill the flat fee"},
	{"flat-per-period", Calculation, "the partner billed the flat fee once for each period"},
	{"gross-as-net", Calculation, "the partner stated the amount after taxes as the amount before"},
	{"gross-of-rounded-net", Calculation, "the partner reckoned the taxes on the rounded amount"},
	{"hours-as-minutes", Calculation, "the partner took hours for minutes"},
	{"hours-as-seconds", Calculation, "the partner took hours for seconds"},
	{"idle-time-as-time", Data, "the CDR states TIME for periods without energy"},
	{"kwh-as-wh", Calculation, "the partner took kilowatt-hours for watt-hours"},
	{"kwh-limit-ignored", Calculation, "the partner ignored min_kwh and max_kwh"},
	{"last-period-energy", Calculation, "the partner billed the energy of the last period only"},
	{"local-as-utc", Data, "the CDR's times are local time sent as UTC"},
	{"local-as-utc", Either, "local time was taken for UTC, in the CDR's times or for the tariff's times of day"},
	{"max-price-ignored", Calculation, "the partner did not apply max_price"},
	{"meter-readings", Data, "the CDR's periods state meter readings instead of volumes"},
	{"min-price-ignored", Calculation, "the partner did not apply min_price"},
	{"minutes-as-hours", Calculation, "the partner took minutes for hours"},
	{"minutes-as-hours", Data, "the CDR states minutes where hours are meant"},
	{"net-gross-swapped", Calculation, "the partner swapped the amounts before and after taxes"},
	{"new-tariff-version", Calculation, "the partner billed by a later version of the tariff"},
	{"offset-twice", Either, "the offset of the time zone was applied twice, in the CDR's times or for the tariff's times of day"},
	{"old-tariff-version", Calculation, "the partner billed by an earlier version of the tariff"},
	{"other-element", Calculation, "the partner priced everything by another element of the tariff"},
	{"other-tariff", Calculation, "the partner billed by another of the CDR's tariffs"},
	{"parking-as-time", Calculation, "the partner billed idle time as charging time"},
	{"parking-left-out", Calculation, "the partner did not bill the parking time"},
	{"power-limit-ignored", Calculation, "the partner ignored limits of power and current"},
	{"seconds-as-hours", Calculation, "the partner took seconds for hours"},
	{"seconds-as-hours", Data, "the CDR states seconds where hours are meant"},
	{"step-ignored", Calculation, "the partner ignored step_size"},
	{"step-in-kwh", Data, "the tariff states step_size in kWh where Wh are meant"},
	{"step-in-minutes", Data, "the tariff states step_size in minutes where seconds are meant"},
	{"step-volume-all", Calculation, "the partner rounded all volume to steps, that which is free included"},
	{"tax-included-misread", Calculation, "the partner took prices before taxes for prices with taxes, or the reverse"},
	{"time-left-out", Calculation, "the partner did not bill the charging time"},
	{"time-window-ignored", Calculation, "the partner ignored the times of day"},
	{"total-energy-billed", Calculation, "the partner billed total_energy, which is not the energy of the periods"},
	{"total-in-minor-units", Calculation, "the partner stated the total in cents"},
	{"total-rounded-down", Calculation, "the partner cut the total to fewer than two decimals"},
	{"total-rounded-off", Calculation, "the partner rounded the total to fewer than two decimals"},
	{"total-rounded-up", Calculation, "the partner rounded the total up to fewer than two decimals"},
	{"total-zero", Calculation, "the partner stated no total: 0 stands in its place"},
	{"vat-fraction", Calculation, "the partner read a percentage of tax as one hundredth of it"},
	{"vat-fraction", Data, "the CDR states tax rates as fractions, 0.21 for 21 percent"},
	{"vat-left-out", Calculation, "the partner added no taxes"},
	{"vat-percent-as-factor", Calculation, "the partner read a percentage of tax as a factor, 21 for 2100 percent"},
	{"vat-twice", Calculation, "the partner added taxes twice"},
	{"wall-clock-time", Calculation, "the partner billed wall-clock time"},
	{"wall-clock-time", Data, "the CDR's TIME holds the parking time too"},
	{"weekday-ignored", Calculation, "the partner ignored day_of_week"},
	{"wh-as-kwh", Calculation, "the partner took watt-hours for kilowatt-hours"},
	{"wh-as-kwh", Data, "the CDR states watt-hours where kilowatt-hours are meant"},
}

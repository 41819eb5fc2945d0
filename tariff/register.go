package tariff

// register describes every open question: where the text leaves a choice, where it was debated, and the choices. Clauses
// name the file and the section of the spec's repository; debates its issues.
var register = [questionCount]entry{
	questionElementLookup: {
		name: "element-lookup", title: "Does one tariff element price all dimensions, or does each dimension find its own?",
		clause: "2.2.1 and 2.3.0 mod_tariffs, Tariff and TariffElement: one lookup per dimension; 2.1.1 mod_tariffs: the first matching element is used",
		debate: "ocpi/ocpi#333, #356, #371, #389, #402, #506; settled per dimension from 2.2 on, 2.1.1 can be read either way", answered: answeredLater,
		choices: []Choice{
			{"per-dimension", "each dimension takes the first element that has a component of it and whose restrictions hold"},
			{"whole-element", "the first element whose restrictions hold prices all dimensions; what it does not list is free"},
		},
	},
	questionTimeVolume: {
		name: "time-volume", title: "Is TIME billed on charging time or on wall-clock time?",
		clause: "mod_cdrs CdrDimensionType TIME; mod_tariffs TariffDimensionType TIME",
		debate: "a known implementation error bills the whole connection (citrineos-core issue 225); total_time holds the whole session, which invites it", answered: answeredAlways,
		choices: []Choice{
			{"charging-time", "the stated TIME volume, charging only"},
			{"wall-clock", "the length of every period of the session, parking included"},
		},
	},
	questionTimeFallback: {
		name: "time-fallback", title: "What if a tariff prices time and no period states any?",
		clause: "mod_cdrs ChargingPeriod.dimensions; mod_tariffs PriceComponent",
		debate: "senders that leave the time dimensions out; ocpi-tariffs prices 0 and warns",
		choices: []Choice{
			{"none", "time that is not stated costs nothing"},
			{"period-length", "the length of each period is taken as TIME"},
		},
	},
	questionStepScope: {
		name: "step-scope", title: "Is step_size applied once per session, per period or per component?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block before the CDR table: once, on the session's total; 2.1.1 says nothing",
		debate: "ocpi/ocpi#175, #289, #334, #354, #386, #396, #423, #424, #494; tandemdrive/ocpi-tariffs#79", answered: answeredLater,
		choices: []Choice{
			{"session", "the session's total is rounded once, with the step of the last relevant component"},
			{"period", "the volume of each period is rounded with its own component's step"},
			{"component", "the total of each component is rounded with its own step"},
		},
	},
	questionStepTimeParking: {
		name: "step-time-and-parking", title: "Where TIME and PARKING_TIME are both priced, is one total rounded or only parking?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block: only the parking total; the first 2.2 text rounded the combined total",
		debate: "ocpi/ocpi#175, #289, #396, #546", answered: answeredLater,
		choices: []Choice{
			{"parking-only", "the parking total is rounded, charging time stays exact"},
			{"combined", "both together are rounded once with the step of the last relevant component"},
		},
	},
	questionStepParkingInMiddle: {
		name: "step-parking-in-middle", title: "Where charging follows priced parking, which total is rounded?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block: parking where both are used, against the last relevant component",
		debate: "not debated; the two sentences conflict where parking is not last",
		choices: []Choice{
			{"parking", "the parking total, wherever it stands"},
			{"last-dimension", "the total of the dimension priced last"},
		},
	},
	questionStepVolume: {
		name: "step-volume", title: "Does the total that is rounded include volume that no component prices?",
		clause: "2.3.0 mod_tariffs, example of switching to free of charge: only the billable volume",
		debate: "ocpi/ocpi#424, #546 (the example's total was corrected to 0.73); ocpi-tariffs sums all volume (0.78)",
		choices: []Choice{
			{"priced", "only volume that a component prices"},
			{"all", "all volume of the dimension"},
		},
	},
	questionStepExactMultiple: {
		name: "step-exact-multiple", title: "Is a total that is a whole number of steps rounded up by one more?",
		clause: "2.2.1 and 2.3.0 mod_tariffs, note under PriceComponent: 101 to 125 Wh are billed as 125 with a step of 25",
		debate: "ocpi/ocpi#493; the field text alone could be read as strictly greater", answered: answeredAlways,
		choices: []Choice{
			{"kept", "a whole number of steps stays as it is"},
			{"next", "a whole number of steps becomes one more"},
		},
	},
	questionStepZero: {
		name: "step-zero", title: "What does a step_size of 0 mean?",
		clause: "mod_tariffs PriceComponent.step_size; the spec uses 0 only on FLAT, which has no steps",
		debate: "ocpi-tariffs changelog 0.5.0: no rounding",
		choices: []Choice{
			{"no-rounding", "nothing is rounded"},
			{"one-unit", "as a step of 1: whole Wh, whole seconds"},
		},
	},
	questionStepDirection: {
		name: "step-direction", title: "Is the total rounded up or down to whole steps?",
		clause: "mod_tariffs PriceComponent.step_size: up only",
		debate: "ocpi/ocpi#512: some operators round down in the driver's favour", answered: answeredAlways,
		choices: []Choice{
			{"up", "to the next whole step"},
			{"down", "to the last whole step"},
		},
	},
	questionStepSeveralTariffs: {
		name: "step-several-tariffs", title: "Where a session changes its tariff, what is rounded?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block: not applied when switching to another tariff",
		debate: "not debated",
		choices: []Choice{
			{"last-tariff", "the total under the last tariff only"},
			{"each-tariff", "the total under each tariff on its own"},
			{"spanning", "the total of the session across tariffs"},
		},
	},
	questionStepLastPeriod: {
		name: "step-last-period", title: "Does a trailing period with a volume of 0 decide the step?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block: last relevant component",
		debate: "not debated; it can change the step and the price of the surplus",
		choices: []Choice{
			{"with-volume", "the last period with volume decides"},
			{"present", "the last period that lists the dimension decides, though its volume is 0"},
		},
	},
	questionFlatFrequency: {
		name: "flat-frequency", title: "How often is a FLAT component charged?",
		clause: "2.2.1 mod_tariffs, Tariff.min_price speaks of a fixed amount for any session; no rule elsewhere",
		debate: "ocpi/ocpi#176, #390, #566; tandemdrive/ocpi-tariffs#72",
		choices: []Choice{
			{"once", "the first that becomes active, once for the session and once for its reservation"},
			{"each-component", "every FLAT component that becomes active, once each"},
			{"last", "only the last that is active"},
		},
	},
	questionLimitsSeveralTariffs: {
		name: "limits-several-tariffs", title: "Whose min_price and max_price hold where several tariffs price a session?",
		clause: "2.2.1 and 2.3.0 mod_tariffs, Tariff.min_price and max_price: limits of a session's total cost",
		debate: "ocpi/ocpi#54, #110, #167",
		choices: []Choice{
			{"first-tariff", "those of the tariff that prices first hold for the session's total"},
			{"each-tariff", "those of each tariff hold for what it priced"},
		},
	},
	questionLimitsReservationOnly: {
		name: "limits-reservation-only", title: "Do min_price and max_price hold for a reservation that never became a session?",
		clause: "2.2.1 and 2.3.0 mod_tariffs, Tariff.min_price and max_price: limits of a charging session's cost",
		debate: "ocpi/ocpi#167",
		choices: []Choice{
			{"apply", "they hold for every CDR"},
			{"skip", "they hold only where a session took place"},
		},
	},
	questionLimitsWithoutRate: {
		name: "limits-without-rate", title: "Prices include taxes, no rate is known, the limit is stated before taxes only: does it hold?",
		clause: "2.3.0 mod_tariffs, PriceLimit and TaxIncluded",
		debate: "not debated",
		choices: []Choice{
			{"gross-limit", "only a limit stated after taxes holds"},
			{"any-limit", "a limit stated before taxes is held against the price including taxes"},
		},
	},
	questionVATAbsent: {
		name: "vat-absent", title: "What is the tax of a component without vat?",
		clause: "2.2.1 mod_tariffs PriceComponent.vat: absent means that none applies; 2.3.0 takes taxes from the CDR; 2.1.1 has no VAT",
		debate: "ocpi/ocpi#211, #409",
		choices: []Choice{
			{"no-vat", "none: the amount after taxes is the amount before"},
			{"cdr-taxes", "the percentages listed in the CDR's taxes; unknown where there are none"},
			{"unknown", "unknown"},
		},
	},
	questionMidPeriodChange: {
		name: "mid-period-change", title: "Which price holds where a component changes inside a period?",
		clause: "2.2.1 and 2.3.0 mod_cdrs ChargingPeriod: the operator must start a new period there; 2.1.1 has no such duty",
		debate: "ocpi/ocpi#222; tandemdrive/ocpi-tariffs#52, #57, #66", answered: answeredLater,
		choices: []Choice{
			{"as-declared", "that of the period's start, for the whole period"},
			{"split", "the period is split at the change, its volumes in proportion to time"},
		},
	},
	questionDurationMeasure: {
		name: "duration-measure", title: "What do min_duration and max_duration measure?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions: the whole charging session",
		debate: "ocpi/ocpi#225, #368, #434, #561, #566; tandemdrive/ocpi-tariffs#53; operators use them as grace periods of parking", answered: answeredLater,
		choices: []Choice{
			{"session", "the time since the session began"},
			{"dimension", "for TIME and PARKING_TIME, the time of that dimension so far"},
		},
	},
	questionDurationOrigin: {
		name: "duration-origin", title: "From where do durations count where a reservation precedes or the first period starts late?",
		clause: "2.2.1 mod_cdrs CDR.start_date_time (start of the reservation) against TariffRestrictions (charging session)",
		debate: "not debated; ocpi-tariffs counts from the first period",
		choices: []Choice{
			{"charging-start", "from the CDR's start, or where a reservation precedes from the first period after it"},
			{"cdr-start", "from the CDR's start"},
			{"first-period", "from the start of the first period"},
		},
	},
	questionPowerUnknown: {
		name: "power-unknown", title: "Does a power or current restriction hold where the period does not settle the value?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions.min_power, max_power, min_current, max_current: the value at the moment",
		debate: "tandemdrive/ocpi-tariffs#77: least restriction against MAX dimension, greatest against MIN, missing holds",
		choices: []Choice{
			{"holds", "it holds"},
			{"fails", "it does not hold"},
		},
	},
	questionPowerUnit: {
		name: "power-unit", title: "Are min_power and max_power of 2.1.1 kilowatts or amperes?",
		clause: "2.1.1 mod_tariffs TariffRestrictions: kW by the field, amperes by its example",
		debate: "ocpi/ocpi#516, #246",
		choices: []Choice{
			{"kilowatt", "kW, against MIN_POWER and MAX_POWER"},
			{"ampere", "A, against MIN_CURRENT and MAX_CURRENT"},
		},
	},
	questionReservationExpired: {
		name: "reservation-expired", title: "Did the reservation expire?",
		clause: "2.2.1 and 2.3.0 mod_tariffs ReservationRestrictionType; the CDR does not say",
		debate: "ocpi/ocpi#395, #459",
		choices: []Choice{
			{"inferred", "it expired where no period shows charging"},
			{"expired", "it expired"},
			{"used", "it led to a session"},
		},
	},
	questionReservationOther: {
		name: "reservation-unrestricted", title: "Do elements without a reservation restriction price the reserved time?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions.reservation; examples 17 and 18 only fit no",
		debate: "not debated",
		choices: []Choice{
			{"no", "only elements for reservations price a reservation"},
			{"yes", "elements without the restriction price it too"},
		},
	},
	questionReservationFlat: {
		name: "reservation-expired-flat", title: "An expired reservation with a FLAT of both kinds: one or both?",
		clause: "2.2.1 and 2.3.0 mod_tariffs, note under ReservationRestrictionType: decides TIME only",
		debate: "ocpi/ocpi#395",
		choices: []Choice{
			{"first", "the first that matches, once"},
			{"both", "the first of each kind"},
		},
	},
	questionReservationStep: {
		name: "reservation-step", title: "Is reserved time rounded to its steps on its own?",
		clause: "2.2.1 and 2.3.0 mod_cdrs, step_size block: TIME and PARKING_TIME are named, reservation is not",
		debate: "not debated",
		choices: []Choice{
			{"separate", "on its own"},
			{"combined", "together with TIME, once"},
		},
	},
	questionWeekdayWindow: {
		name: "weekday-of-window", title: "Which weekday counts after midnight of a window that wraps?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions.day_of_week, start_time, end_time",
		debate: "tandemdrive/ocpi-tariffs#64",
		choices: []Choice{
			{"instant", "the weekday of the moment"},
			{"window-start", "the weekday on which the window began"},
		},
	},
	questionWeekdayZone: {
		name: "weekday-zone", title: "Is day_of_week the local weekday?",
		clause: "mod_tariffs TariffRestrictions.day_of_week: no version names a zone",
		debate: "ocpi/ocpi#231, #495",
		choices: []Choice{
			{"local", "the weekday at the location"},
			{"utc", "the weekday in UTC"},
		},
	},
	questionRestrictionZone: {
		name: "restriction-zone", title: "In which zone are times and dates of 2.1.1 restrictions?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions: local time of the location; 2.1.1 is silent",
		debate: "ocpi/ocpi#231, #495",
		choices: []Choice{
			{"local", "local time of the location"},
			{"utc", "UTC"},
		},
	},
	questionEndTime2359: {
		name: "end-time-2359", title: "Does an end_time of 23:59 mean the end of the day?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions.end_time: 00:00 is the end of the day",
		debate: "ocpi/ocpi#271, #466, #502",
		choices: []Choice{
			{"strict", "the last minute of the day is outside"},
			{"end-of-day", "the last minute is inside"},
		},
	},
	questionDateWindow: {
		name: "date-time-window", title: "Do dates and times of one element join to one span or hold each day?",
		clause: "2.2.1 and 2.3.0 mod_tariffs TariffRestrictions: separate restrictions that all hold",
		debate: "ocpi/ocpi#499", answered: answeredAlways,
		choices: []Choice{
			{"daily", "the times hold on each day between the dates"},
			{"joined", "from start_date at start_time until end_date at end_time"},
		},
	},
	questionTariffID: {
		name: "period-tariff-id", title: "Does a period's tariff_id select its tariff?",
		clause: "2.2.1 and 2.3.0 mod_cdrs ChargingPeriod.tariff_id",
		debate: "ocpi/ocpi#134, #165, #273, #326, #370, #371; ocpi-tariffs takes the first active tariff for all periods",
		choices: []Choice{
			{"honoured", "it does"},
			{"session-start", "the tariff valid at the start of the session prices all periods"},
		},
	},
	questionPeriodWithoutTariff: {
		name: "period-without-tariff-id", title: "Which tariff prices periods without tariff_id where there are several?",
		clause: "2.2.1 and 2.3.0 mod_cdrs ChargingPeriod.tariff_id: absent where no tariff is relevant",
		debate: "ocpi/ocpi#273, #326, #543: keeping the tariff of the start is common, changing it is often unlawful",
		choices: []Choice{
			{"session-start", "the one valid at the start of the session"},
			{"period-start", "the one valid at the start of the period"},
			{"unpriced", "none: by the letter the period costs nothing"},
		},
	},
	questionTariffWindowEnd: {
		name: "tariff-window-end", title: "Is a tariff still valid at its end_date_time?",
		clause: "2.2.1 and 2.3.0 mod_tariffs Tariff.end_date_time",
		debate: "ocpi/ocpi#519; an example that ends at 23:59:59 suggests yes",
		choices: []Choice{
			{"exclusive", "no"},
			{"inclusive", "yes"},
		},
	},
	questionDuplicateComponent: {
		name: "duplicate-component", title: "Which of two components of one dimension in one element counts?",
		clause: "2.2.1 and 2.3.0 mod_tariffs Tariff: at most one component of a dimension is active at a time",
		debate: "ocpi/ocpi#402, #530, #562",
		choices: []Choice{
			{"first", "the first"},
			{"last", "the last"},
		},
	},
	questionHourSnap: {
		name: "hour-snap", title: "Are hours that were cut to four decimals read as the period's length?",
		clause: "types, number: four decimals; mod_cdrs CdrDimension.volume",
		debate: "ocpi-tariffs 0.54 does, 0.48 did not: 40 minutes as 0.6667 h are 2400.12 s, which a step of 60 s bills as 41",
		choices: []Choice{
			{"snap", "within half a unit of the last decimal sent, the length of the period counts"},
			{"literal", "the hours as stated"},
		},
	},
	questionTaxIncludedMissing: {
		name: "tax-included-missing", title: "Does a 2.3.0 tariff without tax_included state prices before taxes?",
		clause: "2.3.0 mod_tariffs Tariff.tax_included, required; the spec's own CDR example leaves it out",
		debate: "not debated",
		choices: []Choice{
			{"no", "prices are before taxes"},
			{"yes", "prices include taxes"},
		},
	},
}

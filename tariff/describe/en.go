package describe

var english = phrases{
	Decimal: ".", MoneySymbol: "{sign}{amount}", MoneyCode: "{sign} {amount}", Percent: "{number}%", Colon: ": ", And: " and ",
	Hour: plural{"hour", "hours"}, Minute: plural{"minute", "minutes"}, Second: plural{"second", "seconds"},

	Days:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	OnDays:    [7]string{"Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"},
	OnDayList: "on {days}", DayRange: "from {from} to {until}",
	Months: [12]string{
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	},
	FirstDay: "1", Date: "{day} {month} {year}", Moment: "{date}, {time} UTC",
	DateBounds: bounds{"from {from} until before {until}", "from {from} on", "before {until}"},
	TimeBounds: bounds{"from {from} until before {until}", "from {from} until midnight", "before {until}"},
	Overnight:  "from {from} until before {until} the next day",
	Outside:    "before {until} and again from {from}",
	Midnight:   "from {from} until midnight",

	SessionTime: bounds{
		"once the session has lasted {from} and until it has lasted {until}", "once the session has lasted {from}",
		"until the session has lasted {until}",
	},
	ReservationTime: bounds{
		"once the reservation has lasted {from} and until it has lasted {until}", "once the reservation has lasted {from}",
		"until the reservation has lasted {until}",
	},
	EnergyBounds: bounds{
		"after the first {from} kWh and up to {until} kWh", "after the first {from} kWh", "for the first {until} kWh",
	},
	PowerBounds: bounds{
		"at a power of {from} kW or more but below {until} kW", "at a power of {from} kW or more", "at a power below {until} kW",
	},
	CurrentBounds: bounds{
		"at a current of {from} A or more but below {until} A", "at a current of {from} A or more", "at a current below {until} A",
	},

	Title: "Tariff {id}, prices in {currency}", TitleOwned: "Tariff {id} of {owner}, prices in {currency}",
	NoCurrency: "a currency that is not stated",
	Types: map[string]string{
		"AD_HOC_PAYMENT": "For payment on the spot, without a contract.",
		"PROFILE_CHEAP":  "For drivers who ask for the cheapest charging.",
		"PROFILE_FAST":   "For drivers who ask for the fastest charging.",
		"PROFILE_GREEN":  "For drivers who ask for the greenest charging.",
		"REGULAR":        "The regular tariff, without charging preferences.",
	},
	Headings: [subjectCount]string{
		"Energy", "Charging time", "Parking (plugged in but not charging)", "Flat fee", "Reserved time", "Reservation fee",
		"Reserved time if you do not come", "Reservation fee if you do not come",
	},
	PerKWh: "{price} per kWh", PerHour: "{price} per hour", PerSession: "{price} per session", PerReservation: "{price} per reservation",
	Free: "free", Nothing: "nothing", Otherwise: "otherwise", OtherwiseIf: "otherwise, {conditions}",
	Names:          [Flat]string{"energy", "charging time", "parking"},
	NotCharged:     "Not charged: {list}.",
	AnyReservation: "The reservation is charged whether you come or not.",

	PlusVAT: "plus {percent} VAT", NoVAT: "no VAT", NoVATAll: "No VAT is added.",
	PlusTaxes: "plus taxes", PlusTaxesAll: "Prices are before taxes; the tariff does not state the rate.",
	ReadAsAdded:  "The tariff does not say whether its prices include taxes; they are read as prices before taxes.",
	IncludingVAT: "including {percent} VAT", IncludingTaxes: "including taxes", Included: "Prices include taxes.",
	BeforeVATAll: "Prices are before VAT; the tariff does not say how much is added.",
	NoTaxAll:     "No tax applies.", MentionsVAT: "the {percent} VAT that the tariff mentions does not count",

	Steps:       "Billed in steps of {step}; the total is rounded up once.",
	StepsOfRate: "in steps of {step}", StepsLast: "The total is rounded up once, in the steps of the rate that applied last.",
	ParkingOnly:  "If parking is charged as well, only the parking time is rounded up.",
	FlatOnce:     "Charged once, as soon as this applies.",
	FlatFirst:    "Charged once, as soon as one of these applies.",
	PowerUnknown: "Where power or current is not known, a condition on it counts as met.",
	LocalTime:    "Days and times are those at the charge point.",
	Least:        "A session costs at least {amount}.", Most: "A session costs at most {amount}.",
	Both: "{gross} incl. VAT ({net} before VAT)", Net: "{net} before VAT", Gross: "{gross} incl. taxes",
	LimitBoth:    "{net} before VAT and {gross} incl. VAT",
	LimitNotHeld: "Where the tax rate is not known, this amount before taxes is not applied.",
	ValidBounds:  bounds{"Valid from {from} until before {until}.", "Valid from {from}.", "Valid until before {until}."},

	UnusedHeading: "In the tariff, but never applied:", UnusedRate: "{rate} ({reason})",
	Reasons: [reasonCount]string{
		"a rate before it always comes first", "another price of the same kind comes first", "its conditions can never hold",
		"a reservation has no such price", "no known kind of price",
	},

	Example: "Example: {session}: {cost}", ExampleDay: "on {day} at {time}", ExampleDate: "on {day}, {date}, at {time}",
	Charged: "{energy} kWh in {length} {when}", ThenParked: ", then parked for {length}", AfterReservation: ", reserved {length} before",
}

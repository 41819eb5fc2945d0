package describe

var dutch = phrases{
	Decimal: ",", MoneySymbol: "{sign} {amount}", MoneyCode: "{sign} {amount}", Percent: "{number}%", Colon: ": ", And: " en ",
	Hour: plural{"uur", "uur"}, Minute: plural{"minuut", "minuten"}, Second: plural{"seconde", "seconden"},

	Days:      [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	OnDays:    [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	OnDayList: "op {days}", DayRange: "van {from} tot en met {until}",
	Months: [12]string{
		"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
	},
	FirstDay: "1", Date: "{day} {month} {year}", Moment: "{date}, {time} uur UTC",
	DateBounds: bounds{"vanaf {from} en vóór {until}", "vanaf {from}", "vóór {until}"},
	TimeBounds: bounds{"van {from} tot {until} uur", "van {from} uur tot middernacht", "vóór {until} uur"},
	Overnight:  "van {from} tot {until} uur de volgende dag",
	Outside:    "vóór {until} uur en weer vanaf {from} uur",
	Midnight:   "van {from} uur tot middernacht",

	SessionTime: bounds{
		"zodra de sessie {from} heeft geduurd en totdat ze {until} heeft geduurd", "zodra de sessie {from} heeft geduurd",
		"totdat de sessie {until} heeft geduurd",
	},
	ReservationTime: bounds{
		"zodra de reservering {from} heeft geduurd en totdat ze {until} heeft geduurd", "zodra de reservering {from} heeft geduurd",
		"totdat de reservering {until} heeft geduurd",
	},
	EnergyBounds: bounds{
		"na de eerste {from} kWh en tot {until} kWh", "na de eerste {from} kWh", "voor de eerste {until} kWh",
	},
	PowerBounds: bounds{
		"bij een vermogen vanaf {from} kW en onder {until} kW", "bij een vermogen vanaf {from} kW", "bij een vermogen onder {until} kW",
	},
	CurrentBounds: bounds{
		"bij een stroomsterkte vanaf {from} A en onder {until} A", "bij een stroomsterkte vanaf {from} A", "bij een stroomsterkte onder {until} A",
	},

	Title: "Tarief {id}, prijzen in {currency}", TitleOwned: "Tarief {id} van {owner}, prijzen in {currency}",
	NoCurrency: "een munt die niet genoemd is",
	Types: map[string]string{
		"AD_HOC_PAYMENT": "Voor betalen ter plaatse, zonder contract.",
		"PROFILE_CHEAP":  "Voor wie zo goedkoop mogelijk wil laden.",
		"PROFILE_FAST":   "Voor wie zo snel mogelijk wil laden.",
		"PROFILE_GREEN":  "Voor wie zo groen mogelijk wil laden.",
		"REGULAR":        "Het gewone tarief, zonder laadvoorkeur.",
	},
	Headings: [subjectCount]string{
		"Energie", "Laadtijd", "Parkeren (aangesloten zonder te laden)", "Vast bedrag", "Gereserveerde tijd", "Reserveringskosten",
		"Gereserveerde tijd als u niet komt", "Reserveringskosten als u niet komt",
	},
	PerKWh: "{price} per kWh", PerHour: "{price} per uur", PerSession: "{price} per sessie", PerReservation: "{price} per reservering",
	Free: "gratis", Nothing: "niets", Otherwise: "anders", OtherwiseIf: "anders {conditions}",
	Names:          [Flat]string{"energie", "laadtijd", "parkeren"},
	NotCharged:     "Niet in rekening gebracht: {list}.",
	AnyReservation: "De reservering wordt in rekening gebracht, of u nu komt of niet.",

	PlusVAT: "plus {percent} btw", NoVAT: "zonder btw", NoVATAll: "Er komt geen btw bij.",
	PlusTaxes: "plus belastingen", PlusTaxesAll: "De prijzen zijn vóór belastingen; het tarief noemt geen percentage.",
	ReadAsAdded:  "Het tarief zegt niet of de prijzen inclusief belastingen zijn; ze worden gelezen als prijzen vóór belastingen.",
	IncludingVAT: "inclusief {percent} btw", IncludingTaxes: "inclusief belastingen", Included: "De prijzen zijn inclusief belastingen.",
	BeforeVATAll: "De prijzen zijn exclusief btw; het tarief zegt niet hoeveel erbij komt.",
	NoTaxAll:     "Er is geen belasting verschuldigd.", MentionsVAT: "de {percent} btw die het tarief noemt telt niet mee",

	Steps:       "Berekend in stappen van {step}; het totaal wordt één keer naar boven afgerond.",
	StepsOfRate: "in stappen van {step}",
	StepsLast:   "Het totaal wordt één keer naar boven afgerond, in de stappen van de prijs die als laatste gold.",
	ParkingOnly: "Als er ook parkeren wordt berekend, wordt alleen de parkeertijd naar boven afgerond.",
	FlatOnce:    "Eén keer berekend, zodra dit van toepassing is.", FlatFirst: "Eén keer berekend, zodra een hiervan van toepassing is.",
	PowerUnknown: "Waar vermogen of stroomsterkte niet bekend is, geldt een voorwaarde daaraan als vervuld.",
	LocalTime:    "Dagen en tijden zijn die bij het laadpunt.",
	Least:        "Een sessie kost minstens {amount}.", Most: "Een sessie kost hoogstens {amount}.",
	Both: "{gross} incl. btw ({net} excl. btw)", Net: "{net} excl. btw", Gross: "{gross} incl. belastingen",
	LimitBoth:    "{net} excl. btw en {gross} incl. btw",
	LimitNotHeld: "Waar het belastingpercentage niet bekend is, wordt dit bedrag vóór belastingen niet toegepast.",
	ValidBounds:  bounds{"Geldig vanaf {from} en vóór {until}.", "Geldig vanaf {from}.", "Geldig vóór {until}."},

	UnusedHeading: "Staat in het tarief, maar geldt nooit:", UnusedRate: "{rate} ({reason})",
	Reasons: [reasonCount]string{
		"een eerdere prijs gaat altijd voor", "een andere prijs van dezelfde soort gaat voor", "aan de voorwaarden kan nooit worden voldaan",
		"een reservering kent zo'n prijs niet", "geen bekende soort prijs",
	},

	Example: "Voorbeeld: {session}: {cost}", ExampleDay: "op {day} om {time} uur", ExampleDate: "op {day} {date} om {time} uur",
	Charged: "{energy} kWh in {length} {when}", ThenParked: ", daarna {length} geparkeerd", AfterReservation: ", {length} vooraf gereserveerd",
}

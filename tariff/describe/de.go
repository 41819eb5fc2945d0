package describe

var german = phrases{
	Decimal: ",", MoneySymbol: "{amount} {sign}", MoneyCode: "{amount} {sign}", Percent: "{number} %", Colon: ": ", And: " und ",
	Hour: plural{"Stunde", "Stunden"}, Minute: plural{"Minute", "Minuten"}, Second: plural{"Sekunde", "Sekunden"},

	Days:      [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	OnDays:    [7]string{"sonntags", "montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags"},
	OnDayList: "{days}", DayRange: "von {from} bis {until}",
	Months: [12]string{
		"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
	},
	FirstDay: "1", Date: "{day}. {month} {year}", Moment: "{date}, {time} Uhr UTC",
	DateBounds: bounds{"ab dem {from} und vor dem {until}", "ab dem {from}", "vor dem {until}"},
	TimeBounds: bounds{"von {from} Uhr bis vor {until} Uhr", "von {from} Uhr bis Mitternacht", "vor {until} Uhr"},
	Overnight:  "von {from} Uhr bis vor {until} Uhr am nächsten Tag",
	Outside:    "vor {until} Uhr und wieder ab {from} Uhr",
	Midnight:   "von {from} Uhr bis Mitternacht",

	SessionTime: bounds{
		"sobald der Ladevorgang {from} gedauert hat und bis er {until} gedauert hat", "sobald der Ladevorgang {from} gedauert hat",
		"bis der Ladevorgang {until} gedauert hat",
	},
	ReservationTime: bounds{
		"sobald die Reservierung {from} gedauert hat und bis sie {until} gedauert hat", "sobald die Reservierung {from} gedauert hat",
		"bis die Reservierung {until} gedauert hat",
	},
	EnergyBounds: bounds{
		"nach den ersten {from} kWh und bis {until} kWh", "nach den ersten {from} kWh", "für die ersten {until} kWh",
	},
	PowerBounds: bounds{
		"bei einer Leistung ab {from} kW und unter {until} kW", "bei einer Leistung ab {from} kW", "bei einer Leistung unter {until} kW",
	},
	CurrentBounds: bounds{
		"bei einer Stromstärke ab {from} A und unter {until} A", "bei einer Stromstärke ab {from} A", "bei einer Stromstärke unter {until} A",
	},

	Title: "Tarif {id}, Preise in {currency}", TitleOwned: "Tarif {id} von {owner}, Preise in {currency}",
	NoCurrency: "einer nicht genannten Währung",
	Types: map[string]string{
		"AD_HOC_PAYMENT": "Für die Zahlung vor Ort, ohne Vertrag.",
		"PROFILE_CHEAP":  "Für alle, die möglichst günstig laden möchten.",
		"PROFILE_FAST":   "Für alle, die möglichst schnell laden möchten.",
		"PROFILE_GREEN":  "Für alle, die möglichst grün laden möchten.",
		"REGULAR":        "Der reguläre Tarif, ohne besondere Ladewünsche.",
	},
	Headings: [subjectCount]string{
		"Energie", "Ladezeit", "Parken (angesteckt, ohne zu laden)", "Pauschale", "Reservierte Zeit", "Reservierungsgebühr",
		"Reservierte Zeit, wenn Sie nicht kommen", "Reservierungsgebühr, wenn Sie nicht kommen",
	},
	PerKWh: "{price} pro kWh", PerHour: "{price} pro Stunde", PerSession: "{price} pro Ladevorgang", PerReservation: "{price} pro Reservierung",
	Free: "kostenlos", Nothing: "nichts", Otherwise: "sonst", OtherwiseIf: "sonst {conditions}",
	Names:          [Flat]string{"Energie", "Ladezeit", "Parken"},
	NotCharged:     "Nicht berechnet: {list}.",
	AnyReservation: "Die Reservierung wird berechnet, ob Sie kommen oder nicht.",

	PlusVAT: "zuzüglich {percent} MwSt.", NoVAT: "ohne MwSt.", NoVATAll: "Es kommt keine MwSt. hinzu.",
	PlusTaxes: "zuzüglich Steuern", PlusTaxesAll: "Die Preise verstehen sich vor Steuern; der Tarif nennt keinen Steuersatz.",
	ReadAsAdded:  "Der Tarif sagt nicht, ob seine Preise Steuern enthalten; sie werden als Preise vor Steuern gelesen.",
	IncludingVAT: "einschließlich {percent} MwSt.", IncludingTaxes: "einschließlich Steuern", Included: "Die Preise enthalten die Steuern.",
	BeforeVATAll: "Die Preise verstehen sich vor MwSt.; der Tarif sagt nicht, wie viel hinzukommt.",
	NoTaxAll:     "Es fällt keine Steuer an.", MentionsVAT: "die im Tarif genannten {percent} MwSt. zählen nicht",

	Steps:       "Abgerechnet in Schritten von {step}; die Summe wird einmal aufgerundet.",
	StepsOfRate: "in Schritten von {step}", StepsLast: "Die Summe wird einmal aufgerundet, in den Schritten des zuletzt gültigen Preises.",
	ParkingOnly:  "Wird auch Parken berechnet, wird nur die Parkzeit aufgerundet.",
	FlatOnce:     "Einmal berechnet, sobald das zutrifft.",
	FlatFirst:    "Einmal berechnet, sobald eines davon zutrifft.",
	PowerUnknown: "Ist die Leistung oder Stromstärke nicht bekannt, gilt eine Bedingung dafür als erfüllt.",
	LocalTime:    "Tage und Uhrzeiten sind die am Ladepunkt.",
	Least:        "Ein Ladevorgang kostet mindestens {amount}.", Most: "Ein Ladevorgang kostet höchstens {amount}.",
	Both: "{gross} inkl. MwSt. ({net} vor MwSt.)", Net: "{net} vor MwSt.", Gross: "{gross} inkl. Steuern",
	LimitBoth:    "{net} vor MwSt. und {gross} inkl. MwSt.",
	LimitNotHeld: "Wo der Steuersatz nicht bekannt ist, wird dieser Betrag vor Steuern nicht angewandt.",
	ValidBounds:  bounds{"Gültig ab dem {from}, nicht mehr ab dem {until}.", "Gültig ab dem {from}.", "Nicht mehr gültig ab dem {until}."},

	UnusedHeading: "Im Tarif genannt, aber nie angewandt:", UnusedRate: "{rate} ({reason})",
	Reasons: [reasonCount]string{
		"ein Preis davor gilt immer zuerst", "ein anderer Preis derselben Art gilt zuerst", "die Bedingungen können nie erfüllt sein",
		"eine Reservierung kennt keinen solchen Preis", "keine bekannte Art von Preis",
	},

	Example: "Beispiel: {session}: {cost}", ExampleDay: "am {day} um {time} Uhr", ExampleDate: "am {day}, dem {date}, um {time} Uhr",
	Charged: "{energy} kWh in {length} {when}", ThenParked: ", danach {length} geparkt", AfterReservation: ", zuvor {length} reserviert",
}

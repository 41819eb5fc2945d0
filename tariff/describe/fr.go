package describe

var french = phrases{
	Decimal: ",", MoneySymbol: "{amount} {sign}", MoneyCode: "{amount} {sign}", Percent: "{number} %", Colon: " : ", And: " et ",
	Hour: plural{"heure", "heures"}, Minute: plural{"minute", "minutes"}, Second: plural{"seconde", "secondes"},

	Days:      [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	OnDays:    [7]string{"le dimanche", "le lundi", "le mardi", "le mercredi", "le jeudi", "le vendredi", "le samedi"},
	OnDayList: "{days}", DayRange: "du {from} au {until}",
	Months: [12]string{
		"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
	},
	FirstDay: "1er", Date: "{day} {month} {year}", Moment: "{date} à {time} UTC",
	DateBounds: bounds{"à partir du {from} et avant le {until}", "à partir du {from}", "avant le {until}"},
	TimeBounds: bounds{"à partir de {from} et avant {until}", "de {from} à minuit", "avant {until}"},
	Overnight:  "à partir de {from} et avant {until} le lendemain",
	Outside:    "avant {until} puis de nouveau à partir de {from}",
	Midnight:   "de {from} à minuit",

	SessionTime: bounds{
		"dès que la session a duré {from} et jusqu'à ce qu'elle ait duré {until}", "dès que la session a duré {from}",
		"jusqu'à ce que la session ait duré {until}",
	},
	ReservationTime: bounds{
		"dès que la réservation a duré {from} et jusqu'à ce qu'elle ait duré {until}", "dès que la réservation a duré {from}",
		"jusqu'à ce que la réservation ait duré {until}",
	},
	EnergyBounds: bounds{
		"après les {from} premiers kWh et jusqu'à {until} kWh", "après les {from} premiers kWh", "pour les {until} premiers kWh",
	},
	PowerBounds: bounds{
		"à une puissance d'au moins {from} kW et inférieure à {until} kW", "à une puissance d'au moins {from} kW",
		"à une puissance inférieure à {until} kW",
	},
	CurrentBounds: bounds{
		"à une intensité d'au moins {from} A et inférieure à {until} A", "à une intensité d'au moins {from} A",
		"à une intensité inférieure à {until} A",
	},

	Title: "Tarif {id}, prix en {currency}", TitleOwned: "Tarif {id} de {owner}, prix en {currency}",
	NoCurrency: "une monnaie non précisée",
	Types: map[string]string{
		"AD_HOC_PAYMENT": "Pour le paiement sur place, sans contrat.",
		"PROFILE_CHEAP":  "Pour ceux qui préfèrent la recharge la moins chère.",
		"PROFILE_FAST":   "Pour ceux qui préfèrent la recharge la plus rapide.",
		"PROFILE_GREEN":  "Pour ceux qui préfèrent la recharge la plus verte.",
		"REGULAR":        "Le tarif normal, sans préférence de recharge.",
	},
	Headings: [subjectCount]string{
		"Énergie", "Temps de recharge", "Stationnement (branché sans recharger)", "Forfait", "Temps réservé", "Frais de réservation",
		"Temps réservé si vous ne venez pas", "Frais de réservation si vous ne venez pas",
	},
	PerKWh: "{price} par kWh", PerHour: "{price} par heure", PerSession: "{price} par session", PerReservation: "{price} par réservation",
	Free: "gratuit", Nothing: "rien", Otherwise: "sinon", OtherwiseIf: "sinon, {conditions}",
	Names:          [Flat]string{"énergie", "temps de recharge", "stationnement"},
	NotCharged:     "Non facturé : {list}.",
	AnyReservation: "La réservation est facturée, que vous veniez ou non.",

	PlusVAT: "plus {percent} de TVA", NoVAT: "sans TVA", NoVATAll: "Aucune TVA ne s'ajoute.",
	PlusTaxes: "plus taxes", PlusTaxesAll: "Les prix sont hors taxes ; le tarif n'indique pas le taux.",
	ReadAsAdded:  "Le tarif ne dit pas si ses prix comprennent les taxes ; ils sont lus comme des prix hors taxes.",
	IncludingVAT: "dont {percent} de TVA", IncludingTaxes: "taxes comprises", Included: "Les prix comprennent les taxes.",
	BeforeVATAll: "Les prix sont hors TVA ; le tarif ne dit pas combien s'y ajoute.",
	NoTaxAll:     "Aucune taxe ne s'applique.", MentionsVAT: "la TVA de {percent} que mentionne le tarif ne compte pas",

	Steps:       "Facturé par tranches de {step} ; le total est arrondi une seule fois, vers le haut.",
	StepsOfRate: "par tranches de {step}",
	StepsLast:   "Le total est arrondi une seule fois, vers le haut, par tranches du dernier prix appliqué.",
	ParkingOnly: "Si le stationnement est aussi facturé, seul le temps de stationnement est arrondi vers le haut.",
	FlatOnce:    "Facturé une seule fois, dès que la condition est remplie.", FlatFirst: "Facturé une seule fois, dès que l'une de ces lignes s'applique.",
	PowerUnknown: "Si la puissance ou l'intensité n'est pas connue, une condition qui en dépend est tenue pour remplie.",
	LocalTime:    "Les jours et les heures sont ceux du point de recharge.",
	Least:        "Une session coûte au moins {amount}.", Most: "Une session coûte au plus {amount}.",
	Both: "{gross} TTC ({net} HT)", Net: "{net} HT", Gross: "{gross} TTC",
	LimitBoth:    "{net} HT et {gross} TTC",
	LimitNotHeld: "Si le taux de taxe n'est pas connu, ce montant hors taxes n'est pas appliqué.",
	ValidBounds:  bounds{"Valable à partir du {from} et avant le {until}.", "Valable à partir du {from}.", "Valable avant le {until}."},

	UnusedHeading: "Dans le tarif, mais jamais appliqué :", UnusedRate: "{rate} ({reason})",
	Reasons: [reasonCount]string{
		"un prix précédent s'applique toujours d'abord", "un autre prix du même genre passe avant", "ses conditions ne peuvent jamais être remplies",
		"une réservation n'a pas de tel prix", "genre de prix inconnu",
	},

	Example: "Exemple : {session} : {cost}", ExampleDay: "le {day} à {time}", ExampleDate: "le {day} {date} à {time}",
	Charged: "{energy} kWh en {length} {when}", ThenParked: ", puis {length} de stationnement", AfterReservation: ", après {length} de réservation",
}

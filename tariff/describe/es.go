package describe

var spanish = phrases{
	Decimal: ",", MoneySymbol: "{amount} {sign}", MoneyCode: "{amount} {sign}", Percent: "{number} %", Colon: ": ", And: " y ",
	Hour: plural{"hora", "horas"}, Minute: plural{"minuto", "minutos"}, Second: plural{"segundo", "segundos"},

	Days:      [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	OnDays:    [7]string{"domingos", "lunes", "martes", "miércoles", "jueves", "viernes", "sábados"},
	OnDayList: "los {days}", DayRange: "de {from} a {until}",
	Months: [12]string{
		"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	},
	FirstDay: "1", Date: "{day} de {month} de {year}", Moment: "{date}, {time} UTC",
	DateBounds: bounds{"desde el {from} y antes del {until}", "desde el {from}", "antes del {until}"},
	TimeBounds: bounds{"desde las {from} y antes de las {until}", "desde las {from} hasta la medianoche", "antes de las {until}"},
	Overnight:  "desde las {from} y antes de las {until} del día siguiente",
	Outside:    "antes de las {until} y de nuevo desde las {from}",
	Midnight:   "desde las {from} hasta la medianoche",

	SessionTime: bounds{
		"una vez que la sesión ha durado {from} y hasta que haya durado {until}", "una vez que la sesión ha durado {from}",
		"hasta que la sesión haya durado {until}",
	},
	ReservationTime: bounds{
		"una vez que la reserva ha durado {from} y hasta que haya durado {until}", "una vez que la reserva ha durado {from}",
		"hasta que la reserva haya durado {until}",
	},
	EnergyBounds: bounds{
		"después de los primeros {from} kWh y hasta {until} kWh", "después de los primeros {from} kWh", "para los primeros {until} kWh",
	},
	PowerBounds: bounds{
		"con una potencia de {from} kW o más y menos de {until} kW", "con una potencia de {from} kW o más", "con una potencia de menos de {until} kW",
	},
	CurrentBounds: bounds{
		"con una corriente de {from} A o más y menos de {until} A", "con una corriente de {from} A o más", "con una corriente de menos de {until} A",
	},

	Title: "Tarifa {id}, precios en {currency}", TitleOwned: "Tarifa {id} de {owner}, precios en {currency}",
	NoCurrency: "una moneda no indicada",
	Types: map[string]string{
		"AD_HOC_PAYMENT": "Para el pago en el punto de recarga, sin contrato.",
		"PROFILE_CHEAP":  "Para quien prefiere la recarga más barata.",
		"PROFILE_FAST":   "Para quien prefiere la recarga más rápida.",
		"PROFILE_GREEN":  "Para quien prefiere la recarga más verde.",
		"REGULAR":        "La tarifa normal, sin preferencias de recarga.",
	},
	Headings: [subjectCount]string{
		"Energía", "Tiempo de recarga", "Aparcamiento (conectado sin cargar)", "Importe fijo", "Tiempo reservado", "Gastos de reserva",
		"Tiempo reservado si no viene", "Gastos de reserva si no viene",
	},
	PerKWh: "{price} por kWh", PerHour: "{price} por hora", PerSession: "{price} por sesión", PerReservation: "{price} por reserva",
	Free: "gratis", Nothing: "nada", Otherwise: "en otro caso", OtherwiseIf: "en otro caso, {conditions}",
	Names:          [Flat]string{"energía", "tiempo de recarga", "aparcamiento"},
	NotCharged:     "No se cobra: {list}.",
	AnyReservation: "La reserva se cobra tanto si viene como si no.",

	PlusVAT: "más {percent} de IVA", NoVAT: "sin IVA", NoVATAll: "No se añade IVA.",
	PlusTaxes: "más impuestos", PlusTaxesAll: "Los precios son sin impuestos; la tarifa no indica el tipo.",
	ReadAsAdded:  "La tarifa no dice si sus precios incluyen impuestos; se leen como precios sin impuestos.",
	IncludingVAT: "con {percent} de IVA incluido", IncludingTaxes: "impuestos incluidos", Included: "Los precios incluyen los impuestos.",
	BeforeVATAll: "Los precios son sin IVA; la tarifa no dice cuánto se añade.",
	NoTaxAll:     "No se aplica ningún impuesto.", MentionsVAT: "el {percent} de IVA que menciona la tarifa no cuenta",

	Steps:       "Se factura en tramos de {step}; el total se redondea hacia arriba una sola vez.",
	StepsOfRate: "en tramos de {step}",
	StepsLast:   "El total se redondea hacia arriba una sola vez, en los tramos del último precio aplicado.",
	ParkingOnly: "Si también se cobra el aparcamiento, solo se redondea hacia arriba el tiempo de aparcamiento.",
	FlatOnce:    "Se cobra una sola vez, en cuanto se cumple.", FlatFirst: "Se cobra una sola vez, en cuanto se cumple una de estas líneas.",
	PowerUnknown: "Si no se conoce la potencia o la corriente, la condición correspondiente se da por cumplida.",
	LocalTime:    "Los días y las horas son los del punto de recarga.",
	Least:        "Una sesión cuesta como mínimo {amount}.", Most: "Una sesión cuesta como máximo {amount}.",
	Both: "{gross} con IVA ({net} sin IVA)", Net: "{net} sin IVA", Gross: "{gross} con impuestos",
	LimitBoth:    "{net} sin IVA y {gross} con IVA",
	LimitNotHeld: "Si no se conoce el tipo del impuesto, este importe sin impuestos no se aplica.",
	ValidBounds:  bounds{"Válida desde el {from} y antes del {until}.", "Válida desde el {from}.", "Válida antes del {until}."},

	UnusedHeading: "Figura en la tarifa, pero nunca se aplica:", UnusedRate: "{rate} ({reason})",
	Reasons: [reasonCount]string{
		"un precio anterior se aplica siempre antes", "otro precio del mismo tipo se aplica antes", "sus condiciones no pueden cumplirse nunca",
		"una reserva no tiene tal precio", "tipo de precio desconocido",
	},

	Example: "Ejemplo: {session}: {cost}", ExampleDay: "el {day} a las {time}", ExampleDate: "el {day} {date} a las {time}",
	Charged: "{energy} kWh en {length} {when}", ThenParked: ", después {length} de aparcamiento", AfterReservation: ", tras {length} de reserva",
}

package reconcile

// columnNames are the native names of columns.
var columnNames = [columnCount]string{
	colInvoiceID: "invoice_id", colLine: "line", colInvoiceDate: "invoice_date", colCountryCode: "country_code", colPartyID: "party_id",
	colCDRID: "cdr_id", colSessionID: "session_id", colEVSEID: "evse_id", colContractID: "contract_id", colStart: "start", colEnd: "end",
	colKWh: "kwh", colMeterID: "meter_id", colMeterStart: "meter_start", colMeterStop: "meter_stop",
	colAmountExcl: "amount_excl_vat", colVAT: "vat", colAmountIncl: "amount_incl_vat", colTaxRate: "tax_rate",
	colCurrency: "currency", colDescription: "description", colStatus: "status", colReason: "reason",
	colSessions: "sessions", colMasterLine: "master_line", colPeriodFrom: "period_from", colPeriodTo: "period_to", colToken: "token", colLocation: "location",
	colVehicle: "vehicle", colDriver: "driver",
	colClaimedKWh: "claimed_kwh", colClaimedSeconds: "claimed_seconds", colClaimedAmount: "claimed_amount",
	colCase: "case", colRound: "round", colPack: "pack", colOwed: "owed", colReasons: "reasons", colCheck: "check", colAnswer: "answer",
	colDisputeCode: "dispute_code", colTheirValue: "their_value", colTheirEvidence: "their_evidence", colComment: "comment",
}

// columnSynonyms are usual headings in English, German, French, Dutch and Spanish, as foldHeading folds them (umlauts lose their
// dots; spellings with e stand beside them).
var columnSynonyms = [columnCount]string{
	colInvoiceID: "invoice invoiceno invoicenr invoicenumber invoicereference invoiceref billid billno billnumber " +
		"rechnung rechnungsnummer rechnungsnr rechnungnr facture numerofacture nofacture nfacture ndefacture nfactura numerodefacture idfacture " +
		"factuur factuurnummer factuurnr factura numerofactura numerodefactura nofactura idfactura",
	colLine: "lineno linenr linenumber lineid invoiceline position pos posnr item itemno itemnumber rowno rownumber zeile zeilennummer " +
		"rechnungsposition ligne numeroligne numerodeligne regel regelnummer factuurregel linea numerolinea numerodelinea",
	colInvoiceDate: "dateofinvoice billdate billingdate rechnungsdatum datefacture datedefacture datedefacturation factuurdatum " +
		"fechafactura fechadefactura",
	colCountryCode: "cpocountry cpocountrycode landescode laendercode landercode landcode codepays codigopais codigodepais paiscodigo",
	colPartyID:     "party cpo cpoid cpopartyid operator operatorid operatorcode betreiber betreiberid operateur operador operadorid",
	colCDRID: "cdr cdrno cdrnumber cdrreference cdrref chargedetailrecord chargedetailrecordid cdruid recordid cdrnummer numerocdr idcdr " +
		"transactionid transaction transaktionsid transaktionsnummer idtransaction transactienummer transactieid idtransaccion",
	colSessionID: "session sessionno sessionnumber chargingsession chargingsessionid sessionref sessionreference sitzung sitzungsid " +
		"ladevorgang ladevorgangsid ladevorgangid ladesitzung numerosession idsession iddesession sessie sessieid sessienummer laadsessie " +
		"laadsessieid sesion sesionid idsesion iddesesion numerosesion",
	colEVSEID: "evse evseuid chargepointid chargepoint chargerid charger stationid ladepunkt ladepunktid ladesaeule ladesaule " +
		"pointdecharge borne idborne laadpunt laadpuntid laadpaal punto puntodecarga idpuntodecarga",
	colContractID: "contract emaid evcoid contractnumber authid vertrag vertragsid vertragsnummer contrat numerocontrat idcontrat " +
		"contractnummer contrato idcontrato numerocontrato",
	colStart: "startdatetime startdate starttime sessionstart begin beginn startzeit startzeitpunkt ladebeginn debut datedebut heuredebut " +
		"datededebut starttijd begintijd inicio fechainicio fechadeinicio horainicio",
	colEnd: "enddatetime enddate endtime stop stopdatetime sessionend ende endzeit endzeitpunkt ladeende fin datefin heurefin datedefin " +
		"eindtijd einde fechafin fechadefin horafin",
	colKWh: "energy energykwh totalenergy totalkwh consumption consumptionkwh volumekwh energie energiekwh energiemenge energiemengekwh " +
		"verbrauch verbrauchkwh lademenge lademengekwh strommenge consommation consommationkwh energielivree verbruik verbruikkwh " +
		"geladenkwh energia energiakwh consumo consumokwh",
	colMeterID: "meter meterserial meterserialnumber meterno meternr meternumber zaehler zahler zaehlerid zahlerid zaehlernummer zahlernummer zaehlernr " +
		"zahlernr compteur numerocompteur numerodecompteur idcompteur meternummer kwhmeter contador numerocontador numerodecontador idcontador",
	colMeterStart: "meterbegin meterstartkwh startreading readingstart beginreading meterreadingstart startmeter startmetervalue zaehlerstandbeginn " +
		"zahlerstandbeginn zaehlerstandstart zahlerstandstart zaehlerstandanfang zahlerstandanfang anfangszaehlerstand anfangszahlerstand indexdebut " +
		"indexdedebut debutreleve beginstand meterstandbegin meterstandstart lecturainicial lecturainicio",
	colMeterStop: "meterend meterstopkwh meterendkwh stopreading endreading readingend readingstop meterreadingend meterreadingstop stopmeter endmetervalue " +
		"zaehlerstandende zahlerstandende zaehlerstandstopp zahlerstandstopp endzaehlerstand endzahlerstand indexfin indexdefin finreleve eindstand " +
		"meterstandeind meterstandeinde lecturafinal lecturafin",
	colAmountExcl: "amountexclvat amountexcludingvat amountexcl amountnet netamount net netto amountexcltax amountexcludingtax amountbeforetax " +
		"amountbeforetaxes beforetaxes exclvat nettobetrag betragnetto betragohnemwst betragexklmwst summenetto montantht ht totalht montanthorstaxe " +
		"montanthorstva prixht bedragexclbtw bedragexbtw exclbtw nettobedrag bedragnetto importesiniva importeneto neto baseimponible " +
		"totalexclvat totalnet linetotalexclvat",
	colVAT: "vatamount amountvat tax taxamount taxes mwst mwstbetrag ust ustbetrag umsatzsteuer mehrwertsteuer steuerbetrag tva montanttva " +
		"btw btwbedrag bedragbtw iva importeiva cuotaiva",
	colAmountIncl: "amountinclvat amountincludingvat amountincl grossamount amountgross gross brutto amountincltax amountincludingtax " +
		"amountaftertax amountaftertaxes aftertaxes inclvat bruttobetrag betragbrutto betraginklmwst betragmitmwst summebrutto montantttc ttc " +
		"totalttc prixttc bedraginclbtw inclbtw brutobedrag bedragbruto importeconiva importebruto bruto totalconiva totalinclvat totalgross",
	colTaxRate: "vatrate vatpercent vatpercentage taxpercent taxpercentage mwstsatz ustsatz steuersatz mwstprozent tauxtva tauxdetva " +
		"btwtarief btwpercentage tipoiva porcentajeiva ivaporcentaje",
	colCurrency:    "currencycode ccy cur waehrung wahrung devise monnaie valuta munt moneda divisa",
	colDescription: "text linetext beschreibung bezeichnung libelle designation omschrijving descripcion concepto",
	colStatus:      "state disputestatus linestatus statut estado zustand",
	colReason: "disputereason reasoncode reasonfordispute objection grund begruendung begrundung einwand motif raison reden " +
		"bezwaar motivo razon",
	colSessions: "sessioncount numberofsessions noofsessions chargingsessions anzahlsitzungen anzahlladevorgaenge anzahlladevorgange ladevorgaenge " +
		"ladevorgange nombredesessions nbsessions aantalsessies aantallaadsessies numerodesesiones",
	colMasterLine: "masterlineno masterlinenumber parentline parentlineno partofline belongstoline mainline summaryline sammelposition hauptposition " +
		"gehoertzuposition ligneprincipale ligneparente hoofdregel lineaprincipal",
	colPeriodFrom: "periodstart serviceperiodstart billingperiodstart billingfrom periodbegin zeitraumvon leistungszeitraumvon abrechnungvon " +
		"periodedu debutperiode periodevan periododesde",
	colPeriodTo: "periodend serviceperiodend billingperiodend billingto zeitraumbis leistungszeitraumbis abrechnungbis periodeau finperiode " +
		"periodetot periodohasta",
	colToken:    "tokenuid tokenid rfid rfiduid cardnumber cardno chargecard chargingcard ladekarte kartennummer carte numerocarte laadpas pasnummer tarjeta",
	colLocation: "locationid site siteid standort standortid emplacement locatie locatieid ubicacion",
	colVehicle:  "vehicleid licenseplate licenceplate numberplate plate kennzeichen fahrzeug immatriculation voertuig kenteken vehiculo matricula",
	colDriver:   "driverid drivername fahrer fahrername conducteur chauffeur conductor bestuurder",
	colClaimedKWh: "kwh kwhclaimed expectedkwh ourkwh debtorkwh admittedkwh energy energykwh energie energiekwh energia energiakwh verbrauch verbruik " +
		"consommation consumo",
	colClaimedSeconds: "seconds secondsclaimed expectedseconds durationseconds duration sekunden seconden secondes segundos dauersekunden",
	colClaimedAmount: "amount amountclaimed expectedamount ouramount admittedamount amountadmitted accepted acceptedamount amountaccepted " +
		"anerkannt anerkannterbetrag montantaccepte montantadmis erkendbedrag importeaceptado importeadmitido",
	colAnswer:        "response antwort reponse antwoord respuesta", //nolint:misspell // French
	colDisputeCode:   "disputereason reasoncode code",
	colTheirValue:    "yourvalue ourvalue value ourwert wert valeur waarde valor",
	colTheirEvidence: "yourevidence ourevidence evidence beleg nachweis preuve bewijs prueba",
	colComment:       "comments remark remarks note bemerkung kommentar commentaire remarque opmerking comentario",
}

package reconcile

import (
	"path"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
	"github.com/nexacollect/reconcile/reconcile/rounding"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// Case is a case file: who owes whom, what was agreed, and where the records are.
type Case struct {
	Name      string
	AsOf      time.Time // zero: the latest date in the inputs
	Creditor  Party
	Debtor    Party
	Inputs    Inputs
	Theirs    TheirInputs
	Agreement AgreementTerms
	Invoices  []StatedInvoice    // the totals that invoices state, in the order of the case file
	Columns   map[string]Columns // by table: invoice, disputes, cdrs, sessions
	Policy    map[ocpi.Code]ocpi.Severity
	LinesAs   []LineForm // nil: UsualLineForms; of length 0: none

	Disclosure string // the level at which the records were redacted, pseudonymised or minimal; "": records as they are

	file string // as results name it; "" where the case was not read from one
}

// Party is one side of a case.
type Party struct{ CountryCode, PartyID, Name string }

// Inputs are the patterns (files, folders, globs) of each kind of input.
type Inputs struct {
	CDRs, Sessions, Tariffs, Locations, Tokens, Invoices, Disputes []string

	Responses []string // response sheets that came back: rounds, in this order
	Decisions []string

	InvoiceReconciliation []string // OCPI Invoice Reconciliation records

	TimeZone string // of the times without a zone in tables of CDRs and sessions; "" refuses them
}

// AgreementTerms is the agreement section of a case file, as written.
type AgreementTerms struct {
	Tariffs       []string // patterns
	TimeZone      string
	Rounding      *rounding.Scheme // nil: none is named
	Tolerance     Tolerance
	Rules         map[string]string // question → choice
	Corroboration string            // session (also where blank) or none
	Limits        Limits
	Matching      Matching
	MeterKeys     map[string]string // meter_id, EVSE id or EVSE uid → public key of the meter
	V2G           bool
}

// Choices of corroboration.
const (
	corroborateBySession = "session"
	corroborateNone      = "none"
)

// Tolerance is how far two values may lie apart and still agree; equal to the tolerance is within it.
type Tolerance struct {
	Amount  ocpi.Number   // absent: half a minor unit of the currency
	Percent exact.Decimal // of the greater value; 0 is none
	KWh     exact.Decimal // default 0.001
	Seconds exact.Decimal // default 60
}

// DefaultTolerance is the tolerance where a case names none.
func DefaultTolerance() Tolerance {
	return Tolerance{KWh: exact.New(1, 3), Seconds: exact.FromInt(60)}
}

// Terms is the agreement that a case states. Files and records beside it (Agreed, Supplied, ZoneOf, ConnectorPower, SessionsGiven, TheirsGiven,
// TheirSessionsGiven) are
// the caller's to add.
func (c *Case) Terms() *Agreement {
	return &Agreement{
		Case: c.Name, TimeZone: c.Agreement.TimeZone, Rounding: c.Agreement.Rounding, Tolerance: c.Agreement.Tolerance, Fixed: c.Agreement.Rules,
		Corroboration: c.Agreement.Corroboration != corroborateNone, V2G: c.Agreement.V2G, Policy: c.Policy,
		Limits: c.Agreement.Limits, Matching: c.Agreement.Matching, MeterKeys: c.Agreement.meterKeys(), AsOf: c.AsOf,
	}
}

// meterKeys are the keys by plain id; those that cannot be read were refused when the case was.
func (a *AgreementTerms) meterKeys() map[string]*ocmf.Key {
	out := make(map[string]*ocmf.Key, len(a.MeterKeys))
	for id, text := range a.MeterKeys {
		out[plainID(id)], _ = ocmf.ParseKey(text)
	}
	return out
}

// caseDocument is case.json: what governs the verdicts of a run.
type caseDocument struct {
	Case      string                     `json:"case"`
	AsOf      string                     `json:"as_of,omitempty"`
	Parties   partiesDocument            `json:"parties"`
	Agreement agreementDocument          `json:"agreement"`
	Invoices  map[string]invoiceDocument `json:"invoices,omitempty"`
	Columns   map[string]Columns         `json:"columns,omitempty"`
	TimeZone  string                     `json:"inputs_time_zone,omitempty"`
	Policy    map[string]string          `json:"policy,omitempty"`
	LinesAs   *[]LineForm                `json:"lines_as,omitempty"`
	Level     string                     `json:"disclosure,omitempty"`
}

type partiesDocument struct {
	Creditor partyDocument `json:"creditor"`
	Debtor   partyDocument `json:"debtor"`
}

type partyDocument struct {
	CountryCode string `json:"country_code"`
	PartyID     string `json:"party_id"`
	Name        string `json:"name"`
}

type agreementDocument struct {
	Tariffs       []string                     `json:"tariffs"` // names without folders
	TimeZone      string                       `json:"time_zone"`
	Rounding      *rounding.Scheme             `json:"rounding"`
	Tolerance     toleranceDocument            `json:"tolerance"`
	Settled       map[string]string            `json:"settled"` // questions that the parties fixed
	Rules         map[string]map[string]string `json:"rules"`   // what governs, by version
	Corroboration string                       `json:"corroboration"`
	Limits        map[string]string            `json:"limits"` // by name
	Matching      matchingDocument             `json:"matching"`
	MeterKeys     map[string]string            `json:"meter_keys,omitempty"`
	V2G           bool                         `json:"v2g"`
}

type toleranceDocument struct {
	Amount  string `json:"amount"` // a number, or what stands for it
	Percent string `json:"percent"`
	KWh     string `json:"kwh"`
	Seconds string `json:"seconds"`
}

// Document is the case as evidence packs show it: parties, agreement, tolerances and the readings that govern each version. It is the
// same on every machine: patterns are cut to names without folders.
func (c *Case) Document() any {
	doc := caseDocument{
		Case:      c.Name,
		Parties:   partiesDocument{partyDocument(c.Creditor), partyDocument(c.Debtor)},
		Agreement: c.agreementDocument(),
		Invoices:  c.invoiceDocuments(),
		Columns:   c.Columns,
		TimeZone:  c.Inputs.TimeZone,
		LinesAs:   c.linesAs(),
		Level:     c.Disclosure,
	}
	if !c.AsOf.IsZero() {
		doc.AsOf = c.AsOf.UTC().Format(time.DateOnly)
	}
	if len(c.Policy) > 0 {
		doc.Policy = make(map[string]string, len(c.Policy))
		for code, severity := range c.Policy {
			doc.Policy[string(code)] = severity.String()
		}
	}
	return doc
}

func (c *Case) agreementDocument() agreementDocument {
	terms := &c.Agreement
	doc := agreementDocument{
		Tariffs: []string{}, TimeZone: terms.TimeZone, Rounding: terms.Rounding, Tolerance: terms.Tolerance.document(), Settled: map[string]string{},
		Rules: map[string]map[string]string{}, Corroboration: corroborateBySession, V2G: terms.V2G,
		Limits: terms.Limits.document(), Matching: terms.Matching.document(), MeterKeys: terms.MeterKeys,
	}
	for _, pattern := range terms.Tariffs {
		doc.Tariffs = append(doc.Tariffs, path.Base(strings.ReplaceAll(pattern, `\`, "/")))
	}
	for question, choice := range terms.Rules {
		doc.Settled[question] = choice
	}
	if terms.Corroboration == corroborateNone {
		doc.Corroboration = corroborateNone
	}
	agreement := c.Terms()
	for _, v := range []ocpi.Version{ocpi.V211, ocpi.V221, ocpi.V230} {
		doc.Rules[v.String()] = agreement.Rules(v).Map()
	}
	return doc
}

func (t Tolerance) document() toleranceDocument {
	doc := toleranceDocument{Amount: "half a minor unit", Percent: t.Percent.Plain(), KWh: t.KWh.Plain(), Seconds: t.Seconds.Plain()}
	if t.Amount.Present {
		doc.Amount = t.Amount.Value.Plain()
	}
	return doc
}

// Agreement is what judging needs of a case: the terms with their files read. It is shared by all workers and never changes while they
// judge.
type Agreement struct {
	Case           string         // its name, by which response sheets say what they answer
	Agreed         []*ocpi.Tariff // the agreed tariffs, none where the case names none
	Supplied       []*ocpi.Tariff // published tariffs, supplied beside the CDRs
	ZoneOf         func(countryCode, partyID, locationID string) string
	Limits         Limits
	Matching       Matching                                                                        // see DefaultMatching
	MeterKeys      map[string]*ocmf.Key                                                            // by plain meter_id, EVSE id or EVSE uid
	ConnectorPower func(countryCode, partyID, locationID, evseUID, connectorID string) ocpi.Number // W; absent where unknown
	KnowsEVSE      func(countryCode, partyID, locationID, evseUID string) (location, evse bool)    // nil: no locations were supplied
	Tokens         *Tokens                                                                         // nil: none were supplied
	AsOf           time.Time                                                                       // the day of the case; zero where it names none
	TimeZone       string                                                                          // overrides the records
	Rounding       *rounding.Scheme                                                                // nil: none is named
	Tolerance      Tolerance
	Fixed          map[string]string // questions the parties settled
	Corroboration  bool              // a disputed quantity needs a second record; false: corroboration none
	SessionsGiven  bool              // session records were supplied at all
	TheirsGiven    bool              // the debtor's own copy of the CDRs was supplied
	V2G            bool
	Policy         map[ocpi.Code]ocpi.Severity

	TheirSessionsGiven bool // the debtor's own copy of the sessions was supplied

	publishedByID map[string][]*ocpi.Tariff      // made by Prepare
	rules         map[ocpi.Version]*tariff.Rules // likewise
}

// Records begins the reading of a table of CDRs, sessions or (KindUnknown) either, as the case says.
func (c *Case) Records(kind ocpi.Kind) *RecordReader {
	var local *time.Location
	if c.Inputs.TimeZone != "" {
		local, _ = zone.Load(c.Inputs.TimeZone) // checked by ParseCase
	}
	return NewRecordReader(kind, map[ocpi.Kind]Columns{ocpi.KindCDR: c.Columns["cdrs"], ocpi.KindSession: c.Columns["sessions"]}, local)
}

// Prepare makes what judging looks up. It is called once Supplied is complete and before any worker judges; without it, lookups search.
func (a *Agreement) Prepare() {
	a.publishedByID = make(map[string][]*ocpi.Tariff, len(a.Supplied))
	for _, t := range a.Supplied {
		a.publishedByID[foldID(t.ID)] = append(a.publishedByID[foldID(t.ID)], t)
	}
	rules := map[ocpi.Version]*tariff.Rules{}
	for _, v := range []ocpi.Version{ocpi.V211, ocpi.V221, ocpi.V230} {
		rules[v] = a.Rules(v)
	}
	a.rules = rules
}

// published are the supplied tariffs among which a tariff of the id is found.
func (a *Agreement) published(id string) []*ocpi.Tariff {
	if a.publishedByID == nil {
		return a.Supplied
	}
	return a.publishedByID[foldID(id)]
}

// Rules returns the readings that govern a CDR of a version under this agreement. Questions that Fixed names and that do not exist are
// left out: ParseCase has refused them. They are shared: not to be changed.
func (a *Agreement) Rules(v ocpi.Version) *tariff.Rules {
	if r := a.rules[v]; r != nil {
		return r
	}
	rules := tariff.RulesFor(v)
	for question, choice := range a.Fixed {
		_ = rules.Set(question, choice) // checked by ParseCase
	}
	return rules
}

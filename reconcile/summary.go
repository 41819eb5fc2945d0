package reconcile

// Engine says what computed a result: enough to run it again.
type Engine struct {
	Name     string `json:"name"` // reconcile
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the source, "" where unknown
	Go       string `json:"go"`
	TZData   string `json:"tzdata"`
}

// RecordCount is what became of the records of one kind: read = used + duplicate + rejected.
type RecordCount struct {
	Read      int `json:"read"`
	Used      int `json:"used"`
	Duplicate int `json:"duplicate"`
	Rejected  int `json:"rejected"`
}

// Count adds one record's fate.
func (c *RecordCount) Count(u Use) {
	c.Read++
	switch u {
	case Used:
		c.Used++
	case Duplicate:
		c.Duplicate++
	case Rejected:
		c.Rejected++
	}
}

// Records counts the records of each kind.
type Records struct {
	CDRs         RecordCount `json:"cdrs"`
	Sessions     RecordCount `json:"sessions"`
	InvoiceLines RecordCount `json:"invoice_lines"`
	Disputes     RecordCount `json:"disputes"`
	Theirs       RecordCount `json:"their_cdrs,omitzero"` // of the debtor's own copy
	Responses    RecordCount `json:"responses,omitzero"`  // rows of response sheets that came back
	Decisions    RecordCount `json:"decisions,omitzero"`

	TheirSessions RecordCount `json:"their_sessions,omitzero"` // of the debtor's own copy
}

// Outcomes counts lines by outcome.
type Outcomes struct {
	Proven   int `json:"proven"`
	Partial  int `json:"partial"`
	Conceded int `json:"conceded"`
	Unproven int `json:"unproven"`
}

// Summary is the result of a run: summary.json.
type Summary struct {
	Case      string          `json:"case"`
	AsOf      string          `json:"as_of"` // YYYY-MM-DD
	Engine    Engine          `json:"engine"`
	Records   Records         `json:"records"`
	Totals    []Total         `json:"totals"`
	Outcomes  Outcomes        `json:"outcomes"`
	Reasons   []ReasonTotal   `json:"reasons"`
	NotProved []string        `json:"not_proved"`
	Rounding  []PartyRounding `json:"rounding"`
	Invoices  []InvoiceTotals `json:"invoice_totals"`   // of the invoices whose totals the case states
	Theirs    *TwoSided       `json:"theirs,omitempty"` // nil where the debtor's own copy was not given
	Masters   []MasterSummary `json:"master_lines,omitempty"`
	Conserves bool            `json:"conserves"`

	TheirSessions *TwoSided `json:"their_sessions,omitempty"` // nil where the debtor's own copy of the sessions was not given
	Disclosure    string    `json:"disclosure,omitempty"`     // level at which the records were redacted; "": they are as they were
}

// Add adds the counts of o.
func (r *Records) Add(o Records) {
	r.CDRs.add(o.CDRs)
	r.Sessions.add(o.Sessions)
	r.InvoiceLines.add(o.InvoiceLines)
	r.Disputes.add(o.Disputes)
	r.Theirs.add(o.Theirs)
	r.Responses.add(o.Responses)
	r.Decisions.add(o.Decisions)
	r.TheirSessions.add(o.TheirSessions)
}

func (c *RecordCount) add(o RecordCount) {
	c.Read += o.Read
	c.Used += o.Used
	c.Duplicate += o.Duplicate
	c.Rejected += o.Rejected
}

// Rejected is the number of records of all kinds that could not be used.
func (r *Records) Rejected() int {
	return r.CDRs.Rejected + r.Sessions.Rejected + r.InvoiceLines.Rejected + r.Disputes.Rejected + r.Theirs.Rejected +
		r.Responses.Rejected + r.Decisions.Rejected + r.TheirSessions.Rejected
}

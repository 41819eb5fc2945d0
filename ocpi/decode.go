package ocpi

// Kind is the kind of an OCPI object.
type Kind uint8

// The kinds that reading knows; the zero Kind is unknown.
const (
	KindUnknown Kind = iota
	KindCDR
	KindSession
	KindTariff
	KindLocation
	KindToken
	KindInvoiceReconciliation
)

var kindNames = [...]string{"unknown", "cdr", "session", "tariff", "location", "token", "invoice-reconciliation"}

// String is the kind's name: cdr, session, tariff, location, token, invoice-reconciliation; unknown for the zero Kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[KindUnknown]
}

// Options of a Decoder. The zero value detects the version of each record.
type Options struct {
	Version Version // declared version; 0 detects
}

// Decoder reads records into the model. It interns what repeats (tariffs, strings), so it serves one goroutine; make one for
// each worker. What it returns does not depend on the records that it read before.
type Decoder struct {
	scanner
	opts    Options
	rec     Record
	version Version // of the record at hand
	vi      int     // its index
	guess   Version // of the record before: tried first, since a file seldom mixes versions
	within  Version // of the record that embeds this one, 0 outside

	m          *meta // the member being read
	path       []frame
	score      lanes
	findings   []Finding
	alikes     []alike
	told       int // findings of all records, those too that are only counted
	duplicates int
	strangers  []Member
	line       int // line feeds before lineAt
	lineAt     int

	intern    interner
	scratch   []byte
	periods   []ChargingPeriod
	dims      []CDRDimension
	full      *Location // the whole location of a 2.1.1 record, before it is reduced; nil where there is none
	store     Location
	geo       geo
	order     []int
	tariffs   tariffCache
	places    memory[CDRLocation]
	lastToken latest[CDRToken]
	recent    periodMemory
	again     bool // the periods at hand are the recent ones
	follows   successors

	cdrs       slab[CDR]
	sessions   slab[Session]
	ownPeriods slab[ChargingPeriod]
	ownDims    slab[CDRDimension]
}

// NewDecoder returns a Decoder.
func NewDecoder(opts Options) *Decoder { return &Decoder{opts: opts, guess: defaultVersion} }

// CDR decodes one CDR. The CDR keeps rec.Bytes. Findings hold everything that deviates, those of its embedded tariffs
// included; a record that is no JSON object yields nil and a blocking finding.
func (d *Decoder) CDR(rec Record) (*CDR, []Finding) {
	c := d.cdrs.one()
	if !decodeRecord(d, rec, cdrTable, c) {
		return nil, d.take()
	}
	c.Record, c.Version, c.Unknown = rec, d.version, d.unknowns()
	finishCDR(d, c)
	validateCDR(d, c)
	return c, d.take()
}

// Release gives back records that this Decoder has decoded and that nobody uses any more, nor anything that came from them but texts
// and numbers: the memory that is at hand is the memory that the processor has near. It also forgets what points into the bytes of the
// records decoded so far, which may be used again as well. Calling it is never needed.
func (d *Decoder) Release(cdrs []*CDR, sessions []*Session) {
	d.recent, d.lastToken = periodMemory{}, latest[CDRToken]{}
	for _, c := range cdrs {
		d.cdrs.give(c)
	}
	for _, s := range sessions {
		d.sessions.give(s)
	}
}

// Session decodes one session, as CDR does.
func (d *Decoder) Session(rec Record) (*Session, []Finding) {
	s := d.sessions.one()
	if !decodeRecord(d, rec, sessionTable, s) {
		return nil, d.take()
	}
	s.Record, s.Version, s.Unknown = rec, d.version, d.unknowns()
	finishSession(d, s)
	validateSession(d, s)
	return s, d.take()
}

// Tariff decodes one tariff, as CDR does.
func (d *Decoder) Tariff(rec Record) (*Tariff, []Finding) {
	t := new(Tariff)
	if !decodeRecord(d, rec, tariffTable, t) {
		return nil, d.take()
	}
	t.Record, t.Version, t.Unknown = rec, d.version, d.unknowns()
	validateTariff(d, t)
	t.Findings = d.take()
	return t, t.Findings
}

// Location decodes one location, as CDR does.
func (d *Decoder) Location(rec Record) (*Location, []Finding) {
	l := new(Location)
	if !decodeRecord(d, rec, locationTable, l) {
		return nil, d.take()
	}
	l.Record, l.Version, l.Unknown = rec, d.version, d.unknowns()
	validateLocation(d, l)
	return l, d.take()
}

// Token decodes one token, as CDR does.
func (d *Decoder) Token(rec Record) (*Token, []Finding) {
	t := new(Token)
	if !decodeRecord(d, rec, tokenTable, t) {
		return nil, d.take()
	}
	t.Record, t.Version = rec, d.version
	validateToken(d, t)
	return t, d.take()
}

// Check validates a record of any kind, tokens included, and returns its findings. For an unknown kind they say whether
// the record is a JSON object.
func (d *Decoder) Check(kind Kind, rec Record) []Finding {
	var findings []Finding
	switch kind {
	case KindCDR:
		_, findings = d.CDR(rec)
	case KindSession:
		_, findings = d.Session(rec)
	case KindTariff:
		_, findings = d.Tariff(rec)
	case KindLocation:
		_, findings = d.Location(rec)
	case KindToken:
		_, findings = d.Token(rec)
	case KindInvoiceReconciliation:
		_, findings = d.InvoiceReconciliation(rec)
	default:
		var none struct{}
		decodeRecord(d, rec, anyTable, &none)
		findings = d.take()
	}
	return findings
}

// anyTable is an object of an unknown kind: all its members are passed over.
var anyTable = open(newTable[struct{}]("any object", nil))

// decodeRecord reads a record that is one JSON object. Unless the version is declared, the record is first read as the one
// before it was, while its members are counted; if they tell another version it is read again as that.
func decodeRecord[T any](d *Decoder, rec Record, t *table[T], dst *T) bool {
	v := max(d.opts.Version, d.within)
	if v != 0 {
		_, ok := readRecord(d, rec, v, t, dst)
		return ok
	}
	v = d.guess
	filled, ok := readRecord(d, rec, v, t, dst)
	if !ok {
		return false
	}
	told, decided := decide(d.score, func(v int) bool { return t.required[v]&^filled == 0 })
	if told != v {
		*dst = *new(T)
		readRecord(d, rec, told, t, dst)
	}
	d.guess = told
	if !decided {
		d.notef(VersionUnknown, SeverityWarn, 0, "no member tells the OCPI version, read as %s", told)
	}
	return true
}

// readRecord reads a record as a version.
func readRecord[T any](d *Decoder, rec Record, v Version, t *table[T], dst *T) (filled uint64, ok bool) {
	d.reset(rec, v)
	if !d.enter() {
		return 0, false
	}
	filled = readObject(d, t, dst)
	d.close()
	if d.fault != "" {
		d.report()
		return 0, false
	}
	d.reportOdd()
	return filled, true
}

// reset prepares for reading a record as a version.
func (d *Decoder) reset(rec Record, v Version) {
	d.scanner = scanner{b: rec.Bytes}
	d.rec, d.version, d.vi, d.m = rec, v, v.index(), nil
	d.path, d.findings, d.alikes, d.strangers = d.path[:0], d.findings[:0], d.alikes[:0], nil
	d.score, d.duplicates, d.line, d.lineAt = 0, 0, 0, 0
	d.periods, d.dims, d.full, d.again = d.periods[:0], d.dims[:0], nil, false
}

// enter moves to the object that the record ought to be.
func (d *Decoder) enter() bool {
	if len(withoutBOM(d.b)) != len(d.b) {
		d.p = len(bom)
		d.note(JSONEncoding, SeverityInfo, 0, "a byte order mark stands before the record")
	}
	d.space()
	switch {
	case d.p >= len(d.b):
		d.note(JSONInvalid, SeverityBlock, d.p, "the record is empty, wanted a JSON object")
	case d.peek() != '{':
		d.notef(JSONInvalid, SeverityBlock, d.p, "the record is %s, wanted a JSON object", describe(d.peek()))
	default:
		return true
	}
	return false
}

// report tells the syntax error that ended reading.
func (d *Decoder) report() {
	code, hint := JSONInvalid, "wanted valid JSON"
	if d.tooDeep {
		code, hint = JSONDepth, "the limit is 64"
	}
	d.path = d.path[:0]
	d.findings, d.alikes = d.findings[:0], d.alikes[:0]
	d.notef(code, SeverityBlock, d.faultAt, "%s, %s", d.fault, hint)
}

// reportOdd tells of strings that JSON does not allow and that were read all the same.
func (d *Decoder) reportOdd() {
	if d.odd&hasBroken != 0 {
		d.note(JSONEncoding, SeverityWarn, d.oddAt, "bytes that are no UTF-8 inside a string, read as U+FFFD")
	}
	if d.odd&hasControl != 0 {
		d.note(JSONEncoding, SeverityWarn, d.oddAt, "a raw control character inside a string, wanted an escape")
	}
}

// unknowns returns the unknown members of the record as the caller's own.
func (d *Decoder) unknowns() []Member { return d.strangers }

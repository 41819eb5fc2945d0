package tariff

import "github.com/nexacollect/reconcile/ocpi/exact"

// Ref names a step of a Sheet: its index + 1. The zero Ref is "no step".
type Ref int32

// Op is what a step does.
type Op uint8

// The operations. Value of each is a number; OpNote carries a decision instead.
const (
	OpInvalid    Op = iota
	OpInput         // a leaf read from a document
	OpConst         // a constant of the rule (3600, 1000, 100), or an instant that a restriction fixes
	OpAdd           // args[0] + args[1]
	OpSub           // args[0] − args[1]
	OpMul           // args[0] × args[1]
	OpPercentOn     // args[0] × (1 + args[1]/100)
	OpNeg           // −args[0]
	OpMin           // the lesser
	OpMax           // the greater
	OpCeilStep      // smallest multiple of args[1] not below args[0]
	OpRound         // args[0] rounded; Places, Mode
	OpPerHour       // args[0] ÷ 3600, rounded once; Places, Mode
	OpNetOfGross    // args[0] ÷ (1 + args[1]/100), rounded once; Places, Mode
	OpSeconds       // a duration between two instants of the documents, in seconds; Pointer and Pointer2 name them
	OpNote          // a decision without a number: which element, which restriction failed, which rule applied
	OpShare         // args[0] ÷ args[1], rounded once; Places, Mode: only where a period is split between its readings
	opCount         // keep last
)

var opNames = [opCount]string{
	OpInput: "input", OpConst: "const", OpAdd: "add", OpSub: "sub", OpMul: "mul", OpPercentOn: "percent-on", OpNeg: "neg",
	OpMin: "min", OpMax: "max", OpCeilStep: "ceil-step", OpRound: "round", OpPerHour: "per-hour", OpNetOfGross: "net-of-gross",
	OpSeconds: "seconds", OpNote: "note", OpShare: "share",
}

// opArgs is how many arguments an operation takes; a note may name up to two steps that it speaks of.
var opArgs = [opCount]int{
	OpAdd: 2, OpSub: 2, OpMul: 2, OpPercentOn: 2, OpNeg: 1, OpMin: 2, OpMax: 2, OpCeilStep: 2, OpRound: 1, OpPerHour: 1,
	OpNetOfGross: 2, OpShare: 2,
}

// String is the name of the operation in JSON.
func (o Op) String() string {
	if o < opCount {
		return opNames[o]
	}
	return ""
}

// rounds reports whether the operation carries Places and Mode.
func (o Op) rounds() bool { return o == OpRound || o == OpPerHour || o == OpNetOfGross || o == OpShare }

// Doc names the document of a leaf.
type Doc uint8

// The documents.
const (
	DocNone    Doc = iota
	DocCDR         // the CDR's own record, embedded tariffs included
	DocTariff      // a tariff supplied beside the CDR: Result.Tariffs[Step.Tariff]
	DocCase        // the agreement of the case, or a flag
	DocSession     // the session's record
	docCount       // keep last
)

var docNames = [docCount]string{DocCDR: "cdr", DocTariff: "tariff", DocCase: "case", DocSession: "session"}

// String is the name of the document in JSON.
func (d Doc) String() string {
	if d < docCount {
		return docNames[d]
	}
	return ""
}

// Step is one line of the calculation.
type Step struct {
	Op     Op
	Doc    Doc
	Mode   exact.Mode    // of roundings
	Tariff int16         // for DocTariff
	Places int32         // of roundings
	Args   [2]Ref        // the steps it was made from; of a note, the steps it speaks of
	Rule   string        // name of the rule, a constant of this package: see RuleDoc
	Unit   string        // "EUR", "kWh", "s", "h", "%", …
	Value  exact.Decimal // the result
	src    source
}

// source holds where a leaf was read and what a note says, as kinds and small integers; words are made when they are asked for.
type source struct {
	at    mark   // place of a leaf, or of what a note speaks of
	aux   mark   // OpSeconds: place of the second instant; else what the note says
	words *words // set where the above do not hold the words: sheets read from JSON, free text
}

// mark is a kind, of place or of note, and its numbers.
type mark struct {
	kind    uint8
	a, b, c int32
}

type words struct{ pointer, pointer2, note string }

// Pointer is the RFC 6901 pointer of a leaf, or of what a decision speaks of, inside its document; "" where there is none.
func (s *Step) Pointer() string {
	if s.src.words != nil && s.src.words.pointer != "" {
		return s.src.words.pointer
	}
	return pointerOf(s.src.at)
}

// Pointer2 is the pointer of the second instant of OpSeconds, "" for other steps.
func (s *Step) Pointer2() string {
	if s.Op != OpSeconds {
		return ""
	}
	if s.src.words != nil {
		return s.src.words.pointer2
	}
	return pointerOf(s.src.aux)
}

// Note is the decision or explanation that the step carries, in words; "" where there is none.
func (s *Step) Note() string {
	if s.src.words != nil && s.src.words.note != "" {
		return s.src.words.note
	}
	if s.Op == OpSeconds {
		return ""
	}
	return noteOf(s.src.at, s.src.aux)
}

// Sheet is a calculation, step by step; each step refers only to earlier ones.
type Sheet struct{ steps []Step }

// Steps returns the steps in order. The caller must not change them.
func (s *Sheet) Steps() []Step { return s.steps }

// Step returns the step that a Ref names.
func (s *Sheet) Step(r Ref) *Step { return &s.steps[r-1] }

// value is the value of a step, 0 for no step.
func (s *Sheet) value(r Ref) exact.Decimal {
	if r == 0 {
		return exact.Decimal{}
	}
	return s.steps[r-1].Value
}

// sign is the sign of a step's value, 0 for no step.
func (s *Sheet) sign(r Ref) int {
	if r == 0 {
		return 0
	}
	return s.steps[r-1].Value.Sign()
}

// less compares the values of two steps.
func (s *Sheet) less(a, b Ref) bool { return s.value(a).Less(s.value(b)) }

// scale is the number of decimals a step's value needs.
func (s *Sheet) scale(r Ref) int32 { return scaleOf(s.value(r)) }

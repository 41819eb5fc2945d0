package ocmf

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Record is one signed data set: OCMF|payload|signature. What was read is a claim of the signer; nothing computed is written into it.
// Absent strings are "". The two letters behind each field are the member's name.
type Record struct {
	Text      string // as received, without white space around it
	Payload   []byte // the payload section, exactly the bytes that are signed
	Signature Signature

	FormatVersion      string  // FV
	Gateway            Gateway // the component that signs
	Meter              Meter
	Pagination         string // PG: T and a number within transactions, F and a number for fiscal readings
	Identification     Identification
	TariffText         string // TT, from 1.1
	ControllerFirmware string // CF, from 1.3
	LossCompensation   *LossCompensation
	ChargePointType    string // CT: EVSEID or CBIDC
	ChargePoint        string // CI
	Readings           []Reading

	Unknown []ocpi.Member // members that the specification does not have, by their pointers in the payload
	Defects []Defect      // what deviates from the specification, in the order found; of a thousand and more the first thousand

	ambiguous bool // a member is there twice, with different values
}

// Gateway identifies the component that signs (OCMF, table 1).
type Gateway struct {
	Identification, Serial, Version string // GI, GS, GV
}

// Meter identifies the meter (OCMF, table 3).
type Meter struct {
	Vendor, Model, Serial, Firmware string // MV, MM, MS, MF
}

// Identification says to whom the transaction is assigned (OCMF, table 4).
type Identification struct {
	Assigned ocpi.Tristate // IS
	Level    string        // IL
	Flags    []string      // IF
	Type     string        // IT
	Data     string        // ID
}

// LossCompensation holds the parameters of the meter's compensation for losses in the cable: LC (OCMF, table 24, from 1.2), or UC, the
// vendor's member of some older meters that says the same of a reading, without a unit.
type LossCompensation struct {
	Name       string      // LN, UN
	ID         string      // LI, UI, as written
	Resistance ocpi.Number // LR, UR
	Unit       string      // LU: mOhm or uOhm
}

// applies reports whether anything is compensated for: a resistance of 0 says that nothing is.
func (l *LossCompensation) applies() bool {
	return l != nil && l.Resistance.Present && l.Resistance.Value.Sign() != 0
}

// Reading is one meter reading (OCMF, table 7). A member that a reading leaves out has the value of the reading before it.
type Reading struct {
	Time          time.Time // TM in UTC, the zero time where it cannot be read
	TimeText      string    // TM as written, with its offset
	TimeStatus    TimeStatus
	Transaction   string      // TX: B, C, X, E, L, R, A, P, S, T
	Value         ocpi.Number // RV, with the decimals written
	Register      string      // RI, an OBIS code
	Unit          string      // RU: kWh, Wh
	CurrentType   string      // RT: AC or DC
	CumulatedLoss ocpi.Number // CL, from 1.2, in Unit, not carried over: it is that of its reading
	ErrorFlags    string      // EF: E where the energy, t where the time is not to be used for billing
	Status        string      // ST: G where the meter works
	Compensation  *LossCompensation
}

// TimeStatus says how far the time of a reading can be relied on (OCMF, table 19). The zero TimeStatus is none.
type TimeStatus byte

// The states of a clock.
const (
	TimeUnsynchronised TimeStatus = 'U'
	TimeInformative    TimeStatus = 'I' // good for information
	TimeSynchronised   TimeStatus = 'S'
	TimeRelative       TimeStatus = 'R' // the begin is informative, the time since is measured
)

// String names the state.
func (s TimeStatus) String() string {
	switch s {
	case TimeUnsynchronised:
		return "unsynchronised"
	case TimeInformative:
		return "informative"
	case TimeSynchronised:
		return "synchronised"
	case TimeRelative:
		return "relative"
	}
	return ""
}

// Begins reports a reading at the begin of a transaction.
func (r *Reading) Begins() bool { return r.Transaction == "B" }

// Ends reports a reading at the end of a transaction, whatever ended it.
func (r *Reading) Ends() bool {
	switch r.Transaction {
	case "E", "L", "R", "A", "P":
		return true
	}
	return false
}

// Defect is one deviation from the specification in a record that can be read all the same.
type Defect struct {
	Offset  int    // bytes from the start of Text
	Pointer string // RFC 6901 pointer in the payload; "" for the record as a whole and for the signature section
	Message string // lower case, no full stop
}

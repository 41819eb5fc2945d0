package reconcile

import (
	"fmt"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
	"github.com/nexacollect/reconcile/tariff"
)

// Signed meter readings. A valid signature outranks every other evidence of kWh (row 11); an invalid one counts as none.

// signedOf reads and verifies the signed data of a CDR, once; nil where there is none.
func (b *bench) signedOf(c *cdrEntry) *ocmf.Signed {
	if c.signed == nil && c.cdr.SignedData != nil {
		c.signed = ocmf.Read(c.cdr.SignedData, b.terms.meterKey(c.cdr))
	}
	return c.signed
}

// meterKey is the key that the meter of a CDR is known to have, nil where none is.
func (a *Agreement) meterKey(c *ocpi.CDR) *ocmf.Key {
	if len(a.MeterKeys) == 0 {
		return nil
	}
	for _, id := range plainIDs(c.MeterID, c.Location.EVSEID, c.Location.EVSEUID) {
		if key := a.MeterKeys[id]; key != nil {
			return key
		}
	}
	return nil
}

// signedEnergy is the energy of valid signed readings. A signature costs a computation: it is verified where something hangs on it, which
// is where the line is disputed or the readings, taken at their word, are not what the CDR bills.
func (t *trial) signedEnergy() (exact.Decimal, bool) {
	if t.cdr.cdr.SignedData == nil {
		return exact.Decimal{}, false
	}
	if !t.line.disputed && t.cdr.signed == nil {
		stated := t.cdr.course()
		if stated.Refusal == ocmf.NotRefused && agree(stated.Energy.KWh, t.cdr.billedKWh(), t.b.terms.Tolerance.KWh) {
			return exact.Decimal{}, false
		}
	}
	s := t.b.signedOf(t.cdr)
	return s.Energy.KWh, s.Refusal == ocmf.NotRefused
}

// rowSigned is row 11: the meter has signed other kWh than the CDR bills.
func (t *trial) rowSigned() {
	signed, ok := t.signedEnergy()
	if !ok || !t.known {
		return
	}
	t.signed = Known(signed)
	billed := t.cdr.billedKWh()
	if agree(signed, billed, t.b.terms.Tolerance.KWh) {
		return
	}
	t.contradicted |= QuantityKWh
	value, moves := t.atQuantities(sheetSigned, tariff.Quantities{Doc: tariff.DocCDR, EnergyKWh: t.signed})
	if !moves {
		t.note(codeSigEnergy, ocpi.SeverityWarn, "the meter signed %s kWh, CDR %s bills %s; its price is the same", signed, t.cdr.cdr.ID, billed)
		return
	}
	t.rule(ruling{row: 11, code: codeSigEnergy, floor: value, ceiling: value,
		message: fmt.Sprintf("the meter signed %s kWh%s, CDR %s bills %s: at the signed energy it is worth %s",
			signed, lossText(t.cdr.signed), t.cdr.cdr.ID, billed.Plain(), value.Plain())})
}

func lossText(s *ocmf.Signed) string {
	if s.Energy.LossCompensated {
		return " with the losses of the cable taken off"
	}
	return ""
}

// vouched are the quantities for which valid signed readings are the second record: that something was delivered, how much, and where the
// meter's clock agrees with the CDR, when.
func (t *trial) vouched() Quantity {
	if !t.signed.Present {
		return 0
	}
	out := QuantityKWh | QuantityExistence | QuantitySession
	c := ocmf.Compare(t.cdr.signed.Energy, t.cdr.cdr)
	if c.TimesCompared && c.Early.Abs() <= meterClock && c.Late.Abs() <= meterClock {
		out |= QuantityTime
	}
	return out
}

// meterClock is how far the signed times may be from those of the CDR to vouch for them.
const meterClock = time.Minute

// checkSigned says what became of the signed data of a CDR.
func (b *bench) checkSigned(c *cdrEntry) {
	if c.cdr.SignedData == nil {
		return
	}
	b.checkMeter(c)
	if c.signed == nil {
		c.find("/signed_data", codeSigNotVerified, ocpi.SeverityInfo, "the CDR carries signed meter values; nothing hangs on them, and they were not verified")
		return
	}
	c.findings = append(c.findings, ocmf.Check(c.signed, c.cdr)...)
	if c.signed.Refusal == ocmf.NotRefused {
		whose := "the key that came with the CDR"
		if b.terms.meterKey(c.cdr) != nil {
			whose = "the key that the case names for the meter"
		}
		c.find("/signed_data", codeSigVerified, ocpi.SeverityInfo, "the meter signed %s kWh; the signatures are valid under %s", c.signed.Energy.KWh, whose)
	}
}

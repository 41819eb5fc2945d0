package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

var errForm = errors.New("not in the form that this tool writes")

// decodeLine reads an object and checks that it is written as append writes it: no other members, none twice, no other order.
// form is the object's append without the line break.
func decodeLine(raw []byte, into any, form func(dst []byte) []byte, buf *[]byte) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return err
	}
	*buf = form((*buf)[:0])
	if !bytes.Equal(bytes.TrimSuffix(*buf, lineBreak), raw) {
		return errForm
	}
	return nil
}

// decodeDocument reads a JSON document and checks that it is written as renderDocument writes it.
func decodeDocument(raw []byte, into any, normal func() any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	text, err := renderDocument(normal())
	if err != nil {
		return err
	}
	if !bytes.Equal(text, raw) {
		return errForm
	}
	return nil
}

// numberOf reads a number of a line; "" is absent.
func numberOf(text string) (ocpi.Number, error) {
	if text == "" {
		return ocpi.Number{}, nil
	}
	v, err := exact.Parse([]byte(text))
	if err != nil {
		return ocpi.Number{}, fmt.Errorf("%q: %w", short(text), err)
	}
	if v.Output() != text {
		return ocpi.Number{}, fmt.Errorf("%q: %w", short(text), errForm)
	}
	return reconcile.Known(v), nil
}

func moneyOf(m moneyText) (reconcile.Money, error) {
	net, err := numberOf(m.BeforeTaxes)
	if err != nil {
		return reconcile.Money{}, err
	}
	gross, err := numberOf(m.AfterTaxes)
	return reconcile.Money{BeforeTaxes: net, AfterTaxes: gross}, err
}

// verdict is what the line says, as far as adding up needs it. entry is its entry in the index, nil where it has none.
func (d *lineDoc) verdict(entry *indexDoc) (*reconcile.LineVerdict, error) {
	v := &reconcile.LineVerdict{
		Line:     &reconcile.Line{InvoiceID: d.InvoiceID, Line: d.Line, CDRID: d.CDRID, SessionID: d.SessionID, Currency: d.Currency},
		Disputed: d.Disputed, Outcome: reconcile.Outcome(d.Outcome),
	}
	for _, m := range []struct {
		text moneyText
		into *reconcile.Money
	}{
		{d.Invoiced, &v.Invoiced}, {d.Computed, &v.Computed}, {d.Proven, &v.Proven}, {d.Conceded, &v.Conceded},
		{d.Unproven, &v.Unproven}, {d.Underbilled, &v.Underbilled},
	} {
		var err error
		if *m.into, err = moneyOf(m.text); err != nil {
			return nil, err
		}
	}
	var err error
	if v.Admitted, err = numberOf(d.Admitted); err != nil {
		return nil, err
	}
	if v.Line.TaxRate, err = numberOf(d.TaxRate); err != nil {
		return nil, err
	}
	v.Line.Claimed = v.Invoiced
	if err = d.Part.give(v.Line); err != nil {
		return nil, err
	}
	if d.Part != nil {
		d.giveNotes(v)
	}
	if v.Set, err = d.Set.verdict(); err != nil {
		return nil, err
	}
	if by := d.ByReading; by != nil {
		if v.OnlyAsAgreed, err = moneyOf(by.AsAgreed); err != nil {
			return nil, err
		}
		if v.OnlyByDefault, err = moneyOf(by.ByDefault); err != nil {
			return nil, err
		}
	}
	return v, d.giveReasons(v, entry)
}

// giveReasons says which reason moved which part. Where lines.ndjson leaves it open, as one reason may have moved two parts and the
// others none, the index tells; every line with two such parts is in it.
func (d *lineDoc) giveReasons(v *reconcile.LineVerdict, entry *indexDoc) error {
	conceded, unproven, rest := "", "", d.Reasons
	if entry != nil {
		conceded, unproven = entry.Conceded, entry.Unproven
	} else {
		for _, part := range []struct {
			money reconcile.Money
			into  *string
		}{{v.Conceded, &conceded}, {v.Unproven, &unproven}} {
			if !isNothing(part.money) && len(rest) > 0 {
				*part.into, rest = string(rest[0]), rest[1:]
			}
		}
	}
	v.ConcededReason, v.UnprovenReason = ocpi.Code(conceded), ocpi.Code(unproven)
	switch {
	case conceded == "" && !isNothing(v.Conceded), unproven == "" && !isNothing(v.Unproven):
		return errors.New("a part that is not proven has no reason")
	case !leads(d.Reasons, v.ConcededReason, v.UnprovenReason):
		return fmt.Errorf("its reasons do not begin with %q and %q, which %s states for its parts", short(conceded), short(unproven), indexFile)
	}
	return nil
}

// leads reports reasons that begin with those of the parts, in order, each once.
func leads(reasons []ocpi.Code, parts ...ocpi.Code) bool {
	next := 0
	for i, code := range parts {
		if code == "" || slices.Contains(parts[:i], code) {
			continue
		}
		if next >= len(reasons) || reasons[next] != code {
			return false
		}
		next++
	}
	return true
}

func isNothing(m reconcile.Money) bool {
	return m.BeforeTaxes.Value.IsZero() && m.AfterTaxes.Value.IsZero()
}

// notInvoiced is what the object says.
func (d *notInvoicedDoc) notInvoiced() (*reconcile.NotInvoiced, error) {
	m, err := moneyOf(d.Computed)
	n := &reconcile.NotInvoiced{
		CDR:      &ocpi.CDR{CountryCode: d.CountryCode, PartyID: d.PartyID, ID: d.CDRID, SessionID: d.SessionID, Currency: d.Currency},
		Computed: m, Currency: d.Currency, Code: ocpi.Code(d.Code),
	}
	if from := d.MissingFrom; from != nil {
		n.MissingFrom = &reconcile.MasterLine{InvoiceID: from.InvoiceID, Line: from.Line, Currency: d.Currency, By: from.By}
	}
	return n, err
}

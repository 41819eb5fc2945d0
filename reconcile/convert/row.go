package convert

import (
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Row is a record and what is understood of it. The order of its members is that of the columns.
type Row struct {
	Kind    string `parquet:"kind,dict"` // cdr, session, tariff, location, token, unknown
	Version string `parquet:"ocpi_version,optional,dict"`

	CountryCode string     `parquet:"country_code,optional,dict"`
	PartyID     string     `parquet:"party_id,optional,dict"`
	ID          string     `parquet:"id,optional"`
	SessionID   string     `parquet:"session_id,optional"`
	Start       *time.Time `parquet:"start_date_time,optional,timestamp(microsecond)"`
	End         *time.Time `parquet:"end_date_time,optional,timestamp(microsecond)"`

	TokenUID        string `parquet:"cdr_token.uid,optional"`
	ContractID      string `parquet:"cdr_token.contract_id,optional"`
	AuthMethod      string `parquet:"auth_method,optional,dict"`
	AuthReference   string `parquet:"authorization_reference,optional"`
	LocationID      string `parquet:"cdr_location.id,optional,dict"`
	LocationCountry string `parquet:"cdr_location.country,optional,dict"`
	EVSEUID         string `parquet:"cdr_location.evse_uid,optional,dict"`
	EVSEID          string `parquet:"cdr_location.evse_id,optional,dict"`
	ConnectorID     string `parquet:"cdr_location.connector_id,optional,dict"`
	MeterID         string `parquet:"meter_id,optional,dict"`
	Status          string `parquet:"status,optional,dict"`

	Currency        string   `parquet:"currency,optional,dict"`
	TotalCost       *Decimal `parquet:"total_cost.excl_vat,optional,decimal(12:38)"`
	TotalCostIncl   *Decimal `parquet:"total_cost.incl_vat,optional,decimal(12:38)"`
	FixedCost       *Decimal `parquet:"total_fixed_cost.excl_vat,optional,decimal(12:38)"`
	EnergyCost      *Decimal `parquet:"total_energy_cost.excl_vat,optional,decimal(12:38)"`
	TimeCost        *Decimal `parquet:"total_time_cost.excl_vat,optional,decimal(12:38)"`
	ParkingCost     *Decimal `parquet:"total_parking_cost.excl_vat,optional,decimal(12:38)"`
	ReservationCost *Decimal `parquet:"total_reservation_cost.excl_vat,optional,decimal(12:38)"`
	TotalEnergy     *Decimal `parquet:"total_energy,optional,decimal(12:38)"` // kWh, of a session its kwh
	TotalTime       *Decimal `parquet:"total_time,optional,decimal(12:38)"`   // hours
	TotalParking    *Decimal `parquet:"total_parking_time,optional,decimal(12:38)"`
	Periods         *int32   `parquet:"charging_period_count,optional"`

	Credit             *bool      `parquet:"credit,optional"`
	CreditReferenceID  string     `parquet:"credit_reference_id,optional"`
	InvoiceReferenceID string     `parquet:"invoice_reference_id,optional"`
	LastUpdated        *time.Time `parquet:"last_updated,optional,timestamp(microsecond)"`

	Record []byte `parquet:"ocpi_record"` // source.RecordColumn
}

// NewRow reads a record with a decoder of the goroutine's own. It keeps the record's bytes.
func NewRow(d *ocpi.Decoder, rec ocpi.Record) Row {
	kind := ocpi.DetectKind(rec.Bytes)
	r := Row{Kind: kind.String(), Record: rec.Bytes}
	switch kind {
	case ocpi.KindCDR:
		if c, _ := d.CDR(rec); c != nil {
			r.cdr(c)
		}
	case ocpi.KindSession:
		if s, _ := d.Session(rec); s != nil {
			r.session(s)
		}
	default:
		if id, ok := ocpi.ScanIdentity(rec.Bytes); ok {
			r.CountryCode, r.PartyID, r.ID = id.CountryCode, id.PartyID, id.ID
		}
	}
	return r
}

func (r *Row) cdr(c *ocpi.CDR) {
	r.Version, r.CountryCode, r.PartyID, r.ID, r.SessionID = c.Version.String(), c.CountryCode, c.PartyID, c.ID, c.SessionID
	r.times(c.StartDateTime, c.EndDateTime, c.LastUpdated)
	r.token(&c.Token)
	r.AuthMethod, r.AuthReference, r.MeterID = c.AuthMethod, c.AuthorizationReference, c.MeterID
	r.location(&c.Location)
	r.Currency = c.Currency
	r.TotalCost, r.TotalCostIncl = exactly(c.TotalCost.BeforeTaxes), exactly(c.TotalCost.AfterTaxes)
	r.FixedCost, r.EnergyCost, r.TimeCost = exactly(c.TotalFixedCost.BeforeTaxes), exactly(c.TotalEnergyCost.BeforeTaxes), exactly(c.TotalTimeCost.BeforeTaxes)
	r.ParkingCost, r.ReservationCost = exactly(c.TotalParkingCost.BeforeTaxes), exactly(c.TotalReservationCost.BeforeTaxes)
	r.TotalEnergy, r.TotalTime, r.TotalParking = exactly(c.TotalEnergy), exactly(c.TotalTime), exactly(c.TotalParkingTime)
	r.Periods = count(len(c.ChargingPeriods))
	if c.Credit != ocpi.Unset {
		is := c.Credit == ocpi.True
		r.Credit = &is
	}
	r.CreditReferenceID, r.InvoiceReferenceID = c.CreditReferenceID, c.InvoiceReferenceID
}

func (r *Row) session(s *ocpi.Session) {
	r.Version, r.CountryCode, r.PartyID, r.ID = s.Version.String(), s.CountryCode, s.PartyID, s.ID
	r.times(s.StartDateTime, s.EndDateTime, s.LastUpdated)
	r.token(&s.Token)
	r.AuthMethod, r.AuthReference, r.MeterID, r.Status = s.AuthMethod, s.AuthorizationReference, s.MeterID, s.Status
	r.location(&s.Location)
	r.Currency, r.TotalCost, r.TotalCostIncl = s.Currency, exactly(s.TotalCost.BeforeTaxes), exactly(s.TotalCost.AfterTaxes)
	r.TotalEnergy, r.Periods = exactly(s.KWh), count(len(s.ChargingPeriods))
}

func (r *Row) times(start, end, updated time.Time) {
	r.Start, r.End, r.LastUpdated = instant(start), instant(end), instant(updated)
}

// token takes the uid and the contract, in 2.1.1 what stands for it.
func (r *Row) token(t *ocpi.CDRToken) {
	r.TokenUID, r.ContractID = t.UID, t.ContractID
	if t.ContractID == "" {
		r.ContractID = t.AuthID
	}
}

func (r *Row) location(l *ocpi.CDRLocation) {
	r.LocationID, r.LocationCountry, r.EVSEUID, r.EVSEID, r.ConnectorID = l.ID, l.Country, l.EVSEUID, l.EVSEID, l.ConnectorID
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func count(n int) *int32 {
	c := int32(n)
	return &c
}

// exactly is a number as DECIMAL(38,12); nil where it is absent or does not fit.
func exactly(n ocpi.Number) *Decimal {
	if !n.Present {
		return nil
	}
	return NewDecimal(n.Value)
}

package oracle_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// The oracle's own model of a CDR: the members that pricing needs, read by encoding/json. Nothing of package ocpi is used, so that a
// fault of the decoder shows as a difference in price.

type cdr struct {
	StartDateTime   instant  `json:"start_date_time"`
	EndDateTime     instant  `json:"end_date_time"`  // 2.2.1 and later
	StopDateTime    instant  `json:"stop_date_time"` // 2.1.1
	Currency        string   `json:"currency"`
	Tariffs         []tariff `json:"tariffs"`
	ChargingPeriods []period `json:"charging_periods"`
	TotalCost       price    `json:"total_cost"`
	FixedCost       price    `json:"total_fixed_cost"`
	EnergyCost      price    `json:"total_energy_cost"`
	TimeCost        price    `json:"total_time_cost"`
	ParkingCost     price    `json:"total_parking_cost"`
	ReservationCost price    `json:"total_reservation_cost"`
	Credit          bool     `json:"credit"`
}

type period struct {
	StartDateTime instant     `json:"start_date_time"`
	TariffID      string      `json:"tariff_id"`
	Dimensions    []dimension `json:"dimensions"`
}

type dimension struct {
	Type   string `json:"type"`
	Volume number `json:"volume"`
}

type tariff struct {
	ID            string    `json:"id"`
	Currency      string    `json:"currency"`
	Elements      []element `json:"elements"`
	MinPrice      *price    `json:"min_price"`
	MaxPrice      *price    `json:"max_price"`
	StartDateTime instant   `json:"start_date_time"`
	EndDateTime   instant   `json:"end_date_time"`
	TaxIncluded   string    `json:"tax_included"`
}

type element struct {
	PriceComponents []component   `json:"price_components"`
	Restrictions    *restrictions `json:"restrictions"`
}

type component struct {
	Type     string `json:"type"`
	Price    number `json:"price"`
	VAT      number `json:"vat"`
	StepSize number `json:"step_size"`
}

type restrictions struct {
	StartTime   string   `json:"start_time"`
	EndTime     string   `json:"end_time"`
	StartDate   string   `json:"start_date"`
	EndDate     string   `json:"end_date"`
	MinKWh      number   `json:"min_kwh"`
	MaxKWh      number   `json:"max_kwh"`
	MinCurrent  number   `json:"min_current"`
	MaxCurrent  number   `json:"max_current"`
	MinPower    number   `json:"min_power"`
	MaxPower    number   `json:"max_power"`
	MinDuration number   `json:"min_duration"`
	MaxDuration number   `json:"max_duration"`
	DayOfWeek   []string `json:"day_of_week"`
	Reservation string   `json:"reservation"`
}

// price is an amount or a limit in the words of any version: a bare number is before taxes.
type price struct {
	net, gross number
	taxes      []taxAmount
}

type taxAmount struct {
	Name       string `json:"name"`
	Percentage number `json:"percentage"`
}

func (p *price) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return p.net.UnmarshalJSON(b)
	}
	var words struct {
		ExclVAT     number      `json:"excl_vat"`
		InclVAT     number      `json:"incl_vat"`
		BeforeTaxes number      `json:"before_taxes"`
		AfterTaxes  number      `json:"after_taxes"`
		Taxes       []taxAmount `json:"taxes"`
	}
	if err := json.Unmarshal(b, &words); err != nil {
		return err
	}
	p.net, p.gross, p.taxes = words.ExclVAT, words.InclVAT, words.Taxes
	if words.BeforeTaxes.given() {
		p.net = words.BeforeTaxes
	}
	if words.AfterTaxes.given() {
		p.gross = words.AfterTaxes
	}
	return nil
}

// number is a number as a fraction, nil where absent or null; decimals is how many digits after the point its sender meant.
type number struct {
	*big.Rat
	decimals int
}

func (n number) given() bool { return n.Rat != nil }

func (n *number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" {
		return nil
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return fmt.Errorf("no number: %s", text)
	}
	n.Rat = r
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if _, fraction, ok := strings.Cut(mantissa, "."); ok {
		n.decimals = len(fraction)
	}
	if exponent != "" {
		e, err := strconv.Atoi(exponent)
		if err != nil {
			return err
		}
		n.decimals = max(0, n.decimals-e)
	}
	return nil
}

// instant is a moment in UTC; where no offset is written, UTC is meant.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t, err = time.Parse(time.RFC3339Nano, text+"Z")
	}
	i.Time = t.UTC()
	return err
}

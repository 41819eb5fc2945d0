package convert

import (
	"math/big"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Decimal is DECIMAL(38,12) of Parquet: an integer of 10^-12 as two's complement, the highest byte first. A column of it is tagged
// `decimal(12:38)`.
type Decimal = [16]byte

const scale = 12

// NewDecimal is a number as a Decimal; nil where none is exactly that number.
func NewDecimal(n exact.Decimal) *Decimal {
	units, ok := new(big.Int).SetString(n.Shift(scale).Plain(), 10)
	if !ok || units.CmpAbs(limit) >= 0 {
		return nil
	}
	if units.Sign() < 0 {
		units.Add(units, modulus)
	}
	var out Decimal
	units.FillBytes(out[:])
	return &out
}

// limit is 10^38, modulus 2^128.
var (
	limit   = new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil)
	modulus = new(big.Int).Lsh(big.NewInt(1), 128)
)

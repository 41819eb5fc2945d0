package commitment

import (
	"encoding/json"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// Amount is a decimal number, in JSON a string with all its digits: what is hashed must come back as it was.
type Amount struct{ exact.Decimal }

// MarshalJSON implements json.Marshaler.
func (a Amount) MarshalJSON() ([]byte, error) { return json.Marshal(a.Plain()) }

// UnmarshalJSON implements json.Unmarshaler; it takes the form that MarshalJSON writes.
func (a *Amount) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	d, err := exact.Parse([]byte(s))
	if err == nil && d.Plain() != s {
		err = fmt.Errorf("%q is not in the form that this tool writes", s)
	}
	a.Decimal = d
	return err
}

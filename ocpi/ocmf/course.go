package ocmf

import (
	"slices"

	"github.com/nexacollect/reconcile/ocpi"
)

// Course is what the readings of a CDR tell, whatever their signatures are: nothing is verified.
type Course struct {
	Energy      Energy   // by the readings at begin and end, where Refusal is NotRefused
	Refusal     Refusal  // why they tell no energy
	Fall        *Fall    // the first reading of a register that is below the one before it; nil where none of those that can be used falls
	First, Last *Reading // the earliest and the latest whose times can be used; nil where there is none
	Meter       string   // the serial number of the meter, of its gateway where it has none; "" where there is no reading
}

// Fall is a register that went backwards. Registers of energy drawn only rise (OCMF, Reading).
type Fall struct {
	From, To Reading
}

// CourseOf reads the signed values of a CDR, nil where it has none.
func CourseOf(data *ocpi.SignedData) *Course {
	if data == nil {
		return nil
	}
	var records []*Record
	for _, v := range data.SignedValues[:min(len(data.SignedValues), maxValues)] {
		if text, source := locate(v); source != SourceNone {
			if r, err := Parse(text); err == nil {
				records = append(records, r)
			}
		}
	}
	c := &Course{}
	c.Energy, c.Refusal = Between(records)
	if c.Refusal != OtherMeter && c.Refusal != RecordAmbiguous && len(records) > 0 {
		c.Meter = records[0].serial()
		c.follow(records)
	}
	return c
}

// follow looks at the readings of each register in the order of time.
func (c *Course) follow(records []*Record) {
	drawn := map[register][]*Reading{}
	var order []register
	for _, rec := range records {
		for i := range rec.Readings {
			r := &rec.Readings[i]
			c.see(r)
			g, ok := parseRegister(r.Register)
			if _, known := inKWh(r.Unit); !ok || g.side() == noEnergy || !known || !r.Value.Present || r.Time.IsZero() || r.fault() != NotRefused {
				continue
			}
			if drawn[g] == nil {
				order = append(order, g)
			}
			drawn[g] = append(drawn[g], r)
		}
	}
	for _, g := range order {
		if c.Fall == nil {
			c.Fall = fallOf(drawn[g])
		}
	}
}

func (c *Course) see(r *Reading) {
	if !r.timeUsable() || r.TimeStatus == TimeUnsynchronised {
		return
	}
	if c.First == nil || r.Time.Before(c.First.Time) {
		c.First = r
	}
	if c.Last == nil || r.Time.After(c.Last.Time) {
		c.Last = r
	}
}

// fallOf finds the first reading below the one before it. Of readings at one moment the order is not known: the lesser comes first.
func fallOf(readings []*Reading) *Fall {
	slices.SortStableFunc(readings, func(a, b *Reading) int {
		if d := a.Time.Compare(b.Time); d != 0 {
			return d
		}
		return a.KWh().Cmp(b.KWh())
	})
	for i := 1; i < len(readings); i++ {
		if readings[i].KWh().Less(readings[i-1].KWh()) {
			return &Fall{*readings[i-1], *readings[i]}
		}
	}
	return nil
}

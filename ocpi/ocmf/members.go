package ocmf

import "github.com/nexacollect/reconcile/ocpi"

// payloadMembers reads each member of the payload section (OCMF, tables 1 to 6). VI and VV are what GI and GV were called before 0.4.
var payloadMembers = map[string]func(*Record, value){
	"FV": func(r *Record, v value) { r.FormatVersion = v.text() },
	"GI": func(r *Record, v value) { r.Gateway.Identification = v.text() },
	"GS": func(r *Record, v value) { r.Gateway.Serial = v.text() },
	"GV": func(r *Record, v value) { r.Gateway.Version = v.text() },
	"VI": func(r *Record, v value) { r.Gateway.Identification = v.text() },
	"VV": func(r *Record, v value) { r.Gateway.Version = v.text() },
	"PG": func(r *Record, v value) { r.Pagination = v.text() },
	"MV": func(r *Record, v value) { r.Meter.Vendor = v.text() },
	"MM": func(r *Record, v value) { r.Meter.Model = v.text() },
	"MS": func(r *Record, v value) { r.Meter.Serial = v.text() },
	"MF": func(r *Record, v value) { r.Meter.Firmware = v.text() },
	"IS": func(r *Record, v value) { r.Identification.Assigned = v.boolean() },
	"IL": func(r *Record, v value) { r.Identification.Level = v.text() },
	"IF": func(r *Record, v value) {
		r.Identification.Flags = nil
		v.each(func(_ int, flag value) { r.Identification.Flags = append(r.Identification.Flags, flag.text()) })
	},
	"IT": func(r *Record, v value) { r.Identification.Type = v.text() },
	"ID": func(r *Record, v value) { r.Identification.Data = v.text() },
	"TT": func(r *Record, v value) { r.TariffText = v.text() },
	"CF": func(r *Record, v value) { r.ControllerFirmware = v.text() },
	"LC": func(r *Record, v value) { r.LossCompensation = v.lossCompensation() },
	"CT": func(r *Record, v value) { r.ChargePointType = v.text() },
	"CI": func(r *Record, v value) { r.ChargePoint = v.text() },
	"RD": readReadings,
}

// lossCompensation reads LC or UC.
func (v value) lossCompensation() *LossCompensation {
	if v.null() {
		return nil
	}
	l := &LossCompensation{}
	v.members(func(name string, m value) {
		switch name {
		case "LN", "UN":
			l.Name = m.text()
		case "LI", "UI":
			l.ID = string(m.raw)
		case "LR", "UR":
			l.Resistance = m.number()
		case "LU":
			l.Unit = m.text()
		default:
			m.keep()
		}
	})
	return l
}

// keep adds a member that the specification does not have to those of the record.
func (v value) keep() {
	v.p.rec.Unknown = append(v.p.rec.Unknown, ocpi.Member{Pointer: v.pointer, Value: v.raw})
}

// readReadings reads RD. Each reading begins with what the one before it says; of a first one nothing is known.
func readReadings(r *Record, v value) {
	r.Readings = nil
	var last Reading
	v.each(func(i int, reading value) {
		if i == maxReadings {
			reading.defect("more than %d readings, the rest is not read", maxReadings)
		}
		if i >= maxReadings {
			return
		}
		next := last
		next.CumulatedLoss = ocpi.Number{}
		reading.members(func(name string, m value) {
			read := readingMembers[name]
			if read == nil {
				m.keep()
				return
			}
			read(&next, m)
		})
		next.complete(reading)
		r.Readings = append(r.Readings, next)
		last = next
	})
}

// readingMembers reads each member of a reading (OCMF, table 7).
var readingMembers = map[string]func(*Reading, value){
	"TM": func(r *Reading, v value) { r.Time, r.TimeStatus, r.TimeText = v.time() },
	"TX": func(r *Reading, v value) { r.Transaction = v.text() },
	"RV": func(r *Reading, v value) { r.Value = v.number() },
	"RI": func(r *Reading, v value) { r.Register = v.text() },
	"RU": func(r *Reading, v value) { r.Unit = v.text() },
	"RT": func(r *Reading, v value) { r.CurrentType = v.text() },
	"CL": func(r *Reading, v value) { r.CumulatedLoss = v.number() },
	"EF": func(r *Reading, v value) { r.ErrorFlags = v.text() },
	"ST": func(r *Reading, v value) { r.Status = v.text() },
	"UC": func(r *Reading, v value) { r.Compensation = v.lossCompensation() },
}

// complete reports what a reading neither says nor takes from the one before it.
func (r *Reading) complete(v value) {
	for _, m := range []struct {
		name   string
		absent bool
	}{{"TM", r.TimeText == ""}, {"RV", !r.Value.Present}, {"RU", r.Unit == ""}, {"ST", r.Status == ""}} {
		if m.absent {
			v.defect("%q is missing, in this reading and those before it", m.name)
		}
	}
}

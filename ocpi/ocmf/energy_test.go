package ocmf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// payloadOf is a payload with the meter's serial number and the readings.
func payloadOf(meter string, readings ...string) string {
	return `{"FV":"1.3","PG":"T1","MS":"` + meter + `","RD":[` + strings.Join(readings, ",") + "]}"
}

// at is a reading of the total import register at a minute past ten.
func at(minute int, transaction, value string) string {
	return of(minute, transaction, value, "1-b:1.8.0")
}

func of(minute int, transaction, value, register string) string {
	return fmt.Sprintf(`{"TM":"2026-03-01T10:%02d:00,000+0100 S","TX":"%s","RV":%s,"RI":"%s","RU":"kWh","EF":"","ST":"G"}`, minute, transaction, value, register)
}

// edit replaces text of a reading.
func edit(reading, from, to string) string {
	if !strings.Contains(reading, from) {
		panic(from + " is not in " + reading)
	}
	return strings.Replace(reading, from, to, 1)
}

func TestEnergyBetween(t *testing.T) {
	begin, end := at(0, "B", "10.5"), at(30, "E", "22.75")
	for name, c := range map[string]struct {
		payloads []string
		want     string // kWh, with "compensated", or the refusal
	}{
		"one record":               {[]string{payloadOf("1", begin, end)}, "12.25"},
		"two records":              {[]string{payloadOf("1", begin), payloadOf("1", end)}, "12.25"},
		"in any order":             {[]string{payloadOf("1", end), payloadOf("1", begin)}, "12.25"},
		"a reading repeated":       {[]string{payloadOf("1", begin), payloadOf("1", begin, end)}, "12.25"},
		"one between":              {[]string{payloadOf("1", begin, at(10, "C", "15"), end)}, "12.25"},
		"a tariff change between":  {[]string{payloadOf("1", begin, at(10, "T", "15"), end)}, "12.25"},
		"ended by power failure":   {[]string{payloadOf("1", begin, at(30, "P", "22.75"))}, "12.25"},
		"nothing drawn":            {[]string{payloadOf("1", begin, at(30, "E", "10.50"))}, "0.00"},
		"in Wh":                    {[]string{payloadOf("1", edit(begin, "kWh", "Wh"), edit(end, "kWh", "Wh"))}, "0.01225"},
		"other spelling":           {[]string{payloadOf("1", begin), payloadOf("1", of(30, "E", "22.75", "01-0B:01.08.00*FF"))}, "12.25"},
		"members left out":         {[]string{payloadOf("1", begin, `{"TM":"2026-03-01T10:30:00,000+0100 S","TX":"E","RV":22.75}`)}, "12.25"},
		"gateway alone":            {[]string{strings.Replace(payloadOf("1", begin, end), "MS", "GS", 1)}, "12.25"},
		"other energy too":         {[]string{payloadOf("1", begin, of(0, "B", "3", "1-b:2.8.0"), end, of(30, "E", "4", "1-b:2.8.0"))}, "12.25"},
		"side of the vehicle":      {[]string{payloadOf("1", begin, end, of(0, "B", "0", "01-00:B3.08.00*FF"), of(30, "E", "12", "01-00:B3.08.00*FF"))}, "12 compensated"},
		"LC":                       {[]string{strings.Replace(payloadOf("1", begin, end), `"RD"`, `"LC":{"LR":2,"LU":"mOhm"},"RD"`, 1)}, "12.25 compensated"},
		"LC of nothing":            {[]string{strings.Replace(payloadOf("1", begin, end), `"RD"`, `"LC":{"LR":0,"LU":"mOhm"},"RD"`, 1)}, "12.25"},
		"CL":                       {[]string{payloadOf("1", begin, edit(end, `"RV"`, `"CL":0.25,"RV"`))}, "12.25 compensated"},
		"UC":                       {[]string{payloadOf("1", edit(begin, `"RV"`, `"UC":{"UR":3},"RV"`), end)}, "12.25 compensated"},
		"the time is flagged":      {[]string{payloadOf("1", begin, edit(end, `"EF":""`, `"EF":"t"`))}, "12.25 without times"},
		"none":                     {nil, NoValidRecord.String()},
		"no readings":              {[]string{payloadOf("1")}, NoEnergyRegister.String()},
		"energy fed back":          {[]string{payloadOf("1", of(0, "B", "3", "1-b:2.8.0"), of(30, "E", "4", "1-b:2.8.0"))}, NoEnergyRegister.String()},
		"no register":              {[]string{payloadOf("1", of(0, "B", "3", ""), of(30, "E", "4", ""))}, NoEnergyRegister.String()},
		"no begin":                 {[]string{payloadOf("1", end)}, NoBegin.String()},
		"no end":                   {[]string{payloadOf("1", begin, at(10, "C", "15"))}, NoEnd.String()},
		"no transaction":           {[]string{payloadOf("1", edit(begin, `"TX":"B",`, ""), edit(end, `"TX":"E",`, ""))}, NoBegin.String()},
		"other register":           {[]string{payloadOf("1", begin), payloadOf("1", of(30, "E", "22.75", "1-b:1.8.1"))}, NoEnd.String()},
		"other meter":              {[]string{payloadOf("1", begin), payloadOf("2", end)}, OtherMeter.String()},
		"begins differ":            {[]string{payloadOf("1", begin), payloadOf("1", at(0, "B", "10.6"), end)}, SeveralBegins.String()},
		"ends differ":              {[]string{payloadOf("1", begin, end, at(31, "E", "22.75"))}, SeveralEnds.String()},
		"exception":                {[]string{payloadOf("1", begin, at(10, "X", "15"), end)}, ExceptionWhileCharging.String()},
		"status at the begin":      {[]string{payloadOf("1", edit(begin, `"G"`, `"F"`), end)}, MeterNotGood.String()},
		"status at the end":        {[]string{payloadOf("1", begin, edit(end, `"G"`, `"S"`))}, MeterNotGood.String()},
		"status between":           {[]string{payloadOf("1", begin, edit(at(10, "C", "15"), `"G"`, `"T"`), end)}, MeterNotGood.String()},
		"status missing":           {[]string{payloadOf("1", edit(begin, `,"ST":"G"`, ""), end)}, MeterNotGood.String()},
		"energy flagged":           {[]string{payloadOf("1", begin, edit(end, `"EF":""`, `"EF":"Et"`))}, EnergyFlagged.String()},
		"unknown flag":             {[]string{payloadOf("1", begin, edit(end, `"EF":""`, `"EF":"q"`))}, EnergyFlagged.String()},
		"other unit":               {[]string{payloadOf("1", begin, edit(end, "kWh", "Wh"))}, OtherUnit.String()},
		"unknown unit":             {[]string{payloadOf("1", edit(begin, "kWh", "J"), edit(end, "kWh", "J"))}, UnitUnknown.String()},
		"no value":                 {[]string{payloadOf("1", edit(begin, `"RV":10.5,`, ""), end)}, ValueMissing.String()},
		"time runs backwards":      {[]string{payloadOf("1", at(31, "B", "10.5"), end)}, TimesReversed.String()},
		"meter runs backwards":     {[]string{payloadOf("1", begin, at(30, "E", "10.4"))}, ValueFalls.String()},
		"registers disagree":       {[]string{payloadOf("1", begin, end, of(0, "B", "0", "1-b:1.8.1"), of(30, "E", "12", "1-b:1.8.1"))}, RegistersDisagree.String()},
		"a member twice":           {[]string{payloadOf("1", begin, edit(end, `"RV"`, `"RV":99,"RV"`))}, RecordAmbiguous.String()},
		"a member twice, the same": {[]string{payloadOf("1", begin, edit(end, `"RV"`, `"RV":22.75,"RV"`))}, "12.25"},
		"the list twice":           {[]string{edit(payloadOf("1", begin, end), `"RD"`, `"RD":[],"RD"`)}, RecordAmbiguous.String()},
		"the serial twice":         {[]string{edit(payloadOf("1", begin, end), `"MS"`, `"MS":"9","MS"`)}, RecordAmbiguous.String()},
	} {
		var records []*Record
		for _, p := range c.payloads {
			records = append(records, parsed(t, p))
		}
		e, refusal := Between(records)
		got := refusal.String()
		if refusal == NotRefused {
			got = e.KWh.String()
			if e.LossCompensated {
				got += " compensated"
			}
			if !e.TimesUsable {
				got += " without times"
			}
		}
		assert.Equal(t, c.want, got, name)
	}
}

// Whatever the readings are, energy is exactly their difference and none where they are not in order.
func TestEnergyIsTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decimal := func(label string) exact.Decimal {
			return exact.New(rapid.Int64Range(0, 1e12).Draw(t, label), rapid.Int32Range(0, 6).Draw(t, label+" decimals"))
		}
		from, to := decimal("from"), decimal("to")
		r, err := Parse("OCMF|" + payloadOf("1", at(0, "B", from.String()), at(30, "E", to.String())) + `|{"SD":"00"}`)
		require.NoError(t, err)
		e, refusal := Between([]*Record{r})
		if to.Less(from) {
			require.Equal(t, ValueFalls, refusal)
			return
		}
		require.Equal(t, NotRefused, refusal)
		require.True(t, from.Add(e.KWh).Equal(to))
	})
}

package ocmf

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
)

func num(text string) ocpi.Number { return ocpi.Number{Value: exact.MustParse(text), Present: true} }

// parsed is a record with the payload and an empty signature.
func parsed(t testing.TB, payload string) *Record {
	r, err := Parse("OCMF|" + payload + `|{"SD":"00"}`)
	require.NoError(t, err)
	return r
}

// defects are the messages of a record's defects, each with what stands at its offset.
func defects(r *Record) []string {
	out := []string{}
	for _, d := range r.Defects {
		rest := r.Text[d.Offset:]
		out = append(out, d.Pointer+": "+d.Message+" @ "+rest[:min(len(rest), 6)])
	}
	return out
}

// Every member of versions 1.0 to 1.3.
func TestMembersOfARecord(t *testing.T) {
	const payload = `{"FV":"1.3","GI":"Gateway G1","GS":"90001","GV":"7.1","PG":"T12345","MV":"Anymeter","MM":"M350",` +
		`"MS":"4711","MF":"1.0","IS":true,"IL":"VERIFIED","IF":["RFID_PLAIN","OCPP_RS_TLS"],"IT":"ISO14443","ID":"04A1B2C3",` +
		`"TT":"0,42 EUR/kWh","CF":"2.1","LC":{"LN":"cable","LI":1,"LR":2.50,"LU":"mOhm"},"CT":"EVSEID","CI":"DE*ABC*E1","UX":{"a":[1]},` +
		`"RD":[{"TM":"2026-04-05T13:22:04,000+0200 S","TX":"B","RV":100.600,"RI":"1-b:1.8.0","RU":"kWh","RT":"DC","EF":"","ST":"G"},` +
		`{"TM":"2026-04-05T13:26:04,250+0200 R","TX":"E","RV":130.1,"CL":0.5},` +
		`{"TX":"B","RV":1,"EF":"t","UC":{"UN":"No_Comp","UI":2,"UR":0},"UA":1}]}`
	r, err := Parse("\n OCMF|" + payload + `|{"SA":"ECDSA-secp192r1-SHA256","SE":"base64","SM":"application/x-der","SD":"AA==","XY":1}` + "\n")
	require.NoError(t, err)
	begin := time.Date(2026, 4, 5, 11, 22, 4, 0, time.UTC)
	end := time.Date(2026, 4, 5, 11, 26, 4, 250e6, time.UTC)
	want := &Record{
		Text: r.Text, Payload: []byte(payload),
		Signature:     Signature{"ECDSA-secp192r1-SHA256", "base64", "application/x-der", "AA=="},
		FormatVersion: "1.3", Gateway: Gateway{"Gateway G1", "90001", "7.1"},
		Meter: Meter{"Anymeter", "M350", "4711", "1.0"}, Pagination: "T12345",
		Identification: Identification{ocpi.True, "VERIFIED", []string{"RFID_PLAIN", "OCPP_RS_TLS"}, "ISO14443", "04A1B2C3"},
		TariffText:     "0,42 EUR/kWh", ControllerFirmware: "2.1",
		LossCompensation: &LossCompensation{"cable", "1", num("2.50"), "mOhm"}, ChargePointType: "EVSEID", ChargePoint: "DE*ABC*E1",
		Readings: []Reading{
			{begin, "2026-04-05T13:22:04,000+0200 S", TimeSynchronised, "B", num("100.600"), "1-b:1.8.0", "kWh", "DC", ocpi.Number{}, "", "G", nil},
			{end, "2026-04-05T13:26:04,250+0200 R", TimeRelative, "E", num("130.1"), "1-b:1.8.0", "kWh", "DC", num("0.5"), "", "G", nil},
			{end, "2026-04-05T13:26:04,250+0200 R", TimeRelative, "B", num("1"), "1-b:1.8.0", "kWh", "DC", ocpi.Number{}, "t", "G",
				&LossCompensation{"No_Comp", "2", num("0"), ""}},
		},
		Unknown: []ocpi.Member{{Pointer: "/UX", Value: []byte(`{"a":[1]}`)}, {Pointer: "/RD/2/UA", Value: []byte("1")}},
	}
	assert.Empty(t, cmp.Diff(want, r, cmp.AllowUnexported(Record{}), cmp.Comparer(func(a, b exact.Decimal) bool { return a.String() == b.String() })))
	assert.Equal(t, "relative", r.Readings[1].TimeStatus.String())
}

func TestTextsThatAreNoRecord(t *testing.T) {
	for text, want := range map[string]SyntaxError{
		"":                     {0, "OCMF|"},
		"OCMF":                 {0, "OCMF|"},
		"ocmf|{}|{}":           {0, "OCMF|"},
		"EDL|{}|{}":            {0, "OCMF|"},
		"OCMF|{}":              {7, "a signature section behind the payload"},
		"OCMF||{}":             {5, "a JSON object as the payload"},
		"OCMF|[]|{}":           {5, "a JSON object as the payload"},
		`OCMF|{"ID":"a|b"}|{}`: {5, "a JSON object as the payload"}, // no bar within a section
		"OCMF|{} {}|{}":        {7, "nothing behind the object of the payload"},
		"OCMF|{}|":             {8, "a JSON object as the signature section"},
		`OCMF|{}|{"SD":1`:      {8, "a JSON object as the signature section"},
		"OCMF|" + strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70) + "|{}": {5, "a JSON object as the payload"},
	} {
		r, err := Parse(text)
		assert.Nil(t, r, text)
		var at *SyntaxError
		if assert.True(t, errors.As(err, &at), text) {
			assert.Equal(t, want, *at, text)
		}
	}
	assert.Equal(t, "offset 7: wanted x", (&SyntaxError{7, "x"}).Error())
}

func TestDefects(t *testing.T) {
	const reading = `{"TM":"2026-03-01T10:00:00,000+0100 S","RV":1,"RU":"kWh","ST":"G"}`
	for payload, want := range map[string][]string{
		`{"FV":"1.0","PG":"T1","RD":[` + reading + `]}`: {},
		`{"PG":"T1"}`: {`: "FV" is missing, the record is read as one of version 1 @ {"PG":`, `: "RD" is missing, it is mandatory @ {"PG":`},
		`{"FV":0.1,"PG":"T1","RD":[]}`: {
			`/FV: "0.1", wanted a string; it is read as written @ 0.1,"P`, `/FV: version "0.1", it is read as version 1 @ {"FV":`,
		},
		`{"FV":"1.0","PG":"T1","RD":[],"MS":"1","MS":"2"}`: {
			`/MS: it is there more than once, with another value; the last one is read @ "2"}|{`,
		},
		`{"FV":"1.0","PG":"T1","RD":[],"MS":"1","MS": "1"}`: {`/MS: it is there more than once, with the same value @ "1"}|{`},
		`{"FV":"1.0","PG":"T1","IS":"VERIFIED","RD":{}}`: {
			`/IS: "\"VERIFIED\"", wanted true or false @ "VERIF`, `/RD: wanted a list, it is not read @ {}}|{"`,
		},
		`{"FV":"1.0","PG":"T1","MM":[],"RD":[1]}`: {
			`/MM: wanted a string, it is not read @ [],"RD`, `/RD/0: wanted an object, it is not read @ 1]}|{"`,
			`/RD/0: "TM" is missing, in this reading and those before it @ 1]}|{"`, `/RD/0: "RV" is missing, in this reading and those before it @ 1]}|{"`,
			`/RD/0: "RU" is missing, in this reading and those before it @ 1]}|{"`, `/RD/0: "ST" is missing, in this reading and those before it @ 1]}|{"`,
		},
		`{"FV":"1.0","PG":"T1","RD":[` + strings.Replace(reading, `"RV":1`, `"RV":"  001.50"`, 1) + `]}`: {
			`/RD/0/RV: the number "1.50" as a string @ "  001`,
		},
		`{"FV":"1.0","PG":"T1","RD":[` + strings.Replace(reading, `"RV":1`, `"RV":"1,5"`, 1) + `]}`: {
			`/RD/0/RV: the number "1,5" as a string @ "1,5",`, `/RD/0/RV: "1,5": not a decimal number @ "1,5",`,
			`/RD/0: "RV" is missing, in this reading and those before it @ {"TM":`,
		},
		`{"FV":"1.0","PG":"T1","RD":[` + strings.Replace(reading, ",000+0100 S", "+01:00", 1) + `]}`: {
			`/RD/0/TM: "2026-03-01T10:00:00+01:00" has no status U, I, S or R @ "2026-`,
			`/RD/0/TM: "2026-03-01T10:00:00+01:00", wanted the form 2018-07-24T13:22:04,000+0200; it is read @ "2026-`,
		},
		`{"FV":"1.0","PG":"T1","RD":[` + strings.Replace(reading, "-03-", "-13-", 1) + `]}`: {
			`/RD/0/TM: "2026-13-01T10:00:00,000+0100 S", wanted a time such as 2018-07-24T13:22:04,000+0200; it is not read @ "2026-`,
		},
		"{\"FV\":\"1.0\",\"PG\":\"T\x01\",\"RD\":[]}": {"/PG: a string with control characters, it is not read @ \"T\x01\",\""},
	} {
		r := parsed(t, payload)
		assert.Equal(t, want, defects(r), payload)
	}
	r, err := Parse(`OCMF|{"FV":"1.0","PG":"T1","RD":[]}|{"SD":"00","SD":"01"}|04AB`)
	require.NoError(t, err)
	assert.Equal(t, "01", r.Signature.Data)
	assert.Equal(t, []string{
		`/SD: it is there more than once, with another value; the last one is read @ "01"}|`,
		": another section behind the signature, it is not read @ 04AB",
	}, defects(r))
}

func TestReadingsAreLimited(t *testing.T) {
	r := parsed(t, `{"FV":"1.0","PG":"T1","RD":[`+strings.Repeat(`{"TM":"2026-03-01T10:00:00,000+0100 S","RV":1,"RU":"kWh","ST":"G"},`, maxReadings+5)+`{}]}`)
	assert.Len(t, r.Readings, maxReadings)
	assert.Len(t, r.Defects, 1)
}

func TestRecordsAreLimited(t *testing.T) {
	payload := `{"FV":"1.0","PG":"T1","IF":[` + strings.Repeat("1,", maxDefects+5) + `1]}`
	assert.Len(t, parsed(t, payload).Defects, maxDefects)
	_, err := Parse("OCMF|" + strings.Repeat(" ", maxText) + "{}|{}")
	assert.EqualError(t, err, "offset 1048576: wanted a text of at most 1048576 bytes")
	r := parsed(t, `{"FV":"1.0","PG":"T1","RD":[{"RV":`+strings.Repeat("1", maxNumberText+1)+`}]}`)
	assert.False(t, r.Readings[0].Value.Present)
	assert.Contains(t, r.Defects[0].Message, "4097 characters")
}

// null counts as absent, and what can still be read is.
func TestOddValues(t *testing.T) {
	r := parsed(t, `{"FV":"1.0","PG":"T1","MS":null,"IS":null,"IF":null,"LC":null,"CT":0,"IS":false,`+
		`"RD":[{"TM":"2026-03-01T10:00:00+0100 U","RV":"-007","RU":"kWh","ST":"G","UC":{"UX":1,"UR":null}},{"RV":null,"TM":"2026-03-01T10:00:00Z I"}]}`)
	assert.Equal(t, ocpi.False, r.Identification.Assigned)
	assert.Nil(t, r.LossCompensation)
	assert.Equal(t, "0", r.ChargePointType)
	assert.Equal(t, "-7", r.Readings[0].Value.Value.String())
	assert.False(t, r.Readings[0].Compensation.applies())
	assert.Equal(t, []ocpi.Member{{Pointer: "/RD/0/UC/UX", Value: []byte("1")}}, r.Unknown)
	assert.False(t, r.Readings[1].Value.Present)
	assert.Equal(t, 10, r.Readings[1].Time.Hour())
	names := map[TimeStatus]string{
		TimeUnsynchronised: "unsynchronised", TimeInformative: "informative", TimeSynchronised: "synchronised", TimeRelative: "relative", 0: "",
	}
	for status, name := range names {
		assert.Equal(t, name, status.String())
	}
}

func TestRegisters(t *testing.T) {
	same := [][]string{
		{"1-b:1.8.0", "01-0B:01.08.00*FF", "1-B:1.8.0*255", " 1-b:1.8.0"},
		{"1-0:1.8.0", "01-00:01.08.00.FF", "1-0:1.8.0*255"},
		{"1-0:1.8.0*198", "01-00:01.08.00*198"},
		{"1-b:1.8.e"}, {"1-0:1.8.1"}, {"01-00:B0.08.00*FF"}, {"01-00:B2.08.00*FF"},
		{"01-0B:B1.08.00*FF"}, {"01-00:B3.08.00*FF"}, {"1-0:98.8.0.FF"},
	}
	seen := map[register]bool{}
	for i, spellings := range same {
		first, ok := parseRegister(spellings[0])
		require.True(t, ok, spellings[0])
		assert.False(t, seen[first], spellings[0])
		seen[first] = true
		want := mainsSide
		if i >= 7 {
			want = deviceSide
		}
		for _, text := range spellings {
			g, ok := parseRegister(text)
			assert.True(t, ok, text)
			assert.Equal(t, first, g, text)
			assert.Equal(t, want, g.side(), text)
		}
	}
	for _, text := range []string{"1-b:2.8.0", "01-00:C1.08.00*FF", "1-b:1.9.0", "01-00:00.08.06.FF", "7-0:1.8.0", "1-0:1.7.0"} {
		g, ok := parseRegister(text)
		assert.True(t, ok, text)
		assert.Equal(t, noEnergy, g.side(), text)
	}
	for _, text := range []string{"", "1.8.0", "1-b", "1-b:1.8", "1-b:1.8.0.255.1", "1-b:x.8.0"} {
		_, ok := parseRegister(text)
		assert.False(t, ok, text)
	}
}

package ocpi

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
)

// sameNumbers compares decimals by value and by the decimals written.
var sameNumbers = cmp.Comparer(func(a, b exact.Decimal) bool { return a.Equal(b) && a.Scale() == b.Scale() })

func archive(t testing.TB, name string) map[string][]byte {
	a, err := txtar.ParseFile("testdata/decode/" + name)
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, f := range a.Files {
		files[f.Name] = f.Data
	}
	return files
}

func num(text string) Number { return Number{Value: exact.MustParse(text), Present: true} }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return t
}

// oneSession is what session.txtar tells in every version, but for the costs and what 2.1.1 does not have.
func oneSession() *CDR {
	tariff := &Tariff{
		CountryCode: "BE", PartyID: "BEC", ID: "12", Currency: "EUR", LastUpdated: at("2026-02-01T00:00:00Z"),
		Elements: []TariffElement{
			{PriceComponents: []PriceComponent{{Kind: Energy, Type: "ENERGY", Price: num("0.20"), StepSize: num("1")}}},
			{
				PriceComponents: []PriceComponent{{Kind: ParkingTime, Type: "PARKING_TIME", Price: num("2.00"), StepSize: num("1")}},
				Restrictions: &Restrictions{
					StartTime: TimeOfDay{Minutes: 480, Present: true},
					DayOfWeek: 1<<time.Sunday | 1<<time.Monday,
				},
			},
		},
	}
	return &CDR{
		CountryCode: "BE", PartyID: "BEC", ID: "CDR-1",
		StartDateTime: at("2026-03-01T10:00:00Z"), EndDateTime: at("2026-03-01T12:00:00Z"), SessionID: "S-1",
		Token:      CDRToken{CountryCode: "NL", PartyID: "TNM", UID: "012345678", Type: "RFID", ContractID: "NL-TNM-C12345678-J"},
		AuthMethod: "WHITELIST", AuthorizationReference: "A-1",
		Location: CDRLocation{
			ID: "LOC1", Name: "Gent Zuid", Address: "F.Rooseveltlaan 3A", City: "Gent", PostalCode: "9000", Country: "BEL",
			Latitude: "51.047599", Longitude: "3.729944", EVSEUID: "3256", EVSEID: "BE*BEC*E041503001", ConnectorID: "1",
			ConnectorStandard: "IEC_62196_T2", ConnectorFormat: "SOCKET", PowerType: "AC_1_PHASE",
		},
		MeterID: "M1", Currency: "EUR", Tariffs: []*Tariff{tariff},
		ChargingPeriods: []ChargingPeriod{
			{StartDateTime: at("2026-03-01T10:00:00Z"), Dimensions: []CDRDimension{{Energy, "ENERGY", num("7.5")}, {Time, "TIME", num("1.5")}}},
			{Index: 1, StartDateTime: at("2026-03-01T11:30:00Z"), Dimensions: []CDRDimension{{ParkingTime, "PARKING_TIME", num("0.5")}}},
		},
		SignedData: &SignedData{
			EncodingMethod: "OCMF", EncodingMethodVersion: num("1"), PublicKey: "key", URL: "https://example.org",
			SignedValues: []SignedValue{{"Start", "OCMF|{}", "c2ln"}},
		},
		TotalEnergy: num("7.5"), TotalTime: num("2.0"), TotalParkingTime: num("0.5"),
		Remark: "a remark", InvoiceReferenceID: "I-1", Credit: False, HomeChargingCompensation: False,
		LastUpdated: at("2026-03-01T12:01:00Z"),
	}
}

func TestCDROfEachVersionReadsTheSame(t *testing.T) {
	files := archive(t, "session.txtar")
	net := func(shape PriceShape, text string) Price { return Price{Shape: shape, BeforeTaxes: num(text)} }
	costs := func(c *CDR, shape PriceShape) {
		c.TotalFixedCost, c.TotalEnergyCost, c.TotalTimeCost = net(shape, "0.00"), net(shape, "1.50"), net(shape, "0.00")
		c.TotalParkingCost, c.TotalReservationCost = net(shape, "1.00"), net(shape, "0.00")
	}
	cases := []struct {
		version Version
		adapt   func(c *CDR)
	}{
		{V211, func(c *CDR) {
			c.CountryCode, c.PartyID, c.SessionID, c.AuthorizationReference, c.InvoiceReferenceID = "", "", "", "", ""
			c.Token = CDRToken{AuthID: c.Token.ContractID}
			c.Location.MaxPowerW = num("7360")
			c.SignedData, c.Credit, c.HomeChargingCompensation = nil, Unset, Unset
			c.TotalCost = net(ShapeNumber, "2.50")
			c.Tariffs[0].CountryCode, c.Tariffs[0].PartyID = "", ""
		}},
		{V221, func(c *CDR) {
			costs(c, ShapeExclIncl)
			c.TotalCost = Price{Shape: ShapeExclIncl, BeforeTaxes: num("2.50"), AfterTaxes: num("3.00")}
		}},
		{V230, func(c *CDR) {
			costs(c, ShapeBeforeTaxes)
			c.TotalCost = Price{
				Shape: ShapeBeforeTaxes, BeforeTaxes: num("2.50"), AfterTaxes: num("3.000"),
				Taxes: []TaxAmount{{"GST", "RT1", num("5"), num("0.125")}, {Name: "QST", Amount: num("0.375")}},
			}
			c.Tariffs[0].TaxIncluded = TaxNo
		}},
	}
	for _, c := range cases {
		t.Run(c.version.String(), func(t *testing.T) {
			rec := Record{Bytes: files[c.version.String()+".json"]}
			got, findings := NewDecoder(Options{}).CDR(rec)
			assert.Empty(t, findings)
			want := oneSession()
			c.adapt(want)
			require.NotNil(t, got)
			assert.Equal(t, c.version, got.Version)
			want.Record, want.Version, want.TariffOffsets = got.Record, got.Version, got.TariffOffsets
			want.Tariffs[0].Record, want.Tariffs[0].Version = got.Tariffs[0].Record, got.Version
			if diff := cmp.Diff(want, got, sameNumbers); diff != "" {
				t.Errorf("model (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSessionOfEachVersionReadsTheSame(t *testing.T) {
	files := archive(t, "running.txtar")
	for _, v := range []Version{V211, V221, V230} {
		t.Run(v.String(), func(t *testing.T) {
			got, findings := NewDecoder(Options{}).Session(Record{Bytes: files[v.String()+".json"]})
			assert.Empty(t, findings)
			require.NotNil(t, got)
			assert.Equal(t, v, got.Version)
			assert.Equal(t, "S-1", got.ID)
			assert.Equal(t, "COMPLETED", got.Status)
			assert.Equal(t, at("2026-03-01T10:00:00Z"), got.StartDateTime)
			assert.Equal(t, at("2026-03-01T12:00:00Z"), got.EndDateTime)
			assert.Equal(t, "LOC1", got.Location.ID)
			assert.Equal(t, "3256", got.Location.EVSEUID)
			assert.Equal(t, "1", got.Location.ConnectorID)
			assert.Equal(t, "NL-TNM-C12345678-J", got.Token.ContractID+got.Token.AuthID)
			assert.Equal(t, "7.5", got.KWh.Value.String())
			assert.True(t, got.TotalCost.BeforeTaxes.Value.Equal(exact.MustParse("2.5")))
			require.Len(t, got.ChargingPeriods, 1)
			assert.Len(t, got.ChargingPeriods[0].Dimensions, 1)
		})
	}
}

func TestResultDoesNotDependOnRecordsBefore(t *testing.T) {
	files := archive(t, "session.txtar")
	d := NewDecoder(Options{})
	for _, order := range [][]string{{"2.1.1", "2.2.1", "2.3.0"}, {"2.3.0", "2.1.1", "2.2.1"}, {"2.2.1", "2.3.0", "2.1.1"}} {
		for _, v := range order {
			rec := Record{Bytes: files[v+".json"]}
			got, findings := d.CDR(rec)
			want, _ := NewDecoder(Options{}).CDR(rec)
			assert.Empty(t, findings, v)
			assert.Empty(t, cmp.Diff(want, got, sameNumbers), v)
		}
	}
}

func TestDeclaredVersionIsKept(t *testing.T) {
	rec := Record{Bytes: archive(t, "session.txtar")["2.1.1.json"]}
	c, findings := NewDecoder(Options{Version: V221}).CDR(rec)
	assert.Equal(t, V221, c.Version)
	assert.Equal(t, at("2026-03-01T12:00:00Z"), c.EndDateTime, "members of another version are read all the same")
	assert.Equal(t, "3256", c.Location.EVSEUID)
	found := map[string]Severity{}
	for _, f := range findings {
		if f.Code == SchemaOtherVersion {
			found[f.Pointer] = f.Severity
		}
	}
	assert.Equal(t, SeverityWarn, found["/stop_date_time"])
	assert.Equal(t, SeverityWarn, found["/auth_id"])
	assert.Equal(t, SeverityWarn, found["/location"])
	assert.Nil(t, FirstBlock(findings))
}

func TestSharedTariffIsDecodedOnce(t *testing.T) {
	d := NewDecoder(Options{})
	raw := archive(t, "session.txtar")["2.2.1.json"]
	a, _ := d.CDR(Record{Bytes: raw})
	b, _ := d.CDR(Record{Bytes: append([]byte("  "), raw...)})
	assert.Same(t, a.Tariffs[0], b.Tariffs[0])
	assert.Equal(t, a.TariffOffsets[0]+2, b.TariffOffsets[0])
	raw[b.TariffOffsets[0]+5] = 'X'
	assert.NotContains(t, string(a.Tariffs[0].Record.Bytes), "X", "a remembered tariff has bytes of its own")
}

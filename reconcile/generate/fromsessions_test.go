package generate

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const someSessions = `Session,ConnectionStartDateTime,ConnectionEndDateTime,ChargingStartDateTime,ChargingEndDateTime,Power,Energy,ChargingStation,UserID
S1,1539005100.0,1539043560.0,1539005100.0,1539043200.0,0.6,6.31,1-1-193-816,000000365
S2,2018-10-08T13:35:00Z,2018-10-08T21:35:00-03:00,2018-10-08T13:50:00Z,2018-10-09T00:40:00Z,2.19,22.123456,"1,1",000000416
,1539005100,1539043560,1539005100,1539043200,1,1,A,B
S4,now,1539043560,1539005100,1539043200,1,1,A,B
S5,1539043560,1539005100,1539005100,1539043200,1,1,A,B
S6,1539005100,1539005100,1539005100,1539005100,1,1,A,B
S7,1539005100,1539043560,1539005000,1539043200,1,1,A,B
S8,1539005100,1539043560,1539043200,1539005100,1,1,A,B
S9,1539005100,1539043560,1539005100,1539043200,1,-1,A,B
S10,1539005100,1539043560,1539005100,1539043200,1,1.0000001,A,B
s1,1539005100,1539043560,1539005100,1539043200,1,1,A,B
S12,1539005100,1639043560,1539005100,1539043200,1,1,A,B
S13,1539005100
S14,1539005100,1539043560,1539005100,1539005100,1,3,A,B
S15,1539005100,1539043560,1539005100,1539043860,1,9.500,A,
S"16,1539005100,1539043560,1539005100,1539043200,1,1,A,B
S17,1539105100,1539143560,1539105100,1539143200,1,0,A,B
`

func TestFromSessionsRejectsByLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "sessions.csv")
	require.NoError(t, os.WriteFile(file, []byte(someSessions), 0o666))
	r, err := FromSessions(t.Context(), FromOptions{Sessions: file, Out: filepath.Join(dir, "out")})
	require.NoError(t, err)
	want := []Rejected{
		{4, "no session id"},
		{5, `start "now": neither epoch seconds nor RFC 3339`},
		{6, "ends before it starts"},
		{7, "has no length"},
		{8, "charging starts before the connection"},
		{9, "charging ends before it starts"},
		{10, `energy "-1" is no number of kWh, 0 or more`},
		{11, `energy "1.0000001" has more than 6 decimals`},
		{12, `session id "s1" is that of line 2`},
		{13, "lasts more than 30 days"},
		{14, `energy "" is no number of kWh, 0 or more`},
		{15, "energy without time of charging"},
		{17, `bare " in non-quoted-field`},
	}
	assert.Equal(t, want, r.Rejected)
	assert.Equal(t, 2, r.Adjusted) // S2 and S15
	assertConserves(t, filepath.Join(dir, "out"))

	sessions := bytes.Split(bytes.TrimSpace(content(t, filepath.Join(dir, "out"), sessionFile)), []byte("\n"))
	require.GreaterOrEqual(t, len(sessions), 3)
	var second struct {
		ID       string
		KWh      json.Number
		Token    struct{ UID string } `json:"cdr_token"`
		EVSE     string               `json:"evse_uid"`
		Start    string               `json:"start_date_time"`
		End      string               `json:"end_date_time"`
		Location string               `json:"location_id"`
	}
	require.NoError(t, json.Unmarshal(sessions[1], &second))
	assert.Equal(t, "S2", second.ID)
	assert.Equal(t, "22.123456", second.KWh.String())
	assert.Equal(t, "000000416", second.Token.UID)
	assert.Equal(t, "1,1", second.EVSE)
	assert.Equal(t, "2018-10-09T00:35:00Z", second.End)
}

func TestFromSessionsMapsColumns(t *testing.T) {
	content := []byte("\ufeffid,from,to,kwh\nA,1539005100,1539043560,12.5\n")
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	_, err := z.Write(content)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	for name, disk := range map[string][]byte{"sessions.csv.gz": gz.Bytes(), "sessions.csv.zst": w.EncodeAll(content, nil)} {
		t.Run(name, func(t *testing.T) { mapColumns(t, name, disk) })
	}
}

func mapColumns(t *testing.T, name string, disk []byte) {
	dir := t.TempDir()
	file := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(file, disk, 0o666))
	opts := FromOptions{Sessions: file, Out: filepath.Join(dir, "out"), Columns: map[string]string{"id": "id", "start": "from", "end": "to", "kwh": "kwh"}}
	r, err := FromSessions(t.Context(), opts)
	require.NoError(t, err)
	assert.Empty(t, r.Rejected)
	assert.Equal(t, 1, r.Files[0].Records)

	opts.Columns["kwh"], opts.Force = "energy", true
	_, err = FromSessions(t.Context(), opts)
	require.ErrorContains(t, err, `no column "energy"`)
	opts.Columns["power"] = "kw"
	_, err = FromSessions(t.Context(), opts)
	require.ErrorContains(t, err, `unknown column "power"`)
}

func TestFromMeasuredSessions(t *testing.T) {
	data := os.Getenv("RECONCILE_DATA")
	if data == "" {
		t.Skip("RECONCILE_DATA is not set")
	}
	dir := t.TempDir()
	r, err := FromSessions(t.Context(), FromOptions{Sessions: filepath.Join(data, "sessions", "acn_california_ev_sessions.csv.gz"), Out: dir})
	require.NoError(t, err)
	assert.Empty(t, r.Rejected)
	assert.GreaterOrEqual(t, r.Files[0].Records, 30000)
	assertAllDefects(t, r, (*defect).worksOnMeasured)
	assertConserves(t, dir)
}

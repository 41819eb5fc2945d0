package source

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// packed is content as one gzip member.
func packed(content string) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write([]byte(content))
	z.Close()
	return buf.Bytes()
}

// zstdFrame is content as one zstd frame.
func zstdFrame(content []byte) []byte {
	w, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true)) // the options are right
	return w.EncodeAll(content, nil)
}

// limits that are small enough to reach.
var small = Limits{RecordBytes: 100, Depth: 4}

func TestFrames(t *testing.T) {
	long := strings.Repeat("x", 100)
	tests := []struct{ name, in, records, rejected, notes string }{
		{"lines", "{\"a\":1}\n{\"b\":2}\n", `{"a":1}|{"b":2}`, "", ""},
		{"lines without the last newline", "{\"a\":1}\n{\"b\":2}", `{"a":1}|{"b":2}`, "", ""},
		{"lines with blank ones, CRLF and a mark", "\xef\xbb\xbf\r\n{\"a\":1}\r\n\r\n  {\"b\":2}\t\r\n \n", `{"a":1}|{"b":2}`, "", ""},
		{"lines with commas", "{\"a\":1},\n{\"b\":2},\n", `{"a":1}|{"b":2}`, "", ""},
		{"braces in strings", "{\"a\":\"}{\"}\n{\"a\":\"\\\"}\"}\n{\"a\":\"\\\\\"}\n", `{"a":"}{"}|{"a":"\"}"}|{"a":"\\"}`, "", ""},
		{"one after the other", `{"a":1}{"b":2} {"c":3},{"d":4}`, `{"a":1}|{"b":2}|{"c":3}|{"d":4}`, "", ""},
		{"two on one line among others", "{\"a\":1}\n{\"b\":2} {\"c\":3}\n", `{"a":1}|{"b":2}|{"c":3}`, "", ""},
		{"over several lines", "{\n\"a\": {\n \"b\":1}\n}\n{\n\"a\":\n2\n,\n\"c\":[1,\n2]}", "{\n\"a\": {\n \"b\":1}\n}|{\n\"a\":\n2\n,\n\"c\":[1,\n2]}", "", ""},
		{"files put together", "\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{\"b\":2}\n", `{"a":1}|{"b":2}`, "", ""},
		{"one object", `{}`, `{}`, "", ""},
		{"array", `[{"a":1},{"b":2}]`, `{"a":1}|{"b":2}`, "", ""},
		{"array over lines", "[\n  {\"a\":1},\n  {\n\"b\":2}\n]\n", "{\"a\":1}|{\n\"b\":2}", "", ""},
		{"arrays, one a line", "[{\"a\":1},{\"b\":2}]\n[]\n[{\"c\":3}]", `{"a":1}|{"b":2}|{"c":3}`, "", ""},
		{"empty array", ` [ ] `, "", "", ""},
		{"array then object", `[{"a":1}]{"b":2}`, `{"a":1}|{"b":2}`, "", ""},

		{"response", `{"data":[{"a":1},{"b":2}],"status_code":1000}`, `{"a":1}|{"b":2}`, "", ""},
		{"response, data last", `{"status_code":1000,"timestamp":"2026-01-01T00:00:00Z","status_message":"ok \" }","data":[{"a":1}]}`, `{"a":1}`, "", ""},
		{"response, spread", "{\n \"status_code\" : 1000 ,\n \"data\" : [ {\"a\":1}\n ] ,\n \"x\": {\"y\":[1]}\n}\n", `{"a":1}`, "", ""},
		{"response with one object", `{"data":{"a":1},"status_code":1000}`, `{"a":1}`, "", ""},
		{"response a line", "{\"data\":[{\"a\":1}],\"status_code\":1000}\n{\"data\":[{\"b\":2}],\"status_code\":1000}\n", `{"a":1}|{"b":2}`, "", ""},
		{"array of responses", `[{"data":[{"a":1}],"status_code":1000},{"data":{"b":1},"status_code":1000}]`, `{"a":1}|{"b":1}`, "", ""},
		{"response without data", `{"status_code":1000,"timestamp":"x"}`, "", "", ""},
		{"response with null", `{"data":null,"status_code":1000}`, "", "", ""},
		{"response of an error", `{"data":[{"a":1}],"status_code":2001,"status_message":"no"}`, `{"a":1}`, "", "envelope-status"},
		{"response of an error alone", `{"status_code":3000,"status_message":"no","timestamp":"x"}`, "", "", "envelope-status"},
		{"response with a code as text", `{"data":[],"status_code":"OK"}`, "", "", "envelope-status"},
		{"response without code", `{"data":[{"a":1}],"timestamp":"x"}`, `{"a":1}`, "", "envelope-status"},
		{"data alone", `{"data":[{"a":1}]}`, `{"a":1}`, "", "envelope-status"},
		{"data that is text", `{"data":"x"}`, `{"data":"x"}`, "", ""},
		{"data behind another object", `{"a":{},"data":[{"b":1}]}`, `{"a":{},"data":[{"b":1}]}`, "", ""},
		{"data that is a number in a response", `{"status_code":1000,"data":7,"x":[]}`, `{"status_code":1000,"data":7,"x":[]}`, "", ""},
		{"data twice", `{"data":[{"a":1}],"data":[{"b":2}],"status_code":1000}`, `{"a":1}|{"b":2}`, "", ""},
		{"status in the record", `{"id":"1","status":"x"}`, `{"id":"1","status":"x"}`, "", ""},

		{"line that is no object", "{\"a\":1}\nnonsense\n{\"b\":2}\n", `{"a":1}|{"b":2}`, "2:2 source-syntax", ""},
		{"line that is a number", "{\"a\":1}\n12\n{\"b\":2}\n", `{"a":1}|{"b":2}`, "2:2 source-syntax", ""},
		{"line cut in a string", "{\"a\":1}\n{\"b\":\"x\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 source-syntax", ""},
		{"line cut behind a comma", "{\"a\":1}\n{\"b\":1,\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 source-syntax", ""},
		{"line cut behind a value", "{\"a\":1}\n{\"b\":{\"x\":1}\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 source-syntax", ""},
		{"first line cut", "{\"b\":{\"x\":1\n{\"c\":3}\n", `{"c":3}`, "1:1 source-syntax", ""},
		{"line with a brace too many", "{\"a\":1}\n{\"b\":{\"x\":1}},\"y\":{}}\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 source-syntax", ""},
		{"line with more behind", "{\"a\":1} x\n{\"c\":3}\n", `{"c":3}`, "1:1 source-syntax", ""},
		{"line closed by a bracket", "{\"a\":1]\n{\"c\":3}\n", `{"c":3}`, "1:1 source-syntax", ""},
		{"object over lines not closed", "{\n \"a\":1,\n \"b\":{\n\n{\n \"c\":1\n}\n", "{\n \"c\":1\n}", "1:1 source-syntax", ""},
		{"quote missing, over lines", "{\n \"a\":\"1,\n \"b\":2\n}\n{\n \"c\":1\n}\n", "{\n \"c\":1\n}", "1:1 source-syntax", ""},
		{"object cut on the last line", "{\"a\":1}\n{\"b\":", `{"a":1}`, "2:2 source-truncated", ""},
		{"object cut over lines", "{\"a\":1}\n{\n \"b\":1,\n", `{"a":1}`, "2:2 source-truncated", ""},

		{"array with other entries", "[1,\"x\",{\"a\":1},null,[{}],true,\n{\"b\":2}]", `{"a":1}|{"b":2}`,
			"1:1 source-syntax|2:1 source-syntax|4:1 source-syntax|5:1 source-syntax|6:1 source-syntax", ""},
		{"array not closed", `[{"a":1},`, `{"a":1}`, "", "source-truncated"},
		{"array cut in an object", `[{"a":1},{"b":`, `{"a":1}`, "2:1 source-truncated", ""},
		{"array with a line cut", "[\n{\"a\":1},\n{\"b\":{\"x\":1,\n{\"c\":3},\n{\"d\":4}\n]", `{"a":1}|{"c":3}|{"d":4}`, "2:3 source-syntax", ""},
		{"array with a quote missing", "[\n {\"a\":1},\n {\n  \"b\":\"x,\n  \"c\":{\n  }},\n {\"d\":4}\n]", `{"a":1}|{"d":4}`, "2:3 source-syntax", ""},
		{"array on one line with a quote missing", `[{"a":1},{"b":"x},{"c":3}]`, `{"a":1}`, "2:1 source-truncated", ""},
		{"array with a brace too many", `[{"a":{"x":1}},"b":{"y":[1]}},{"c":3}]`, `{"c":3}`, "1:1 source-syntax|2:1 source-syntax|3:1 source-syntax", ""},
		{"array closed twice", `[{"a":1}]]`, `{"a":1}`, "2:1 source-syntax", ""},
		{"words in an array", `[{"a":1} x, y z, {"b":2}]`, `{"b":2}`, "1:1 source-syntax|2:1 source-syntax|3:1 source-syntax", ""},

		{"response cut", `{"data":[{"a":1}],"status_code":1000`, `{"a":1}`, "", "source-truncated"},
		{"response cut in an object", `{"data":[{"a":1},{"b"`, `{"a":1}`, "2:1 source-truncated", ""},
		{"response a line, one cut", "{\"data\":[{\"a\":1},{\"b\"\n{\"data\":[{\"c\":2}],\"status_code\":1000}\n", `{"a":1}|{"c":2}`, "2:1 source-syntax", "source-truncated"},
		{"response a line, one cut between", "{\"data\":[{\"a\":1},\n{\"data\":[{\"c\":2}],\"status_code\":1000}\n", `{"a":1}|{"c":2}`, "", "source-truncated"},
		{"response a line, one cut in its object", "{\"data\":{\"a\":1\n{\"data\":{\"c\":2},\"status_code\":1000}\n", `{"c":2}`, "1:1 source-syntax", ""},
		{"response with nonsense", "{\"data\":[{\"a\":1}]; x\n{\"b\":2}\n", `{"a":1}|{"b":2}`, "2:1 source-syntax", ""},
		{"response with data of text", `{"status_code":1000,"data":[{"a":1}],"data":"x"}`, `{"a":1}`, "2:1 source-syntax", ""},

		{"too large on its line", "{\"a\":1}\n{\"b\":\"" + long + "\"}\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 limit-record", ""},
		{"too large and not closed", "{\"a\":1}\n{\"b\":\"" + long + "\n{\"c\":3}\n", `{"a":1}|{"c":3}`, "2:2 limit-record", ""},
		{"too large over lines", "[\n {\"a\":1},\n {\n\"b\":\"" + long + "\"\n},\n {\"c\":3}\n]", `{"a":1}|{"c":3}`, "2:3 limit-record", ""},
		{"too large on one line", `[{"a":1},{"b":"` + long + `"},{"c":3}]`, `{"a":1}|{"c":3}`, "2:1 limit-record", ""},
		{"too large with the next in sight", "[\n {\"a\":1},\n {\n\"b\":\"x\n},\n {\"c\":3},\n {\"d\":\"" + strings.Repeat("x", 60) + "\"},\n {\"e\":5}\n]",
			`{"a":1}|{"c":3}|{"d":"` + strings.Repeat("x", 60) + `"}|{"e":5}`, "2:3 source-syntax", ""},
		{"too deep", "{\"a\":1}\n{\"b\":[[[[]]]]}\n{\"c\":[[[]]]}\n", `{"a":1}|{"c":[[[]]]}`, "2:2 limit-depth", ""},
		{"too deep entry", `[[[[[[]]]]],{"c":3}]`, `{"c":3}`, "1:1 limit-depth", ""},
		{"too deep and not closed", strings.Repeat("[", 30), "", "1:1 limit-depth", "source-truncated"},

		{"empty", "", "", "", "source-empty"},
		{"only a mark", "\xef\xbb\xbf", "", "", "source-empty"},
		{"only white space", " \r\n\n", "", "", "source-empty"},
		{"UTF-16 with a mark", "\xff\xfe{\x00}\x00", "", "1:1 source-encoding", ""},
		{"UTF-16 without", "\x00{\x00}", "", "1:1 source-encoding", ""},
		{"CSV", "a,b\n1,2\n", "", "1:1 source-format", ""},
		{"no zstd", "\x28\xb5\x2f\xfd....", "", "1:1 source-zstd", ""},
		{"zstd", string(zstdFrame([]byte("{\"a\":1}\n"))), `{"a":1}`, "", ""},
		{"zstd of nothing", string(zstdFrame(nil)), "", "", "source-empty"},
		{"zstd in frames, one of them to skip", "\x53\x2a\x4d\x18\x02\x00\x00\x00xx" + string(zstdFrames([]byte("{\"a\":1}\n{\"b\":2}\n"), 2)), `{"a":1}|{"b":2}`, "", ""},
		{"zstd cut", string(zstdFrames([]byte("{\"a\":1}\n{\"b\":2}\n"), 2))[:40], `{"a":1}`, "2:2 source-zstd", ""},
		{"zstd and more", string(zstdFrame([]byte("{\"a\":1}\n"))) + "more", `{"a":1}`, "2:2 source-zstd", ""},
		{"zstd with a window of 3.5 GiB", "\x28\xb5\x2f\xfd\x00\xaf\x03\x00\x00ab", "", "1:1 limit-window", ""},
		{"zstd inside gzip", string(packed(string(zstdFrame([]byte("{}"))))), "", "1:1 source-format", ""},
		{"gzip inside gzip", string(packed(string(packed("{}")))), "", "1:1 source-format", ""},
		{"gzip", string(packed("{\"a\":1}\n")), `{"a":1}`, "", ""},
		{"gzip of nothing", string(packed("")), "", "", "source-empty"},
		{"gzip in members", string(packed("{\"a\":1}\n{\"b\"")) + string(packed(":2}\n")), `{"a":1}|{"b":2}`, "", ""},
		{"gzip cut", string(packed("{\"a\":1}\n"))[:24], `{"a":1}`, "2:2 source-gzip", ""},
		{"gzip cut in its header", "\x1f\x8b\x08", "", "1:1 source-gzip", ""},
		{"gzip and more", string(packed("{\"a\":1}\n")) + "more", `{"a":1}`, "2:2 source-gzip", ""},
		{"gzip with a wrong sum", flip(string(packed("{\"a\":1}\n"))), `{"a":1}`, "2:2 source-gzip", ""},
	}
	for _, tt := range tests {
		for _, size := range []int{1, 7, defaultBuffer} {
			t.Run(fmt.Sprintf("%s, buffer %d", tt.name, size), func(t *testing.T) {
				got := readAll(t, Options{buffer: size, Limits: small}, write(t, "in", []byte(tt.in)))
				require.Equal(t, tt.records, strings.Join(got.records, "|"), "records; %v", got.batch.Rejected)
				require.Equal(t, tt.rejected, strings.Join(got.rejected, "|"), "%v", got.batch.Rejected)
				require.Equal(t, tt.notes, strings.Join(got.notes, "|"), "%v", got.batch.Findings)
				require.Equal(t, len(got.records)+len(got.rejected), got.files[0].Records)
			})
		}
	}
}

// flip damages the check sum at the end of gzip data.
func flip(s string) string {
	b := []byte(s)
	b[len(b)-6] ^= 1
	return string(b)
}

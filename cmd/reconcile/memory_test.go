package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMemorySizes(t *testing.T) {
	for text, want := range map[string]struct {
		bytes int64
		shown string
	}{
		"256MiB": {256 << 20, "256MiB"}, "2GiB": {2 << 30, "2GiB"}, "2G": {2 << 30, "2GiB"}, "1024M": {1 << 30, "1GiB"}, "16384K": {16 << 20, "16MiB"},
		"16777216": {16 << 20, "16MiB"}, "16777217B": {16<<20 + 1, "16777217"}, "1048576GiB": {1 << 50, "1048576GiB"},
	} {
		var s byteSize
		require.NoError(t, s.Set(text), text)
		require.Equal(t, want.bytes, int64(s), text)
		require.Equal(t, want.shown, s.String())
		var again byteSize
		require.NoError(t, again.Set(s.String()))
		require.Equal(t, s, again)
	}
	for text, want := range map[string]string{
		"15MiB": "want 16MiB to 1048576GiB", "16777215": "want 16MiB to", "0": "want 16MiB to", "-1GiB": "want 16MiB to", "1048577GiB": "want 16MiB to",
		"9223372036854775807K": "want 16MiB to", "9223372036854775808": "want a size as 256MiB", "": "want a size", "much": "want a size", "1.5GiB": "want a size",
		"MiB": "want a size", "256 MiB": "want a size",
	} {
		var s byteSize
		require.ErrorContains(t, s.Set(text), want, text)
		require.Zero(t, s, text)
	}
}

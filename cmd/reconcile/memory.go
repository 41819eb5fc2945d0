package main

import (
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
)

// byteSize is a flag for an amount of memory.
type byteSize int64

const (
	defaultMemory = 256 << 20
	leastMemory   = 16 << 20
	mostMemory    = 1 << 50
)

var byteUnits = []struct {
	suffix string
	bytes  int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"B", 1}, {"", 1}}

func (s *byteSize) Set(text string) error {
	for _, unit := range byteUnits {
		digits, found := strings.CutSuffix(text, unit.suffix)
		n, err := strconv.ParseInt(digits, 10, 64)
		if !found || err != nil {
			continue
		}
		if n > mostMemory/unit.bytes || n*unit.bytes < leastMemory {
			return fmt.Errorf("want %s to %s", byteSize(leastMemory), byteSize(mostMemory))
		}
		*s = byteSize(n * unit.bytes)
		return nil
	}
	return fmt.Errorf("want a size as 256MiB or 2GiB")
}

func (s byteSize) String() string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		for _, u := range byteUnits {
			if u.suffix == unit && int64(s)%u.bytes == 0 {
				return fmt.Sprintf("%d%s", int64(s)/u.bytes, unit)
			}
		}
	}
	return fmt.Sprint(int64(s))
}

func (s *byteSize) Type() string { return "SIZE" }

// besides is what a run takes beside what it holds of its inputs: buffers, and garbage not collected yet.
const besides = 200 << 20

// limit makes the collector of garbage keep the process within the size and what it takes besides, unless GOMEMLIMIT says otherwise. It
// returns the size, and what raises the limit where a month is so large that the least to be held of it is more: without room the collector
// would do nothing but collect.
func (s byteSize) limit() (size int64, exceeds func(by int64)) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return int64(s), nil
	}
	debug.SetMemoryLimit(int64(s) + besides)
	raised := int64(0)
	return int64(s), func(by int64) {
		if by > raised+raised/8 { // setting it stops all goroutines
			raised = by
			debug.SetMemoryLimit(int64(s) + besides + by)
		}
	}
}

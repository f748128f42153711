package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// scale returns how much of a long test is run: the whole where DATELINE_LONG=1 asks for it, little under -short, as for the
// race detector, else what shows the same in seconds.
func scale[T any](little, some, whole T) T {
	switch {
	case os.Getenv("DATELINE_LONG") == "1":
		return whole
	case testing.Short():
		return little
	}
	return some
}

// seeded returns a source of random numbers and logs its seed: 1, unless $DATELINE_SEED has another number, or "new" for a
// seed drawn now.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	switch s := os.Getenv("DATELINE_SEED"); s {
	case "":
	case "new":
		seed = uint64(time.Now().UnixNano())
	default:
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("DATELINE_SEED: %v", err)
		}
	}
	t.Logf("DATELINE_SEED=%d draws the same numbers again", seed)
	return rand.New(rand.NewPCG(seed, 9))
}

// upTo draws a time below most.
func upTo(rng *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(most)))
}

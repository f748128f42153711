package feedtest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Long reports whether the whole form of long tests was asked for: DATELINE_LONG=1. Otherwise a test that simulates
// weeks or counts by the thousand runs its short form.
func Long() bool { return os.Getenv("DATELINE_LONG") == "1" }

// Pick returns long where [Long], else short.
func Pick[T any](short, long T) T {
	if Long() {
		return long
	}
	return short
}

// Seed returns the seed of a random test and logs how to run the test with it again. It is the given one, so that every
// run is the same, unless $DATELINE_SEED says otherwise: a number, or "new" for a seed drawn now.
func Seed(tb testing.TB, given uint64) uint64 {
	tb.Helper()
	seed := given
	switch s := os.Getenv("DATELINE_SEED"); s {
	case "":
	case "new":
		seed = uint64(time.Now().UnixNano())
	default:
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			tb.Fatalf("DATELINE_SEED: %v", err)
		}
	}
	tb.Logf("DATELINE_SEED=%d runs %s again", seed, tb.Name())
	return seed
}

// Rand returns a source of random numbers with [Seed] 1.
func Rand(tb testing.TB) *rand.Rand {
	tb.Helper()
	return rand.New(rand.NewPCG(Seed(tb, 1), 1))
}

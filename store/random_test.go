package store

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// seeded returns a source of random numbers and logs its seed: 1, unless $DATELINE_SEED has another number, or "new" for a
// seed drawn now. A seed plays the same run again.
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
	t.Logf("DATELINE_SEED=%d runs it again", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// pick returns whole where DATELINE_LONG=1 asks for the whole form of long tests, else some.
func pick[T any](some, whole T) T {
	if os.Getenv("DATELINE_LONG") == "1" {
		return whole
	}
	return some
}

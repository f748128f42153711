package feedtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Same fails the test unless got is want; what names the fact.
func Same[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if d := cmp.Diff(want, got); d != "" {
		tb.Errorf("%s (-want +got):\n%s", what, d)
	}
}

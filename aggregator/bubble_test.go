package aggregator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// morning is when the tests in bubbles begin.
var morning = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// bubble runs a test on a clock of its own, from morning on, with sources of a host of its own.
func bubble(t *testing.T, test func(t *testing.T, s *feedtest.Server, r *harness), ids ...string) {
	t.Helper()
	bubbleAt(t, morning, func(t *testing.T) {
		s := feedtest.NewHost("https://wire.example")
		var sources []news.Source
		for _, id := range ids {
			sources = append(sources, s.Source(id))
		}
		test(t, s, newHarnessOver(t, s, sources...))
	})
}

// bubbleAt runs a test on a clock of its own, from a time of this century on.
func bubbleAt(t *testing.T, from time.Time, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(from))
		test(t)
	})
}

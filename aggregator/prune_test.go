package aggregator_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/internal/feedtest"
	"dateline/store"
)

// TestTextsAreFoundForAWeek: the daemon drops what texts are found by once no window reaches back to it, and not
// before.
func TestTextsAreFoundForAWeek(t *testing.T) {
	t.Parallel()
	for days, joined := range map[int]int{6: 1, 12: 0} {
		t.Run(fmt.Sprintf("%d days later", days), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				registry, err := attribute.New(nil, attribute.Rules())
				if err != nil {
					t.Fatal(err)
				}
				s.Set("/alpha", page("alpha", bridge("a", "", "")))
				r.good("alpha")
				time.Sleep(25 * time.Hour) // what comes now seals what came before
				s.Set("/alpha", page("alpha", append(feedItems("alpha", 1, 1), bridge("a", "", ""))...))
				r.good("alpha")
				daemon := aggregator.New(r.store, aggregator.Setup{Client: r.client, Registry: registry,
					Retention: store.Retention{Text: 90 * 24 * time.Hour}}, slog.New(slog.DiscardHandler))
				ctx, stop := context.WithTimeout(context.Background(), time.Duration(days-1)*24*time.Hour)
				defer stop()
				if err := daemon.Run(ctx); err != nil {
					t.Fatal(err)
				}
				s.Set("/bravo", page("bravo", bridge("b", "", "")))
				if v := r.visit("bravo"); v.Joined != joined {
					t.Errorf("joined %d, want %d", v.Joined, joined)
				}
			}, "alpha", "bravo")
		})
	}
}

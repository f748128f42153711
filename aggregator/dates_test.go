package aggregator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
)

func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact, date string
		published  time.Time // as stored
		guessed    bool
	}{
		{"as given", "Tue, 24 Nov 2026 11:30:00 +0300", morning.Add(-30 * time.Minute), false},
		{"within the hour ahead it is believed", "Tue, 24 Nov 2026 10:00:00 GMT", morning.Add(time.Hour), false},
		{"further ahead it is when first seen", "Tue, 24 Nov 2026 10:00:01 GMT", morning, false},
		{"years ahead", "Tue, 24 Nov 2099 10:00:01 GMT", morning, false},
		{"missing stays missing", "", time.Time{}, false},
		{"unreadable is missing", "the day after", time.Time{}, false},
		{"without an offset it is of the source's zone", "24.11.2026 11:30", morning.Add(-30 * time.Minute), true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				r.sources[0].Zone = time.FixedZone("Minsk", 3*3600)
				r.open()
				p := one()
				p.PubDate = c.date
				s.Set("/alpha", page("Alpha", p))
				r.good()
				it := r.items("alpha")[0]
				if !it.Published.Equal(c.published) || it.PublishedRaw != c.date {
					t.Errorf("published %v, raw %q; want %v, %q", it.Published, it.PublishedRaw, c.published, c.date)
				}
				if got := r.state("alpha").Guessed; (got == 1) != c.guessed || got > 1 {
					t.Errorf("%d guesses counted, %q", got, it.Guessed)
				}
				if want := c.published; want.IsZero() {
					if e := r.entry(it.Key); !e.Published.Equal(morning) {
						t.Errorf("the entry is ordered by %v, want when it was first seen", e.Published)
					}
				}
			}, "alpha")
		})
	}
}

// TestUndatedOrder: what has no date is where it was first seen.
func TestUndatedOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		early := feedtest.Item{GUID: "early", Title: "Early", PubDate: "Tue, 24 Nov 2026 08:00:00 GMT"}
		undated := feedtest.Item{GUID: "undated", Title: "Undated"}
		late := feedtest.Item{GUID: "late", Title: "Late", PubDate: "Tue, 24 Nov 2026 09:30:00 GMT"}
		s.Set("/alpha", page("Alpha", undated, early))
		r.good()
		time.Sleep(time.Hour)
		s.Set("/alpha", page("Alpha", undated, early, late))
		r.good()
		var got []string
		for _, it := range readBack(t, r.atom()) {
			got = append(got, it.Title)
		}
		if d := cmp.Diff([]string{"Late", "Undated", "Early"}, got); d != "" {
			t.Error(d)
		}
	}, "alpha")
}

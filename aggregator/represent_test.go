package aggregator_test

import (
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// TestRepresentative: of items that are published as one entry, the originator's represents it, else the one of the
// source with the highest priority, else the fullest, else the earliest.
func TestRepresentative(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact            string
		prepare         func(sources []news.Source)
		dateline, after string // of bravo's text; of charlie's
		want            string
	}{
		{"the originator", func(sources []news.Source) { sources[1].Priority, sources[2].Agency = 9, "belta" },
			"OZERNY, 24 November (BelTA) – ", "", "charlie"},
		{"the highest priority", func(sources []news.Source) { sources[2].Priority = 1 }, "", "", "charlie"},
		{"the fullest", func([]news.Source) {}, "", " The mayor thanked everyone.", "charlie"},
		{"the earliest", func([]news.Source) {}, "", "", "bravo"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				c.prepare(r.sources)
				r.open()
				s.Set("/alpha", page("alpha", bridge("alpha", "", "")))
				s.Set("/bravo", page("bravo", bridge("bravo", c.dateline, "")))
				s.Set("/charlie", page("charlie", bridge("charlie", "", c.after)))
				for _, id := range []string{"alpha", "bravo", "charlie"} {
					r.good(id)
					time.Sleep(time.Minute)
				}
				a := r.items("alpha")[0].Key
				own := r.split(a, a) // the others are published as an entry
				if it, _ := r.itemOf(own); it.Source != c.want || len(r.entry(own).Members()) != 2 {
					t.Errorf("%s represents %v, want %s", it.Source, r.entry(own).Members(), c.want)
				}
				r.sound()
			}, "alpha", "bravo", "charlie")
		})
	}
}

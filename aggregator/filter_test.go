package aggregator_test

import (
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// TestFilterChanges: the lists are about new items, and about what is in the feed when they are asked.
func TestFilterChanges(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		all := feedItems("alpha", 1, 6)
		for i := range 3 {
			all[i].Title += ", sport"
		}
		r.sources[0].Exclude = []string{"sport"}
		r.open()
		s.Set("/alpha", page("Alpha", all...))
		if report := r.good(); report.New != 3 || r.state("alpha").Excluded != 3 {
			t.Errorf("%d new, %d excluded", report.New, r.state("alpha").Excluded)
		}
		s.Set("/alpha", page("Alpha", all[1:]...)) // one of them leaves
		if report := r.good(); report.New+report.Updated != 0 || r.state("alpha").Excluded != 2 {
			t.Errorf("%d new, %d updated, %d excluded", report.New, report.Updated, r.state("alpha").Excluded)
		}
		r.sources[0].Exclude = nil
		r.open()
		if report := r.good(); report.New != 2 || r.state("alpha").Excluded != 0 { // the same bytes are read again
			t.Errorf("without the list: %d new, %d excluded", report.New, r.state("alpha").Excluded)
		}
		r.sources[0].Exclude = []string{"event"} // which all have
		r.open()
		all[2].Title += " again"
		s.Set("/alpha", page("Alpha", all[1:]...))
		if report := r.good(); report.Updated != 1 || len(r.items("alpha")) != 5 {
			t.Errorf("what is stored: %d updated, %d items", report.Updated, len(r.items("alpha")))
		}
		r.sound()
	}, "alpha")
}

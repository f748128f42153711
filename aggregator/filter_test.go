package aggregator_test

import (
	"testing"

	"dateline/aggregator/internal/feedtest"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact             string
		include, exclude []string
		title, text      string
		taken            bool
	}{
		{"no lists", nil, nil, "Bridge opens", "", true},
		{"a word of the title, in capitals", []string{"BRIDGE"}, nil, "Bridge opens", "", true},
		{"a word of the lead", []string{"walkers"}, nil, "It opens", "The bridge is open to walkers again.", true},
		{"a category", []string{"society"}, nil, "It opens", "", true},
		{"a phrase", []string{"open to"}, nil, "It opens", "The bridge is open to walkers again.", true},
		{"a phrase the words of which stand apart", []string{"open walkers"}, nil, "It opens", "The bridge is open to walkers again.", false},
		{"a phrase across title and lead", []string{"opens the"}, nil, "It opens", "The bridge is open.", false},
		{"a part of a word", []string{"ridge"}, nil, "Bridge opens", "", false},
		{"none of the words", []string{"ferry", "tunnel"}, nil, "Bridge opens", "", false},
		{"Russian, ё as е", []string{"ЁЛКА"}, nil, "В Минске зажглась елка", "", true},
		{"excluded by the title", nil, []string{"bridge"}, "Bridge opens", "", false},
		{"excluded by the lead", nil, []string{"walkers"}, "It opens", "The bridge is open to walkers again.", false},
		{"excluded by a category", nil, []string{"Society"}, "It opens", "", false},
		{"exclude wins", []string{"bridge"}, []string{"opens"}, "Bridge opens", "", false},
		{"nothing of exclude", nil, []string{"ferry"}, "Bridge opens", "", true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				r.sources[0].Include, r.sources[0].Exclude = c.include, c.exclude
				r.open()
				s.Set("/alpha", feedtest.Doc(`<rss version="2.0"><channel><title>Alpha</title><item><guid>1</guid><title>`+c.title+
					`</title><category>Society</category><description>`+c.text+`</description></item></channel></rss>`))
				report := r.good()
				excluded := uint64(1 - report.New)
				if report.New == 1 != c.taken || len(r.items("alpha")) != report.New || r.state("alpha").Excluded != excluded {
					t.Errorf("%d new, %d stored, %d excluded", report.New, len(r.items("alpha")), r.state("alpha").Excluded)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestFilterChanges: the lists are about new items, and about what stands in the feed when they are asked.
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

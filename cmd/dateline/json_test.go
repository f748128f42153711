package main

import (
	"testing"

	"dateline/aggregator/news"
)

// TestCreditedIn: an item that joined an entry has the agency of the entry's line, unless its own text names one.
func TestCreditedIn(t *testing.T) {
	t.Parallel()
	agency := func(key, field string) *news.Credit {
		return &news.Credit{Agency: key, Evidence: news.Evidence{Field: field}}
	}
	rep := news.Item{Credits: news.Credits{Agency: agency("belta", "text")}}
	for _, c := range []struct {
		fact string
		own  *news.Credit
		join *news.Join
		want string
	}{
		{"known from the configuration alone", agency("tass", "config"), &news.Join{}, "belta"},
		{"not known", nil, &news.Join{}, "belta"},
		{"named by its text", agency("tass", "text"), &news.Join{}, "tass"},
		{"in an entry of its own", agency("tass", "config"), nil, "tass"},
	} {
		it := creditedIn(news.Item{Join: c.join, Credits: news.Credits{Agency: c.own}}, []news.Item{rep})
		if it.Credits.Agency == nil || it.Credits.Agency.Agency != c.want {
			t.Errorf("%s: %+v, want %s", c.fact, it.Credits.Agency, c.want)
		}
	}
}

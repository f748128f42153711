package daemon

import (
	"fmt"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStatedSubscribers: of each fetcher the last number that it stated for each document counts, while it comes back.
func TestStatedSubscribers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newReaders()
		read := func(agent, path string, code int) { s.read(agent, path, code, time.Now()) }
		sums := func(want map[string]int) {
			t.Helper()
			if diff := cmp.Diff(want, maps.Collect(maps.All(s.sums(time.Now())))); diff != "" {
				t.Error(diff)
			}
		}
		read("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 100 subscribers; like FeedFetcher-Google)", "/feed.atom", 200)
		read("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 200 subscribers; like FeedFetcher-Google)", "/feed.atom", 304)
		read("Feedbin feed-id:1373711 - 12 subscribers", "/feed.atom", 200)
		read("Feedbin feed-id:1373712 - 1 subscriber", "/sources/tass.atom", 200)
		read("Feedbin feed-id:1373713 - 7 subscribers", "/no-such-feed", 404)
		read("NewsBlur Feed Fetcher - 3 Subscribers - https://www.newsblur.com", "/feed.rss", 304)
		read("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 5 readers; )", "/feed.json", 200)
		read("Huge 12345678901234 subscribers", "/feed.atom", 200)
		read("Mozilla/5.0", "/feed.atom", 200)
		sums(map[string]int{"Feedly": 200, "Feedbin": 13, "NewsBlur": 3, "Inoreader": 5})
		time.Sleep(statedFor)
		read("Feedbin feed-id:1373711 - 14 subscribers", "/feed.atom", 304)
		time.Sleep(time.Second)
		sums(map[string]int{"Feedbin": 14})
		for i := range 2 * maxStated {
			read("Feedbin feed-id:1 - 1 subscriber", fmt.Sprint("/entries/", i), 200)
		}
		if n := s.sums(time.Now())["Feedbin"]; n != 14+maxStated-1 {
			t.Errorf("%d subscribers of %d documents", n, maxStated)
		}
	})
}

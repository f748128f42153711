package publish

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
)

// All who ask for a document while it is rendered get that one, or its error: it is rendered once.
func TestColdDocumentIsRenderedOnce(t *testing.T) {
	t.Parallel()
	for _, fails := range []error{nil, errors.New("cannot be rendered")} {
		synctest.Test(t, func(t *testing.T) {
			cache := newDocumentCache(1<<20, newColdRenders())
			g := &generation{}
			var renders atomic.Int64
			var all sync.WaitGroup
			for range 60 {
				all.Go(func() {
					r, err := cache.get("search?q=grain", g, func(*cachedResponse) (*cachedResponse, error) {
						renders.Add(1)
						time.Sleep(time.Second)
						return &cachedResponse{}, fails
					})
					if !errors.Is(err, fails) || (r == nil) != (fails != nil) {
						t.Errorf("%v, %v", r, err)
					}
				})
			}
			all.Wait()
			feedtest.Same(t, "renders", renders.Load(), 1)
		})
	}
}

// No more documents that are not kept are rendered at a time than there are processors, and few wait: the others are refused, with the
// time to come again. A document that is kept is answered all the while.
func TestColdDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 3)
	h := served(t, w)
	feedtest.Same(t, "status", ask(h, "GET", "/feed.atom").StatusCode, 200)
	synctest.Test(t, func(t *testing.T) {
		cold := newColdRenders()
		cache := newDocumentCache(1<<20, cold)
		g := &generation{}
		var mu sync.Mutex
		here, most, refused := 0, 0, 0
		var all sync.WaitGroup
		for i := range 800 {
			all.Go(func() {
				_, err := cache.get(fmt.Sprint("search?q=", i), g, func(*cachedResponse) (*cachedResponse, error) {
					mu.Lock()
					here++
					most = max(most, here)
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					defer mu.Unlock()
					here--
					return &cachedResponse{}, nil
				})
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, errBusy) {
					refused++
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		feedtest.Same(t, "renders at a time", most, cap(cold.places))
		feedtest.Same(t, "refused", refused, 800-coldQueue-cap(cold.places))
	})
	h.documents.cold.waiting.Add(1000)
	busy := ask(h, "GET", "/topics/russia/feed.rss")
	feedtest.Same(t, "status of one too many", busy.StatusCode, 503)
	feedtest.Same(t, "Retry-After", busy.Header.Get("Retry-After"), "2")
	feedtest.Same(t, "status of a kept one", ask(h, "GET", "/feed.atom").StatusCode, 200)
	h.documents.cold.waiting.Add(-1000)
	feedtest.Same(t, "status once there is room", ask(h, "GET", "/topics/russia/feed.rss").StatusCode, 200)
}

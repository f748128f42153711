package aggregator

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Visits hold no more than the bound together, but for one that may go on because the others wait; all of them end, in any order of
// growth and of being called off.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			const bound = 1000 * bytesPerByte
			m := &memory{bound: bound}
			var all sync.WaitGroup
			var mu sync.Mutex
			working := map[*reservation]int64{} // bytes of documents, of visits that do not wait
			held := map[*reservation]int64{}    // bytes of documents, of all visits
			check := func() {
				sum, most := int64(0), int64(0)
				for _, size := range held {
					sum, most = sum+size, max(most, size)
				}
				if sum > 1000 && (len(working) > 1 || sum-most > 1000) {
					t.Errorf("%d visits hold %d bytes of documents, of 1000; %d are at work, one holds %d", len(held), sum, len(working), most)
				}
			}
			for i := range 40 {
				r := rand.New(rand.NewPCG(seed, uint64(i)))
				all.Go(func() {
					c := &reservation{m: m}
					defer func() {
						mu.Lock()
						delete(held, c)
						mu.Unlock()
						c.release()
					}()
					for size := int64(1 + r.IntN(400)); size < 1500; size += int64(1 + r.IntN(600)) {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+r.IntN(200))*time.Second)
						err := c.grow(ctx, size)
						cancel()
						if err != nil {
							return
						}
						mu.Lock()
						working[c], held[c] = size, size
						check()
						mu.Unlock()
						time.Sleep(time.Duration(r.IntN(5)) * time.Second)
						mu.Lock()
						delete(working, c)
						mu.Unlock()
					}
				})
			}
			all.Wait()
			if m.used != 0 || m.working != 0 || len(m.queue) != 0 {
				t.Errorf("at the end %d bytes are held by %d visits, %d wait", m.used, m.working, len(m.queue))
			}
		})
	}
}

// A visit larger than the bound waits for those at work, runs alone, and is not passed by those that came later.
func TestMemoryLargeVisitRunsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{bound: 100 * bytesPerByte}
		grown := func(c *reservation, size int64) chan error {
			done := make(chan error, 1)
			go func() { done <- c.grow(t.Context(), size) }()
			synctest.Wait()
			return done
		}
		waits := func(what string, done chan error, want bool) {
			t.Helper()
			synctest.Wait()
			if got := len(done) == 0; got != want {
				t.Errorf("%s waits: %v, want %v", what, got, want)
			}
		}
		small, large, later := &reservation{m: m}, &reservation{m: m}, &reservation{m: m}
		first := grown(small, 10)
		second := grown(large, 500)
		third := grown(later, 10)
		waits("the small one", first, false)
		waits("the large one, beside the small one", second, true)
		waits("a later one", third, true)
		small.release()
		waits("the large one, alone", second, false)
		waits("a later one, beside the large one", third, true)
		m.setBound(600*bytesPerByte, 0)
		waits("a later one, once there is room", third, false)
		large.release()
		later.release()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := small.grow(t.Context(), 600); err != nil {
			t.Error(err)
		}
		if err := large.grow(ctx, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("called off: %v", err)
		}
		small.release()
	})
}

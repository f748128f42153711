package aggregator_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/news"
)

// waiting is a wire on which new items wait ten minutes for their originator.
func waiting(t *testing.T, test func(t *testing.T, s *site, r *rig), ids ...string) {
	wireOf(t, func(t *testing.T, s *site, r *rig) {
		r.hold = 10 * time.Minute
		r.open()
		test(t, s, r)
	}, ids...)
}

func TestHold(t *testing.T) {
	t.Run("nothing is told while it waits", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			r.good("alpha")
			a := r.items("alpha")[0]
			if e := r.entry(a.Key); e.State != news.Waiting || e.First != 0 || r.head() != 0 || len(readBack(t, r.atom())) != 0 {
				t.Errorf("it is %q at %d", e.State, e.First)
			}
			r.open() // the wait survives a restart
			time.Sleep(10*time.Minute - time.Second)
			if r.ingest(aggregator.Request{}); r.head() != 0 {
				t.Error("published a second too early")
			}
			time.Sleep(time.Second)
			r.ingest(aggregator.Request{})
			r.inEntry(a.Key, a.Key)
			if !slices.Equal(r.records(a.Key), []news.Kind{news.RecordNew}) {
				t.Errorf("the log: %v", r.records(a.Key))
			}
			r.sound()
		}, "alpha")
	})
	t.Run("the daemon publishes it by itself", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			r.good("alpha")
			r.open()
			ctx, end := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- r.engine.Run(ctx) }()
			time.Sleep(10*time.Minute - time.Second)
			if r.head() != 0 {
				t.Error("published too early")
			}
			time.Sleep(2 * time.Second)
			if r.head() != 1 {
				t.Error("not published")
			}
			end()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}, "alpha")
	})
	t.Run("the higher priority represents it", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			r.sources[1].Priority, r.sources[2].Enabled = 1, false
			r.open()
			r.good("alpha")
			r.good("bravo")
			a, b := r.items("alpha")[0].Key, r.items("bravo")[0].Key
			time.Sleep(10 * time.Minute)
			r.ingest(aggregator.Request{})
			r.inEntry(b, b, a)
			if it := r.items("alpha")[0]; it.Entry != b || it.Join == nil || it.Join.With != b || it.Join.Level != "L4" {
				t.Errorf("the other stands in %s by %+v", it.Entry, it.Join)
			}
			if it := r.items("bravo")[0]; it.Join != nil {
				t.Errorf("the representative has joined: %+v", it.Join)
			}
			r.sound()
			// Frozen: who comes later with a still higher priority changes nothing.
			r.sources[2].Priority, r.sources[2].Enabled = 2, true
			r.open()
			r.good("charlie")
			r.inEntry(b, b, a, r.items("charlie")[0].Key)
		}, "alpha", "bravo", "charlie")
	})
	t.Run("without priorities the fuller telling does", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			s.set("/bravo", doc(rss("bravo", bridge("bravo", "", " The mayor thanked everyone."))))
			r.good("alpha")
			time.Sleep(time.Minute)
			r.good("bravo")
			time.Sleep(10 * time.Minute)
			r.ingest(aggregator.Request{})
			b := r.items("bravo")[0].Key
			r.inEntry(b, b, r.items("alpha")[0].Key)
		}, "alpha", "bravo")
	})
	t.Run("the originator ends the wait and represents it", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			r.sources[0].Priority, r.sources[1].Agency = 9, "belta"
			r.open()
			s.set("/alpha", doc(rss("alpha", bridge("alpha", "OZERNY, 24 November (BelTA) – ", " More follows here."))))
			r.good("alpha")
			if r.head() != 0 {
				t.Fatal("the carrier did not wait")
			}
			r.good("bravo")
			b := r.items("bravo")[0].Key
			r.inEntry(b, b, r.items("alpha")[0].Key)
			r.sound()
		}, "alpha", "bravo")
	})
	t.Run("what is withdrawn meanwhile is never published", func(t *testing.T) {
		waiting(t, func(t *testing.T, s *site, r *rig) {
			r.good("alpha")
			p := bridge("alpha", "", "")
			p.title = "KILL: " + p.title
			s.set("/alpha", doc(rss("alpha", p)))
			r.good("alpha")
			time.Sleep(10 * time.Minute)
			r.ingest(aggregator.Request{})
			if e := r.entry(r.items("alpha")[0].Key); e.State != news.Withdrawn || r.head() != 0 {
				t.Errorf("it is %q, and the log has %d", e.State, r.head())
			}
			r.sound()
		}, "alpha")
	})
}

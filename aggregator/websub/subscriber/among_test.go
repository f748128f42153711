package subscriber

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"dateline/aggregator/news"
)

// among is the store as each of several processes sees it: a change of one reaches the others.
type among struct {
	*flaky
	others []chan struct{} // that are notified of a change by this process
	heard  chan struct{}
}

// newAmong returns the store as two processes see it.
func newAmong(f *flaky) (a, b *among) {
	toA, toB := make(chan struct{}, 9), make(chan struct{}, 9)
	return &among{f, []chan struct{}{toB}, toA}, &among{f, []chan struct{}{toA}, toB}
}

func (a *among) WatchSubscriptions() (<-chan struct{}, func()) { return a.heard, func() {} }

func (a *among) ChangeSubscriptions(tokens []string, change func(string, *news.Subscription) *news.Subscription) error {
	err := a.flaky.ChangeSubscriptions(tokens, change)
	for _, c := range a.others {
		c <- struct{}{}
	}
	return err
}

// TestOneOfTwoAsksHubs: what one process learns of a source the other asks the hub for, the hub's question and its deliveries are taken by
// the one that does not ask, and what both change of a subscription stays.
func TestOneOfTwoAsksHubs(t *testing.T) {
	bubble(t, func(r *rig) {
		ofAsker, ofOther := newAmong(r.store)
		ofAsker.others = nil // the hub's question comes before the news of the request
		asker, err := New(ofAsker, r.setup, r.take, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if r.sub, err = New(ofOther, r.setup, r.take, quiet()); err != nil {
			t.Fatal(err)
		}
		r.net.Set("wire.example.org", r.sub)
		ctx, cancel := context.WithCancel(context.Background())
		var under sync.WaitGroup
		under.Go(func() { asker.RunOneOf(ctx, func(ctx context.Context, do func(context.Context)) { do(ctx) }) })
		under.Go(func() { r.sub.RunOneOf(ctx, func(ctx context.Context, _ func(context.Context)) { <-ctx.Done() }) })
		r.stop = func() {
			cancel()
			under.Wait()
			r.hub.Wait()
			r.stop = func() {}
		}
		r.sub.Discovered("belta", topic, hubURL)
		synctest.Wait()
		if got := r.states(); got != "[active]" || r.asked("subscribe") != 1 {
			t.Fatalf("%s after %d requests", got, r.asked("subscribe"))
		}
		r.hub.Deliver(t, "sha256", "<rss/>")
		synctest.Wait()
		if len(r.got()) != 1 {
			t.Errorf("%d deliveries were taken", len(r.got()))
		}
		if _, slow := asker.Slow("belta"); !slow {
			t.Error("the other process does not know that the hub delivers")
		}
		after(6 * day) // it is renewed
		if got := r.states(); got != "[active]" || r.asked("subscribe") != 2 || r.asked("unsubscribe") != 1 || r.stored() != 1 {
			t.Errorf("%s, %d stored after %d and %d requests", got, r.stored(), r.asked("subscribe"), r.asked("unsubscribe"))
		}
	})
}

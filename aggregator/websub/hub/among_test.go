package hub

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
	"dateline/store"
)

// among is the store as each of several processes sees it: a change of one reaches the others.
type among struct {
	*store.Store
	others []chan struct{} // that are notified of a change by this process
	heard  chan struct{}
}

func (a *among) WatchSubscriptions() (<-chan struct{}, func()) { return a.heard, func() {} }

func (a *among) ChangeSubscribers(all []news.Subscriber, change func(news.Subscriber, *news.Subscriber) *news.Subscriber) error {
	err := a.Store.ChangeSubscribers(all, change)
	for _, c := range a.others {
		c <- struct{}{}
	}
	return err
}

// TestOneOfTwoDelivers: a process that does not deliver takes requests in, and what both change of a subscription stays.
func TestOneOfTwoDelivers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.open()
		defer func() { r.stop() }()
		toA, toB := make(chan struct{}, 99), make(chan struct{}, 99)
		deliverer, err := New(&among{r.store, []chan struct{}{toB}, toA}, r.documents, r.setup, r.hub.log)
		if err != nil {
			t.Fatal(err)
		}
		if r.hub, err = New(&among{r.store, []chan struct{}{toA}, toB}, r.documents, r.setup, r.hub.log); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var under sync.WaitGroup
		under.Go(func() { deliverer.RunOneOf(ctx, func(ctx context.Context, do func(context.Context)) { do(ctx) }) })
		under.Go(func() { r.hub.RunOneOf(ctx, func(ctx context.Context, _ func(context.Context)) { <-ctx.Done() }) })
		defer func() { cancel(); under.Wait() }()
		change := func(position uint64) {
			r.hub.Changed()
			deliverer.Changed()
			r.change(position)
		}
		r.subscribe("hub.secret", "first")
		change(2)
		if got := texts(r.reader); len(got) != 1 || got[0] != "/c <feed>2</feed>" {
			t.Fatalf("%q was delivered", got)
		}
		// The deliverer moves the position on while the other renews the lease.
		r.documents.publish("/feed.atom", 3, atom, "<feed>3</feed>")
		deliverer.Changed()
		time.Sleep(debounce - time.Second/2)
		r.subscribe("hub.secret", "second", "hub.lease_seconds", "864000")
		r.kept()
		change(4)
		sent, signature := r.reader.Deliveries(), r.lastHeader().Get("X-Hub-Signature")
		if len(sent) != 3 || !websub.Signed(signature, "second", []byte(sent[2].Body)) {
			t.Errorf("%q was delivered, the last with another secret", texts(r.reader))
		}
		if all := r.kept(); len(all) != 1 || all[0].Position != 4 || time.Until(all[0].Expires) < 9*24*time.Hour {
			t.Errorf("stored %+v", all)
		}
		r.documents.publish("/feed.atom", 5, atom, "<feed>5</feed>")
		deliverer.Changed()
		time.Sleep(debounce)
		r.request("unsubscribe", callback)
		if all := r.kept(); len(all) != 0 {
			t.Errorf("%d are stored after the end of the subscription", len(all))
		}
		n := len(r.reader.Deliveries())
		change(6)
		if len(r.reader.Deliveries()) != n {
			t.Error("delivered after the end of the subscription")
		}
	})
}

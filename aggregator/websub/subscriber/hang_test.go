package subscriber

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/websub"
	"dateline/store"
)

// A subscription is asked for again although the transport hung, and Run ends at once.
func TestStuckTransport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := feedtest.Stuck{Released: make(chan struct{})}
		defer close(n.Released)
		client, err := fetch.New(fetch.Options{Transport: n, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		setup := Setup{Base: "https://wire.example.org/", Sources: []string{"belta"},
			Peer:    websub.Peer{Client: client.HTTP(), Host: fetch.Host, RetryAfter: fetch.RetryAfter},
			Problem: fetch.Problem,
			Turn:    func(context.Context, string) (func(), error) { return func() {}, nil }}
		deliver := func(context.Context, string, []byte, string) error { return nil }
		s, err := New(st, setup, deliver, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			s.Run(ctx)
			close(ended)
		}()
		s.Discovered("belta", "https://agency.example/feed.atom", "https://hub.example/")
		time.Sleep(24 * time.Hour)
		if client.Abandoned() < 3 {
			t.Errorf("%d abandoned: %+v", client.Abandoned(), s.Subscriptions())
		}
		underWay := func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return len(s.asking) > 0
		}
		for !underWay() {
			time.Sleep(time.Second)
		}
		asked := time.Now()
		cancel()
		<-ended
		if d := time.Since(asked); d > time.Second {
			t.Errorf("Run ended after %v", d)
		}
	})
}

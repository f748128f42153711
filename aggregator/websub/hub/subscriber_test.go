package hub

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
	"dateline/aggregator/websub/subscriber"
)

// TestOurSubscriber has the project's own subscriber at the project's own hub, for a month.
func TestOurSubscriber(t *testing.T) {
	bubble(t, func(r *rig) {
		var mu sync.Mutex
		var taken []string
		take := func(_ context.Context, source string, body []byte, contentType string) error {
			mu.Lock()
			defer mu.Unlock()
			taken = append(taken, fmt.Sprintf("%s %s %s", source, contentType, body))
			return nil
		}
		setup := subscriber.Setup{
			Base: "https://reader.example/", Sources: []string{"wire"}, Peer: r.setup.Peer, Problem: fetch.Problem,
			Turn: func(context.Context, string) (func(), error) { return func() {}, nil },
		}
		sub, err := subscriber.New(r.store, setup, take, slog.New(slog.NewTextHandler(r.log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		r.net.Set("reader.example", sub)
		ctx, cancel := context.WithCancel(r.t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			sub.Run(ctx)
		}()
		defer func() {
			cancel()
			<-ended
		}()
		sub.Discovered("wire", topic, base+"hub")
		synctest.Wait()
		state := func() news.SubscriptionState { return sub.Subscriptions()[0].State }
		if got := state(); got != news.SubscriptionActive {
			t.Fatalf("%s\n%s", got, r.log)
		}
		after(3 * time.Second)
		var want []string
		for day := range 30 { // it renews at half of its lease, under another callback
			r.change(uint64(2 + day))
			want = append(want, fmt.Sprintf("wire %s <feed>%d</feed>", atom, 2+day))
			after(24 * time.Hour)
		}
		mu.Lock()
		defer mu.Unlock()
		if d := cmp.Diff(want, taken); d != "" {
			t.Errorf("%s\n%s", d, r.log)
		}
		s := r.hub.Stats()
		feedtest.Same(t, "subscribers", s.Subscribers, 1)
		if s.Requests["verified"] < 11 {
			t.Errorf("%+v", s)
		}
		feedtest.Same(t, "state", state(), news.SubscriptionActive)
		sub.Discovered("wire", "", "") // the wire has no hub any more
		after(time.Minute)
		if s := r.hub.Stats(); s.Subscribers != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestNamedPrivate has callbacks whose names stand for private addresses: only what is looked up tells, so the guard
// refuses them when they are to be asked.
func TestNamedPrivate(t *testing.T) {
	var log bytes.Buffer
	client, err := fetch.New(fetch.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	reached := false
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })}
	port := serve(t, server)
	d := &documents{docs: map[string]Document{"/feed.atom": {Position: 1}}}
	h, err := New(newStore(t), d, Setup{Base: base, Reachable: client.Reachable,
		Peer: websub.Peer{Client: client.HTTP(), Host: fetch.Host, RetryAfter: fetch.RetryAfter}},
		slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	req := &request{key: key{"/feed.atom", "http://localhost:" + port + "/c"}, named: topic, host: "localhost", subscribe: true}
	if err := client.Reachable(req.callback); err != nil {
		t.Fatalf("refused by its name: %v", err)
	}
	h.verify(t.Context(), req)
	s := h.Stats()
	if reached {
		t.Error("the callback was reached")
	}
	feedtest.Same(t, "requests unverified", s.Requests["unverified"], 1)
	feedtest.Same(t, "subscribers", s.Subscribers, 0)
	if !bytes.Contains(log.Bytes(), []byte("is not allowed: loopback")) || bytes.Contains(log.Bytes(), []byte("/c")) {
		t.Errorf("the log says %s", log.Bytes())
	}
}

// serve starts a server on loopback and returns its port.
func serve(t *testing.T, s *http.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }() // until it is closed
	t.Cleanup(func() { s.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

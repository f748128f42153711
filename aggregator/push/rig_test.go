package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
)

const (
	base   = "https://wire.example.org/"
	topic  = "https://agency.example/feed.atom"
	hubURL = "https://hub.example/"
)

// shelf is a store in memory.
type shelf struct {
	mu     sync.Mutex
	subs   map[string]news.Subscription
	broken bool
	writes int
}

var errShelf = errors.New("shelf broken")

func (s *shelf) Subscriptions() ([]news.Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return nil, errShelf
	}
	var out []news.Subscription
	for _, sub := range s.subs {
		out = append(out, sub)
	}
	return out, nil
}

func (s *shelf) PutSubscription(sub news.Subscription) error {
	return s.write(func() { s.subs[sub.Token] = sub })
}

func (s *shelf) DropSubscription(token string) error {
	return s.write(func() { delete(s.subs, token) })
}

func (s *shelf) write(do func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errShelf
	}
	s.writes++
	do()
	return nil
}

func (s *shelf) setBroken(b bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = b
}

// rig is a subscriber with one source, a hub and a network in memory. Used in a bubble.
type rig struct {
	t     *testing.T
	shelf *shelf
	net   *hosts
	hub   *hub
	setup Setup
	sub   *Subscriber

	mu    sync.Mutex
	taken []string // deliveries handed on: source and body
	fail  error    // of Deliver

	stop func()
}

var errGuard = errors.New("not allowed: private")

func newRig(t *testing.T) *rig {
	r := &rig{t: t, shelf: &shelf{subs: map[string]news.Subscription{}}, net: &hosts{at: map[string]http.Handler{}}, stop: func() {}}
	client := &http.Client{Transport: r.net}
	r.hub = newHub(client)
	r.net.set("hub.example", r.hub)
	r.setup = Setup{
		Base: base, Sources: []string{"belta"}, Client: client,
		Host: fetch.Host, RetryAfter: fetch.RetryAfter,
		Turn: func(context.Context, string) (func(), error) { return func() {}, nil },
		Problem: func(err error) news.Problem {
			if errors.Is(err, errGuard) {
				return news.ProblemGuard
			}
			return news.ProblemNet
		},
	}
	t.Cleanup(func() { r.stop() })
	return r
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func (r *rig) take(_ context.Context, source string, body []byte, contentType string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return r.fail
	}
	r.taken = append(r.taken, fmt.Sprintf("%s %s %s", source, contentType, body))
	return nil
}

func (r *rig) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.taken
}

// start starts a subscriber on what the shelf holds, in place of the one before.
func (r *rig) start() {
	r.t.Helper()
	r.stop()
	s, err := New(r.shelf, r.setup, r.take, quiet())
	if err != nil {
		r.t.Fatal(err)
	}
	r.sub = s
	r.net.set("wire.example.org", s)
	ctx, cancel := context.WithCancel(context.Background())
	var under sync.WaitGroup
	under.Go(func() { s.Run(ctx) })
	r.stop = func() {
		cancel()
		under.Wait()
		r.hub.under.Wait()
		r.stop = func() {}
	}
}

// subscribe starts and has the source's subscription verified.
func (r *rig) subscribe() {
	r.t.Helper()
	r.start()
	r.sub.Discovered("belta", topic, hubURL)
	synctest.Wait()
	if got := r.states(); got != "[active]" {
		r.t.Fatalf("subscriptions are %s, want one active", got)
	}
}

func (r *rig) states() string {
	states := []news.SubscriptionState{}
	for _, sub := range r.sub.Subscriptions() {
		states = append(states, sub.State)
	}
	return fmt.Sprint(states)
}

// one returns the only subscription that the shelf holds.
func (r *rig) one() news.Subscription {
	r.t.Helper()
	subs, err := r.shelf.Subscriptions()
	if err != nil || len(subs) != 1 {
		r.t.Fatalf("%d subscriptions are stored (%v), want one", len(subs), err)
	}
	return subs[0]
}

// bubble runs a test in a bubble that its rig has left at the end.
func bubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		test(r)
		r.stop()
	})
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

package subscriber

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
	"dateline/store"
)

const (
	base   = "https://wire.example.org/"
	topic  = "https://agency.example/feed.atom"
	hubURL = "https://hub.example/"
)

// flaky is the real store, which fails on demand and counts what is written to it.
type flaky struct {
	*store.Store

	mu     sync.Mutex
	broken bool
	writes int
}

var errStore = errors.New("store broken")

// newStore opens a store in a temporary folder.
func newStore(tb testing.TB) *flaky {
	tb.Helper()
	s, err := store.Open(filepath.Join(tb.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &flaky{Store: s}
}

func (f *flaky) Subscriptions() ([]news.Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken {
		return nil, errStore
	}
	return f.Store.Subscriptions()
}

func (f *flaky) ChangeSubscriptions(tokens []string, change func(string, *news.Subscription) *news.Subscription) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken {
		return errStore
	}
	f.writes++
	return f.Store.ChangeSubscriptions(tokens, change)
}

// put stores a subscription.
func put(s Store, sub news.Subscription) error {
	return s.ChangeSubscriptions([]string{sub.Token}, func(string, *news.Subscription) *news.Subscription { return &sub })
}

// fail makes every call fail from now on, or no longer.
func (f *flaky) fail(broken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = broken
}

// count returns how often was written.
func (f *flaky) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.writes
}

// rig is a subscriber with one source, a hub and a network without sockets, to be used in a bubble.
type rig struct {
	t      *testing.T
	store  *flaky
	net    *feedtest.Network
	client *http.Client
	hub    *feedtest.Hub
	setup  Setup
	sub    *Subscriber

	mu    sync.Mutex
	taken []string // deliveries handed on: source and body
	fail  error    // of Deliver

	stop func()
}

var errGuard = errors.New("not allowed: private")

func newRig(t *testing.T) *rig {
	r := &rig{t: t, store: newStore(t), net: &feedtest.Network{}, stop: func() {}}
	r.client = &http.Client{Transport: r.net}
	r.hub = feedtest.NewHub(r.client)
	r.net.Set("hub.example", r.hub)
	r.setup = Setup{
		Base: base, Sources: []string{"belta"}, Peer: websub.Peer{Client: r.client, Host: fetch.Host, RetryAfter: fetch.RetryAfter},
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

// start starts a subscriber on what the store holds, in place of the one before.
func (r *rig) start() {
	r.t.Helper()
	r.stop()
	s, err := New(r.store, r.setup, r.take, quiet())
	if err != nil {
		r.t.Fatal(err)
	}
	r.sub = s
	r.net.Set("wire.example.org", s)
	ctx, cancel := context.WithCancel(context.Background())
	var under sync.WaitGroup
	under.Go(func() { s.Run(ctx) })
	r.stop = func() {
		cancel()
		under.Wait()
		r.hub.Wait()
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

// stored returns how many subscriptions the store holds.
func (r *rig) stored() int {
	r.t.Helper()
	subs, err := r.store.Store.Subscriptions()
	if err != nil {
		r.t.Fatal(err)
	}
	return len(subs)
}

// put stores a subscription.
func (r *rig) put(sub news.Subscription) {
	r.t.Helper()
	if err := put(r.store, sub); err != nil {
		r.t.Fatal(err)
	}
}

// asked returns how often the hub was asked in a mode, empty: in any.
func (r *rig) asked(mode string) int { return len(r.hub.Requests(mode)) }

// lastAsked returns the parameters of the last request to the hub.
func (r *rig) lastAsked() url.Values {
	r.t.Helper()
	all := r.hub.Requests("")
	if len(all) == 0 {
		r.t.Fatal("the hub was not asked")
	}
	return all[len(all)-1]
}

// one returns the only subscription that the store holds.
func (r *rig) one() news.Subscription {
	r.t.Helper()
	subs, err := r.store.Store.Subscriptions()
	if err != nil || len(subs) != 1 {
		r.t.Fatalf("%d subscriptions are stored (%v), want one", len(subs), err)
	}
	return subs[0]
}

// bubble runs a test in a bubble that its rig has left at the end, beside other tests.
func bubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	t.Parallel()
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

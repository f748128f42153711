package subscriber

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// Store remembers subscriptions by their token. A call returns when what it did is on disk.
type Store interface {
	Subscriptions() ([]news.Subscription, error)
	// ChangeSubscriptions puts in place of the subscription of each token what change makes of it; nil: there is none.
	ChangeSubscriptions(tokens []string, change func(token string, is *news.Subscription) *news.Subscription) error
	// WatchSubscriptions returns a channel that receives when another process has changed subscriptions.
	WatchSubscriptions() (changed <-chan struct{}, stop func())
	// CatchUp takes in all that other processes have changed; without others it does nothing.
	CatchUp() error
}

// Deliver takes a document that a hub delivered, the same way as a polled one; validators, body hash and due time are
// those of polls and stay as they are. What the document lacks is not gone: hubs may leave out what they
// delivered before. An error says that nothing was taken. It is called for one document of a source at a time.
type Deliver func(ctx context.Context, source string, body []byte, contentType string) error

// Setup is what the config decides. It is replaced as a whole by [Subscriber.Apply].
type Setup struct {
	Base        string   // public address; where it is not [Public], push is off
	Sources     []string // ids of the sources that may be subscribed to
	websub.Peer          // the hubs; redirects are followed here, regardless of the client's CheckRedirect

	// Turn waits for the turn at the host of an address. It is needed, as the peer's client and functions are.
	Turn func(ctx context.Context, address string) (release func(), err error)
	// Problem returns the class of an error of Client or Turn.
	Problem func(error) news.Problem
	MaxBody int64 // bytes of a delivery; 0: 10 MiB
}

// Subscriber keeps subscriptions and serves their callbacks. Its methods may be called at the same time,
// also from within a transaction of the store.
type Subscriber struct {
	store   Store
	deliver Deliver
	log     *slog.Logger
	queue   *queue
	loop    websub.Loop

	readLimit time.Duration // for the body of a delivery

	shared   atomic.Bool // other processes change the subscriptions too
	catching sync.Mutex
	caughtUp time.Time  // when the last look at what others did began; guarded by catching
	storing  sync.Mutex // one write or reading of the store at a time; locked before mu

	mu     sync.Mutex
	setup  Setup
	base   string // of callbacks, with a slash at the end; "": push is off
	wanted map[string]bool
	book   *book
	asking map[string]bool                     // tokens for which a request is under way
	polled map[string]time.Time                // by source: when this process last polled it
	start  func(request func(context.Context)) // of requests to hubs; nil: this process makes none
}

// New returns a subscriber that goes on from what store remembers. It returns the store's error.
func New(store Store, setup Setup, deliver Deliver, log *slog.Logger) (*Subscriber, error) {
	known, err := store.Subscriptions()
	if err != nil {
		return nil, err
	}
	s := &Subscriber{
		store: store, deliver: deliver, log: log,
		queue: newQueue(), loop: websub.NewLoop(), readLimit: 30 * time.Second,
		book: newBook(known), asking: map[string]bool{}, polled: map[string]time.Time{},
	}
	s.Apply(setup)
	return s, nil
}

// Apply replaces the setup. Subscriptions of sources that are no longer listed are given up, and all are forgotten where
// push is off now. Where Base has changed they are renewed.
func (s *Subscriber) Apply(setup Setup) {
	if setup.MaxBody <= 0 {
		setup.MaxBody = 10 << 20
	}
	base := ""
	if err := Public(setup.Base); err == nil {
		base = strings.TrimSuffix(setup.Base, "/") + "/"
	} else {
		s.log.Debug("push is off", "err", err)
	}
	setup.Peer = setup.NoRedirects()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.setup, s.base, s.wanted = setup, base, map[string]bool{}
	for _, id := range setup.Sources {
		s.wanted[id] = true
	}
	for id := range s.polled {
		if !s.wanted[id] {
			delete(s.polled, id)
		}
	}
	for _, sub := range s.book.all() {
		switch {
		case base == "":
			s.book.remove(sub)
		case !s.wanted[sub.Source]:
			s.leave(sub, time.Now())
		}
	}
	s.loop.Wake()
}

// Discovered takes what a whole document of a source, just polled, names as its topic and hub, see [Discover]. A
// subscription moves when they change, and ends when hub is empty.
func (s *Subscriber) Discovered(source, topic, hub string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base == "" || !s.wanted[source] {
		return
	}
	now := time.Now().UTC()
	next := news.Subscription{Source: source, Topic: topic, Hub: hub, Due: now}
	named, stands := usable(topic) && usable(hub), false
	for _, sub := range s.book.of(source) {
		switch {
		case sub.State == news.SubscriptionLeaving:
		case named && sub.Topic == topic && sub.Hub == hub:
			stands = true
		case named && sub.State == news.SubscriptionActive: // until the hub has verified the next
		default:
			// A publisher that names another hub every time is asked for no more often than one whose hub fails.
			if sub.State == news.SubscriptionPending {
				next.Failures, next.Due = max(next.Failures, sub.Failures), news.Latest(next.Due, sub.Due)
			}
			s.leave(sub, now)
		}
	}
	if named && !stands {
		s.book.add(next)
	}
	if s.book.changed.Any() {
		s.loop.Wake()
	}
}

// leave gives up a subscription: one that the hub knows is given back.
func (s *Subscriber) leave(sub *news.Subscription, now time.Time) {
	switch sub.State {
	case news.SubscriptionLeaving:
	case news.SubscriptionActive:
		sub.State, sub.Due = news.SubscriptionLeaving, now.UTC()
		s.book.touch(sub)
	default:
		s.book.remove(sub)
	}
}

// maxMisses is how many polls in a row find what the hub should have delivered until it counts as dead.
const maxMisses = 3

// Polled records that a poll of source went well and found items that were not known, and so had not been
// delivered. An item may have been published before the hub knew us: only what came after a poll that
// was itself after the verification counts against the hub. One that counts as dead is asked anew, once.
func (s *Subscriber) Polled(source string, found int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.wanted[source] {
		return
	}
	now := time.Now().UTC()
	before := s.polled[source]
	s.polled[source] = now
	active := s.active(source, now)
	if found == 0 || active == nil || !active.Verified.Before(before) {
		return
	}
	misses, dead := active.Misses+1, active.DeadSince
	if misses >= maxMisses && dead.IsZero() {
		dead, active.Due = now, now
		s.log.Warn("hub delivers nothing", "source", source, "url", active.Hub)
	}
	for _, sub := range s.book.at(source, active.Hub) {
		sub.Misses, sub.DeadSince = misses, dead
		s.book.touch(sub)
	}
	s.loop.Wake()
}

// slowPoll is the time between two polls of a source while push works for it.
const slowPoll = time.Hour

// Slow returns how long a source may wait between two polls, and whether it may, because its hub brings
// what is new.
func (s *Subscriber) Slow(source string) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.active(source, time.Now())
	if a == nil || a.LastDelivery.IsZero() || a.Misses > 0 {
		return 0, false
	}
	return slowPoll, true
}

// active returns the subscription under which the hub delivers, nil where there is none.
func (s *Subscriber) active(source string, now time.Time) *news.Subscription {
	var newest *news.Subscription
	for _, sub := range s.book.bySource[source] {
		if sub.State == news.SubscriptionActive && now.Before(sub.Expires) &&
			(newest == nil || !sub.Verified.Before(newest.Verified)) {
			newest = sub
		}
	}
	return newest
}

// Subscriptions returns what is remembered, ordered by source, without what is for the hub alone.
func (s *Subscriber) Subscriptions() []news.Subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []news.Subscription
	for _, sub := range s.book.all() {
		shown := *sub
		shown.Token, shown.Callback, shown.Secret = "", "", ""
		out = append(out, shown)
	}
	return out
}

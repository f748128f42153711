package hub

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// Store remembers subscribers by topic and callback. A call returns when what it did is on disk.
type Store interface {
	Subscribers() ([]news.Subscriber, error)
	// ChangeSubscribers puts in place of each of the subscribers what change makes of it; nil: there is none.
	ChangeSubscribers(all []news.Subscriber, change func(of news.Subscriber, is *news.Subscriber) *news.Subscriber) error
	// WatchSubscriptions returns a channel that receives when another process has changed subscribers.
	WatchSubscriptions() (changed <-chan struct{}, stop func())
}

// Documents are our own documents, as they are now. A topic is named by its path and query below the public address.
type Documents interface {
	// Topics returns what a hub elsewhere is notified of: every feed but those of searches, the merged one among them.
	Topics() ([]string, error)
	// Position returns the newest position of the log that is in a topic's document. It returns [ErrNoTopic]
	// where there is no such document, or the topic is not named as it names itself.
	Position(topic string) (uint64, error)
	// Document returns a topic's document, with the same error.
	Document(topic string) (Document, error)
}

// Document is what a GET of a topic answers.
type Document struct {
	Bytes       []byte // as subscribers get it
	ContentType string // of the topic
	Position    uint64 // newest position of the log that is in it
}

// ErrNoTopic is returned by [Documents] for what is no topic.
var ErrNoTopic = errors.New("hub: no such topic")

// Setup is what the config decides. It is replaced as a whole by [Hub.Apply].
type Setup struct {
	Base        string // public address, below which topics are; a slash at its end is added
	Outside     string // address of the hub elsewhere that is notified of changes; empty: there is none, and subscribers are served here
	websub.Peer        // reaches callbacks and the hub elsewhere; no redirect is followed, regardless of the client's CheckRedirect

	// Reachable returns an error where Client would not go to an address, as far as the address alone shows.
	Reachable func(address string) error

	// WithDial returns a context under which Client calls allow with each address before it connects to it, and fails with its
	// error; nil: it is not known which addresses callbacks have, and they are bounded by their names alone.
	WithDial func(ctx context.Context, allow func(netip.Addr) error) context.Context
}

// address returns the public address of a topic.
func (s Setup) address(topic string) string { return s.Base + strings.TrimPrefix(topic, "/") }

// Hub keeps subscriptions, serves /hub and delivers. Its methods may be called at the same time.
type Hub struct {
	store     Store
	documents Documents
	log       *slog.Logger
	loop      websub.Loop

	mu       sync.Mutex
	setup    Setup
	members  map[key]*member
	stored   map[key]*news.Subscriber    // as the store has them, as far as is known
	stale    bool                        // another process has changed what is stored
	starts   func(func(context.Context)) // of deliveries and pings; nil: they are not made here
	requests map[key]*request            // to be verified, or being verified
	newest   map[string]uint64           // by topic: the newest position in its document, as it was last seen
	lookAt   time.Time                   // when documents are to be looked at; zero: none has changed
	outside  news.Subscriber             // the hub elsewhere, without topic and lease, and what it was notified of; zero: there is none
	behind   bool                        // it is to be notified
	busy     map[string]bool             // hosts to which a request is under way
	busyAt   map[string]bool             // addresses, or networks, to which one is
	changed  *websub.Behind[key]         // members, and the hub elsewhere under its callback alone
	rate     rate
	stats    Stats
}

// key names a subscription.
type key struct{ topic, callback string }

// member is a subscription that was verified.
type member struct {
	news.Subscriber
	host string
	at   string // the address, or the network, that was last connected to for it; empty: it is not known
}

// New returns a hub that goes on from what store remembers. It returns the store's error.
func New(store Store, documents Documents, setup Setup, log *slog.Logger) (*Hub, error) {
	known, err := store.Subscribers()
	if err != nil {
		return nil, err
	}
	h := &Hub{
		store: store, documents: documents, log: log, loop: websub.NewLoop(),
		members: map[key]*member{}, stored: map[key]*news.Subscriber{}, requests: map[key]*request{},
		newest: map[string]uint64{}, busy: map[string]bool{}, busyAt: map[string]bool{},
		changed: websub.NewBehind[key](writeEvery), stats: Stats{
			Deliveries: map[string]uint64{"taken": 0, "failed": 0, "gone": 0},
			Requests:   map[string]uint64{"verified": 0, "unverified": 0, "denied": 0, "refused": 0},
		},
	}
	for _, sub := range known {
		k := key{sub.Topic, sub.Callback}
		h.stored[k] = &sub
		if sub.Expires.IsZero() {
			h.outside = sub
			continue
		}
		h.members[k] = &member{Subscriber: sub, host: setup.HostOf(sub.Callback)}
	}
	h.Apply(setup)
	return h, nil
}

// Apply replaces the setup. Subscriptions outlive a new public address: what is delivered names the new one.
func (h *Hub) Apply(setup Setup) {
	setup.Base = strings.TrimSuffix(setup.Base, "/") + "/"
	setup.Peer = setup.NoRedirects()

	h.mu.Lock()
	defer h.mu.Unlock()
	h.setup = setup
	if h.outside.Callback != setup.Outside {
		h.changed.Touch(key{callback: h.outside.Callback})
		h.outside = news.Subscriber{Callback: setup.Outside}
	}
	if setup.Outside != "" {
		clear(h.requests)
	}
	h.lookAt = time.Now().UTC()
	h.loop.Wake()
}

// debounce is how long documents may go on changing until they are looked at.
const debounce = 2 * time.Second

// Changed wakes the hub. Call it when documents may have changed.
func (h *Hub) Changed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lookSoon()
}

// lookSoon has the documents looked at. The caller holds the lock.
func (h *Hub) lookSoon() {
	if h.lookAt.IsZero() {
		h.lookAt = time.Now().UTC().Add(debounce)
		h.loop.Wake()
	}
}

// Stats are numbers about a hub: those of subscriptions and waiting requests as they are now, the counts since the process began.
type Stats struct {
	Subscribers int // subscriptions that are verified
	Waiting     int // requests whose intent is to be verified

	Deliveries map[string]uint64 // how many ended as taken, failed or gone (410)
	Requests   map[string]uint64 // how many ended as verified, unverified, denied, or refused at once
}

// Stats returns the numbers as they are now.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.stats
	s.Subscribers, s.Waiting = len(h.members), len(h.requests)
	s.Deliveries, s.Requests = maps.Clone(s.Deliveries), maps.Clone(s.Requests)
	return s
}

// put enters a subscription, or one that has changed. The caller holds the lock, as with remove.
func (h *Hub) put(k key, m *member) {
	h.members[k] = m
	h.changed.Touch(k)
}

func (h *Hub) remove(k key) {
	delete(h.members, k)
	h.changed.Touch(k)
}

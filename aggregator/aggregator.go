package aggregator

import (
	"context"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/entries"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/page/queue"
	"dateline/aggregator/schedule"
	"dateline/aggregator/search"
	"dateline/aggregator/text"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

// Setup is what the config decides. It is replaced as a whole by [Aggregator.Apply].
type Setup struct {
	Sources     []news.Source       // all configured ones, the disabled too
	Client      *fetch.Client       // asks for feeds and articles' pages
	Registry    *attribute.Registry // of the agencies that can be credited
	Pace        schedule.Pace       // how soon a source is visited again
	Thresholds  news.Thresholds     // when two texts are the same; what is zero has its default
	FirstPoll   int                 // items that are published of the first document of a source that is no initial source; the rest is held
	Concurrency int                 // visits at a time; 0: 64
	Memory      int64               // bytes for all visits under way; 0: half of what the process may use, at most 256 MiB
	Retention   store.Retention     // how long texts and identities are kept
	Pages       int                 // requests for articles' pages a minute and host; 0: 6
	Zone        *time.Location      // of the days by which items are counted; nil: UTC

	entries entries.Setup // what of it decides on items and entries
}

// Aggregator visits sources and records what they publish. Its methods may be called by many goroutines.
type Aggregator struct {
	store     *store.Store
	log       *slog.Logger
	parseSem  chan struct{}          // one for each document that may be read: more at a time only fill memory
	memory    memory                 // of the visits under way
	commitSem chan struct{}          // one for each visit that may wait to be recorded
	woken     chan struct{}          // the due queue changed
	embargoes chan struct{}          // an item was held, or changed while it was
	outage    outage                 // the visits that failed of late
	pings     chan struct{}          // received by the dispatcher
	broken    chan error             // the store is lost
	push      *subscriber.Subscriber // nil: there is none
	frontier  Frontier               // nil: all sources are this process's
	observe   func(news.Visit)       // nil: no observer
	stems     text.Stemmer

	initialSources []string // ids of the sources of the first setup, for a store that has none

	pages *queue.Queue // of articles' pages

	mu        sync.Mutex
	setup     Setup
	place     map[string]int    // of each source in the setup
	fetchSem  chan struct{}     // one for each visit that may ask, and have its answer in memory
	runs      map[string]*run   // visits under way, by source id
	stuck     map[string]bool   // sources of which a document is read still although its time is over
	dueQueue  *schedule.Queue   // nil unless Run runs
	polls     []news.Poll       // for the frontier; nil: it has them
	pollHosts map[string]string // the host at which each source is polled, by source id; none unless Run runs
}

// maxUncommitted is how many visits may wait to be recorded, with what they read in memory: as many as the store records
// in one transaction.
const maxUncommitted = 24

// New returns an engine. The caller closes store and client.
func New(st *store.Store, setup Setup, log *slog.Logger) *Aggregator {
	a := &Aggregator{
		store: st, log: log,
		parseSem:  make(chan struct{}, 2*runtime.GOMAXPROCS(0)),
		commitSem: make(chan struct{}, maxUncommitted),
		woken:     make(chan struct{}, 1),
		embargoes: make(chan struct{}, 1),
		pings:     make(chan struct{}),
		broken:    make(chan error, 1),
		runs:      map[string]*run{},
		stuck:     map[string]bool{},
		pollHosts: map[string]string{},
	}
	a.pages = queue.New(queue.Options{Store: st, Log: log, Setup: a.pageSetup, Put: a.putPage, NextPoll: a.nextPoll})
	a.initialSources = make([]string, len(setup.Sources)) // not nil: a store may begin with no source
	for i, src := range setup.Sources {
		a.initialSources[i] = src.ID
	}
	a.install(setup)
	if err := a.recallPauses(); err != nil { // every visit will meet it too
		log.Error("pauses of hosts not read", "err", err)
	}
	return a
}

func (a *Aggregator) install(setup Setup) {
	if setup.Concurrency <= 0 {
		setup.Concurrency = 64
	}
	if setup.Pages <= 0 {
		setup.Pages = 6
	}
	if cap(a.fetchSem) != setup.Concurrency {
		a.fetchSem = make(chan struct{}, setup.Concurrency)
	}
	a.memory.setBound(setup.Memory, debug.SetMemoryLimit(-1))
	setup.entries = entries.Setup{
		Sources: setup.Sources, InitialSources: a.initialSources, FirstPoll: setup.FirstPoll, Thresholds: setup.Thresholds,
		Stemmer: &a.stems, Terms: func(it news.Item, lead []text.Token) []uint32 { return search.TermsOf(&a.stems, it, lead) },
	}
	a.setup = setup
	a.place = make(map[string]int, len(setup.Sources))
	for i, src := range setup.Sources {
		a.place[src.ID] = i
	}
}

// Apply replaces the setup. Sources that are in both lists keep what is known of them and their due time,
// unless their own change calls for another; new ones are due at once, removed ones are visited no more.
// Visits under way end as they began. After an error, which is one of the store, the old setup holds.
func (a *Aggregator) Apply(setup Setup) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states() // with the lock: a visit that ends now is either under way still, or in them
	if err != nil {
		return err
	}
	a.install(setup)
	if a.dueQueue == nil {
		return nil
	}
	if a.frontier != nil {
		clear(a.pollHosts)
		a.setPolls(states)
		return nil
	}
	for id := range a.dueQueue.IDs() {
		if _, still := a.source(id); !still {
			a.dueQueue.Drop(id)
			delete(a.pollHosts, id)
		}
	}
	for _, src := range setup.Sources {
		if a.runs[src.ID] == nil { // a visit under way is scheduled when it ends
			a.schedule(src, states[src.ID], time.Time{})
		}
	}
	a.wake()
	return nil
}

// Sources returns the configured sources.
func (a *Aggregator) Sources() []news.Source {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.setup.Sources
}

func (a *Aggregator) currentSetup() Setup {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.setup
}

func (a *Aggregator) pageSetup() queue.Setup {
	s := a.currentSetup()
	return queue.Setup{Sources: s.Sources, Client: s.Client, Registry: s.Registry, PerMinute: s.Pages}
}

func (a *Aggregator) putPage(t *store.Tx, item news.Key, pg news.Page) error {
	setup := a.currentSetup()
	return entries.PutPage(t, &setup.entries, item, pg)
}

// LookPage reads the page of an article and stores nothing; result and errors are those of [queue.Queue.Look].
func (a *Aggregator) LookPage(ctx context.Context, src news.Source, address string) (out news.Page, title string, err error) {
	return a.pages.Look(ctx, src, address)
}

// source returns the configured source named id. The caller holds the lock.
func (a *Aggregator) source(id string) (news.Source, bool) {
	i, ok := a.place[id]
	if !ok {
		return news.Source{}, false
	}
	return a.setup.Sources[i], true
}

func (a *Aggregator) states() (states map[string]news.State, err error) {
	err = a.store.View(func(s store.View) error {
		states, err = s.States()
		return err
	})
	return states, err
}

// knownOf returns what the store knows of some sources, in their order.
func (a *Aggregator) knownOf(sources []news.Source) ([]known, error) {
	all := make([]known, len(sources))
	err := a.store.View(func(s store.View) error {
		for i, src := range sources {
			if err := all[i].update(s, src.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// KnownSources returns the configured sources, then those that are no longer configured but whose items are still published, as they
// were at their last visit. The errors are those of the store.
func KnownSources(v store.View, configured []news.Source) ([]news.Source, error) {
	states, err := v.States()
	if err != nil {
		return nil, err
	}
	out := append([]news.Source(nil), configured...)
	for _, src := range configured {
		delete(states, src.ID)
	}
	for _, id := range sortedKeys(states) {
		st := states[id]
		out = append(out, news.Source{ID: id, Name: st.Name, Agency: st.Agency, URL: st.URL, Site: st.Site,
			Language: st.Language, Content: st.Content, Rights: st.Rights, Licence: st.Licence, KeepFurniture: st.KeepFurniture, Removed: true})
	}
	return out, nil
}

// choose returns the configured sources with these ids, all where there are none. The error is an [*UnknownSourceError].
func (a *Aggregator) choose(ids []string) ([]news.Source, error) {
	if len(ids) == 0 {
		return a.Sources(), nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var unknown []string
	var chosen []news.Source
	for _, id := range ids {
		if src, ok := a.source(id); ok {
			chosen = append(chosen, src)
		} else {
			unknown = append(unknown, id)
		}
	}
	if unknown != nil {
		return nil, &UnknownSourceError{IDs: unknown}
	}
	return chosen, nil
}

// UnknownSourceError names sources that are not configured.
type UnknownSourceError struct{ IDs []string }

func (e *UnknownSourceError) Error() string {
	var ids []string
	for _, id := range e.IDs {
		ids = append(ids, strconv.Quote(id))
	}
	return "unknown source " + strings.Join(ids, ", ")
}

// recallPauses sets in the client's Hosts the pauses that hosts asked for before this process began. A pause holds although the source
// that met it is no longer configured, but not for the host where the operator says that it is about the feed alone (retry_scope).
// The caller holds the lock, or is New.
func (a *Aggregator) recallPauses() error {
	states, err := a.states()
	if err != nil {
		return err
	}
	now := time.Now()
	for id, st := range states {
		if src, listed := a.source(id); listed && src.RetryFeed || st.Pause.Host == "" {
			continue
		}
		if until := a.setup.Pace.Bounded(st.Pause.Until, st); until.After(now) {
			a.setup.Client.Hosts.Pause(st.Pause.Host, until)
		}
	}
	return nil
}

// Waiting returns the pause that src waits for: that of its own last answer, else another of its host. Where no pause is in force, it
// returns the one that its last answer asked for; the zero Pause: none.
func (a *Aggregator) Waiting(src news.Source, st news.State) news.Pause {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.waiting(src, st); p != (news.Pause{}) {
		return p
	}
	return a.setup.Pace.Requested(src, st)
}

// waiting returns the pause of src that lasts: that of its own last answer, or another of its host; zero: none. The caller holds the lock.
func (a *Aggregator) waiting(src news.Source, st news.State) news.Pause {
	host := hostOf(schedule.Address(src, st))
	p := news.Pause{Host: host, Until: a.setup.Client.Hosts.Paused(host)}
	if own := a.setup.Pace.Requested(src, st); own.Until.After(time.Now()) && !own.Until.Before(p.Until) {
		p = own
	}
	if p.Until.IsZero() {
		return news.Pause{}
	}
	return p
}

// Turn waits for the turn at the host of an address, as a visit does, for a request that is no visit. It returns a
// [*fetch.PausedError] while the host asks for a pause.
func (a *Aggregator) Turn(ctx context.Context, address string) (release func(), err error) {
	host, err := fetch.Host(address)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	hosts := a.setup.Client.Hosts
	a.mu.Unlock()
	return hosts.Acquire(ctx, host)
}

// hostOf returns the host of an address as fetch names it; "" where it is no address.
func hostOf(address string) string {
	host, err := fetch.Host(address)
	if err != nil {
		return ""
	}
	return host
}

func now() time.Time { return time.Now().UTC().Truncate(time.Second) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// signal wakes the receiver of c; two signals before it looks are one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

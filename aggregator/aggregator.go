package aggregator

import (
	"log/slog"
	"net/url"
	"sync"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// Options of the engine.
type Options struct {
	Pace        Pace
	Concurrency int // visits at a time; 0: 64
}

// Aggregator visits sources and records what they publish. Its methods may be called by many goroutines.
type Aggregator struct {
	store    *store.Store
	fetch    *fetch.Client
	registry *attribute.Registry
	log      *slog.Logger
	pace     Pace
	slots    chan struct{} // one for each visit that may run
	commits  chan struct{} // one for each visit that may wait to be recorded

	mu      sync.Mutex
	sources []news.Source
	flights map[string]*flight // by source id
}

// New returns an engine for the sources. The caller closes store and client.
func New(st *store.Store, client *fetch.Client, registry *attribute.Registry, sources []news.Source, o Options, log *slog.Logger) *Aggregator {
	if o.Concurrency <= 0 {
		o.Concurrency = 64
	}
	return &Aggregator{
		store: st, fetch: client, registry: registry, log: log, pace: o.Pace, sources: sources,
		slots:   make(chan struct{}, o.Concurrency),
		commits: make(chan struct{}, 4*o.Concurrency),
		flights: map[string]*flight{},
	}
}

// Sources returns the configured sources.
func (a *Aggregator) Sources() []news.Source {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sources
}

// Remembered returns the sources, and after them those that are configured no more but whose items are
// still published, as they were at their last visit.
func Remembered(v store.View, configured []news.Source) ([]news.Source, error) {
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
			Language: st.Language, Content: st.Content, Rights: st.Rights})
	}
	return out, nil
}

// waiting returns until when the server of src asked to be left alone, by this source's last answer or, where
// it was too many requests (429), by any answer to a source on the same host.
func waiting(src news.Source, all []news.Source, states map[string]news.State) time.Time {
	until := states[src.ID].RetryAt
	host := hostOf(src.URL)
	for _, other := range all {
		st := states[other.ID]
		if st.Status == 429 && st.RetryAt.After(until) && hostOf(other.URL) == host {
			until = st.RetryAt
		}
	}
	return until
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

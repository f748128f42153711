package daemon

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

const (
	minEvents  = 1000           // that the store keeps at least; of many sources two each
	lookEvery  = time.Minute    // between two looks at the states of the sources
	damping    = time.Hour      // in which a source is reported at most once in each state
	gapDamping = 24 * time.Hour // in which gaps of a source are reported once

	maxWithdrawn = 20 // of what one visit takes back, that are reported one by one
)

// The states of a config that the operator is notified of.
const (
	configRefused  = "refused"
	configAccepted = "accepted"
)

// reported are the states that are reported of a source. Of late, waiting and new the daemon itself, or a server's wish, is the reason.
var reported = []status.State{status.Broken, status.Partial, status.Blocked, status.Gone, status.Silent, status.Moved}

// events notes what the operator is notified of: each state of a source once, not each visit, over restarts too. It may be used by many
// goroutines.
type events struct {
	wake      chan struct{}     // something was noted
	delivered map[string]uint64 // by digest of a program or address of notify, the last event that it had; of send alone
	failed    map[string]retry  // by the same, those that failed the last time; of send alone

	mu      sync.Mutex              // guards what follows
	noted   []news.Event            // not stored yet
	pending []news.Event            // stored, and not sent yet
	state   map[string]status.State // by source, as last reported
	sent    map[string]time.Time    // by source and state, or gap
	refused bool                    // the config on disk
}

// newEvents goes on with the events of a store, the oldest first.
func newEvents(stored []news.Event) *events {
	e := &events{wake: make(chan struct{}, 1), delivered: map[string]uint64{}, failed: map[string]retry{},
		state: map[string]status.State{}, sent: map[string]time.Time{}}
	for _, ev := range stored {
		switch ev.Kind {
		case news.EventState, news.EventRecovered:
			e.state[ev.Source] = status.State(ev.State)
			e.sent[ev.Source+" "+ev.State] = ev.At
		case news.EventGap:
			e.sent[ev.Source+" gap"] = ev.At
		case news.EventConfig:
			e.refused = ev.State == configRefused
		}
		if !ev.Sent {
			e.pending = append(e.pending, ev)
		}
	}
	e.goOn(e.pending)
	return e
}

// add notes an event. The caller holds the lock.
func (e *events) add(ev news.Event) {
	e.noted = append(e.noted, ev)
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// due reports whether something may be reported again, and notes that it is. The caller holds the lock.
func (e *events) due(what string, every time.Duration, now time.Time) bool {
	if last, again := e.sent[what]; again && now.Sub(last) < every {
		return false
	}
	e.sent[what] = now
	return true
}

// look compares the states of the sources with those last reported. One of which nothing was reported was well.
func (e *events) look(all []node.SourceStatus, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	listed := map[string]bool{}
	for _, s := range all {
		listed[s.ID] = true
		was := e.state[s.ID]
		switch {
		case s.State == was:
		case slices.Contains(reported, s.State):
			if e.due(s.ID+" "+string(s.State), damping, now) {
				e.state[s.ID] = s.State
				e.add(news.Event{At: now, Kind: news.EventState, Source: s.ID, State: string(s.State), Message: message(s), Hint: s.Hint})
			}
		case s.State == status.OK && slices.Contains(reported, was):
			if e.due(s.ID+" "+string(status.OK), damping, now) {
				e.state[s.ID] = s.State
				e.add(news.Event{At: now, Kind: news.EventRecovered, Source: s.ID, State: string(s.State),
					Message: "it is well again, after it was " + string(was)})
			}
		}
	}
	e.forget(listed)
}

// forget drops what is known of sources that are not listed. The caller holds the lock.
func (e *events) forget(listed map[string]bool) {
	for id := range e.state {
		if !listed[id] {
			delete(e.state, id)
		}
	}
	for what := range e.sent {
		if id, _, _ := strings.Cut(what, " "); !listed[id] {
			delete(e.sent, what)
		}
	}
}

// message says in one line how a source is.
func message(s node.SourceStatus) string {
	switch {
	case s.LastError != "":
		return s.LastError
	case s.State == status.Moved:
		return "it is read at " + s.LearnedURL
	case s.State == status.Silent:
		return "it answers, and has brought nothing for longer than it ever did"
	}
	return "it is " + string(s.State)
}

// visited notes what a visit found beside items.
func (e *events) visited(v news.Visit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if v.Gap && e.due(v.Source+" gap", gapDamping, now) {
		e.add(news.Event{At: now, Kind: news.EventGap, Source: v.Source,
			Message: "its document shared nothing with the one before: items may have been missed", Hint: "a shorter `every` would help"})
	}
	for i, r := range v.Withdrawn {
		if i == maxWithdrawn {
			e.add(news.Event{At: now, Kind: news.EventWithdrawn, Source: v.Source,
				Message: fmt.Sprintf("it took back %d more", len(v.Withdrawn)-i)})
			break
		}
		e.add(news.Event{At: now, Kind: news.EventWithdrawn, Source: v.Source, Entry: r.Entry, Title: r.Title, URL: r.URL,
			Message: "it took back: " + cmp.Or(r.Title, r.URL, r.Entry.String()),
			Hint:    "`dateline show " + r.Entry.String() + "` shows what it said"})
	}
}

// reloaded notes that a config was refused, once until one is accepted again.
func (e *events) reloaded(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ev := news.Event{At: time.Now(), Kind: news.EventConfig}
	switch {
	case err != nil && !e.refused:
		ev.State, ev.Message = configRefused, "the config on disk was refused, the old one goes on: "+err.Error()
		ev.Hint = "`dateline check` names every error"
		e.add(ev)
	case err == nil && e.refused:
		ev.State, ev.Message = configAccepted, "the config on disk is accepted again"
		e.add(ev)
	}
	e.refused = err != nil
}

// save stores what was noted; sent says that there is neither program nor address to send to. What cannot be stored is stored with what
// comes next, the newest keep events of it.
func (e *events) save(st *store.Store, keep int, sent bool) error {
	e.mu.Lock()
	all := slices.Clone(e.noted)
	e.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	for i := range all {
		all[i].Sent = sent
	}
	err := st.AddEvents(all, keep)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.noted = slices.Clone(e.noted[max(0, len(e.noted)-keep):])
		return err
	}
	e.noted = slices.Clone(e.noted[len(all):]) // others may have been noted behind them
	if !sent {
		e.pending = append(e.pending, all...)
		e.pending = slices.Clone(e.pending[max(0, len(e.pending)-keep):])
	}
	return nil
}

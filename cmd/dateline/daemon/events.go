package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// event is something that the operator is told of, as the program or the address of `notify` gets it.
type event struct {
	At      node.Moment `json:"at"`
	Kind    string      `json:"kind"`   // state, recovered, gap, withdrawn or config
	Source  string      `json:"source"` // empty: it is about none
	State   string      `json:"state"`  // of the source, or refused, or accepted
	Message string      `json:"message"`
	Hint    string      `json:"hint"` // what to do; empty: nothing
}

const (
	maxEvents  = 200              // that the feed has
	maxPending = 1000             // that wait to be told while that fails
	lookEvery  = time.Minute      // between two looks at the states of the sources
	damping    = time.Hour        // in which a source is told of at most once in each state
	gapDamping = 24 * time.Hour   // in which gaps of a source are told of once
	notifyTime = 30 * time.Second // for the program, or the answer to a request
)

// reported are the states that a source is told of. Of late, waiting and new the daemon itself, or a server's wish, is the reason.
var reported = []status.State{status.Broken, status.Partial, status.Blocked, status.Gone, status.Silent, status.Moved}

// events notes what the operator is told of: each state of a source once, not each visit. It may be used by many goroutines.
type events struct {
	wake chan struct{} // something waits to be told

	mu      sync.Mutex // guards what follows
	feed    []event    // the newest last
	pending []event    // not told yet
	seen    bool       // the states below are known: those at the start are no news
	state   map[string]status.State
	sent    map[string]time.Time // by source and state, or gap
	refused bool                 // the config on disk
}

func newEvents() *events {
	return &events{wake: make(chan struct{}, 1), state: map[string]status.State{}, sent: map[string]time.Time{}}
}

// add notes an event. The caller holds the lock.
func (e *events) add(ev event) {
	e.feed = append(e.feed, ev)
	e.feed = slices.Clone(e.feed[max(0, len(e.feed)-maxEvents):])
	e.pending = append(e.pending, ev)
	e.pending = e.pending[max(0, len(e.pending)-maxPending):]
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// due reports whether something may be told again, and notes that it is. The caller holds the lock.
func (e *events) due(what string, every time.Duration, now time.Time) bool {
	if last, again := e.sent[what]; again && now.Sub(last) < every {
		return false
	}
	e.sent[what] = now
	return true
}

// look compares the states of the sources with those that were told.
func (e *events) look(all []node.SourceStatus, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	listed := map[string]bool{}
	for _, s := range all {
		listed[s.ID] = true
		was, known := e.state[s.ID]
		switch {
		case s.State == was:
		case !e.seen || !known && s.State == status.New:
			e.state[s.ID] = s.State
		case slices.Contains(reported, s.State):
			if e.due(s.ID+" "+string(s.State), damping, now) {
				e.state[s.ID] = s.State
				e.add(event{node.Moment(now), "state", s.ID, string(s.State), message(s), s.Hint})
			}
		case s.State == status.OK && slices.Contains(reported, was):
			if e.due(s.ID+" recovered", damping, now) {
				e.state[s.ID] = s.State
				e.add(event{node.Moment(now), "recovered", s.ID, string(s.State), "it is well again, after it was " + string(was), ""})
			}
		case !slices.Contains(reported, was):
			e.state[s.ID] = s.State
		}
	}
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
	e.seen = true
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
		e.add(event{node.Moment(now), "gap", v.Source, "", "its document shared nothing with the one before: items may have been missed",
			"a shorter `every` would help"})
	}
	if v.Withdrawn > 0 {
		e.add(event{node.Moment(now), "withdrawn", v.Source, "", fmt.Sprintf("it took items back: %d", v.Withdrawn), ""})
	}
}

// reloaded notes that a config was refused, once until one is accepted again.
func (e *events) reloaded(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := node.Moment(time.Now())
	switch {
	case err != nil && !e.refused:
		e.add(event{now, "config", "", "refused", "the config on disk was refused, the old one goes on: " + err.Error(),
			"`dateline check` names every error"})
	case err == nil && e.refused:
		e.add(event{now, "config", "", "accepted", "the config on disk is accepted again", ""})
	}
	e.refused = err != nil
}

// notifyOperator looks at the sources and tells what is new, until ctx ends. What cannot be told is told with what comes next.
func (d *daemon) notifyOperator(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		n := d.node.Load()
		now := time.Now()
		if all, err := n.Status(now); err == nil { // a store that cannot be read is logged elsewhere
			d.events.look(all, now)
		}
		for waiting := true; waiting; {
			d.notifyPending(ctx, n.Config.Notify)
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				waiting = false
			case <-d.events.wake:
			}
		}
	}
}

// notifyPending hands what is not told yet to the program and the address of `notify`.
func (d *daemon) notifyPending(ctx context.Context, to config.Notify) {
	d.events.mu.Lock()
	all := slices.Clone(d.events.pending)
	d.events.mu.Unlock()
	if len(all) == 0 {
		return
	}
	err := notifyAll(ctx, to, all)
	if err != nil {
		d.log.Warn("the operator was not told", "events", len(all), "err", err)
		return
	}
	d.events.mu.Lock()
	defer d.events.mu.Unlock()
	d.events.pending = slices.DeleteFunc(d.events.pending, func(ev event) bool { return slices.Contains(all, ev) })
}

// notifyAll runs the program and makes the request, each where there is one.
func notifyAll(ctx context.Context, to config.Notify, all []event) error {
	b, err := json.Marshal(map[string][]event{"events": all})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, notifyTime)
	defer cancel()
	if argv := strings.Fields(to.Command); len(argv) > 0 {
		c := exec.CommandContext(ctx, argv[0], argv[1:]...)
		c.Stdin, c.WaitDelay = bytes.NewReader(b), time.Second
		if out, runErr := c.CombinedOutput(); runErr != nil {
			err = fmt.Errorf("notify.command: %w: %.200q", runErr, out)
		}
	}
	if to.URL != "" {
		err = errors.Join(err, post(ctx, to.URL, b))
	}
	return err
}

// post sends the JSON to an address whose secrets it puts in their places. Redirects are not followed; no error shows the address.
func post(ctx context.Context, address string, b []byte) error {
	url, _, err := config.Expand(address)
	if err != nil {
		return fmt.Errorf("notify.url: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return errors.New("notify.url: no address")
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return fmt.Errorf("notify.url: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("notify.url: status %s", answer.Status)
	}
	return nil
}

// The elements of the feed of events (RFC 4287).
type (
	eventFeed struct {
		XMLName xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string       `xml:"id"`
		Title   string       `xml:"title"`
		Updated string       `xml:"updated"`
		Author  string       `xml:"author>name"`
		Entries []eventEntry `xml:"entry"`
	}
	eventEntry struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Content string `xml:"content"`
	}
)

// eventsFeed serves the newest events, the newest first.
func (d *daemon) eventsFeed(w http.ResponseWriter, _ *http.Request) {
	d.events.mu.Lock()
	all := slices.Clone(d.events.feed)
	d.events.mu.Unlock()
	title := d.node.Load().Config.Feed.Title
	id := func(words string) string { return "urn:uuid:" + news.ItemKey("events of "+title, words).String() }
	feed := eventFeed{ID: id(""), Title: title + ": what the operator should know", Updated: node.Stamp(d.began), Author: "Dateline"}
	for _, ev := range slices.Backward(all) {
		at := node.Stamp(time.Time(ev.At))
		feed.Entries = append(feed.Entries, eventEntry{
			ID: id(at + " " + ev.Kind + " " + ev.Source + " " + ev.State), Title: ev.title(), Updated: at,
			Content: strings.TrimSpace(ev.Message + "\n" + ev.Hint),
		})
	}
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	b, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append([]byte(xml.Header), b...)) // it fails only where the client is gone
}

// title is the event in a few words: belta is broken.
func (ev event) title() string {
	switch ev.Kind {
	case "state":
		return ev.Source + " is " + ev.State
	case "config":
		return "config " + ev.State
	}
	return ev.Source + ": " + ev.Kind
}

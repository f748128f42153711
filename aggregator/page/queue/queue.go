// Package queue asks for the pages of new items' articles, of sources with `credits_from: page`, and records the credits that they
// state. The rules are:
//
//   - Each new item once, after its feed was recorded: never an update, a held or an excluded item. What came of it is recorded with the
//     item, so that it is not asked for again: it was read, it was empty, or it was refused for good.
//   - Newest first; an item that was first seen more than a day ago is let go.
//   - At most Setup.PerMinute requests for pages a minute and host, one at a time, in the turns, gaps and pauses of all requests, and as
//     its robots.txt says.
//   - A page is asked for only if it can be over before the next poll of its host: no poll is late because of a page.
//   - A challenge, a refusal and what robots.txt keeps us from are final. What fails for another reason is tried three times, and a host
//     that refuses or fails is left alone for a time that doubles, up to a day.
//
// Of a page nothing is kept but the credits, the licence and the canonical address ([news.Page]). Read queue.go first: which item is
// next; ask.go is the request with its robots.txt, outcome.go what came of it, credit.go the credits that a page states.
package queue

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/store"
)

const (
	pageTries   = 3
	pageLeast   = 5 * time.Second // that a request must have before the next poll of its host
	pageMargin  = time.Second     // between the end of a page, with the gap after it, and the next poll of its host
	pageRest    = time.Hour       // for which a host that refuses a page is left alone at first
	pageWorkers = 4
	maxPages    = 1000   // items that wait for their page, of one host
	maxWaiting  = 20_000 // of all hosts
)

// Setup is what the config decides. It may be another at each request.
type Setup struct {
	Sources   []news.Source       // those with Pages set are asked for pages
	Client    *fetch.Client       // asks for robots.txt and pages
	Registry  *attribute.Registry // of the agencies that can be credited
	PerMinute int                 // requests for pages a minute and host, at least 1
}

// Options are what a queue is made of.
type Options struct {
	Store *store.Store
	Log   *slog.Logger
	Setup func() Setup // as it is now
	// Put stores what came of the page of an item, with the item and its entry.
	Put func(t *store.Tx, item news.Key, pg news.Page) error
	// NextPoll returns when a source of a host, as [fetch.Host] names it, is due next, and whether one is being visited; zero: none is due.
	NextPoll func(host string) (next time.Time, polled bool)
}

// Queue holds the items that wait for their pages. Its methods may be called by many goroutines.
type Queue struct {
	Options
	robots robotsCache
	woken  chan struct{} // an item waits
	began  time.Time     // another process may have asked until then

	mu    sync.Mutex
	hosts map[string]*host // by the name that fetch.Host gives
}

// New returns an empty queue.
func New(o Options) *Queue {
	return &Queue{Options: o, began: time.Now(), woken: make(chan struct{}, 1), hosts: map[string]*host{}}
}

// Add has new items that were recorded wait for their pages; the later ones are asked for first.
func (p *Queue) Add(items []news.Item) {
	now := time.Now()
	for _, it := range items {
		if wants(it, now) {
			p.add(it)
		}
	}
	p.wake()
}

func (p *Queue) wake() {
	select {
	case p.woken <- struct{}{}:
	default: // it will look
	}
}

// wants reports whether the page of an item is to be asked for, as far as the item says.
func wants(it news.Item, now time.Time) bool {
	open := it.Page == nil || it.Page.Result == news.PageFailed
	return open && it.URL != "" && !it.Held && !it.Withdrawn && !it.Erased && now.Sub(it.FirstSeen) < status.PageAge
}

// add has an item wait for its page.
func (p *Queue) add(it news.Item) {
	host, err := fetch.Host(it.URL)
	if err != nil {
		return
	}
	w := pendingPage{source: it.Source, item: it.Key, url: it.URL, seen: it.FirstSeen}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting() >= maxWaiting {
		return
	}
	h := p.host(host)
	if it.Page != nil {
		w.from = it.Page.At.Add(pageRest)
	}
	h.insert(w)
}

// waiting returns how many items wait. The caller holds the lock.
func (p *Queue) waiting() (n int) {
	for _, h := range p.hosts {
		n += len(h.waiting)
	}
	return n
}

// host returns what is known of a host. The caller holds the lock.
func (p *Queue) host(name string) *host {
	h := p.hosts[name]
	if h == nil {
		h = new(host)
		p.hosts[name] = h
	}
	return h
}

// recall has the items wait that a process before this one did not come to, whether their feeds have them still or not.
func (p *Queue) recall(sources []news.Source) error {
	return p.Store.View(func(s store.View) error {
		for _, src := range sources {
			if !src.Pages || !src.Enabled {
				continue
			}
			st, err := s.State(src.ID)
			if err != nil {
				return err
			}
			p.robots.recall(st.Robots)
			for _, w := range st.Pages.Waiting {
				it, found, err := s.Item(w.Item)
				if err != nil {
					return err
				}
				if found {
					p.recent(it)
				}
				if found && w.Done.IsZero() {
					p.add(it)
				}
			}
		}
		return nil
	})
}

// recent counts a request that another process made within the last minute.
func (p *Queue) recent(it news.Item) {
	if it.Page == nil || time.Since(it.Page.At) > time.Minute {
		return
	}
	if host, err := fetch.Host(it.URL); err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		h := p.host(host)
		h.asked = append(h.asked, it.Page.At)
	}
}

// Run asks for pages until ctx ends, those first that a process before this one did not come to. Requests under way end with ctx.
func (p *Queue) Run(ctx context.Context) {
	if err := p.recall(p.Setup().Sources); err != nil {
		p.Log.Error("items that wait for their pages were not read", "err", err)
	}
	var under sync.WaitGroup
	defer under.Wait()
	sem := make(chan struct{}, pageWorkers)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-p.woken:
		}
		for {
			host, w, wait, ok := p.next(time.Now(), "")
			if !ok {
				timer.Reset(wait)
				break
			}
			select {
			case sem <- struct{}{}:
			case <-ctx.Done():
				return
			}
			under.Go(func() {
				defer func() { <-sem }()
				p.read(ctx, w)
				p.done(host)
				p.wake()
			})
		}
	}
}

// first returns from when on pages are asked for: another process may have had an answer of a host just before this one began, and the
// polls, whose times are kept, are in no hurry then.
func (p *Queue) first() time.Time { return p.began.Add(p.Setup().Client.Hosts.Gap()) }

// Pass asks for the pages of sources that may be asked for at once, and returns when they are recorded: in a process that ends after it.
// The others wait in the store for the next one. The error is one of the store, before anything is asked for.
func (p *Queue) Pass(ctx context.Context, sources []news.Source) error {
	if err := p.recall(sources); err != nil {
		return err
	}
	hosts := p.hostNames()
	if len(hosts) == 0 {
		return nil
	}
	select {
	case <-time.After(time.Until(p.first())):
	case <-ctx.Done():
		return nil
	}
	var under sync.WaitGroup
	defer under.Wait()
	sem := make(chan struct{}, pageWorkers)
	for _, host := range hosts {
		under.Go(func() {
			for ctx.Err() == nil {
				name, w, _, ok := p.next(time.Now(), host)
				if !ok {
					return
				}
				sem <- struct{}{}
				p.read(ctx, w)
				<-sem
				p.done(name)
			}
		})
	}
	return nil
}

// hostNames returns the hosts that something is known of.
func (p *Queue) hostNames() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.hosts))
}

// next takes the newest item whose page may be asked for, of one host or, where only is empty, of any; where there is none it says
// after how long to look again. What was let go, or cannot grow the map, is dropped.
func (p *Queue) next(now time.Time, only string) (host string, w pendingPage, wait time.Duration, ok bool) {
	limit, first := p.Setup().PerMinute, p.first()
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now.Add(time.Hour)
	for name, h := range p.hosts {
		if only != "" && name != only {
			continue
		}
		h.forget(now)
		if len(h.waiting) == 0 && len(h.asked) == 0 && !h.busy && now.After(h.from) {
			delete(p.hosts, name)
			continue
		}
		if h.busy || len(h.waiting) == 0 {
			continue
		}
		ready := news.Latest(h.ready(limit), first)
		if ready.After(now) {
			at = earlier(at, ready)
			continue
		}
		i, from := h.newest(now)
		if i < 0 {
			at = earlier(at, from)
			continue
		}
		if _, err := p.timeFor(name, now); err != nil {
			at = earlier(at, now.Add(time.Second))
			continue
		}
		w = h.waiting[i]
		h.waiting, h.busy = slices.Delete(h.waiting, i, i+1), true
		return name, w, 0, true
	}
	return "", w, max(at.Sub(now), 0), false
}

// done ends the work on a host's page. The request counts from its end: it may have waited for its turn.
func (p *Queue) done(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.busy = false
	if n := len(h.asked); n > 0 {
		h.asked[n-1] = time.Now()
	}
}

// timeFor returns until when a request to a host must be over so that no poll is late. The error is errPageInTime where a poll is under
// way or about to begin.
func (p *Queue) timeFor(host string, now time.Time) (time.Time, error) {
	until := now.Add(pageTimeout)
	next, polled := p.NextPoll(host)
	if polled {
		return until, errPageInTime
	}
	if last := next.Add(-pageMargin - p.Setup().Client.Hosts.Gap()); !next.IsZero() && last.Before(until) {
		until = last
	}
	if until.Sub(now) < pageLeast {
		return until, errPageInTime
	}
	return until, nil
}

// enter is timeFor for a request that is made now, which counts.
func (p *Queue) enter(host string) (time.Time, error) {
	now := time.Now()
	until, err := p.timeFor(host, now)
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		h := p.host(host)
		h.asked = append(h.asked, now)
	}
	return until, err
}

// read asks for the page of an item, unless that was decided otherwise meanwhile, and records what came of it.
func (p *Queue) read(ctx context.Context, w pendingPage) {
	setup := p.Setup()
	i := slices.IndexFunc(setup.Sources, func(s news.Source) bool { return s.ID == w.source })
	if i < 0 || !setup.Sources[i].Pages || !setup.Sources[i].Enabled {
		return
	}
	it, found := news.Item{}, false
	err := p.Store.View(func(s store.View) (err error) {
		it, found, err = s.Item(w.item)
		return err
	})
	src := setup.Sources[i]
	switch {
	case err != nil:
		return
	case !found || !wants(it, time.Now()):
		if err := p.endWaiting(src, w.item); err != nil {
			p.Log.Warn("page not recorded", "source", src.ID, "url", w.url, "err", err)
		}
		return
	}
	out := p.ask(ctx, &setup, src, it)
	if out.until.IsZero() {
		if err := p.store(src, it, out); err != nil {
			p.Log.Warn("page not recorded", "source", src.ID, "url", w.url, "err", err)
			return
		}
		p.Log.Debug("page", "source", src.ID, "url", w.url, "status", string(out.page.Result), "err", out.page.Why)
	}
	p.after(w, out)
}

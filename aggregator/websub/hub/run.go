package hub

import (
	"context"
	"errors"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

const (
	maxUnder   = 32              // requests under way at a time, each to another host
	grace      = 5 * time.Second // for requests under way once Run is asked to end
	writeEvery = time.Second     // between two writes to the store
)

// Run verifies, delivers and writes what has changed to the store, until ctx ends. Then it starts nothing more, lets what is
// under way end within five seconds, and returns. Run may be called once.
func (h *Hub) Run(ctx context.Context) {
	h.run(ctx, nil)
}

// RunOneOf is [Hub.Run] for one of several processes that have the same subscribers. perform calls do, until ctx ends, while this process
// is the one that delivers; the context of do ends when another may be.
func (h *Hub) RunOneOf(ctx context.Context, perform func(ctx context.Context, do func(context.Context))) {
	h.run(ctx, perform)
}

// run is both; without perform there are no other processes.
func (h *Hub) run(ctx context.Context, perform func(ctx context.Context, do func(context.Context))) {
	verify, callOff := context.WithCancel(context.WithoutCancel(ctx))
	defer callOff()
	var under sync.WaitGroup
	start := func(errand func(context.Context)) { under.Go(func() { errand(verify) }) }
	if perform == nil {
		h.delivers(start)
	} else {
		changed, stop := h.store.WatchSubscriptions()
		defer stop()
		under.Go(func() { websub.Watch(ctx, changed, h.becomeStale) }) // by another process
		under.Go(func() { perform(ctx, h.deliverUntil) })
	}
	h.loop.Run(ctx, func() time.Duration { return h.step(start) })
	hurry := time.AfterFunc(grace, callOff)
	defer hurry.Stop()
	under.Wait()
	h.write(time.Now(), true)
}

// becomeStale has the subscribers read again.
func (h *Hub) becomeStale() {
	h.mu.Lock()
	h.stale = true
	h.mu.Unlock()
	h.loop.Wake()
}

// deliverUntil has deliveries and pings be made until ctx ends. Then it starts none, lets those under way end within five seconds, and
// returns.
func (h *Hub) deliverUntil(ctx context.Context) {
	ctxOf, callOff := context.WithCancel(context.WithoutCancel(ctx))
	defer callOff()
	var under sync.WaitGroup
	h.delivers(func(delivery func(context.Context)) { under.Go(func() { delivery(ctxOf) }) })
	<-ctx.Done()
	h.delivers(nil)
	hurry := time.AfterFunc(grace, callOff)
	defer hurry.Stop()
	under.Wait()
}

// delivers sets how deliveries are started.
func (h *Hub) delivers(start func(func(context.Context))) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.starts = start
	h.lookAt = time.Now().UTC()
	h.loop.Wake()
}

// step starts what is due: verifications by start. It returns how long there is nothing else to do.
func (h *Hub) step(start func(func(context.Context))) (wait time.Duration) {
	now := time.Now().UTC()
	h.reread()
	h.look(now)
	return min(h.due(now, start), h.write(now, false))
}

// look finds out which topics have something new, once documents have changed and had their moment to go on changing.
func (h *Hub) look(now time.Time) {
	h.mu.Lock()
	if h.starts == nil || h.lookAt.IsZero() || now.Before(h.lookAt) {
		h.mu.Unlock()
		return
	}
	h.lookAt = time.Time{} // what changes from here on is looked at again
	if h.setup.Outside != "" {
		h.behind = true
		h.mu.Unlock()
		return
	}
	topics := map[string]bool{}
	for k := range h.members {
		topics[k.topic] = true
	}
	h.mu.Unlock()
	newest := map[string]uint64{}
	for topic := range topics {
		position, err := h.documents.Position(topic)
		switch {
		case err == nil:
			newest[topic] = position
		case !errors.Is(err, ErrNoTopic): // a topic that is gone for now may come back before its leases end
			h.log.Error("topic not read", "url", topic, "err", err)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.newest = newest
}

// due starts what is to be done now, verifications by verify, and returns how long there is nothing else to do. What waits for a host or
// for others to end is looked at again when they do.
func (h *Hub) due(now time.Time, verify func(func(context.Context))) (wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := now.Add(websub.RestAtMost)
	free := func(host, at string) bool { return !h.busy[host] && !h.busyAt[at] && len(h.busy) < maxUnder }
	for _, req := range h.requests {
		if free(req.host, req.at) { // while it is being verified its host is not
			h.busy[req.host] = true
			verify(func(ctx context.Context) { h.verify(ctx, req) })
		}
	}
	for k, m := range h.members {
		if !now.Before(m.Expires) {
			h.remove(k)
			continue
		}
		next = news.Earliest(next, m.Expires)
	}
	if h.starts != nil {
		next = news.Earliest(next, h.deliverDue(now, free))
	}
	return next.Sub(now)
}

// deliverDue starts the deliveries and pings that are due, and returns when there is something else to do. The caller holds the lock.
func (h *Hub) deliverDue(now time.Time, free func(host, at string) bool) (next time.Time) {
	next = now.Add(websub.RestAtMost)
	if !h.lookAt.IsZero() {
		next = news.Earliest(next, h.lookAt)
	}
	if ping, at := h.duePing(now, free); ping != nil {
		h.starts(ping)
	} else if !at.IsZero() {
		next = news.Earliest(next, at)
	}
	for k, m := range h.members {
		switch behind := h.newest[k.topic] > m.Position; {
		case !behind || h.setup.Outside != "":
		case now.Before(m.RetryAt):
			next = news.Earliest(next, m.RetryAt)
		case free(m.host, m.at):
			h.busy[m.host] = true
			d := delivery{member: *m, position: h.newest[k.topic], setup: h.setup}
			h.starts(func(ctx context.Context) { h.deliver(ctx, d) })
		}
	}
	return next
}

// release ends a request to a host.
func (h *Hub) release(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.busy, host)
	h.loop.Wake()
}

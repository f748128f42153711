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
	errands, callOff := context.WithCancel(context.WithoutCancel(ctx))
	defer callOff()
	var under sync.WaitGroup
	h.loop.Run(ctx, func() time.Duration { return h.step(errands, &under) })
	hurry := time.AfterFunc(grace, callOff)
	defer hurry.Stop()
	under.Wait()
	h.write(time.Now(), true)
}

// step starts what is due. It returns how long there is nothing else to do.
func (h *Hub) step(ctx context.Context, under *sync.WaitGroup) (wait time.Duration) {
	now := time.Now().UTC()
	h.look(now)
	errands, wait := h.due(now)
	for _, errand := range errands {
		under.Go(func() { errand(ctx) })
	}
	return min(wait, h.write(now, false))
}

// look finds out which topics have something new, once documents have changed and had their moment to go on changing.
func (h *Hub) look(now time.Time) {
	h.mu.Lock()
	if h.lookAt.IsZero() || now.Before(h.lookAt) {
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

// due takes what is to be done now, and returns how long there is nothing else to do. What waits for a host or for
// others to end is looked at again when they do.
func (h *Hub) due(now time.Time) (errands []func(context.Context), wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := now.Add(websub.RestAtMost)
	if !h.lookAt.IsZero() {
		next = news.Earliest(next, h.lookAt)
	}
	free := func(host string) bool { return !h.busy[host] && len(h.busy) < maxUnder }
	for _, req := range h.requests {
		if free(req.host) { // while it is being verified its host is not
			h.busy[req.host] = true
			errands = append(errands, func(ctx context.Context) { h.verify(ctx, req) })
		}
	}
	if errand, at := h.duePing(now, free); errand != nil {
		errands = append(errands, errand)
	} else if !at.IsZero() {
		next = news.Earliest(next, at)
	}
	for k, m := range h.members {
		if !now.Before(m.Expires) {
			h.remove(k)
			continue
		}
		next = news.Earliest(next, m.Expires)
		switch behind := h.newest[k.topic] > m.Position; {
		case !behind || h.setup.Outside != "":
		case now.Before(m.RetryAt):
			next = news.Earliest(next, m.RetryAt)
		case free(m.host):
			h.busy[m.host] = true
			d := delivery{member: *m, position: h.newest[k.topic], setup: h.setup}
			errands = append(errands, func(ctx context.Context) { h.deliver(ctx, d) })
		}
	}
	return errands, next.Sub(now)
}

// release ends a request to a host.
func (h *Hub) release(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.busy, host)
	h.loop.Wake()
}

// write stores what is not stored yet, once a second or now, and returns how long there is nothing to write.
func (h *Hub) write(now time.Time, force bool) (wait time.Duration) {
	h.mu.Lock()
	keys, wait := h.changed.Take(now, force)
	var put, drop []news.Subscriber
	for _, k := range keys {
		switch m := h.members[k]; {
		case m != nil:
			put = append(put, m.Subscriber)
		case k.topic == "" && k.callback == h.outside.Callback:
			put = append(put, h.outside)
		default:
			drop = append(drop, news.Subscriber{Topic: k.topic, Callback: k.callback})
		}
	}
	h.mu.Unlock()
	if keys == nil {
		return wait
	}
	err := h.store.PutSubscribers(put, drop)
	if err != nil {
		h.log.Error("subscribers not recorded", "err", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changed.Wrote(keys, now, err)
}

package hub

import (
	"context"
	"errors"
	"sync"
	"time"

	"dateline/aggregator/news"
)

const (
	maxUnder   = 32              // requests under way at a time, each to another host
	grace      = 5 * time.Second // for requests under way once Run is asked to end
	restAtMost = time.Hour       // between two looks at all subscriptions
	writeEvery = time.Second     // between two writes to the store
)

// Run verifies, delivers and writes what has changed to the store, until ctx ends. Then it starts nothing more, lets what is
// under way end within five seconds, and returns. Run may be called once.
func (h *Hub) Run(ctx context.Context) {
	errands, callOff := context.WithCancel(context.WithoutCancel(ctx))
	defer callOff()
	var under sync.WaitGroup
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-timer.C:
		case <-h.woken:
		}
		_, wait := h.step(errands, &under)
		timer.Reset(wait)
	}
	hurry := time.AfterFunc(grace, callOff)
	defer hurry.Stop()
	under.Wait()
	h.write(time.Now(), true)
}

// Flush makes each request that is due once, and returns when all have ended and what came of them is in the store, or
// ctx has ended. It is for a process that does not stay: what failed is due again when the next one comes.
func (h *Hub) Flush(ctx context.Context) {
	var under sync.WaitGroup
	for ctx.Err() == nil {
		idle := h.idle() // before: what ends meanwhile may leave its host to another
		started, _ := h.step(ctx, &under)
		if started == 0 && idle {
			break
		}
		if started == 0 {
			<-h.woken // whatever ends wakes
		}
	}
	under.Wait()
	h.write(time.Now(), true)
}

func (h *Hub) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.busy) == 0
}

// step starts what is due. It returns how much that is, and how long there is nothing else to do.
func (h *Hub) step(ctx context.Context, under *sync.WaitGroup) (started int, wait time.Duration) {
	now := time.Now().UTC()
	h.look(now)
	errands, wait := h.due(now)
	for _, errand := range errands {
		under.Go(func() { errand(ctx) })
	}
	return len(errands), min(wait, h.write(now, false))
}

// look finds out which topics have something new, once documents have changed and had their moment to go on changing.
func (h *Hub) look(now time.Time) {
	h.mu.Lock()
	if h.lookAt.IsZero() || now.Before(h.lookAt) {
		h.mu.Unlock()
		return
	}
	h.lookAt = time.Time{} // what changes from here on is looked at again
	outside, topics := h.setup.Outside, map[string]bool{}
	for k, m := range h.members {
		if m.outside() == (outside != "") {
			topics[k.topic] = true
		}
	}
	h.mu.Unlock()
	if outside != "" {
		topics = h.enlist(outside)
	}
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

// enlist returns all topics that the hub elsewhere is told of, and makes each a member.
func (h *Hub) enlist(outside string) map[string]bool {
	all, err := h.documents.Topics()
	if err != nil {
		h.log.Error("topics not read", "err", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	topics := map[string]bool{}
	for _, topic := range all {
		topics[topic] = true
		if k := (key{topic, outside}); h.setup.Outside == outside && h.members[k] == nil {
			h.put(k, &member{news.Subscriber{Topic: topic, Callback: outside}, hostOf(outside)})
		}
	}
	for k, m := range h.members {
		if err == nil && m.outside() && !topics[k.topic] {
			h.remove(k)
		}
	}
	return topics
}

// due takes what is to be done now, and returns how long there is nothing else to do. What waits for a host or for
// others to end is looked at again when they do.
func (h *Hub) due(now time.Time) (errands []func(context.Context), wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := now.Add(restAtMost)
	if !h.lookAt.IsZero() {
		next = earliest(next, h.lookAt)
	}
	free := func(host string) bool { return !h.busy[host] && len(h.busy) < maxUnder }
	for _, req := range h.requests {
		if free(req.host) { // while it is being verified its host is not
			h.busy[req.host] = true
			errands = append(errands, func(ctx context.Context) { h.verify(ctx, req) })
		}
	}
	for k, m := range h.members {
		if !m.outside() && !now.Before(m.Expires) {
			h.remove(k)
			continue
		}
		if !m.outside() {
			next = earliest(next, m.Expires)
		}
		switch behind := h.newest[k.topic] > m.Position; {
		case !behind || m.outside() != (h.setup.Outside != ""):
		case now.Before(m.RetryAt):
			next = earliest(next, m.RetryAt)
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
	h.wake()
}

// write puts into the store what it does not know yet, once a second or now. It returns after what time it is to
// be called again; what could not be written stays to be written.
func (h *Hub) write(now time.Time, atOnce bool) time.Duration {
	h.mu.Lock()
	wait := h.written.Add(writeEvery).Sub(now)
	if len(h.changed) == 0 || wait > 0 && !atOnce {
		wait = max(wait, 0)
		if len(h.changed) == 0 {
			wait = restAtMost
		}
		h.mu.Unlock()
		return wait
	}
	changed := h.changed
	h.changed, h.written = map[key]bool{}, now
	var put, drop []news.Subscriber
	for k := range changed {
		if m := h.members[k]; m != nil {
			put = append(put, m.Subscriber)
		} else {
			drop = append(drop, news.Subscriber{Topic: k.topic, Callback: k.callback})
		}
	}
	h.mu.Unlock()
	err := h.store.PutSubscribers(put, drop)
	if err == nil {
		return restAtMost
	}
	h.log.Error("subscribers not recorded", "err", err)
	h.mu.Lock()
	defer h.mu.Unlock()
	for k := range changed {
		h.changed[k] = true
	}
	return writeEvery
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

package hub

import (
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// write stores what is not stored yet, once a second or now, and returns how long there is nothing to write. What another process made of a
// subscriber meanwhile stays.
func (h *Hub) write(now time.Time, force bool) (wait time.Duration) {
	h.mu.Lock()
	keys, wait := h.changed.Take(now, force)
	var all []news.Subscriber
	ours, base, result := map[key]*news.Subscriber{}, map[key]*news.Subscriber{}, map[key]*news.Subscriber{}
	for _, k := range keys {
		all = append(all, news.Subscriber{Topic: k.topic, Callback: k.callback})
		ours[k], base[k] = h.row(k), h.stored[k]
	}
	h.mu.Unlock()
	if keys == nil {
		return wait
	}
	err := h.store.ChangeSubscribers(all, func(of news.Subscriber, is *news.Subscriber) *news.Subscriber {
		k := key{of.Topic, of.Callback}
		result[k] = websub.Merge(base[k], ours[k], is, leaseEnd)
		return result[k]
	})
	if err != nil {
		h.log.Error("subscribers not recorded", "err", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	wait = h.changed.Wrote(keys, now, err)
	if err == nil {
		for _, k := range keys {
			h.takeIn(k, ours[k], result[k])
		}
	}
	return wait
}

func leaseEnd(sub news.Subscriber) time.Time { return sub.Expires }

// reread takes in what other processes made of subscribers.
func (h *Hub) reread() {
	h.mu.Lock()
	stale := h.stale
	h.stale = false
	h.mu.Unlock()
	if !stale {
		return
	}
	all, err := h.store.Subscribers()
	if err != nil {
		h.log.Error("subscribers not read", "err", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	gone := map[key]bool{}
	for k := range h.stored {
		gone[k] = true
	}
	for _, sub := range all {
		k := key{sub.Topic, sub.Callback}
		delete(gone, k)
		h.takeIn(k, h.stored[k], &sub)
	}
	for k := range gone {
		h.takeIn(k, h.stored[k], nil)
	}
	h.lookAt = time.Now().UTC() // for topics that are new
}

// row returns what is to be stored of a key; nil: nothing. The caller holds the lock, as with takeIn.
func (h *Hub) row(k key) *news.Subscriber {
	if k.topic == "" {
		if k.callback != h.outside.Callback {
			return nil
		}
		row := h.outside
		return &row
	}
	if m := h.members[k]; m != nil {
		row := m.Subscriber
		return &row
	}
	return nil
}

// takeIn takes in what the store has of a key; what has changed here since base is still to be stored.
func (h *Hub) takeIn(k key, base, theirs *news.Subscriber) {
	next := websub.Merge(base, h.row(k), theirs, leaseEnd)
	if h.stored[k] = theirs; theirs == nil {
		delete(h.stored, k)
	}
	switch {
	case k.topic == "":
		if next != nil && k.callback == h.outside.Callback {
			h.outside = *next
		}
	case next == nil:
		delete(h.members, k)
	default:
		m := &member{Subscriber: *next, host: h.setup.HostOf(k.callback)}
		if was := h.members[k]; was != nil {
			m.at = was.at
		}
		h.members[k] = m
	}
}

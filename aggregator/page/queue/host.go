package queue

import (
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/status"
)

// pendingPage is an item whose page is to be asked for.
type pendingPage struct {
	source string
	item   news.Key
	url    string
	seen   time.Time // when the item was first seen
	from   time.Time // not before; zero: at once
}

// host is what is known of a host of pages.
type host struct {
	waiting []pendingPage // the newest last
	asked   []time.Time   // requests of the last minute
	from    time.Time     // no request before
	rest    time.Duration // the last one that a refusal gave it; 0: none
	busy    bool          // a page is being asked for
}

// insert has an item wait, once, in its order.
func (h *host) insert(w pendingPage) {
	if slices.ContainsFunc(h.waiting, func(o pendingPage) bool { return o.item == w.item }) {
		return
	}
	i, _ := slices.BinarySearchFunc(h.waiting, w, func(a, b pendingPage) int {
		if a.seen.After(b.seen) {
			return 1
		}
		return -1 // of equal ones the one added last is the newest
	})
	h.waiting = slices.Insert(h.waiting, i, w)
	if len(h.waiting) > maxPages {
		h.waiting = slices.Delete(h.waiting, 0, 1)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// forget drops what is older than a day, and the requests that are older than a minute.
func (h *host) forget(now time.Time) {
	h.waiting = slices.DeleteFunc(h.waiting, func(w pendingPage) bool { return now.Sub(w.seen) >= status.PageAge })
	h.asked = slices.DeleteFunc(h.asked, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
}

// ready returns from when on the host may be asked for a page, of which it may be asked limit a minute.
func (h *host) ready(limit int) time.Time {
	if len(h.asked) < limit {
		return h.from
	}
	return news.Latest(h.from, h.asked[len(h.asked)-limit].Add(time.Minute))
}

// newest returns the place of the newest item that may be asked for; negative: none may before from.
func (h *host) newest(now time.Time) (i int, from time.Time) {
	from = now.Add(time.Hour)
	for i, w := range slices.Backward(h.waiting) {
		if !w.from.After(now) {
			return i, now
		}
		from = earlier(from, w.from)
	}
	return -1, from
}

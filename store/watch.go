package store

import "sync"

// watchers are notified that something was committed. A watcher that has not looked yet is notified once.
type watchers struct {
	mu     sync.Mutex
	all    map[chan struct{}]struct{}
	closed bool
}

// Watch returns a channel that receives after commits that wrote items or entries: at least once after the last
// one, perhaps once for many. It is closed with the store; stop ends it before.
func (s *Store) Watch() (changed <-chan struct{}, stop func()) { return s.watch.add() }

// WatchSubscriptions is [Store.Watch] for what others made of subscriptions and subscribers. Of a store without a log it never receives.
func (s *Store) WatchSubscriptions() (changed <-chan struct{}, stop func()) { return s.watchSubs.add() }

func (w *watchers) add() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		close(c)
		return c, func() {}
	}
	if w.all == nil {
		w.all = map[chan struct{}]struct{}{}
	}
	w.all[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
	}
}

func (w *watchers) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (w *watchers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		close(c)
	}
	w.all, w.closed = nil, true
}

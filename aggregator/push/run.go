package push

import (
	"context"
	"sync"
	"time"

	"dateline/aggregator/news"
)

const (
	restAtMost = time.Hour   // between two looks at all subscriptions
	storeAgain = time.Minute // after the store failed
)

// Run makes the requests that are due, hands deliveries on and writes what has changed to the store, until ctx
// ends. Then it calls off what is under way and returns once all has ended. Run may be called once.
func (s *Subscriber) Run(ctx context.Context) {
	var under sync.WaitGroup
	for range workers {
		under.Go(func() { s.work(ctx) })
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-timer.C:
		case <-s.woken:
		}
		due, wait := s.look(time.Now().UTC())
		if !s.flush() {
			wait = min(wait, storeAgain)
		}
		for _, token := range due {
			under.Go(func() { s.ask(ctx, token) })
		}
		timer.Reset(wait)
	}
	under.Wait()
	s.flush()
}

// look brings all subscriptions in order, as they should be at now. It returns those about which their
// hub is to be asked, marked as being asked, and how long there is nothing else to do.
func (s *Subscriber) look(now time.Time) (due []string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for source := range s.book.bySource {
		s.reconcile(source, now)
	}
	pauses := s.book.pauses(s.setup.hostOf)
	next := now.Add(restAtMost)
	for token, sub := range s.book.byToken {
		if !sub.Expires.IsZero() && sub.Expires.Before(next) {
			next = sub.Expires
		}
		if sub.Due.IsZero() || s.asking[token] {
			continue
		}
		at := sub.Due
		if !at.After(now) {
			at = news.Latest(at, pauses[s.setup.hostOf(sub.Hub)])
		}
		switch {
		case at.After(now):
			next = earliest(next, at)
		case sub.State == news.SubscriptionPending || sub.State == news.SubscriptionLeaving:
			s.asking[token] = true
			due = append(due, token)
		}
	}
	return due, max(next.Sub(now), 0)
}

// reconcile brings the subscriptions of one source in order. What it does follows from how they are, not from what
// happened, so that it also ends what a crash cut off.
func (s *Subscriber) reconcile(source string, now time.Time) {
	newest := s.active(source, now)
	waiting := false // for a hub that is still to be won
	for _, sub := range s.book.of(source) {
		over := !now.Before(sub.Expires) && !sub.Expires.IsZero()
		dueNow := !sub.Due.After(now)
		switch sub.State {
		case news.SubscriptionActive:
			if over {
				s.book.remove(sub)
			} else if sub != newest {
				s.leave(sub, now)
			}
		case news.SubscriptionLeaving:
			if over {
				s.book.remove(sub)
			}
		case news.SubscriptionDenied:
			if waiting = true; dueNow {
				s.book.remove(sub)
				s.book.add(news.Subscription{Source: source, Topic: sub.Topic, Hub: sub.Hub, Due: now})
			}
		case news.SubscriptionRefused:
			if waiting = true; dueNow {
				sub.State = news.SubscriptionPending
				s.book.touch(sub)
			}
		case news.SubscriptionPending:
			waiting = true
		}
	}
	// Its time has come, or its callback is not where we are reached now.
	if newest != nil && !waiting && (!newest.Due.After(now) || newest.Callback != s.callback(newest.Token)) {
		s.book.add(news.Subscription{Source: source, Topic: newest.Topic, Hub: newest.Hub, Due: now})
	}
}

// callback returns the address that the hub is given.
func (s *Subscriber) callback(token string) string { return s.base + "websub/" + token }

// flush writes to the store what it does not know yet. It reports false, and logs why, where that failed;
// what was not written stays to be written.
func (s *Subscriber) flush() bool {
	for _, c := range s.changes() {
		var err error
		if c.sub == nil {
			err = s.store.DropSubscription(c.token)
		} else {
			err = s.store.PutSubscription(*c.sub)
		}
		if err != nil {
			s.log.Error("subscription not recorded", "err", err)
			s.unwritten(c.token)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.book.changed) == 0
}

// change is a subscription to be put, or to be dropped where sub is nil.
type change struct {
	token string
	sub   *news.Subscription
}

func (s *Subscriber) changes() []change {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []change
	for token := range s.book.changed {
		c := change{token: token}
		if sub := s.book.byToken[token]; sub != nil {
			now := *sub
			c.sub = &now
		}
		out = append(out, c)
	}
	clear(s.book.changed)
	return out
}

func (s *Subscriber) unwritten(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.changed[token] = true
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

package subscriber

import (
	"context"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// Run makes the requests that are due, hands deliveries on and writes what has changed to the store, until ctx
// ends. Then it calls off what is under way and returns once all has ended. Run may be called once.
func (s *Subscriber) Run(ctx context.Context) {
	var under sync.WaitGroup
	for range workers {
		under.Go(func() { s.work(ctx) })
	}
	s.loop.Run(ctx, func() time.Duration {
		now := time.Now().UTC()
		due, wait := s.look(now)
		wait = min(wait, s.write(now))
		for _, token := range due {
			under.Go(func() { s.ask(ctx, token) })
		}
		return wait
	})
	under.Wait()
	s.write(time.Now())
}

// look brings all subscriptions in order, as they should be at now. It returns those about which their
// hub is to be asked, marked as being asked, and how long there is nothing else to do.
func (s *Subscriber) look(now time.Time) (due []string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for source := range s.book.bySource {
		s.reconcile(source, now)
	}
	pauses := s.book.pauses(s.setup.HostOf)
	next := now.Add(websub.RestAtMost)
	for token, sub := range s.book.byToken {
		if !sub.Expires.IsZero() && sub.Expires.Before(next) {
			next = sub.Expires
		}
		if sub.Due.IsZero() || s.asking[token] {
			continue
		}
		at := sub.Due
		if !at.After(now) {
			at = news.Latest(at, pauses[s.setup.HostOf(sub.Hub)])
		}
		switch {
		case at.After(now):
			next = news.Earliest(next, at)
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

// write stores what is not stored yet, and returns how long there is nothing to write.
func (s *Subscriber) write(now time.Time) (wait time.Duration) {
	s.mu.Lock()
	tokens, wait := s.book.changed.Take(now, true)
	var put []news.Subscription
	var drop []string
	for _, token := range tokens {
		if sub := s.book.byToken[token]; sub != nil {
			put = append(put, *sub)
		} else {
			drop = append(drop, token)
		}
	}
	s.mu.Unlock()
	if tokens == nil {
		return wait
	}
	err := s.store.PutSubscriptions(put, drop)
	if err != nil {
		s.log.Error("subscriptions not recorded", "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.changed.Wrote(tokens, now, err)
}

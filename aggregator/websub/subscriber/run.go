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
	s.run(ctx, nil)
}

// RunOneOf is [Subscriber.Run] for one of several processes that have the same subscriptions. perform calls do, until ctx ends, while this
// process is the one that makes requests to hubs; the context of do ends when another may be.
func (s *Subscriber) RunOneOf(ctx context.Context, perform func(ctx context.Context, do func(context.Context))) {
	s.shared.Store(true)
	s.run(ctx, perform)
}

// run is both; without perform there are no other processes.
func (s *Subscriber) run(ctx context.Context, perform func(ctx context.Context, do func(context.Context))) {
	var under sync.WaitGroup
	for range workers {
		under.Go(func() { s.work(ctx) })
	}
	if perform == nil {
		s.asks(func(request func(context.Context)) { under.Go(func() { request(ctx) }) })
	} else {
		changed, stop := s.store.WatchSubscriptions()
		defer stop()
		under.Go(func() { websub.Watch(ctx, changed, s.readAgain) })
		under.Go(func() { perform(ctx, s.askUntil) })
	}
	s.loop.Run(ctx, func() time.Duration {
		now := time.Now().UTC()
		return min(s.look(now), s.write(now))
	})
	under.Wait()
	s.write(time.Now())
}

// readAgain takes in what another process has changed.
func (s *Subscriber) readAgain() {
	if err := s.reread(); err != nil {
		s.log.Error("subscriptions not read", "err", err)
	}
	s.loop.Wake()
}

// askUntil has requests be made until ctx ends. Then it calls off those under way, and returns when they have ended.
func (s *Subscriber) askUntil(ctx context.Context) {
	var under sync.WaitGroup
	s.asks(func(request func(context.Context)) { under.Go(func() { request(ctx) }) })
	<-ctx.Done()
	s.asks(nil)
	under.Wait()
}

// asks sets how requests are started.
func (s *Subscriber) asks(start func(func(context.Context))) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = start
	s.loop.Wake()
}

// look brings all subscriptions in order, as they should be at now, and has the hubs asked about those that are due. It returns how long
// there is nothing else to do.
func (s *Subscriber) look(now time.Time) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.start == nil {
		return websub.RestAtMost
	}
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
			s.start(func(ctx context.Context) { s.ask(ctx, token) })
		}
	}
	return max(next.Sub(now), 0)
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

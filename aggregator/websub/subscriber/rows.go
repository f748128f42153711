package subscriber

import (
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// write stores what is not stored yet, and returns how long there is nothing to write. What another process made of a subscription
// meanwhile stays.
func (s *Subscriber) write(now time.Time) (wait time.Duration) {
	s.storing.Lock()
	defer s.storing.Unlock()
	s.mu.Lock()
	tokens, wait := s.book.changed.Take(now, true)
	ours, base, result := map[string]*news.Subscription{}, map[string]*news.Subscription{}, map[string]*news.Subscription{}
	for _, token := range tokens {
		ours[token], base[token] = s.book.row(token), s.book.stored[token]
	}
	s.mu.Unlock()
	if tokens == nil {
		return wait
	}
	err := s.store.ChangeSubscriptions(tokens, func(token string, is *news.Subscription) *news.Subscription {
		result[token] = websub.Merge(base[token], ours[token], is, leaseEnd)
		return result[token]
	})
	if err != nil {
		s.log.Error("subscriptions not recorded", "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wait = s.book.changed.Wrote(tokens, now, err)
	if err == nil {
		for _, token := range tokens {
			s.book.takeIn(token, ours[token], result[token])
		}
	}
	return wait
}

// reread takes in what other processes made of subscriptions.
func (s *Subscriber) reread() error {
	s.storing.Lock()
	defer s.storing.Unlock()
	all, err := s.store.Subscriptions()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := map[string]bool{}
	for token := range s.book.stored {
		gone[token] = true
	}
	for _, sub := range all {
		delete(gone, sub.Token)
		s.book.takeIn(sub.Token, s.book.stored[sub.Token], &sub)
	}
	for token := range gone {
		s.book.takeIn(token, s.book.stored[token], nil)
	}
	return nil
}

// catchUp takes in what other processes have changed until now. Callers that wait for each other share one look.
func (s *Subscriber) catchUp() error {
	came := time.Now()
	s.catching.Lock()
	defer s.catching.Unlock()
	if s.caughtUp.After(came) {
		return nil
	}
	began := time.Now()
	if err := s.store.CatchUp(); err != nil {
		return err
	}
	if err := s.reread(); err != nil {
		return err
	}
	s.caughtUp = began
	return nil
}

package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Subscriptions returns the subscriptions at hubs, by token.
func (s *Store) Subscriptions() (all []news.Subscription, err error) {
	err = s.View(func(v View) error {
		return v.tx.Bucket(bPush).ForEach(func(token, value []byte) error {
			var sub news.Subscription
			if err := s.codec.unpack(value, &sub); err != nil {
				return fmt.Errorf("subscription: %w", err)
			}
			all = append(all, sub)
			return nil
		})
	})
	return all, err
}

// PutSubscription remembers a subscription under its token, in place of what was there.
func (s *Store) PutSubscription(sub news.Subscription) error {
	packed, err := s.codec.pack(sub)
	if err != nil {
		return err
	}
	return s.onPush(func(b *bbolt.Bucket) error { return b.Put([]byte(sub.Token), packed) })
}

// DropSubscription forgets the subscription with that token, if there is one.
func (s *Store) DropSubscription(token string) error {
	return s.onPush(func(b *bbolt.Bucket) error { return b.Delete([]byte(token)) })
}

// onPush changes the bucket of subscriptions.
func (s *Store) onPush(do func(*bbolt.Bucket) error) error {
	return s.Commit(func(v View) (Writes, error) { return Writes{}, do(v.tx.Bucket(bPush)) })
}

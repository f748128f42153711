package store

import (
	"fmt"
	"time"

	"dateline/aggregator/news"
)

// Subscriptions returns the subscriptions at hubs, by token.
func (s *Store) Subscriptions() ([]news.Subscription, error) {
	return list[news.Subscription](s, bPush)
}

// Subscribers returns the subscribers of our own hub, and what is remembered of an outside one, by topic and callback.
func (s *Store) Subscribers() ([]news.Subscriber, error) { return list[news.Subscriber](s, bHub) }

// list returns what the rows of a bucket hold.
func list[T any](s *Store, bucket []byte) (all []T, err error) {
	err = s.View(func(v View) error {
		return v.table(bucket).each(func(_, value []byte) error {
			var one T
			if err := s.codec.unpack(value, &one); err != nil {
				return fmt.Errorf("bucket %s: %w", bucket, err)
			}
			all = append(all, one)
			return nil
		})
	})
	return all, err
}

// PutSubscriptions remembers the subscriptions in put, each in place of what was there under its token, and forgets those with the
// tokens in drop, all in one transaction.
func (s *Store) PutSubscriptions(put []news.Subscription, drop []string) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, sub := range put {
			t.change(&putSubscription{Subscription: sub})
		}
		for _, token := range drop {
			t.change(&dropSubscription{Token: token})
		}
		return t.err
	})
}

type putSubscription struct {
	_            struct{} `cbor:",toarray"`
	Subscription news.Subscription
}

func (o *putSubscription) do(t *Tx) error {
	return t.putValue(bPush, []byte(o.Subscription.Token), o.Subscription)
}

type dropSubscription struct {
	_     struct{} `cbor:",toarray"`
	Token string
}

func (o *dropSubscription) do(t *Tx) error { return t.table(bPush).delete([]byte(o.Token)) }

// PutSubscribers remembers the subscribers in put, each in place of what was there under its topic and callback, and
// forgets those in drop, all in one transaction.
func (s *Store) PutSubscribers(put, drop []news.Subscriber) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, sub := range put {
			t.change(&putSubscriber{Subscriber: sub})
		}
		for _, sub := range drop {
			t.change(&dropSubscriber{Topic: sub.Topic, Callback: sub.Callback})
		}
		return t.err
	})
}

type putSubscriber struct {
	_          struct{} `cbor:",toarray"`
	Subscriber news.Subscriber
}

func (o *putSubscriber) do(t *Tx) error { return t.putValue(bHub, hubKey(o.Subscriber), o.Subscriber) }

type dropSubscriber struct {
	_               struct{} `cbor:",toarray"`
	Topic, Callback string
}

func (o *dropSubscriber) do(t *Tx) error {
	return t.table(bHub).delete(hubKey(news.Subscriber{Topic: o.Topic, Callback: o.Callback}))
}

func hubKey(sub news.Subscriber) []byte { return []byte(sub.Topic + "\x00" + sub.Callback) }

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

// ChangeSubscriptions puts, in place of the subscription of each of tokens, what change makes of it, all in one transaction. nil is for one
// that is not there, or is to be forgotten. change may be called again where the transaction is run again.
func (s *Store) ChangeSubscriptions(tokens []string, change func(token string, is *news.Subscription) *news.Subscription) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, token := range tokens {
			is, err := rowOf[news.Subscription](t, bPush, []byte(token))
			if err != nil {
				return err
			}
			if next := change(token, is); next != nil {
				err = t.change(&putSubscription{Subscription: *next})
			} else if is != nil {
				err = t.change(&dropSubscription{Token: token})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// rowOf reads a row; nil: there is none.
func rowOf[T any](t *Tx, bucket, key []byte) (*T, error) {
	value, err := t.table(bucket).get(key)
	if value == nil || err != nil {
		return nil, err
	}
	one := new(T)
	if err := t.s.codec.unpack(value, one); err != nil {
		return nil, fmt.Errorf("bucket %s: %w", bucket, err)
	}
	return one, nil
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

// ChangeSubscribers puts, in place of the subscriber that has the topic and callback of each of all, what change makes of it, all in one
// transaction. nil is for one that is not there, or is to be forgotten. change may be called again where the transaction is run again.
func (s *Store) ChangeSubscribers(all []news.Subscriber, change func(of news.Subscriber, is *news.Subscriber) *news.Subscriber) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, of := range all {
			is, err := rowOf[news.Subscriber](t, bHub, hubKey(of))
			if err != nil {
				return err
			}
			if next := change(of, is); next != nil {
				err = t.change(&putSubscriber{Subscriber: *next})
			} else if is != nil {
				err = t.change(&dropSubscriber{Topic: of.Topic, Callback: of.Callback})
			}
			if err != nil {
				return err
			}
		}
		return nil
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

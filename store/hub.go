package store

import (
	"fmt"
	"time"

	"dateline/aggregator/news"
)

// Subscribers returns the subscribers of our own hub, and what is remembered of an outside one, by topic and callback.
func (s *Store) Subscribers() (all []news.Subscriber, err error) {
	err = s.View(func(v View) error {
		c := v.table(bHub).cursor()
		for k, value := c.first(); k != nil; k, value = c.next() {
			var sub news.Subscriber
			if err := s.codec.unpack(value, &sub); err != nil {
				return fmt.Errorf("subscriber: %w", err)
			}
			all = append(all, sub)
		}
		return c.err
	})
	return all, err
}

// PutSubscribers remembers the subscribers in put, each in place of what was there under its topic and callback, and
// forgets those in drop, all in one transaction.
func (s *Store) PutSubscribers(put, drop []news.Subscriber) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, sub := range put {
			if err := t.change(&putSubscriber{Subscriber: sub}); err != nil {
				return err
			}
		}
		for _, sub := range drop {
			if err := t.change(&dropSubscriber{Topic: sub.Topic, Callback: sub.Callback}); err != nil {
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

func (o *putSubscriber) do(t *Tx) error {
	packed, err := t.s.codec.pack(o.Subscriber)
	if err != nil {
		return err
	}
	return t.table(bHub).put(hubKey(o.Subscriber), packed)
}

type dropSubscriber struct {
	_               struct{} `cbor:",toarray"`
	Topic, Callback string
}

func (o *dropSubscriber) do(t *Tx) error {
	return t.table(bHub).delete(hubKey(news.Subscriber{Topic: o.Topic, Callback: o.Callback}))
}

func hubKey(sub news.Subscriber) []byte { return []byte(sub.Topic + "\x00" + sub.Callback) }

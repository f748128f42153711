package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Subscribers returns the subscribers of our own hub, and what is remembered of an outside one, by topic and callback.
func (s *Store) Subscribers() (all []news.Subscriber, err error) {
	err = s.View(func(v View) error {
		return v.tx.Bucket(bHub).ForEach(func(_, value []byte) error {
			var sub news.Subscriber
			if err := s.codec.unpack(value, &sub); err != nil {
				return fmt.Errorf("subscriber: %w", err)
			}
			all = append(all, sub)
			return nil
		})
	})
	return all, err
}

// PutSubscribers remembers the subscribers in put, each in place of what was there under its topic and callback, and
// forgets those in drop, all in one transaction.
func (s *Store) PutSubscribers(put, drop []news.Subscriber) error {
	return s.Commit(func(v View) (Writes, error) {
		b := v.tx.Bucket(bHub)
		for _, sub := range put {
			if err := s.putSubscriber(b, sub); err != nil {
				return Writes{}, err
			}
		}
		for _, sub := range drop {
			if err := b.Delete(hubKey(sub)); err != nil {
				return Writes{}, err
			}
		}
		return Writes{}, nil
	})
}

func (s *Store) putSubscriber(b *bbolt.Bucket, sub news.Subscriber) error {
	packed, err := s.codec.pack(sub)
	if err != nil {
		return err
	}
	return b.Put(hubKey(sub), packed)
}

func hubKey(sub news.Subscriber) []byte { return []byte(sub.Topic + "\x00" + sub.Callback) }

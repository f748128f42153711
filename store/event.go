package store

import (
	"fmt"
	"time"

	"dateline/aggregator/news"
)

// Events returns the stored events, the oldest first.
func (s *Store) Events() (all []news.Event, err error) {
	err = s.View(func(v View) error {
		return v.table(bEvent).each(func(k, value []byte) error {
			e, err := v.s.codec.event(k, value)
			all = append(all, e)
			return err
		})
	})
	return all, err
}

// AddEvents stores events behind those that are there, gives each its number, and drops the oldest so that at most keep are left.
// Like the states of sources they are no part of what other files of the same history hold.
func (s *Store) AddEvents(events []news.Event, keep int) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		to := t.table(bEvent).filled(1) // rows are only appended
		last := uint64(0)
		if k, _ := to.cursor().below(key8(^uint64(0))); k != nil {
			last = num8(k)
		}
		for i := range events {
			last++
			events[i].Number = last
			if err := t.putEvent(events[i]); err != nil {
				return err
			}
		}
		for c := to.cursor(); *to.rows > uint64(keep); {
			k, _ := c.first()
			if k == nil {
				return c.err
			}
			if err := to.delete(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutEvents stores events anew under their numbers, those that were dropped meanwhile aside.
func (s *Store) PutEvents(events []news.Event) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		for _, e := range events {
			there, err := t.table(bEvent).has(key8(e.Number))
			if err == nil && there {
				err = t.putEvent(e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Tx) putEvent(e news.Event) error {
	packed, err := t.s.codec.packState(e) // its message may hold bytes that a server has sent
	if err != nil {
		return err
	}
	return t.table(bEvent).put(key8(e.Number), packed)
}

// event reads a row of bucket event.
func (c *codec) event(k, value []byte) (e news.Event, err error) {
	if len(k) != 8 {
		return e, fmt.Errorf("%w: event %x: unreadable key", ErrCorrupt, k)
	}
	err = c.unpack(value, &e)
	e.Number = num8(k)
	return e, err
}

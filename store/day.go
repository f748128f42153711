package store

import (
	"time"

	"dateline/aggregator/news"
)

// An item is last seen on the day it leaves its feed, not on each day that it stands there: so a visit
// touches the identity keys of what moved, and the many visits that bring nothing touch none
// (aggregator/notes/why-leaving-is-last-seen.md).

// dayOf counts days from 1970-01-01 UTC, the first being 1, so that 0 says "still there".
func dayOf(t time.Time) uint32 {
	if t.Unix() < 0 {
		return 1
	}
	return uint32(t.Unix()/86400) + 1
}

// departuresAndReturns returns the numbers of the items that leave the source's window when it becomes this one, and of known ones that
// come back into it.
func (t *Tx) departuresAndReturns(source string, window []news.Seen) (departed, returned []uint64, err error) {
	before, err := unpackWindow(t.tx.Bucket(bSource).Get(windowKey(source)))
	if err != nil {
		return nil, nil, err
	}
	was := make(map[uint64]bool, len(before))
	for _, s := range before {
		was[s.number] = true
	}
	stays := make(map[uint64]bool, len(window))
	for _, s := range window {
		n, known, err := t.numberOf(s.Item)
		if err != nil {
			return nil, nil, err
		}
		if !known {
			continue
		}
		stays[n] = true
		if !was[n] {
			returned = append(returned, n)
		}
	}
	for _, s := range before {
		if !stays[s.number] {
			departed = append(departed, s.number)
		}
	}
	return departed, returned, nil
}

func (t *Tx) putDeparturesAndReturns(departed, returned []uint64, day uint32) error {
	for _, n := range departed {
		if err := t.setDeparted(n, day); err != nil {
			return err
		}
	}
	for _, n := range returned {
		if err := t.setDeparted(n, 0); err != nil {
			return err
		}
	}
	return nil
}

// setDeparted notes that the item left its feed on day; 0: that it is back.
func (t *Tx) setDeparted(number uint64, day uint32) error {
	k, found, err := t.keyOf(number)
	if err != nil || !found {
		return err
	}
	c, err := t.identity(k.IdentityKey())
	if err != nil {
		return err
	}
	if !c.isItemKey {
		return errValue
	}
	if c.departed == day {
		return nil
	}
	days := t.tx.Bucket(bExpiry)
	if old := c.departed; old != 0 {
		for _, what := range []byte{expireText, expireKeys} {
			if err := days.Delete(dayKey(what, old, number)); err != nil {
				return err
			}
		}
	}
	if err := t.setIdentity(k.IdentityKey(), identity{isItemKey: true, numbers: c.numbers, departed: day}); err != nil {
		return err
	}
	if day == 0 {
		return nil
	}
	return days.Put(dayKey(expireText, day, number), nil)
}

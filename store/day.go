package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"dateline/aggregator/news"
)

// An item is last seen on the day it leaves its feed, not on each day that it stands there: so a visit
// touches the days of what moved, and the many visits that bring nothing touch none
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
	before, err := t.window(source)
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
	if _, found, err := t.keyOf(number); err != nil || !found {
		return err
	}
	if old, err := t.departed(number); err != nil || old == day {
		return err
	}
	return t.setExpiry(number, expireText, day)
}

// departed returns the day on which an item left its feed; 0: it stands in it.
func (v View) departed(number uint64) (uint32, error) {
	b, err := v.table(bDeparted).get(key8(number))
	switch {
	case b == nil:
		return 0, err
	case len(b) == 4:
		return binary.BigEndian.Uint32(b), nil
	}
	return 0, fmt.Errorf("item %d: day of departure: %w", number, errValue)
}

// setExpiry has what of an item expire by the day; with day 0 nothing of it does. It takes the place of what was set before.
func (t *Tx) setExpiry(number uint64, what byte, day uint32) error {
	old, err := t.departed(number)
	if err != nil {
		return err
	}
	days, departed := t.table(bExpiry), t.table(bDeparted)
	if old != 0 {
		for _, what := range []byte{expireText, expireKeys} {
			if err := days.delete(dayKey(what, old, number)); err != nil {
				return err
			}
		}
	}
	if day == 0 {
		return departed.delete(key8(number))
	}
	if old != day {
		if err := departed.put(key8(number), binary.BigEndian.AppendUint32(nil, day)); err != nil {
			return err
		}
	}
	return days.put(dayKey(what, day, number), nil)
}

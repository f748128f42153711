package store

import "time"

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

// departuresAndReturns returns the numbers of the items that leave the source's window with w, and of known ones that
// come back into it.
func (v View) departuresAndReturns(w Writes) (departed, returned []uint64, err error) {
	if w.Window == nil {
		return nil, nil, nil
	}
	before, err := unpackWindow(v.tx.Bucket(bSource).Get(windowKey(w.Source)))
	if err != nil {
		return nil, nil, err
	}
	was := make(map[uint64]bool, len(before))
	for _, s := range before {
		was[s.number] = true
	}
	stays := make(map[uint64]bool, len(w.Window))
	for _, s := range w.Window {
		n, known, err := v.numberOf(s.Item)
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

func (v View) putDeparturesAndReturns(departed, returned []uint64, day uint32) error {
	for _, n := range departed {
		if err := v.setDeparted(n, day); err != nil {
			return err
		}
	}
	for _, n := range returned {
		if err := v.setDeparted(n, 0); err != nil {
			return err
		}
	}
	return nil
}

// setDeparted notes that the item left its feed on day; 0: that it is back.
func (v View) setDeparted(number uint64, day uint32) error {
	k, found, err := v.keyOf(number)
	if err != nil || !found {
		return err
	}
	c, err := v.identity(k.IdentityKey())
	if err != nil {
		return err
	}
	if !c.isItemKey {
		return errValue
	}
	days := v.tx.Bucket(bExpiry)
	if old := c.departed; old != 0 {
		for _, what := range []byte{expireText, expireKeys} {
			if err := days.Delete(dayKey(what, old, number)); err != nil {
				return err
			}
		}
	}
	if err := v.setIdentity(k.IdentityKey(), identity{isItemKey: true, numbers: c.numbers, departed: day}); err != nil {
		return err
	}
	if day == 0 {
		return nil
	}
	return days.Put(dayKey(expireText, day, number), nil)
}

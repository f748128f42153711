package store

import (
	"maps"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// states makes the state of each source out of that of the last fold and the visits since then that are there.
func (g *salvager) states() error {
	packed := map[string][]byte{}
	err := g.each(bSource, func(_ *Tx, k, value []byte) error {
		if k[0] != 0 && k[len(k)-1] != 0 {
			packed[string(k)] = value
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = g.each(bVisit, func(t *Tx, k, value []byte) error {
		if source, delta, err := unpackVisit(value); err == nil {
			if is, err := t.s.codec.applyDelta(packed[source], delta); err == nil {
				packed[source] = is
			}
		}
		return t.table(bVisit).delete(k)
	})
	if err != nil {
		return err
	}
	doubtful := g.isLost(bVisit) || g.isLost(bItem)
	err = g.change(func(t *Tx) error {
		for _, source := range slices.Sorted(maps.Keys(packed)) {
			if err := g.putState(t, source, packed[source], doubtful); err != nil {
				return err
			}
		}
		return nil
	})
	g.s.loadStates()
	return err
}

// isLost reports whether rows of a bucket were lost.
func (g *salvager) isLost(bucket []byte) bool {
	return slices.ContainsFunc(g.got.Lost, func(l Loss) bool { return l.Bucket == string(bucket) })
}

// putState writes the state of a source. Where items may be missing it is without validators, so that the whole document is read again.
func (g *salvager) putState(t *Tx, source string, packed []byte, doubtful bool) error {
	var st news.State
	if packed == nil || t.s.codec.unpack(packed, &st) != nil {
		return t.table(bSource).delete([]byte(source))
	}
	if st.LastVisit.After(g.now) {
		g.now = st.LastVisit.UTC().Truncate(time.Second)
	}
	if doubtful {
		st.Validators, st.Hash, st.From = news.Validators{}, 0, ""
		var err error
		if packed, err = t.s.codec.packState(st); err != nil {
			return err
		}
	}
	return t.table(bSource).put([]byte(source), packed)
}

// windows takes lost items out of the windows. A source with a lost window reads its document as one that it has not seen.
func (g *salvager) windows() error {
	return g.each(bSource, func(t *Tx, k, value []byte) error {
		if k[0] == 0 || k[len(k)-1] != 0 {
			return nil
		}
		w, err := unpackWindow(value)
		if err != nil {
			return t.table(bSource).delete(k)
		}
		is := slices.DeleteFunc(slices.Clone(w), func(s seen) bool {
			_, found, e := t.keyOf(s.number)
			if e != nil {
				err = e
			}
			return !found
		})
		if err != nil || len(is) == len(w) {
			return err
		}
		return t.table(bSource).put(k, packWindow(is))
	})
}

// departures has what is in no window and not waited for expire as of the newest visit.
func (g *salvager) departures() error {
	noted, err := g.noted()
	if err != nil {
		return err
	}
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		if !isBlock(k, value) {
			return nil
		}
		for i := range uint64(value[1]) {
			number := num8(k[1:]) + i
			it, found, err := t.ItemByNumber(number)
			if err != nil {
				return err
			}
			if !found || noted[number] {
				continue
			}
			what := byte(expireText)
			if it.Erased {
				what = expireKeys
			}
			if err := t.noteExpiry(what, dayOf(g.now), number); err != nil {
				return err
			}
		}
		return nil
	})
}

// noted returns the items that are in a window, or wait for the end of their time.
func (g *salvager) noted() (map[uint64]bool, error) {
	noted := map[uint64]bool{}
	err := g.each(bSource, func(t *Tx, k, value []byte) error {
		if k[0] == 0 || k[len(k)-1] != 0 {
			return nil
		}
		w, err := unpackWindow(value)
		for _, s := range w {
			noted[s.number] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return noted, g.each(bExpiry, func(t *Tx, k, value []byte) error {
		day, numbers, err := readExpiring(k, value)
		if err != nil {
			return t.table(bExpiry).delete(k)
		}
		for _, number := range numbers {
			last, err := t.leftOn(day, number)
			if err != nil {
				return err
			}
			noted[number] = noted[number] || last
		}
		return nil
	})
}

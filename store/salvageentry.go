package store

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// fixEntries drops entries and decisions whose item was lost, and takes lost members out of the others.
func (g *salvager) fixEntries() error {
	for _, bucket := range [][]byte{bEntry, bRule} {
		err := g.each(bucket, func(t *Tx, k, _ []byte) error {
			if _, found, err := t.keyOf(num8(k)); found || err != nil {
				return err
			}
			return t.table(bucket).delete(k)
		})
		if err != nil {
			return err
		}
	}
	return g.each(bEntry, func(t *Tx, k, value []byte) error {
		key, _, err := t.keyOf(num8(k))
		if err != nil {
			return err
		}
		e, err := unpackEntry(key, value)
		if err != nil || e.State == news.Merged {
			return err
		}
		return g.members(t, e)
	})
}

// members has the items of an entry be in it, unless another that is there has them.
func (g *salvager) members(t *Tx, e news.Entry) error {
	var there []news.Key
	for _, k := range e.Members() {
		it, found, err := t.Item(k)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if it.Entry != e.Key {
			other, is, err := t.Entry(it.Entry)
			if err != nil {
				return err
			}
			if is && other.State != news.Merged && slices.Contains(other.Members(), k) && k != e.Key {
				continue
			}
			it.Entry = e.Key
			if _, _, err := t.putItem(it); err != nil {
				return err
			}
		}
		there = append(there, k)
	}
	if len(there) == 1 && there[0] == e.Key {
		there = nil
	}
	if slices.Equal(there, e.Items) {
		return nil
	}
	e.Items = there
	return t.setEntry(e)
}

// memberships has every item be in an entry: in its own where that which it names was lost with its first item.
func (g *salvager) memberships() error {
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		if !isBlock(k, value) {
			return nil
		}
		for i := range uint64(value[1]) {
			it, found, err := t.ItemByNumber(num8(k[1:]) + i)
			if err == nil && found {
				err = g.member(t, it)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// member has an item be in an entry.
func (g *salvager) member(t *Tx, it news.Item) error {
	e, found, err := t.Entry(it.Entry)
	if err == nil && found && e.State == news.Merged && !e.Into.IsZero() {
		e, found, err = t.Entry(e.Into)
	}
	if err != nil {
		return err
	}
	if !found || e.State == news.Merged {
		if e, err = g.lostEntry(t, it); err != nil {
			return err
		}
	}
	if it.Entry != e.Key {
		it.Entry = e.Key
		if _, _, err := t.putItem(it); err != nil {
			return err
		}
	}
	if slices.Contains(e.Members(), it.Key) {
		return nil
	}
	e.Items = append(slices.Clone(e.Members()), it.Key)
	return t.setEntry(e)
}

// lostEntry makes the entry of an item anew: that which it names, where the item that represents this is there, else its own.
func (g *salvager) lostEntry(t *Tx, it news.Item) (news.Entry, error) {
	first, found, err := t.Item(it.Entry)
	if err != nil {
		return news.Entry{}, err
	}
	if !found || first.Key != it.Entry {
		first = it
	}
	e, there, err := t.Entry(first.Key)
	if err != nil {
		return e, err
	}
	if !there {
		e = news.Entry{Key: first.Key, Published: first.Date(), Revision: first.Revision}
		e.Updated = news.Latest(e.Published, first.Updated).Truncate(time.Second)
		if first.OwnID {
			if _, taken, err := t.EntryByID(first.GUID); err != nil {
				return e, err
			} else if !taken {
				e.ID = first.GUID
			}
		}
	}
	e.State, e.Into = news.Public, news.Key{}
	switch {
	case first.Held && first.UnderEmbargo():
		e.State = news.Embargoed
	case first.Held:
		e.State = news.Held
	case first.Withdrawn:
		e.State = news.Withdrawn
	}
	return e, t.setEntry(e)
}

// atomIDs has every entry be found by its atom:id.
func (g *salvager) atomIDs() error {
	return g.each(bEntry, func(t *Tx, k, value []byte) error {
		key, found, err := t.keyOf(num8(k))
		if err != nil || !found {
			return err
		}
		e, err := unpackEntry(key, value)
		if err != nil {
			return err
		}
		return t.addID(e, num8(k), nil)
	})
}

// log fills what is missing of it, and gives the entries that were made anew the positions that their records have.
func (g *salvager) log() error {
	there, made := map[uint64]bool{}, map[uint64]news.Entry{}
	var first, last uint64
	err := g.each(bLog, func(t *Tx, k, value []byte) error {
		first, last = t.memo.totals.first, t.memo.totals.last
		pos := num8(k)
		number, rec, err := unpackLog(pos, value)
		if err != nil || pos < first {
			return t.table(bLog).delete(k)
		}
		there[pos] = true
		g.got.Records++
		key, found, err := t.keyOf(number)
		if err != nil || !found {
			return err
		}
		e, found, err := t.Entry(key)
		if err != nil || !found || e.First > 0 && e.Last >= pos {
			return err
		}
		e.First, e.Last, e.Revision = cmp.Or(e.First, pos), pos, rec.Revision
		if e.State == news.Public || e.State == news.Withdrawn {
			e.Updated = rec.Updated
		}
		made[number] = e
		return t.setEntry(e)
	})
	if err != nil {
		return err
	}
	_ = g.s.View(func(v View) error { first, last = v.Oldest(), v.Head(); return nil })
	missing := map[uint64]news.LogRecord{}
	for pos := max(first, 1); pos <= last; pos++ {
		if !there[pos] {
			missing[pos] = news.LogRecord{Pos: pos, Kind: news.RecordUpdated}
		}
	}
	return g.fillLog(missing)
}

// fillLog writes records in the place of those that were lost: of the entry that has the position as its first or its newest one, else of
// an item that was forgotten.
func (g *salvager) fillLog(missing map[uint64]news.LogRecord) error {
	if len(missing) == 0 {
		return nil
	}
	numbers := map[uint64]uint64{} // by position
	err := g.each(bEntry, func(_ *Tx, k, value []byte) error {
		e, err := unpackEntry(news.Key{}, value)
		if err != nil {
			return err
		}
		for pos, kind := range map[uint64]news.Kind{e.First: news.RecordNew, e.Last: lastKind(e)} {
			rec, lost := missing[pos]
			if !lost {
				continue
			}
			rec.Kind, rec.Revision, rec.Updated, rec.At = kind, 1, e.Updated, e.Updated
			if pos == e.Last {
				rec.Revision = e.Revision
			}
			missing[pos], numbers[pos] = rec, num8(k)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.change(func(t *Tx) error {
		for _, pos := range slices.Sorted(maps.Keys(missing)) {
			if err := t.table(bLog).put(key8(pos), packLog(numbers[pos], missing[pos])); err != nil {
				return err
			}
		}
		return nil
	})
}

// lastKind returns the kind of the newest record of an entry, as far as the entry says it.
func lastKind(e news.Entry) news.Kind {
	switch {
	case e.State == news.Withdrawn:
		return news.RecordWithdrawn
	case e.State == news.Merged:
		return news.RecordMerged
	case e.First == e.Last:
		return news.RecordNew
	}
	return news.RecordUpdated
}

// publish gives the entries that are to be published and have no position one at the end of the log.
func (g *salvager) publish() error {
	return g.each(bEntry, func(t *Tx, k, value []byte) error {
		key, _, err := t.keyOf(num8(k))
		if err != nil {
			return err
		}
		e, err := unpackEntry(key, value)
		if err != nil || e.First > 0 || e.State != news.Public {
			return err
		}
		return (&appendLog{Kind: news.RecordNew, Key: key, Entry: packEntry(e)}).do(t)
	})
}

// tags has every record of the log be found by the tags that its entry has now.
func (g *salvager) tags() error {
	return g.each(bLog, func(t *Tx, k, value []byte) error {
		number, rec, err := unpackLog(num8(k), value)
		if err != nil {
			return err
		}
		key, found, err := t.keyOf(number)
		if err != nil || !found {
			return err
		}
		e, found, err := t.Entry(key)
		if err != nil || !found {
			return err
		}
		tags, err := t.tags.of(e)
		if err != nil {
			return err
		}
		changed, err := t.tags.changed(rec.Kind, e, tags)
		if err != nil {
			return err
		}
		return t.tag(append(tags, changed...), rec.Pos)
	})
}

// lists makes the lists of what is held back anew.
func (g *salvager) lists() error {
	for _, bucket := range [][]byte{bHeld, bEmbargo} {
		if err := g.each(bucket, func(t *Tx, k, _ []byte) error { return t.table(bucket).delete(k) }); err != nil {
			return err
		}
	}
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		if !isBlock(k, value) {
			return nil
		}
		for i := range uint64(value[1]) {
			number := num8(k[1:]) + i
			it, found, err := t.ItemByNumber(number)
			if err == nil && found && it.Held && !it.Erased {
				err = t.listHeld(it, number)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// events numbers the events anew where one between was lost, so that the last keeps its number.
func (g *salvager) events() error {
	return g.change(func(t *Tx) error {
		c := t.table(bEvent).cursor()
		next := uint64(0) // the lowest number so far
		for k, value := c.below(key8(^uint64(0))); k != nil; k, value = c.below(k) {
			at := binary.BigEndian.Uint64(k)
			if _, err := t.s.codec.event(k, value); err != nil {
				return err
			}
			if next > 0 && at != next-1 {
				moved := slices.Clone(value)
				if err := t.table(bEvent).delete(k); err != nil {
					return err
				}
				at = next - 1
				if err := t.table(bEvent).put(key8(at), moved); err != nil {
					return err
				}
				k = key8(at)
			}
			next, k = at, slices.Clone(k)
		}
		return c.err
	})
}

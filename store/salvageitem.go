package store

import (
	"bytes"
	"maps"
	"slices"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// repair makes a store of the rows that were taken: what refers to a lost one is taken away, and what follows from others is made anew.
func (g *salvager) repair() error {
	for _, part := range []func() error{g.numbers, g.blocks, g.feeds, g.days, g.states, g.ownKeys, g.otherKeys, g.fixEntries, g.memberships,
		g.atomIDs, g.log, g.publish, g.windows, g.departures, g.lists, g.events, g.terms, g.tags, g.count} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// numbers sets the highest number, position and update: as they were, and at least those of the rows.
func (g *salvager) numbers() error {
	is := totals{}
	if g.old != nil {
		is = *g.old
	}
	err := g.each(bItem, func(_ *Tx, k, value []byte) error {
		switch {
		case isBlock(k, value):
			is.number = max(is.number, num8(k[1:])+uint64(value[1])-1)
		case len(k) == 11:
			is.number = max(is.number, num8(k[1:]))
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = g.each(bEntry, func(_ *Tx, k, value []byte) error {
		if e, err := unpackEntry(news.Key{}, value); err == nil {
			is.seq, is.last = max(is.seq, e.Changed), max(is.last, e.Last)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.change(func(t *Tx) error {
		c := t.table(bLog).cursor()
		if k, _ := c.first(); k != nil && is.first == 0 {
			is.first = num8(k)
		}
		if k, _ := c.below(key8(^uint64(0))); k != nil {
			is.last = max(is.last, num8(k))
		}
		if is.last > 0 && is.first == 0 {
			is.first = is.last/PageSize*PageSize + 1
		}
		if is.feedID == "" {
			is.feedID = mint()
		}
		is.rows = t.memo.totals.rows
		*t.memo.totals = is
		return c.err
	})
}

// blocks has each block of items say which of the later revisions is the newest that is there, and drops those without a block. A block
// that begins in the one before is of the time before they were joined.
func (g *salvager) blocks() error {
	var end uint64
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		if isBlock(k, value) {
			first := num8(k[1:])
			if first < end {
				return t.dropBlock(first)
			}
			end = first + uint64(value[1])
			return t.salvageBlock(first, value)
		}
		if len(k) == 11 && k[0] == 1 {
			key, found, err := t.keyOf(num8(k[1:]))
			if err == nil && found && !key.IsZero() {
				if _, err = t.s.codec.unzipRevision(value); err == nil {
					return nil
				}
			}
		}
		return t.table(bItem).delete(k)
	})
}

// salvageBlock writes a block with the headers that its items have now. One that cannot be read goes.
func (t *Tx) salvageBlock(first uint64, value []byte) error {
	var b block
	if err := b.unpack(t.s.codec, value); err != nil {
		return t.table(bItem).delete(blockKey(first))
	}
	b.first = first
	was := slices.Clone(b.headers)
	for i, h := range b.headers {
		if h.key.IsZero() {
			continue
		}
		number := first + uint64(i)
		newest, stored := uint16(0), b.items[i]
		err := t.revisions(number, func(n int, value []byte) error {
			if plain, err := t.s.codec.unzipRevision(value); err == nil {
				newest, stored = uint16(n), plain
			}
			return nil
		})
		if err != nil {
			return err
		}
		var r storedItem
		if err := t.s.codec.unmarshal(stored, &r); err != nil {
			return t.table(bItem).delete(blockKey(first))
		}
		b.headers[i].latest, b.headers[i].erased = newest, r.Item.Erased
	}
	if slices.Equal(was, b.headers) {
		return nil
	}
	return t.putBlock(&b)
}

// eachRevision calls do with every stored revision of every item.
func (g *salvager) eachRevision(do func(t *Tx, number uint64, it news.Item, r storedItem) error) error {
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		var b block
		first := num8(k[1:])
		if isBlock(k, value) {
			if err := b.unpack(t.s.codec, value); err != nil {
				return err
			}
		} else if plain, err := t.s.codec.unzipRevision(value); err != nil {
			return err
		} else if key, _, err := t.keyOf(first); err != nil {
			return err
		} else {
			b.headers, b.items = []header{{key: key}}, [][]byte{plain}
		}
		for i, stored := range b.items {
			if len(stored) == 0 {
				continue
			}
			var r storedItem
			if err := t.s.codec.unmarshal(stored, &r); err != nil {
				return err
			}
			it := r.Item
			if it.Key = b.headers[i].key; it.Entry.IsZero() {
				it.Entry = it.Key
			}
			if err := do(t, first+uint64(i), it, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// feeds counts how often each description of a feed is used. In place of one that was lost there is an empty one, until a visit brings it
// again.
func (g *salvager) feeds() error {
	uses := map[uint64]int{}
	err := g.eachRevision(func(_ *Tx, _ uint64, _ news.Item, r storedItem) error {
		if r.FeedHash != 0 {
			uses[r.FeedHash]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = g.each(bSource, func(t *Tx, k, _ []byte) error {
		if k[0] != 0 || len(k) == 9 && uses[num8(k[1:])] > 0 {
			return nil
		}
		return t.table(bSource).delete(k)
	})
	if err != nil {
		return err
	}
	return g.change(func(t *Tx) error {
		for _, hash := range slices.Sorted(maps.Keys(uses)) {
			fr, err := t.feed(hash)
			if err != nil {
				return err
			}
			fr.Uses = uses[hash]
			if err := t.countFeed(hash, fr); err != nil {
				return err
			}
		}
		return nil
	})
}

// days notes the first item of each day.
func (g *salvager) days() error {
	first := map[uint32]uint64{}
	err := g.eachRevision(func(_ *Tx, number uint64, it news.Item, _ storedItem) error {
		day := dayOf(it.FirstSeen)
		if n := first[day]; n == 0 || number < n {
			first[day] = number
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.change(func(t *Tx) error {
		for _, day := range slices.Sorted(maps.Keys(first)) {
			k := dayAlone(day)
			was, err := t.table(bFirstSeen).get(k)
			if err == nil && (len(was) != 8 || num8(was) > first[day]) {
				err = t.table(bFirstSeen).put(k, key8(first[day]))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ownKeys has every item be found by its own key.
func (g *salvager) ownKeys() error {
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		var b block
		if !isBlock(k, value) {
			return nil
		}
		if _, err := b.readHeaders(value); err != nil {
			return err
		}
		var all []postings.Posting
		for i, h := range b.headers {
			if !h.key.IsZero() {
				all = append(all, keyPosting(num8(k[1:])+uint64(i), []uint64{keyTerm(h.key.IdentityKey())}))
			}
		}
		return t.addPostings(all...)
	})
}

// otherKeys has every item be found by what else it was recognised by, in any revision.
func (g *salvager) otherKeys() error {
	return g.eachRevision(func(t *Tx, number uint64, it news.Item, _ storedItem) error {
		keys := it.IdentityKeys
		if !it.Erased {
			keys = append(keys, g.recognise(it).Keys...)
		}
		return (&addKeys{Item: it.Key, Keys: keys}).do(t)
	})
}

// terms has every item with a text be found by its fingerprint and its words.
func (g *salvager) terms() error {
	return g.each(bItem, func(t *Tx, k, value []byte) error {
		if !isBlock(k, value) {
			return nil
		}
		var all []postings.Posting
		for i := range uint64(value[1]) {
			number := num8(k[1:]) + i
			it, found, err := t.ItemByNumber(number)
			if err != nil {
				return err
			}
			if !found || it.Erased {
				continue
			}
			by := g.recognise(it)
			doc := postings.Doc{ID: number, Source: it.Source, At: minutes(it.Date())}
			for index, some := range [][]uint32{iFingerprint: by.Fingerprint, iStem: by.Stems} {
				if len(some) > 0 {
					all = append(all, postings.Posting{Index: index, Doc: doc, Terms: wide(slices.Compact(slices.Sorted(slices.Values(some))))})
				}
			}
		}
		return t.addPostings(all...)
	})
}

// count counts what the store holds now.
func (g *salvager) count() error {
	return g.s.View(func(v View) error {
		c := v.table(bItem).cursor()
		for k, value := c.first(); k != nil; k, value = c.next() {
			var b block
			if !isBlock(k, value) {
				continue
			}
			if _, err := b.readHeaders(value); err != nil {
				return err
			}
			for _, h := range b.headers {
				if !bytes.Equal(h.key[:], make([]byte, len(h.key))) {
					g.got.Items++
				}
			}
		}
		g.got.Entries = int(*v.memo.totals.rowsOf(bEntry))
		p, err := v.postings()
		if err != nil {
			return err
		}
		keys := map[[2]uint64]bool{}
		err = p.Each(iKey, func(term, number uint64) { keys[[2]uint64{term, number}] = true })
		g.got.Keys = len(keys)
		return damaged(err)
	})
}

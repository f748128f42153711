package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"

	"dateline/aggregator/news"
)

// Digest returns a SHA-256 over what other files with the same history have too, decoded, in the order of the keys: the feed's id,
// items with their revisions, entries, log, identity keys, rules, what is held, subscriptions, subscribers and the config of the log.
// Pages, segments and the states of sources are not in it.
func (v View) Digest() (sum [sha256.Size]byte, err error) {
	d := digester{View: v, to: sha256.New()}
	d.add("feed", []byte(v.FeedID()))
	for _, part := range []func() error{d.items, d.entries, d.log, d.keys, d.rows, d.config} {
		if err := part(); err != nil {
			return sum, err
		}
	}
	d.to.Sum(sum[:0])
	return sum, nil
}

type digester struct {
	View
	to hash.Hash
}

// add adds values under a name. Each is preceded by its length, so that no two lists look the same.
func (d *digester) add(name string, values ...[]byte) {
	for _, v := range append([][]byte{[]byte(name)}, values...) {
		d.to.Write(binary.AppendUvarint(nil, uint64(len(v))))
		d.to.Write(v)
	}
}

func (d *digester) items() error {
	last := d.memo.totals.number
	d.add("items", key8(last))
	for n := uint64(1); n <= last; n++ {
		first, found, err := d.original(n)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		err = cmp.Or(d.item(n, first), d.revisions(n, func(_ int, value []byte) error {
			it, _, err := d.single(n, value)
			return cmp.Or(err, d.item(n, it))
		}))
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *digester) item(number uint64, it news.Item) error {
	packed, err := d.s.codec.enc.Marshal(&putItem{Number: number, Item: it, Feed: it.Feed})
	d.add("item", packed)
	return err
}

func (d *digester) entries() error {
	return d.table(bEntry).each(func(k, value []byte) error {
		e, err := unpackEntry(news.Key{}, value)
		if err != nil {
			return err
		}
		e.Changed = 0
		d.add("entry", k, packEntry(e))
		return nil
	})
}

func (d *digester) log() error {
	return d.table(bLog).each(func(k, value []byte) error {
		number, rec, err := unpackLog(num8(k), value)
		if err != nil {
			return err
		}
		d.add("log", k, packLog(number, rec))
		return nil
	})
}

// keys adds what items are recognised by, in the order of the terms, each once, of items that are there.
func (d *digester) keys() error {
	p, err := d.postings()
	if err != nil {
		return err
	}
	var all [][2]uint64
	if err := p.Each(iKey, func(term, number uint64) { all = append(all, [2]uint64{term, number}) }); err != nil {
		return damaged(err)
	}
	slices.SortFunc(all, func(a, b [2]uint64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, k := range slices.Compact(all) {
		if _, found, err := d.keyOf(k[1]); err != nil {
			return err
		} else if found {
			d.add("key", key8(k[0]), key8(k[1]))
		}
	}
	return nil
}

// config adds the config, where there is one.
func (d *digester) config() error {
	c, err := d.Config()
	if err == nil && c.Rev > 0 {
		d.add("config", key8(c.Rev), c.Text, c.Icon)
	}
	return err
}

// rows adds the buckets whose values are stored as they are.
func (d *digester) rows() error {
	for _, name := range [][]byte{bExpiry, bReturned, bRule, bHeld, bEmbargo, bPush, bHub, bInitialSource} {
		if err := d.table(name).each(func(k, value []byte) error { d.add(string(name), k, value); return nil }); err != nil {
			return err
		}
	}
	return nil
}

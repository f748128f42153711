package store

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// maxClaimants bounds how many items may lay one identity key; an identity key laid by so many tells nothing.
const maxClaimants = 32

// useFeed counts one more item that refers to the description, and returns its hash; 0 for none. The
// time of its last update changes with every visit and is kept with the item.
func (v View) useFeed(f news.Feed) (uint64, error) {
	f.Updated = time.Time{}
	packed, err := v.s.codec.pack(f)
	if err != nil || len(packed) == 2 { // a description that says nothing
		return 0, err
	}
	h := fnv.New64a()
	h.Write(packed)
	hash := h.Sum64()
	fr, err := v.feed(hash)
	if err != nil {
		return 0, err
	}
	return hash, v.countFeed(hash, storedFeed{Feed: f, Uses: fr.Uses + 1})
}

func (v View) dropFeed(hash uint64) error {
	if hash == 0 {
		return nil
	}
	fr, err := v.feed(hash)
	if err != nil {
		return err
	}
	fr.Uses--
	return v.countFeed(hash, fr)
}

func (v View) countFeed(hash uint64, fr storedFeed) error {
	b := v.tx.Bucket(bSource)
	if fr.Uses <= 0 {
		return b.Delete(feedKey(hash))
	}
	packed, err := v.s.codec.pack(fr)
	if err != nil {
		return err
	}
	return b.Put(feedKey(hash), packed)
}

// putIdentityKey adds the item to those that have the identity key.
func (v View) putIdentityKey(c KeyedItem) error {
	number, err := v.mustNumber(c.Item)
	if err != nil {
		return err
	}
	cl, err := v.identity(c.Key)
	if err != nil {
		return err
	}
	if cl.isItemKey || slices.Contains(cl.numbers, number) || len(cl.numbers) >= maxClaimants {
		return nil
	}
	return v.setIdentity(c.Key, identity{numbers: append(cl.numbers, number)})
}

func (v View) setIdentity(c news.IdentityKey, to identity) error {
	return v.tx.Bucket(bIdentity).Put(c[:], to.pack())
}

// putEntry writes an entry, and has those that link it as another telling of their story count as changed: they
// show its title.
func (v View) putEntry(e news.Entry) error {
	if err := v.setEntry(e); err != nil {
		return err
	}
	for _, k := range e.Story {
		other, found, err := v.Entry(k)
		if err != nil {
			return err
		}
		if found {
			if err := v.setEntry(other); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v View) setEntry(e news.Entry) error {
	number, err := v.mustNumber(e.Key)
	if err != nil {
		return fmt.Errorf("entry %s: %w", e.Key, err)
	}
	if e.ID != "" {
		c := atomIDKey(e.ID)
		if err := v.tx.Bucket(bAlias).Put(c[:], identity{numbers: []uint64{number}}.pack()); err != nil {
			return err
		}
	}
	e.Changed = v.Generation()
	b := v.tx.Bucket(bEntry)
	b.FillPercent = 0.95
	return b.Put(key8(number), packEntry(e))
}

func (v View) putWindow(source string, w []news.Seen) error {
	out := make([]seen, len(w))
	for i, s := range w {
		number, err := v.mustNumber(s.Item)
		if err != nil {
			return err
		}
		out[i] = seen{number: number, sum: s.Sum}
	}
	return v.tx.Bucket(bSource).Put(windowKey(source), packWindow(out))
}

func (v View) putState(source string, st news.State) error {
	packed, err := v.s.codec.pack(st)
	if err != nil {
		return err
	}
	return v.tx.Bucket(bSource).Put([]byte(source), packed)
}

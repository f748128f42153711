package store

import (
	"hash/fnv"
	"time"

	"dateline/aggregator/news"
)

func (v View) feed(hash uint64) (storedFeed, error) {
	var fr storedFeed
	b, err := v.table(bSource).get(feedKey(hash))
	if b == nil {
		return fr, err
	}
	return fr, v.s.codec.unpack(b, &fr)
}

// storedFeed is one description of a feed, shared by the items that a visit with that description brought.
type storedFeed struct {
	Feed news.Feed `cbor:"1,keyasint"`
	Uses int       `cbor:"2,keyasint"`
}

// useFeed counts one more item that refers to the description, and returns its hash; 0 for none. The
// time of its last update changes with every visit and is kept with the item.
func (t *Tx) useFeed(f news.Feed) (uint64, error) {
	f.Updated = time.Time{}
	packed, err := t.s.codec.pack(f)
	if err != nil || len(packed) == 2 { // a description that says nothing
		return 0, err
	}
	h := fnv.New64a()
	h.Write(packed)
	hash := h.Sum64()
	fr, err := t.feed(hash)
	if err != nil {
		return 0, err
	}
	return hash, t.countFeed(hash, storedFeed{Feed: f, Uses: fr.Uses + 1})
}

// dropFeedOf counts one reference less to the description that a record refers to; an empty one, of an item that was forgotten, to none.
func (t *Tx) dropFeedOf(stored []byte) error {
	if len(stored) == 0 {
		return nil
	}
	var r storedItem
	if err := t.s.codec.unmarshal(stored, &r); err != nil || r.FeedHash == 0 {
		return err
	}
	fr, err := t.feed(r.FeedHash)
	if err != nil {
		return err
	}
	fr.Uses--
	return t.countFeed(r.FeedHash, fr)
}

func (t *Tx) countFeed(hash uint64, fr storedFeed) error {
	if fr.Uses <= 0 {
		return t.table(bSource).delete(feedKey(hash))
	}
	return t.putValue(bSource, feedKey(hash), fr)
}

package store

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
	"unicode/utf8"

	"dateline/aggregator/news"
)

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

func (t *Tx) dropFeed(hash uint64) error {
	if hash == 0 {
		return nil
	}
	fr, err := t.feed(hash)
	if err != nil {
		return err
	}
	fr.Uses--
	return t.countFeed(hash, fr)
}

func (t *Tx) countFeed(hash uint64, fr storedFeed) error {
	if fr.Uses <= 0 {
		return t.table(bSource).delete(feedKey(hash))
	}
	packed, err := t.s.codec.pack(fr)
	if err != nil {
		return err
	}
	return t.table(bSource).put(feedKey(hash), packed)
}

// appendLog gives an entry the next position of the log, and stores it. One that was never published has its first position from now on.
func (t *Tx) appendLog(kind news.Kind, e news.Entry) (news.Entry, error) {
	number, err := t.mustNumber(e.Key)
	if err != nil {
		return e, err
	}
	it, _, err := t.current(number)
	if err != nil {
		return e, err
	}
	rec := news.LogRecord{Pos: t.Head() + 1, Entry: e.Key, Kind: kind, Revision: it.Revision, At: t.now, Updated: e.Updated}
	if err := t.table(bLog).filled(1).put(key8(rec.Pos), packLog(number, rec)); err != nil { // positions only grow
		return e, err
	}
	t.memo.totals.first, t.memo.totals.last = cmp.Or(t.memo.totals.first, rec.Pos), rec.Pos
	if e.First == 0 {
		e.First = rec.Pos
	}
	e.Last, e.Revision = rec.Pos, rec.Revision
	return e, t.putEntry(e)
}

// putEntry writes an entry, and has those that link it as another telling of their story count as changed: they
// show its title.
func (t *Tx) putEntry(e news.Entry) error {
	if err := t.setEntry(e); err != nil {
		return err
	}
	for _, k := range e.Story {
		other, found, err := t.Entry(k)
		if err != nil {
			return err
		}
		if found {
			if err := t.setEntry(other); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tx) setEntry(e news.Entry) error {
	number, err := t.mustNumber(e.Key)
	if err != nil {
		return fmt.Errorf("entry %s: %w", e.Key, err)
	}
	if !utf8.ValidString(e.ID) {
		return fmt.Errorf("entry %s: %w", e.Key, &TextError{e.ID})
	}
	b := t.table(bEntry).filled(0.95)
	stored, err := b.get(key8(number))
	if err != nil {
		return err
	}
	if err := t.addID(e, number, stored); err != nil {
		return err
	}
	e.Changed = t.Seq()
	return b.put(key8(number), packEntry(e))
}

// addID has an entry be found by its atom:id, unless it is already, as it was stored.
func (t *Tx) addID(e news.Entry, number uint64, stored []byte) error {
	if e.ID == "" {
		return nil
	}
	if stored != nil {
		if was, err := unpackEntry(e.Key, stored); err != nil || was.ID == e.ID {
			return err
		}
	}
	id := atomIDKey(e.ID)
	of, err := t.withKey(id)
	if err != nil || slices.Contains(of, number) {
		return err
	}
	return t.addKeyTerms(number, []uint64{keyTerm(id)})
}

func (t *Tx) putWindow(source string, w []news.Seen) error {
	out := make([]seen, len(w))
	for i, s := range w {
		number, err := t.mustNumber(s.Item)
		if err != nil {
			return err
		}
		out[i] = seen{number: number, sum: s.Sum}
	}
	return t.table(bSource).put(windowKey(source), packWindow(out))
}

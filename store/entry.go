package store

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"dateline/aggregator/news"
)

// The entry and the log record are written by hand: there is one of each for every item, and a
// self-describing form would double them.

// Entry returns the entry named k.
func (v View) Entry(k news.Key) (news.Entry, bool, error) {
	return named(v, k, func(number uint64) (news.Entry, bool, error) { return v.entry(k, number) })
}

// entry returns the entry of the item with that number, named k.
func (v View) entry(k news.Key, number uint64) (news.Entry, bool, error) {
	b, err := v.table(bEntry).get(key8(number))
	if b == nil {
		return news.Entry{}, false, err
	}
	e, err := unpackEntry(k, b)
	if err != nil {
		return e, false, fmt.Errorf("entry %s: %w", k, err)
	}
	return e, true, nil
}

// entryOf returns the entry of the item with that number.
func (v View) entryOf(number uint64) (news.Entry, bool, error) {
	k, found, err := v.keyOf(number)
	if err != nil || !found {
		return news.Entry{}, false, err
	}
	return v.entry(k, number)
}

// PutEntry stores an entry in place of what was there under its key. Its positions and its revision are those that
// [Tx.AppendLog] gave it.
func (t *Tx) PutEntry(e news.Entry) error {
	o := &putEntry{Key: e.Key, Entry: packEntry(e)}
	if e.Last > 0 {
		var err error
		if o.Tags, err = t.tags.joined(e); err != nil {
			return err
		}
	}
	return t.change(o)
}

type putEntry struct {
	_     struct{} `cbor:",toarray"`
	Key   news.Key
	Entry []byte   // as it is stored
	Tags  []string // that its newest record gets besides
}

func (o *putEntry) do(t *Tx) error {
	e, err := unpackEntry(o.Key, o.Entry)
	if err != nil {
		return err
	}
	if err := t.tag(o.Tags, e.Last); err != nil {
		return err
	}
	return t.putEntry(e)
}

// PutStory makes a story of the entries that there are under the keys: each of them gets the list. Of less than two it makes none.
func (t *Tx) PutStory(keys []news.Key) error { return t.change(&putStory{Keys: keys}) }

type putStory struct {
	_    struct{} `cbor:",toarray"`
	Keys []news.Key
}

func (o *putStory) do(t *Tx) error {
	for _, k := range o.Keys {
		e, found, err := t.Entry(k)
		if e.Story = o.Keys; len(o.Keys) < 2 {
			e.Story = nil
		}
		if err == nil && found {
			err = t.setEntry(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// DropEntry forgets an entry that was never published; one that is not there is forgotten already.
func (t *Tx) DropEntry(k news.Key) error { return t.change(&dropEntry{Key: k}) }

type dropEntry struct {
	_   struct{} `cbor:",toarray"`
	Key news.Key
}

func (o *dropEntry) do(t *Tx) error {
	number, found, err := t.numberOf(o.Key)
	if err != nil || !found {
		return err
	}
	return t.dropEntry(number)
}

// putEntry writes an entry, and has those that link it as another report of their story count as changed: they
// show its title.
func (t *Tx) putEntry(e news.Entry) error {
	if err := t.setEntry(e); err != nil {
		return err
	}
	for _, k := range e.Related() {
		other, found, err := t.Entry(k)
		if err == nil && found {
			err = t.setEntry(other)
		}
		if err != nil {
			return err
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
	t.s.recent.note(e.Changed, e.Key)
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

func (t *Tx) dropEntry(number uint64) error {
	t.s.recent.forget(t.Seq())
	return t.table(bEntry).delete(key8(number))
}

var (
	stateCodes = []news.EntryState{news.Public, news.Held, news.Withdrawn, news.Merged, news.Embargoed}
	kindCodes  = []news.Kind{"", news.RecordNew, news.RecordUpdated, news.RecordWithdrawn, news.RecordRestored, news.RecordMerged}
)

// packEntry writes e but for its Key, which the reader knows from the item of the same number.
func packEntry(e news.Entry) []byte {
	b := append(make([]byte, 0, 48+len(e.ID)+16*len(e.Items)), formPlain, codeOf(stateCodes, e.State))
	b = appendTime(b, e.Published)
	b = binary.AppendVarint(b, unixOf(e.Updated))
	b = binary.AppendUvarint(b, e.First)
	b = binary.AppendUvarint(b, e.Last)
	b = binary.AppendUvarint(b, uint64(e.Revision))
	b = binary.AppendUvarint(b, e.Changed)
	b = appendString(b, e.ID)
	b = binary.AppendUvarint(b, uint64(len(e.Items)))
	for _, k := range e.Items {
		b = append(b, k[:]...)
	}
	if !e.Into.IsZero() || len(e.Story) > 0 {
		b = append(b, e.Into[:]...)
	}
	for _, k := range e.Story {
		b = append(b, k[:]...)
	}
	return b
}

func unpackEntry(k news.Key, v []byte) (news.Entry, error) {
	r := read(v, formPlain)
	e := news.Entry{Key: k}
	e.State = decoded(&r, stateCodes)
	e.Published = r.time()
	if n := r.Varint(); n != 0 {
		e.Updated = time.Unix(n, 0).UTC()
	}
	e.First = r.Uvarint()
	e.Last = r.Uvarint()
	e.Revision = int(r.Uvarint())
	e.Changed = r.Uvarint()
	e.ID = r.string()
	for range min(r.Uvarint(), 1<<16) {
		e.Items = append(e.Items, r.key())
	}
	if !r.Done() {
		e.Into = r.key()
	}
	for !r.Done() {
		e.Story = append(e.Story, r.key())
	}
	return e, r.err()
}

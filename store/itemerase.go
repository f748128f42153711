package store

import (
	"errors"
	"slices"

	"dateline/aggregator/news"
)

// Erase destroys the text and credits of items, in all revisions, and what they are found by. What they are recognised by stays.
func (t *Tx) Erase(all ...news.Erasure) error {
	if len(all) == 0 {
		return nil
	}
	return t.change(&erase{All: all})
}

type erase struct {
	_   struct{} `cbor:",toarray"`
	All []news.Erasure
}

// do leaves no fingerprints either. Those of what retention erases end by themselves, and long before.
func (o *erase) do(t *Tx) error {
	var gone []uint64
	for _, e := range o.All {
		number, err := t.mustNumber(e.Item)
		if err == nil {
			err = t.erase(number, e.IdentityKeys)
		}
		if err != nil {
			return err
		}
		gone = append(gone, number)
	}
	return t.dropPostings(gone, iFingerprint, iStem)
}

// erase leaves of an item what it is recognised by: of its text and credits nothing is kept, in any revision.
// What was held back is so no more: nothing is left that could be released.
func (t *Tx) erase(number uint64, keys []news.IdentityKey) error {
	it, found, err := t.ItemByNumber(number)
	if err != nil || !found {
		return err
	}
	e, found, err := t.Entry(it.Entry)
	if err == nil && found {
		err = t.putEntry(e) // it has changed
	}
	if err != nil {
		return err
	}
	stub := news.Item{
		Key: it.Key, Source: it.Source, Entry: it.Entry, FirstSeen: it.FirstSeen, Revised: it.Revised, Revision: it.Revision,
		Published: it.Published, Language: it.Language, // of the notice that may be in its place
		Hash: it.Hash, Withdrawn: it.Withdrawn, Withdrawal: it.Withdrawal, Erased: true, IdentityKeys: it.IdentityKeys,
	}
	if !it.Erased {
		stub.IdentityKeys = keys
	}
	if err := t.listHeld(stub, number); err != nil {
		return err
	}
	return t.replace(number, &stub)
}

// expire removes the text of an item that left its feed.
type expire struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Day    uint32             // when it left
	Keys   []news.IdentityKey // what it is recognised by
}

func (o *expire) do(t *Tx) error {
	if err := t.erase(o.Number, o.Keys); err != nil {
		return err
	}
	return t.noteExpiry(expireKeys, o.Day, o.Number)
}

// forget removes items, what they are found by and, each with its last item, their entries. The representative of an entry whose
// other items are still there stays until they go.
type forget struct {
	_       struct{} `cbor:",toarray"`
	Numbers []uint64
}

func (o *forget) do(t *Tx) error {
	var gone []uint64
	for _, n := range o.Numbers {
		goes, err := t.forget(n)
		if err != nil {
			return err
		}
		if goes {
			gone = append(gone, n)
		}
	}
	return t.dropPostings(gone, iFingerprint, iStem, iKey)
}

// forget removes an item, and reports whether it was there and went. What it is found by stays.
func (t *Tx) forget(number uint64) (goes bool, err error) {
	it, found, err := t.ItemByNumber(number)
	if err != nil || !found {
		return false, err
	}
	e, hasEntry, err := t.Entry(it.Key)
	if err != nil {
		return false, err
	}
	if hasEntry {
		for _, k := range e.Members() {
			if other, there, err := t.Item(k); err != nil {
				return false, err
			} else if there && other.Key != it.Key {
				return false, t.noteExpiry(expireKeys, dayOf(t.now), number)
			}
		}
		if err := t.dropEntry(number); err != nil {
			return false, err
		}
	}
	return true, errors.Join(t.table(bRule).delete(key8(number)), t.table(bReturned).delete(key8(number)), t.replace(number, nil))
}

// replace puts a stub in the place of an item and all its revisions; nil: nothing at all. A block of which
// nothing is left goes too.
func (t *Tx) replace(number uint64, stub *news.Item) error {
	if err := t.flush(); err != nil {
		return err
	}
	var revisions []int
	if err := t.revisions(number, func(n int, _ []byte) error { revisions = append(revisions, n); return nil }); err != nil {
		return err
	}
	for _, n := range revisions {
		if err := t.dropRevision(number, n); err != nil {
			return err
		}
	}
	old, i, err := t.block(number)
	if err != nil || old == nil {
		return err
	}
	b := &block{first: old.first, headers: slices.Clone(old.headers), items: slices.Clone(old.items)}
	if err := t.dropFeedOf(b.items[i]); err != nil {
		return err
	}
	if stub == nil {
		b.headers[i], b.items[i] = header{}, nil
	} else if b.items[i], err = t.encode(*stub); err != nil {
		return err
	} else {
		b.headers[i] = header{key: stub.Key, erased: true}
	}
	if err := t.dropBlock(b.first); err != nil || b.size() == 0 {
		return err
	}
	if b.erased() {
		if b, err = t.joined(b); err != nil {
			return err
		}
	}
	return t.putBlock(b)
}

// joined returns a block without texts, with the items of the blocks beside it that have none either, as far as the row fits a page. Their
// rows go. Each by itself would keep most of the page that its texts were in: bbolt joins pages that are a quarter full at most.
func (t *Tx) joined(b *block) (*block, error) {
	size := len(b.pack(t.s.codec))
	for _, beside := range []uint64{b.first - 1, b.first + uint64(len(b.headers))} {
		row, err := t.blockRow(beside)
		if err != nil {
			return nil, err
		}
		if row.value == nil || size+len(row.value) > joinedBytes || len(b.headers)+int(row.value[1]) > joinedItems {
			continue
		}
		other, _, err := t.block(beside)
		if err != nil {
			return nil, err
		}
		if !other.erased() {
			continue
		}
		if err := t.dropBlock(other.first); err != nil {
			return nil, err
		}
		size += len(row.value)
		low, high := b, other
		if other.first < b.first {
			low, high = other, b
		}
		b = &block{low.first, slices.Concat(low.headers, high.headers), slices.Concat(low.items, high.items)}
	}
	return b, nil
}

// erased reports whether no item has a text, in any revision.
func (b *block) erased() bool {
	return !slices.ContainsFunc(b.headers, func(h header) bool { return h.latest > 0 || !h.erased && !h.key.IsZero() })
}

// dropBlock removes the row of a block, also where a smaller one takes its place: bbolt looks whether to join a page where a row of it was
// deleted, and not where one was written anew.
func (t *Tx) dropBlock(first uint64) error {
	t.memo.forget(first)
	return t.table(bItem).delete(blockKey(first))
}

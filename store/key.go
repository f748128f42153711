package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// Items are found by their own keys, by identity keys and by the atom:ids of their entries in one index of the postings. A term of it
// is 64 bits of an [news.IdentityKey], a document the number of an item. Among 50 million keys, one look-up of 3·10¹¹ for a key that no
// item has finds a stranger by chance. What has a key of its own is compared with it; the items of an identity key are compared by
// the caller.

// keyTerm returns the term of a key: its first 64 bits with the last 32 mixed in, since some of a UUID's are fixed.
func keyTerm(c news.IdentityKey) uint64 {
	return binary.BigEndian.Uint64(c[:]) ^ uint64(binary.BigEndian.Uint32(c[8:]))
}

func atomIDKey(atomID string) news.IdentityKey { return news.NewIdentityKey("atom:id", atomID) }

// maxItems bounds how many items one identity key leads to: a key that so many have says nothing of any of them.
const maxItems = 32

// withKey returns the numbers of the items that have a key, ascending; of many the newest.
func (v View) withKey(c news.IdentityKey) ([]uint64, error) {
	p, err := v.postings()
	if err != nil {
		return nil, err
	}
	term := keyTerm(c)
	hits, err := p.FindAny(iKey, []uint64{term}, maxItems)
	if err != nil {
		return nil, damaged(err)
	}
	var all []uint64
	for _, h := range hits {
		all = append(all, h.ID)
	}
	return append(all, v.memo.fresh.byTerm[term]...), nil
}

// ItemsByKey returns the items that have the identity key, the earliest first.
func (v View) ItemsByKey(c news.IdentityKey) ([]news.Item, error) {
	numbers, err := v.withKey(c)
	if err != nil {
		return nil, err
	}
	var out []news.Item
	for _, n := range numbers {
		it, found, err := v.ItemByNumber(n)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, it)
		}
	}
	return out, nil
}

// EntryByID returns the entry that bears the atom:id, or the one that it was merged into.
func (v View) EntryByID(atomID string) (news.Entry, bool, error) {
	e, found, err := v.withID(atomID)
	if err == nil && found && e.State == news.Merged {
		return v.Entry(e.Into) // no entry is merged into one that was merged itself
	}
	return e, found, err
}

// withID returns the entry that bears the atom:id.
func (v View) withID(atomID string) (e news.Entry, found bool, err error) {
	numbers, err := v.withKey(atomIDKey(atomID))
	if err != nil {
		return e, false, err
	}
	for _, n := range slices.Backward(numbers) {
		if e, found, err = v.entryOf(n); err != nil || found && e.ID == atomID {
			return e, found, err
		}
	}
	return news.Entry{}, false, nil
}

// numberOf returns the number of the item that has the key as its own, else of the earliest one that was given it as an identity key.
func (v View) numberOf(k news.Key) (number uint64, found bool, err error) {
	if n, known := v.memo.numbers[k]; known {
		return n, true, nil
	}
	numbers, err := v.withKey(k.IdentityKey())
	if err != nil {
		return 0, false, err
	}
	for _, n := range slices.Backward(numbers) {
		own, there, err := v.keyOf(n)
		if err != nil {
			return 0, false, err
		}
		if there {
			number, found = n, true
		}
		if own == k {
			break
		}
	}
	if found {
		v.memo.name(k, number)
	}
	return number, found, nil
}

func (v View) mustNumber(k news.Key) (uint64, error) {
	n, found, err := v.numberOf(k)
	if err == nil && !found {
		err = fmt.Errorf("item %s: %w", k, errUnknownItem)
	}
	return n, err
}

// AddKeys adds an item to those that have the identity keys.
func (t *Tx) AddKeys(item news.Key, keys ...news.IdentityKey) error {
	if len(keys) == 0 {
		return nil
	}
	return t.change(&addKeys{Item: item, Keys: keys})
}

type addKeys struct {
	_    struct{} `cbor:",toarray"`
	Item news.Key
	Keys []news.IdentityKey
}

func (o *addKeys) do(t *Tx) error {
	number, err := t.mustNumber(o.Item)
	if err != nil {
		return err
	}
	var terms []uint64
	for _, k := range o.Keys {
		of, err := t.withKey(k)
		if err != nil {
			return err
		}
		if slices.Contains(of, number) || len(of) >= maxItems {
			continue
		}
		isOwn := func(n uint64) bool {
			own, found, failed := t.keyOf(n)
			err = cmp.Or(err, failed)
			return found && own.IdentityKey() == k
		}
		if !slices.ContainsFunc(of, isOwn) { // the own key of another item is left to that
			terms = append(terms, keyTerm(k))
		}
		if err != nil {
			return err
		}
	}
	slices.Sort(terms)
	return t.addKeyTerms(number, slices.Compact(terms))
}

// addKeyTerms adds to what an item is found by. What a new one has is written with it.
func (t *Tx) addKeyTerms(number uint64, terms []uint64) error {
	if len(terms) == 0 || t.memo.fresh.addTerms(number, terms) {
		return nil
	}
	return t.addPostings(keyPosting(number, terms))
}

func keyPosting(number uint64, terms []uint64) postings.Posting {
	return postings.Posting{Index: iKey, Doc: postings.Doc{ID: number}, Terms: terms}
}

// name remembers the number of an item.
func (m *memo) name(k news.Key, number uint64) { remember(m.numbers, memoNumbers, k, number) }

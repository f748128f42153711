package store

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// The indexes of the set of postings, by their places in it. Documents are the numbers of items, of tags positions of the log.
const (
	iFingerprint = iota // what a text is recognised by
	iStem               // what it is searched for by
	iKey                // what it is recognised by; see key.go
	iTag                // what a record of the log is listed by; see tag.go
)

// newPostings returns the set of indexes of a file.
func newPostings() *postings.Set {
	return postings.New(string(bPostings), "fingerprint", "stem", "key", "tag")
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

// damaged gives an error of package postings its name here: [ErrCorrupt], where a stored value is not what was written.
func damaged(err error) error {
	if errors.Is(err, postings.ErrDamaged) {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

// postings returns the indexes as the view sees them.
func (v View) postings() (*postings.Reader, error) {
	if v.memo.postings == nil {
		r, err := v.s.postings.Reader(v.tx.Bucket(bPostings))
		if err != nil {
			return nil, damaged(err)
		}
		v.memo.postings = r
	}
	return v.memo.postings, nil
}

// postings returns the indexes to write to; the transaction reads what it wrote.
func (t *Tx) postings() (*postings.Writer, error) {
	if t.writer == nil {
		w, err := t.s.postings.Writer(t.tx.Bucket(bPostings))
		if err != nil {
			return nil, damaged(err)
		}
		var expired []func(postings.Doc) (bool, error)
		w.Expired = func(index int, d postings.Doc) (bool, error) {
			if expired == nil {
				x, err := t.horizon()
				if err != nil {
					return false, err
				}
				expired = x.expired(t.View)
			}
			return expired[index](d)
		}
		t.writer, t.memo.postings = w, w.Reader
	}
	return t.writer, nil
}

// addTerms adds what an item is found by. It stays together.
func (t *Tx) addTerms(terms news.Terms) error {
	number, err := t.mustNumber(terms.Item)
	if err != nil {
		return err
	}
	doc := postings.Doc{ID: number, Source: terms.Source, At: minutes(terms.At)}
	var all []postings.Posting
	for index, some := range [][]uint32{iFingerprint: terms.Fingerprint, iStem: terms.Stems} {
		if len(some) > 0 {
			all = append(all, postings.Posting{Index: index, Doc: doc, Terms: wide(some)})
		}
	}
	return t.addPostings(all...)
}

func (t *Tx) addPostings(all ...postings.Posting) error {
	if len(all) == 0 {
		return nil
	}
	p, err := t.postings()
	if err != nil {
		return err
	}
	return damaged(p.Add(all...))
}

func wide(terms []uint32) []uint64 {
	out := make([]uint64, len(terms))
	for i, t := range terms {
		out[i] = uint64(t)
	}
	return out
}

// FindAny returns the items with one of the terms among their fingerprints, the earliest first. For a term that more than
// limit items have, it returns the newest limit+1 of them.
func (v View) FindAny(terms []uint32, limit int) ([]news.Hit, error) {
	return v.findAtLeast(iFingerprint, terms, postings.Bounds{Terms: 1, Each: limit + 1})
}

// FindAtLeast returns the items of which one revision has at least so many of the stems, the earliest first. Of each stem
// the newest limit items are looked at. Items that are all from before since may be left out.
func (v View) FindAtLeast(stems []uint32, since time.Time, least, limit int) ([]news.Hit, error) {
	return v.findAtLeast(iStem, stems, postings.Bounds{Terms: least, Each: limit, Since: minutes(since)})
}

func (v View) findAtLeast(index int, terms []uint32, b postings.Bounds) ([]news.Hit, error) {
	p, err := v.postings()
	if err != nil {
		return nil, err
	}
	found, err := p.FindAtLeast(index, wide(terms), b)
	if err != nil || len(found) == 0 {
		return nil, damaged(err)
	}
	n := 0
	for _, h := range found {
		n += len(h.Terms)
	}
	out, have := make([]news.Hit, len(found)), make([]uint32, 0, n) // the terms of one hit behind those of the other
	for i, h := range found {
		from := len(have)
		for _, place := range h.Terms {
			have = append(have, terms[place])
		}
		has := have[from:len(have):len(have)]
		slices.Sort(has)
		out[i] = news.Hit{Number: h.ID, Source: h.Source, At: time.Unix(h.At*60, 0).UTC(), Terms: has}
	}
	return out, nil
}

// FindAll yields the numbers of the items that have all of the stems, each once, the highest first, until cost postings
// were read. The text of one that was revised may be another by now. Without stems there are none.
func (v View) FindAll(stems []uint32, cost int) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		p, err := v.postings()
		if err != nil {
			yield(0, err)
			return
		}
		for number, err := range p.Newest(iStem, wide(stems), 0, cost) {
			if !yield(number, damaged(err)) {
				return
			}
		}
	}
}

// Frequency returns for each of the stems how many texts have it, and how many there are. The texts of a revised item all count,
// and those that were erased by retention until they are pruned.
func (v View) Frequency(stems []uint32) (of []int, texts int, err error) {
	p, err := v.postings()
	if err != nil {
		return nil, 0, err
	}
	of, texts, err = p.Count(iStem, wide(stems))
	return of, texts, damaged(err)
}

// ItemByNumber returns the current revision of the item with that number.
func (v View) ItemByNumber(number uint64) (news.Item, bool, error) { return v.current(number) }

// dropPostings removes the items from indexes.
func (t *Tx) dropPostings(gone []uint64, indexes ...int) error {
	if len(gone) == 0 {
		return nil
	}
	p, err := t.postings()
	if err != nil {
		return err
	}
	for _, index := range indexes {
		if _, err := p.Remove(index, gone...); err != nil {
			return damaged(err)
		}
	}
	return nil
}

// postings drops what nothing is asked for any more. Fingerprints are compared with for as long as Retention.Fingerprints says; what
// an item is searched for by goes with its text.
func (u *pruner) postings(t *Tx) error {
	x := u.horizon()
	any, err := x.hasExpired(t.View)
	if err != nil || !any {
		return err
	}
	o := &prunePostings{Before: x}
	if err := t.change(o); err != nil {
		return err
	}
	u.done.Fingerprints += o.removed
	return nil
}

// horizon returns the time before which fingerprints have expired.
func (u *pruner) horizon() horizon {
	if u.r.Fingerprints <= 0 {
		return 0
	}
	return horizon(u.now.Add(-u.r.Fingerprints).Unix())
}

// horizon is the second before which fingerprints have expired; 0: none have. The store has that of the last pruning, so that merges
// leave out what has expired.
type horizon int64

// horizonStep is how often the horizon is stored if nothing else has expired, in seconds.
const horizonStep = 24 * 60 * 60

// horizon returns the one that is stored.
func (v View) horizon() (horizon, error) {
	b, err := v.table(bMeta).get(kHorizon)
	if len(b) != 8 {
		return 0, err
	}
	return horizon(num8(b)), nil
}

type prunePostings struct {
	_      struct{} `cbor:",toarray"`
	Before horizon

	removed int
}

func (o *prunePostings) do(t *Tx) error {
	p, err := t.postings()
	if err != nil {
		return err
	}
	if err := t.table(bMeta).put(kHorizon, key8(uint64(o.Before))); err != nil {
		return err
	}
	for index, expired := range o.Before.expired(t.View) {
		n, err := p.Prune(index, expired)
		if err != nil {
			return damaged(err)
		}
		if index != iTag {
			o.removed += n
		}
	}
	return nil
}

// hasExpired reports whether there are such documents, or the stored horizon is old.
func (x horizon) hasExpired(v View) (bool, error) {
	stored, err := v.horizon()
	if err != nil || x-stored >= horizonStep {
		return true, err
	}
	p, err := v.postings()
	if err != nil {
		return false, err
	}
	for index, expired := range x.expired(v) {
		if any, err := p.Prunable(index, expired); any || err != nil {
			return any, damaged(err)
		}
	}
	return false, nil
}

// expired returns for each index what reports whether a document has expired: a fingerprint by its time, a stem with the text of its
// item, a tag with its record. A key goes with its item and never before.
func (x horizon) expired(v View) []func(postings.Doc) (bool, error) {
	never := func(postings.Doc) (bool, error) { return false, nil }
	oldest := v.Oldest()
	all := []func(postings.Doc) (bool, error){
		iFingerprint: never,
		iStem:        func(d postings.Doc) (bool, error) { return v.textless(d.ID) },
		iKey:         never,
		iTag:         func(d postings.Doc) (bool, error) { return d.ID < oldest, nil },
	}
	if x != 0 {
		all[iFingerprint] = past(v, time.Unix(int64(x), 0))
	}
	return all
}

// past returns what reports whether a document is of an item that was published, and first seen, before that time.
func past(v View, before time.Time) func(postings.Doc) (bool, error) {
	var from uint64 // the number of the first item that was seen since; 0: not looked for yet
	return func(d postings.Doc) (bool, error) {
		if d.At >= minutes(before) {
			return false, nil
		}
		if from == 0 {
			var err error
			if from, err = v.firstSince(before); err != nil {
				return false, err
			}
		}
		return d.ID < from, nil
	}
}

// firstSince returns the lowest number from which on all items were first seen at that time or later.
func (v View) firstSince(at time.Time) (uint64, error) {
	low, high := uint64(1), v.memo.totals.number+1
	for low < high {
		middle := low + (high-low)/2
		n, later := middle, true // of numbers without an item the next one with one counts
		for ; n < high; n++ {
			it, found, err := v.current(n)
			if err != nil {
				return 0, err
			}
			if found {
				later = !it.FirstSeen.Before(at)
				break
			}
		}
		if later {
			high = middle
		} else {
			low = n + 1
		}
	}
	return low, nil
}

// textless reports whether retention has removed the text of an item.
func (v View) textless(number uint64) (bool, error) {
	day, err := v.departed(number)
	if err != nil || day == 0 {
		return false, err
	}
	return v.table(bExpiry).has(dayKey(expireKeys, day, number))
}

package store

import (
	"errors"
	"fmt"
	"iter"
	"time"

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
		r.Remember(v.memo.lookups)
		v.memo.postings = r
	}
	return v.memo.postings, nil
}

// newest yields the documents that have all of the terms, from one downwards, 0: from the newest, until cost postings were read.
func (v View) newest(index int, terms []uint64, from uint64, cost int) iter.Seq2[uint64, error] {
	return sequence(func(give func(uint64) error) error {
		p, err := v.postings()
		if err != nil {
			return err
		}
		for id, err := range p.Newest(index, terms, from, cost) {
			if err == nil {
				err = give(id)
			}
			if err != nil {
				return damaged(err)
			}
		}
		return nil
	})
}

// Lookups remembers what was looked up by terms and by keys in a view, for a later view or transaction, which looks only at what was added
// in between. The zero value is empty. It is used by one goroutine at a time.
type Lookups = postings.Lookups

// Remember has look-ups by terms and by keys take from l what was found before. A view puts there what it finds, a transaction does not.
// What is found is the same as without.
func (v View) Remember(l *Lookups) {
	v.memo.lookups = l
	if v.memo.postings != nil {
		v.memo.postings.Remember(l)
	}
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
			if expired[index] == nil {
				return false, nil
			}
			return expired[index](d)
		}
		w.Pages = t.memo.changes
		w.Remember(t.memo.lookups)
		t.writer, t.memo.postings = w, w.Reader
	}
	return t.writer, nil
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
// item, a tag with its record. A key goes with its item and never before: nil, as for fingerprints that are kept for ever.
func (x horizon) expired(v View) []func(postings.Doc) (bool, error) {
	oldest := v.Oldest()
	all := []func(postings.Doc) (bool, error){
		iStem: func(d postings.Doc) (bool, error) {
			h, err := v.header(d.ID)
			return h.erased, err
		},
		iKey: nil,
		iTag: func(d postings.Doc) (bool, error) { return d.ID < oldest, nil },
	}
	if x != 0 {
		all[iFingerprint] = past(v, time.Unix(int64(x), 0))
	}
	return all
}

// past returns what reports whether a document is of an item that was published before that time, and first seen before that day.
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

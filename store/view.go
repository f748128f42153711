package store

import (
	"bytes"
	"errors"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"dateline/aggregator/news"
)

// View is a consistent snapshot: of the whole store for a reader, of the transaction so far for a decision.
type View struct {
	s    *Store
	tx   *bbolt.Tx
	memo *memo
}

func (s *Store) view(tx *bbolt.Tx) View {
	return View{s: s, tx: tx, memo: &memo{blocks: map[uint64]*block{}, numbers: map[news.Key]uint64{}}}
}

// View gives read a snapshot. It returns what read returns, [ErrCorrupt], or [ErrReplaced] where the file was cut short.
func (s *Store) View(read func(View) error) error {
	if err := s.whole(); err != nil {
		return err
	}
	return s.guarded("read", func() error {
		return s.snapshot(func(tx *bbolt.Tx) error { return read(s.view(tx)) })
	})
}

// snapshot gives read a transaction of its own, on the file as it is now.
func (s *Store) snapshot(read func(*bbolt.Tx) error) error {
	for {
		db := s.db.Load()
		tx, err := db.Begin(false)
		if errors.Is(err, berrors.ErrDatabaseNotOpen) && s.db.Load() != db {
			continue // it was compacted in between
		}
		if err != nil {
			return err
		}
		defer tx.Rollback()
		return read(tx)
	}
}

// FeedID returns the atom:id of the merged feed, minted with the store; empty in one that waits for another's beginning.
func (v View) FeedID() string { return string(v.tx.Bucket(bMeta).Get(kFeed)) }

// Head returns the newest position of the log; 0: nothing has been published.
func (v View) Head() uint64 {
	k, _ := v.tx.Bucket(bLog).Cursor().Last()
	if k == nil {
		return 0
	}
	return num8(k)
}

// Seq returns how many updates have changed more than the states of sources, over the life of the store. It does not depend on how
// they shared transactions.
func (v View) Seq() uint64 {
	if b := v.tx.Bucket(bMeta).Get(kSeq); len(b) == 8 {
		return num8(b)
	}
	return 0
}

// Oldest returns the oldest position that the log still has; 0: it has none.
func (v View) Oldest() uint64 {
	k, _ := v.tx.Bucket(bLog).Cursor().First()
	if k == nil {
		return 0
	}
	return num8(k)
}

// Records yields the log from position from downwards; 0: from the head.
func (v View) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return func(yield func(news.LogRecord, error) bool) {
		c := v.tx.Bucket(bLog).Cursor()
		k, b := c.Last()
		if from > 0 {
			if k, b = c.Seek(key8(from)); k == nil || num8(k) > from {
				k, b = c.Prev()
			}
		}
		for ; k != nil; k, b = c.Prev() {
			number, rec, err := unpackLog(num8(k), b)
			found := false
			if err == nil {
				rec.Entry, found, err = v.keyOf(number)
			}
			if err == nil && !found {
				continue // forgotten; its page goes as a whole
			}
			v.memo.name(rec.Entry, number)
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// Window returns the items of the source's last good document, in its order.
func (v View) Window(source string) ([]news.Seen, error) {
	w, err := unpackWindow(v.tx.Bucket(bSource).Get(windowKey(source)))
	if err != nil {
		return nil, fmt.Errorf("source %s: window: %w", source, err)
	}
	out := make([]news.Seen, len(w))
	var keys blockKeys
	for i, s := range w {
		out[i].Sum = s.sum
		found := false
		if out[i].Item, found, err = keys.of(v, s.number); err != nil {
			return nil, fmt.Errorf("source %s: window: %w", source, err)
		}
		if found {
			v.memo.name(out[i].Item, s.number)
		}
	}
	return out, nil
}

// Item returns the current revision of the item named k.
func (v View) Item(k news.Key) (news.Item, bool, error) {
	n, found, err := v.numberOf(k)
	if err != nil || !found {
		return news.Item{}, false, err
	}
	return v.current(n)
}

// Revision returns revision n of the item named k, if it is kept.
func (v View) Revision(k news.Key, n int) (news.Item, bool, error) {
	number, found, err := v.numberOf(k)
	if err != nil || !found {
		return news.Item{}, false, err
	}
	return v.revision(number, n)
}

// Items yields the current revision of every item, the earliest first.
func (v View) Items() iter.Seq2[news.Item, error] {
	return func(yield func(news.Item, error) bool) {
		c := v.tx.Bucket(bItem).Cursor()
		for k, value := c.First(); len(k) == 9 && len(value) > 1; k, value = c.Next() {
			first := num8(k[1:])
			for i := range uint64(value[1]) {
				it, found, err := v.current(first + i)
				if !found && err == nil {
					continue
				}
				if !yield(it, err) || err != nil {
					return
				}
			}
		}
	}
}

// Entry returns the entry named k.
func (v View) Entry(k news.Key) (news.Entry, bool, error) {
	n, found, err := v.numberOf(k)
	if err != nil || !found {
		return news.Entry{}, false, err
	}
	b := v.entries().Get(key8(n))
	if b == nil {
		return news.Entry{}, false, nil
	}
	e, err := unpackEntry(k, b)
	if err != nil {
		return e, false, fmt.Errorf("entry %s: %w", k, err)
	}
	return e, true, nil
}

// entries returns the bucket of entries; a reader looks for it once.
func (v View) entries() *bbolt.Bucket {
	if v.tx.Writable() {
		return v.tx.Bucket(bEntry)
	}
	if v.memo.entries == nil {
		v.memo.entries = v.tx.Bucket(bEntry)
	}
	return v.memo.entries
}

func (v View) feed(hash uint64) (storedFeed, error) {
	var fr storedFeed
	b := v.tx.Bucket(bSource).Get(feedKey(hash))
	if b == nil {
		return fr, nil
	}
	return fr, v.s.codec.unpack(bytes.Clone(b), &fr)
}

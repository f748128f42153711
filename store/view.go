package store

import (
	"bytes"
	"cmp"
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

func (s *Store) view(tx *bbolt.Tx) (View, error) {
	all, err := readTotals(tx)
	return s.viewWith(tx, &memo{totals: all}), err
}

// viewWith returns a view that has totals and states in common with others of its transaction.
func (s *Store) viewWith(tx *bbolt.Tx, m *memo) View {
	return View{s: s, tx: tx, memo: &memo{totals: m.totals, states: m.states, blocks: map[uint64]*block{}, numbers: map[news.Key]uint64{},
		tables: map[string]table{}}}
}

// View gives read a snapshot. It returns what read returns, [ErrCorrupt], or [ErrReplaced] where the file was cut short.
func (s *Store) View(read func(View) error) error {
	if err := s.whole(); err != nil {
		return err
	}
	return s.guarded("read", func() error {
		return s.snapshot(read)
	})
}

// snapshot gives read a transaction of its own, on the file as it is now.
func (s *Store) snapshot(read func(View) error) error {
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
		v, err := s.view(tx)
		if err != nil {
			return err
		}
		return read(v)
	}
}

// FeedID returns the atom:id of the merged feed, minted with the store; empty in one that waits for another's beginning.
func (v View) FeedID() string { return v.memo.totals.feedID }

// Head returns the newest position of the log; 0: nothing has been published.
func (v View) Head() uint64 { return v.memo.totals.last }

// Seq returns how many updates have changed more than the states of sources, over the life of the store. It does not depend on how
// they shared transactions.
func (v View) Seq() uint64 { return v.memo.totals.seq }

// Oldest returns the oldest position that the log still has; 0: it has none.
func (v View) Oldest() uint64 { return v.memo.totals.first }

// Records yields the log from position from downwards; 0: from the head.
func (v View) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return func(yield func(news.LogRecord, error) bool) {
		pos := v.Head()
		if from > 0 {
			pos = min(pos, from)
		}
		c := v.table(bLog).cursor()
		k, b := c.below(key8(pos + 1))
		for ; pos > 0 && pos >= v.Oldest(); pos-- {
			number, rec, err := c.logRecord(pos, k, b)
			found := false
			if err == nil {
				rec.Entry, found, err = v.keyOf(number)
			}
			if err != nil {
				yield(rec, err)
				return
			}
			if found { // else it was forgotten; its page goes as a whole
				v.memo.name(rec.Entry, number)
				if !yield(rec, nil) {
					return
				}
			}
			k, b = c.prev()
		}
	}
}

// logRecord returns the record of the log at a position, where the cursor is to be: positions are dense.
func (c *cursor) logRecord(pos uint64, k, value []byte) (number uint64, rec news.LogRecord, err error) {
	switch want := key8(pos); {
	case c.err != nil:
		return 0, rec, c.err
	case !bytes.Equal(k, want):
		return 0, rec, c.damaged(want, "is missing")
	}
	return unpackLog(pos, value)
}

// atPosition returns the record of the log at a position, which must be one of its own.
func (v View) atPosition(pos uint64) (number uint64, rec news.LogRecord, err error) {
	c := v.table(bLog).cursor()
	k, value := c.seek(key8(pos))
	return c.logRecord(pos, k, value)
}

// window returns what is stored of the source's last good document.
func (v View) window(source string) ([]seen, error) {
	value, err := v.table(bSource).get(windowKey(source))
	if err != nil {
		return nil, err
	}
	w, err := unpackWindow(value)
	if err != nil {
		return nil, fmt.Errorf("source %s: window: %w", source, err)
	}
	return w, nil
}

// Window returns the items of the source's last good document, in its order.
func (v View) Window(source string) ([]news.Seen, error) {
	w, err := v.window(source)
	if err != nil {
		return nil, err
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
		c := v.table(bItem).cursor()
		rows := uint64(0)
		for k, value := c.first(); k != nil; k, value = c.next() {
			if rows++; len(k) != 9 || len(value) < 2 {
				continue // a later revision
			}
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
		if err := cmp.Or(c.err, c.complete(rows)); err != nil {
			yield(news.Item{}, err)
		}
	}
}

// Entry returns the entry named k.
func (v View) Entry(k news.Key) (news.Entry, bool, error) {
	n, found, err := v.numberOf(k)
	if err != nil || !found {
		return news.Entry{}, false, err
	}
	b, err := v.table(bEntry).get(key8(n))
	if b == nil {
		return news.Entry{}, false, err
	}
	e, err := unpackEntry(k, b)
	if err != nil {
		return e, false, fmt.Errorf("entry %s: %w", k, err)
	}
	return e, true, nil
}

func (v View) feed(hash uint64) (storedFeed, error) {
	var fr storedFeed
	b, err := v.table(bSource).get(feedKey(hash))
	if b == nil {
		return fr, err
	}
	return fr, v.s.codec.unpack(b, &fr)
}

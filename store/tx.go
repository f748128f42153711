package store

import (
	"errors"
	"time"

	"github.com/fxamacker/cbor/v2"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/store/boltfile"
	"dateline/store/postings"
)

// View is a consistent snapshot: of the whole store for a reader, of the transaction so far for a decision.
type View struct {
	s    *Store
	tx   *bbolt.Tx
	memo *memo
}

// memo remembers what a view has unpacked.
type memo struct {
	blocks   map[uint64]*block
	last     blockRow         // that was looked for last
	fresh    fresh            // of a transaction that writes
	postings *postings.Reader // nil: not asked for yet
	lookups  *Lookups         // nil: none is remembered
	states   *states          // nil: likewise; those of a Tx are its own copy
	numbers  map[news.Key]uint64
	totals   *totals
	changes  *boltfile.Changes // of the transaction; nil: it only reads
	tables   map[string]table
}

// memoBlocks and memoNumbers bound how many are remembered.
const (
	memoBlocks  = 64
	memoNumbers = 1 << 12
)

// remember puts what was read into a part of a memo, which begins anew where it has that many.
func remember[K comparable, T any](part map[K]T, most int, k K, is T) {
	if len(part) >= most {
		clear(part)
	}
	part[k] = is
}

// forget has a block be read again, which is changed.
func (m *memo) forget(first uint64) {
	delete(m.blocks, first)
	m.last = blockRow{}
}

func (s *Store) view(tx *bbolt.Tx) (View, error) {
	all, err := readTotals(tx)
	return s.viewWith(tx, &memo{totals: all}), err
}

// viewWith returns a view that has totals, states and changes in common with others of its transaction.
func (s *Store) viewWith(tx *bbolt.Tx, m *memo) View {
	return View{s: s, tx: tx, memo: &memo{totals: m.totals, states: m.states, changes: m.changes, blocks: map[uint64]*block{},
		numbers: map[news.Key]uint64{}, tables: map[string]table{}}}
}

// View gives read a snapshot. It returns what read returns, [ErrCorrupt], or [ErrReplaced] where the file was cut short.
func (s *Store) View(read func(View) error) error {
	if _, err := s.whole(); err != nil {
		return err
	}
	return s.guarded("read", func() error { return s.snapshot(read) })
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

// Seq returns how many updates have changed more than the states of sources, over the life of the store. It does not depend on how
// they shared transactions.
func (v View) Seq() uint64 { return v.memo.totals.seq }

// Tx is a transaction that changes the store. What is read from it is the store as the transaction has made it so far.
// It is used by one goroutine, and not after the function that it was given to has returned.
//
// Every change of items, entries, the log and what belongs to them is an op: plain data, and one function that makes the
// change. There is no other way to change them.
type Tx struct {
	View
	now    time.Time
	known  uint64            // the highest number that an item had before it
	began  bool              // it has made a change
	ops    []cbor.RawMessage // its changes, where they are asked for
	erased []news.Key        // items whose text they destroyed
	quiet  bool              // it changes nothing but states
	made   kinds             // what they changed
	err    error             // of the first that failed: nothing of the transaction may be kept
	tags   tagger
	writer *postings.Writer // nil: not asked for yet
}

// op is a change as plain data. What do changes depends on the op's fields, on the time of its transaction and on what the
// file holds; on nothing else.
type op interface {
	do(*Tx) error
}

func (s *Store) newTx(v View, now time.Time) *Tx {
	return &Tx{View: v, known: v.memo.totals.number, now: now.UTC().Truncate(time.Second), tags: v.tagger()}
}

// Update runs do in a transaction, which it may share with other updates. When Update returns nil all that do changed is on disk;
// when it returns an error, which is that of do or of a change that do made, nothing of it is. do may run more than once: when an update
// that shares the transaction fails, the others run again, each in one of its own. A panic of do is a [*PanicError]. now is the time of
// what do changes; the store reads no clock.
func (s *Store) Update(now time.Time, do func(*Tx) error) error {
	return s.submit(&job{now: now, updates: []func(*Tx) error{do}, done: make(chan error, 1)})
}

// Now returns the time that the transaction was given, in UTC, to the second.
func (t *Tx) Now() time.Time { return t.now }

// change makes a change, and keeps it where it is asked for. After one that failed no other is made, and the transaction fails
// with its error.
func (t *Tx) change(o op) error {
	return t.attempt(func() error { return t.make(o) })
}

func (t *Tx) attempt(do func() error) error {
	if t.err == nil {
		t.err = Recovered(do)
	}
	return t.err
}

func (t *Tx) make(o op) error {
	if t.quiet {
		return errNeedsTurn
	}
	if !t.began {
		t.began = true
		t.memo.totals.seq++
	}
	if err := o.do(t); err != nil {
		return err
	}
	t.made |= changedBy(o)
	if t.s.onWrites == nil && t.s.log == nil {
		return nil
	}
	t.erased = append(t.erased, erasedBy(o)...)
	packed, err := t.s.codec.packOp(o)
	t.ops = append(t.ops, packed)
	return err
}

// kinds is a set of what a transaction may change.
type kinds uint8

const (
	documents           kinds = 1 << iota // what documents are made of
	othersSubscriptions                   // subscriptions, and subscribers of our hub, by another process
)

func changedBy(o op) kinds {
	switch o.(type) {
	case *found, *putItem, *putEntry, *dropEntry, *appendLog, *erase, *expire, *forget, *dropLog, *putConfig:
		return documents
	case *putSubscription, *dropSubscription, *putSubscriber, *dropSubscriber:
		return othersSubscriptions
	}
	return 0
}

// wake notifies of what was committed.
func (s *Store) wake(made kinds) {
	if made&documents != 0 {
		s.watch.wake()
	}
	if made&othersSubscriptions != 0 {
		s.watchSubs.wake()
	}
}

// transact runs do in a transaction. Where do or the commit panics, the transaction stays open: [bbolt.DB.Update] would roll it back,
// and so read all pages of a damaged file in a goroutine of its own, whose panic ends the process.
func (s *Store) transact(do func(View) error) error {
	tx, err := s.db.Load().Begin(true)
	if err != nil {
		return err
	}
	s.unload(tx.Size())
	was := s.states.Load()
	next, err := s.change(tx, do)
	if err == nil {
		err = tx.Commit()
	} else {
		err = s.rollback(tx, err)
	}
	if err != nil { // what is in memory may not have been written
		s.postings.Reset()
		if s.log == nil { // else they are not in the file
			was = nil
		}
		s.states.Store(was)
		return err
	}
	s.keepStates(next)
	s.unfinished = true
	return nil
}

// unloadEvery is how much the file grows before its pages are unloaded, in bytes.
const unloadEvery = 8 << 20

// unload takes the pages of the file that were read, all before a size, out of the memory of the process, where the file has grown by much:
// of what is written only the newest is read again soon, and what is comes from the kernel's cache. The size is that of a transaction,
// since only what it has is mapped for certain; and only the writer maps the file anew.
func (s *Store) unload(size int64) {
	if grown := size - s.unloaded; grown >= unloadEvery {
		platform.Unload(s.db.Load().Info().Data, size)
	} else if grown >= 0 {
		return
	}
	s.unloaded = size // less than before: the file is another one
}

// rollback takes back a transaction that failed, and returns why. bbolt walks the file for that, and does not end where a page says that
// billions follow it: so the pages are walked before. Of a file with a damaged one the transaction stays open, and the engine is not
// entered again.
func (s *Store) rollback(tx *bbolt.Tx, why error) error {
	if err := corrupt(boltfile.Whole(s.file, s.length())); err != nil {
		s.lose(err)
		return errors.Join(err, why)
	}
	return errors.Join(why, tx.Rollback())
}

// change runs do, writes what the transaction keeps back, and returns the states as they are after it.
func (s *Store) change(tx *bbolt.Tx, do func(View) error) (*states, error) {
	v, err := s.view(tx)
	if err != nil {
		return nil, err
	}
	v.memo.changes = boltfile.NewChanges(s.file, s.pageSize, tx)
	base, err := v.states()
	if err != nil {
		return nil, err
	}
	next := *base
	next.tx, v.memo.states = tx.ID(), &next
	was := *v.memo.totals
	if err := do(v); err != nil {
		return nil, err
	}
	if *v.memo.totals != was {
		if err := v.memo.totals.put(tx); err != nil {
			return nil, err
		}
	}
	if err := v.memo.changes.Check(bPostings); err != nil {
		return nil, corrupt(err)
	}
	s.states.Store(&statesInMemory{current: base, next: &next}) // before a reader can see the transaction
	return &next, nil
}

// runAll runs the updates of a group one after the other. all are the Writes of those that are this file's own.
func (s *Store) runAll(v View, group []*job) (made kinds, all []Writes, err error) {
	for _, j := range group {
		for _, do := range j.updates {
			t := s.newTx(s.viewWith(v.tx, v.memo), j.now)
			err := Recovered(func() error { return do(t) })
			if err == nil {
				err = t.attempt(t.flush)
			}
			if err != nil {
				return 0, nil, err
			}
			if j.applied {
				made |= t.made
				continue
			}
			made |= t.made &^ othersSubscriptions
			if t.began {
				all = append(all, t.sum())
			}
		}
	}
	if s.onWrites == nil || len(all) == 0 {
		return made, all, nil
	}
	return made, all, s.onWrites(all)
}

var errUnknownItem = errors.New("no such item")

package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Writes is what one visit changes. The zero value changes nothing.
type Writes struct {
	State          *news.State        // of Source; nil: as before
	Source         string             // id of the source visited
	Window         []news.Seen        // the items of its last good document; nil: as before
	Items          []news.Item        // new ones, and new revisions of known ones
	Entries        []news.Entry       // new or changed; positions are filled in by the store
	IdentityKeys   []KeyedItem        // laid by new items, or added to known ones
	Fingerprints   []news.Fingerprint // of the items among Items whose text is new: what they are recognised by
	Stems          []news.Fingerprint // likewise: what they are searched for by
	Rules          []news.Rule        // in place of those of their items
	Dropped        []news.Key         // entries that were never published and are part of others now
	Erase          []Erasure          // items of which no text is kept, after all else is written
	Log            []news.LogRecord   // in order; Pos, At and Updated are filled in by the store
	InitialSources []string           // ids of the sources that the store begins with; heeded once, in the first commit that has it not nil
	Now            time.Time          // of the visit
}

// Erasure names an item whose text is destroyed, and what it is recognised by besides its key.
type Erasure struct {
	Item         news.Key
	IdentityKeys []news.IdentityKey
}

// KeyedItem is an identity key and the item that has it.
type KeyedItem struct {
	Key  news.IdentityKey
	Item news.Key
}

// Decide looks at the store and says what to write. It is pure: it may run more than once, each time on
// the state that the writes will be applied to.
type Decide func(View) (Writes, error)

type job struct {
	now  time.Time
	do   func(*Tx) error
	done chan error
}

// maxGroup bounds what one transaction records.
const maxGroup = 24

// ExpectCommit tells that a commit is coming, so that those before it may wait for it (no longer than
// Options.MaxBatchDelay). The returned function takes it back; Commit by itself does not.
func (s *Store) ExpectCommit() (done func()) {
	s.mu.Lock()
	s.coming++
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		s.coming--
		close(s.moved)
		s.moved = make(chan struct{})
		s.mu.Unlock()
	}
}

// Update runs do in a transaction, which it may share with other updates. When Update returns nil all that do changed is on disk;
// when it returns an error, which is that of do or of a change that do made, nothing of it is. do may run more than once: when an update
// that shares the transaction fails, the others run again, each in one of its own. A panic of do is a [*PanicError]. now is the time of
// what do changes; the store reads no clock.
func (s *Store) Update(now time.Time, do func(*Tx) error) error {
	if s.ReadOnly() {
		return ErrReadOnly
	}
	j := &job{now: now, do: do, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
		return s.outcome(j.done)
	case <-s.gone:
		return s.whyLost()
	case <-s.quit:
		return ErrClosed
	}
}

// Commit runs decide and applies what it returns, in one transaction that it may share with other
// commits. When Commit returns nil all of it is on disk; when it returns an error none of it is. A panic of
// decide is a [*PanicError].
func (s *Store) Commit(decide Decide) error {
	return s.Update(time.Time{}, func(t *Tx) error {
		w, err := decide(t.View)
		if err != nil {
			return err
		}
		t.now = w.Now.UTC().Truncate(time.Second)
		if err := t.apply(w); err != nil {
			return fmt.Errorf("source %s: %w", w.Source, err)
		}
		return nil
	})
}

// outcome waits for what the writer sends, or for the file to be lost: the writer may be stuck in it then.
func (s *Store) outcome(done <-chan error) error {
	select {
	case err := <-done:
		return err
	case <-s.gone:
		return s.whyLost()
	}
}

// write is the one writer (aggregator/notes/why-group-commit.md). It takes a commit, lets those that are about to arrive join it, and records
// them together.
func (s *Store) write() {
	defer close(s.ended)
	for {
		select {
		case j := <-s.jobs:
			s.commitGroup(s.gather(j))
		case do := <-s.exclusiveJobs:
			do()
		case <-s.quit:
			s.finish()
			return
		}
	}
}

// finish folds the rows of visits and writes the list of free pages. bbolt would write that list with every commit, 8 bytes a free
// page, of which there are thousands after segments were merged: more than all else that a 304 writes. Without it the next Open
// walks the file, which after a kill takes 0.05 s of CPU at 100,000 items and grows with them. What fails here is no loss.
func (s *Store) finish() {
	if !s.unfinished || s.Intact() != nil {
		return
	}
	_ = s.guarded(opCommit, s.foldAll)
}

// transact runs do in a transaction. Where do or the commit panics, the transaction stays open: [bbolt.DB.Update] would roll it back,
// and so read all pages of a damaged file in a goroutine of its own, whose panic ends the process.
func transact(db *bbolt.DB, do func(*bbolt.Tx) error) error {
	tx, err := db.Begin(true)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// foldAll folds the rows of visits in a transaction that writes the free list.
func (s *Store) foldAll() error {
	db := s.db.Load()
	db.NoFreelistSync = false
	defer func() { db.NoFreelistSync = true }()
	err := transact(db, func(tx *bbolt.Tx) error {
		_, next, err := s.nextStates(tx)
		if err != nil {
			return err
		}
		return s.fold(tx, next)
	})
	s.states.Store(nil) // the next commit reads them
	return err
}

// exclusive runs do while no commit runs; commits wait.
func (s *Store) exclusive(op string, do func() error) error {
	if s.ReadOnly() { // so nobody commits
		return s.guarded(op, do)
	}
	done := make(chan error, 1)
	select {
	case s.exclusiveJobs <- func() { done <- s.guarded(op, do) }:
		return s.outcome(done)
	case <-s.gone:
		return s.whyLost()
	case <-s.quit:
		return ErrClosed
	}
}

func (s *Store) gather(first *job) []*job {
	group := []*job{first}
	limit := time.NewTimer(s.maxBatchDelay)
	defer limit.Stop()
	for len(group) < maxGroup {
		s.mu.Lock()
		coming, moved := s.coming, s.moved
		s.mu.Unlock()
		if coming <= len(group) {
			return s.drain(group)
		}
		select {
		case j := <-s.jobs:
			group = append(group, j)
		case <-moved:
		case <-limit.C:
			return s.drain(group)
		case <-s.quit:
			return s.drain(group)
		}
	}
	return group
}

// drain takes what is already waiting.
func (s *Store) drain(group []*job) []*job {
	for len(group) < maxGroup {
		select {
		case j := <-s.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commitGroup commits the group together and, if that fails, each one alone, so that one bad update takes none
// of its neighbours with it.
func (s *Store) commitGroup(group []*job) {
	visible, err := s.runGroup(group)
	if err != nil && len(group) > 1 {
		for _, j := range group {
			s.commitGroup([]*job{j})
		}
		return
	}
	for _, j := range group {
		j.done <- err
	}
	if visible && err == nil {
		s.watch.wake()
	}
}

// runGroup runs the group in one transaction; visible says that what documents are made of was changed.
func (s *Store) runGroup(group []*job) (visible bool, err error) {
	if err := s.Intact(); err != nil {
		return false, err
	}
	var changed *states
	err = s.guarded(opCommit, func() error {
		return transact(s.db.Load(), func(tx *bbolt.Tx) error {
			base, next, err := s.nextStates(tx)
			if err != nil {
				return err
			}
			if next.rows >= max(foldRows, uint64(next.sources)) {
				if err := s.fold(tx, next); err != nil {
					return err
				}
			}
			for _, j := range group {
				v := s.view(tx)
				v.memo.states = next
				t := s.newTx(v, j.now)
				err := cmp.Or(Recovered(func() error { return j.do(t) }), t.end())
				if err != nil {
					return err
				}
				visible = visible || t.visible
			}
			changed = next
			changed.own = nil
			s.states.Store(&statesInMemory{current: base, next: changed}) // before a reader can see the transaction
			return nil
		})
	})
	if err != nil { // what is in memory may not have been written
		s.postings.Reset()
		s.states.Store(nil)
		return visible, err
	}
	s.states.Store(&statesInMemory{current: changed})
	s.unfinished = true
	return visible, nil
}

// apply writes w. The order matters: an entry's number is that of its item, and an identity key's numbers too.
func (t *Tx) apply(w Writes) error {
	if w.State != nil {
		if err := t.PutState(w.Source, *w.State); err != nil {
			return err
		}
	}
	for _, it := range w.Items {
		if _, err := t.PutItem(it); err != nil {
			return err
		}
	}
	for _, c := range w.IdentityKeys {
		if err := t.AddKeys(c.Item, c.Key); err != nil {
			return err
		}
	}
	for _, f := range w.Fingerprints {
		if err := t.AddTerms(Terms{Item: f.Item, Source: w.Source, At: f.At, Fingerprint: f.Terms}); err != nil {
			return err
		}
	}
	for _, f := range w.Stems {
		if err := t.AddTerms(Terms{Item: f.Item, Source: w.Source, At: f.At, Stems: f.Terms}); err != nil {
			return err
		}
	}
	if err := t.publish(w); err != nil {
		return err
	}
	for _, r := range w.Rules {
		if err := t.PutRule(r); err != nil {
			return err
		}
	}
	if err := t.Erase(w.Erase...); err != nil {
		return err
	}
	if w.Window != nil {
		if err := t.PutWindow(w.Source, w.Window); err != nil {
			return err
		}
	}
	return t.PutInitialSources(w.InitialSources)
}

// publish puts the entries and gives each record the next position of the log.
func (t *Tx) publish(w Writes) error {
	for _, k := range w.Dropped {
		if err := t.DropEntry(k); err != nil {
			return err
		}
	}
	entries := slices.Clone(w.Entries)
	logged := map[news.Key]bool{}
	for _, rec := range w.Log {
		at := slices.IndexFunc(entries, func(e news.Entry) bool { return e.Key == rec.Entry })
		if at < 0 {
			return fmt.Errorf("log: entry %s is not among those written", rec.Entry)
		}
		var err error
		if entries[at], err = t.AppendLog(rec.Kind, entries[at]); err != nil {
			return err
		}
		logged[rec.Entry] = true
	}
	for _, e := range entries {
		if logged[e.Key] {
			continue
		}
		if err := t.PutEntry(e); err != nil {
			return err
		}
	}
	return nil
}

var errUnknownItem = errors.New("no such item")

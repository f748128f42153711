package store

import (
	"errors"
	"time"

	"go.etcd.io/bbolt"
)

type job struct {
	now    time.Time
	do     func(*Tx) error
	writes []Writes // to be applied, where do is nil
	done   chan error
}

// updates returns what the job does, each in a transaction of its own as far as they can tell.
func (j *job) updates() []func(*Tx) error {
	if j.do != nil {
		return []func(*Tx) error{j.do}
	}
	all := make([]func(*Tx) error, len(j.writes))
	for i, w := range j.writes {
		all[i] = func(t *Tx) error { return t.apply(w) }
	}
	return all
}

// maxGroup bounds what one transaction records.
const maxGroup = 24

// ExpectCommit tells that a commit is coming, so that those before it may wait for it (no longer than
// Options.MaxBatchDelay). The returned function takes it back; Update by itself does not.
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
	return s.submit(&job{now: now, do: do, done: make(chan error, 1)})
}

// submit has the writer run a job, and waits for its end.
func (s *Store) submit(j *job) error {
	if s.ReadOnly() {
		return ErrReadOnly
	}
	select {
	case s.jobs <- j:
		return s.outcome(j.done)
	case <-s.gone:
		return s.whyLost()
	case <-s.quit:
		return ErrClosed
	}
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
// walks the file, which after a kill takes 0.4 s of CPU at 100,000 items and grows with them. What fails here is no loss.
func (s *Store) finish() {
	if !s.unfinished || s.Intact() != nil {
		return
	}
	_ = s.guarded(opCommit, s.foldAll)
}

// transact runs do in a transaction. Where do or the commit panics, the transaction stays open: [bbolt.DB.Update] would roll it back,
// and so read all pages of a damaged file in a goroutine of its own, whose panic ends the process.
func (s *Store) transact(do func(View) error) error {
	tx, err := s.db.Load().Begin(true)
	if err != nil {
		return err
	}
	next, err := s.change(tx, do)
	if err == nil {
		err = tx.Commit()
	} else {
		err = errors.Join(err, tx.Rollback())
	}
	if err != nil { // what is in memory may not have been written
		s.postings.Reset()
		s.states.Store(nil)
		return err
	}
	s.states.Store(&statesInMemory{current: next})
	s.unfinished = true
	return nil
}

// change runs do, writes what the transaction keeps back, and returns the states as they are after it.
func (s *Store) change(tx *bbolt.Tx, do func(View) error) (*states, error) {
	v, err := s.view(tx)
	if err != nil {
		return nil, err
	}
	base, next, err := v.nextStates()
	if err != nil {
		return nil, err
	}
	v.memo.states = next
	was := *v.memo.totals
	if err := do(v); err != nil {
		return nil, err
	}
	if *v.memo.totals != was {
		if err := v.memo.totals.put(tx); err != nil {
			return nil, err
		}
	}
	next.own = nil
	s.states.Store(&statesInMemory{current: base, next: next}) // before a reader can see the transaction
	return next, nil
}

// foldAll folds the rows of visits in a transaction that writes the free list.
func (s *Store) foldAll() error {
	db := s.db.Load()
	db.NoFreelistSync = false
	defer func() { db.NoFreelistSync = true }()
	return s.transact(func(v View) error { return s.newTx(v, time.Time{}).fold() })
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
	err = s.guarded(opCommit, func() error {
		return s.transact(func(v View) error {
			if st := v.memo.states; st.rows >= max(foldRows, uint64(st.sources)) {
				if err := s.newTx(v, time.Time{}).fold(); err != nil {
					return err
				}
			}
			if visible, err = s.runAll(v, group); err != nil {
				return err
			}
			return nil
		})
	})
	return visible, err
}

// runAll runs the updates of a group one after the other.
func (s *Store) runAll(v View, group []*job) (visible bool, err error) {
	var all []Writes
	for _, j := range group {
		for _, do := range j.updates() {
			t := s.newTx(s.viewWith(v.tx, v.memo), j.now)
			if err := Recovered(func() error { return do(t) }); err != nil {
				return false, err
			}
			if err := t.end(); err != nil {
				return false, err
			}
			visible = visible || t.visible
			if t.began && j.do != nil {
				all = append(all, t.sum())
			}
		}
	}
	if s.onWrites == nil || len(all) == 0 {
		return visible, nil
	}
	return visible, s.onWrites(all)
}

var errUnknownItem = errors.New("no such item")

package store

import (
	"errors"
	"time"

	"dateline/aggregator/platform"
)

type job struct {
	now     time.Time
	updates []func(*Tx) error // each in a transaction of its own as they see it
	applied bool              // they are Writes of another file
	quiet   bool              // they probably change nothing but states, which the log keeps
	done    chan error
}

// maxGroup bounds what one transaction records.
const maxGroup = 24

// ExpectCommit says that a commit is coming, so that those before it may wait for it (no longer than
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

// submit has the writer run a job, and waits for its end.
func (s *Store) submit(j *job) error {
	if s.ReadOnly() {
		return ErrReadOnly
	}
	return hand(s, s.jobs, j, j.done)
}

// hand gives the writer something to do, and waits for what it sends, or for the file to be lost: the writer may be stuck in it then.
func hand[T any](s *Store, to chan<- T, what T, done <-chan error) error {
	select {
	case to <- what:
	case <-s.gone:
		return *s.lost.Load()
	case <-s.quit:
		return ErrClosed
	}
	select {
	case err := <-done:
		return err
	case <-s.gone:
		return *s.lost.Load()
	}
}

// write is the one writer (aggregator/notes/why-group-commit.md). It takes a commit, lets those that are about to arrive join it, and
// records them together.
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
// walks the file, which after a kill takes some 0.2 s of CPU at 100,000 items and grows with them. What fails here is no loss.
func (s *Store) finish() {
	if !s.unfinished || s.Intact() != nil {
		return
	}
	_ = s.guarded(opCommit, s.foldAll)
	if s.log != nil {
		_ = s.guarded(opCommit, s.unfoldStates)
	}
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
	if s.ReadOnly() { // so there is no commit
		return s.guarded(op, do)
	}
	done := make(chan error, 1)
	return hand(s, s.exclusiveJobs, func() { done <- s.guarded(op, do) }, done)
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
			break
		}
		select {
		case j := <-s.jobs:
			group = append(group, j)
			continue
		case <-moved:
			continue
		case <-limit.C:
		case <-s.quit:
		}
		break
	}
	return s.drain(group)
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

// lostTurns is how often a group is run again whose turn at the log was lost, or whose states others have changed.
const lostTurns = 2

// commitGroup commits the group together and, if that fails, each one alone, so that one bad update takes none
// of its neighbours with it.
func (s *Store) commitGroup(group []*job) {
	made, err := s.runGroup(group)
	for range lostTurns {
		switch {
		case errors.Is(err, ErrStatesMoved):
			if err = s.takeStates(); err == nil {
				made, err = s.runGroup(group)
			}
		case errors.Is(err, ErrTurnLost):
			made, err = s.runGroup(group)
		}
	}
	if full := platform.IsDiskFull(err); full || err == nil {
		s.full.Store(full)
	}
	var away *LogError
	if err != nil && len(group) > 1 && !errors.As(err, &away) {
		for _, j := range group {
			s.commitGroup([]*job{j})
		}
		return
	}
	for _, j := range group {
		j.done <- err
	}
	if err == nil {
		s.wake(made)
	}
}

// runGroup runs the group in one transaction, and returns what it changed.
func (s *Store) runGroup(group []*job) (made kinds, err error) {
	if err := s.Intact(); err != nil {
		return 0, err
	}
	err = s.guarded(opCommit, func() error {
		if s.log != nil {
			made, err = s.runOrdered(group)
			return err
		}
		return s.transact(func(v View) error {
			if st := v.memo.states; st.rows >= max(foldRows, uint64(st.sources)) {
				if err := s.newTx(v, time.Time{}).fold(); err != nil {
					return err
				}
			}
			made, _, err = s.runAll(v, group)
			return err
		})
	})
	return made, err
}

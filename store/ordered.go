package store

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Log orders the updates of several files that hold the same, and keeps the states of sources for all of them. Its methods are called by
// one goroutine at a time.
type Log interface {
	// Join is called first, with the feed id and the number of the newest Writes of the file, and has an empty log begin with that file:
	// then it returns true. It returns an error where the file has not the same history as the log. Where that cannot be reached the
	// error wraps [ErrLogAway], and Join is called again before all else.
	Join(feedID string, seq uint64) (founded bool, err error)
	// ID returns what distinguishes the log from every other.
	ID() (string, error)
	// Read returns the Writes after number seq, the earliest first, as many at a time as it likes; none: there are no more.
	Read(seq uint64) ([]Writes, error)
	// Begin waits for the turn of a file that has the Writes up to seq. Its error wraps [ErrBehind] where it has to read first.
	Begin(seq uint64) (Turn, error)
	// PutStates records states that came with no Writes. Where one of them is refused none is recorded. An error that wraps
	// [ErrStatesMoved] has the update run again.
	PutStates(states []SourceState) error
	// Format returns the newest version of [Writes] that all read who follow the log.
	Format() uint64
	// States returns the states that were recorded since the last call; it may return older ones too.
	States() ([]SourceState, error)
}

// Turn is the right to append to a [Log], which one file has at a time.
type Turn interface {
	// Missed returns what was appended after the Writes that the turn was begun with.
	Missed() []Writes
	// Append appends to the log and ends the turn. After an error nothing was appended, or [Log.Read] returns it later. An error that
	// wraps [ErrTurnLost] or [ErrStatesMoved] has the update run again.
	Append(feedID string, all []Writes, states []SourceState) error
	// End ends the turn. After Append it does nothing.
	End()
}

// SourceState is what is remembered of a source, as a [Log] keeps it.
type SourceState struct {
	Source string
	Due    time.Time // of the next visit
	State  []byte    // nil: the source was forgotten
}

// ErrTurnLost is returned by a [Turn] that had ended before: nothing was appended.
var ErrTurnLost = errors.New("store: the turn at the log was lost")

// ErrLogAway is returned by a [Log] that cannot be reached. A file that has begun is opened nevertheless: it follows the log later.
var ErrLogAway = errors.New("store: the log cannot be reached")

// ErrStatesMoved is returned by a [Log] where the states that are to be replaced are not those that it returned last: nothing was recorded.
var ErrStatesMoved = errors.New("store: the states of sources have changed at the log")

// ErrBehind is returned by [Log.Begin] where too much was appended for others to wait while it is applied.
var ErrBehind = errors.New("store: too far behind for a turn at the log")

// LogError is returned where a [Log] gave no turn, or took no states: nothing has changed.
type LogError struct{ Err error }

func (e *LogError) Error() string { return fmt.Sprintf("store: the log: %v", e.Err) }

// Unwrap returns the error of the log.
func (e *LogError) Unwrap() error { return e.Err }

// errNeedsTurn is that of a change in an update that was to change nothing but states.
var errNeedsTurn = errors.New("store: it changes more than states")

// UpdateStates is [Store.Update] for what probably changes nothing but the states of sources. With a [Log] it waits for no turn then. do
// may run once more.
func (s *Store) UpdateStates(now time.Time, do func(*Tx) error) error {
	return s.submit(&job{now: now, updates: []func(*Tx) error{do}, quiet: s.log != nil, done: make(chan error, 1)})
}

// CatchUp makes the changes that others appended to the log of the store, and takes the states that they recorded. It returns a
// [*DivergedError] where this file has another history, a [*LogError], [ErrNewer], [ErrCorrupt] or the error of a change. What was done
// before stays done. Of a store without a log it does nothing.
func (s *Store) CatchUp() error {
	if s.log == nil {
		return nil
	}
	return s.exclusive(opCommit, func() error {
		if err := s.join(); err != nil {
			return err
		}
		if err := s.catchUp(); err != nil {
			return err
		}
		return s.takeStates()
	})
}

// join has the log of the store order its updates from now on, once. The states that it keeps take the place of those in the file, unless
// it begins with the file.
func (s *Store) join() error {
	if s.joined {
		return nil
	}
	var feedID string
	var seq uint64
	var all []SourceState
	err := s.snapshot(func(v View) error {
		feedID, seq = v.FeedID(), v.Seq()
		states, err := v.states()
		if err != nil {
			return err
		}
		all, err = v.sourceStates(states)
		return err
	})
	if err != nil {
		return err
	}
	founded, err := s.log.Join(feedID, seq)
	if err != nil {
		return &LogError{err}
	}
	if err := s.noteLog(founded || feedID == "", seq); err != nil {
		return err
	}
	if founded {
		err = s.putStates(all)
	} else {
		s.states.Store(&statesInMemory{current: &states{db: s.db.Load()}})
	}
	s.joined = err == nil
	return err
}

// noteLog notes which log the file follows. Unless it is new to a log it must have followed this one last: what it did alone, or by
// another, is not in the log, though the numbers may be the same.
func (s *Store) noteLog(fresh bool, seq uint64) error {
	id, err := s.log.ID()
	if err != nil {
		return &LogError{err}
	}
	was, err := s.followed()
	switch {
	case err != nil || was == id:
		return err
	case !fresh:
		return &DivergedError{seq, "the file was used alone meanwhile, or with another log"}
	}
	return s.transact(func(v View) error { return v.table(bMeta).put(kLog, []byte(id)) })
}

// followed returns the id of the log that the file follows; empty: none.
func (s *Store) followed() (id string, err error) {
	err = s.snapshot(func(v View) error {
		b, err := v.table(bMeta).get(kLog)
		id = string(b)
		return err
	})
	return id, err
}

// leave has the file of a store without a log follow none: it is used alone.
func (s *Store) leave() error {
	if s.log != nil {
		return nil
	}
	if id, err := s.followed(); err != nil || id == "" {
		return err
	}
	return s.transact(func(v View) error { return v.table(bMeta).delete(kLog) })
}

// sourceStates returns states as a log is given them.
func (v View) sourceStates(of *states) (all []SourceState, err error) {
	for _, part := range of.parts {
		for source, packed := range part {
			st, err := v.unpackState(source, packed)
			if err != nil {
				return nil, err
			}
			all = append(all, SourceState{source, st.Due, packed})
		}
	}
	return all, nil
}

// catchUp makes the changes that others appended.
func (s *Store) catchUp() error {
	for {
		seq, err := s.seq()
		if err != nil {
			return err
		}
		all, err := s.log.Read(seq)
		if err != nil {
			return &LogError{err}
		}
		if len(all) == 0 {
			return nil
		}
		var made kinds
		err = s.transact(func(v View) (err error) {
			made, _, err = s.runAll(v, []*job{applying(all)})
			return err
		})
		if err != nil {
			return err
		}
		s.wake(made)
	}
}

// seq returns the number of the newest Writes of the file.
func (s *Store) seq() (seq uint64, err error) {
	err = s.snapshot(func(v View) error {
		seq = v.Seq()
		return nil
	})
	return seq, err
}

// takeStates puts into memory the states that others recorded.
func (s *Store) takeStates() error {
	all, err := s.log.States()
	if err != nil {
		return &LogError{err}
	}
	if len(all) == 0 {
		return nil
	}
	return s.snapshot(func(v View) error {
		base, err := v.states()
		if err != nil {
			return err
		}
		next := *base
		for _, st := range all {
			next.set(st.Source, st.State)
		}
		s.keepStates(&next)
		return nil
	})
}

// keepStates makes states those of every view.
func (s *Store) keepStates(next *states) {
	next.puts = nil
	s.states.Store(&statesInMemory{current: next})
}

// runOrdered runs the updates of a group in one transaction, in the turn of this file, or without one where they change nothing but
// states. What others appended meanwhile comes first.
func (s *Store) runOrdered(group []*job) (made kinds, err error) {
	if err := s.join(); err != nil {
		return 0, err
	}
	if isQuiet(group) {
		if err := s.runQuiet(group); !errors.Is(err, errNeedsTurn) {
			return 0, err
		}
	}
	turn, err := s.takeTurn()
	if err != nil {
		return 0, err
	}
	defer turn.End()
	all := append([]*job{applying(turn.Missed())}, group...)
	err = s.transact(func(v View) (err error) {
		var writes []Writes
		if made, writes, err = s.runAll(v, all); err != nil {
			return err
		}
		states := v.memo.states.recorded()
		if len(writes) > 0 {
			return turn.Append(v.FeedID(), writes, states)
		}
		turn.End()
		return s.putStates(states)
	})
	return made, err
}

// takeTurn waits for the turn of this file.
func (s *Store) takeTurn() (Turn, error) {
	for {
		seq, err := s.seq()
		if err != nil {
			return nil, err
		}
		turn, err := s.log.Begin(seq)
		switch {
		case err == nil:
			return turn, nil
		case !errors.Is(err, ErrBehind):
			return nil, &LogError{err}
		}
		if err := s.catchUp(); err != nil {
			return nil, err
		}
	}
}

func isQuiet(group []*job) bool {
	for _, j := range group {
		if !j.quiet {
			return false
		}
	}
	return true
}

// runQuiet runs updates that change nothing but states, which are not in the file. It returns [errNeedsTurn] where one changes more.
func (s *Store) runQuiet(group []*job) error {
	return s.snapshot(func(v View) error {
		base, err := v.states()
		if err != nil {
			return err
		}
		next := *base
		v.memo.states = &next
		for _, j := range group {
			t := s.newTx(s.viewWith(v.tx, v.memo), j.now)
			t.quiet = true
			if err := Recovered(func() error { return j.updates[0](t) }); err != nil || t.err != nil {
				return cmp.Or(err, t.err)
			}
		}
		if err := s.putStates(next.recorded()); err != nil {
			return err
		}
		s.keepStates(&next)
		return nil
	})
}

// putStates has the log keep states, if there are any.
func (s *Store) putStates(all []SourceState) error {
	if len(all) == 0 {
		return nil
	}
	return s.log.PutStates(all)
}

// unfoldStates writes all states to the file, as they are in memory: without its log the store goes on from them.
func (s *Store) unfoldStates() error {
	return s.transact(func(v View) error {
		st, err := v.states()
		if err != nil {
			return err
		}
		to := v.table(bSource)
		for _, part := range st.parts {
			for source, packed := range part {
				if err := to.put([]byte(source), packed); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

package store

import (
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

	pruned bool // items were changed by pruning
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
	decide Decide
	done   chan error
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

// Commit runs decide and applies what it returns, in one transaction that it may share with other
// commits. When Commit returns nil all of it is on disk; when it returns an error none of it is. A panic of
// decide is a [*PanicError].
func (s *Store) Commit(decide Decide) error {
	if s.ReadOnly() {
		return ErrReadOnly
	}
	j := &job{decide: decide, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
		return s.outcome(j.done)
	case <-s.gone:
		return s.replaced()
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
		return s.replaced()
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
			return
		}
	}
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
		return s.replaced()
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

// commitGroup commits the group together and, if that fails, each one alone, so that one bad visit takes none
// of its neighbours with it.
func (s *Store) commitGroup(group []*job) {
	news, err := s.update(group)
	if err != nil && len(group) > 1 {
		for _, j := range group {
			s.commitGroup([]*job{j})
		}
		return
	}
	for _, j := range group {
		j.done <- err
	}
	if news && err == nil {
		s.watch.wake()
	}
}

// update runs the group in one transaction; news says that items or entries were written.
func (s *Store) update(group []*job) (news bool, err error) {
	if err := s.Intact(); err != nil {
		return false, err
	}
	err = s.guarded("commit", func() error {
		return s.db.Load().Update(func(tx *bbolt.Tx) error {
			for _, j := range group {
				v := s.view(tx)
				var w Writes
				// A panic of the decision is kept apart from one of the engine below, which means a damaged file.
				err := Recovered(func() (err error) { w, err = j.decide(v); return err })
				if err != nil {
					return err
				}
				if err := v.apply(w); err != nil {
					return fmt.Errorf("source %s: %w", w.Source, err)
				}
				news = news || w.pruned || len(w.Items)+len(w.Entries)+len(w.Erase) > 0
			}
			return nil
		})
	})
	if err != nil {
		s.postings.Reset() // it may hold what was not written
	}
	return news, err
}

// apply writes w. The order matters: an entry's number is that of its item, and an identity key's numbers too.
func (v View) apply(w Writes) error {
	departed, returned, err := v.departuresAndReturns(w)
	if err != nil {
		return err
	}
	if err := v.putItems(w.Items); err != nil {
		return err
	}
	for _, c := range w.IdentityKeys {
		if err := v.putIdentityKey(c); err != nil {
			return err
		}
	}
	if err := v.addPostings(w); err != nil {
		return err
	}
	if err := v.publish(w); err != nil {
		return err
	}
	if err := v.putRules(w.Rules); err != nil {
		return err
	}
	if err := v.eraseAll(w.Erase); err != nil {
		return err
	}
	if w.Window != nil {
		if err := v.putWindow(w.Source, w.Window); err != nil {
			return err
		}
	}
	if err := v.putDeparturesAndReturns(departed, returned, dayOf(w.Now)); err != nil {
		return err
	}
	if err := v.putInitialSources(w.InitialSources); err != nil {
		return err
	}
	if w.State == nil {
		return nil
	}
	return v.putState(w.Source, *w.State)
}

// publish puts the entries and gives each record the next position of the log.
func (v View) publish(w Writes) error {
	if err := v.dropEntries(w.Dropped); err != nil {
		return err
	}
	entries := slices.Clone(w.Entries)
	head := v.Head()
	for i, rec := range w.Log {
		rec.Pos, rec.At = head+1+uint64(i), w.Now
		at := slices.IndexFunc(entries, func(e news.Entry) bool { return e.Key == rec.Entry })
		if at < 0 {
			return fmt.Errorf("log: entry %s is not among those written", rec.Entry)
		}
		e := &entries[at]
		if e.First == 0 {
			e.First = rec.Pos
		}
		e.Last, e.Revision = rec.Pos, rec.Revision
		rec.Updated = e.Updated
		number, err := v.mustNumber(rec.Entry)
		if err != nil {
			return err
		}
		b := v.tx.Bucket(bLog)
		b.FillPercent = 1 // positions only grow
		if err := b.Put(key8(rec.Pos), packLog(number, rec)); err != nil {
			return err
		}
	}
	if err := v.putTags(w, entries, head+1); err != nil {
		return err
	}
	for _, e := range entries {
		if err := v.putEntry(e); err != nil {
			return err
		}
	}
	return nil
}

var errUnknownItem = errors.New("no such item")

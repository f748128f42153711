package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// memoryLog is a log in memory, in place of PostgreSQL.
type memoryLog struct {
	turn   chan struct{} // holds a value while a file has the turn
	mu     sync.Mutex
	feedID string
	first  uint64   // the number of the Writes before the log
	rows   [][]byte // Writes, in order
	states map[string]SourceState
	begun  int   // turns
	fail   error // of the next append
	kept   bool  // though it fails, the log has it
}

func newMemoryLog() *memoryLog {
	return &memoryLog{turn: make(chan struct{}, 1), states: map[string]SourceState{}}
}

func (l *memoryLog) Join(feedID string, seq uint64) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.feedID == "" && feedID != "":
		l.feedID, l.first = feedID, seq
		return true, nil
	case feedID != "" && feedID != l.feedID:
		return false, errors.New("another feed")
	}
	return false, nil
}

func (l *memoryLog) ID() (string, error) { return fmt.Sprintf("%p", l), nil }

func (l *memoryLog) Read(seq uint64) (all []Writes, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, row := range l.rows[seq-l.first:] {
		w, err := ParseWrites(row)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

func (l *memoryLog) Begin(seq uint64) (Turn, error) {
	l.turn <- struct{}{}
	missed, err := l.Read(seq)
	l.begun++
	t := &memoryTurn{l: l, missed: missed}
	if err == nil && len(missed) > 5 {
		err = ErrBehind
	}
	if err != nil {
		t.End()
	}
	return t, err
}

func (l *memoryLog) PutStates(states []SourceState) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, st := range states {
		if l.states[st.Source] = st; st.State == nil {
			l.states[st.Source] = SourceState{Source: st.Source}
		}
	}
	return nil
}

func (l *memoryLog) Format() uint64 { return OldestWrites }

func (l *memoryLog) States() ([]SourceState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Values(l.states)), nil
}

type memoryTurn struct {
	l      *memoryLog
	missed []Writes
	ended  bool
}

func (t *memoryTurn) Missed() []Writes { return t.missed }

func (t *memoryTurn) Append(feedID string, all []Writes, states []SourceState) error {
	defer t.End()
	l := t.l
	fail := l.fail
	if l.fail = nil; fail != nil && !l.kept {
		return fail
	}
	l.mu.Lock()
	l.feedID = feedID
	for _, w := range all {
		b, err := w.Bytes()
		if err != nil {
			return err
		}
		l.rows = append(l.rows, b)
	}
	l.mu.Unlock()
	return errors.Join(l.PutStates(states), fail)
}

func (t *memoryTurn) End() {
	if !t.ended {
		t.ended = true
		<-t.l.turn
	}
}

// on returns a store of its own on a log.
func (l *memoryLog) on(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{Log: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// equal checks that stores hold the same once they have caught up.
func equal(t *testing.T, all ...*Store) {
	t.Helper()
	var first [32]byte
	for i, s := range all {
		if err := s.CatchUp(); err != nil {
			t.Fatal(err)
		}
		_, digest := model(t, s)
		if i == 0 {
			first = digest
		} else if digest != first {
			t.Errorf("store %d differs", i)
		}
		if err := s.Check(func(f Fault) { t.Errorf("store %d: %s", i, f) }); err != nil {
			t.Error(err)
		}
	}
}

func TestStoresOnOneLogAgree(t *testing.T) {
	t.Parallel()
	for seed := range pick[uint64](2, 10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			l := newMemoryLog()
			r := rand.New(rand.NewPCG(seed, 3))
			var stores []*Store
			var players []*player
			for i := range 3 {
				stores = append(stores, l.on(t, filepath.Join(t.TempDir(), fmt.Sprint(i))))
				players = append(players, &player{t: t, s: stores[i], r: r, now: noon})
			}
			for range pick(40, 120) {
				i := r.IntN(3)
				p := players[i]
				if err := p.s.CatchUp(); err != nil { // its decisions are made on what it has
					t.Fatal(err)
				}
				p.step()
				for _, other := range players {
					other.known, other.n, other.now = p.known, p.n, p.now
				}
			}
			equal(t, stores...)
		})
	}
}

// TestWhatWasAppendedComesBack: where the outcome of an append is not known, or the file lost it, the log brings it back.
func TestWhatWasAppendedComesBack(t *testing.T) {
	t.Parallel()
	unknown := errors.New("not known")
	for _, tt := range []struct {
		name       string
		fail, want error
		kept       bool
		items      int
	}{
		{"not appended", unknown, unknown, false, 0},
		{"appended", unknown, unknown, true, 1},
		{"turn lost", ErrTurnLost, nil, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newMemoryLog()
			a, b := l.on(t, filepath.Join(t.TempDir(), "a")), l.on(t, filepath.Join(t.TempDir(), "b"))
			l.fail, l.kept = tt.fail, tt.kept
			if err := put(a, wrote("belta", "1")); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			equal(t, a, b)
			view(t, a, func(v View) {
				n := 0
				for range v.Items() {
					n++
				}
				if n != tt.items {
					t.Errorf("%d items, want %d", n, tt.items)
				}
			})
			l.kept = false
			if err := put(b, wrote("belta", "2")); err != nil {
				t.Error(err)
			}
			equal(t, a, b)
		})
	}
}

func TestStatesAreTheLogs(t *testing.T) {
	t.Parallel()
	l := newMemoryLog()
	path := filepath.Join(t.TempDir(), "a")
	a, b := l.on(t, path), l.on(t, filepath.Join(t.TempDir(), "b"))
	state := func(s *Store) (st news.State) {
		t.Helper()
		view(t, s, func(v View) {
			var err error
			if st, err = v.State("belta"); err != nil {
				t.Fatal(err)
			}
		})
		return st
	}
	quiet := func(name string) {
		t.Helper()
		err := a.UpdateStates(noon, func(tx *Tx) error { return tx.PutState("belta", news.State{Name: name, Due: noon.Add(time.Hour)}) })
		if err != nil {
			t.Fatal(err)
		}
	}
	before := l.begun
	quiet("one")
	if l.begun != before {
		t.Error("a quiet visit took the turn")
	}
	if got := l.states["belta"]; !got.Due.Equal(noon.Add(time.Hour)) || state(a).Name != "one" {
		t.Errorf("the log has %+v, the store %q", got, state(a).Name)
	}
	if err := b.CatchUp(); err != nil || state(b).Name != "one" {
		t.Errorf("the other store has %q, %v", state(b).Name, err)
	}
	rule := news.Rule{Item: news.ItemKey("belta", "1"), At: noon, Stand: news.StandWithdrawn}
	if err := put(a, wrote("belta", "1")); err != nil {
		t.Fatal(err)
	}
	before = l.begun
	if err := a.UpdateStates(noon, func(tx *Tx) error { return tx.PutRule(rule) }); err != nil || l.begun != before+1 {
		t.Errorf("an update that was not quiet: %d turns, %v", l.begun-before, err)
	}
	equal(t, a, b)
	quiet("two")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	alone, err := Open(path, Options{}) // the log is taken away
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if got := state(alone).Name; got != "two" {
		t.Errorf("without the log the store goes on from %q", got)
	}
}

// TestFileFoundsALog: a store of one file goes on with a log, its states and positions too.
func TestFileFoundsALog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a")
	alone, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(put(alone, wrote("belta", "1")), put(alone, visited{Source: "belta", State: &news.State{Name: "one"}})); err != nil {
		t.Fatal(err)
	}
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
	l := newMemoryLog()
	a := l.on(t, path)
	if len(l.states) != 1 || l.first == 0 || l.feedID == "" {
		t.Fatalf("%d states, the log of %s begins after %d", len(l.states), l.feedID, l.first)
	}
	if err := put(a, wrote("belta", "2")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "b"), Options{Log: strange{l}}); err == nil {
		t.Error("a file joined a log that refuses it")
	}
}

// TestFileUsedAloneFollowsNoMore: what a file did without its log is not in that, though both have as many updates.
func TestFileUsedAloneFollowsNoMore(t *testing.T) {
	t.Parallel()
	l := newMemoryLog()
	path := filepath.Join(t.TempDir(), "a")
	a, b := l.on(t, path), l.on(t, filepath.Join(t.TempDir(), "b"))
	if err := errors.Join(put(a, wrote("belta", "1")), a.Close()); err != nil {
		t.Fatal(err)
	}
	again := l.on(t, path) // with its log it goes on
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	alone, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(put(alone, wrote("belta", "2")), alone.Close(), put(b, wrote("belta", "3"))); err != nil {
		t.Fatal(err)
	}
	var diverged *DivergedError
	if _, err := Open(path, Options{Log: l}); !errors.As(err, &diverged) {
		t.Errorf("with its log: %v, want a *DivergedError", err)
	}
	if _, err := Open(path, Options{Log: newMemoryLog()}); err != nil {
		t.Errorf("with an empty log: %v", err)
	}
}

type strange struct{ *memoryLog }

func (strange) Join(string, uint64) (bool, error) { return false, errors.New("another feed") }

func TestFileThatDiffersStops(t *testing.T) {
	t.Parallel()
	l := newMemoryLog()
	a, b := l.on(t, filepath.Join(t.TempDir(), "a")), l.on(t, filepath.Join(t.TempDir(), "b"))
	if err := put(a, wrote("belta", "1")); err != nil {
		t.Fatal(err)
	}
	w, err := ParseWrites(l.rows[len(l.rows)-1])
	if err != nil {
		t.Fatal(err)
	}
	w.Items++
	if l.rows[len(l.rows)-1], err = w.Bytes(); err != nil {
		t.Fatal(err)
	}
	var diverged *DivergedError
	if err := b.CatchUp(); !errors.As(err, &diverged) {
		t.Errorf("%v, want a *DivergedError", err)
	}
	if err := put(b, wrote("belta", "2")); !errors.As(err, &diverged) {
		t.Errorf("%v, want a *DivergedError", err)
	}
}

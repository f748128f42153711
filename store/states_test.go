package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
	"github.com/google/go-cmp/cmp"
)

// killed opens the file of s as it is now, which is what a process that is killed leaves.
func killed(t *testing.T, s *Store) *Store {
	t.Helper()
	b, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "wire.db")
	if err := os.WriteFile(path, b, 0o640); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func statesOf(t *testing.T, s *Store) (all map[string]news.State) {
	t.Helper()
	view(t, s, func(v View) {
		var err error
		if all, err = v.States(); err != nil {
			t.Error(err)
		}
	})
	return all
}

// visits returns how many rows bucket visit has.
func visits(t *testing.T, s *Store) (n int) {
	t.Helper()
	view(t, s, func(v View) { n = v.tx.Bucket(bVisit).Stats().KeyN })
	return n
}

// changedState returns st with some of its fields changed.
func changedState(r *rand.Rand, st news.State) news.State {
	st.LastVisit = noon.Add(time.Duration(r.IntN(1e9)) * time.Second)
	for _, change := range []func(){
		func() { st.Failures++ },
		func() { st.Failures, st.Error = 0, "" },
		func() { st.Error = fmt.Sprint("no answer ", r.IntN(3)) },
		func() { st.Validators = news.Validators{ETag: fmt.Sprint(r.IntN(9))} },
		func() { st.Validators = news.Validators{LastModified: "Tue"} },
		func() { st.SkipHours = nil },
		func() { st.SkipHours = []int{r.IntN(24)} },
		func() { st.Tally.Items += uint64(r.IntN(2)) },
	} {
		if r.IntN(3) == 0 {
			change()
		}
	}
	return st
}

// TestStatesOfSources compares the states with a map: after commits, kills, folds and ends.
func TestStatesOfSources(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	s := temp(t, Options{})
	want := map[string]news.State{}
	folds := 0
	for step := range 120 {
		before := visits(t, s)
		err := s.Update(noon, func(v *Tx) error {
			for range r.IntN(60) {
				source := fmt.Sprint("s", r.IntN(40))
				if r.IntN(20) == 0 {
					delete(want, source)
					if err := v.appendVisit(source, nil); err != nil {
						return err
					}
					continue
				}
				want[source] = changedState(r, want[source])
				if err := v.PutState(source, want[source]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if visits(t, s) < before {
			folds++
		}
		if d := cmp.Diff(want, statesOf(t, s)); d != "" {
			t.Fatalf("step %d:\n%s", step, d)
		}
		switch {
		case step%17 == 0:
			if d := cmp.Diff(want, statesOf(t, killed(t, s))); d != "" {
				t.Fatalf("step %d, after a kill:\n%s", step, d)
			}
		case step%41 == 0:
			if _, _, err := s.Compact(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if n := visits(t, s); n != 0 {
				t.Errorf("%d rows of visits after compaction", n)
			}
			if d := cmp.Diff(want, statesOf(t, s)); d != "" {
				t.Fatalf("step %d, after compaction:\n%s", step, d)
			}
		}
	}
	if folds == 0 {
		t.Error("nothing was folded")
	}
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.Path(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := visits(t, again); n != 0 {
		t.Errorf("%d rows of visits after Close", n)
	}
	if d := cmp.Diff(want, statesOf(t, again)); d != "" {
		t.Errorf("after Close:\n%s", d)
	}
}

// stateOf is what a visit writes that brought nothing.
func stateOf(source string, failures int) visited {
	return visited{Source: source, Now: noon, State: &news.State{LastVisit: noon, Failures: failures}}
}

func TestFailedGroupLeavesStatesAsTheyWere(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{MaxBatchDelay: time.Minute})
	commit(t, s, stateOf("belta", 1))
	commit(t, s, stateOf("tass", 1))
	bad := errors.New("bad")
	var all sync.WaitGroup
	for range 2 {
		defer s.ExpectCommit()()
	}
	for source, fails := range map[string]error{"belta": nil, "tass": bad} {
		all.Go(func() {
			err := s.Update(noon, func(v *Tx) error {
				if err := v.PutState(source, news.State{Failures: 2}); err != nil {
					return err
				}
				return fails
			})
			if !errors.Is(err, fails) {
				t.Errorf("%s: %v, want %v", source, err, fails)
			}
		})
	}
	all.Wait()
	for _, is := range []map[string]news.State{statesOf(t, s), statesOf(t, killed(t, s))} {
		if is["belta"].Failures != 2 || is["tass"].Failures != 1 {
			t.Errorf("belta failed %d times, tass %d, want 2 and 1", is["belta"].Failures, is["tass"].Failures)
		}
	}
}

// TestFailedCommitLeavesStatesAsTheyWere: the next transaction, which has the number of the failed one, begins with those before it.
func TestFailedCommitLeavesStatesAsTheyWere(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{MaxSize: 2 << 20})
	commit(t, s, stateOf("belta", 1))
	large := wrote("belta", "large")
	content := make([]byte, 8<<20)
	for i, rng := 0, seeded(t); i < len(content); i++ {
		content[i] = 'a' + byte(rng.IntN(26))
	}
	large.Items[0].Content, large.State = string(content), &news.State{Failures: 2}
	if err := put(s, large); err == nil {
		t.Fatal("a file of 2 MiB took an item of 8")
	}
	commit(t, s, stateOf("tass", 1))
	for _, is := range []map[string]news.State{statesOf(t, s), statesOf(t, killed(t, s))} {
		if is["belta"].Failures != 1 || is["tass"].Failures != 1 {
			t.Errorf("belta failed %d times, tass %d, want once each", is["belta"].Failures, is["tass"].Failures)
		}
	}
}

// TestReadersSeeStatesOfTheirSnapshot: a reader sees the state that belongs to the items that it sees, whenever it asks.
func TestReadersSeeStatesOfTheirSnapshot(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	failures := func(v View) int {
		st, err := v.State("belta")
		if err != nil {
			t.Error(err)
		}
		return st.Failures
	}
	commit(t, s, stateOf("belta", 1))
	view(t, s, func(old View) {
		commit(t, s, stateOf("belta", 2))
		commit(t, s, stateOf("belta", 3))
		if n := failures(old); n != 1 {
			t.Errorf("a reader of before sees state %d, want 1", n)
		}
		view(t, s, func(v View) {
			if n := failures(v); n != 3 {
				t.Errorf("a reader of now sees state %d, want 3", n)
			}
		})
	})
	err := s.Update(noon, func(v *Tx) error {
		if err := v.PutState("belta", news.State{Failures: 4}); err != nil {
			return err
		}
		if n := failures(v.View); n != 4 {
			t.Errorf("the transaction sees state %d, want 4", n)
		}
		view(t, s, func(v View) {
			if n := failures(v); n != 3 {
				t.Errorf("a reader beside it sees state %d, want 3", n)
			}
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDamagedVisitRowIsSeen(t *testing.T) {
	t.Parallel()
	for fact, value := range map[string][]byte{
		"another form": {9, 1, 's', 0xa0}, "no source": {formPlain, 0}, "no fields": {formPlain, 1, 's', 0xa1},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			commit(t, s, stateOf("belta", 1))
			if err := s.transact(func(v View) error { return v.table(bVisit).put(key8(2), value) }); err != nil {
				t.Fatal(err)
			}
			again := killed(t, s)
			err := again.View(func(v View) error { _, err := v.State("belta"); return err })
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("a reader: %v, want %v", err, ErrCorrupt)
			}
			if err := put(again, stateOf("belta", 2)); !errors.Is(err, ErrCorrupt) {
				t.Errorf("a commit: %v, want %v", err, ErrCorrupt)
			}
			if faults := check(t, again); len(faults) == 0 {
				t.Error("db check finds nothing")
			}
		})
	}
}

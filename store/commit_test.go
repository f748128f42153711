package store

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestOneBadVisitTakesNoneWithIt(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{MaxBatchDelay: time.Minute})
	bad := errors.New("bad")
	results := make([]error, 20)
	var all sync.WaitGroup
	for range results {
		defer s.ExpectCommit()()
	}
	for i := range results {
		all.Go(func() {
			results[i] = s.Update(noon, func(tx *Tx) error {
				switch i {
				case 7:
					return bad
				case 9:
					panic("oh")
				}
				return wrote("belta", fmt.Sprint(i)).Put(tx)
			})
		})
	}
	all.Wait()
	for i, err := range results {
		var broke *PanicError
		switch {
		case i == 7 && !errors.Is(err, bad):
			t.Errorf("the visit that fails: %v", err)
		case i == 9 && !errors.As(err, &broke):
			t.Errorf("the visit that panics: %v", err)
		case i != 7 && i != 9 && err != nil:
			t.Errorf("visit %d: %v", i, err)
		}
	}
	view(t, s, func(v View) {
		if v.Head() != 18 {
			t.Errorf("head is %d, want 18", v.Head())
		}
	})
}

func TestExpectedCommitsShareATransaction(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{MaxBatchDelay: time.Minute})
	before := transactions(t, s)
	var all sync.WaitGroup
	for range maxGroup {
		defer s.ExpectCommit()()
	}
	for i := range maxGroup {
		all.Go(func() { commit(t, s, wrote("belta", fmt.Sprint(i))) })
	}
	all.Wait()
	if n := transactions(t, s) - before; n != 1 {
		t.Errorf("%d transactions for %d announced visits, want 1", n, maxGroup)
	}
}

func transactions(t *testing.T, s *Store) int {
	var id int
	view(t, s, func(v View) { id = v.tx.ID() })
	return id
}

func TestWatch(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	changed, stop := s.Watch()
	defer stop()
	commit(t, s, wrote("belta", "1"))
	commit(t, s, wrote("belta", "2"))
	<-changed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range changed {
	}
	if err := s.Update(noon, func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("commit after close: %v", err)
	}
}

func TestReadOnlyRefusesCommits(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	path := s.Path()
	s.Close()
	r, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Update(noon, func(*Tx) error { return nil }); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

// TestFull: a store is full from a transaction that finds no room on to one that does; what else fails says nothing of the disk.
func TestFull(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	for _, step := range []struct {
		err  error
		want bool
	}{{nil, false}, {syscall.EIO, false}, {&os.PathError{Op: "write", Err: syscall.ENOSPC}, true}, {syscall.EIO, true}, {nil, false},
		{syscall.EDQUOT, true}} {
		if err := s.Update(noon, func(*Tx) error { return step.err }); !errors.Is(err, step.err) {
			t.Fatalf("%v, want %v", err, step.err)
		}
		if got := s.Full(); got != step.want {
			t.Errorf("after %v: full %v", step.err, got)
		}
	}
}

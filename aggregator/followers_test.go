package aggregator_test

import (
	"path/filepath"
	"sync"
	"testing"

	"dateline/store"
)

// history is the writes of all updates of a store, as they would reach other nodes.
type history struct {
	mu  sync.Mutex
	all []store.Writes
}

func (h *history) add(all []store.Writes) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, w := range all {
		b, err := w.Bytes()
		if err != nil {
			return err
		}
		if w, err = store.ParseWrites(b); err != nil {
			return err
		}
		h.all = append(h.all, w)
	}
	return nil
}

// followed checks that three files which are given the writes of the harness in different ways have its store's digest.
func (r *harness) followed(t *testing.T) {
	t.Helper()
	want := digest(t, r.store)
	for _, tt := range []struct {
		fact     string
		group    int
		restarts bool
	}{{"one at a time", 1, false}, {"24 at a time", 24, false}, {"with restarts", 5, true}} {
		if got := r.follower(t, tt.group, tt.restarts); got != want {
			t.Errorf("%s: %x, want %x", tt.fact, got, want)
		}
	}
}

// follower returns the digest of a store that is given the writes so many at once, and opened anew now and then.
func (r *harness) follower(t *testing.T, group int, restarts bool) [32]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "follower.db")
	open := func() *store.Store {
		s, err := openStore(path, store.Options{Follow: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	defer func() { s.Close() }()
	for i := 0; i < len(r.history.all); i += group {
		if err := s.Apply(r.history.all[i:min(i+group, len(r.history.all))]...); err != nil {
			t.Fatal(err)
		}
		if !restarts || i%25 != 0 {
			continue
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open()
	}
	return digest(t, s)
}

func digest(t *testing.T, s *store.Store) (sum [32]byte) {
	t.Helper()
	if err := s.View(func(v store.View) (err error) { sum, err = v.Digest(); return err }); err != nil {
		t.Fatal(err)
	}
	return sum
}

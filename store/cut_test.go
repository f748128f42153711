package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCutShortWhileOneWaits: bbolt keeps its locks where a fault interrupts it, so that what waits for one waits for ever. A
// transaction of the test keeps one here.
func TestCutShortWhileOneWaits(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	commit(t, s, wrote("alpha", "1"))
	if _, err := s.db.Load().Begin(true); err != nil {
		t.Fatal(err)
	}
	entered, ended := make(chan bool), make(chan error)
	go func() {
		ended <- s.exclusive("test", func() error {
			close(entered)
			_, err := s.db.Load().Begin(true) // for ever
			return err
		})
	}()
	<-entered
	go func() { ended <- put(s, wrote("alpha", "2")) }()
	if err := os.Truncate(s.Path(), 0); err != nil {
		t.Fatal(err)
	}
	err := s.guarded("read", func() error { // as View, which looks at the length of the file first
		return s.snapshot(func(View) error { return nil })
	})
	if !errors.Is(err, ErrReplaced) {
		t.Errorf("the reader: %v, want ErrReplaced", err)
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, ErrReplaced) {
			t.Errorf("what waits: %v, want ErrReplaced", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestCutShort: a file that is cut under an open store is an error of every reader and writer, and ends no process. Its lock goes with
// the store, though it stays mapped.
func TestCutShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact string
		use  func(s *Store, cut func()) error
	}{
		{"before a reading", func(s *Store, cut func()) error {
			cut()
			return s.View(func(View) error { return nil })
		}},
		{"in the middle of one", func(s *Store, cut func()) error {
			return s.View(func(v View) error {
				cut()
				for _, err := range v.Items() {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{"before a commit", func(s *Store, cut func()) error {
			cut()
			return put(s, wrote("alpha", "new"))
		}},
		{"in the middle of a decision", func(s *Store, cut func()) error {
			return s.Update(noon, func(tx *Tx) error {
				cut()
				_, err := tx.State("alpha")
				return errors.Join(err, wrote("alpha", "new").Put(tx))
			})
		}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "wire.db")
			s, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 50 {
				commit(t, s, wrote("alpha", fmt.Sprint("item ", i)))
			}
			cut := func() {
				if err := os.Truncate(path, 0); err != nil {
					t.Error(err)
				}
			}
			for range 2 { // and is an error again
				if err := c.use(s, cut); !errors.Is(err, ErrReplaced) || !strings.Contains(err.Error(), path) {
					t.Errorf("got %v, want ErrReplaced with the path", err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			unlock, err := lock(path)
			if err != nil {
				t.Fatal("after it was closed:", err)
			}
			unlock()
		})
	}
}

package store

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// fileOfSchema20 returns the path of a store of twelve items as a program of schema 20 wrote it.
func fileOfSchema20(t *testing.T) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "schema20.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	path := filepath.Join(t.TempDir(), "wire.db")
	if err := errors.Join(err, os.WriteFile(path, b, 0o640)); err != nil {
		t.Fatal(err)
	}
	return path
}

// The first opening for writing brings a store to this schema; one for reading only refuses it, and neither loses anything.
func TestMigrate(t *testing.T) {
	t.Parallel()
	path := fileOfSchema20(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{ReadOnly: true}); !errors.Is(err, ErrOlder) {
		t.Errorf("for reading only: %v, want %v", err, ErrOlder)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("reading changed the file: %v", err)
	}
	for _, from := range []int{OldestSchema, Schema} {
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if schema, ok := s.MigratedFrom(); schema != from || ok != (from < Schema) {
			t.Errorf("migrated from %d: %t, want %d", schema, ok, from)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := Verify(path); err != nil {
			t.Error(err)
		}
	}
	expectItems(t, path, 12)
}

// A migration that fails leaves the file as it was, and the next opening goes on.
func TestMigrationFails(t *testing.T) {
	t.Parallel()
	path := fileOfSchema20(t)
	db, err := bbolt.Open(path, 0o640, nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	fails := func(_ *Store, tx *bbolt.Tx) error { return errors.Join(tx.DeleteBucket(bEntry), broken) }
	s := &Store{postings: newPostings()}
	if _, err := s.migrate(db, []func(*Store, *bbolt.Tx) error{20: fails}); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	expectItems(t, path, 12)
}

// A backup of an older schema is restored, and brought to this one.
func TestRestoreMigrates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wire.db")
	if _, err := Restore(t.Context(), fileOfSchema20(t), path, nil); err != nil {
		t.Fatal(err)
	}
	expectItems(t, path, 12)
}

// expectItems checks the store at path, and how many items it has.
func expectItems(t *testing.T, path string, want int) {
	t.Helper()
	if err := Verify(path); err != nil {
		t.Error(err)
	}
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if st, err := s.Stats(); err != nil || st.Items != want {
		t.Errorf("%d items: %v, want %d", st.Items, err, want)
	}
}

package store

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"dateline/aggregator/news"
)

// itemsOfSchema20 is how many items the store of schema 20 has: of thirty visits to three sources, each with a fingerprint and stems. The
// program that wrote it sealed every sixteen documents, so that all indexes have segments, sealed and merged.
const itemsOfSchema20 = 180

// fileOfSchema20 returns the path of a store as a program of schema 20 wrote it.
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
	expectItems(t, path)
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
	expectItems(t, path)
}

// A kill in the middle of the commit leaves some of its pages in the file, and not the one that leads to them. Wherever it comes, the
// next opening goes on, and what the store has then is the same. Its digest is that of every node which migrates the file.
func TestMigrationIsKilled(t *testing.T) {
	t.Parallel()
	path := fileOfSchema20(t)
	image, err := os.ReadFile(path)
	if err := errors.Join(err, migrateFile(path)); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil || len(whole) != len(image) {
		t.Fatalf("the file has %d bytes, %v, had %d", len(whole), err, len(image))
	}
	page := func(file []byte, n int) []byte { return file[n*pageSize : (n+1)*pageSize] }
	var changed []int // pages, in the order in which they are written: the two that lead to the others last
	for n := range len(image) / pageSize {
		if at := (n + 2) % (len(image) / pageSize); !bytes.Equal(page(image, at), page(whole, at)) {
			changed = append(changed, at)
		}
	}
	if len(changed) < 10 || changed[len(changed)-1] > 1 {
		t.Fatalf("pages %v were written", changed)
	}
	want, step := digestOfFile(t, image), max(1, len(changed)/pick(5, len(changed)))
	for n, at := range changed {
		copy(page(image, at)[:pageSize/2], page(whole, at)) // a torn page is none
		if n%step == 0 || n == len(changed)-1 {
			if sum := digestOfFile(t, image); sum != want {
				t.Errorf("killed in page %d, the %d. of %d: digest %s, want %s", at, n+1, len(changed), sum, want)
			}
		}
		copy(page(image, at), page(whole, at))
	}
	if sum := digestOfFile(t, image); sum != want {
		t.Errorf("killed at the end: digest %s, want %s", sum, want)
	}
}

// digestOfFile opens a copy of a file, which is whole then, and returns its digest.
func digestOfFile(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wire.db")
	if err := os.WriteFile(path, file, 0o640); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum := digestOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	expectItems(t, path)
	return sum
}

// Nodes that migrate the same file, one of them as a copy that it was given, go on from it alike.
func TestNodesMigrateAlike(t *testing.T) {
	t.Parallel()
	path := fileOfSchema20(t)
	copied := filepath.Join(t.TempDir(), "wire.db")
	if _, err := Restore(t.Context(), path, copied, nil); err != nil {
		t.Fatal(err)
	}
	var made []Writes
	first, err := Open(path, Options{Writes: func(all []Writes) error { made = append(made, all...); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := Open(copied, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	commit(t, first, wrote("alpha", "new"))
	done, err := first.Prune(noon.Add(200*day), kept, func(news.Item) []news.IdentityKey { return nil }, time.Minute)
	if err != nil || done.Texts < 100 {
		t.Errorf("%+v, %v", done, err)
	}
	if err := second.Apply(made...); err != nil {
		t.Fatal(err)
	}
	if one, other := digestOf(t, first), digestOf(t, second); one != other {
		t.Errorf("digests %s and %s", one, other)
	}
}

// A disk without room for the migration leaves the file as it was.
func TestMigrationOnAFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dense.db")
	from, err := bbolt.Open(fileOfSchema20(t), 0o640, nil)
	if err != nil {
		t.Fatal(err)
	}
	to, err := bbolt.Open(path, 0o640, &bbolt.Options{PageSize: pageSize})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(bbolt.Compact(to, from, 0), to.Close(), from.Close()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for bytes.Count(before[len(before)-pageSize:], []byte{0}) == pageSize { // no page was written there
		before = before[:len(before)-pageSize]
	}
	if err := os.WriteFile(path, before, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{MaxSize: len(before)}); !errors.Is(err, berrors.ErrMaxSizeReached) {
		t.Fatalf("%v, want %v", err, berrors.ErrMaxSizeReached)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was changed: %v", err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	expectItems(t, path)
}

// A file of a newer schema takes the place of none.
func TestNewerFileIsNotReceived(t *testing.T) {
	t.Parallel()
	path := fileOfSchema20(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	newer := ofSchema(t, before, Schema+1)
	_, err = Receive(path, "stale", func(to io.Writer) error { _, err := to.Write(newer); return err })
	if !errors.Is(err, ErrNewer) {
		t.Errorf("%v, want %v", err, ErrNewer)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was changed: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// A backup of an older schema is restored, and brought to this one.
func TestRestoreMigrates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wire.db")
	if _, err := Restore(t.Context(), fileOfSchema20(t), path, nil); err != nil {
		t.Fatal(err)
	}
	expectItems(t, path)
}

// expectItems checks the store at path, and that each item of schema 20 is found by what is in segments.
func expectItems(t *testing.T, path string) {
	t.Helper()
	if err := Verify(path); err != nil {
		t.Error(err)
	}
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if st, err := s.Stats(); err != nil || st.Items != itemsOfSchema20 {
		t.Errorf("%d items: %v, want %d", st.Items, err, itemsOfSchema20)
	}
	if found := find(t, s, 2*itemsOfSchema20, 7); len(found) != itemsOfSchema20 {
		t.Errorf("%d items are found by their fingerprints, want %d", len(found), itemsOfSchema20)
	}
}

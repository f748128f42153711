package boltfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// open opens a file of these bytes.
func open(t *testing.T, file []byte) *bbolt.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestPagesThatAreFreedAreLookedAt has every page in turn say that pages follow it. A row in the middle of a bucket leads to the pages
// above it, with those beside it where it is deleted; a bucket that goes, to all of its pages.
func TestPagesThatAreFreedAreLookedAt(t *testing.T) {
	t.Parallel()
	file := someFile(t)
	key := binary.BigEndian.AppendUint64(nil, 100)
	for name, tt := range map[string]struct {
		change func(c *Changes, rows *bbolt.Bucket) error
		want   int // pages that are looked at
	}{
		"nothing":            {func(*Changes, *bbolt.Bucket) error { return nil }, 2},
		"a row":              {func(c *Changes, rows *bbolt.Bucket) error { c.Row(rows, key); return nil }, 5},
		"a row that goes":    {func(c *Changes, rows *bbolt.Bucket) error { c.Delete(rows, key); return nil }, 9},
		"a bucket that goes": {func(c *Changes, rows *bbolt.Bucket) error { return c.Drop(rows, []byte("in")) }, 38},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t, file)
			tx, err := db.Begin(false)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			seen := 0
			pages := livePages(t, file)
			for _, id := range append([]int{-1}, pages...) {
				damaged := bytes.Clone(file)
				if id > 0 {
					damaged[id*pageSize+15] = 1 // 16 million follow
				}
				c := NewChanges(bytes.NewReader(damaged), pageSize, tx)
				var fault Fault
				switch err := errors.Join(tt.change(c, tx.Bucket([]byte("rows"))), c.Check([]byte("small"))); {
				case err == nil:
				case id < 0 || !errors.As(err, &fault) || fault.Page != uint64(id):
					t.Errorf("page %d: %v", id, err)
				default:
					seen++
				}
			}
			if seen != tt.want {
				t.Errorf("%d of %d pages are looked at, want %d", seen, len(pages), tt.want)
			}
		})
	}
}

// TestCopyIsWhole: a copy holds the same, on fewer pages, and no other file passes for it.
func TestCopyIsWhole(t *testing.T) {
	t.Parallel()
	file := someFile(t)
	from := open(t, file)
	path := filepath.Join(t.TempDir(), "copy.db")
	to, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	same := func() error {
		return from.View(func(a *bbolt.Tx) error { return to.View(func(b *bbolt.Tx) error { return SameKeys(a, b) }) })
	}
	err = from.View(func(tx *bbolt.Tx) error { return Copy(t.Context(), to, tx, func(int64) {}) })
	if err := errors.Join(err, same()); err != nil {
		t.Fatal(err)
	}
	if err := to.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("rows")).Bucket([]byte("in")).Delete(make([]byte, 8))
	}); err != nil {
		t.Fatal(err)
	}
	if err := same(); err == nil {
		t.Error("a row that is missing is not seen")
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	copied, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if all := faultsOf(copied); len(all) > 0 {
		t.Error(all)
	}
	if is, was := len(livePages(t, copied)), len(livePages(t, file)); is >= was {
		t.Errorf("%d pages, %d before", is, was)
	}
}

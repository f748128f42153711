package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

// backedUp writes a backup of s beside it and returns its path.
func backedUp(t *testing.T, s *Store) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Copy(t.Context(), &b, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBackupIsASnapshot(t *testing.T) {
	s := spacious(t)
	was := content(t, s)
	path := filepath.Join(t.TempDir(), "backup.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	began := false
	err = s.Copy(t.Context(), f, func(done, total int64) {
		if !began {
			began = true
			commit(t, s, wrote("belta", "meanwhile"))
		}
	})
	if err := errors.Join(err, f.Close(), Verify(path)); err != nil {
		t.Fatal(err)
	}
	b, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if diff := cmp.Diff(was, content(t, b)); diff != "" {
		t.Error(diff)
	}
}

func TestBackupEndsWithItsContext(t *testing.T) {
	s := spacious(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Copy(ctx, &bytes.Buffer{}, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Why a copy could not be written is told as it is: the disk may be full.
func TestBackupTellsWhatTheWriterSaid(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "copy.db", Err: syscall.ENOSPC}
	if err := spacious(t).Copy(t.Context(), refuser{full}, nil); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}

type refuser struct{ err error }

func (r refuser) Write([]byte) (int, error) { return 0, r.err }

func TestVerify(t *testing.T) {
	whole, err := os.ReadFile(backedUp(t, spacious(t)))
	if err != nil {
		t.Fatal(err)
	}
	for fact, c := range map[string]struct {
		file []byte
		want error
	}{
		"whole":          {whole, nil},
		"cut short":      {whole[:len(whole)/2], ErrCorrupt},
		"pages lost":     {append(bytes.Clone(whole[:8*pageSize]), make([]byte, len(whole)-8*pageSize)...), ErrCorrupt},
		"something else": {[]byte("a letter"), ErrForeign},
	} {
		t.Run(fact, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "backup.db")
			if err := os.WriteFile(path, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Verify(path); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestRestore(t *testing.T) {
	s := spacious(t)
	was := content(t, s)
	backup := backedUp(t, s)
	path := s.Path()
	commit(t, s, wrote("belta", "after the backup"))
	if _, err := Restore(t.Context(), backup, path, nil); !errors.Is(err, ErrBusy) {
		t.Errorf("while it is held: %v", err)
	}
	now := content(t, s)
	s.Close()
	kept, err := Restore(t.Context(), backup, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]map[string]string{path: was, kept: now} {
		r, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, content(t, r)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		r.Close()
	}
	t.Run("where there is none", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "new.db")
		if kept, err := Restore(t.Context(), backup, path, nil); err != nil || kept != "" {
			t.Error(kept, err)
		}
		if err := Verify(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("over a damaged one", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "damaged.db")
		if err := os.WriteFile(path, []byte("rubbish"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), backup, path, nil); err != nil {
			t.Error(err)
		}
		if err := Verify(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("of a backup in which an entry is lost", func(t *testing.T) {
		bad := filepath.Join(t.TempDir(), "bad.db")
		b, err := os.ReadFile(backup)
		if err := errors.Join(err, os.WriteFile(bad, b, 0o600)); err != nil {
			t.Fatal(err)
		}
		db, err := bbolt.Open(bad, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			k, _ := tx.Bucket(bEntry).Cursor().Last()
			return tx.Bucket(bEntry).Delete(k)
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), bad, path, nil); !errors.Is(err, ErrCorrupt) {
			t.Error(err)
		}
	})
	t.Run("of a damaged backup", func(t *testing.T) {
		if err := os.Truncate(backup, 5*pageSize); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), backup, path, nil); !errors.Is(err, ErrCorrupt) {
			t.Error(err)
		}
		if err := Verify(path); err != nil {
			t.Errorf("the store was touched: %v", err)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	})
}

// TestMigrate brings a made-up older file, which had no alias and called the log a journal, to this layout.
func TestMigrate(t *testing.T) {
	older := func(t *testing.T) (string, map[string]string) {
		s := spacious(t)
		want := content(t, s)
		path := s.Path()
		s.Close()
		db, err := bbolt.Open(path, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			return errors.Join(moveAll(tx, bLog, []byte("journal")), tx.Bucket(bMeta).Put(kSchema, key8(Schema-1)))
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return path, want
	}
	rename := map[uint64]step{Schema - 1: func(tx *bbolt.Tx) error { return moveAll(tx, []byte("journal"), bLog) }}
	t.Run("it is not opened before", func(t *testing.T) {
		path, _ := older(t)
		if _, err := Open(path, Options{}); !errors.Is(err, ErrOlder) {
			t.Error(err)
		}
	})
	t.Run("it is brought to this layout", func(t *testing.T) {
		path, want := older(t)
		from, kept, err := replacement{version: Schema, steps: rename}.renew(t.Context(), path)
		if err != nil || from != Schema-1 {
			t.Fatal(from, err)
		}
		if n, err := schemaOf(kept); err != nil || n != Schema-1 {
			t.Errorf("the old file has schema %d (%v)", n, err)
		}
		r, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if diff := cmp.Diff(want, content(t, r)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an older backup is restored", func(t *testing.T) {
		backup, _ := older(t)
		path := filepath.Join(t.TempDir(), "wire.db")
		if _, err := (replacement{version: Schema, steps: rename}).install(t.Context(), backup, path); err != nil {
			t.Error(err)
		}
		if err := Verify(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("a step that fails leaves the old file", func(t *testing.T) {
		path, _ := older(t)
		bad := map[uint64]step{Schema - 1: func(*bbolt.Tx) error { return errUnknownItem }}
		for _, steps := range []map[uint64]step{bad, nil} {
			if _, _, err := (replacement{version: Schema, steps: steps}).renew(t.Context(), path); err == nil {
				t.Error("no error")
			}
		}
		if n, err := schemaOf(path); err != nil || n != Schema-1 {
			t.Errorf("schema %d (%v)", n, err)
		}
	})
	t.Run("this layout needs nothing", func(t *testing.T) {
		s := temp(t, Options{})
		s.Close()
		if from, kept, err := Migrate(t.Context(), s.Path(), nil); err != nil || kept != "" || from != Schema {
			t.Error(from, kept, err)
		}
	})
	t.Run("a newer one is refused", func(t *testing.T) {
		s := temp(t, Options{})
		s.Close()
		if _, _, err := (replacement{version: Schema - 1}).renew(t.Context(), s.Path()); !errors.Is(err, ErrNewer) {
			t.Error(err)
		}
	})
}

// moveAll gives a bucket another name.
func moveAll(tx *bbolt.Tx, from, to []byte) error {
	b, err := tx.CreateBucketIfNotExists(to)
	if err != nil {
		return err
	}
	b.FillPercent = 1
	if err := b.SetSequence(tx.Bucket(from).Sequence()); err != nil {
		return err
	}
	if err := tx.Bucket(from).ForEach(func(k, v []byte) error { return b.Put(k, v) }); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return tx.DeleteBucket(from)
}

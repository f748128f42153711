package store

import (
	"bytes"
	"context"
	"errors"
	"io"
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
	t.Parallel()
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

func TestBackupOfADamagedMetaPageIsRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []int64{0, 1} {
		path := filepath.Join(t.TempDir(), "wire.db")
		file := bytes.Clone(spaciousFile())
		file[id*pageSize+79] ^= 1 // the end of its sum
		if err := os.WriteFile(path, file, 0o640); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{ReadOnly: true}) // that of the newer one is refused already
		if err == nil {
			err = s.Copy(t.Context(), io.Discard, nil)
			s.Close()
		}
		if !errors.Is(err, ErrCorrupt) {
			t.Errorf("meta page %d: %v, want %v", id, err, ErrCorrupt)
		}
	}
}

func TestBackupEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Copy(ctx, &bytes.Buffer{}, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Why a copy could not be written is said as it is: the disk may be full.
func TestBackupTellsWhatTheWriterSaid(t *testing.T) {
	t.Parallel()
	full := &os.PathError{Op: "write", Path: "copy.db", Err: syscall.ENOSPC}
	if err := spacious(t).Copy(t.Context(), refuser{full}, nil); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}

type refuser struct{ err error }

func (r refuser) Write([]byte) (int, error) { return 0, r.err }

func TestVerify(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Run("of an older backup", func(t *testing.T) {
		b, err := os.ReadFile(backup)
		older := filepath.Join(t.TempDir(), "older.db")
		if err := errors.Join(err, os.WriteFile(older, ofSchema(t, b, OldestSchema-1), 0o600)); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), older, path, nil); !errors.Is(err, ErrOlder) {
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

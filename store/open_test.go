package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ours := filepath.Join(dir, "ours.db")
	s, err := Open(ours, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		commit(t, s, wrote("belta", fmt.Sprint(i)))
	}
	s.Close()
	good, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.db")
	db, err := bbolt.Open(foreign, 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := append([]byte(nil), good...)
	for i := 2 * pageSize; i < len(spoilt); i++ {
		spoilt[i] ^= 0x5a
	}
	for _, c := range []struct {
		fact string
		file []byte
		want error
	}{
		{"empty", nil, ErrForeign},
		{"text", []byte("feed:\n  title: a config, not a store\n"), ErrForeign},
		{"junk as long as a store", make([]byte, len(good)), ErrForeign},
		{"another program's database", other, ErrForeign},
		{"cut short", good[:4*pageSize], ErrCorrupt},
		{"pages overwritten", spoilt, ErrCorrupt},
		{"newer schema", ofSchema(t, good, Schema+1), ErrNewer},
		{"older schema", ofSchema(t, good, OldestSchema-1), ErrOlder},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "wire.db")
			if err := os.WriteFile(path, c.file, 0o640); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{Timeout: 50 * time.Millisecond}, {ReadOnly: true, Timeout: 50 * time.Millisecond}} {
				s, err := Open(path, o)
				if !errors.Is(err, c.want) {
					t.Errorf("%+v: %v, want %v", o, err, c.want)
				}
				if err == nil {
					s.Close()
				}
			}
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(after, c.file) {
				t.Errorf("the file was touched: %v", err)
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "wire.db")
		if _, err := Open(path, Options{ReadOnly: true}); !errors.Is(err, ErrMissing) {
			t.Error(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Error("reading created it")
		}
	})
	t.Run("held by another", func(t *testing.T) {
		s := temp(t, Options{})
		if _, err := Open(s.Path(), Options{Timeout: 60 * time.Millisecond}); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
	})
}

func TestFirstStartsAtOnceMakeOneStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "wire.db")
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			s, err := Open(path, Options{Timeout: time.Minute})
			if err != nil {
				t.Error(err)
				return
			}
			view(t, s, func(v View) { ids[i] = v.FeedID() })
			s.Close()
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Errorf("feed ids differ: %q", ids)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v left in the folder, %v", left, err)
	}
}

func TestFirstStartSweepsUpAfterOneThatWasKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, young := filepath.Join(dir, ".wire.db.new-1"), filepath.Join(dir, ".wire.db.new-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, noon, noon); err != nil {
		t.Fatal(err)
	}
	s, err := Open(filepath.Join(dir, "wire.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("what a killed start left is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a start under way lost its file")
	}
}

func TestReplacedFileIsNoticed(t *testing.T) {
	t.Parallel()
	for fact, replace := range map[string]func(path string) error{
		"removed": os.Remove,
		"moved over": func(path string) error {
			if err := os.WriteFile(path+".new", []byte("x"), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"cut short": func(path string) error { return os.Truncate(path, 4096) },
	} {
		t.Run(fact, func(t *testing.T) {
			s := temp(t, Options{})
			commit(t, s, wrote("belta", "1"))
			if err := replace(s.Path()); err != nil {
				t.Fatal(err)
			}
			err := put(s, wrote("belta", "2"))
			if !errors.Is(err, ErrReplaced) {
				t.Errorf("commit: %v, want %v", err, ErrReplaced)
			}
		})
	}
}

// ofSchema returns a store's file with another version of the layout noted in it.
func ofSchema(t *testing.T, file []byte, version uint64) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return newTable(bMeta, tx.Bucket(bMeta), nil).put(kSchema, key8(version)) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

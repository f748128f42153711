package boltfile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// smallFile returns the bytes of a file with two buckets of forty rows.
func smallFile(tb testing.TB) []byte {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "a.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 1 << 10, NoSync: true})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range 40 {
		err := db.Update(func(tx *bbolt.Tx) error {
			for _, name := range []string{"item", "log"} {
				b, err := tx.CreateBucketIfNotExists([]byte(name))
				if err == nil {
					err = b.Put([]byte{1, byte(i)}, bytes.Repeat([]byte{byte(i)}, 90))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// FuzzFile reads a file that may be anything: neither a walk nor a salvage panics or goes on without end, and of a file that a walk finds
// whole a salvage finds all rows in the newest tree.
func FuzzFile(f *testing.F) {
	file := smallFile(f)
	f.Add(file)
	f.Add(file[:5<<10])
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<17 {
			return
		}
		from, faults, found := bytes.NewReader(b), 0, 0
		Walk(from, int64(len(b)), func(Fault) { faults++ })
		s := Salvage{From: from, Size: int64(len(b)), Buckets: []string{"item", "log"},
			Whole: func(_ int, k, v []byte) bool {
				return len(k) == 2 && len(v) == 90 && k[0] == 1 && v[0] == k[1] && v[89] == k[1]
			},
			Version: func(int, []byte, []byte) uint64 { return 0 },
			Found: func(_ int, _, _ []byte, from Origin) {
				if from == InTree {
					found++
				}
			},
			Lost: func(int, []byte) {},
		}
		s.Run()
		if bytes.Equal(b, file) && (faults != 0 || found != 80) {
			t.Errorf("%d faults, %d rows of a whole file", faults, found)
		}
	})
}

package boltfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

const pageSize = 512

func faultsOf(file []byte) (all []string) {
	Walk(bytes.NewReader(file), int64(len(file)), func(f Fault) { all = append(all, f.Error()) })
	return all
}

// someFile returns a file of pages of each kind: branches of two levels, buckets in others, values longer than a page, a list of free
// pages.
func someFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 { // the later ones free pages
		err = errors.Join(err, db.Update(func(tx *bbolt.Tx) error {
			for _, name := range []string{"small", "rows", "long"} {
				b, err := tx.CreateBucketIfNotExists([]byte(name))
				if err != nil {
					return err
				}
				in, err := b.CreateBucketIfNotExists([]byte("in"))
				if err != nil {
					return err
				}
				n := map[string]int{"small": 2, "rows": 200, "long": 9}[name]
				size := map[string]int{"small": 9, "rows": 30, "long": 3 * pageSize}[name]
				for i := range n {
					k := binary.BigEndian.AppendUint64(nil, uint64(i))
					if err := errors.Join(b.Put(k, bytes.Repeat([]byte{byte(round + 1)}, size)), in.Put(k, k)); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	file, read := os.ReadFile(path)
	if err := errors.Join(err, db.Close(), read); err != nil {
		t.Fatal(err)
	}
	return file
}

// livePages returns the numbers of the pages of a file that begin something.
func livePages(t *testing.T, file []byte) (ids []int) {
	t.Helper()
	used, _ := Walk(bytes.NewReader(file), int64(len(file)), func(f Fault) { t.Error(f) })
	for id := range used {
		if id >= 2 && used[id] && binary.NativeEndian.Uint64(file[id*pageSize:]) == uint64(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestEveryBitOfAPageHeadIsSeen turns each bit of the head of pages that are in use, and of their first elements.
func TestEveryBitOfAPageHeadIsSeen(t *testing.T) {
	t.Parallel()
	file := someFile(t)
	if faults := faultsOf(file); len(faults) > 0 {
		t.Fatal(faults)
	}
	pages := livePages(t, file)
	if len(pages) < 10 {
		t.Fatalf("%d pages are in use, want more", len(pages))
	}
	for i := 0; i < len(pages); i += 3 {
		id := pages[i]
		head := pageHead
		if kind := file[id*pageSize+8]; kind == leafPage || kind == branchPage {
			head += 8 // flags and place, or place and length: of the first element
		}
		for bit := range 8 * head {
			at := id*pageSize + bit/8
			file[at] ^= 1 << (bit % 8)
			if len(faultsOf(file)) == 0 {
				t.Errorf("page %d: bit %d of byte %d is not seen", id, bit%8, bit/8)
			}
			file[at] ^= 1 << (bit % 8)
		}
	}
}

func TestDamagedMetaPageIsSeen(t *testing.T) {
	t.Parallel()
	whole := someFile(t)
	for _, id := range []int{0, 1} {
		for at := pageHead; at < metaLength; at++ {
			file := someFile(t)
			file[id*pageSize+at] ^= 0x10
			if len(faultsOf(file)) == 0 {
				t.Errorf("meta page %d: byte %d is not seen", id, at)
			}
		}
	}
	for _, n := range []int{0, 1, pageSize, 2 * pageSize, 3 * pageSize} {
		if len(faultsOf(whole[:n])) == 0 {
			t.Errorf("a file of %d bytes is not seen", n)
		}
	}
}

// TestPageUsedTwiceIsSeen: a page that leads back to itself would be walked for ever.
func TestPageUsedTwiceIsSeen(t *testing.T) {
	t.Parallel()
	file := someFile(t)
	for _, id := range livePages(t, file) {
		page := file[id*pageSize:]
		if page[8] != branchPage {
			continue
		}
		first := page[pageHead+8:]
		was := binary.NativeEndian.Uint64(first)
		binary.NativeEndian.PutUint64(first, binary.NativeEndian.Uint64(page[pageHead+pageElement+8:])) // as the second one
		if all := faultsOf(file); !slices.ContainsFunc(all, func(f string) bool { return strings.Contains(f, "is used twice") }) {
			t.Errorf("page %d: %q", id, all)
		}
		binary.NativeEndian.PutUint64(first, was)
	}
}

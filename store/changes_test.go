package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store/boltfile"
)

// compactedFile returns the bytes of a store with three levels of pages in some buckets, compacted and closed.
func compactedFile(t *testing.T) []byte {
	t.Helper()
	s, w := temp(t, Options{}), newFeeder()
	for range 40 {
		commit(t, s, w.visit(10))
	}
	if _, _, err := s.Compact(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestPageThatSaysBillionsFollowIsNotFreed damages the number of the pages that follow, in every eighth page or, in the long form, in
// every page. What is done to the store names the page, and does not free it.
func TestPageThatSaysBillionsFollowIsNotFreed(t *testing.T) {
	t.Parallel()
	file := compactedFile(t)
	all := livePages(t, file)
	if len(all) < 100 {
		t.Fatalf("%d pages are in use, want more", len(all))
	}
	for name, do := range map[string]func(*Store) error{"changes": changeMuch, "taken back": changeNothing} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, id := range all {
				if i%pick(8, 1) == 0 {
					tryPage(t, file, id, do)
				}
			}
		})
	}
}

// TestBucketWithADamagedPageIsNotDropped damages the root page of each bucket.
func TestBucketWithADamagedPageIsNotDropped(t *testing.T) {
	t.Parallel()
	s, w := temp(t, Options{}), newFeeder()
	for range 4 {
		commit(t, s, w.visit(10))
	}
	file, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.View(func(v View) error {
		dropped := 0
		for _, name := range buckets {
			id := int(v.tx.Bucket(name).Root())
			if id == 0 {
				continue // it is a part of another's page
			}
			damaged := bytes.Clone(file)
			damaged[id*pageSize+14] |= 1
			for from, want := range map[*bytes.Reader]error{bytes.NewReader(file): nil, bytes.NewReader(damaged): ErrCorrupt} {
				c := boltfile.NewChanges(from, s.pageSize, v.tx)
				if err := corrupt(c.Drop(v.tx.Cursor().Bucket(), name)); !errors.Is(err, want) {
					t.Errorf("bucket %s: %v, want %v", name, err, want)
				}
			}
			dropped++
		}
		if dropped < 4 {
			t.Errorf("%d buckets have pages, want more", dropped)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// tryPage damages a page of a store, and does something to it.
func tryPage(t *testing.T, file []byte, id int, do func(*Store) error) {
	t.Helper()
	file = bytes.Clone(file)
	more := file[id*pageSize+12:]
	binary.NativeEndian.PutUint32(more, binary.NativeEndian.Uint32(more)|1<<20) // more would take minutes, if it was believed
	path := filepath.Join(t.TempDir(), "wire.db")
	if err := os.WriteFile(path, file, 0o640); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err == nil {
		err = errors.Join(do(s), s.Close())
	}
	page := fmt.Sprintf("page %d: goes on beyond the end of the file", id)
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), page) {
		t.Errorf("page %d: %v", id, err)
	}
	if file, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(faultsOf(file), page) {
		t.Errorf("page %d was freed", id)
	}
}

var errAlone = errors.New("an error of the caller")

// changeNothing makes an update that is taken back.
func changeNothing(s *Store) error {
	return s.Update(noon, func(*Tx) error { return errAlone })
}

// changeMuch stores new items, changes old ones and removes some. What is not changed is seen when something is taken back.
func changeMuch(s *Store) error {
	w := newFeeder()
	w.n = 10_000
	if err := s.Update(noon, func(t *Tx) error { return w.visit(5).Put(t) }); err != nil {
		return err
	}
	if err := s.Update(noon, reviseAll); err != nil {
		return err
	}
	none := func(news.Item) []news.IdentityKey { return nil }
	_, err := s.Prune(noon.Add(100*day), Retention{Text: day, Keys: 2 * day, Fingerprints: day}, none, time.Minute)
	if err != nil {
		return err
	}
	return changeNothing(s)
}

// reviseAll stores another revision of every tenth item.
func reviseAll(t *Tx) error {
	for number := uint64(1); number < 400; number += 10 {
		it, found, err := t.ItemByNumber(number)
		if err != nil || !found {
			return err
		}
		it.Revision++
		if _, err := t.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/boltfile"
	"dateline/store/postings"
	"github.com/google/go-cmp/cmp"
)

// revisionsOf returns all stored revisions of all items, by key and revision.
func revisionsOf(t *testing.T, s *Store) map[string]news.Item {
	t.Helper()
	all := map[string]news.Item{}
	view(t, s, func(v View) {
		for n := uint64(1); n <= v.memo.totals.number; n++ {
			k, found, err := v.keyOf(n)
			if err != nil {
				t.Error(err)
			}
			for r := 1; found && r < 4; r++ {
				it, there, err := v.Revision(k, r)
				if err != nil {
					t.Error(err)
				}
				if there {
					all[fmt.Sprint(k, " ", r)] = it
				}
			}
		}
	})
	return all
}

// entriesOf returns all entries, without when they changed.
func entriesOf(t *testing.T, s *Store) map[news.Key]news.Entry {
	t.Helper()
	all := map[news.Key]news.Entry{}
	view(t, s, func(v View) {
		err := v.table(bEntry).each(func(k, value []byte) error {
			key, found, err := v.keyOf(num8(k))
			if err != nil || !found {
				return err
			}
			e, err := unpackEntry(key, value)
			e.Changed = 0
			all[key] = e
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	return all
}

// openBytes opens a store of those bytes.
func openBytes(t testing.TB, dir string, file []byte) *Store {
	t.Helper()
	path := filepath.Join(dir, "whole.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// place is where in the file the row of a bucket is: its element, and its key with its value.
type place struct {
	bucket     string
	k          string
	head, from int
	n          int
}

// rowPlaces returns where the rows of items, entries and the log are, by a reader of pages that the store does not use.
func rowPlaces(t *testing.T, s *Store, file []byte) (all []place) {
	t.Helper()
	const page = 4096
	at := map[string]place{} // by content
	order := binary.NativeEndian
	used, _ := boltfile.Walk(bytes.NewReader(file), int64(len(file)), func(f boltfile.Fault) { t.Error(f) })
	for p := 2 * page; p < len(used)*page; p += page {
		if !used[p/page] || order.Uint64(file[p:]) != uint64(p/page) || order.Uint16(file[p+8:]) != 2 {
			continue
		}
		for i := range int(order.Uint16(file[p+10:])) {
			e := p + 16 + 16*i
			from, n := e+int(order.Uint32(file[e+4:])), int(order.Uint32(file[e+8:])+order.Uint32(file[e+12:]))
			if order.Uint32(file[e:]) == 0 && from+n <= len(file) {
				at[string(file[from:from+n])] = place{head: e, from: from, n: n}
			}
		}
	}
	err := s.db.Load().View(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{bItem, bEntry, bLog} {
			err := tx.Bucket(name).ForEach(func(k, v []byte) error {
				p, found := at[string(k)+string(v)]
				if !found {
					return fmt.Errorf("%s %x is on no page", name, k)
				}
				p.bucket, p.k = string(name), string(k)
				all = append(all, p)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// branchPages returns the pages of a whole file that lead to others.
func branchPages(file []byte) (all []int) {
	used, _ := boltfile.Walk(bytes.NewReader(file), int64(len(file)), func(boltfile.Fault) {})
	for p, is := range used {
		if is && p > 1 && binary.NativeEndian.Uint16(file[p*4096+8:]) == 1 {
			all = append(all, p)
		}
	}
	return all
}

// spoilFile damages one place of a file: a bit, up to 4,096 bytes, the head of a page, or some bytes of a page that leads to others.
func spoilFile(rng *rand.Rand, file []byte) (how string, from, to int) {
	switch rng.IntN(4) {
	case 0:
		at := rng.IntN(len(file))
		file[at] ^= 1 << rng.IntN(8)
		return "a bit", at, at + 1
	case 1:
		from = rng.IntN(len(file) - 4096)
		to = from + 1 + rng.IntN(4096)
	case 2:
		all := branchPages(file)
		from = all[rng.IntN(len(all))]*4096 + rng.IntN(512)
		to = from + 1 + rng.IntN(64)
	default:
		from = rng.IntN(len(file)/4096) * 4096
		to = from + 16
	}
	zero := rng.IntN(2) == 0
	for i := from; i < to; i++ {
		if file[i] = 0; !zero {
			file[i] = byte(rng.Uint32())
		}
	}
	return "bytes", from, to
}

// TestSalvage damages stores in one place. What is salvaged is a whole store: it has no item, entry or record that was not stored, none
// that is altered, and all that the damage did not touch.
func TestSalvage(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and on one goroutine")
	}
	t.Parallel()
	killedFile, closedFile := salvageFiles()
	rng := seeded(t)
	for name, file := range [][]byte{killedFile, closedFile} {
		was := newSalvageWas(t, file)
		for i := range pick(6, 100) {
			damagedFile := bytes.Clone(file)
			how, from, to := spoilFile(rng, damagedFile)
			was.try(t, fmt.Sprintf("%d, %d: %s from %d to %d (page %d)", name, i, how, from, to, from/4096), damagedFile)
		}
	}
}

// salvageWas is the whole store.
type salvageWas struct {
	file      []byte
	places    []place
	revisions map[string]news.Item
	entries   map[news.Key]news.Entry
	head      uint64
	feedID    string
}

func newSalvageWas(t *testing.T, file []byte) salvageWas {
	t.Helper()
	s := openBytes(t, t.TempDir(), file)
	w := salvageWas{file: file, places: rowPlaces(t, s, file), revisions: revisionsOf(t, s), entries: entriesOf(t, s)}
	view(t, s, func(v View) { w.head, w.feedID = v.Head(), v.FeedID() })
	return w
}

// TestSalvageWithoutWhatLeadsToRows: of a file without its beginning, or without a page that leads to rows, all rows are found.
func TestSalvageWithoutWhatLeadsToRows(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and on one goroutine")
	}
	t.Parallel()
	_, file := salvageFiles()
	was := newSalvageWas(t, file)
	for _, page := range append([]int{0}, branchPages(file)...) {
		damagedFile := bytes.Clone(file)
		clear(damagedFile[page*4096 : (page+max(1, 2-page))*4096])
		was.try(t, fmt.Sprint("without page ", page), damagedFile)
	}
	rootless := bytes.Clone(file)
	for _, meta := range []int{0, 4096} {
		root := int(binary.NativeEndian.Uint64(file[meta+32:]))
		clear(rootless[root*4096 : (root+1)*4096])
	}
	was.try(t, "without both roots", rootless)
}

// try salvages a damaged file.
func (w salvageWas) try(t *testing.T, how string, file []byte) {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "wire.db"), filepath.Join(dir, "new.db")
	if err := os.WriteFile(from, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Salvage(t.Context(), from, to, recognised, nil); err != nil {
		t.Fatalf("%s: %v", how, err)
	}
	if after, err := os.ReadFile(from); err != nil || !bytes.Equal(after, file) {
		t.Fatalf("%s: the damaged file was changed (%v)", how, err)
	}
	s, err := Open(to, Options{})
	if err != nil {
		t.Fatalf("%s: %v", how, err)
	}
	defer s.Close()
	if faults := check(t, s); len(faults) > 0 {
		t.Errorf("%s: %q", how, faults)
	}
	w.nothingElse(t, how, s)
	w.nothingLeft(t, how, s, file)
	if err := put(s, wrote("s1", "after")); err != nil {
		t.Errorf("%s: a visit afterwards: %v", how, err)
	}
}

// nothingElse fails where the store has what the whole one had not.
func (w salvageWas) nothingElse(t *testing.T, how string, s *Store) {
	t.Helper()
	for name, is := range revisionsOf(t, s) {
		want := w.revisions[name]
		if is.Feed.Title == "" { // its description was lost
			is.Feed = want.Feed
		}
		is.Entry = want.Entry
		if d := cmp.Diff(want, is); d != "" {
			t.Errorf("%s: item %s:\n%s", how, name, d)
		}
	}
	view(t, s, func(v View) {
		if v.FeedID() != w.feedID {
			t.Errorf("%s: the feed is called %s, not %s", how, v.FeedID(), w.feedID)
		}
		if v.Head() < w.head {
			t.Errorf("%s: the log ends at %d, before %d", how, v.Head(), w.head)
		}
	})
	for k, is := range entriesOf(t, s) {
		if want, known := w.entries[k]; known && (is.AtomID() != want.AtomID() || is.First != want.First && is.First <= w.head) {
			t.Errorf("%s: entry %s is %+v, was %+v", how, k, is, want)
		}
	}
}

// nothingLeft fails where the store lacks a row that the damage has not touched.
func (w salvageWas) nothingLeft(t *testing.T, how string, s *Store, file []byte) {
	t.Helper()
	err := s.View(func(v View) error {
		for _, p := range w.places {
			if !bytes.Equal(w.file[p.head:p.head+16], file[p.head:p.head+16]) || !bytes.Equal(w.file[p.from:p.from+p.n], file[p.from:p.from+p.n]) {
				continue
			}
			k := []byte(p.k)
			is, err := v.table([]byte(p.bucket)).get(k)
			if err != nil {
				return err
			}
			if p.bucket == string(bLog) {
				if want := w.file[p.from+len(k) : p.from+p.n-postings.SumBytes]; !bytes.Equal(is, want) {
					t.Errorf("%s: record %x is left behind", how, k)
				}
				continue
			}
			has := true // what the row is of
			switch {
			case p.bucket == string(bEntry):
				_, has, err = v.keyOf(num8(k))
			case k[0] == 1:
				_, has, err = v.keyOf(num8(k[1:]))
			}
			if err != nil {
				return err
			}
			if is == nil && has {
				t.Errorf("%s: %s %x is left behind", how, p.bucket, k)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSalvageOverwritesNothing.
func TestSalvageOverwritesNothing(t *testing.T) {
	t.Parallel()
	file, _ := salvageFiles()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "wire.db"), filepath.Join(dir, "new.db")
	for name, content := range map[string][]byte{from: file, to: []byte("mine")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Salvage(t.Context(), from, to, recognised, nil); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != "mine" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.WriteFile(from, []byte("no store at all, and rather short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Salvage(t.Context(), from, filepath.Join(dir, "other.db"), recognised, nil); !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}

// TestSalvageOfBlocksThatWereJoined: of an item that two blocks have, one of them from before they were joined, there is one.
func TestSalvageOfBlocksThatWereJoined(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "wire.db"), filepath.Join(dir, "new.db")
	s, err := Open(from, Options{})
	if err != nil {
		t.Fatal(err)
	}
	published(t, s, 12)
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon}})
	var before []byte // the second block, whose item has its text
	view(t, s, func(v View) {
		value, err := v.table(bItem).get(blockKey(2))
		if before = bytes.Clone(value); err != nil {
			t.Fatal(err)
		}
	})
	if u := keep(t, s, noon.Add(92*day)); u.Texts != 12 {
		t.Fatalf("%+v", u)
	}
	view(t, s, func(v View) {
		if rows := *v.memo.totals.rowsOf(bItem); rows != 1 {
			t.Errorf("%d blocks, want them joined", rows)
		}
	})
	err = s.transact(func(v View) error { return v.table(bItem).put(blockKey(2), before) })
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := Salvage(t.Context(), from, to, recognised, nil); err != nil || got.Items != 12 {
		t.Errorf("%+v, %v, want 12 items", got, err)
	}
	again, err := Open(to, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	view(t, again, func(v View) {
		if it, found, err := v.ItemByNumber(2); err != nil || !found || !it.Erased {
			t.Errorf("item 2: erased %t, %v", it.Erased, err)
		}
	})
	if faults := check(t, again); len(faults) > 0 {
		t.Error(faults)
	}
}

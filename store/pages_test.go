package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func faultsOf(file []byte) (all []string) {
	walkPages(bytes.NewReader(file), int64(len(file)), func(f Fault) { all = append(all, f.String()) })
	return all
}

// livePages returns the numbers of the pages of a file that begin something.
func livePages(t *testing.T, file []byte) (ids []int) {
	t.Helper()
	w := walker{from: bytes.NewReader(file), report: func(f Fault) { t.Error(f) }}
	if !w.readMeta() {
		t.Fatal("no meta page")
	}
	w.used = make([]bool, w.meta.end)
	w.tree(w.meta.root, nil, nil)
	free := w.freeList()
	for id := range w.used {
		if page := file[id*w.meta.size:]; w.used[id] && !slices.Contains(free, uint64(id)) && binary.NativeEndian.Uint64(page) == uint64(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestEveryBitOfAPageHeadIsSeen turns each bit of the head of pages that are in use, and of their first elements.
func TestEveryBitOfAPageHeadIsSeen(t *testing.T) {
	t.Parallel()
	file := bytes.Clone(spaciousFile())
	if faults := faultsOf(file); len(faults) > 0 {
		t.Fatal(faults)
	}
	pages := livePages(t, file)
	if len(pages) < 10 {
		t.Fatalf("%d pages are in use, want more", len(pages))
	}
	rng := seeded(t)
	rng.Shuffle(len(pages), func(i, j int) { pages[i], pages[j] = pages[j], pages[i] })
	for _, id := range pages[:min(pick(2, 12), len(pages))] {
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
	for _, id := range []int{0, 1} {
		for at := pageHead; at < metaLength; at++ {
			file := bytes.Clone(spaciousFile())
			file[id*pageSize+at] ^= 0x10
			if len(faultsOf(file)) == 0 {
				t.Errorf("meta page %d: byte %d is not seen", id, at)
			}
		}
	}
	for _, n := range []int{0, 1, pageSize, 2 * pageSize, 3 * pageSize} {
		if len(faultsOf(spaciousFile()[:n])) == 0 {
			t.Errorf("a file of %d bytes is not seen", n)
		}
	}
}

// TestPageUsedTwiceIsSeen: a page that leads back to itself would be walked for ever.
func TestPageUsedTwiceIsSeen(t *testing.T) {
	t.Parallel()
	file := bytes.Clone(spaciousFile())
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

// TestPageThatSaysItIsLongerIsNoBug: with so many elements that those of the page behind it are taken for its own, bbolt finds rows
// which are right and in the wrong place.
func TestPageThatSaysItIsLongerIsNoBug(t *testing.T) {
	t.Parallel()
	const perPage = pageSize / pageElement
	file := bytes.Clone(spaciousFile())
	path := filepath.Join(t.TempDir(), "wire.db")
	for _, id := range livePages(t, file) {
		page := file[id*pageSize:]
		if page[8] != leafPage || len(page) < 2*pageSize || page[pageSize+8] != leafPage {
			continue
		}
		count := binary.NativeEndian.Uint16(page[10:])
		binary.NativeEndian.PutUint16(page[10:], perPage+binary.NativeEndian.Uint16(page[pageSize+10:])/2)
		if err := os.WriteFile(path, file, 0o640); err != nil {
			t.Fatal(err)
		}
		binary.NativeEndian.PutUint16(page[10:], count)
		s, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			continue
		}
		for number := uint64(1); number < 400; number++ {
			err := s.View(func(v View) error { _, _, err := v.ItemByNumber(number); return err })
			if err != nil && !errors.Is(err, ErrCorrupt) {
				t.Fatalf("page %d, item %d: %v", id, number, err)
			}
			if err != nil && strings.Contains(err.Error(), "not in its place") {
				s.Close()
				return
			}
		}
		s.Close()
	}
	t.Error("no row was found in the wrong place")
}

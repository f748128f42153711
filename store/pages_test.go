package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/store/boltfile"
)

func faultsOf(file []byte) (all []string) {
	boltfile.Walk(bytes.NewReader(file), int64(len(file)), func(f boltfile.Fault) { all = append(all, f.Error()) })
	return all
}

// livePages returns the numbers of the pages of a file that begin something.
func livePages(t *testing.T, file []byte) (ids []int) {
	t.Helper()
	used, _ := boltfile.Walk(bytes.NewReader(file), int64(len(file)), func(f boltfile.Fault) { t.Error(f) })
	for id := range used {
		if id >= 2 && used[id] && binary.NativeEndian.Uint64(file[id*pageSize:]) == uint64(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestPageThatSaysItIsLongerIsNoBug: with so many elements that those of the page behind it are taken for its own, bbolt finds rows
// which are right and in the wrong place.
func TestPageThatSaysItIsLongerIsNoBug(t *testing.T) {
	t.Parallel()
	const perPage, leafPage = pageSize / 16, 2 // elements, kind
	path := filepath.Join(t.TempDir(), "wire.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all visited // in pages one behind the other
	for n := range 400 {
		all.Items = append(all.Items, wrote("belta", fmt.Sprint(n)).Items...)
	}
	if err := errors.Join(put(s, all), s.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
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

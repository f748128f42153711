package postings

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// dump returns every key and value, sub-buckets included.
func dump(tb testing.TB, db *bbolt.DB) string {
	var out strings.Builder
	var walk func(at string, b *bbolt.Bucket)
	walk = func(at string, b *bbolt.Bucket) {
		must(tb, b.ForEach(func(k, v []byte) error {
			name := fmt.Sprintf("%s/%x", at, k)
			fmt.Fprintf(&out, "%s %x\n", name, v)
			if v == nil {
				walk(name, b.Bucket(k))
			}
			return nil
		}))
	}
	must(tb, db.View(func(tx *bbolt.Tx) error {
		walk("", tx.Bucket(bucketName))
		return nil
	}))
	return out.String()
}

// TestSegmentsDependOnOrderAlone: the same documents, removals and expiry give the same segments and postings, however they were grouped.
func TestSegmentsDependOnOrderAlone(t *testing.T) {
	t.Parallel()
	c := &campaign{r: rand.New(rand.NewPCG(5, 5))}
	type change struct {
		add    []Posting
		remove uint64 // where nothing is added
	}
	var all []change
	for len(all) < 700 {
		for _, p := range c.postings() {
			all = append(all, change{add: []Posting{p}})
		}
		if c.r.IntN(20) == 0 {
			all = append(all, change{remove: c.last[0] / 2})
		}
	}
	var want string
	for i, size := range []int{1, 7, 24, len(all)} {
		db, s := open(t), small("print", "tag")
		for part := range slices.Chunk(all, size) {
			must(t, update(db, s, func(w *Writer) error {
				w.Expired = func(_ int, d Doc) (bool, error) { return d.ID%9 == 0, nil }
				var together []Posting
				for _, ch := range part {
					if together = append(together, ch.add...); ch.add != nil {
						continue
					}
					must(t, w.Add(together...))
					_, err := w.Remove(0, ch.remove)
					must(t, err)
					together = nil
				}
				return w.Add(together...)
			}))
			if i%2 == 1 {
				s = small("print", "tag")
			}
		}
		got := dump(t, db)
		at := strings.Index(got, fmt.Sprintf("/%x", kState))
		got = got[:at] // the segments: rows of the memtable are grouped as they were added
		if i == 0 {
			want = got
		}
		if got != want || len(want) < 10_000 {
			t.Errorf("changed by %d: %d bytes of segments, want the same %d as changed one by one", size, len(got), len(want))
		}
	}
}

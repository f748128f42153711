package postings

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"
)

// pages notes what a writer changes, and fails where a bucket is to be deleted that is not there any more.
type pages struct {
	rows, drops int
	fails       error
}

func (p *pages) Row(*bbolt.Bucket, []byte) { p.rows++ }

func (p *pages) Drop(b *bbolt.Bucket, key []byte) error {
	if p.drops++; b.Bucket(key) == nil {
		return fmt.Errorf("bucket %x was deleted before", key)
	}
	return p.fails
}

// TestPagesAreAskedBeforeTheyAreFreed: of every row that is written, and before the memtable and the segments that were merged are
// deleted. What they say ends the change.
func TestPagesAreAskedBeforeTheyAreFreed(t *testing.T) {
	t.Parallel()
	db, s, p := open(t), small("a"), &pages{}
	add := func(id int) error {
		return update(db, s, func(w *Writer) error {
			w.Pages = p
			return w.Add(Posting{0, Doc{ID: uint64(id)}, []uint64{uint64(id)}})
		})
	}
	const sealed, merged = 16, 64
	for id := 1; id < sealed; id++ {
		must(t, add(id))
	}
	if p.rows != 2*(sealed-1) || p.drops != 0 { // the row and the state
		t.Errorf("%d rows and %d buckets before the seal", p.rows, p.drops)
	}
	p.fails = errors.New("damaged")
	if err := add(sealed); !errors.Is(err, p.fails) {
		t.Errorf("a seal in spite of a damaged page: %v", err)
	}
	p.drops, p.fails = 0, nil
	for id := sealed; id <= merged; id++ {
		must(t, add(id))
	}
	if want := merged/sealed + 4; p.drops != want { // four memtables, four segments
		t.Errorf("%d buckets were deleted, want %d", p.drops, want)
	}
}

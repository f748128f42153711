package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// TestPurgedTextIsNotFound: of a purged source no fingerprints are kept either, in the memtable and in what is sealed; its
// neighbours are found as before.
func TestPurgedTextIsNotFound(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	commit(t, s, withTerms("alpha", at, 1, []uint32{1, 7, 9}, []uint32{7, 8}))
	commit(t, s, withTerms("bravo", at, 11, []uint32{7, 9}))
	seal(t, s, iStem, postings.SealDocs)
	commit(t, s, withTerms("alpha", at, 3, []uint32{7, 20}))
	commit(t, s, withTerms("bravo", at, 12, []uint32{20}))
	want := find(t, s, 9, 1, 7, 8, 9, 20)
	want = slices.DeleteFunc(want, func(line string) bool { return line[:5] == "alpha" })
	done, err := s.Purge(noon, "alpha", func(news.Item) []news.IdentityKey { return nil })
	if err != nil || done != (Purged{Items: 3}) {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, when := range []string{"at once", "after a restart"} {
		if d := cmp.Diff(want, find(t, s, 9, 1, 7, 8, 9, 20)); d != "" || len(want) != 2 {
			t.Errorf("%s: %s", when, d)
		}
		s = reopened(t, s)
	}
}

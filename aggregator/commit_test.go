package aggregator_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// noise returns n pieces, each with a word of its own of as many bytes that does not compress: what takes room, not time.
func noise(source string, from, n, bytes int) []feedtest.Item {
	all := feedItems(source, from, n)
	for i := range all {
		r := rand.New(rand.NewPCG(1, xxhash.Sum64String(all[i].GUID)))
		var word strings.Builder
		for word.Len() < bytes {
			fmt.Fprintf(&word, "%x", r.Uint64())
		}
		all[i].Description = "MINSK. " + word.String()
	}
	return all
}

// stood is how many items of each source were there before the disk was full.
const stood = 5

// TestEveryCommitFails is Law 1: the disk is full at each commit of a pass in turn. Of a visit that could not be
// recorded nothing is there; what was recorded is whole; and the next pass brings the rest, once.
func TestEveryCommitFails(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("megabytes under the race detector: the run without -short shows it")
	}
	ids := []string{"alpha", "bravo", "charlie", "delta"}
	brings := []int{2, 10, 24, 48} // ever more, so that a disk has room for one and not for the next
	s := feedtest.NewServer(t)
	sources := []news.Source{s.Source("history")}
	// bbolt counts a file by the page from its second MiB on.
	s.Set("/history", page("history", noise("history", 1, 80, 24000)...))
	for _, id := range ids {
		sources = append(sources, s.Source(id))
		s.Set("/"+id, feedtest.Doc(feedtest.RSS(id, noise(id, 1, stood, 1600)...), "ETag", `"1"`))
	}
	base := newHarness(t, sources...)
	base.good()
	var old []news.State
	for i, id := range ids {
		old = append(old, base.state(id))
		s.Set("/"+id, feedtest.Doc(feedtest.RSS(id, noise(id, 3, stood-2+brings[i], 1600)...), "ETag", `"2"`)) // 1 and 2 have left
	}
	base.close()
	file, err := os.ReadFile(base.path)
	if err != nil {
		t.Fatal(err)
	}

	first, between := -1, 0 // visits recorded by the first pass, and passes that recorded some
	stride := scale(32, 32, 2) * 4096
	const most = 200
	for step, committed := 0, 0; committed < len(ids) && !t.Failed(); step++ {
		if step == most {
			t.Fatalf("the pass does not fit into %d more bytes", most*stride)
		}
		r := &harness{t: t, path: base.path, sources: sources, fetch: base.fetch, limit: len(file) + step*stride}
		if err := os.WriteFile(r.path, file, 0o640); err != nil {
			t.Fatal(err)
		}
		committed = r.fullDisk(ids, brings, old)
		if first < 0 {
			first = committed
		}
		if 0 < committed && committed < len(ids) {
			between++
		}
	}
	if first != 0 || between == 0 {
		t.Errorf("the smallest disk had room for %d visits, %d others for some", first, between)
	}
}

// fullDisk makes a pass with the limit, checks what is there of it, and makes one without. It returns how many visits of
// the first pass were recorded.
func (r *harness) fullDisk(ids []string, brings []int, old []news.State) (committed int) {
	r.t.Helper()
	r.open()
	report, there := r.pass(ids...), r.counts()
	missing := 0
	for i, v := range report.Visits {
		want := stood
		if v.Err == nil {
			want += brings[i]
			committed++
		} else {
			missing += brings[i]
		}
		if there[v.Source] != want {
			r.t.Errorf("limit %d: %s, %v: %d items are there, want %d", r.limit, v.Source, v.Err, there[v.Source], want)
		}
		r.allOrNothing(v, old[i], brings[i])
	}
	r.sound()

	r.limit = 0
	r.open() // as after a crash, with room again
	if report := r.good(ids...); report.New != missing || report.Updated != 0 {
		r.t.Errorf("the next pass brought %d new, %d updated; want %d and 0", report.New, report.Updated, missing)
	}
	there = r.counts()
	for i, id := range ids {
		if there[id] != stood+brings[i] {
			r.t.Errorf("%d items of %s, want each of %d once", there[id], id, stood+brings[i])
		}
	}
	r.sound()
	r.close()
	return committed
}

// allOrNothing checks the state after a visit: it vouches for what was brought or, where that could not be
// recorded, is the old one.
func (r *harness) allOrNothing(v news.Visit, old news.State, brings int) {
	r.t.Helper()
	st := r.state(v.Source)
	if v.Err == nil {
		if v.New != brings || st.Validators.ETag != `"2"` {
			r.t.Errorf("%s: %d new, want %d; validators %q", v.Source, v.New, brings, st.Validators)
		}
		return
	}
	var lost *aggregator.CommitError
	if !errors.As(v.Err, &lost) || v.Result != news.Failed || v.New != 0 {
		r.t.Errorf("%s: %s, %d new, %v; want a RecordError", v.Source, v.Result, v.New, v.Err)
	}
	if d := cmp.Diff(old, st); d != "" {
		r.t.Errorf("%s: of the lost visit something is there:\n%s", v.Source, d)
	}
}

// TestStoreReplaced: a store that is gone under the engine's feet loses the visit, not what was there.
func TestStoreReplaced(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", feedItems("alpha", 1, 2)...), "ETag", `"1"`))
	r := newHarness(t, s.Source("alpha"))
	r.good()
	before, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(r.path, r.path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.path, before, 0o640); err != nil {
		t.Fatal(err)
	}
	s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", feedItems("alpha", 1, 4)...), "ETag", `"2"`))
	if v := r.visit("alpha"); !errors.Is(v.Err, store.ErrReplaced) || v.New != 0 {
		t.Errorf("%d new: %v, want %v", v.New, v.Err, store.ErrReplaced)
	}
	if after, err := os.ReadFile(r.path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file in its place was written to: %v", err)
	}
	r.open()
	if v := r.visit("alpha"); v.New != 2 || v.Err != nil {
		t.Errorf("opened again: %d new: %v", v.New, v.Err)
	}
	r.sound()
}

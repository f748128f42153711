package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestLogIsDense(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	for i := range 5 {
		commit(t, s, wrote("belta", fmt.Sprint(i)))
	}
	view(t, s, func(v View) {
		if n := v.Head(); n != 5 {
			t.Fatalf("head is %d, want 5", n)
		}
		type line struct {
			Pos, First, Last uint64 // of the record; of its entry
			Kind             news.Kind
			Revision         int // of the entry
			At               time.Time
		}
		var got, want []line
		for rec, err := range v.Records(0) {
			if err != nil {
				t.Fatal(err)
			}
			e, found, err := v.Entry(rec.Entry)
			if err != nil || !found {
				t.Fatalf("the entry of position %d: %v, %v", rec.Pos, found, err)
			}
			got = append(got, line{rec.Pos, e.First, e.Last, rec.Kind, e.Revision, rec.At})
		}
		for n := uint64(5); n > 0; n-- {
			want = append(want, line{n, n, n, news.RecordNew, 1, noon})
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		var from3 []uint64
		for rec := range v.Records(3) {
			from3 = append(from3, rec.Pos)
		}
		if d := cmp.Diff([]uint64{3, 2, 1}, from3); d != "" {
			t.Error(d)
		}
	})
}

// TestChangeReachesRelatedEntries: an entry whose other telling changes is another one too, since it shows its title.
func TestChangeReachesRelatedEntries(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	one, other, third := wrote("belta", "1"), wrote("tass", "2"), wrote("mfa", "3")
	one.Entries[0].Story = []news.Key{other.Items[0].Key}
	for _, w := range []visited{one, other, third} {
		commit(t, s, w)
	}
	changed := func(w visited) (n uint64) {
		view(t, s, func(v View) {
			e, found, err := v.Entry(w.Items[0].Key)
			if err != nil || !found {
				t.Fatal(found, err)
			}
			n = e.Changed
		})
		return n
	}
	wasOther, wasThird := changed(other), changed(third)
	commit(t, s, visited{Source: "belta", Now: noon, Entries: one.Entries})
	if now := changed(other); now <= wasOther {
		t.Errorf("the other telling still counts %d", now)
	}
	if now := changed(third); now != wasThird {
		t.Errorf("an entry that has nothing to do with it went from %d to %d", wasThird, now)
	}
}

func TestStoredForms(t *testing.T) {
	t.Parallel()
	rec := news.LogRecord{Pos: 3, Kind: news.RecordUpdated, Revision: 2, At: noon}
	for name, updated := range map[string]time.Time{
		"of an entry that was updated before it was seen": noon.Add(-time.Hour), "at once": noon, "after": noon.Add(time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			want := rec
			want.Updated = updated
			number, got, err := unpackLog(3, packLog(7, want))
			if err != nil {
				t.Fatal(err)
			}
			if number != 7 {
				t.Errorf("item %d, want 7", number)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

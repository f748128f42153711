package status

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// brought returns n new items of a moment.
func brought(n int, at time.Time) (all []news.Item) {
	for i := range n {
		k := news.ItemKey(at.String(), string(rune('a'+i)))
		all = append(all, news.Item{Key: k, Entry: k, Revision: 1, FirstSeen: at})
	}
	return all
}

func TestTally(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	t.Run("each item is counted once", func(t *testing.T) {
		items := brought(4, began)
		items[0].Entry = news.ItemKey("other", "1")
		items[1].Credits.Dateline = &news.Dateline{}
		items[2].Credits.Photos = []news.Photo{{}}
		items = append(items, news.Item{Revision: 2, FirstSeen: began}, news.Item{Revision: 1, FirstSeen: began.Add(-time.Hour)})
		var got news.Tally
		Count(&got, items, began, time.UTC)
		counts := [4]uint64{got.Items, got.Joined, got.Datelines, got.Photos}
		if want := [4]uint64{4, 1, 1, 1}; counts != want {
			t.Errorf("items, joined, with a dateline, with a photo: %v, want %v", counts, want)
		}
		if s := Share(got.Datelines, got); s != 0.25 {
			t.Errorf("share %v", s)
		}
		if s := Share(0, news.Tally{}); s != 0 {
			t.Errorf("share of nothing %v", s)
		}
	})
	for _, c := range []struct {
		fact  string
		every time.Duration
		days  int
		want  float64
	}{
		{"an even stream, on its second day", time.Hour, 2, 24},
		{"an even stream, after weeks", time.Hour, 40, 24},
		{"an item a week", 7 * 24 * time.Hour, 70, 1. / 7},
	} {
		t.Run(c.fact, func(t *testing.T) {
			var got news.Tally
			Count(&got, brought(20, began), began, time.UTC) // what had gathered
			end := began.AddDate(0, 0, c.days)
			for at := began.Add(c.every); !at.After(end); at = at.Add(c.every) {
				Count(&got, brought(1, at), at, time.UTC)
			}
			if n := ItemsPerDay(got, end); math.Abs(n/c.want-1) > 0.6 {
				t.Errorf("%.2f a day, want %.2f", n, c.want)
			}
			if c.every == time.Hour {
				if n := ItemsPerDay(got, end); math.Abs(n/c.want-1) > 0.05 {
					t.Errorf("%.2f a day, want %.2f", n, c.want)
				}
				if n := ItemsPerDay(got, end.AddDate(0, 2, 0)); n > 0.1 {
					t.Errorf("%.2f a day after two months of silence", n)
				}
			}
		})
	}
	t.Run("nothing is said in the first hour", func(t *testing.T) {
		if n := ItemsPerDay(news.Tally{Since: began, At: began, Pace: 9}, began.Add(time.Minute)); n != 0 {
			t.Error(n)
		}
	})
}

// TestNoteNews: the longest silence is remembered, and fades as news arrives.
func TestNoteNews(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var st news.State
	for _, c := range []struct {
		after, longest time.Duration
	}{
		{0, 0},
		{time.Hour, time.Hour},
		{50 * time.Hour, 50 * time.Hour},
		{time.Hour, 49 * time.Hour},
	} {
		at = at.Add(c.after)
		if NoteNews(&st, at); st.Longest != c.longest || !st.LastNew.Equal(at) {
			t.Errorf("after %v: longest %v, last %v, want %v, %v", c.after, st.Longest, st.LastNew, c.longest, at)
		}
	}
	if st.News != 4 {
		t.Errorf("%d visits brought news, want 4", st.News)
	}
}

// TestDaily: items are counted by the day on which they came, in the zone of pages; days without any are 0, those before the first are
// not known.
func TestDaily(t *testing.T) {
	t.Parallel()
	minsk := time.FixedZone("MSK", 3*60*60)
	first := time.Date(2023, 5, 1, 20, 30, 0, 0, time.UTC) // 23:30 of the 1st
	var got news.Tally
	come := func(n int, at time.Time) { Count(&got, brought(n, at), at, minsk) }
	const x = Unknown
	daily := func(want []int, now time.Time) {
		t.Helper()
		if diff := cmp.Diff(want, Daily(got, now, minsk)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	daily([]int{x, x, x, x, x, x, x, x, x, x, x, x, x, x}, first)
	come(20, first)
	come(1, first.Add(29*time.Minute))
	come(2, first.Add(30*time.Minute)) // the 2nd
	come(3, first.Add(3*24*time.Hour)) // the 4th
	come(0, first.Add(5*24*time.Hour))
	daily([]int{x, x, x, x, x, x, x, x, x, x, 21, 2, 0, 3}, first.Add(3*24*time.Hour))
	daily([]int{x, x, x, x, x, x, x, x, 21, 2, 0, 3, 0, 0}, first.Add(5*24*time.Hour))
	come(4, first) // the clock was set back
	daily([]int{x, x, x, x, x, x, x, x, x, x, 21, 2, 0, 7}, first.Add(3*24*time.Hour))
	come(5, first.Add(15*24*time.Hour)) // the 16th
	daily([]int{0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5}, first.Add(15*24*time.Hour))
	come(6, first.Add(90*24*time.Hour))
	daily([]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6}, first.Add(90*24*time.Hour))
	daily(make([]int, 14), first.Add(200*24*time.Hour))
}

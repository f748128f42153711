package aggregator

import (
	"math"
	"time"

	"dateline/aggregator/news"
)

// What a source's own rhythm tells. None of it is published; it slows polling down and is told to the operator.
const (
	silentAfter = 6 * time.Hour // a shorter silence is never reported
	silentNews  = 10            // nor is one of a source that brought news less often than this
	fade        = 0.98          // how much of the longest silence is left after each arrival of news
	restShare   = 24            // a feed at rest is asked about this often in the time that it has rested
	restMost    = 8             // times its interval, at most

	paceFades = 7 * 24 * time.Hour // in which all but a third of an item's weight in the pace is gone
)

// noteNews takes note of a visit that brought news at.
func noteNews(st *news.State, at time.Time) {
	if !st.LastNew.IsZero() {
		st.Longest = max(time.Duration(float64(st.Longest)*fade), at.Sub(st.LastNew))
	}
	st.LastNew = at
	st.News++
}

// silent reports whether the source should have brought news by now: twice the longest time that it ever took.
func silent(st news.State, now time.Time) bool {
	return st.News >= silentNews && now.Sub(st.LastNew) > max(silentAfter, 2*st.Longest)
}

// rest returns how long a feed that has brought nothing for a while may be left alone: what rests for a day is
// asked hourly, never more often than wait and never eight times more rarely.
func rest(st news.State, at time.Time, wait time.Duration) time.Duration {
	if st.LastNew.IsZero() {
		return 0
	}
	return min(at.Sub(st.LastNew)/restShare, restMost*wait)
}

// tally counts the items that a visit at brought for the first time. Those of the first visit that brought any are what
// had gathered before: they say nothing of the pace.
func tally(t *news.Tally, written []news.Item, at time.Time) {
	before := t.Items
	for _, it := range written {
		if it.Revision == 1 && it.FirstSeen.Equal(at) {
			count(t, it)
		}
	}
	switch n := t.Items - before; {
	case n == 0:
	case before == 0:
		t.Since, t.At = at, at
	default:
		t.Pace, t.At = faded(t.Pace, at.Sub(t.At))+float64(n), at
	}
}

func count(t *news.Tally, it news.Item) {
	t.Items++
	if it.Entry != it.Key {
		t.Joined++
	}
	if it.Credits.Dateline != nil {
		t.Datelines++
	}
	if len(it.Credits.Photos) > 0 {
		t.Photos++
	}
	if isUndated(it) {
		t.Undated++
	}
}

// faded returns what is left of a pace after a time.
func faded(pace float64, after time.Duration) float64 {
	return pace * math.Exp(-max(after, 0).Seconds()/paceFades.Seconds())
}

// ItemsPerDay returns how many items a day a source brings, by the last week or so, and from the first hour on; 0
// before.
func ItemsPerDay(t news.Tally, now time.Time) float64 {
	age := now.Sub(t.Since)
	if t.Since.IsZero() || age < time.Hour {
		return 0
	}
	// An even stream of one item a day would by now have come to this.
	whole := (paceFades.Hours() / 24) * (1 - math.Exp(-age.Seconds()/paceFades.Seconds()))
	return faded(t.Pace, now.Sub(t.At)) / whole
}

// Share returns what part of the counted items n is, from 0 to 1; 0 where none were counted.
func Share(n uint64, t news.Tally) float64 {
	if t.Items == 0 {
		return 0
	}
	return float64(n) / float64(t.Items)
}

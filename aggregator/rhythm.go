package aggregator

import (
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
)

// arrived takes note of a visit that brought news at.
func arrived(st *news.State, at time.Time) {
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

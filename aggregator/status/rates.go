package status

import (
	"math"
	"slices"
	"time"

	"dateline/aggregator/news"
)

const (
	silentAfter = 6 * time.Hour // a shorter silence is never reported
	silentNews  = 10            // nor is one of a source that brought news less often than this
	fade        = 0.98          // how much of the longest silence is left after each arrival of news

	paceFades = 7 * 24 * time.Hour // in which all but a third of an item's weight in the pace is gone
)

// NoteNews notes in st that a visit brought something new at a time.
func NoteNews(st *news.State, at time.Time) {
	if !st.LastNew.IsZero() {
		st.Longest = max(time.Duration(float64(st.Longest)*fade), at.Sub(st.LastNew))
	}
	st.LastNew = at
	st.News++
}

// silent reports whether the source has brought no news for more than twice the longest time it ever took.
func silent(st news.State, now time.Time) bool {
	return st.News >= silentNews && now.Sub(st.LastNew) > max(silentAfter, 2*st.Longest)
}

// Count adds to t the items that a visit brought for the first time; written may have others too. zone is that of days; nil: UTC. The items
// of the first visit that brought any had gathered before, so they do not count for the pace.
func Count(t *news.Tally, written []news.Item, at time.Time, zone *time.Location) {
	before := t.Items
	for _, it := range written {
		if it.Revision == 1 && it.FirstSeen.Equal(at) {
			count(t, it)
		}
	}
	n := t.Items - before
	countDay(t, n, at, zone)
	switch {
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
	if it.DateUnreadable() {
		t.Undated++
	}
}

// countDay adds n items to the day of a time. A clock that was set back adds them to the newest day.
func countDay(t *news.Tally, n uint64, at time.Time, zone *time.Location) {
	if n == 0 {
		return
	}
	day := dayOf(at, zone)
	if len(t.Daily) == 0 {
		t.Day, t.Daily = day, []uint32{0}
	}
	daily := t.Daily
	if later := day - t.Day; later > 0 {
		daily = append(make([]uint32, min(later, news.TallyDays)), daily...)
		t.Day = day
	}
	t.Daily = slices.Clone(daily[:min(len(daily), news.TallyDays)])
	t.Daily[0] += uint32(min(n, math.MaxUint32-uint64(t.Daily[0])))
}

// dayOf returns the day of a time in a zone, in days since 1 January 1970.
func dayOf(at time.Time, zone *time.Location) int {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := at.In(zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// Unknown is the count of a day before a source was counted.
const Unknown = -1

// Daily returns how many items came on each of the last news.TallyDays days, today the last; [Unknown] for the days before the first.
func Daily(t news.Tally, now time.Time, zone *time.Location) []int {
	all := make([]int, news.TallyDays)
	today := dayOf(now, zone)
	for i := range all {
		ago := t.Day - (today - len(all) + 1 + i) // days before the newest that items came on
		switch {
		case len(t.Daily) == 0, ago >= len(t.Daily):
			all[i] = Unknown
		case ago >= 0:
			all[i] = int(t.Daily[ago])
		}
	}
	return all
}

// faded returns what is left of a pace after a time.
func faded(pace float64, after time.Duration) float64 {
	return pace * math.Exp(-max(after, 0).Seconds()/paceFades.Seconds())
}

// ItemsPerDay returns how many items a day a source brings, mainly by the last week; 0 in the first hour.
func ItemsPerDay(t news.Tally, now time.Time) float64 {
	age := now.Sub(t.Since)
	if t.Since.IsZero() || age < time.Hour {
		return 0
	}
	// An even stream of one item a day would by now have come to this.
	whole := (paceFades.Hours() / 24) * (1 - math.Exp(-age.Seconds()/paceFades.Seconds()))
	return faded(t.Pace, now.Sub(t.At)) / whole
}

// Share returns which part of the counted items n is, from 0 to 1; 0 where none were counted.
func Share(n uint64, t news.Tally) float64 {
	if t.Items == 0 {
		return 0
	}
	return float64(n) / float64(t.Items)
}

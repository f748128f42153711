package aggregator

import (
	"hash/fnv"
	"time"

	"dateline/aggregator/news"
)

// Pace bounds how often sources are visited.
type Pace struct {
	Floor time.Duration // no source is visited more often, whatever it says; 0: a minute
	Cap   time.Duration // what a server asks for is obeyed up to here, and back-off ends here; 0: a day
}

// Answer is what one visit tells about when to come again.
type Answer struct {
	At         time.Time
	Fresh      time.Duration // what Cache-Control or Expires left of the answer's freshness; 0: nothing
	FreshBy    string        // "max-age" or "expires"
	RetryAfter time.Time     // zero: the server did not say
	Problem    news.Problem  // empty: the visit was good
}

// next says when src is due again after the visit that st records, and what decided it: the longest of
// what the operator wants, what the server asks for and what the feed's own rhythm makes enough, out of the hours
// and days that the document asks to be left alone in. A source that fails is asked ever more rarely; one that is gone (410) not at all: then due is zero.
func (p Pace) next(src news.Source, st news.State, a Answer) (due time.Time, why string) {
	limit := p.limit(src.Every)
	wait, why := max(src.Every, p.floor()), "every"
	longer := func(d time.Duration, by string) {
		if d = min(d, limit); d > wait {
			wait, why = d, by
		}
	}
	switch {
	case a.Problem == news.ProblemGone:
		return time.Time{}, "gone"
	case a.Problem != "":
		longer(backOff(wait, st.Failures), "back-off")
	default:
		longer(a.Fresh, a.FreshBy)
		longer(st.TTL, "ttl")
		longer(rest(st, a.At, wait), "rest")
	}
	due = a.At.Add(wait + offset(src.ID, wait))
	if a.Problem == "" {
		if open := opening(due, st.SkipHours, st.SkipDays); open.After(due) {
			due, why = open, "skip"
		}
	}
	// A Retry-After is an appointment: not a moment earlier, and no offset on top.
	if a.RetryAfter.After(due) {
		due, why = a.RetryAfter, "retry-after"
	}
	return whole(due), why
}

// dueAt returns when src is due by what is remembered of it; never: not unless it is asked for, or its address
// changes. A source never visited is due at once. Where the operator's own interval decided, the one in
// force now counts.
func (p Pace) dueAt(src news.Source, st news.State) (at time.Time, never bool) {
	switch {
	case st.LastVisit.IsZero() || st.URL != src.URL:
		return time.Time{}, false
	case st.Due.IsZero():
		return time.Time{}, true
	}
	wait := max(src.Every, p.floor())
	if st.Why == "every" {
		return whole(st.LastVisit.Add(wait + offset(src.ID, wait))), false
	}
	return latest(st.Due, whole(st.LastVisit.Add(wait))), false
}

// whole rounds up to the second, in which due times are kept: a moment too early is too early.
func whole(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

func (p Pace) floor() time.Duration {
	if p.Floor <= 0 {
		return time.Minute
	}
	return p.Floor
}

func (p Pace) limit(every time.Duration) time.Duration {
	if p.Cap <= 0 {
		return max(24*time.Hour, every)
	}
	return max(p.Cap, every)
}

// backOff doubles the wait with each failure in a row after the first: one may be an accident.
func backOff(wait time.Duration, failures int) time.Duration {
	return wait << min(max(failures-1, 0), 12)
}

// offset spreads sources that were visited together, such as all of them at the first start, over a tenth
// of their interval, at most a minute. It is the source's own, so that a restart changes nothing.
func offset(id string, wait time.Duration) time.Duration {
	room := min(wait/10, time.Minute)
	if room <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return time.Duration(h.Sum64() % uint64(room))
}

// slack is how much before its due time a pass takes a source along: a tenth of its interval, at most a
// minute, so that cron and the due times need not be in step.
func slack(every time.Duration) time.Duration { return min(every/10, time.Minute) }

// opening returns the first moment from t on that lies in none of the hours and days to be skipped
// (RSS 2.0 skipHours and skipDays, in UTC). A document that skips every hour skips none.
func opening(t time.Time, hours []int, days []time.Weekday) time.Time {
	if len(hours) == 0 && len(days) == 0 {
		return t
	}
	open := t.UTC()
	for range 7*24 + 1 {
		if !contains(hours, open.Hour()) && !contains(days, open.Weekday()) {
			return open
		}
		open = open.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

func contains[T comparable](all []T, one T) bool {
	for _, v := range all {
		if v == one {
			return true
		}
	}
	return false
}

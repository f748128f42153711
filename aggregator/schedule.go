package aggregator

import (
	"hash/fnv"
	"time"

	"dateline/aggregator/news"
)

// Pace bounds how often sources are visited.
type Pace struct {
	Floor    time.Duration // no source is visited more often, whatever it says; 0: a minute
	Cap      time.Duration // back-off and rest end here; 0: a day
	RetryMax time.Duration // a Retry-After is obeyed up to here, then the source is asked once; 0: a day
	Patience time.Duration // max-age, Expires and ttl are obeyed up to here: a year is a slip; 0: a week
}

// ByRetryAfter is why a source is due when a server said so.
const ByRetryAfter = "retry-after"

// Answer is what one visit tells about when to come again.
type Answer struct {
	At         time.Time     // when it was there
	Fresh      time.Duration // what Cache-Control or Expires left of the answer's freshness; 0: nothing
	FreshBy    string        // "max-age" or "expires"
	RetryAfter time.Time     // zero: the server did not say
	SlowDown   bool          // it asked for a slower pace and named no time: 429 or 503
	Problem    news.Problem  // empty: the visit was good
	Slow       time.Duration // how long polling may wait because a hub delivers; 0: it does not
}

// next says when src is due again after the visit that st records, what decided it, and until when the server
// wants no visit; st.Asked is what it wanted before. Due is the latest of what the operator wants, what the
// server asks for and what the feed's own rhythm makes enough, out of the hours and days that the document asks
// to be left alone in. A source that fails is asked ever more rarely; one that is gone (410) not at all: then due is zero.
func (p Pace) next(src news.Source, st news.State, a Answer) (due, asked time.Time, why string) {
	if a.Problem == news.ProblemGone {
		return time.Time{}, time.Time{}, "gone"
	}
	wait, why := p.every(src), "every"
	longer := func(d time.Duration, by string) {
		if d > wait {
			wait, why = d, by
		}
	}
	if a.Problem != "" {
		longer(p.backOff(wait, st.Failures, a.SlowDown), "back-off")
	} else {
		longer(min(rest(st, a.At, wait), p.limit()), "rest")
		longer(a.Slow, "push")
	}
	due = a.At.Add(wait + offset(src.ID, wait))
	asked, by := p.asked(st, a)
	if asked.After(due) {
		due, why = asked.Add(offset(src.ID, asked.Sub(a.At))), by
	}
	// A Retry-After is an appointment: not a moment earlier, and no offset on top.
	if a.RetryAfter.After(due) {
		due, why = a.RetryAfter, ByRetryAfter
	}
	if open := opening(due, st.SkipHours, st.SkipDays); open.After(due) {
		due, why = open, "skip"
	}
	return whole(due), whole(asked), why
}

// asked returns until when the server wants no visit. A ttl goes for bad visits as for good ones; what a good
// answer asked for is not over because the next one is bad.
func (p Pace) asked(st news.State, a Answer) (until time.Time, by string) {
	until, by = a.At.Add(min(st.TTL, p.patience())), "ttl"
	fresh, freshBy := a.At.Add(min(a.Fresh, p.patience())), a.FreshBy
	if a.Problem != "" {
		fresh, freshBy = st.Asked, "max-age"
	}
	if fresh.After(until) {
		return fresh, freshBy
	}
	return until, by
}

// dueAt returns when src is due by what is remembered of it, as seen at t; never: not unless it is asked for by name, or
// its address changes. A source never visited is due at once. The operator's interval that is in force now
// counts, not the one of the last visit; what was due in an hour to be skipped is due after it.
func (p Pace) dueAt(src news.Source, st news.State, t time.Time) (at time.Time, never bool) {
	switch {
	case st.LastVisit.IsZero() || st.URL != src.URL:
		return time.Time{}, false
	case st.Due.IsZero():
		return time.Time{}, true
	}
	wait, due := p.every(src), st.Due
	at = whole(st.LastVisit.Add(wait + offset(src.ID, wait)))
	if st.Why == "every" {
		at = news.Latest(at, whole(news.Latest(st.Asked, p.bounded(st.RetryAt, st))))
	} else {
		if st.Why == ByRetryAfter {
			due = whole(p.bounded(due, st))
		}
		at = news.Latest(at, due)
	}
	if from := news.Latest(at, t); opening(from, st.SkipHours, st.SkipDays).After(from) {
		at = opening(from, st.SkipHours, st.SkipDays)
	}
	return at, false
}

// dueSoon reports whether a pass at t takes src along: it is due, or nearly so where only the operator's own
// interval says not yet.
func (p Pace) dueSoon(src news.Source, st news.State, t time.Time) bool {
	at, never := p.dueAt(src, st, t)
	if never {
		return false
	}
	if st.Why == "every" && !st.Asked.After(t) && !opening(t, st.SkipHours, st.SkipDays).After(t) {
		t = t.Add(slack(src.Every))
	}
	return !at.After(t)
}

// whole rounds up to the second, in which due times are kept: a moment too early is too early.
func whole(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

func (p Pace) every(src news.Source) time.Duration { return max(src.Every, p.floor()) }

func (p Pace) floor() time.Duration {
	if p.Floor <= 0 {
		return time.Minute
	}
	return p.Floor
}

// bounded returns the end of a pause that the visit of st was told of: it is never longer than RetryMax, as it is now.
func (p Pace) bounded(until time.Time, st news.State) time.Time {
	longest := p.RetryMax
	if longest <= 0 {
		longest = 24 * time.Hour
	}
	if limit := st.LastVisit.Add(longest); until.After(limit) {
		return limit
	}
	return until
}

func (p Pace) patience() time.Duration {
	if p.Patience <= 0 {
		return 7 * 24 * time.Hour
	}
	return p.Patience
}

// backOff doubles the wait with each failure in a row after the first: one may be an accident, unless the
// server asked for it.
func (p Pace) backOff(wait time.Duration, failures int, slowDown bool) time.Duration {
	if !slowDown {
		failures--
	}
	return min(wait<<min(max(failures, 0), 12), max(p.limit(), wait))
}

func (p Pace) limit() time.Duration {
	if p.Cap <= 0 {
		return 24 * time.Hour
	}
	return p.Cap
}

// offset spreads sources that were visited together, such as all of them at the first start, over a tenth
// of their interval, at most a minute. It is the source's own, so that a restart changes nothing.
func offset(id string, wait time.Duration) time.Duration {
	span := min(wait/10, time.Minute)
	if span <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return time.Duration(h.Sum64() % uint64(span))
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

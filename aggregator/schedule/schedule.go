// Package schedule decides when and at which address a source is visited again. It is pure: it reads no clock and no store.
//
// Three things give a time, and the latest counts: the operator's interval, what the server asks for (Retry-After, Cache-Control,
// Expires, ttl, skipHours and skipDays), and how long the feed has brought nothing new (its rest). A source that fails is asked more
// rarely with each failure in a row.
package schedule

import (
	"hash/fnv"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// Pace bounds how often sources are visited.
type Pace struct {
	Floor    time.Duration // no source is visited more often; 0: a minute
	Cap      time.Duration // the longest wait by failures or by rest; 0: a day
	RetryMax time.Duration // a Retry-After is obeyed up to here, then the source is asked once; 0: a day
	Patience time.Duration // max-age, Expires and ttl are obeyed up to here, since a feed that names a year does so by mistake; 0: a week
}

// ByRetryAfter is why a source is due when a server said so.
const ByRetryAfter = "retry-after"

// Answer is what one visit found out about when to come again.
type Answer struct {
	At         time.Time     // when the answer came
	Fresh      time.Duration // what Cache-Control or Expires left of the answer's freshness; 0: nothing
	FreshBy    string        // "max-age" or "expires"
	RetryAfter time.Time     // zero: the server did not say
	SlowDown   bool          // the server asked for fewer requests and named no time: 429 or 503
	Problem    news.Problem  // empty: the visit was good
	Push       time.Duration // how long polling may wait because a hub delivers the feed; 0: no hub does
}

// Next returns when src is due again after the visit that st records, until when the server wants no visit, and what decided
// it: every, back-off, rest, push, max-age, expires, ttl, [ByRetryAfter], skip or gone. st.Asked is until when the server wanted
// no visit before. due is zero for a source that is gone (410): it is not asked again.
func (p Pace) Next(src news.Source, st news.State, a Answer) (due, asked time.Time, why string) {
	if a.Problem == news.ProblemGone {
		return time.Time{}, time.Time{}, "gone"
	}
	wait, why := p.Every(src), "every"
	longer := func(d time.Duration, by string) {
		if d > wait {
			wait, why = d, by
		}
	}
	if a.Problem != "" {
		longer(p.backOff(wait, st.Failures, a.SlowDown), "back-off")
	} else {
		longer(min(rest(st, a.At, wait), p.limit()), "rest")
		longer(a.Push, "push")
	}
	due = a.At.Add(wait + offset(src.ID, wait))
	asked, by := p.asked(st, a)
	if asked.After(due) {
		due, why = asked.Add(offset(src.ID, asked.Sub(a.At))), by
	}
	// A Retry-After names a moment: not earlier, and no offset is added.
	if a.RetryAfter.After(due) {
		due, why = a.RetryAfter, ByRetryAfter
	}
	if open := opening(due, st.SkipHours, st.SkipDays); open.After(due) {
		due, why = open, "skip"
	}
	return Whole(due), Whole(asked), why
}

// asked returns until when the server wants no visit. A ttl holds after bad visits as after good ones, and what a good answer
// asked for holds although the next one is bad.
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

// DueAt returns when src is due, at t, by what st remembers of it; the zero time, which is long ago, for a source that was never visited.
// never reports that it is not due at any time: it is visited only by name, or once its address has changed. The interval that is
// configured now counts, not that of the last visit. A due time within the hours and days to be skipped moves to their end.
func (p Pace) DueAt(src news.Source, st news.State, t time.Time) (at time.Time, never bool) {
	switch {
	case st.LastVisit.IsZero() || st.URL != src.URL:
		return time.Time{}, false
	case st.Due.IsZero():
		return time.Time{}, true
	}
	wait, due := p.Every(src), st.Due
	at = Whole(st.LastVisit.Add(wait + offset(src.ID, wait)))
	if st.Why == "every" {
		at = news.Latest(at, Whole(news.Latest(st.Asked, p.Bounded(st.RetryAt, st))))
	} else {
		if st.Why == ByRetryAfter {
			due = Whole(p.Bounded(due, st))
		}
		at = news.Latest(at, due)
	}
	if from := news.Latest(at, t); opening(from, st.SkipHours, st.SkipDays).After(from) {
		at = opening(from, st.SkipHours, st.SkipDays)
	}
	return at, false
}

// DueSoon reports whether a pass at t takes src along: it is due, or nearly due where only the operator's interval decided.
func (p Pace) DueSoon(src news.Source, st news.State, t time.Time) bool {
	at, never := p.DueAt(src, st, t)
	if never {
		return false
	}
	if st.Why == "every" && !st.Asked.After(t) && !opening(t, st.SkipHours, st.SkipDays).After(t) {
		t = t.Add(slack(src.Every))
	}
	return !at.After(t)
}

// Whole rounds up to the second, in which due times are kept, so that no visit comes a moment too early.
func Whole(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

// Every returns the interval of src that is in force: its own, but not below the floor.
func (p Pace) Every(src news.Source) time.Duration { return max(src.Every, p.Least()) }

// Least returns the least time between two visits to a source.
func (p Pace) Least() time.Duration {
	if p.Floor <= 0 {
		return time.Minute
	}
	return p.Floor
}

// Requested returns the pause that the last answer to src asked for, for src alone or for its host. The zero Pause: it asked for
// none.
func (p Pace) Requested(src news.Source, st news.State) news.Pause {
	if st.URL != src.URL || st.RetryAt.IsZero() {
		return news.Pause{}
	}
	return news.Pause{Host: st.RetryHost, Until: p.Bounded(st.RetryAt, st)}
}

// Bounded returns the end of a pause that the last visit of st was asked for: at most RetryMax after that visit.
func (p Pace) Bounded(until time.Time, st news.State) time.Time {
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

// backOff doubles the wait with each failure in a row after the first, which may be an accident; after the first too where the
// server asked for a slower pace.
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

const (
	restShare = 24 // how often a feed is asked within as much time as it has brought nothing new
	restMost  = 8  // times its interval, at most
)

// rest returns how long a feed that has brought nothing for a while may be left alone: one that has brought nothing for a day is asked
// hourly, but not more often than every wait, and not more rarely than every eight waits.
func rest(st news.State, at time.Time, wait time.Duration) time.Duration {
	if st.LastNew.IsZero() {
		return 0
	}
	return min(at.Sub(st.LastNew)/restShare, restMost*wait)
}

// offset spreads sources that were visited together, such as all of them at the first start, over a tenth of their interval, at
// most a minute. It depends on the id alone, so a restart changes nothing.
func offset(id string, wait time.Duration) time.Duration {
	span := min(wait/10, time.Minute)
	if span <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return time.Duration(h.Sum64() % uint64(span))
}

// slack is how long before its due time a pass takes a source along: a tenth of its interval, at most a minute, so that cron and
// the due times need not be in step.
func slack(every time.Duration) time.Duration { return min(every/10, time.Minute) }

// opening returns the first moment from t on that lies in none of the hours and days to be skipped
// (RSS 2.0 skipHours and skipDays, in UTC). A document that skips every hour skips none.
func opening(t time.Time, hours []int, days []time.Weekday) time.Time {
	if len(hours) == 0 && len(days) == 0 {
		return t
	}
	open := t.UTC()
	for range 7*24 + 1 {
		if !slices.Contains(hours, open.Hour()) && !slices.Contains(days, open.Weekday()) {
			return open
		}
		open = open.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

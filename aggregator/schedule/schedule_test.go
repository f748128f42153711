package schedule

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// clock returns a time of Tuesday, 24 November 2026, in UTC.
func clock(h, m, s int) time.Time { return time.Date(2026, 11, 24, h, m, s, 0, time.UTC) }

var src = news.Source{ID: "belta", URL: "https://belta.example/rss", Every: 15 * minute, Enabled: true}

func TestNext(t *testing.T) {
	t.Parallel()
	at := clock(12, 0, 0)
	var every1s = time.Second
	for _, c := range []struct {
		fact  string
		pace  Pace
		every time.Duration // 0: a quarter of an hour
		state news.State
		a     Answer
		wait  time.Duration // without the offset
		why   string
	}{
		{"the operator's interval", Pace{}, 0, news.State{}, Answer{}, 15 * minute, "every"},
		{"never below the floor", Pace{}, every1s, news.State{}, Answer{}, minute, "every"},
		{"never below the floor as configured", Pace{Floor: 20 * minute}, 0, news.State{}, Answer{}, 20 * minute, "every"},
		{"a longer max-age", Pace{}, 0, news.State{}, Answer{Fresh: hour, FreshBy: "max-age"}, hour, "max-age"},
		{"a shorter max-age", Pace{}, 0, news.State{}, Answer{Fresh: minute, FreshBy: "max-age"}, 15 * minute, "every"},
		{"an equal max-age", Pace{}, 0, news.State{}, Answer{Fresh: 15 * minute, FreshBy: "max-age"}, 15 * minute, "every"},
		{"a later Expires", Pace{}, 0, news.State{}, Answer{Fresh: hour, FreshBy: "expires"}, hour, "expires"},
		{"a longer ttl", Pace{}, 0, news.State{TTL: 2 * hour}, Answer{}, 2 * hour, "ttl"},
		{"the longest of both", Pace{}, 0, news.State{TTL: 2 * hour}, Answer{Fresh: 3 * hour, FreshBy: "max-age"}, 3 * hour, "max-age"},
		{"the longest of both, the other way", Pace{}, 0, news.State{TTL: 3 * hour}, Answer{Fresh: 2 * hour, FreshBy: "max-age"}, 3 * hour,
			"ttl"},
		{"a max-age of two days", Pace{}, 0, news.State{}, Answer{Fresh: 2 * day, FreshBy: "max-age"}, 2 * day, "max-age"},
		{"a max-age of a year, up to a week", Pace{}, 0, news.State{}, Answer{Fresh: 365 * day, FreshBy: "max-age"}, 7 * day, "max-age"},
		{"a ttl of a year, up to our patience", Pace{Patience: hour}, 0, news.State{TTL: 365 * day}, Answer{}, hour, "ttl"},
		{"little patience does not shorten the operator's interval", Pace{Patience: hour}, 2 * day, news.State{TTL: day}, Answer{}, 2 * day,
			"every"},
		{"one failure may be an accident", Pace{}, 0, news.State{Failures: 1}, Answer{Problem: news.ProblemHTTP}, 15 * minute, "every"},
		{"a second failure doubles", Pace{}, 0, news.State{Failures: 2}, Answer{Problem: news.ProblemHTTP}, 30 * minute, "back-off"},
		{"a third doubles again", Pace{}, 0, news.State{Failures: 3}, Answer{Problem: news.ProblemNet}, hour, "back-off"},
		{"back-off ends at a day", Pace{}, 0, news.State{Failures: 1000}, Answer{Problem: news.ProblemNet}, day, "back-off"},
		{"back-off of a long interval ends there", Pace{}, 30 * day, news.State{Failures: 9}, Answer{Problem: news.ProblemNet}, 30 * day,
			"every"},
		{"back-off ends at the cap", Pace{Cap: hour}, 0, news.State{Failures: 9}, Answer{Problem: news.ProblemNet}, hour, "back-off"},
		{"one bare 429 or 503 doubles", Pace{}, 0, news.State{Failures: 1}, Answer{Problem: news.ProblemHTTP, SlowDown: true}, 30 * minute,
			"back-off"},
		{"a failure's own freshness is none", Pace{}, 0, news.State{Failures: 1}, Answer{Problem: news.ProblemHTTP, Fresh: 3 * hour}, 15 * minute,
			"every"},
		{"a failure keeps to the ttl", Pace{}, 0, news.State{Failures: 1, TTL: 5 * hour}, Answer{Problem: news.ProblemHTTP}, 5 * hour, "ttl"},
		{"a failure keeps to the max-age before it", Pace{}, 0, news.State{Failures: 1, Asked: at.Add(2 * hour)},
			Answer{Problem: news.ProblemHTTP}, 2 * hour, "max-age"},
		{"a good answer's max-age replaces the one before", Pace{}, 0, news.State{Asked: at.Add(2 * hour)},
			Answer{Fresh: hour, FreshBy: "max-age"}, hour, "max-age"},
		{"a day at rest: a twenty-fourth of it", Pace{}, 0, news.State{LastNew: at.Add(-day)}, Answer{}, hour, "rest"},
		{"a year at rest: eight intervals", Pace{}, 0, news.State{LastNew: at.Add(-365 * day)}, Answer{}, 2 * hour, "rest"},
		{"a failure is no rest", Pace{}, 0, news.State{LastNew: at.Add(-day), Failures: 1}, Answer{Problem: news.ProblemNet}, 15 * minute,
			"every"},
		{"a hub delivers", Pace{}, 0, news.State{}, Answer{Push: 6 * hour}, 6 * hour, "push"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			src, a := src, c.a
			if c.every > 0 {
				src.Every = c.every
			}
			a.At = at
			due, _, why := c.pace.Next(src, c.state, a)
			want := Whole(at.Add(c.wait + offset(src.ID, c.wait)))
			if !due.Equal(want) || why != c.why {
				t.Errorf("%v by %s, want %v by %s", due.Sub(at), why, want.Sub(at), c.why)
			}
			if due.Nanosecond() != 0 || due.Before(at.Add(c.wait)) {
				t.Errorf("%v: not a whole second, or before %v", due, at.Add(c.wait))
			}
		})
	}
}

func TestNextGone(t *testing.T) {
	t.Parallel()
	if due, _, why := (Pace{}).Next(src, news.State{}, Answer{At: clock(12, 0, 0), Problem: news.ProblemGone}); !due.IsZero() ||
		why != "gone" {
		t.Errorf("%v by %s", due, why)
	}
}

func TestNextRetryAfter(t *testing.T) {
	t.Parallel()
	at := clock(12, 0, 0)
	plain, _, _ := Pace{}.Next(src, news.State{}, Answer{At: at})
	for _, c := range []struct {
		fact  string
		retry time.Time
		want  time.Time
		why   string
	}{
		{"to the second, without offset", at.Add(3 * hour), at.Add(3 * hour), "retry-after"},
		{"a fraction is rounded up", at.Add(3*hour + 1), at.Add(3*hour + time.Second), "retry-after"},
		{"sooner than the interval", at.Add(minute), plain, "every"},
		{"beyond every cap", at.Add(3 * day), at.Add(3 * day), "retry-after"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			due, _, why := Pace{}.Next(src, news.State{Failures: 1}, Answer{At: at, Problem: news.ProblemHTTP, RetryAfter: c.retry})
			if !due.Equal(c.want) || why != c.why {
				t.Errorf("%v by %s, want %v by %s", due, why, c.want, c.why)
			}
		})
	}
}

func TestNextSkips(t *testing.T) {
	t.Parallel()
	at := clock(12, 0, 0)
	st := news.State{SkipHours: []int{12, 13, 14}}
	if due, _, why := (Pace{}).Next(src, st, Answer{At: at}); !due.Equal(clock(15, 0, 0)) || why != "skip" {
		t.Errorf("%v by %s, want 15:00 by skip", due, why)
	}
	st.Failures = 1
	if due, _, why := (Pace{}).Next(src, st, Answer{At: at, Problem: news.ProblemHTTP}); !due.Equal(clock(15, 0, 0)) || why != "skip" {
		t.Errorf("a failure: %v by %s, want 15:00 by skip: the document still asks for it", due, why)
	}
	if due, _, why := (Pace{}).Next(src, st, Answer{At: at, Problem: news.ProblemHTTP, RetryAfter: clock(13, 30, 0)}); !due.Equal(clock(15, 0,
		0)) || why != "skip" {
		t.Errorf("a Retry-After into an hour to be skipped: %v by %s, want 15:00 by skip", due, why)
	}
}

func TestOpening(t *testing.T) {
	t.Parallel()
	every := make([]int, 24)
	for h := range every {
		every[h] = h
	}
	allDays := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	minsk := time.FixedZone("", 3*3600)
	for _, c := range []struct {
		fact  string
		t     time.Time
		hours []int
		days  []time.Weekday
		want  time.Time
	}{
		{"nothing is skipped", clock(12, 30, 5), nil, nil, clock(12, 30, 5)},
		{"an open hour", clock(12, 30, 5), []int{11, 13}, nil, clock(12, 30, 5)},
		{"a closed hour ends on the hour", clock(12, 30, 5), []int{12}, nil, clock(13, 0, 0)},
		{"closed hours in a row", clock(12, 30, 5), []int{12, 13, 14}, nil, clock(15, 0, 0)},
		{"over midnight", clock(22, 30, 5), []int{22, 23, 0, 1}, nil, clock(26, 0, 0)},
		{"hours are UTC", clock(12, 30, 0).In(minsk), []int{15}, nil, clock(12, 30, 0)},
		{"a closed day ends at midnight", clock(12, 30, 5), nil, []time.Weekday{time.Tuesday}, clock(24, 0, 0)},
		{"days and hours", clock(12, 30, 5), []int{0, 1}, []time.Weekday{time.Tuesday}, clock(26, 0, 0)},
		{"six days", clock(12, 30, 5), nil, []time.Weekday{0, 2, 3, 4, 5, 6}, clock(6*24, 0, 0)},
		{"every hour skips none", clock(12, 30, 5), every, nil, clock(12, 30, 5)},
		{"every day skips none", clock(12, 30, 5), nil, allDays, clock(12, 30, 5)},
		{"no such hour", clock(12, 30, 5), []int{99, -1}, nil, clock(12, 30, 5)},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := opening(c.t, c.hours, c.days); !got.Equal(c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{-1: minute, 0: minute, 1: minute, 2: 2 * minute, 3: 4 * minute, 13: 4096 * minute,
		14: 4096 * minute, 1 << 40: 4096 * minute} {
		if got := (Pace{Cap: 100 * day}).backOff(minute, failures, false); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
}

func TestOffset(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for _, id := range []string{"belta", "tass", "mfa", "belta-ru", "tass-ru"} {
		for _, wait := range []time.Duration{0, 5, minute, 5 * minute, hour, day} {
			d := offset(id, wait)
			if d < 0 || d > wait/10 || d >= minute {
				t.Errorf("%s: %v of %v, want up to a tenth and below a minute", id, d, wait)
			}
			if again := offset(id, wait); again != d {
				t.Errorf("%s: %v, then %v", id, d, again)
			}
			if wait == hour {
				seen[d] = true
			}
		}
	}
	if len(seen) != 5 {
		t.Errorf("five sources share %d offsets", len(seen))
	}
}

func TestSlack(t *testing.T) {
	t.Parallel()
	for every, want := range map[time.Duration]time.Duration{0: 0, minute: 6 * time.Second, 10 * minute: minute, day: minute} {
		if got := slack(every); got != want {
			t.Errorf("of %v %v, want %v", every, got, want)
		}
	}
}

func TestDueAt(t *testing.T) {
	t.Parallel()
	visited := news.State{URL: src.URL, LastVisit: clock(12, 0, 0), Due: clock(13, 0, 0), Why: "max-age"}
	elsewhere, gone, short, skips := visited, visited, visited, visited
	asked := visited
	asked.Why, asked.Asked = "every", clock(12, 40, 0)
	got := visited
	got.Why, got.RetryAt = "every", clock(12, 45, 0)
	skips.Due, skips.SkipHours = clock(12, 30, 0), []int{12}
	elsewhere.URL = "https://belta.example/old"
	gone.Due = time.Time{}
	short.Why = "every"
	movedAndGone := gone
	movedAndGone.URL = elsewhere.URL
	for _, c := range []struct {
		fact  string
		state news.State
		at    time.Time
		never bool
	}{
		{"a source never visited is due at once", news.State{}, time.Time{}, false},
		{"not before what the server asked for, when the interval becomes shorter", asked, clock(12, 40, 0), false},
		{"nor before its Retry-After", got, clock(12, 45, 0), false},
		{"not in an hour to be skipped, however long overdue", skips, clock(13, 0, 0), false},
		{"what is remembered", visited, clock(13, 0, 0), false},
		{"another address is due at once", elsewhere, time.Time{}, false},
		{"one that is gone never is", gone, time.Time{}, true},
		{"one that is gone has another address", movedAndGone, time.Time{}, false},
		{"the interval in force counts where the interval decided", short, Whole(clock(12, 15, 0).Add(offset(src.ID, src.Every))), false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if at, never := (Pace{}).DueAt(src, c.state, clock(12, 30, 0)); !at.Equal(c.at) || never != c.never {
				t.Errorf("%v %v, want %v %v", at, never, c.at, c.never)
			}
		})
	}
}

func TestDueSoon(t *testing.T) {
	t.Parallel()
	visited := news.State{URL: src.URL, LastVisit: clock(12, 0, 0), Due: clock(12, 15, 0), Why: "every"}
	due, _ := Pace{}.DueAt(src, visited, clock(12, 0, 0))
	with := func(change func(*news.State)) news.State {
		st := visited
		change(&st)
		return st
	}
	for _, c := range []struct {
		fact  string
		state news.State
		at    time.Time
		want  bool
	}{
		{"due", visited, due, true},
		{"a minute before, by the interval", visited, due.Add(-minute), true},
		{"longer before", visited, due.Add(-minute - time.Second), false},
		{"a minute before, as a back-off decided", with(func(st *news.State) { st.Why, st.Due = "back-off", due }), due.Add(-minute), false},
		{"the server wants no visit yet", with(func(st *news.State) { st.Asked = due }), due.Add(-minute), false},
		{"in an hour to be skipped", with(func(st *news.State) { st.SkipHours = []int{12} }), clock(12, 59, 30), false},
		{"gone", with(func(st *news.State) { st.Due = time.Time{} }), due.Add(day), false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := (Pace{}).DueSoon(src, c.state, c.at); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestRequested(t *testing.T) {
	t.Parallel()
	asked := news.State{URL: src.URL, LastVisit: clock(12, 0, 0), RetryAt: clock(14, 0, 0), RetryHost: "belta.example:443"}
	elsewhere := asked
	elsewhere.URL = "https://belta.example/old"
	for _, c := range []struct {
		fact  string
		pace  Pace
		state news.State
		want  news.Pause
	}{
		{"as the host asked", Pace{}, asked, news.Pause{Host: "belta.example:443", Until: clock(14, 0, 0)}},
		{"at most RetryMax after the visit", Pace{RetryMax: hour}, asked, news.Pause{Host: "belta.example:443", Until: clock(13, 0, 0)}},
		{"of another address", Pace{}, elsewhere, news.Pause{}},
		{"none", Pace{}, news.State{URL: src.URL}, news.Pause{}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := c.pace.Requested(src, c.state); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

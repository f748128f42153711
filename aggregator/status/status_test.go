package status

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

const hour = time.Hour

// clock returns a time of Tuesday, 24 November 2026, in UTC.
func clock(h, m, s int) time.Time { return time.Date(2026, 11, 24, h, m, s, 0, time.UTC) }

var src = news.Source{ID: "belta", URL: "https://belta.example/rss", Every: 15 * time.Minute, Enabled: true}

func TestOf(t *testing.T) {
	t.Parallel()
	now := clock(12, 0, 0)
	good := news.State{URL: src.URL, LastVisit: clock(11, 50, 0), LastSuccess: clock(11, 50, 0), Due: clock(12, 5, 0)}
	with := func(change func(*news.State)) news.State {
		st := good
		change(&st)
		return st
	}
	pause := news.Pause{Host: "belta.example:443", Until: clock(13, 0, 0)}
	problem := func(p news.Problem) news.State { return with(func(st *news.State) { st.Problem = p }) }
	for _, c := range []struct {
		fact     string
		disabled bool
		state    news.State
		waits    news.Pause
		want     State
	}{
		{"as it should be", false, good, news.Pause{}, OK},
		{"switched off, whatever else", true, problem(news.ProblemHTTP), news.Pause{}, Disabled},
		{"gone", false, with(func(st *news.State) { st.Problem, st.Due = news.ProblemGone, time.Time{} }), news.Pause{}, Gone},
		{"blocked", false, problem(news.ProblemBlocked), news.Pause{}, Blocked},
		{"cut off", false, problem(news.ProblemPartial), news.Pause{}, Partial},
		{"any other failure", false, problem(news.ProblemFeed), news.Pause{}, Broken},
		{"never visited", false, news.State{}, news.Pause{}, New},
		{"waiting for its turn", false, with(func(st *news.State) { st.Due = now.Add(-lateBy) }), news.Pause{}, OK},
		{"waiting too long", false, with(func(st *news.State) { st.Due = now.Add(-lateBy - 1) }), news.Pause{}, Late},
		{"moved", false, with(func(st *news.State) { st.Learned = "https://belta.example/new" }), news.Pause{}, Moved},
		{"its host wants no request", false,
			with(func(st *news.State) { st.Due, st.Problem = clock(13, 0, 0), news.ProblemHTTP }), pause, Waiting},
		{"its host wants none, never visited", false, news.State{}, pause, Waiting},
		{"its host wants none, and it is due after that", false, with(func(st *news.State) { st.Due = clock(13, 0, 1) }), pause, OK},
		{"its host asked for a minute, and it is due after that", false, with(func(st *news.State) {
			st.Due, st.Problem, st.RetryAt = clock(12, 5, 0), news.ProblemHTTP, clock(12, 1, 0)
		}), news.Pause{Host: "belta.example:443", Until: clock(12, 1, 0)}, Waiting},
		{"that minute is over, and it is not due yet", false, with(func(st *news.State) {
			st.Due, st.Problem, st.RetryAt = clock(12, 5, 0), news.ProblemHTTP, clock(11, 51, 0)
		}), news.Pause{Host: "belta.example:443", Until: clock(11, 51, 0)}, Waiting},
		{"that minute is over, and it should have been asked again", false, with(func(st *news.State) {
			st.Due, st.Problem, st.RetryAt = clock(11, 55, 0), news.ProblemHTTP, clock(11, 51, 0)
		}), news.Pause{Host: "belta.example:443", Until: clock(11, 51, 0)}, Broken},
		{"broken by its own fault while its host wants a minute", false, with(func(st *news.State) {
			st.Due, st.Problem = clock(12, 5, 0), news.ProblemHTTP
		}), news.Pause{Host: "belta.example:443", Until: clock(12, 1, 0)}, Broken},
		{"blocked rather than waiting", false, problem(news.ProblemBlocked), pause, Blocked},
		{"its host's pause is over", false, good, news.Pause{Host: "belta.example:443", Until: now}, OK},
		{"broken rather than late", false,
			with(func(st *news.State) { st.Due, st.Problem = now.Add(-hour), news.ProblemNet }), news.Pause{}, Broken},
	} {
		t.Run(c.fact, func(t *testing.T) {
			src := src
			src.Enabled = !c.disabled
			if got := Of(src, c.state, c.waits, now); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestSilent(t *testing.T) {
	t.Parallel()
	src := news.Source{ID: "belta", Enabled: true, URL: "https://wire.example/"}
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for fact, c := range map[string]struct {
		news    uint64
		longest time.Duration
		since   time.Duration
		want    State
	}{
		"twice its longest silence":     {50, 5 * time.Hour, 11 * time.Hour, Silent},
		"not twice yet":                 {50, 5 * time.Hour, 9 * time.Hour, OK},
		"a few hours are nothing":       {50, time.Minute, 5 * time.Hour, OK},
		"a source that is hardly known": {5, time.Minute, 100 * time.Hour, OK},
	} {
		t.Run(fact, func(t *testing.T) {
			st := news.State{URL: src.URL, LastVisit: at, LastSuccess: at, Due: at.Add(time.Hour)}
			st.News, st.Longest, st.LastNew = c.news, c.longest, at.Add(-c.since)
			if got := Of(src, st, news.Pause{}, at); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact  string
		state State
		st    news.State
		want  string // the beginning
	}{
		{"all is well", OK, news.State{}, ""},
		{"a server that never changes its 304", Silent, news.State{Result: news.NotModified}, "it says that nothing changed since"},
		{"silent, and read", Silent, news.State{Result: news.OK}, ""},
		{"a pause", Waiting, news.State{}, "belta.example:443 wants no request before 2026-11-24T13:00:00Z: `dateline ingest --force belta`"},
		{"a pause that ends before it is due", Waiting, news.State{Due: clock(14, 0, 0)},
			"belta.example:443 wanted no request before 2026-11-24T13:00:00Z, and is asked again when it is due: `dateline ingest --force belta`"},
		{"a private address", Broken, news.State{Problem: news.ProblemGuard}, "if the address is private on purpose"},
		{"a port", Broken, news.State{Problem: news.ProblemPort}, "if the port is meant"},
		{"another address", Moved, news.State{Learned: "https://belta.example/new"}, "it is read at https://belta.example/new"},
		{"gone", Gone, news.State{}, "it is asked no more"},
		{"blocked", Blocked, news.State{}, "the server will not serve this program"},
		{"held items", OK, news.State{Held: 2}, "2 held back: `dateline feed --source belta`"},
		{"items under embargo", OK, news.State{Held: 2, Embargoed: 2, EmbargoEnds: clock(15, 0, 0)},
			"2 under embargo, the first until 2026-11-24T15:00:00Z:"},
		{"an embargo without a time", OK, news.State{Held: 1, Embargoed: 1}, "1 under embargo, until you decide:"},
		{"some of the held under embargo", OK, news.State{Held: 2, Embargoed: 1}, "2 held back:"},
		{"damaged items", OK, news.State{LeftOut: news.LeftOut{Count: 3, Reason: "too deep", Example: "A"}},
			`3 items of its document were shortened or left out (too deep), the first is "A"`},
	} {
		t.Run(c.fact, func(t *testing.T) {
			got := Hint(src, c.st, c.state, news.Pause{Host: "belta.example:443", Until: clock(13, 0, 0)})
			if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestIll(t *testing.T) {
	t.Parallel()
	var ill []State
	for _, s := range States {
		if s.Ill() {
			ill = append(ill, s)
		}
	}
	if want := []State{Broken, Gone, Blocked, Partial, Late}; !slices.Equal(ill, want) {
		t.Errorf("%v, want %v", ill, want)
	}
}

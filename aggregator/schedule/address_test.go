package schedule

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// A permanent redirect is learned after five good visits over two days that found the feed, and forgotten after three bad visits.
func TestLearnedAddress(t *testing.T) {
	t.Parallel()
	const old, to = "https://wire.example/old", "https://wire.example/new"
	src := news.Source{ID: "wire", URL: old}
	began := time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		fact  string
		same  []bool // of each visit, redirected to the same address
		apart time.Duration
		bad   int // visits after them
		want  string
	}{
		{"five visits in two days", []bool{true, true, true, true, true}, 12 * time.Hour, 0, to},
		{"four visits", []bool{true, true, true, true}, 20 * time.Hour, 0, old},
		{"five visits in a day", []bool{true, true, true, true, true}, 5 * time.Hour, 0, old},
		{"another feed once", []bool{true, false, true, true, true, true, true, true}, 12 * time.Hour, 0, old},
		{"two bad visits", []bool{true, true, true, true, true}, 12 * time.Hour, 2, to},
		{"three bad visits", []bool{true, true, true, true, true}, 12 * time.Hour, 3, old},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			st := news.State{URL: old}
			for i, same := range c.same {
				Moved(&st, to, same, began.Add(time.Duration(i)*c.apart))
			}
			for range c.bad {
				st.Failures++
				AddressFailed(&st)
			}
			if got := Address(src, st); got != c.want {
				t.Errorf("asked at %s, want %s", got, c.want)
			}
		})
	}
	st := news.State{URL: old, Learned: to}
	if got := Address(news.Source{URL: "https://other.example/"}, st); got != "https://other.example/" {
		t.Errorf("under another configured address asked at %s", got)
	}
	Moved(&st, to, true, began)
	if Moved(&st, "", true, began); st.MovingCount != 0 || !st.MovingSince.IsZero() {
		t.Errorf("the redirect has ended, and %d visits count", st.MovingCount)
	}
}

package aggregator_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// queue is a frontier in memory, for several engines.
type queue struct {
	mu     sync.Mutex
	due    map[string]time.Time
	leased map[string]bool
	twice  int  // a source was given back that was not leased
	away   bool // it cannot be reached
}

var errAway = errors.New("the frontier is away")

func (q *queue) reach(do func()) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return errAway
	}
	do()
	return nil
}

func (q *queue) SetSources(all []news.Poll) error {
	return q.reach(func() {
		for _, s := range all {
			if _, ok := q.due[s.Source]; !ok {
				q.due[s.Source] = s.Due
			}
		}
	})
}

func (q *queue) Lease(n int) (sources []string, err error) {
	err = q.reach(func() {
		for id, due := range q.due {
			if !q.leased[id] && !due.IsZero() && !due.After(time.Now()) && len(sources) < n {
				q.leased[id] = true
				sources = append(sources, id)
			}
		}
	})
	slices.Sort(sources)
	return sources, err
}

func (q *queue) Done(source string, due time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.leased[source] {
		q.twice++
	}
	delete(q.leased, source)
	q.due[source] = due
	return nil
}

func (q *queue) Next() (wait time.Duration, any bool, err error) {
	err = q.reach(func() {
		for id, due := range q.due {
			if left := time.Until(due); !q.leased[id] && !due.IsZero() && (!any || left < wait) {
				wait, any = left, true
			}
		}
	})
	return max(wait, 0), any, err
}

func (q *queue) Perform(ctx context.Context, _ string, do func(context.Context)) { do(ctx) }

func (q *queue) setAway(away bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.away = away
}

// TestFrontier: two engines visit each source once an interval between them, none while the frontier cannot be reached, and all again
// when it can; one that ends leaves its sources to the other.
func TestFrontier(t *testing.T) {
	t.Parallel()
	play(t, func(t *testing.T) {
		var feeds []feedtest.Feed
		var sources []news.Source
		for _, id := range []string{"a", "b", "c"} {
			f := feedtest.Feed{Name: id, URL: "http://" + id + ".example/feed", Every: hour,
				Reply: func(a feedtest.Asked) feedtest.Reply { return edition(a.At, hour) }}
			feeds, sources = append(feeds, f), append(sources, source(id, f.URL, hour))
		}
		p, q := feedtest.NewPublisher(feeds...), &queue{due: map[string]time.Time{}, leased: map[string]bool{}}
		var engines []*operator
		for range 2 {
			o := newOperator(t, p, sources...)
			o.opened = func() { o.engine.Share(q) }
			o.start()
			engines = append(engines, o)
		}
		asked := func() (n int) {
			for _, f := range feeds {
				n += len(p.Times(f.URL))
			}
			return n
		}
		pass := func(d time.Duration, least, most int) {
			t.Helper()
			was := asked()
			time.Sleep(d)
			synctest.Wait()
			if n := asked() - was; n < least || n > most {
				t.Errorf("%d requests in %s, want %d to %d", n, d, least, most)
			}
		}
		synctest.Wait()
		if asked() != 3 {
			t.Errorf("%d requests at the start, want one a source", asked())
		}
		pass(4*hour, 9, 12)
		q.setAway(true)
		pass(3*hour, 0, 0)
		q.setAway(false)
		pass(time.Minute, 3, 3)
		engines[0].end()
		pass(4*hour, 9, 12)
		for _, f := range feeds {
			times := p.Times(f.URL)
			for i := 1; i < len(times); i++ {
				if gap := times[i].Sub(times[i-1]); gap < 59*time.Minute {
					t.Errorf("%s is asked again after %s", f.URL, gap)
				}
			}
		}
		engines[1].end()
		if q.twice > 0 || len(q.leased) > 0 {
			t.Errorf("%d sources given back that were not leased, %d not given back", q.twice, len(q.leased))
		}
	})
}

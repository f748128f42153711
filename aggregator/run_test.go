package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// operator runs the engine in a bubble as people run a daemon: starts and ends it, edits its list, asks for
// a pass. The store is a real file that outlives each start.
type operator struct {
	t         testing.TB
	path      string
	registry  *attribute.Registry
	publisher *feedtest.Publisher
	network   http.RoundTripper // the publisher, or what is between
	gap       time.Duration
	sources   []news.Source
	retention store.Retention
	opened    func() // is called when there is an engine, before it runs
	closing   func() // is called before its store is closed

	store  *store.Store
	client *fetch.Client
	engine *aggregator.Aggregator
	stop   context.CancelFunc
	ended  chan error
}

// noon is where the clock of a bubble is moved to before anything happens.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// play runs a test on a clock of its own.
func play(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// newOperator returns an operator of the sources, whose daemon does not run yet. Call it in a bubble.
func newOperator(t testing.TB, p *feedtest.Publisher, sources ...news.Source) *operator {
	t.Helper()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(noon))
	return &operator{t: t, path: filepath.Join(inMemory(t), "wire.db"), registry: registry, publisher: p, network: p, gap: p.Gap,
		sources: sources, retention: store.Retention{Text: 90 * 24 * time.Hour}, opened: func() {}, closing: func() {}}
}

// inMemory returns a folder for a test, in memory where there is such a thing: what takes the disk a few milliseconds
// takes a month of visits minutes.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "dateline-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// source returns a source at address that is polled at an interval.
func source(id, address string, every time.Duration) news.Source {
	return news.Source{ID: id, Name: id, Agency: id, URL: address, Language: "en", Every: every, Content: news.Summary, Enabled: true}
}

// open opens the store and makes an engine on it.
func (o *operator) open() {
	o.t.Helper()
	var err error
	if o.store, err = openStore(o.path, store.Options{}); err != nil {
		o.t.Fatal(err)
	}
	o.client, err = fetch.New(fetch.Options{UserAgent: "Dateline/1.0 (+https://wire.example/)", Gap: o.gap, Transport: o.network})
	if err != nil {
		o.t.Fatal(err)
	}
	o.engine = aggregator.New(o.store, o.setup(), slog.New(slog.DiscardHandler))
	o.opened()
}

func (o *operator) setup() aggregator.Setup {
	return aggregator.Setup{Sources: slices.Clone(o.sources), Client: o.client, Registry: o.registry, FirstPoll: 20,
		Retention: o.retention}
}

func (o *operator) close() {
	o.t.Helper()
	o.closing()
	o.client.Close()
	if err := o.store.Close(); err != nil {
		o.t.Error(err)
	}
}

// start starts the daemon.
func (o *operator) start() {
	o.t.Helper()
	o.open()
	o.publisher.Started()
	ctx, stop := context.WithCancel(context.Background())
	o.stop, o.ended = stop, make(chan error, 1)
	go func() { o.ended <- o.engine.Run(ctx) }()
}

// end ends the daemon and closes its store.
func (o *operator) end() {
	o.t.Helper()
	o.stop()
	if err := <-o.ended; err != nil {
		o.t.Error(err)
	}
	o.close()
}

// restart ends the daemon and starts it again after a while.
func (o *operator) restart(after time.Duration) {
	o.t.Helper()
	o.end()
	time.Sleep(after)
	o.start()
}

// apply takes in an edited list of sources.
func (o *operator) apply(sources ...news.Source) {
	o.t.Helper()
	o.sources = sources
	if err := o.engine.Apply(o.setup()); err != nil {
		o.t.Error(err)
	}
}

// setEvery takes in another interval of a source.
func (o *operator) setEvery(id string, every time.Duration) {
	o.t.Helper()
	sources := slices.Clone(o.sources)
	for i, src := range sources {
		if src.ID == id {
			sources[i].Every = every
			o.publisher.SetEvery(src.URL, every)
		}
	}
	o.apply(sources...)
}

// ingest makes a pass over the sources that are due.
func (o *operator) ingest() aggregator.Report {
	o.t.Helper()
	report, err := o.engine.Ingest(context.Background(), aggregator.Request{})
	if err != nil {
		o.t.Error(err)
	}
	return report
}

// press asks for sources now, due or not, with patience: zero is endless.
func (o *operator) press(patience time.Duration, ids ...string) aggregator.Report {
	o.t.Helper()
	var urls []string
	for _, src := range o.sources {
		if slices.Contains(ids, src.ID) {
			urls = append(urls, src.URL)
		}
	}
	defer o.publisher.Press(urls...)()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if patience > 0 {
		timer := time.AfterFunc(patience, cancel)
		defer timer.Stop()
	}
	report, err := o.engine.Ingest(ctx, aggregator.Request{Sources: ids, Now: true})
	if err != nil && !errors.Is(err, context.Canceled) {
		o.t.Error(err)
	}
	return report
}

// edition is what a feed with both validators and an item in every interval holds at t.
func edition(t time.Time, interval time.Duration) feedtest.Reply {
	items := feedtest.Round(20, noon.Add(-48*time.Hour), t, interval)
	newest := items[0]
	return feedtest.Reply{
		ETag: fmt.Sprintf(`"%d-%x"`, newest.Number, newest.At.Unix()), LastModified: feedtest.HTTPDate(newest.At),
		Document: feedtest.Document{Posts: items}, Takes: 150 * time.Millisecond,
	}
}

// late is how long after its due time a source may be asked when nothing is in its way: the daemon wakes to the
// second.
const late = 2 * time.Second

// life is what an operator did to one source, for its requests to be judged by.
type life struct {
	every   map[time.Time]time.Duration // from when on
	started []time.Time                 // the daemon, or the source in its list, or with another interval
	away    []absence
}

// absence is from when till when a source was not to be asked; a zero end is none.
type absence struct{ from, to time.Time }

func (l *life) leave() { l.away = append(l.away, absence{from: time.Now()}) }

// begin notes that the source can be asked from now on, at an interval.
func (l *life) begin(every time.Duration) {
	l.started = append(l.started, time.Now())
	l.every[time.Now()] = every
	if n := len(l.away); n > 0 && l.away[n-1].to.IsZero() {
		l.away[n-1].to = time.Now()
	}
}

// TestRun plays three days with twelve sources, thirty with fifty in the whole form, each at a host of its own: every due
// time is kept.
func TestRun(t *testing.T) {
	t.Parallel()
	play(t, func(t *testing.T) {
		days, last := scale(1, 3, 30), scale(8, 12, 50)-1
		var feeds []feedtest.Feed
		var sources []news.Source
		lives := map[string]*life{}
		for i := range last + 1 {
			id := fmt.Sprintf("s%02d", i)
			every := time.Duration(60+i%4*20) * time.Minute
			f := feedtest.Feed{Name: id, URL: "http://" + id + ".example/feed", Every: every,
				Reply: func(a feedtest.Asked) feedtest.Reply { return edition(a.At, 3*hour) }}
			feeds, sources = append(feeds, f), append(sources, source(id, f.URL, every))
			lives[id] = &life{every: map[time.Time]time.Duration{}}
		}
		o := newOperator(t, feedtest.NewPublisher(feeds...), sources...)
		began := func(ids ...string) {
			for _, src := range o.sources {
				if len(ids) == 0 || slices.Contains(ids, src.ID) {
					lives[src.ID].begin(src.Every)
				}
			}
		}
		rng := rand.New(rand.NewPCG(1, 2))
		nap := func(most time.Duration) { time.Sleep(time.Duration(rng.Int64N(int64(most)))) }
		o.sources = sources[:last]
		o.start()
		began()
		for range days * 2 {
			nap(22 * hour)
			switch rng.IntN(5) {
			case 0, 1:
				for _, src := range o.sources {
					lives[src.ID].leave()
				}
				o.end()
				nap(2 * hour)
				o.start()
				began()
			case 2:
				o.apply(o.sources...)
			case 3:
				id := o.sources[rng.IntN(len(o.sources))].ID
				o.setEvery(id, time.Duration(10+rng.IntN(90))*time.Minute)
				began(id)
			case 4: // one leaves and returns; meanwhile one is there that never was
				was, out := o.sources, rng.IntN(len(o.sources))
				lives[was[out].ID].leave()
				o.apply(append(slices.Delete(slices.Clone(was), out, out+1), sources[last])...)
				began(sources[last].ID)
				nap(5 * hour)
				lives[sources[last].ID].leave()
				o.apply(was...)
				began(was[out].ID)
			}
		}
		o.end()
		for id, l := range lives {
			l.judge(t, id, o.publisher.Times("http://"+id+".example/feed"))
		}
	})
}

// judge checks the times at which a source was asked against what the operator did.
func (l *life) judge(t *testing.T, id string, asked []time.Time) {
	if len(l.started) == 0 {
		return
	}
	if len(asked) == 0 || asked[0].Sub(l.started[0]) > late {
		t.Errorf("%s: never visited and not asked at once", id)
		return
	}
	for i, at := range asked {
		for _, a := range l.away {
			if at.After(a.from.Add(late)) && (a.to.IsZero() || at.Before(a.to)) {
				t.Errorf("%s: asked at %v, away since %v", id, at, a.from)
			}
		}
		if i == 0 {
			continue
		}
		every, start := l.at(at)
		due := asked[i-1].Add(every)
		if at.Before(due) {
			t.Errorf("%s: asked at %v, %v after the last time, every %v", id, at, at.Sub(asked[i-1]), every)
		}
		due = due.Add(min(every/10, time.Minute)) // the source's own offset
		if start.After(due) {
			due = start
		}
		if at.Sub(due) > late {
			t.Errorf("%s: asked at %v, %v late", id, at, at.Sub(due))
		}
	}
}

// at returns the interval in force at a time, and when the source last could not be asked before.
func (l *life) at(t time.Time) (every time.Duration, start time.Time) {
	for _, s := range l.started {
		if !s.After(t) {
			start = s
		}
	}
	return l.every[start], start
}

// TestSharedVisit: a visit goes on for as long as a caller waits for it, and is called off with the last.
func TestSharedVisit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact    string
		patient bool // one of two stays
		visited int
		left    int
	}{
		{"one stays", true, 1, 0},
		{"both go", false, 0, 1},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			play(t, func(t *testing.T) {
				f := feedtest.Feed{URL: "http://slow.example/feed", Reply: func(a feedtest.Asked) feedtest.Reply {
					r := edition(a.At, hour)
					r.Takes = 10 * time.Second
					return r
				}}
				o := newOperator(t, feedtest.NewPublisher(f), source("slow", f.URL, hour))
				o.open()
				defer o.close()
				var all sync.WaitGroup
				pass := func(patience time.Duration) (report aggregator.Report) {
					ctx, cancel := context.WithTimeout(context.Background(), patience)
					defer cancel()
					report, _ = o.engine.Ingest(ctx, aggregator.Request{}) // how it ended is in the report
					return report
				}
				all.Go(func() { pass(time.Second) })
				synctest.Wait()
				patience := 2 * time.Second
				if c.patient {
					patience = time.Minute
				}
				report := pass(patience)
				all.Wait()
				same(t, "visited", report.Visited, c.visited)
				same(t, "not visited", report.Unvisited, c.left)
				if report.Failed > 0 {
					t.Errorf("%+v", report)
				}
				if n := len(o.publisher.Times(f.URL)); n != 1 {
					t.Errorf("asked %d times", n)
				}
			})
		})
	}
}

package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/frb"
	"dateline/aggregator/news"
	"dateline/store"
)

// operator runs the engine in a bubble as people run a daemon: starts and ends it, edits its list, asks for
// a pass. The store is a real file that outlives each start.
type operator struct {
	t         testing.TB
	path      string
	registry  *attribute.Registry
	publisher *frb.Publisher
	network   http.RoundTripper // the publisher, or what stands between
	gap       time.Duration
	sources   []news.Source

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
func newOperator(t testing.TB, p *frb.Publisher, sources ...news.Source) *operator {
	t.Helper()
	registry, err := attribute.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(noon))
	return &operator{t: t, path: filepath.Join(inMemory(t), "wire.db"), registry: registry, publisher: p, network: p, gap: p.Gap, sources: sources}
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
	if o.store, err = store.Open(o.path, store.Options{}); err != nil {
		o.t.Fatal(err)
	}
	o.client, err = fetch.New(fetch.Options{UserAgent: "Dateline/1.0 (+https://wire.example/)", Gap: o.gap, Transport: o.network})
	if err != nil {
		o.t.Fatal(err)
	}
	o.engine = aggregator.New(o.store, o.setup(), slog.New(slog.DiscardHandler))
}

func (o *operator) setup() aggregator.Setup {
	return aggregator.Setup{Sources: slices.Clone(o.sources), Client: o.client, Registry: o.registry, Retention: store.Retention{Text: 90 * 24 * time.Hour}}
}

func (o *operator) close() {
	o.t.Helper()
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
func edition(t time.Time, interval time.Duration) frb.Reply {
	items := frb.Round(20, noon.Add(-48*time.Hour), t, interval)
	newest := items[0]
	return frb.Reply{
		ETag: fmt.Sprintf(`"%d-%x"`, newest.Number, newest.At.Unix()), LastModified: frb.Day(newest.At),
		Document: frb.Document{Items: items}, Takes: 150 * time.Millisecond,
	}
}

package aggregator_test

import (
	gocmp "cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/aggregator/schedule"
	"dateline/store"
)

// TestMain lets the test binary be its own child: see child_test.go.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(beChild(role))
	}
	debug.SetGCPercent(400) // a twelfth of the CPU; what a test keeps is small
	os.Exit(m.Run())
}

// scale returns how much of a long test is run: little under -short, as for the race detector, the whole where
// [feedtest.Long], else what shows the same in seconds.
func scale(little, some, whole int) int {
	if testing.Short() && !feedtest.Long() {
		return little
	}
	return feedtest.Pick(some, whole)
}

// same fails the test unless got is want; what names the fact.
func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// harness is the whole engine as the program runs it: the real store in a file, the real client, the real
// stages. Only the servers that it reads are the test's.
type harness struct {
	t          testing.TB
	path       string
	sources    []news.Source
	fetch      fetch.Options
	pages      int // a minute and host; 0: the default
	limit      int // of the store's file, in bytes; 0: none
	at         int // visits at a time; 0: the default
	thresholds news.Thresholds
	pace       schedule.Pace
	logger     *slog.Logger // nil: discarded

	history history // of the store
	store   *store.Store
	client  *fetch.Client
	engine  *aggregator.Aggregator
}

// newHarness opens a harness on a new store that reads the sources over loopback.
func newHarness(t testing.TB, sources ...news.Source) *harness {
	t.Helper()
	r := &harness{t: t, path: filepath.Join(t.TempDir(), "wire.db"), sources: sources}
	r.fetch.Allow = []string{"127.0.0.0/8"}
	r.open()
	return r
}

// newHarnessOver is newHarness on a network of the test's own: for bubbles of synctest.
func newHarnessOver(t testing.TB, network http.RoundTripper, sources ...news.Source) *harness {
	t.Helper()
	r := &harness{t: t, path: filepath.Join(t.TempDir(), "wire.db"), sources: sources}
	r.fetch.Transport = network
	r.open()
	return r
}

// open opens everything anew, as another start of the program would.
func (r *harness) open() {
	r.t.Helper()
	r.close()
	var err error
	if r.store, err = openStore(r.path, r.options()); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.close)
	if r.client, err = fetch.New(r.fetch); err != nil {
		r.t.Fatal(err)
	}
	r.engine = aggregator.New(r.store, aggregator.Setup{Sources: r.sources, Client: r.client, Registry: r.registry(), Concurrency: r.at,
		Pages: r.pages, Thresholds: r.thresholds, Pace: r.pace, FirstPoll: 20},
		gocmp.Or(r.logger, slog.New(slog.DiscardHandler)))
}

// openStore opens a store as [store.Open] does. A child process that another test starts has a copy of every open file, and of its lock,
// until it runs its own program. In a bubble no time passes while Open waits for that lock, so openStore waits for the child and tries
// again.
func openStore(path string, o store.Options) (s *store.Store, err error) {
	for range 100 {
		if s, err = store.Open(path, o); !errors.Is(err, store.ErrBusy) {
			break
		}
		syscall.ForkLock.RLock()
		syscall.ForkLock.RUnlock() //lint:ignore SA2001 it only waits for those who start a process
	}
	return s, err
}

// options returns those of the store. A benchmark has no followers.
func (r *harness) options() store.Options {
	o := store.Options{MaxSize: r.limit}
	if _, measured := r.t.(*testing.B); !measured {
		o.Writes = r.history.add
	}
	return o
}

func (r *harness) close() {
	if r.store == nil {
		return
	}
	r.client.Close()
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
	r.store = nil
}

// pass visits the sources with these ids, none: all, due or not.
func (r *harness) pass(ids ...string) aggregator.Report {
	r.t.Helper()
	return r.ingest(aggregator.Request{Sources: ids, Now: true})
}

// ingest makes a pass.
func (r *harness) ingest(req aggregator.Request) aggregator.Report {
	r.t.Helper()
	report, err := r.engine.Ingest(context.Background(), req)
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// good makes a pass in which every visit must be good.
func (r *harness) good(ids ...string) aggregator.Report {
	r.t.Helper()
	report := r.pass(ids...)
	for _, v := range report.Visits {
		if v.Err != nil || !v.Result.Good() {
			r.t.Errorf("source %s: %s: %v", v.Source, v.Result, v.Err)
		}
	}
	return report
}

// visit visits one source.
func (r *harness) visit(id string) news.Visit {
	r.t.Helper()
	report := r.pass(id)
	if len(report.Visits) != 1 {
		r.t.Fatalf("source %s: %d visits, want 1", id, len(report.Visits))
	}
	return report.Visits[0]
}

func (r *harness) view(read func(store.View) error) {
	r.t.Helper()
	if err := r.store.View(read); err != nil {
		r.t.Fatal(err)
	}
}

func (r *harness) state(id string) (st news.State) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		st, err = v.State(id)
		return err
	})
	return st
}

func (r *harness) head() (pos uint64) {
	r.t.Helper()
	r.view(func(v store.View) error { pos = v.Head(); return nil })
	return pos
}

// items returns what is stored of the source, the earliest first; "": of all.
func (r *harness) items(source string) (all []news.Item) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			if source == "" || it.Source == source {
				all = append(all, it)
			}
		}
		return nil
	})
	return all
}

// counts returns how many items are stored of each source.
func (r *harness) counts() map[string]int {
	r.t.Helper()
	n := map[string]int{}
	for _, it := range r.items("") {
		n[it.Source]++
	}
	return n
}

// item returns the one item of the source whose title begins so.
func (r *harness) item(source, title string) news.Item {
	r.t.Helper()
	all := slices.DeleteFunc(r.items(source), func(it news.Item) bool { return !strings.HasPrefix(it.Title, title) })
	if len(all) != 1 {
		r.t.Fatalf("%d items of %s are called %q, want 1", len(all), source, title)
	}
	return all[0]
}

func (r *harness) entry(k news.Key) (e news.Entry) {
	r.t.Helper()
	r.view(func(v store.View) error {
		var found bool
		var err error
		if e, found, err = v.Entry(k); err == nil && !found {
			r.t.Fatalf("there is no entry %s", k)
		}
		return err
	})
	return e
}

// lastVisit returns the newest record of the log.
func (r *harness) lastVisit() (rec news.LogRecord) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for rec = range v.Records(0) {
			break
		}
		return nil
	})
	return rec
}

// atom renders the merged feed.
func (r *harness) atom() []byte {
	r.t.Helper()
	var doc *publish.Document
	r.view(func(v store.View) (err error) {
		doc, err = publish.New(r.publication(v)).Atom(v)
		return err
	})
	return doc.Bytes
}

// publication says how the harness's sources are rendered, the removed ones too.
func (r *harness) publication(v store.View) publish.Options {
	r.t.Helper()
	options, err := publication(must[[]news.Source](r.t)(aggregator.KnownSources(v, r.sources)))
	if err != nil {
		r.t.Fatal(err)
	}
	return options
}

// publication says how the tests render feeds: whole, and with the same id for every store.
func publication(sources []news.Source) (publish.Options, error) {
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		return publish.Options{}, err
	}
	return publish.Options{
		Title: "Agency wire", ID: "urn:uuid:8d5c9d1e-3f4b-4a77-9d0e-6d2a5a3a7c11", BaseURL: "https://wire.example/", Language: "en",
		Entries: 1 << 20, CreditLine: true, Sources: sources, Agency: registry.Agency,
	}, nil
}

func (r *harness) registry() *attribute.Registry {
	r.t.Helper()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		r.t.Fatal(err)
	}
	return registry
}

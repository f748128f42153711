package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/store"
)

// TestMain lets the test binary be its own child: see child_test.go.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(beChild(role))
	}
	if err := warm(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// warm makes outside of any bubble of synctest what all stores of a process share: the compressor keeps
// channels, and one that was made in a bubble cannot be used in the next.
func warm() error {
	dir, err := os.MkdirTemp("", "warm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(filepath.Join(dir, "wire.db"), store.Options{})
	if err != nil {
		return err
	}
	k := news.ItemKey("alpha", "1")
	err = s.Commit(func(store.View) (store.Writes, error) {
		return store.Writes{Source: "alpha", Items: []news.Item{{Key: k, Entry: k, Source: "alpha", Title: "One", Revision: 1}}}, nil
	})
	return errors.Join(err, s.Close())
}

// rig is the whole engine as the program runs it: the real store in a file, the real client, the real
// stages. Only the servers that it reads are the test's.
type rig struct {
	t       testing.TB
	path    string
	sources []news.Source
	fetch   fetch.Options
	limit   int // of the store's file, in bytes; 0: none
	at      int // visits at a time; 0: the default

	store  *store.Store
	client *fetch.Client
	engine *aggregator.Aggregator
}

// newRig opens a rig on a new store that reads the sources over loopback.
func newRig(t testing.TB, sources ...news.Source) *rig {
	t.Helper()
	r := &rig{t: t, path: filepath.Join(t.TempDir(), "wire.db"), sources: sources}
	r.fetch.Allow = []string{"127.0.0.0/8"}
	r.open()
	return r
}

// newRigOver is newRig on a network of the test's own: for bubbles of synctest.
func newRigOver(t testing.TB, network http.RoundTripper, sources ...news.Source) *rig {
	t.Helper()
	r := &rig{t: t, path: filepath.Join(t.TempDir(), "wire.db"), sources: sources}
	r.fetch.Transport = network
	r.open()
	return r
}

// open opens everything anew, as another start of the program would.
func (r *rig) open() {
	r.t.Helper()
	r.close()
	var err error
	if r.store, err = store.Open(r.path, store.Options{MaxSize: r.limit}); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.close)
	if r.client, err = fetch.New(r.fetch); err != nil {
		r.t.Fatal(err)
	}
	registry, err := attribute.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.engine = aggregator.New(r.store, aggregator.Setup{Sources: r.sources, Client: r.client, Registry: registry, Concurrency: r.at},
		slog.New(slog.DiscardHandler))
}

func (r *rig) close() {
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
func (r *rig) pass(ids ...string) aggregator.Report {
	r.t.Helper()
	return r.ingest(aggregator.Request{Sources: ids, Now: true})
}

// ingest makes a pass.
func (r *rig) ingest(req aggregator.Request) aggregator.Report {
	r.t.Helper()
	report, err := r.engine.Ingest(context.Background(), req)
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// good makes a pass in which every visit must be good.
func (r *rig) good(ids ...string) aggregator.Report {
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
func (r *rig) visit(id string) news.Visit {
	r.t.Helper()
	report := r.pass(id)
	if len(report.Visits) != 1 {
		r.t.Fatalf("source %s: %d visits, want 1", id, len(report.Visits))
	}
	return report.Visits[0]
}

func (r *rig) view(read func(store.View) error) {
	r.t.Helper()
	if err := r.store.View(read); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) state(id string) (st news.State) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		st, err = v.State(id)
		return err
	})
	return st
}

func (r *rig) head() (pos uint64) {
	r.t.Helper()
	r.view(func(v store.View) error { pos = v.Head(); return nil })
	return pos
}

// items returns what is stored of the source, the earliest first; "": of all.
func (r *rig) items(source string) (all []news.Item) {
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
func (r *rig) counts() map[string]int {
	r.t.Helper()
	n := map[string]int{}
	for _, it := range r.items("") {
		n[it.Source]++
	}
	return n
}

// item returns the one item of the source whose title begins so.
func (r *rig) item(source, title string) news.Item {
	r.t.Helper()
	all := slices.DeleteFunc(r.items(source), func(it news.Item) bool { return !strings.HasPrefix(it.Title, title) })
	if len(all) != 1 {
		r.t.Fatalf("%d items of %s are called %q, want 1", len(all), source, title)
	}
	return all[0]
}

func (r *rig) entry(k news.Key) (e news.Entry) {
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

// record returns the newest record of the log.
func (r *rig) record() (rec news.Record) {
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
func (r *rig) atom() []byte {
	r.t.Helper()
	var doc *publish.Document
	r.view(func(v store.View) error {
		sources, err := aggregator.Remembered(v, r.sources)
		if err != nil {
			return err
		}
		options, err := publication(sources)
		if err != nil {
			return err
		}
		doc, err = publish.New(options).Atom(v)
		return err
	})
	return doc.Bytes
}

// publication says how the tests render feeds: whole, and with the same id whatever the store.
func publication(sources []news.Source) (publish.Options, error) {
	registry, err := attribute.New(nil)
	if err != nil {
		return publish.Options{}, err
	}
	return publish.Options{
		Title: "Agency wire", ID: "urn:uuid:8d5c9d1e-3f4b-4a77-9d0e-6d2a5a3a7c11", BaseURL: "https://wire.example/", Language: "en",
		Entries: 1 << 20, CreditLine: true, Sources: sources, Agency: registry.Agency,
	}, nil
}

// site is a server whose pages a test sets and whose requests it reads.
type site struct {
	URL string

	mu    sync.Mutex
	pages map[string]http.Handler
	asked map[string][]http.Header
}

// newSite starts a server on loopback.
func newSite(t testing.TB) *site {
	s := &site{pages: map[string]http.Handler{}, asked: map[string][]http.Header{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// newHost returns a site without a socket, to be reached by RoundTrip under any name.
func newHost() *site {
	return &site{URL: "https://wire.example", pages: map[string]http.Handler{}, asked: map[string][]http.Header{}}
}

// set says what stands at path from now on.
func (s *site) set(path string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// requests returns the header of each request for path so far.
func (s *site) requests(path string) []http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[path])
}

// forget forgets the requests so far.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
}

func (s *site) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	s.asked[req.URL.Path] = append(s.asked[req.URL.Path], req.Header.Clone())
	h := s.pages[req.URL.Path]
	s.mu.Unlock()
	if h == nil {
		http.NotFound(w, req)
		return
	}
	h.ServeHTTP(w, req)
}

// RoundTrip answers a request without a network.
func (s *site) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, req); req.Context().Err() != nil {
		return nil, req.Context().Err()
	}
	answer := w.Result()
	answer.Request = req
	return answer, nil
}

// page is a document as a careful server gives it: what stands in the header is sent, and a request with
// the validators that it gave out, byte for byte, is answered 304.
type page struct {
	body   string
	header http.Header // with ETag and Last-Modified, perhaps
}

// doc returns a page; fields are names and values of header fields by turns; what has no value is not sent.
func doc(body string, fields ...string) page {
	p := page{body: body, header: http.Header{"Content-Type": {"application/xml"}}}
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] != "" {
			p.header.Set(fields[i], fields[i+1])
		}
	}
	return p
}

func (p page) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	etag, modified := p.header.Get("ETag"), p.header.Get("Last-Modified")
	if (etag != "" || modified != "") && req.Header.Get("If-None-Match") == etag && req.Header.Get("If-Modified-Since") == modified {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write([]byte(p.body))
}

// status answers with a status and nothing else; fields as for doc.
func status(code int, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Set(fields[i], fields[i+1])
		}
		w.WriteHeader(code)
	}
}

// feed returns a source that is read at the site's path /id.
func (s *site) feed(id string) news.Source {
	return news.Source{ID: id, Name: strings.ToUpper(id), URL: s.URL + "/" + id, Language: "en", Every: 15 * time.Minute,
		Content: news.Full, Enabled: true}
}

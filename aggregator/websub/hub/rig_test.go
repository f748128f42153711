package hub

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
	"dateline/store"
)

const (
	base  = "https://wire.example.org/"
	topic = base + "feed.atom"
	atom  = "application/atom+xml; charset=utf-8"
)

// documents holds the documents that the hub delivers.
type documents struct {
	mu   sync.Mutex
	docs map[string]Document
	err  error // of every look
}

// publish puts a document in place, at a position.
func (d *documents) publish(topic string, position uint64, contentType, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.docs[topic] = Document{Bytes: []byte(text), ContentType: contentType, Position: position}
}

func (d *documents) remove(topic string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.docs, topic)
}

func (d *documents) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

func (d *documents) Document(topic string) (Document, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	doc, ok := d.docs[topic]
	if !ok && d.err == nil {
		return doc, ErrNoTopic
	}
	return doc, d.err
}

func (d *documents) Position(topic string) (uint64, error) {
	doc, err := d.Document(topic)
	return doc.Position, err
}

func (d *documents) Topics() (all []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for topic := range d.docs {
		if !isQuery(topic) {
			all = append(all, topic)
		}
	}
	return all, d.err
}

// rig is a hub on a real store and a guarded client, with a network without sockets on which the host reader.example is.
type rig struct {
	t         *testing.T
	path      string
	documents *documents
	net       *feedtest.Network
	reader    *feedtest.Callback
	setup     Setup
	log       *strings.Builder
	client    int // of requests
	store     *store.Store
	hub       *Hub
	stop      func() // the program ends; nothing happens where none runs
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, path: filepath.Join(t.TempDir(), "wire.db"), documents: &documents{docs: map[string]Document{}},
		net: &feedtest.Network{}, reader: &feedtest.Callback{}, log: &strings.Builder{}, stop: func() {}}
	r.net.Set("reader.example", r.reader)
	r.documents.publish("/feed.atom", 1, atom, "<feed>1</feed>")
	client, err := fetch.New(fetch.Options{Transport: r.net})
	if err != nil {
		t.Fatal(err)
	}
	r.setup = Setup{Base: base, Reachable: client.Reachable,
		Peer: websub.Peer{Client: client.HTTP(), Host: fetch.Host, RetryAfter: fetch.RetryAfter}}
	return r
}

// bubble runs a test in a bubble that its rig has left at the end, beside other tests.
func bubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer func() { r.stop() }()
		r.start()
		test(r)
	})
}

// open makes a hub on the store, which is opened for it.
func (r *rig) open() {
	r.t.Helper()
	r.stop()
	var err error
	if r.store, err = store.Open(r.path, store.Options{}); err != nil {
		r.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if r.hub, err = New(r.store, r.documents, r.setup, log); err != nil {
		r.t.Fatal(err)
	}
	r.net.Set("wire.example.org", r.hub)
	r.stop = func() {
		if err := r.store.Close(); err != nil {
			r.t.Error(err)
		}
		r.stop = func() {}
	}
}

// start runs a hub on what the store holds, in place of the one before.
func (r *rig) start() {
	r.t.Helper()
	r.open()
	ctx, cancel := context.WithCancel(context.Background())
	var under sync.WaitGroup
	under.Go(func() { r.hub.Run(ctx) })
	shut := r.stop
	r.stop = func() {
		cancel()
		under.Wait()
		shut()
	}
	synctest.Wait()
}

// ask makes a request of the hub and returns the answer.
func (r *rig) ask(pairs ...string) *http.Response {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.post(form.Encode())
}

func (r *rig) post(body string) *http.Response {
	r.t.Helper()
	req := httptest.NewRequest(http.MethodPost, base+"hub", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.RemoteAddr = fmt.Sprintf("192.0.2.%d:%d", r.client, 1024+r.hub.Stats().Waiting)
	w := httptest.NewRecorder()
	r.hub.ServeHTTP(w, req)
	return w.Result()
}

// request is a request for a callback, with more parameters.
func (r *rig) request(mode, callback string, more ...string) {
	r.t.Helper()
	resp := r.ask(append([]string{"hub.mode", mode, "hub.topic", topic, "hub.callback", callback}, more...)...)
	if resp.StatusCode != http.StatusAccepted {
		text, _ := io.ReadAll(resp.Body)
		r.t.Fatalf("answered %d %s", resp.StatusCode, text)
	}
	synctest.Wait()
}

const callback = "https://reader.example/c"

// subscribe has the reader's callback subscribed.
func (r *rig) subscribe(more ...string) {
	r.t.Helper()
	before := r.hub.Stats().Requests["verified"]
	r.request("subscribe", callback, more...)
	if r.hub.Stats().Requests["verified"] != before+1 {
		r.t.Fatalf("not verified: %+v\n%s", r.hub.Stats(), r.log)
	}
	after(3 * time.Second)
}

// texts returns what came to a subscriber: each with the path that it came to.
func texts(c *feedtest.Callback) (all []string) {
	for _, d := range c.Deliveries() {
		all = append(all, d.URI+" "+d.Body)
	}
	return all
}

// lastHeader returns the header of the reader's newest delivery.
func (r *rig) lastHeader() http.Header {
	r.t.Helper()
	all := r.reader.Deliveries()
	if len(all) == 0 {
		r.t.Fatal("nothing was delivered")
	}
	return all[len(all)-1].Header
}

// change publishes a new version of the merged feed and lets what follows from it happen.
func (r *rig) change(position uint64) {
	r.t.Helper()
	r.documents.publish("/feed.atom", position, atom, fmt.Sprintf("<feed>%d</feed>", position))
	r.hub.Changed()
	after(debounce)
}

// kept returns what is stored, once what is to be written has been.
func (r *rig) kept() []news.Subscriber {
	r.t.Helper()
	after(2 * writeEvery)
	all, err := r.store.Subscribers()
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

package daemon

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
	"dateline/store/storetest"
)

// goneFeeds is the wire of the demonstration, of which one source is gone. It counts the events that `notify` sends it.
type goneFeeds struct {
	*httptest.Server
	all atomic.Bool // sources are gone

	mu  sync.Mutex
	got map[string]int // by source and kind
}

func newGoneFeeds(t *testing.T) *goneFeeds {
	t.Helper()
	w := &goneFeeds{got: map[string]int{}}
	news := newPolled(t)
	w.Server = httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/notify":
			var body struct {
				Events []struct{ Source, Kind string }
			}
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, ev := range body.Events {
				w.got[ev.Source+" "+ev.Kind]++
			}
		case r.URL.Path == "/belta/rss" && !w.all.Load():
			news.Config.Handler.ServeHTTP(answer, r)
		default:
			answer.WriteHeader(http.StatusGone)
		}
	}))
	t.Cleanup(w.Close)
	return w
}

func (w *goneFeeds) count(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got[what]
}

// TestNotifyOfNodes: one node notifies the operator of what each has seen, of the state of a source once; another goes on when it ends.
func TestNotifyOfNodes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three nodes, one of which takes over after seconds")
	}
	feeds, dsn := newGoneFeeds(t), storetest.Database(t)
	start := func() *process {
		return startNodeIn(t, t.TempDir(), feeds.URL, dsn, slog.New(slog.DiscardHandler), "\npoll:",
			"\nnotify: {url: "+feeds.URL+"/notify}\nhub:\n  allow: [127.0.0.1]\npoll:")
	}
	first := start()
	if !eventually(func() bool { return feeds.count("belta gap") == 1 }) { // a gap is noted at once, states at the start of a node
		t.Fatal("no event of a visit")
	}
	const gone = "tass state"
	second := start()
	if !eventually(func() bool { return feeds.count(gone) == 1 }) {
		t.Fatal("no event of another node")
	}
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	feeds.all.Store(true)
	if !eventually(func() bool {
		return slices.ContainsFunc(second.report(t).Sources, func(s node.SourceStatus) bool { return s.ID == "belta" && s.State == status.Gone })
	}) {
		t.Fatal("no visit after a node has ended")
	}
	if start(); !eventually(func() bool { return feeds.count("belta state") == 1 }) {
		t.Error("no event after the node that notified has ended")
	}
	if n := feeds.count(gone); n != 1 {
		t.Errorf("the state of a source was sent %d times", n)
	}
}

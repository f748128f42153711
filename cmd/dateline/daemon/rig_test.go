package daemon

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/config"
	"dateline/cmd/dateline/demo"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// server is the wire of the demonstration, with two faults: 403 and 410.
type server struct {
	*demo.Server
	url string
}

func newServer(t *testing.T) *server {
	t.Helper()
	news := demo.New(demo.Day)
	mux := http.NewServeMux()
	mux.Handle("/", news)
	mux.HandleFunc("/fault/403", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/fault/410", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return &server{news, s.URL}
}

// testConfig is the demonstration's config with free ports and an interval that no test waits for.
func testConfig(server string) []byte {
	b := demo.Config(demo.Place{Wire: server, Store: "dateline.db", Public: "127.0.0.1:0", Admin: "127.0.0.1:0"})
	return bytes.Replace(b, []byte("every: 2s"), []byte("every: 1h"), 1)
}

// demoConfig is the demonstration's config, with edits made to its text.
func demoConfig(t *testing.T, server string, edits ...string) *config.Config {
	t.Helper()
	cfg, err := config.Parse("config.yaml", []byte(strings.NewReplacer(edits...).Replace(string(testConfig(server)))))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// newTestDaemon returns a daemon that does not run, on the wire of the demonstration.
func newTestDaemon(t *testing.T, cfg *config.Config) *daemon {
	t.Helper()
	return newTestDaemonIn(t, t.TempDir(), cfg)
}

// newTestDaemonIn returns one whose store is in a folder, and closed at the end of the test if it is open then.
func newTestDaemonIn(t *testing.T, dir string, cfg *config.Config) *daemon {
	t.Helper()
	st, err := store.Open(filepath.Join(dir, "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	n, err := node.New(cfg, filepath.Join(dir, "config.yaml"), "devel", st, log)
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDaemon(n, Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.node.Load().Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// patience bounds every wait for something that is bound to happen.
const patience = time.Minute

// eventually calls done until it reports true, and whether it did in time.
func eventually(done func() bool) bool {
	end := time.After(patience)
	for pause := 10 * time.Millisecond; !done(); pause = min(pause*3/2, patience/200) {
		select {
		case <-end:
			return false
		case <-time.After(pause):
		}
	}
	return true
}

// mailbox is a callback on loopback.
type mailbox struct {
	*httptest.Server
	got chan struct{} // a request has come
}

func newMailbox(t *testing.T) *mailbox {
	m := &mailbox{got: make(chan struct{}, 100)}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		m.got <- struct{}{}
	}))
	t.Cleanup(m.Close)
	return m
}

// next waits for a request.
func (m *mailbox) next(t *testing.T) {
	t.Helper()
	select {
	case <-m.got:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
}

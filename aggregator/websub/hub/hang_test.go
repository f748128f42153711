package hub

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/websub"
	"dateline/store"
)

// verifyOnly confirms the subscription of every callback but that of /stuck, and takes no delivery.
func verifyOnly(r *http.Request) *http.Response {
	if r.Method == http.MethodPost || r.URL.Path == "/stuck" {
		return nil
	}
	body := io.NopCloser(strings.NewReader(r.URL.Query().Get("hub.challenge")))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}
}

// oneTopic holds one document, at a position that grows.
type oneTopic struct{ position *atomic.Uint64 }

func (d oneTopic) Document(string) (Document, error) {
	return Document{Bytes: []byte("<feed/>"), ContentType: "application/atom+xml", Position: d.position.Load()}, nil
}
func (d oneTopic) Position(string) (uint64, error) { return d.position.Load(), nil }
func (d oneTopic) Topics() ([]string, error)       { return []string{"/feed.atom"}, nil }

// Verification and delivery end although the transport hangs, and so does Run.
func TestStuckTransport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := feedtest.Stuck{Released: make(chan struct{}), Answer: verifyOnly}
		defer close(n.Released)
		client, err := fetch.New(fetch.Options{Transport: n})
		if err != nil {
			t.Fatal(err)
		}
		st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		documents := oneTopic{new(atomic.Uint64)}
		const ours = "https://wire.example.org/"
		setup := Setup{Base: ours, Reachable: client.Reachable,
			Peer: websub.Peer{Client: client.HTTP(), Host: fetch.Host, RetryAfter: fetch.RetryAfter}}
		h, err := New(st, documents, setup, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			h.Run(ctx)
			close(ended)
		}()
		for _, callback := range []string{"http://a.example/stuck", "http://b.example/deliver"} {
			form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {ours + "feed.atom"}, "hub.callback": {callback}}
			req := httptest.NewRequest(http.MethodPost, ours+"hub", strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, req); w.Code != http.StatusAccepted {
				t.Fatalf("status %d", w.Code)
			}
		}
		time.Sleep(time.Second)
		documents.position.Add(1)
		h.Changed()
		time.Sleep(patience + 5*time.Second)
		stats := h.Stats()
		feedtest.Same(t, "requests verified", stats.Requests["verified"], 1)
		feedtest.Same(t, "requests unverified", stats.Requests["unverified"], 1)
		feedtest.Same(t, "deliveries failed", stats.Deliveries["failed"], 1)
		feedtest.Same(t, "abandoned", client.Abandoned(), 2)
		underWay := func() bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			return len(h.busy) > 0
		}
		for !underWay() { // the next delivery
			time.Sleep(time.Second)
		}
		asked := time.Now()
		cancel()
		<-ended
		if d := time.Since(asked); d > grace+time.Second {
			t.Errorf("Run ended after %v", d)
		}
	})
}

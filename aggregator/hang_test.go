package aggregator_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// halfDead is a network on which requests to stuck.example, and to target.example, where leads.example leads, return when
// it is released and not before, even if their context ends. All others are answered by a feed.
type halfDead struct {
	released chan struct{}
	mu       sync.Mutex
	asked    map[string]int // requests by host
}

func (n *halfDead) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	n.asked[r.URL.Host]++
	n.mu.Unlock()
	if r.URL.Host == "stuck.example" || r.URL.Host == "target.example" {
		<-n.released
		return nil, errors.New("released")
	}
	if r.URL.Host == "leads.example" {
		header := http.Header{"Location": {"http://target.example/to"}}
		return &http.Response{StatusCode: http.StatusFound, Header: header, Body: http.NoBody, Request: r}, nil
	}
	feed := `<rss version="2.0"><channel><title>Wire</title><item><guid>1</guid><title>Council meets</title></item></channel></rss>`
	body := io.NopCloser(strings.NewReader(feed))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: body, Request: r}, nil
}

func (n *halfDead) times(host string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[host]
}

// hanging runs a test in a bubble with an engine whose network is half dead, on a store that must be whole at the end.
func hanging(t *testing.T, test func(t *testing.T, a *aggregator.Aggregator, n *halfDead, sources []news.Source)) {
	t.Helper()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		n := &halfDead{released: make(chan struct{}), asked: map[string]int{}}
		defer close(n.released)
		client, err := fetch.New(fetch.Options{Transport: n, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		st, err := openStore(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var sources []news.Source
		for _, host := range []string{"stuck.example", "leads.example", "good.example"} {
			id, _, _ := strings.Cut(host, ".")
			sources = append(sources, news.Source{ID: id, Name: id, Agency: id, URL: "http://" + host + "/feed", Language: "en",
				Every: 10 * time.Minute, Content: news.Summary, Enabled: true})
		}
		setup := aggregator.Setup{Sources: sources, Client: client, Registry: registry, FirstPoll: 20}
		a := aggregator.New(st, setup, slog.New(slog.DiscardHandler))
		test(t, a, n, sources)
		if err := st.Check(func(f store.Fault) { t.Errorf("%+v", f) }); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// latestEnd is by when a round trip that hangs has ended: within a second after its timeout.
const latestEnd = time.Minute + time.Second

// A source whose transport hangs is visited for no longer than its timeout, others are visited on time, and Run ends.
func TestRunWithStuckTransport(t *testing.T) {
	t.Parallel()
	hanging(t, func(t *testing.T, a *aggregator.Aggregator, n *halfDead, _ []news.Source) {
		var mu sync.Mutex
		failed := map[string]int{}
		a.Observe(func(v news.Visit) {
			mu.Lock()
			defer mu.Unlock()
			if v.Err != nil {
				failed[v.Source]++
			}
			if v.Took > latestEnd {
				t.Errorf("%s took %v", v.Source, v.Took)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Run(ctx) }()
		time.Sleep(10*time.Hour + time.Second)
		mu.Lock()
		if n.times("good.example") < 30 || failed["good"] > 0 || failed["stuck"] < 3 || failed["leads"] < 3 {
			t.Errorf("asked %v, failed %v", n.asked, failed)
		}
		mu.Unlock()
		for began := n.times("stuck.example"); n.times("stuck.example") == began; {
			time.Sleep(time.Second)
		}
		asked := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := time.Since(asked); d > 8*time.Second {
			t.Errorf("Run ended after %v", d)
		}
	})
}

// A pass that is called off, and one that is not, end although a transport hangs.
func TestIngestWithStuckTransport(t *testing.T) {
	t.Parallel()
	hanging(t, func(t *testing.T, a *aggregator.Aggregator, _ *halfDead, _ []news.Source) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := a.Ingest(ctx, aggregator.Request{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 6*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		began = time.Now()
		report, err := a.Ingest(t.Context(), aggregator.Request{Now: true})
		if err != nil || report.Failed != 2 || report.Visited != 3 || time.Since(began) > latestEnd {
			t.Errorf("%+v, %v after %v", report, err, time.Since(began))
		}
	})
}

// Probe and Discover end although a transport hangs.
func TestLookWithStuckTransport(t *testing.T) {
	t.Parallel()
	hanging(t, func(t *testing.T, a *aggregator.Aggregator, _ *halfDead, sources []news.Source) {
		began := time.Now()
		probes := a.Probe(t.Context(), nil, sources)
		if time.Since(began) > latestEnd {
			t.Errorf("after %v", time.Since(began))
		}
		for _, p := range probes {
			if (p.Err == nil) != (p.Source == "good") {
				t.Errorf("%s: %v", p.Source, p.Err)
			}
		}
		for _, address := range []string{"http://stuck.example/", "http://leads.example/"} {
			began = time.Now()
			if _, err := a.Discover(t.Context(), address, nil); !errors.Is(err, fetch.ErrAbandoned) || time.Since(began) > latestEnd {
				t.Errorf("%s: %v after %v", address, err, time.Since(began))
			}
		}
	})
}

// A visit that hangs outside its round trip, where no timeout holds, does not keep Run: it is logged and left behind.
func TestRunLeavesWhatHangs(t *testing.T) {
	t.Parallel()
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		n := &halfDead{released: make(chan struct{}), asked: map[string]int{}}
		client, err := fetch.New(fetch.Options{Transport: n})
		if err != nil {
			t.Fatal(err)
		}
		st, err := openStore(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		src := news.Source{ID: "good", Name: "good", Agency: "good", URL: "http://good.example/feed", Every: time.Hour, Enabled: true}
		setup := aggregator.Setup{Sources: []news.Source{src}, Client: client, Registry: registry}
		a := aggregator.New(st, setup, slog.New(slog.NewTextHandler(&said, nil)))
		a.Observe(func(news.Visit) { <-n.released }) // called within the visit
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Run(ctx) }()
		time.Sleep(time.Second)
		asked := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := time.Since(asked); d != 9*time.Second || !strings.Contains(said.String(), `msg="visits do not end" sources=`) {
			t.Errorf("after %v: %s", d, &said)
		}
		close(n.released)
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

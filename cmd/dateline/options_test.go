package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"
)

// The version is plain, and a token (RFC 9110 section 5.6.2), however it was stamped.
func TestVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ stamped, module, want string }{
		{"", "", "devel"},
		{"", "(devel)", "devel"},
		{"", "v1.2.3", "1.2.3"},
		{"", "v1.2.3-rc.1", "1.2.3-rc.1"},
		{"", "v1.2.3+dirty", "1.2.3"},
		{"", "v0.0.0-20261130074312-c191f7d1a2b3", "devel"},
		{"", "v1.2.4-0.20261130074312-c191f7d1a2b3+dirty", "devel"},
		{"1.2.3", "v0.0.0-20261130074312-c191f7d1a2b3", "1.2.3"},
		{"v1.2.3", "", "1.2.3"},
		{"a (b)/c", "", "a--b--c"},
	} {
		if got := plainVersion(c.stamped, c.module); got != c.want {
			t.Errorf("stamped %q, module %q: %q, want %q", c.stamped, c.module, got, c.want)
		}
	}
	if v := Version(); !regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$").MatchString(v) {
		t.Errorf("%q is no token", v)
	}
}

// poll.concurrency bounds the visits at a time: two hosts are asked one after the other, or together.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limit, want int
		wait        time.Duration // how long the first waits to be joined by the second
	}{
		{1, 1, 300 * time.Millisecond},
		{2, 2, patience},
	} {
		t.Run(fmt.Sprint(tt.limit), func(t *testing.T) {
			t.Parallel()
			m := meeting{wait: tt.wait, met: make(chan struct{})}
			one, two := httptest.NewServer(&m), httptest.NewServer(&m)
			defer one.Close()
			defer two.Close()
			dir := t.TempDir()
			path := filepath.Join(dir, "config.yaml")
			cfg := fmt.Sprintf("store: {path: %s/dateline.db}\npoll: {concurrency: %d}\nnetwork: {allow: [127.0.0.1]}\nsources: [{id: one, url: "+
				"%s}, {id: two, url: %s}]\n",
				dir, tt.limit, one.URL, two.URL)
			if err := os.WriteFile(path, []byte(cfg), 0o644); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			code := (&app{stdout: &stdout, stderr: &stderr}).run(t.Context(), []string{"--config", path, "ingest"})
			if code != exitUnavailable { // both are answered with 500
				t.Fatalf("exit %d: %s", code, stderr.String())
			}
			if m.most != tt.want {
				t.Errorf("%d at a time, want %d", m.most, tt.want)
			}
		})
	}
}

// meeting holds each request back until two are there, or for a while, and counts how many were.
type meeting struct {
	wait time.Duration
	met  chan struct{} // closed once two are there

	mu         sync.Mutex
	here, most int
}

func (m *meeting) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.mu.Lock()
	m.here++
	if m.most = max(m.most, m.here); m.here == 2 {
		close(m.met)
	}
	m.mu.Unlock()
	select {
	case <-m.met:
	case <-time.After(m.wait):
	}
	m.mu.Lock()
	m.here--
	m.mu.Unlock()
	w.WriteHeader(http.StatusInternalServerError)
}

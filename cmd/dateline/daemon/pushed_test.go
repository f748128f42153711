package daemon

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/cmd/dateline/node"
	"dateline/store"
	"dateline/store/storetest"
)

// newSharedDaemon returns the daemon of a node of the cluster at a URL, which does not run, and the path of its config.
func newSharedDaemon(t *testing.T, feeds, dsn string) (d *daemon, path string) {
	t.Helper()
	log, dir := slog.New(slog.DiscardHandler), t.TempDir()
	path = filepath.Join(dir, "config.yaml")
	text := strings.NewReplacer("dateline.db", filepath.Join(dir, "wire.db\n  dsn: ")+dsn, "http://127.0.0.1:0/", "http://wire.example/").
		Replace(string(testConfig(feeds)))
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(t, feeds, string(testConfig(feeds)), text)
	st, cluster, err := node.Open(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(cfg, path, "devel", st, log)
	if err != nil {
		t.Fatal(err)
	}
	n.Join(cluster, "")
	if d, err = newDaemon(n, Options{Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.node.Load().Close(); err != nil {
			t.Error(err)
		}
	})
	return d, path
}

// TestDocumentsOfAPush: each document that a node renders from a store that has a pushed config is by that config, also before the node has
// noticed it.
func TestDocumentsOfAPush(t *testing.T) {
	t.Parallel()
	d, path := newSharedDaemon(t, newPolled(t).URL, storetest.Database(t))
	c, err := node.CommonOf(path)
	if err != nil {
		t.Fatal(err)
	}
	c.Text = []byte(strings.Replace(string(c.Text), "Demonstration wire", "Second title", 1))
	if _, err := d.node.Load().Push(c, nil); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	d.public().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/feed.atom", nil))
	if !strings.Contains(answer.Body.String(), "<title>Second title") || d.node.Load().ConfigRev != 1 {
		t.Errorf("status %d, by revision %d: %s", answer.Code, d.node.Load().ConfigRev, answer.Body)
	}
}

// servedTitles is up to which position nodes served documents of a title.
type servedTitles struct {
	mu   sync.Mutex
	last map[string]uint64
}

// look asks a node for the merged feed, and returns its title.
func (s *servedTitles) look(t *testing.T, p *process) (title string) {
	answer, err := http.Get(p.public + "/feed.atom")
	if err != nil {
		t.Error(err)
		return ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	number, _, _ := strings.Cut(strings.Trim(answer.Header.Get("ETag"), `"`), ".")
	at, err2 := strconv.ParseUint(number, 10, 64)
	if answer.StatusCode == http.StatusServiceUnavailable {
		return "" // it has begun just now
	}
	if err := errors.Join(err, err2); err != nil {
		t.Error(err)
		return ""
	}
	_, rest, _ := strings.Cut(string(body), "<title>")
	title, _, _ = strings.Cut(rest, "<")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[title] = max(s.last[title], at)
	return title
}

// TestPushLandsAtOnePosition: of two nodes that run neither serves what is behind a push by the config before it, whichever of them it
// was pushed to.
func TestPushLandsAtOnePosition(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("two nodes that are asked all the time")
	}
	feeds, dsn := newPolled(t), storetest.Database(t)
	nodes := []*process{startNode(t, feeds.URL, dsn), startNode(t, feeds.URL, dsn)}
	seen, behind := servedTitles{last: map[string]uint64{}}, map[string]uint64{}
	quit, watching, now := make(chan struct{}), sync.WaitGroup{}, [2]atomic.Value{}
	stop := sync.OnceFunc(func() {
		close(quit)
		watching.Wait()
	})
	defer stop()
	for i, p := range nodes {
		watching.Go(func() {
			for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
				select {
				case <-quit:
					return
				default:
					now[i].Store(seen.look(t, p))
				}
			}
		})
	}
	all := []string{"Demonstration wire", "Title of 1", "Title of 2", "Title of 3"}
	for i, title := range all {
		p := nodes[i%2]
		if i > 0 {
			c, err := node.CommonOf(p.node.ConfigPath)
			if err != nil {
				t.Fatal(err)
			}
			c.Text = []byte(strings.Replace(string(c.Text), all[0], title, 1))
			if _, err := p.node.Push(c, nil); err != nil {
				t.Fatal(err)
			}
		}
		item := fmt.Sprintf("<item><guid>d%d</guid><title>Rye on day %d</title></item>", i, i)
		doc := []byte(`<rss version="2.0"><channel><title>BelTA</title>` + item + "</channel></rss>")
		if err := p.node.Engine.Deliver(t.Context(), "belta", doc, "application/rss+xml"); err != nil { // the next position
			t.Fatal(err)
		}
		if err := p.node.View(func(v store.View) error { behind[title] = v.Head(); return nil }); err != nil {
			t.Fatal(err)
		}
		if !eventually(func() bool { return now[0].Load() == title && now[1].Load() == title }) {
			t.Fatalf("served %q and %q, want %q", now[0].Load(), now[1].Load(), title)
		}
	}
	stop()
	for i, title := range all[1:] {
		if was := all[i]; seen.last[was] >= behind[title] {
			t.Errorf("%q was served at position %d, %q was pushed before %d", was, seen.last[was], title, behind[title])
		}
	}
}

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/store/storetest"
)

// bulletins is a wire whose sources, each on a host of its own, bring one bulletin at every visit.
type bulletins struct {
	mu      sync.Mutex
	urls    []string
	brought map[string]time.Time // by title
	counts  []int                // by source
	stopped bool
}

func newBulletins(t *testing.T, sources int) *bulletins {
	w := &bulletins{brought: map[string]time.Time{}, counts: make([]int, sources)}
	for i := range sources {
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { w.serve(i, rw) }))
		t.Cleanup(s.Close)
		w.urls = append(w.urls, s.URL)
	}
	return w
}

func (w *bulletins) serve(source int, rw http.ResponseWriter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.counts[source]++
	}
	name := fmt.Sprintf("d%d", source)
	rw.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(rw, `<rss version="2.0"><channel><title>%s</title><link>%s</link><description>News</description>`, name, w.urls[source])
	for n := w.counts[source]; n > max(0, w.counts[source]-5); n-- {
		named := title(name, n)
		if _, ok := w.brought[named]; !ok {
			w.brought[named] = time.Now()
		}
		fmt.Fprintf(rw, `<item><guid isPermaLink="false">%s-%d</guid><title>%s</title><pubDate>%s</pubDate><description>%s</description></item>`,
			name, n, named, w.brought[named].UTC().Format(time.RFC1123Z), prose(name, n))
	}
	fmt.Fprint(rw, "</channel></rss>")
}

var bulletinTitle = regexp.MustCompile(`Bulletin \d+ of the d\d+ desk`)

// watchNode notes when each bulletin is first served by a node, until quit is closed.
func watchNode(p *process, quit chan struct{}) map[string]time.Time {
	seen, etag := map[string]time.Time{}, ""
	for {
		select {
		case <-quit:
			return seen
		case <-time.After(20 * time.Millisecond):
		}
		req, _ := http.NewRequest(http.MethodGet, "http://"+p.listen+"/feed.atom", nil)
		req.Header.Set("If-None-Match", etag)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		var b strings.Builder
		_ = resp.Write(&b)
		resp.Body.Close()
		etag = resp.Header.Get("ETag")
		for _, named := range bulletinTitle.FindAllString(b.String(), -1) {
			if seen[named].IsZero() {
				seen[named] = time.Now()
			}
		}
	}
}

// readers starts three nodes over one PostgreSQL, of which the last does not poll.
func readers(t *testing.T, urls []string) (nodes []*process) {
	t.Helper()
	dsn := storetest.Database(t)
	for i := range 3 {
		var b strings.Builder
		dir := t.TempDir()
		b.WriteString("feed: {title: Lag, base_url: http://wire.example/, entries: 200}\n")
		b.WriteString("http: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\n")
		fmt.Fprintf(&b, "store: {path: %q, dsn: %q}\npoll: {every: 1s, floor: 1s, timeout: 2s}\n", filepath.Join(dir, "wire.db"), dsn)
		b.WriteString("network: {allow: [127.0.0.1]}\nsources:\n")
		for n, url := range urls {
			fmt.Fprintf(&b, "  - {id: d%d, name: Desk %d, url: %q, every: 1s, language: en}\n", n, n, url)
		}
		path := filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"--config", path, "serve"}
		if i == 2 {
			args = append(args, "--no-poll")
		}
		p := begin(t, exec.Command("dateline", args...))
		t.Cleanup(func() {
			_ = p.cmd.Process.Kill()
			<-p.ended
		})
		nodes = append(nodes, p)
	}
	return nodes
}

// TestNodesLag measures how long after it was fetched a bulletin is served by the node that is last with it, and how much later by a node
// that only reads than by the first. All bulletins are served by all nodes.
func TestNodesLag(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	news := newBulletins(t, 12)
	nodes := readers(t, news.urls)
	quit := make(chan struct{})
	seen := make([]map[string]time.Time, len(nodes))
	var all sync.WaitGroup
	for i, p := range nodes {
		all.Go(func() { seen[i] = watchNode(p, quit) })
	}
	<-time.After(time.Minute)
	news.mu.Lock()
	news.stopped = true
	news.mu.Unlock()
	<-time.After(5 * time.Second)
	close(quit)
	all.Wait()
	var served, lag []time.Duration
	for named, at := range news.brought {
		first, last := seen[0][named], seen[0][named]
		for i := range seen {
			if seen[i][named].IsZero() {
				t.Errorf("node %d does not serve %q", i, named)
				continue
			}
			if first.IsZero() || seen[i][named].Before(first) {
				first = seen[i][named]
			}
			if seen[i][named].After(last) {
				last = seen[i][named]
			}
		}
		served, lag = append(served, last.Sub(at)), append(lag, seen[2][named].Sub(first))
	}
	slices.Sort(served)
	slices.Sort(lag)
	at := func(all []time.Duration, part float64) time.Duration {
		return all[int(float64(len(all)-1)*part)].Round(time.Millisecond)
	}
	t.Logf("%d bulletins: fetched to served by all nodes: median %s, p99 %s, most %s; a reader behind the first: median %s, p99 %s, most %s",
		len(served), at(served, .5), at(served, .99), at(served, 1), at(lag, .5), at(lag, .99), at(lag, 1))
}

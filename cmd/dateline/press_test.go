package main

import (
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// press is a wire that goes on publishing: every so often one of its sources brings another bulletin, until it
// is stopped. A source's feed holds all of its bulletins.
type press struct {
	url     string
	sources []string

	began time.Time

	mu        sync.Mutex
	bulletins map[string]int // by source
	turn      int            // whose it is
	paused    bool

	quit chan struct{}
	done sync.WaitGroup
}

// maxBulletins bounds what a source brings.
const maxBulletins = 60

// newPress starts a press on loopback.
func newPress(t *testing.T, every time.Duration, sources ...string) *press {
	t.Helper()
	p := &press{sources: sources, bulletins: map[string]int{}, began: time.Now().Add(-2 * time.Hour).Truncate(time.Minute),
		quit: make(chan struct{})}
	for _, source := range sources {
		p.bulletins[source] = 3
	}
	s := httptest.NewServer(p)
	p.url = s.URL
	p.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-p.quit:
				return
			case <-tick.C:
				p.publish()
			}
		}
	})
	t.Cleanup(func() {
		p.stop()
		s.Close()
	})
	return p
}

func (p *press) publish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	source := p.sources[p.turn%len(p.sources)]
	if p.paused || p.bulletins[source] == maxBulletins {
		return
	}
	p.bulletins[source]++
	p.turn++
}

// pause stops the news until it is called with false.
func (p *press) pause(paused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paused = paused
}

// stop ends the news.
func (p *press) stop() {
	select {
	case <-p.quit:
	default:
		close(p.quit)
	}
	p.done.Wait()
}

func title(source string, n int) string { return fmt.Sprintf("Bulletin %d of the %s desk", n, source) }

// titles returns those of all that was published.
func (p *press) titles() (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sources {
		for n := range p.bulletins[s] {
			all = append(all, title(s, n))
		}
	}
	return all
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	source := strings.TrimPrefix(r.URL.Path, "/")
	p.mu.Lock()
	n := p.bulletins[source]
	p.mu.Unlock()
	etag := fmt.Sprintf(`"%s-%d"`, source, n)
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, "<rss version=\"2.0\"><channel><title>%s</title><link>%s</link><description>News</description>", source, p.url)
	for i := n - 1; i >= 0; i-- {
		fmt.Fprintf(w, "<item><guid "+
			"isPermaLink=\"false\">%s-%d</guid><title>%s</title><link>%s/%s/%d</link><pubDate>%s</pubDate><description>%s</description></item>",
			source, i, title(source, i), p.url, source, i, p.began.Add(time.Duration(i)*time.Minute).Format(time.RFC1123Z), prose(source, i))
	}
	fmt.Fprint(w, "</channel></rss>")
}

// prose is a text that shares no run of words with that of any other bulletin.
func prose(source string, n int) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", source, n)
	seed := h.Sum64()
	var b strings.Builder
	for range 24 {
		seed = seed*6364136223846793005 + 1442695040888963407
		fmt.Fprintf(&b, "w%x ", seed>>44)
	}
	return b.String()
}

// feedTitles returns the titles of the entries of an Atom document, in its order.
func feedTitles(document []byte) (titles []string, err error) {
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(document, &feed); err != nil {
		return nil, err
	}
	for _, e := range feed.Entries {
		titles = append(titles, e.Title)
	}
	return titles, nil
}

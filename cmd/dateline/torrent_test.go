package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// torrent is a wire of many sources, each on a host of its own, that bring small items at every visit. A source brings more once the
// validators of a request show that what it brought before was recorded. Every tenth item of an odd source is a reprint of its neighbour's.
type torrent struct {
	urls []string // of the sources

	mu      sync.Mutex
	sources []torrentSource
	stopped bool
}

type torrentSource struct {
	items int // brought so far
	kept  int // of these, recorded
}

// torrentStep is how many items a source brings at a visit.
const torrentStep = 25

func newTorrent(t *testing.T, n int) *torrent {
	t.Helper()
	w := &torrent{sources: make([]torrentSource, n)}
	for i := range n {
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.serve(i, rw, r) }))
		t.Cleanup(s.Close)
		w.urls = append(w.urls, s.URL)
	}
	return w
}

func (w *torrent) serve(source int, rw http.ResponseWriter, r *http.Request) {
	known := 0
	if etag := r.Header.Get("If-None-Match"); etag != "" {
		known, _ = strconv.Atoi(strings.Trim(etag, `"`))
	}
	w.mu.Lock()
	s := &w.sources[source]
	s.kept = max(s.kept, known)
	if !w.stopped && known == s.items {
		s.items += torrentStep
	}
	last := s.items
	w.mu.Unlock()
	etag := fmt.Sprintf("%q", strconv.Itoa(last))
	rw.Header().Set("ETag", etag)
	if known == last {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	rw.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(rw, `<rss version="2.0"><channel><title>Desk %d</title><link>%s</link><description>News</description>`, source, w.urls[source])
	day := time.Now().UTC().Truncate(24 * time.Hour).Add(-24 * time.Hour)
	for n := last - 1; n >= max(0, known-3); n-- {
		text := torrentText(source, n)
		title, _, _ := strings.Cut(text, ".")
		fmt.Fprintf(rw, `<item><guid isPermaLink="false">%d-%d</guid><title>%s</title><pubDate>%s</pubDate><description>%s</description></item>`,
			source, n, title, day.Add(time.Duration(n)*time.Second).Format(time.RFC1123Z), text)
	}
	_, _ = io.WriteString(rw, "</channel></rss>")
}

// torrentText returns the text of an item, in words that no other text has in the same order.
func torrentText(source, n int) string {
	if source%2 == 1 && n%10 == 0 {
		source--
	}
	r := rand.New(rand.NewPCG(uint64(source), uint64(n)))
	var b strings.Builder
	for i := range 30 {
		if b.WriteString(torrentWords[r.IntN(len(torrentWords))]); i == 7 {
			b.WriteByte('.')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

var torrentWords = coinWords(4000)

// stop ends the news. It returns how many items each source brought.
func (w *torrent) stop() (items []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for _, s := range w.sources {
		items = append(items, s.items)
	}
	return items
}

// recorded reports whether all that was brought is recorded.
func (w *torrent) recorded() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sources {
		if s.kept < s.items {
			return false
		}
	}
	return true
}

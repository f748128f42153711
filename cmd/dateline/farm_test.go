package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// farm serves feeds for measuring: composed, of 50 items with 112 words each in HTML, every second one in Atom, some 90 KB a feed. No two
// items share a text.
type farm struct {
	words []string
	feeds []farmFeed
	hosts []string // base addresses; feed i is on that of i, modulo their number

	validators atomic.Bool  // answers have an ETag, and 304 is given
	advancing  atomic.Bool  // each answer has five new items
	stamping   atomic.Bool  // each answer has another lastBuildDate
	delay      atomic.Int64 // before an answer, in nanoseconds
	requests   atomic.Int64
}

type farmFeed struct {
	mu    sync.Mutex
	first int // number of the oldest item
	stamp int
}

const (
	farmItems = 50
	farmNew   = 5
)

// newFarm serves n feeds, from so many addresses of loopback.
func newFarm(t *testing.T, n, hosts int) *farm {
	t.Helper()
	f := &farm{words: coinWords(4000), feeds: make([]farmFeed, n)}
	f.validators.Store(true)
	for i := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.1.%d.%d:0", i/250, 1+i%250))
		if err != nil {
			t.Fatal(err)
		}
		s := &httptest.Server{Listener: l, Config: &http.Server{Handler: f}}
		s.Start()
		t.Cleanup(s.Close)
		f.hosts = append(f.hosts, s.URL)
	}
	return f
}

// coinWords returns n words, the frequent ones of English first.
func coinWords(n int) []string {
	words := strings.Fields("the of to and in a for on that said was by with from at is as were has after it an be its which have who will")
	r := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba be bo da de do ka ko la le li lo ma mi mo na ne no pa pe po ra re ri ro sa se so ta te ti to va vi vo")
	for len(words) < n {
		w := ""
		for range 2 + r.IntN(3) {
			w += syllables[r.IntN(len(syllables))]
		}
		words = append(words, w)
	}
	return words
}

// address returns that of a feed.
func (f *farm) address(i int) string { return fmt.Sprintf("%s/f/%d", f.hosts[i%len(f.hosts)], i) }

// config writes a config of the first n feeds into a folder, and returns its name. edits are lines before the sources.
func (f *farm) config(t *testing.T, dir string, n int, edits string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "http: {listen: '127.0.0.1:0'}\nadmin: {listen: '127.0.0.1:0'}\nstore: {path: %q}\n"+
		"network: {allow: [127.0.0.0/8]}\n%s\nsources:\n",
		filepath.Join(dir, "wire.db"), edits)
	for i := range n {
		fmt.Fprintf(&b, "  - {id: s%d, name: Agency %d, url: '%s', language: en, content: full}\n", i, i, f.address(i))
	}
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return config
}

func (f *farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.requests.Add(1)
	if d := time.Duration(f.delay.Load()); d > 0 {
		<-time.After(d)
	}
	i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/f/"))
	if err != nil || i < 0 || i >= len(f.feeds) {
		http.NotFound(w, r)
		return
	}
	feed := &f.feeds[i]
	feed.mu.Lock()
	if f.advancing.Load() {
		feed.first += farmNew
	}
	if f.stamping.Load() {
		feed.stamp++
	}
	first, stamp := feed.first, feed.stamp
	feed.mu.Unlock()
	etag := fmt.Sprintf(`"%d-%d"`, first, stamp)
	if f.validators.Load() {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(f.document(i, first, stamp))
}

// farmItem is one report of the farm.
type farmItem struct {
	title, link, id, author, summary, html string
	at                                     time.Time
}

func (f *farm) sentence(r *rand.Rand, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		n := int(float64(len(f.words)) * r.Float64() * r.Float64() * r.Float64())
		w := f.words[n]
		if i == 0 || r.IntN(12) == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		b.WriteString(w)
	}
	return b.String()
}

// item composes item n of a feed.
func (f *farm) item(feed, n int) farmItem {
	r := rand.New(rand.NewPCG(uint64(feed), uint64(n)))
	it := farmItem{
		title: f.sentence(r, 8), link: fmt.Sprintf("https://agency%d.example/news/%d", feed, n),
		id: fmt.Sprintf("tag:agency%d.example,2026:%d", feed, n), author: "Ann " + f.sentence(r, 1), summary: f.sentence(r, 22),
		at: time.Date(2026, 5, 1, 0, 0, feed, 0, time.UTC).Add(time.Duration(n) * 11 * time.Minute),
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<p>MINSK, %d May (Agency %d) - %s.</p>", 1+n%28, feed, f.sentence(r, 20))
	fmt.Fprintf(&b, `<figure><img src="https://agency%d.example/i/%d.jpg" alt="%s"><figcaption>%s. Photo: Agency %d</figcaption></figure>`,
		feed, n, f.sentence(r, 4), f.sentence(r, 6), feed)
	for range 3 {
		fmt.Fprintf(&b, `<p>%s, <a href="https://agency%d.example/t/%d">%s</a> %s. <b>%s</b>.</p>`, f.sentence(r, 9), feed, r.IntN(50),
			f.sentence(r, 3), f.sentence(r, 8), f.sentence(r, 6))
	}
	it.html = b.String()
	return it
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// document composes the document of a feed whose oldest item is number first.
func (f *farm) document(feed, first, stamp int) []byte {
	atom := feed%2 == 1
	date := time.Date(2026, 5, 2, 0, 0, stamp, 0, time.UTC)
	b := make([]byte, 0, 110<<10)
	if atom {
		b = fmt.Appendf(b, `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>tag:agency%[1]d.example,2026:feed</id>`+
			`<title>Agency %[1]d</title><updated>%[2]s</updated>`+"\n", feed, date.Format(time.RFC3339))
	} else {
		b = fmt.Appendf(b, `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" `+
			`xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Agency %[1]d</title><link>https://agency%[1]d.example/</link>`+
			`<description>News</description><lastBuildDate>%[2]s</lastBuildDate>`+"\n", feed, date.Format(time.RFC1123Z))
	}
	for _, n := range slices.Backward(slices.Collect(func(yield func(int) bool) {
		for n := first; n < first+farmItems && yield(n); n++ {
		}
	})) {
		it := f.item(feed, n)
		if atom {
			b = fmt.Appendf(b, `<entry><id>%s</id><title>%s</title><link href="%s"/><published>%[4]s</published><updated>%[4]s</updated>`+
				`<author><name>%s</name></author><summary>%s</summary><content type="html">%s</content></entry>`+"\n",
				it.id, it.title, it.link, it.at.Format(time.RFC3339), it.author, it.summary, xmlText.Replace(it.html))
		} else {
			b = fmt.Appendf(b, `<item><title>%s</title><link>%s</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate>`+
				`<dc:creator>%s</dc:creator><description>%s</description><content:encoded><![CDATA[%s]]></content:encoded></item>`+"\n",
				it.title, it.link, it.id, it.at.Format(time.RFC1123Z), it.author, it.summary, it.html)
		}
	}
	if atom {
		return append(b, "</feed>\n"...)
	}
	return append(b, "</channel></rss>\n"...)
}

package aggregator_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// mutant is the engine with one bad manner: what is between it and the network changes what it asks, or what
// it hears.
type mutant struct {
	manner  string
	column  feedtest.Column
	at      []string                                      // feeds of the village that bring it to light; nil: the plain one
	days    int                                           // that it takes to show; 0: one, two in the whole form
	ask     func(m *memory, r *http.Request)              // changes a request
	hear    func(m *memory, r *http.Response)             // changes an answer
	network func(p *feedtest.Publisher) http.RoundTripper // in place of ask and hear
	change  func(o *operator)                             // before the first start
	started func(o *operator)                             // after every start
}

// memory is what a mutant remembers of an address.
type memory struct {
	etag, modified           string // of the last answer with a document
	firstETag, firstModified string
	body                     []byte
	askedSinceStart          bool
	heard                    int
}

// mutants are the manners that have been seen in readers, and the column in which each is to be marked.
var mutants = []mutant{
	{manner: "drops the ETag", column: feedtest.MatchMissing, ask: without("If-None-Match")},
	{manner: "drops Last-Modified", column: feedtest.SinceMissing, ask: without("If-Modified-Since")},
	{manner: "asks without condition", column: feedtest.Unconditional, ask: without("If-None-Match", "If-Modified-Since")},
	{manner: "strips quotes", column: feedtest.MatchBogus,
		ask: onMatch(func(_ *memory, v string) string { return string(bytes.Trim([]byte(v), `"`)) })},
	{manner: "strips W/", column: feedtest.MatchBogus, at: []string{"weak"},
		ask: onMatch(func(_ *memory, v string) string { return string(bytes.TrimPrefix([]byte(v), []byte("W/"))) })},
	{manner: "keeps the first ETag", column: feedtest.MatchStale, ask: onMatch(func(m *memory, _ string) string { return m.firstETag })},
	{manner: "keeps the first Last-Modified", column: feedtest.SinceStale,
		ask: onSince(func(m *memory, _ string) string { return m.firstModified })},
	{manner: "sends its own clock", column: feedtest.SinceBogus,
		ask: onSince(func(*memory, string) string { return feedtest.HTTPDate(time.Now()) })},
	{manner: "rewrites the date", column: feedtest.SinceBogus, ask: onSince(func(_ *memory, v string) string {
		t, err := http.ParseTime(v)
		if err != nil {
			return v
		}
		return t.Format(time.RFC850)
	})},
	{manner: "sends null at first contact", column: feedtest.MatchBogus, ask: func(_ *memory, r *http.Request) {
		if r.Header.Get("If-None-Match") == "" {
			r.Header.Set("If-None-Match", "null")
		}
	}},
	{manner: "keeps the validators of what is no feed", column: feedtest.MatchStale, at: []string{"a page instead"},
		ask: onMatch(func(m *memory, _ string) string { return m.etag })},
	{manner: "takes equal bytes for an equal ETag", column: feedtest.MatchStale, at: []string{"deploys"},
		hear: func(m *memory, r *http.Response) {
			if r.StatusCode == http.StatusOK && bytes.Equal(content(r), m.body) {
				r.Header.Set("ETag", m.etag)
			}
		}},
	{manner: "ignores the ETag of a 304", column: feedtest.SinceStale, at: []string{"touched, etag kept"},
		hear: func(_ *memory, r *http.Response) {
			if r.StatusCode == http.StatusNotModified {
				r.Header.Del("Last-Modified")
			}
		}},
	{manner: "forgets validators at a restart", column: feedtest.Unconditional, ask: func(m *memory, r *http.Request) {
		if !m.askedSinceStart {
			without("If-None-Match", "If-Modified-Since")(m, r)
		}
	}},
	{manner: "polls at start", column: feedtest.Start, started: func(o *operator) {
		if _, err := o.engine.Ingest(context.Background(), aggregator.Request{Now: true}); err != nil {
			o.t.Error(err)
		}
	}},
	{manner: "keeps cookies", column: feedtest.Cookie, ask: with("Cookie", "id=1")},
	{manner: "sends a Referer", column: feedtest.Referer, ask: with("Referer", "https://wire.example/")},
	{manner: "passes for a browser", column: feedtest.Agent, ask: with("User-Agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0")},
	{manner: "leaves the library's name", column: feedtest.Agent, ask: with("User-Agent", "Go-http-client/1.1")},
	{manner: "takes no compression", column: feedtest.Coding, ask: with("Accept-Encoding", "identity")},
	{manner: "accepts anything", column: feedtest.Accept, ask: with("Accept", "*/*")},
	{manner: "breaks caches with a query", column: feedtest.Query,
		ask: func(_ *memory, r *http.Request) { r.URL.RawQuery = "_=1732456789" }},
	{manner: "looks with HEAD first", column: feedtest.Method, network: func(p *feedtest.Publisher) http.RoundTripper {
		return trip(func(r *http.Request) (*http.Response, error) {
			head := r.Clone(r.Context())
			head.Method = http.MethodHead
			if _, err := p.RoundTrip(head); err != nil {
				return nil, err
			}
			return p.RoundTrip(r)
		})
	}},
	{manner: "ignores max-age", column: feedtest.Fresh, at: []string{"max-age"}, hear: deaf("Cache-Control")},
	{manner: "ignores Expires", column: feedtest.Fresh, at: []string{"expires"}, hear: deaf("Expires")},
	{manner: "ignores ttl", column: feedtest.Hint, at: []string{"ttl"}, hear: blind("<ttl>.*</ttl>")},
	{manner: "ignores skipHours", column: feedtest.Hint, at: []string{"skips hours"}, hear: blind("(?s)<skipHours>.*</skipHours>")},
	{manner: "ignores Retry-After on 503", column: feedtest.RetryAfter, at: []string{"503, seconds"},
		hear: on(http.StatusServiceUnavailable, deaf("Retry-After"))},
	{manner: "ignores Retry-After on 429", column: feedtest.RetryAfter, at: []string{"429"},
		hear: on(http.StatusTooManyRequests, deaf("Retry-After"))},
	{manner: "holds a 429 against one feed alone", column: feedtest.RetryAfter, at: []string{"429", "beside 429"},
		hear: on(http.StatusTooManyRequests, as(http.StatusServiceUnavailable))},
	{manner: "does not slow down after a bare 503", column: feedtest.SlowDown, at: []string{"bare 503"},
		hear: func(m *memory, r *http.Response) {
			if r.Header.Get("Retry-After") == "" {
				on(http.StatusServiceUnavailable, as(http.StatusNotModified))(m, r)
			}
		}},
	{manner: "does not back off", column: feedtest.BackOff, at: []string{"500"},
		hear: on(http.StatusInternalServerError, as(http.StatusNotModified))},
	{manner: "never learns a new address", column: feedtest.Moved, at: []string{"301"}, days: 5,
		hear: on(http.StatusMovedPermanently, as(http.StatusFound))},
	{manner: "never rests", column: feedtest.Rest, at: []string{"rarely changes"}, days: 5, hear: func(m *memory, r *http.Response) {
		if r.Request.URL.Host == "rarelychanges.example" { // it sees news in every answer
			m.heard++
			r.StatusCode = http.StatusOK
			r.Body = replaced{strings.NewReader(fmt.Sprintf("<rss version=\"2.0\"><channel><title>Wire</title>"+
				"<item><guid>%d</guid><title>Visitor number %d</title></item></channel></rss>", m.heard, m.heard)), r.Body}
		}
	}},
	{manner: "asks on after 410", column: feedtest.Gone, at: []string{"gone"}, days: 2, hear: on(http.StatusGone, as(http.StatusNotFound))},
	{manner: "asks a host twice at once", column: feedtest.Crowd, at: []string{"429", "beside 429"},
		network: func(p *feedtest.Publisher) http.RoundTripper { return hasty{p} }},
	{manner: "gives a host no rest", column: feedtest.Gap, at: []string{"429", "beside 429"}, change: func(o *operator) { o.gap = 0 }},
	{manner: "polls more often than it was told", column: feedtest.Every,
		change: func(o *operator) { o.sources[0].Every = 20 * time.Minute }},
}

// TestScorer proves the books: a polite reader has no mark in them, and each mutant has its own and no other.
//
// In the short form a mutant reads the feeds alone that bring it to light, in the whole form all of the village.
func TestScorer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it is about the books, which the run without -short shows")
	}
	score := func(t *testing.T, m mutant) (report feedtest.Report) {
		play(t, func(t *testing.T) { report = m.live(t) })
		return report
	}
	t.Run("none", func(t *testing.T) {
		if marked := score(t, mutant{days: 2}).Marked(); marked != nil {
			t.Errorf("marked in %v", marked)
		}
	})
	for _, m := range mutants {
		t.Run(m.manner, func(t *testing.T) {
			t.Parallel()
			report := score(t, m)
			if marked := report.Marked(); !slices.Equal(marked, []feedtest.Column{m.column}) {
				t.Errorf("marked in %v, want %v\n%s\n%v", marked, m.column, report, report.Sum().Why)
			}
			t.Logf("%d marks in %v, such as %q", report.Sum().Faults[m.column], m.column, report.Sum().Why)
		})
	}
}

// village is the world in small: what a day or two need to bring every bad manner to light.
func village() (feeds []feedtest.Feed, sources []news.Source) {
	add := func(id, url string, changes ...func(feedtest.Asked, *feedtest.Reply)) {
		const every = 30 * time.Minute
		feeds = append(feeds, feedtest.Feed{Name: id, URL: url, Every: every, Reply: func(a feedtest.Asked) feedtest.Reply {
			r := edition(a.At, 97*time.Minute)
			for _, change := range changes {
				change(a, &r)
			}
			return r
		}})
		sources = append(sources, source(id, url, every))
	}
	add("plain", "http://one.example/feed")
	add("beside", "http://one.example/other")
	for _, name := range []string{"weak", "touched, etag kept", "max-age", "expires", "ttl", "skips hours", "503, seconds", "a page instead",
		"rarely changes"} {
		add(name, "http://"+regexp.MustCompile("[^a-z0-9]").ReplaceAllString(name, "")+".example/feed", habits[name])
	}
	add("301", "http://old.example/feed", func(_ feedtest.Asked, r *feedtest.Reply) {
		*r = feedtest.Reply{Status: http.StatusMovedPermanently}
		header(r, "Location", "http://new.example/feed")
	})
	add("301 leads here", "http://new.example/feed")
	sources = sources[:len(sources)-1] // it is no source
	add("429", "http://many.example/feed", habits["429, seconds"])
	add("beside 429", "http://many.example/other")
	add("deploys", "http://deploys.example/feed", habits["new etag, same text"])
	add("bare 503", "http://bare.example/feed", func(a feedtest.Asked, r *feedtest.Reply) {
		if a.N%4 == 3 {
			*r = feedtest.Reply{Status: http.StatusServiceUnavailable}
		}
	})
	add("500", "http://broken.example/feed",
		func(a feedtest.Asked, r *feedtest.Reply) { fail(a, r, 20*hour, 9*hour, http.StatusInternalServerError) })
	add("gone", "http://gone.example/feed", func(a feedtest.Asked, r *feedtest.Reply) { gone(a, r, day, 9*day) })
	return feeds, sources
}

// live lets the mutant read the village for its days, with a restart every eight hours.
func (m mutant) live(t *testing.T) feedtest.Report {
	feeds, sources := village()
	if !feedtest.Long() && m.manner != "" {
		sources = slices.DeleteFunc(sources, func(src news.Source) bool {
			return !slices.Contains(m.at, src.ID) && (len(m.at) > 0 || src.ID != "plain")
		})
	}
	p := feedtest.NewPublisher(feeds...)
	p.Gap = time.Second
	o := newOperator(t, p, sources...)
	w := &wrapper{mutant: m, publisher: p, known: map[string]*memory{}}
	o.network = w
	if m.network != nil {
		o.network = m.network(p)
	}
	if m.change != nil {
		m.change(o)
	}
	for range 3 * cmp.Or(m.days, feedtest.Pick(1, 2)) {
		w.forgetStart()
		o.start()
		if m.started != nil {
			m.started(o)
		}
		time.Sleep(8 * hour)
		o.end()
		time.Sleep(10 * time.Second)
	}
	return p.Report()
}

// wrapper is a mutant's way to the network.
type wrapper struct {
	mutant    mutant
	publisher *feedtest.Publisher

	mu    sync.Mutex
	known map[string]*memory
}

func (w *wrapper) forgetStart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.known {
		m.askedSinceStart = false
	}
}

func (w *wrapper) of(url string) *memory {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known[url] == nil {
		w.known[url] = &memory{}
	}
	return w.known[url]
}

func (w *wrapper) RoundTrip(r *http.Request) (*http.Response, error) {
	m := w.of(r.URL.String())
	if w.mutant.ask != nil {
		r = r.Clone(r.Context())
		w.mutant.ask(m, r)
	}
	resp, err := w.publisher.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if w.mutant.hear != nil {
		w.mutant.hear(m, resp)
	}
	m.askedSinceStart = true
	if resp.StatusCode == http.StatusOK {
		m.body, m.etag, m.modified = content(resp), resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
		if m.firstETag == "" {
			m.firstETag, m.firstModified = m.etag, m.modified
		}
	}
	return resp, nil
}

// content reads the body and puts it back.
func content(r *http.Response) []byte {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = replaced{bytes.NewReader(b), r.Body}
	return b
}

type replaced struct {
	io.Reader
	io.Closer
}

type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// hasty calls an answer done that goes on for five seconds.
type hasty struct{ p *feedtest.Publisher }

func (h hasty) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := h.p.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b := content(resp)
	slow := resp.Body
	time.AfterFunc(5*time.Second, func() { slow.Close() })
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return resp, nil
}

func without(fields ...string) func(*memory, *http.Request) {
	return func(_ *memory, r *http.Request) {
		for _, f := range fields {
			r.Header.Del(f)
		}
	}
}

func with(field, value string) func(*memory, *http.Request) {
	return func(_ *memory, r *http.Request) { r.Header.Set(field, value) }
}

func onMatch(change func(*memory, string) string) func(*memory, *http.Request) {
	return onField("If-None-Match", change)
}

func onSince(change func(*memory, string) string) func(*memory, *http.Request) {
	return onField("If-Modified-Since", change)
}

func onField(field string, change func(*memory, string) string) func(*memory, *http.Request) {
	return func(m *memory, r *http.Request) {
		if v := r.Header.Get(field); v != "" {
			r.Header.Set(field, change(m, v))
		}
	}
}

func deaf(field string) func(*memory, *http.Response) {
	return func(_ *memory, r *http.Response) { r.Header.Del(field) }
}

func blind(pattern string) func(*memory, *http.Response) {
	what := regexp.MustCompile(pattern)
	return func(_ *memory, r *http.Response) {
		r.Body = replaced{bytes.NewReader(what.ReplaceAll(content(r), nil)), r.Body}
	}
}

func as(status int) func(*memory, *http.Response) {
	return func(_ *memory, r *http.Response) { r.StatusCode = status }
}

func on(status int, then func(*memory, *http.Response)) func(*memory, *http.Response) {
	return func(m *memory, r *http.Response) {
		if r.StatusCode == status {
			then(m, r)
		}
	}
}

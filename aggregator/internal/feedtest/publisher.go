package feedtest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Publisher answers requests and keeps books on them. It may be used by many goroutines.
type Publisher struct {
	Gap time.Duration // between two answers of one host; set it before the first request

	mu      sync.Mutex
	feeds   []*books
	hosts   map[string]*host
	started time.Time
	pageRow *books                // of articles' pages and robots.txt together; nil: none was asked for
	pages   map[string]*pageBooks // by address
}

// books are what a publisher keeps of one address and its reader.
type books struct {
	feed     Feed
	row      Row
	every    time.Duration
	last     time.Time     // request
	then     time.Duration // every at that time
	times    []time.Time
	vouched  validators      // of the last good answer
	sent     map[string]bool // every validator that was ever delivered
	document Document        // of the last good answer
	newest   int             // item of it
	changed  time.Time       // when an answer last brought another newest item
	failures int             // in a row
	moves    int             // permanent redirects in a row
	moving   time.Time       // the first of them
	gone     bool
	pressed  bool // the operator wants to know now
	named    bool // and named this one
	retry    time.Time
	fresh    time.Time
	slowDown time.Time
	backOff  time.Time
}

type validators struct{ etag, modified string }

// host is what a publisher keeps of a host.
type host struct {
	underWay int
	ended    time.Time // the last answer
	retry    time.Time // 429
	robots   time.Time // when its robots.txt was last asked for
	pages    []time.Time
}

// NewPublisher returns a publisher of feeds.
func NewPublisher(feeds ...Feed) *Publisher {
	p := &Publisher{hosts: map[string]*host{}}
	for _, f := range feeds {
		p.feeds = append(p.feeds, &books{feed: f, every: f.Every, row: Row{Name: f.Name}, sent: map[string]bool{}})
	}
	return p
}

// Started notes that the reader was started just now.
func (p *Publisher) Started() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started = time.Now()
}

// SetEvery sets the operator's interval for a configured address from now on.
func (p *Publisher) SetEvery(url string, every time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.feeds {
		if b.configured() == url {
			b.every = every
		}
	}
}

// Press allows, until release is called, one request before its time to each feed configured at these addresses, or to each
// feed if there are none, as when the operator asks for it. It does not allow a request before a Retry-After, nor one to a
// feed that is gone and not among the addresses.
func (p *Publisher) Press(urls ...string) (release func()) {
	set := func(pressed bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, b := range p.feeds {
			if named := slices.Contains(urls, b.configured()); named || len(urls) == 0 {
				b.pressed, b.named = pressed, pressed && named
			}
		}
	}
	set(true)
	return func() { set(false) }
}

// Times returns when an address was asked.
func (p *Publisher) Times(url string) []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.find(url).times)
}

// Report returns the books as they are now.
func (p *Publisher) Report() Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	var r Report
	for _, b := range p.feeds {
		row := b.row
		row.Why = slices.Clone(row.Why)
		r = append(r, row)
	}
	if p.pageRow != nil {
		r = append(r, p.pageRow.row)
	}
	return r
}

func (b *books) configured() string { return cmp.Or(b.feed.From, b.feed.URL) }

// find returns the books of an address. Those of an address that is no feed are new and have a fault.
func (p *Publisher) find(url string) *books {
	if i := slices.IndexFunc(p.feeds, func(b *books) bool { return b.feed.URL == url }); i >= 0 {
		return p.feeds[i]
	}
	b := &books{feed: Feed{Name: url, URL: url, Reply: func(Asked) Reply { return Reply{Status: http.StatusNotFound} }},
		row: Row{Name: url}, sent: map[string]bool{}}
	b.fault(Stranger, "no one was given this address")
	p.feeds = append(p.feeds, b)
	return b
}

// RoundTrip judges a request and answers it.
func (p *Publisher) RoundTrip(req *http.Request) (*http.Response, error) {
	now := time.Now()
	p.mu.Lock()
	address := plainAddress(req)
	h := p.hosts[req.URL.Host]
	if h == nil {
		h = &host{}
		p.hosts[req.URL.Host] = h
	}
	number, isPage := p.article(address)
	var b *books
	var reply Reply
	if isPage {
		reply = p.askPage(h, address, number, req, now)
	} else {
		b = p.find(address)
		p.judge(b, h, req, now)
		reply = b.feed.Reply(Asked{N: len(b.times), At: now})
	}
	done := func() {}
	if req.Method == http.MethodGet {
		if !isPage {
			b.times, b.last, b.then = append(b.times, now), now, b.every
		}
		h.underWay++
		done = sync.OnceFunc(func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			h.underWay--
			h.ended = time.Now()
		})
	}
	p.mu.Unlock()
	if err := wait(req.Context(), reply.Takes); err != nil {
		done()
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if isPage {
		return p.sendPage(h, address, number, reply, req, done), nil
	}
	return p.deliver(b, h, req, reply, done), nil
}

// plainAddress is the request's address without what was added to it.
func plainAddress(req *http.Request) string {
	u := *req.URL
	u.RawQuery = ""
	return u.String()
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// deliver makes the response and enters what it sends to the reader.
func (p *Publisher) deliver(b *books, h *host, req *http.Request, r Reply, done func()) *http.Response {
	now := time.Now()
	resp := &http.Response{StatusCode: r.Status, Header: r.Header.Clone(), Request: req, ContentLength: -1}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Header.Set("Date", HTTPDate(now))
	var body io.Reader = strings.NewReader(r.Body)
	good := false
	switch {
	case r.Status != 0:
	case met(req.Header, r):
		resp.StatusCode, good = http.StatusNotModified, true
		if r.Bare304 {
			r.ETag, r.LastModified = "", ""
		}
	default:
		resp.StatusCode = http.StatusOK
		resp.Header.Set("Content-Type", "application/rss+xml")
		if r.Body == "" {
			whole := r.Document.write(b.feed.URL)
			body, good = strings.NewReader(whole), !r.Cut
			if r.Cut {
				body = io.MultiReader(strings.NewReader(whole[:len(whole)*2/3]), broken{})
			}
		}
	}
	for name, value := range map[string]string{"Etag": r.ETag, "Last-Modified": r.LastModified} {
		if value != "" {
			resp.Header.Set(name, value)
			b.sent[name+value] = true
		}
	}
	if req.Method == http.MethodGet {
		b.enter(h, r, resp, good, now)
	}
	resp.Body = &tracked{body, done}
	return resp
}

// met reports whether the request's condition says that the reader has what there is (RFC 9110 section 13.2.2).
func met(h http.Header, r Reply) bool {
	if match := h.Get("If-None-Match"); match != "" {
		return r.ETag != "" && strings.TrimPrefix(match, "W/") == strings.TrimPrefix(r.ETag, "W/")
	}
	since := h.Get("If-Modified-Since")
	return since != "" && since == r.LastModified
}

// broken is the end of a document that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// tracked is a body that says when it was closed.
type tracked struct {
	io.Reader
	done func()
}

func (t *tracked) Close() error {
	t.done()
	return nil
}

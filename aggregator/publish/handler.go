package publish

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline/aggregator/news"
)

// Handler serves the public documents: `/`, `/feed.atom`, `/entries/{key}`, `/healthz` and `/readyz`.
// Documents come from memory, as [Handler.Refresh] rendered them last; only the page of an entry reads the
// store. Its methods may be called at the same time.
type Handler struct {
	Log *slog.Logger // of answers with 500; nil: they are not logged. Set it before the first request

	view      func(func(Reader) error) error
	publisher atomic.Pointer[Publisher]

	refresh sync.Mutex                // one Refresh at a time
	served  atomic.Pointer[documents] // nil: nothing was rendered yet
}

// documents are what is served from memory.
type documents struct{ page, feed *rendition }

// Handler returns a handler that reads the store through view, which runs a function on a snapshot. It
// answers 503 until its first Refresh.
func (p *Publisher) Handler(view func(func(Reader) error) error) *Handler {
	h := &Handler{view: view}
	h.publisher.Store(p)
	return h
}

// Use makes h render with p from the next Refresh on: the configuration changed.
func (h *Handler) Use(p *Publisher) { h.publisher.Store(p) }

// Refresh renders the documents again and serves them in place of the old ones. Call it after every commit
// that changed an entry or an item, also one that took no position of the log: a new carrier changes
// documents too. A document of which no byte changed is not replaced. After an error the old documents are
// served on; it is [ErrRead] where the store could not be read.
func (h *Handler) Refresh() error {
	h.refresh.Lock()
	defer h.refresh.Unlock()
	p := h.publisher.Load()
	var s *selection
	var id string
	err := h.view(func(r Reader) (err error) {
		id = r.FeedID()
		s, err = p.subscription(r)
		return err
	})
	if err != nil {
		return err
	}
	feed, err := p.atom(id, s)
	if err != nil {
		return err
	}
	page, err := p.page(s)
	if err != nil {
		return err
	}
	prev := h.served.Load()
	if prev == nil {
		prev = &documents{}
	}
	var next documents
	if next.feed, err = newRendition(feed, p.fields("feed.atom", "application/atom+xml"), prev.feed); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if next.page, err = newRendition(page, p.pageFields(""), prev.page); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	h.served.Store(&next)
	return nil
}

// ServeHTTP answers GET and HEAD. It answers 404 for what is not there, 405 with Allow to other methods and
// 503 before the first Refresh.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, ofEntry := strings.CutPrefix(r.URL.Path, "/entries/")
	switch r.URL.Path {
	case "/", "/feed.atom", "/healthz", "/readyz":
	default:
		if !ofEntry {
			say(w, r, http.StatusNotFound, "not found")
			return
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		say(w, r, http.StatusMethodNotAllowed, "method not allowed")
		return
	}
	docs := h.served.Load()
	switch {
	case r.URL.Path == "/healthz":
		say(w, r, http.StatusOK, "alive")
	case docs == nil:
		w.Header().Set("Retry-After", "1")
		say(w, r, http.StatusServiceUnavailable, "not ready")
	case r.URL.Path == "/readyz":
		say(w, r, http.StatusOK, "ready")
	case r.URL.Path == "/":
		docs.page.ServeHTTP(w, r)
	case r.URL.Path == "/feed.atom":
		docs.feed.ServeHTTP(w, r)
	default:
		h.entry(w, r, key)
	}
}

// entry answers with the page of an entry: 410 where it is withdrawn, a redirect where it was merged into
// another, 404 where it is not public.
func (h *Handler) entry(w http.ResponseWriter, r *http.Request, key string) {
	k, err := news.ParseKey(key)
	if err != nil {
		say(w, r, http.StatusNotFound, "not found")
		return
	}
	if key != k.String() {
		move(w, r, k)
		return
	}
	p := h.publisher.Load()
	var a *account
	err = h.view(func(r Reader) (err error) {
		a, err = p.account(r, k)
		return err
	})
	var body []byte
	if err == nil && a != nil && a.merged.IsZero() {
		body, err = p.entryPage(a)
	}
	switch {
	case err != nil:
		if h.Log != nil {
			h.Log.Error("entry page not rendered", "url", r.URL.Path, "err", err)
		}
		say(w, r, http.StatusInternalServerError, "the store cannot be read")
	case a == nil:
		say(w, r, http.StatusNotFound, "not found")
	case !a.merged.IsZero():
		move(w, r, a.merged)
	default:
		c := newCoded(body, entityTag(a.c.e.Last, body), "", time.Time{}, p.pageFields("entries/"+key))
		c.serve(w, r, a.status(), time.Time{})
	}
}

// move redirects to the page of entry k, whatever the address of the wire.
func move(w http.ResponseWriter, r *http.Request, k news.Key) {
	w.Header().Set("Location", k.String())
	say(w, r, http.StatusPermanentRedirect, "moved")
}

// say answers with a line of text that no cache keeps.
func say(w http.ResponseWriter, r *http.Request, code int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)+1))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, text+"\n") // the client is gone: nobody is left to be told
	}
}

// fields returns the header fields of every document: path below the base address, media type.
func (p *Publisher) fields(path, mediaType string) http.Header {
	return http.Header{
		"Content-Type":                  {mediaType + "; charset=utf-8"},
		"Cache-Control":                 {"public, max-age=" + strconv.Itoa(p.maxAge())},
		"Link":                          {"<" + p.base + path + `>; rel="self"`},
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Expose-Headers": {"ETag, Last-Modified, Link"},
		"X-Content-Type-Options":        {"nosniff"},
	}
}

// pageFields are those of an HTML page: it runs no script, loads nothing, stands in no frame and in no
// search engine's index.
func (p *Publisher) pageFields(path string) http.Header {
	h := p.fields(path, "text/html")
	h["Content-Security-Policy"] = []string{"default-src 'none'; style-src " + styleSource + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}
	h["Referrer-Policy"] = []string{"no-referrer"}
	h["X-Robots-Tag"] = []string{"noindex"}
	return h
}

// maxAge is for how many seconds a cache may keep a document: a minute, or the shortest interval of polling
// where that is less.
func (p *Publisher) maxAge() int {
	age := time.Minute
	for _, src := range p.o.Sources {
		if src.Enabled && src.Every > 0 {
			age = min(age, src.Every)
		}
	}
	return max(1, int(age/time.Second))
}

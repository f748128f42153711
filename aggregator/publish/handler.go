package publish

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
)

// Handler serves the public documents that [routes] lists. A document is rendered when it is first requested
// after a change, and kept. Its methods may be called at the same time.
type Handler struct {
	Log *slog.Logger // of answers with 500; nil: they are not logged. Set it before the first request

	// Outdated is called where the store has a newer config than [Options.ConfigRev]: it calls Use and Refresh by that one, or reports that
	// it was refused, and the old one goes on. nil: no document waits for a config. Set it before the first request.
	Outdated func() (refused bool)

	routes    table
	store     func(func(Reader) error) error
	view      func(func(Reader) error) error // as store, with what is kept of it
	publisher atomic.Pointer[Publisher]      // of the next generation
	documents *documentCache
	pages     *documentCache // of parts of the wire, and older ones
	present   present        // the page of sources
	empty     present        // the page of a wire that has published nothing

	refresh sync.Mutex                 // one Refresh at a time
	now     atomic.Pointer[generation] // what is served; nil: nothing was rendered yet
}

// Handler returns a handler that reads the store through view, which runs a function on a snapshot. It
// answers 503 until its first Refresh.
func (p *Publisher) Handler(view func(func(Reader) error) error) *Handler {
	cold, kept := newColdRenders(), &recent{}
	keeping := func(read func(Reader) error) error {
		return view(func(r Reader) error { return read(kept.over(r)) })
	}
	h := &Handler{routes: newTable(), store: view, view: keeping, documents: newDocumentCache(documentCacheBytes, cold),
		pages: newDocumentCache(pageCacheBytes, cold)}
	h.publisher.Store(p)
	return h
}

// Use makes h render with p from the next Refresh on: the configuration changed.
func (h *Handler) Use(p *Publisher) { h.publisher.Store(p) }

// Refresh makes h serve the store as it is now: every document that is requested from now on shows at least that. Call it after every
// commit that changed an entry or an item, also one that took no position of the log: a new carrier changes documents too. A document
// of which no byte changed keeps its validators. After an error the old documents are served on; it is [ErrRead] where the store could
// not be read.
func (h *Handler) Refresh() error {
	h.refresh.Lock()
	defer h.refresh.Unlock()
	now, next := h.now.Load(), &generation{p: h.publisher.Load()}
	err := h.store(func(r Reader) error {
		next.seq = r.Seq()
		for _, err := range r.Records(0) {
			return err // the newest is enough to see that the store can be read
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: log: %w", ErrRead, err)
	}
	if now == nil || now.p != next.p || now.seq != next.seq {
		h.now.Store(next)
	}
	return nil
}

// Document returns what a GET of a public path, such as `/feed.atom` or `/search.atom?q=grain`, returns now: the same
// bytes; of `/feed`, Atom. It returns [ErrNotFound], [ErrNotReady], [ErrRead] where the store cannot be read, and
// [news.ErrQuery] wrapped.
func (h *Handler) Document(path string) (*Document, error) {
	g := h.now.Load()
	if g == nil {
		return nil, ErrNotReady
	}
	if path == "/feed" {
		path = "/feed.atom"
	}
	r, err := h.cachedResponse(g, path)
	if err != nil {
		return nil, err
	}
	return r.doc, nil
}

// cachedResponse returns the document at path as g has it.
func (h *Handler) cachedResponse(g *generation, path string) (*cachedResponse, error) {
	u, err := url.Parse(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	to, arg := h.routes.find(u)
	if to == nil || to.doc == nil {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, path)
	}
	return h.render(g, to, to.target(u), arg)
}

// render returns the document at a target as g has it, or as a newer generation where the store has a newer config: what is stored
// behind the position of a config is published by that config.
func (h *Handler) render(g *generation, to *route, t target, arg string) (*cachedResponse, error) {
	wait := h.Outdated != nil
	r, err := h.renderBy(g, to, t, arg, wait)
	for tries := 0; tries < maxOutdated && errors.Is(err, errOutdated); tries++ {
		wait = !h.Outdated()
		r, err = h.renderBy(h.now.Load(), to, t, arg, wait)
	}
	return r, err
}

// maxOutdated bounds how often a document is rendered again because the config is not the newest: it may not be taken in.
const maxOutdated = 3

// errOutdated says that the store has a newer config than a publisher.
var errOutdated = errors.New("publish: the config is not the newest")

// renderBy is render by the publisher of g alone; wait: with [errOutdated] where that is outdated.
func (h *Handler) renderBy(g *generation, to *route, t target, arg string, wait bool) (*cachedResponse, error) {
	if to.search && (t.q == "" || len(t.q) > maxQuery) {
		return nil, fmt.Errorf("%w: it has from 1 to %d bytes", news.ErrQuery, maxQuery)
	}
	cache := h.documents
	if to.pages && t.below() != "" {
		cache = h.pages
	}
	return cache.get(t.below(), g, func(prev *cachedResponse) (*cachedResponse, error) {
		var doc *Document
		err := h.view(func(r Reader) error {
			rev, err := r.ConfigRev()
			if err == nil && wait && rev > g.p.o.ConfigRev {
				err = errOutdated
			}
			if err != nil {
				return err
			}
			doc, err = to.doc(call{p: g.p, r: r, g: g, arg: arg, q: t.q, before: t.before})
			return err
		})
		if err != nil {
			return nil, err
		}
		return newCachedResponse(doc, g.p.fields(t.below(), doc), prev), nil
	})
}

// ServeHTTP answers GET and HEAD, and OPTIONS so that a reader in a browser may send validators. It answers 404 for what is
// not there, 400 to a query that cannot be read, 405 with Allow to other methods and 503 before the first Refresh.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, arg := h.routes.find(r.URL)
	g := h.now.Load()
	switch {
	case to == nil:
		h.problem(w, r, http.StatusNotFound, "not found")
	case r.Method == http.MethodOptions:
		preflight(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", methods)
		h.problem(w, r, http.StatusMethodNotAllowed, "method not allowed")
	case to.doc == nil:
		to.answer(h, w, r)
	case g == nil:
		unready(w, r)
	default:
		doc, err := h.render(g, to, to.target(r.URL), arg)
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		if to.path == "/" && doc.doc.Entries == 0 && g.p.o.States != nil {
			h.nothingYet(w, r, g)
			return
		}
		doc.serve(w, r, nil)
	}
}

// methods are those that a document can be requested with.
const methods = "GET, HEAD, OPTIONS"

// preflight lets a page of any origin send any header field that a reader sends. `*` stands for all of them (WHATWG Fetch,
// section 3.3.5); the two that matter are named for browsers that do not know it.
func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Allow", methods)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, *")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) healthz(w http.ResponseWriter, r *http.Request) {
	say(w, r, http.StatusOK, "alive")
}

func (h *Handler) readyz(w http.ResponseWriter, r *http.Request) {
	if h.now.Load() == nil {
		unready(w, r)
		return
	}
	say(w, r, http.StatusOK, "ready")
}

func unready(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	say(w, r, http.StatusServiceUnavailable, "not ready")
}

// movedError says that the document is at another address, relative to the requested one.
type movedError struct{ to string }

func (e *movedError) Error() string { return "publish: moved to " + e.to }

// refuse answers where no document could be rendered.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var moved *movedError
	switch {
	case errors.As(err, &moved):
		w.Header().Set("Location", moved.to)
		say(w, r, http.StatusPermanentRedirect, "moved")
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrListing), errors.Is(err, ErrFormat):
		h.problem(w, r, http.StatusNotFound, "not found")
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "2")
		say(w, r, http.StatusServiceUnavailable, "busy")
	case errors.Is(err, news.ErrQuery):
		say(w, r, http.StatusBadRequest, view.OneLine(err.Error()))
	default:
		if h.Log != nil {
			h.Log.Error("document not rendered", "url", r.URL.Path, "err", err)
		}
		h.problem(w, r, http.StatusInternalServerError, "the store cannot be read")
	}
}

// say answers with a line of text that no cache keeps.
func say(w http.ResponseWriter, r *http.Request, code int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)+1))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Access-Control-Allow-Origin", "*") // so that a reader in a browser can see the status
	writeBody(w, r, code, []byte(text+"\n"))
}

// fields returns the header fields of the document at the address `below` the base address. An HTML page
// runs no script, loads nothing but its icon, and is shown in no frame and in no search engine's index.
func (p *Publisher) fields(below string, doc *Document) http.Header {
	h := http.Header{
		"Content-Type":                  {doc.ContentType()},
		"Cache-Control":                 {"public, max-age=" + strconv.Itoa(p.maxAge(doc))},
		"Link":                          {"<" + p.at.Base + below + `>; rel="self"`},
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Expose-Headers": {"ETag, Last-Modified, Link"},
		"X-Content-Type-Options":        {"nosniff"},
	}
	if p.o.Hub != "" && doc.topic {
		h.Add("Link", "<"+p.o.Hub+`>; rel="hub"`)
	}
	switch doc.MediaType {
	case typeSVG:
		h["Content-Security-Policy"] = []string{"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}
	case feed.TypeHTML:
		h["Content-Security-Policy"] = []string{"default-src 'none'; img-src 'self'; style-src " + page.StyleSource() +
			"; base-uri 'none'; form-action " + formAction(doc) + "; frame-ancestors 'none'"}
		h["Referrer-Policy"] = []string{"no-referrer"}
		h["X-Robots-Tag"] = []string{"noindex"}
	}
	return h
}

// formAction returns where the forms of a page may lead: to us, or nowhere where it has none. A text cannot bring
// one: it is escaped.
func formAction(doc *Document) string {
	if bytes.Contains(doc.Bytes, []byte("<form ")) {
		return "'self'"
	}
	return "'none'"
}

// maxAge is for how many seconds a cache may keep a document: an archive for an hour, anything else a minute, or the
// shortest interval of polling where that is less.
func (p *Publisher) maxAge(doc *Document) int {
	if doc.archive {
		return int(time.Hour / time.Second)
	}
	age := time.Minute
	for _, src := range p.o.Sources {
		if src.Enabled && src.Every > 0 {
			age = min(age, src.Every)
		}
	}
	return max(1, int(age/time.Second))
}

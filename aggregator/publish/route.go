package publish

import (
	"errors"
	"net/http"
	"strings"
)

// Errors of a path that leads nowhere.
var (
	ErrNotFound = errors.New("publish: no such document")    // or no longer
	ErrNotReady = errors.New("publish: nothing is rendered") // before the first [Handler.Refresh]
)

// call is one request for a document: what is rendered from what.
type call struct {
	p    *Publisher
	r    Reader
	path string   // below the base address, without its first slash
	args []string // the segments that `{}` stood for
}

// route says what is served at a path: a document, or an answer of another kind.
type route struct {
	path   string                                                                  // `{}` stands for one segment that is not empty
	doc    func(call) (*Document, error)                                           // rendered once per change, kept, and served by [rendition]
	answer func(h *Handler, w http.ResponseWriter, r *http.Request, args []string) // where doc is nil
}

// routes is everything that is served. The first that fits serves. To add a document, add its line here.
func routes() []route {
	return []route{
		{path: "/", doc: func(c call) (*Document, error) { return c.p.Page(c.r) }},
		{path: "/feed.atom", doc: func(c call) (*Document, error) { return c.p.Atom(c.r) }},
		{path: "/entries/{}", doc: entryDocument},
		{path: "/sources", answer: (*Handler).sources},
		{path: "/healthz", answer: (*Handler).healthz},
		{path: "/readyz", answer: (*Handler).readyz},
	}
}

// Route returns the pattern that a path fits, such as `/entries/{}`; empty: the path leads nowhere.
func (h *Handler) Route(path string) string {
	if to, _ := match(h.routes, path); to != nil {
		return to.path
	}
	return ""
}

// match returns the route of a path and the segments that its `{}` stand for; nil: it leads nowhere.
func match(all []route, path string) (*route, []string) {
	for i := range all {
		if args, ok := fits(all[i].path, path); ok {
			return &all[i], args
		}
	}
	return nil, nil
}

// fits reports whether path is one that the pattern stands for, segment by segment.
func fits(pattern, path string) (args []string, ok bool) {
	if !strings.Contains(pattern, "{}") {
		return nil, pattern == path
	}
	for {
		want, restWanted, moreWanted := strings.Cut(pattern, "/")
		have, rest, more := strings.Cut(path, "/")
		switch {
		case moreWanted != more:
			return nil, false
		case want == "{}" && have != "":
			args = append(args, have)
		case want != have:
			return nil, false
		}
		if !more {
			return args, true
		}
		pattern, path = restWanted, rest
	}
}

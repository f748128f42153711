package publish

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// Errors of a path that leads nowhere.
var (
	ErrNotFound = errors.New("publish: no such document")    // or no longer
	ErrNotReady = errors.New("publish: nothing is rendered") // before the first [Handler.Refresh]
)

// call is what a document is rendered from.
type call struct {
	p      *Publisher
	r      Reader
	g      *generation
	arg    string // the segment that `{}` stood for
	before string // of a page of a list; empty: the first
	q      string // of a search
}

// rail returns the rail of pages.
func (c call) rail() (*page.Rail, error) { return c.g.rail(c.r) }

// route says what is served at a path: a document, or an answer of another kind.
type route struct {
	path   string                                                   // `{}` stands for one segment; at most one of it
	doc    func(call) (*Document, error)                            // rendered once per change, kept, and served by [cachedResponse]
	pages  bool                                                     // the document depends on the parameter before
	search bool                                                     // the document depends on the parameter q
	answer func(h *Handler, w http.ResponseWriter, r *http.Request) // where doc is nil
}

// routes is everything that is served. To add a document, add its line here.
func routes() []route {
	all := []route{
		{path: "/", doc: frontDocument, pages: true},
		{path: "/feed", answer: (*Handler).feed},
		{path: "/archive/{}", doc: archiveDocument},
		{path: "/entries/{}", doc: entryDocument},
		{path: "/stories/{}", doc: storyDocument},
		{path: "/stories/{}/feed.atom", doc: storyFeedDocument},
		{path: "/" + changesPath + ".atom", doc: changesDocument},
		{path: "/sources/{}/" + changesPath + ".atom", doc: changesDocument},
		{path: "/search", answer: (*Handler).search},
		{path: "/sources", answer: (*Handler).sources},
		{path: "/sources/{}", pages: true, doc: partDocument((*Publisher).sourcePart)},
		{path: "/topics/{}", pages: true, doc: partDocument((*Publisher).topicPart)},
		{path: "/languages/{}", pages: true, doc: partDocument((*Publisher).languagePart)},
		{path: "/agencies/{}", pages: true, doc: partDocument((*Publisher).agencyPart)},
		{path: "/places/{}", pages: true, doc: partDocument((*Publisher).placePart)},
		{path: "/subscribe", doc: subscribeDocument},
		{path: "/feeds.opml", doc: func(c call) (*Document, error) { return c.p.ownFeeds(), nil }},
		{path: "/sources.opml", doc: func(c call) (*Document, error) { return c.p.opml(Listing{}) }},
		{path: "/robots.txt", doc: robots},
		{path: "/" + svgPath, doc: svgIcon},
		{path: "/" + icoPath, doc: icoIcon},
		{path: "/healthz", answer: (*Handler).healthz},
		{path: "/readyz", answer: (*Handler).readyz},
	}
	for _, f := range FeedFormats() {
		add := func(path string, of func(call) Listing) {
			all = append(all, route{path: path + "." + string(f), doc: func(c call) (*Document, error) {
				doc, err := c.p.Feed(c.r, of(c), f)
				var moved *movedError
				if errors.As(err, &moved) { // from the feed of a spelling of a place
					return nil, &movedError{"../" + moved.to + "/feed." + string(f)}
				}
				return doc, err
			}})
		}
		add("/feed", func(call) Listing { return Listing{} })
		add("/sources/{}/feed", func(c call) Listing { return Listing{Source: c.arg} })
		add("/topics/{}/feed", func(c call) Listing { return Listing{Topic: c.arg} })
		add("/languages/{}/feed", func(c call) Listing { return Listing{Language: c.arg} })
		add("/agencies/{}/feed", func(c call) Listing { return Listing{Agency: c.arg} })
		add("/places/{}/feed", func(c call) Listing { return Listing{Place: c.arg} })
		add("/search", func(c call) Listing { return Listing{Query: c.q} })
		all[len(all)-1].search = true
	}
	return all
}

// Route returns the pattern that a path fits, such as `/entries/{}`; empty: the path leads nowhere.
func (h *Handler) Route(path string) string {
	if to, _ := h.routes.find(&url.URL{Path: path}); to != nil {
		return to.path
	}
	return ""
}

// table finds the route of an address.
type table struct {
	mux    *http.ServeMux
	routes map[string]*route // by pattern of mux
}

func newTable() table {
	t := table{mux: http.NewServeMux(), routes: make(map[string]*route)}
	for _, r := range routes() {
		pattern := strings.Replace(r.path, "{}", "{arg}", 1)
		t.routes[pattern] = &r
		t.mux.Handle(pattern, http.NotFoundHandler())
	}
	return t
}

// find returns the route of an address and the segment that its `{}` stands for; nil: it leads nowhere. The whole path must fit:
// what [http.ServeMux] would redirect, such as a path with `//`, leads nowhere, and so does all below `/`.
func (t table) find(u *url.URL) (*route, string) {
	_, pattern := t.mux.Handler(&http.Request{Method: http.MethodGet, URL: u})
	to := t.routes[pattern]
	if to == nil {
		return nil, ""
	}
	before, after, wild := strings.Cut(to.path, "{}")
	arg, ok := strings.CutPrefix(u.Path, before)
	if ok {
		arg, ok = strings.CutSuffix(arg, after)
	}
	if !ok || wild != (arg != "") || strings.Contains(arg, "/") {
		return nil, ""
	}
	return to, arg
}

// target is what is requested: a path and, of a search, the query; of the pages of a list, what before says.
type target struct{ path, q, before string }

// maxQuery bounds a query, in bytes.
const maxQuery = 500

func (rt *route) target(u *url.URL) target {
	t := target{path: u.Path}
	if rt.pages {
		t.before = u.Query().Get("before")
	}
	if rt.search {
		t.q = strings.Join(strings.Fields(text.Line(u.Query().Get("q"))), " ")
	}
	return t
}

// below returns the address of the target below the base address.
func (t target) below() string {
	s := strings.TrimPrefix((&url.URL{Path: t.path}).EscapedPath(), "/")
	if t.before != "" {
		s += "?before=" + url.QueryEscape(t.before)
	}
	if t.q != "" {
		s += view.SearchQuery(t.q)
	}
	return s
}

// robots keeps crawlers from searching, and from where nothing is to be read. Pages say by themselves that they want to
// be in no index, which a crawler can only see where it may fetch them.
func robots(call) (*Document, error) {
	return &Document{Bytes: []byte("User-agent: *\nDisallow: /search\nDisallow: /hub\nDisallow: /websub/\n"), MediaType: "text/plain"}, nil
}

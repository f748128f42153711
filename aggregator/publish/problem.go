package publish

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"dateline/aggregator/publish/feed"
)

// problem answers with a status in place of a document: with a page where the client prefers that, else with a line of text.
func (h *Handler) problem(w http.ResponseWriter, r *http.Request, code int, text string) {
	g := h.now.Load()
	if g == nil || !prefersHTML(r.Header) {
		say(w, r, code, text)
		return
	}
	b, err := g.p.site.Problem(strings.TrimPrefix(r.URL.Path, "/"), code)
	if err != nil {
		say(w, r, code, text)
		return
	}
	g.p.answerPage(w, r, code, b)
}

// answerPage answers with a page that no cache keeps.
func (p *Publisher) answerPage(w http.ResponseWriter, r *http.Request, code int, b []byte) {
	fields := p.fields("", &Document{Bytes: b, MediaType: feed.TypeHTML})
	fields.Del("Link") // it is not what is at the address
	maps.Copy(w.Header(), fields)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	writeBody(w, r, code, b)
}

// nothingYet answers with the page of a wire that has published nothing. It shows the present, as the page of sources does: why nothing
// is there is in no store.
func (h *Handler) nothingYet(w http.ResponseWriter, r *http.Request, g *generation) {
	page, err := h.empty.get(g, "", func() (*cachedResponse, error) {
		states, err := g.p.o.States()
		if err != nil {
			return nil, err
		}
		b, err := g.p.site.NothingYet(states)
		if err != nil {
			return nil, err
		}
		return g.p.presentPage("", &Document{Bytes: b, MediaType: feed.TypeHTML})
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	page.serve(w, r, nil)
}

// prefersHTML reports whether the client names HTML, and no plain text before it (RFC 9110 section 12.5.1): a browser does, what
// takes anything does not.
func prefersHTML(h http.Header) bool {
	html, plain := 0.0, 0.0
	for _, want := range acceptList(h) {
		switch want.mediaType {
		case "text/html", "application/xhtml+xml":
			html = max(html, want.weight)
		case "text/plain":
			plain = max(plain, want.weight)
		}
	}
	return html > plain
}

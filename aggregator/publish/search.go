package publish

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// search answers with the page of a search: with 400 where the query cannot be read, with 404 where nothing
// searches.
func (h *Handler) search(w http.ResponseWriter, r *http.Request) {
	g := h.now.Load()
	switch {
	case g == nil:
		unready(w, r)
		return
	case g.p.o.Find == nil:
		h.problem(w, r, http.StatusNotFound, "not found")
		return
	}
	query := view.OneLine(text.Line(r.URL.Query().Get("q")))
	below := "search"
	if query != "" {
		below += view.SearchQuery(query)
	}
	page, err := h.documents.get("page of "+below, g, func(prev *cachedResponse) (*cachedResponse, error) {
		doc, err := g.p.searchPage(h.view, query)
		if err != nil {
			return nil, err
		}
		return newCachedResponse(doc, g.p.fields(below, doc), prev), nil
	})
	switch {
	case errors.Is(err, news.ErrQuery):
		h.misread(w, r, g.p, query, err)
	case err != nil:
		h.refuse(w, r, err)
	default:
		page.serve(w, r, nil)
	}
}

// misread answers with the form, the query and what is wrong with it.
func (h *Handler) misread(w http.ResponseWriter, r *http.Request, p *Publisher, query string, wrong error) {
	_, detail, _ := strings.Cut(wrong.Error(), news.ErrQuery.Error())
	b, err := p.site.Search(page.Search{Query: query, Wrong: cmp.Or(view.OneLine(strings.Trim(detail, ": ")), news.ErrQuery.Error())})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	p.answerPage(w, r, http.StatusBadRequest, b)
}

// searchPage renders what the query finds; without a query the form alone. It returns [news.ErrQuery], wrapped.
func (p *Publisher) searchPage(view func(func(Reader) error) error, query string) (*Document, error) {
	if query == "" {
		b, err := p.site.Search(page.Search{})
		return &Document{Bytes: b, MediaType: feed.TypeHTML}, err
	}
	if len(query) > maxQuery {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", news.ErrQuery, maxQuery)
	}
	var s *selection
	q := page.Search{Query: query}
	err := view(func(r Reader) (err error) {
		s, err = p.list(r, Listing{Query: query})
		if err == nil && len(s.parts) == 0 && p.o.Explain != nil {
			q.Parts, err = p.o.Explain(snapshot(r), query)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range s.parts {
		q.Found = append(q.Found, f.c)
	}
	b, err := p.site.Search(q)
	return &Document{Bytes: b, MediaType: feed.TypeHTML, Position: s.position, Entries: len(s.parts)}, err
}

package publish

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"dateline/aggregator/publish/feed"
)

// presentFor is how long the page of sources may be kept. It shows the present, and a listing of thousands of
// sources is work.
const presentFor = 10 * time.Second

// present is a page that shows the present, as it was made last.
type present struct {
	mu sync.Mutex
	at time.Time
	of *generation
	r  *cachedResponse
}

// get returns the page, or a new one where that is of another generation or too old.
func (p *present) get(g *generation, render func() (*cachedResponse, error)) (*cachedResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == g && time.Since(p.at) < presentFor {
		return p.r, nil
	}
	r, err := render()
	if err != nil {
		return nil, err
	}
	p.at, p.of, p.r = time.Now(), g, r
	return r, nil
}

// sources answers with the page of sources; with 404 where their status is not known.
func (h *Handler) sources(w http.ResponseWriter, r *http.Request) {
	g := h.now.Load()
	switch {
	case g == nil:
		unready(w, r)
		return
	case g.p.o.States == nil:
		h.problem(w, r, http.StatusNotFound, "not found")
		return
	}
	page, err := h.present.get(g, func() (*cachedResponse, error) {
		doc, err := g.p.sources()
		if err != nil {
			return nil, err
		}
		return g.p.presentPage("sources", doc)
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	page.serve(w, r, nil)
}

// presentPage returns the answer with a page that shows the present, at the address `below` the base address.
func (p *Publisher) presentPage(below string, doc *Document) (*cachedResponse, error) {
	fields := p.fields(below, doc)
	fields.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(presentFor/time.Second)))
	return newCachedResponse(doc, fields, nil)
}

// sources renders the page of sources.
func (p *Publisher) sources() (*Document, error) {
	states, err := p.o.States()
	if err != nil {
		return nil, err
	}
	b, err := p.site.SourcesPage(states)
	return &Document{Bytes: b, MediaType: feed.TypeHTML, Entries: len(states)}, err
}

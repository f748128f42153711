package publish

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
)

// presentFor is how long the page of sources may be kept. It shows the present, and a listing of thousands of
// sources is work.
const presentFor = 10 * time.Second

// present are pages that show the present, as they were made last.
type present struct {
	mu  sync.Mutex
	at  time.Time // when the oldest of them was made
	of  *generation
	all map[string]*cachedResponse // by what they show; few
}

// get returns the page called name, or a new one where that is of another generation or too old.
func (p *present) get(g *generation, name string, render func() (*cachedResponse, error)) (*cachedResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of != g || time.Since(p.at) >= presentFor {
		p.of, p.at, p.all = g, time.Now(), make(map[string]*cachedResponse)
	}
	if r := p.all[name]; r != nil {
		return r, nil
	}
	r, err := render()
	if err == nil {
		p.all[name] = r
	}
	return r, err
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
	state := r.URL.Query().Get("state")
	if state != "" && !page.KnownState(state) {
		h.refuse(w, r, ErrNotFound)
		return
	}
	resp, err := h.present.get(g, state, func() (*cachedResponse, error) {
		doc, err := g.p.sources(state)
		if err != nil {
			return nil, err
		}
		return g.p.presentPage("sources", doc)
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	resp.serve(w, r, nil)
}

// presentPage returns the answer with a page that shows the present, at the address `below` the base address.
func (p *Publisher) presentPage(below string, doc *Document) (*cachedResponse, error) {
	fields := p.fields(below, doc)
	fields.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(presentFor/time.Second)))
	return newCachedResponse(doc, fields, nil), nil
}

// sources renders the page of sources, of all or of those in a state.
func (p *Publisher) sources(state string) (*Document, error) {
	states, err := p.o.States()
	if err != nil {
		return nil, err
	}
	b, err := p.site.SourcesPage(states, state)
	return &Document{Bytes: b, MediaType: feed.TypeHTML, Entries: len(states)}, err
}

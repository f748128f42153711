package publish

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"

	"dateline/aggregator/text"
)

// SourceState is how a source is at present.
type SourceState struct {
	ID          string // of one of [Options.Sources]
	State       string // ok, late, waiting, silent, partial, blocked, moved, gone, broken or disabled
	LastSuccess time.Time
	Due         time.Time // of the next visit; zero: at once
	Items       uint64    // ever stored
}

// sourceView is a line of the table of sources.
type sourceView struct {
	Lang, Link, Text string // its name
	State, Meaning   string
	Last, Due        *timeView // nil: never; not known
	Items            string
	Feed             feedLink
}

// presentFor is how long the page of sources may be kept. It shows the present, and a listing of thousands of
// sources is work.
const presentFor = 10 * time.Second

// present is the page of sources as it was made last.
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
func (h *Handler) sources(w http.ResponseWriter, r *http.Request, _ []string) {
	g := h.now.Load()
	switch {
	case g == nil:
		unready(w, r)
		return
	case g.p.o.States == nil:
		say(w, r, http.StatusNotFound, "not found")
		return
	}
	page, err := h.present.get(g, func() (*cachedResponse, error) {
		doc, err := g.p.sourcesPage()
		if err != nil {
			return nil, err
		}
		fields := g.p.fields("sources", doc)
		fields.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(presentFor/time.Second)))
		return newCachedResponse(doc, fields, nil)
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	page.serve(w, r, nil)
}

// sourcesPage renders the page of sources. Of a source that fails it tells that, and not why: what servers and
// addresses say is the operator's.
func (p *Publisher) sourcesPage() (*Document, error) {
	states, err := p.o.States()
	if err != nil {
		return nil, err
	}
	view := struct {
		frame
		Sources []sourceView
	}{frame: p.frame("sources")}
	view.Title = view.W.Sources + " – " + view.Site
	for _, st := range states {
		src := p.views.source(st.ID)
		v := sourceView{
			Lang: text.CanonicalTag(src.Language), Link: cmp.Or(web(src.Site), p.views.site(src.Agency)), Text: cmp.Or(name(src.Name), oneLine(src.ID)),
			State: view.W.of(stateWords[st.State].word), Meaning: view.W.of(stateWords[st.State].meaning),
			Feed:  feedLink{Title: cmp.Or(name(src.Name), oneLine(src.ID)), Path: SourcePath(st.ID)},
			Items: strconv.FormatUint(st.Items, 10),
		}
		if v.State == "" {
			v.State = oneLine(st.State)
		}
		v.Last, v.Due = view.known(st.LastSuccess), view.known(st.Due)
		view.Sources = append(view.Sources, v)
	}
	b, err := execute("sources", view)
	if err != nil {
		return nil, err
	}
	return &Document{Bytes: b, MediaType: typeHTML, Entries: len(states)}, nil
}

// known returns how t is told; nil where it is zero.
func (f *frame) known(t time.Time) *timeView {
	if !known(t) {
		return nil
	}
	v := f.time("", t)
	return &v
}

// stateWords tell how a source is, and what that means.
var stateWords = map[string]struct{ word, meaning phrase }{
	"ok":       {phrase{"ok", "в порядке"}, phrase{}},
	"new":      {phrase{"new", "новый"}, phrase{"it was not asked yet", "ещё не опрошен"}},
	"waiting":  {phrase{"waiting", "ждёт"}, phrase{"its server asked for a pause", "его сервер попросил паузу"}},
	"late":     {phrase{"late", "опаздывает"}, phrase{"it was not asked when it was due", "не опрошен в срок"}},
	"silent":   {phrase{"silent", "молчит"}, phrase{"it answers, and brings nothing new for long", "отвечает, но давно без нового"}},
	"partial":  {phrase{"partial", "оборван"}, phrase{"its last document was cut off", "последний документ пришёл не целиком"}},
	"blocked":  {phrase{"blocked", "закрыт"}, phrase{"it does not serve us", "не обслуживает нас"}},
	"moved":    {phrase{"moved", "переехал"}, phrase{"it is read at another address", "читается по другому адресу"}},
	"gone":     {phrase{"gone", "снят"}, phrase{"it says that it ended", "сообщает, что закончился"}},
	"broken":   {phrase{"broken", "сломан"}, phrase{"its last visit failed", "последний опрос не удался"}},
	"disabled": {phrase{"disabled", "выключен"}, phrase{"it is not asked", "не опрашивается"}},
}

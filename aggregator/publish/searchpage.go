package publish

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// searchView is the page of a search.
type searchView struct {
	frame
	Query   string
	Feed    feedLink // of what is found
	Wrong   string   // what is wrong with the query; empty: nothing
	Results []template.HTML
	Help    []termView
}

type termView struct{ Term, Meaning string }

// search answers with the page of a search: with 400 where the query cannot be read, with 404 where nothing
// searches.
func (h *Handler) search(w http.ResponseWriter, r *http.Request, _ []string) {
	g := h.now.Load()
	switch {
	case g == nil:
		unready(w, r)
		return
	case g.p.o.Find == nil:
		say(w, r, http.StatusNotFound, "not found")
		return
	}
	query := strings.Join(strings.Fields(legal(r.URL.Query().Get("q"))), " ")
	below := "search"
	if query != "" {
		below += SearchQuery(query)
	}
	page, err := h.documents.get("page of "+below, g, func(prev *cachedResponse) (*cachedResponse, error) {
		doc, err := g.p.searchPage(h.view, query)
		if err != nil {
			return nil, err
		}
		return newCachedResponse(doc, g.p.fields(below, doc), prev)
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

// misread answers with the form and what is wrong with the query in it.
func (h *Handler) misread(w http.ResponseWriter, r *http.Request, p *Publisher, query string, wrong error) {
	v := p.searchView(query)
	_, detail, _ := strings.Cut(wrong.Error(), news.ErrQuery.Error())
	v.Wrong = cmp.Or(oneLine(strings.Trim(detail, ": ")), news.ErrQuery.Error())
	b, err := execute("search", v)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	maps.Copy(w.Header(), p.fields("search", &Document{Bytes: b, MediaType: typeHTML}))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	writeBody(w, r, http.StatusBadRequest, b)
}

func (p *Publisher) searchView(query string) searchView {
	v := searchView{frame: p.frame("search"), Query: query}
	v.Title = cmp.Or(query, v.W.Search) + " – " + v.Site
	for _, h := range searchHelp {
		v.Help = append(v.Help, termView{h.term, v.W.of(h.meaning)})
	}
	return v
}

// searchPage renders what the query finds; without a query the form alone. It returns [news.ErrQuery], wrapped.
func (p *Publisher) searchPage(view func(func(Reader) error) error, query string) (*Document, error) {
	v := p.searchView(query)
	if query == "" {
		b, err := execute("search", v)
		return &Document{Bytes: b, MediaType: typeHTML}, err
	}
	if len(query) > maxQuery {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", news.ErrQuery, maxQuery)
	}
	v.Feed = feedLink{Title: v.Site + ": " + query, Path: "search", Query: SearchQuery(query)}
	v.Feeds = []feedLink{v.Feed, v.Feeds[0]}
	var s *selection
	err := view(func(r Reader) (err error) {
		s, err = p.list(r, Listing{Query: query})
		return err
	})
	if err != nil {
		return nil, err
	}
	wanted := p.wanted(query)
	for _, f := range s.parts {
		row, err := execute("row", p.result(f.c, wanted))
		if err != nil {
			return nil, err
		}
		v.Results = append(v.Results, template.HTML(row)) // the template escaped it
	}
	b, err := execute("search", v)
	return &Document{Bytes: b, MediaType: typeHTML, Position: s.position, Entries: len(s.parts)}, err
}

// result returns the row of an entry view that was found, with the wanted words marked. What is held back has no page.
func (p *Publisher) result(c *entryView, wanted map[string]bool) row {
	r := p.row(c)
	r.Clock = r.W.moment(c.at)
	if c.e.State == news.Held {
		r.Page = ""
	}
	r.Heading, _ = p.highlight(strings.Fields(c.title), wanted)
	granted := strings.Fields(plainText(strings.Join(c.granted(), " ")))
	if _, at := p.highlight(granted, wanted); at >= 0 {
		from := max(0, at-excerptWords/4)
		to := min(len(granted), from+excerptWords)
		if r.Text, _ = p.highlight(granted[from:to], wanted); from > 0 {
			r.Text = append([]stretch{{Text: "… "}}, r.Text...)
		}
		if to < len(granted) {
			r.Text = append(r.Text, stretch{Text: " …"})
		}
	}
	return r
}

// wanted returns the stems of the words that a query looks for in texts.
func (p *Publisher) wanted(query string) map[string]bool {
	all := make(map[string]bool)
	for _, term := range strings.Fields(query) {
		field, _, isField := strings.Cut(term, ":")
		if strings.HasPrefix(term, "-") || isField && slices.ContainsFunc(searchHelp, func(h helpTerm) bool { return strings.HasPrefix(h.term, field+":") }) {
			continue
		}
		for _, t := range text.Tokens(term, 8) {
			if !text.StopWord(t.Text) {
				all[p.stems.Stem(t.Text).Text] = true
			}
		}
	}
	return all
}

// stretch is a part of a text, marked or not.
type stretch struct {
	Text string
	Mark bool
}

// highlight returns words as a text in which the wanted ones are marked, and the place of the first; -1: there is none.
func (p *Publisher) highlight(words []string, wanted map[string]bool) ([]stretch, int) {
	var all []stretch
	at := -1
	for i, word := range words {
		highlighted := slices.ContainsFunc(p.stems.Stems(text.Tokens(word, 8)), func(s text.Stem) bool { return wanted[s.Text] })
		if highlighted && at < 0 {
			at = i
		}
		if i > 0 {
			word = " " + word
		}
		if n := len(all); n > 0 && !highlighted && !all[n-1].Mark {
			all[n-1].Text += word
			continue
		}
		if highlighted && i > 0 {
			if n := len(all); all[n-1].Mark {
				all = append(all, stretch{Text: " "})
			} else {
				all[n-1].Text += " "
			}
			word = word[1:]
		}
		all = append(all, stretch{word, highlighted})
	}
	return all, at
}

type helpTerm struct {
	term    string
	meaning phrase
}

// searchHelp tells what a query is made of.
var searchHelp = []helpTerm{
	{"talks Minsk", phrase{"all of the words, in any form", "все слова, в любой форме"}},
	{`"press conference"`, phrase{"the words next to each other", "слова подряд"}},
	{"-football", phrase{"without the word", "без этого слова"}},
	{"source:belta", phrase{"what a source published, by its id", "что опубликовал источник, по его имени в списке"}},
	{"agency:tass", phrase{"what an agency reports, whoever carries it", "что сообщает агентство, кто бы ни передал"}},
	{"place:Moscow", phrase{"filed from there", "откуда передано"}},
	{"by:Ivanova", phrase{"written by somebody", "кто написал"}},
	{"since:2026-05-17", phrase{"published on that day or later", "опубликовано в этот день или позже"}},
}

package publish

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
)

// searched returns a handler over w on which every query finds the entries of its log, newest first, but one that
// cannot be read.
func searched(t *testing.T, w *world, change func(*Options)) *Handler {
	t.Helper()
	o := options()
	o.Find = func(_ Reader, query string) ([]news.Key, error) {
		if strings.HasSuffix(query, ":") {
			return nil, fmt.Errorf("search: %w: %q is followed by nothing", news.ErrQuery, query)
		}
		var all []news.Key
		for _, rec := range w.log() {
			if !slices.Contains(all, rec.Entry) {
				all = append([]news.Key{rec.Entry}, all...)
			}
		}
		return all, w.err
	}
	if change != nil {
		change(&o)
	}
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSearchPage(t *testing.T) {
	w := ordinary(t, 1)
	h := searched(t, w, nil)
	for _, tt := range []struct {
		fact, query string
		status      int
		want        []string
	}{
		{"without a query", "", 200, []string{`<form class="search" role="search" action="./search" method="get">`, `<code>source:belta</code>`,
			`aria-current="page">Search</a>`}},
		{"with results", "?q=minister+-football+source:belta", 200, []string{
			`<h2 id="results">Found: 2</h2>`, `value="minister -football source:belta"`,
			`<mark>Ministers</mark> speak of dialogue after talks</a>`, `<p class="excerpt">The <mark>ministers</mark> met in the capital. `,
			`type="application/atom+xml" title="Agency wire: minister -football source:belta (Atom)" href="search.atom?q=minister%20-football%20source%3Abelta"`,
			`<a href="entries/` + w.log()[0].Entry.String() + `"`, `17 May 2023, 12:44 UTC</time>`}},
		{"a query that cannot be read", "?q=place:", 400, []string{
			`<p id="wrong" role="alert">The query cannot be read: <span lang="en">&#34;place:&#34; is followed by nothing</span></p>`,
			`aria-invalid="true"`, `value="place:"`}},
		{"a query that is too long", "?q=" + strings.Repeat("a", maxQuery+1), 400, []string{"it is longer than 500 bytes"}},
		{"a query with what turns the direction, and tags", "?q=a%E2%80%AE%F3%A0%81%81b", 200, []string{`value="ab"`, `href="search.atom?q=ab"`}},
		{"a hostile query", "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%00", 200,
			[]string{`value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"`}},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			got := ask(h, "GET", "/search"+tt.query)
			text := checkPage(t, got)
			if got.StatusCode != tt.status {
				t.Errorf("status %d, want %d", got.StatusCode, tt.status)
			}
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in %s", want, text[strings.Index(text, "</style>"):])
				}
			}
		})
	}
	t.Run("the wire has the form", func(t *testing.T) {
		if text := checkPage(t, ask(h, "GET", "/")); !strings.Contains(text, `<label for="q" class="unseen">Search</label>`) {
			t.Error("no form")
		}
	})
	t.Run("nothing found", func(t *testing.T) {
		if text := checkPage(t, ask(searched(t, newWorld(t), nil), "GET", "/search?q=x")); !strings.Contains(text, "Nothing was found.") {
			t.Error("no word of it")
		}
	})
	t.Run("no search", func(t *testing.T) {
		if got := ask(served(t, w), "GET", "/search?q=x"); got.StatusCode != 404 {
			t.Errorf("status %d, want 404", got.StatusCode)
		}
	})
	t.Run("no store", func(t *testing.T) {
		w := ordinary(t, 0)
		h := searched(t, w, nil)
		w.err = errors.New("no store")
		if got := ask(h, "GET", "/search?q=x"); got.StatusCode != 500 {
			t.Errorf("status %d, want 500", got.StatusCode)
		}
	})
	t.Run("in Russian", func(t *testing.T) {
		h := searched(t, w, func(o *Options) { o.Language = "ru" })
		if text := checkPage(t, ask(h, "GET", "/search?q=place:")); !strings.Contains(text, "Запрос не понят:") ||
			!strings.Contains(text, "<h1>Поиск</h1>") {
			t.Error("not in Russian")
		}
	})
}

// TestGrantOfSearch: what is found in a text that is not granted is not shown.
func TestGrantOfSearch(t *testing.T) {
	for grant, want := range map[news.Content]string{news.Headline: "headline", news.Summary: "headline summary",
		news.Full: "headline summary content"} {
		w, _ := revised(t, nil)
		h := searched(t, w, func(o *Options) { o.Sources[0].Content = grant })
		text := checkPage(t, ask(h, "GET", "/search?q=headline2+summary2+content2+lead2"))
		_, results, _ := strings.Cut(text, "<article")
		for _, word := range []string{"headline", "summary", "content", "lead", "caption"} {
			if got := strings.Contains(results, word+"2"); got != strings.Contains(want, word) {
				t.Errorf("%s: the page holds %s2: %t", grant, word, got)
			}
		}
	}
}

// TestSearchFeedNamesItself: the page, the feed and its header name one address, and the feed leads to the page.
func TestSearchFeedNamesItself(t *testing.T) {
	h := searched(t, ordinary(t, 1), nil)
	const query = "?q=a%2Bb%20%22c%22"
	if text := checkPage(t, ask(h, "GET", "/search"+query)); !strings.Contains(text, `<a href="search.atom`+query+`"`) {
		t.Error("the page leads elsewhere")
	}
	got := ask(h, "GET", "/search.atom?q=a%2Bb+%22c%22")
	f := links(parse(t, body(t, got)))
	const address = "https://wire.example/search.atom" + query
	feedtest.Same(t, "self link", f["self"], address)
	feedtest.Same(t, "Link", got.Header.Get("Link"), "<"+address+`>; rel="self"`)
	feedtest.Same(t, "alternate link", f["alternate"], "https://wire.example/search"+query)
	if _, err := h.Topic("/search.atom" + query); err != nil {
		t.Errorf("no topic: %v", err)
	}
	for path, want := range map[string]string{
		"/search.rss":  "<link>https://wire.example/search" + query + "</link>",
		"/search.json": `"home_page_url":"https://wire.example/search` + query + `"`,
	} {
		if text := body(t, ask(h, "GET", path+query)); !strings.Contains(text, want) {
			t.Errorf("%s: no %s", path, want)
		}
	}
}

// TestStatesInSearch: what is withdrawn or merged is not found, what is held back has no page of its own.
func TestStatesInSearch(t *testing.T) {
	for state, want := range map[news.EntryState][2]bool{
		news.Public: {true, true}, news.Held: {true, false}, news.Withdrawn: {false, false}, news.Merged: {false, false},
	} {
		w := ordinary(t, 0)
		e := w.entry(w.log()[0].Entry)
		e.State = state
		w.putEntry(e)
		text := checkPage(t, ask(searched(t, w, nil), "GET", "/search?q=x"))
		if got := [2]bool{strings.Contains(text, "dialogue"), strings.Contains(text, "entries/")}; got != want {
			t.Errorf("%q: shown and linked %v, want %v", state, got, want)
		}
	}
}

// TestSearchExplainsItself: a query that finds nothing says what its parts find, and leads there.
func TestSearchExplainsItself(t *testing.T) {
	t.Parallel()
	h := searched(t, newWorld(t), func(o *Options) {
		o.Explain = func(_ Reader, query string) ([]page.QueryPart, error) {
			if query != "grain -rain since:2026-05-17 source:none" {
				return nil, fmt.Errorf("asked about %q", query)
			}
			return []page.QueryPart{
				{Text: "grain", Query: "grain", Found: 3}, {Text: "-rain", Query: "grain since:2026-05-17", Found: 2, Without: true},
				{Text: "source:none", Query: "source:none", Unknown: true}, {Text: "hail", Query: "hail"},
			}, nil
		}
	})
	text := checkPage(t, ask(h, "GET", "/search?q=grain+-rain+since:2026-05-17+source:none"))
	for _, want := range []string{
		"Nothing was found.", `<li><bdi><a href="search?q=grain">grain</a></bdi> alone: 3 found</li>`,
		`<li><bdi><a href="search?q=grain%20since%3A2026-05-17">-rain</a></bdi> without it: 2 found</li>`,
		`<li><bdi>source:none</bdi> is not there</li>`, `<li><bdi>hail</bdi> alone: 0 found</li>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text[strings.Index(text, "<h1>"):])
		}
	}
}

// TestBeginningsAreHighlighted: what a star finds is marked in the results, too.
func TestBeginningsAreHighlighted(t *testing.T) {
	t.Parallel()
	text := checkPage(t, ask(searched(t, ordinary(t, 0), nil), "GET", "/search?q=minis*+OR+place:moscow"))
	if !strings.Contains(text, "<mark>Ministers</mark> speak of dialogue") {
		t.Errorf("not marked:\n%s", text[strings.Index(text, "<h1>"):])
	}
}

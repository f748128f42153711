package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/search"
	"dateline/aggregator/status"
	"dateline/aggregator/text"
	"dateline/store"
	"dateline/store/storetest"
)

// demonstration looks at the demonstration after its last step, as the daemon serves it.
func (b *browser) demonstration() {
	b.t.Helper()
	d := newHubTest(b.t, "")
	for more := true; more; _, more = d.server.Step() {
		a := &app{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
		_ = a.run(b.t.Context(), []string{"--config", d.config, "ingest", "--now"}) // a step may be an outage
	}
	public, stop := d.serve()
	defer stop()
	b.origins = []string{public, "http://" + d.admin}
	pages := []pageCase{
		{"demo wire", public + "/", 0}, {"demo sources", public + "/sources", 0}, {"demo search", public + "/search?q=bridge", 0},
		{"demo nothing found", public + "/search?q=zebra", 0}, {"demo subscribe", public + "/subscribe", 0},
		{"demo not there", public + "/nowhere", http.StatusNotFound}, {"demo status", "http://" + d.admin + "/", 0},
	}
	var feed struct {
		Items []struct {
			ID      string
			Credits struct {
				Count news.StoryCount `json:"tellings"`
			} `json:"_credits"`
		}
	}
	resp, err := http.Get(public + "/feed.json")
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&feed); err != nil || len(feed.Items) < 10 {
		b.t.Fatalf("%d entries, %v", len(feed.Items), err)
	}
	for i, it := range feed.Items {
		k := strings.TrimPrefix(it.ID, "urn:uuid:")
		if _, err := news.ParseKey(k); err != nil {
			continue
		}
		if n := it.Credits.Count; n.Own+n.Copies > 1 || i == 0 {
			pages = append(pages, pageCase{"demo entry", public + "/entries/" + k, 0}, pageCase{"demo story", public + "/stories/" + k, 0})
		}
	}
	b.look(pages)
	b.follow(public, 150)
	b.tab(public+"/", 12)
}

// The size of the large wire.
const (
	newsSources = 240
	newsItems   = 50 // of each source
)

// newsLanguages are those of its sources, in turn, each with the words of a headline.
var newsLanguages = []struct{ tag, headline, text, place string }{
	{"en", "Council of district %d approves the budget of line %d", "The council of the district approved the budget on Monday.", "MINSK"},
	{"ru", "Совет района %d утвердил бюджет линии %d", "Совет района утвердил бюджет в понедельник.", "МОСКВА"},
	{"ar", "مجلس الحي %d يوافق على ميزانية الخط %d", "وافق مجلس الحي على الميزانية يوم الاثنين.", "القاهرة"},
}

// manySources looks at a wire of many sources in three languages, with pages in English, Russian and Arabic.
func (b *browser) manySources() {
	b.t.Helper()
	w := newManySources(b)
	for _, lang := range []string{"en", "ru", "ar"} {
		srv := httptest.NewServer(w.handler(lang))
		defer srv.Close()
		b.origins = []string{srv.URL}
		pages := []pageCase{{"wire " + lang, srv.URL + "/", 0}, {"sources " + lang, srv.URL + "/sources", 0},
			{"story " + lang, srv.URL + "/stories/" + w.key(0, 49), 0}, {"entry in Arabic " + lang, srv.URL + "/entries/" + w.key(2, 49), 0},
			{"search " + lang, srv.URL + "/search?q=approves", 0}, {"subscribe " + lang, srv.URL + "/subscribe", 0}}
		if lang == "en" {
			pages = append(pages, w.otherPages(srv.URL)...)
		}
		b.look(pages)
		b.follow(srv.URL, 100)
		if lang == "en" {
			most := 4
			if os.Getenv("DATELINE_LONG") == "1" {
				most = newsSources*newsItems/50 + 1
			}
			b.turn(srv.URL+"/", most)
		}
	}
}

// otherPages are those that are looked at in one language.
func (w *manySources) otherPages(base string) (all []pageCase) {
	for _, p := range []struct {
		name, path string
		status     int
	}{
		{"older", "/?before=" + fmt.Sprint(newsSources*newsItems/2), 0}, {"sources in a state", "/sources?state=late", 0},
		{"source", "/sources/s1", 0}, {"language", "/languages/ar", 0}, {"topic", "/topics/t3", 0}, {"agency", "/agencies/s2", 0},
		{"place", "/places/minsk", 0}, {"archive", "/archive/3.html", 0}, {"how to search", "/search", 0},
		{"nothing found", "/search?q=zebra+approves", 0}, {"entry in English", "/entries/" + w.key(0, 49), 0},
		{"entry in Russian", "/entries/" + w.key(1, 49), 0}, {"withdrawn", "/entries/" + w.key(4, 49), http.StatusGone},
		{"not there", "/entries/" + w.key(999, 1), http.StatusNotFound},
	} {
		all = append(all, pageCase{p.name, base + p.path, p.status})
	}
	return all
}

// manySources is a store of newsSources sources and how they are.
type manySources struct {
	b       *browser
	st      *store.Store
	sources []news.Source
	states  []page.SourceState
	stems   text.Stemmer
}

// newsBegan is when its first items came.
var newsBegan = time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)

func (w *manySources) key(source, item int) string {
	return news.ItemKey(fmt.Sprint("s", source), fmt.Sprint(item)).String()
}

// newManySources composes the store.
func newManySources(b *browser) *manySources {
	b.t.Helper()
	w := &manySources{b: b}
	for i := range newsSources {
		l := newsLanguages[i%len(newsLanguages)]
		src := news.Source{ID: fmt.Sprint("s", i), Name: fmt.Sprintf("Agency of region %d", i), URL: "https://agency.example/rss",
			Language: l.tag, Content: news.Full, Enabled: true, Topics: []string{fmt.Sprint("t", i%12)}}
		w.sources = append(w.sources, src)
		daily := make([]int, news.TallyDays)
		for d := range daily {
			daily[d] = (i + d*d) % 7
		}
		state := status.States[i%len(status.States)]
		w.states = append(w.states, page.SourceState{ID: src.ID, State: string(state), LastSuccess: newsBegan, Due: newsBegan.Add(time.Hour),
			Items: newsItems, Daily: daily})
	}
	st, err := store.Open(filepath.Join(b.t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = st.Close() })
	w.st = st
	for n := range newsItems {
		w.put(st, w.visit(n))
	}
	w.put(st, w.changes(st))
	return w
}

// handler serves the pages in a language.
func (w *manySources) handler(lang string) http.Handler {
	w.b.t.Helper()
	searcher := &search.Searcher{Sources: map[string]news.Source{}}
	for _, src := range w.sources {
		searcher.Sources[src.ID] = src
	}
	h := publish.New(publish.Options{
		Title: "A wire of many", Language: lang, BaseURL: "https://wire.example/", Sources: w.sources, CreditLine: true,
		Contact: "https://wire.example/about", States: func() ([]page.SourceState, error) { return w.states, nil },
		Find: func(r publish.Reader, query string) ([]news.Key, error) {
			return searcher.Find(r.(search.Postings), query)
		},
	}).Handler(func(read func(publish.Reader) error) error {
		return w.st.View(func(v store.View) error { return read(v) })
	})
	if err := h.Refresh(); err != nil {
		w.b.t.Fatal(err)
	}
	return h
}

func (w *manySources) put(st *store.Store, v storetest.Visit) {
	w.b.t.Helper()
	if err := st.Update(v.Now, func(t *store.Tx) error { return v.Put(t) }); err != nil {
		w.b.t.Fatal(err)
	}
}

// visit returns item n of every source.
func (w *manySources) visit(n int) storetest.Visit {
	v := storetest.Visit{Now: newsBegan.Add(time.Duration(n) * time.Hour)}
	for i, src := range w.sources {
		l := newsLanguages[i%len(newsLanguages)]
		k := news.ItemKey(src.ID, fmt.Sprint(n))
		it := news.Item{
			Key: k, Entry: k, Source: src.ID, GUID: fmt.Sprint(n), URL: fmt.Sprintf("https://agency.example/%s/%d", src.ID, n), Revision: 1,
			Title: fmt.Sprintf(l.headline, i, n), Summary: "<p>" + l.text + "</p>", Lead: l.text, Language: l.tag, FirstSeen: v.Now, Revised: v.Now,
			Published: v.Now.Add(-time.Duration(i) * time.Second),
			Credits:   news.Credits{Dateline: &news.Dateline{Place: l.place, Month: 11, Day: 28, Raw: l.place + " -"}},
		}
		if i%5 == 0 {
			it.Credits.Photos = []news.Photo{{Line: "Photo office/Regional pictures", URL: it.URL + ".jpg", Chain: []news.Credit{
				{Role: news.Owner, Name: "Photo office"}, {Role: news.Supplier, Name: "Regional pictures"}}}}
		}
		v.Items = append(v.Items, it)
		v.Stems = append(v.Stems, news.Fingerprint{Item: k, At: v.Now, Terms: search.Terms(&w.stems, it)})
		v.Entries = append(v.Entries, news.Entry{Key: k, Published: it.Published, Updated: it.Published, Revision: 1})
		v.Log = append(v.Log, news.LogRecord{Entry: k, Kind: news.RecordNew, Revision: 1})
	}
	return v
}

// changes returns what came later: a story of three reports and a copy, a correction and a withdrawal.
func (w *manySources) changes(st *store.Store) storetest.Visit {
	w.b.t.Helper()
	v := storetest.Visit{Now: newsBegan.Add(newsItems * time.Hour)}
	keys := make([]news.Key, 5)
	entries := make([]news.Entry, len(keys))
	for i := range keys {
		keys[i] = news.ItemKey(fmt.Sprint("s", i), fmt.Sprint(newsItems-1))
		if err := st.View(func(view store.View) (err error) {
			entries[i], _, err = view.Entry(keys[i])
			return err
		}); err != nil {
			w.b.t.Fatal(err)
		}
		if i < 3 {
			entries[i].Story = keys[:3]
		}
	}
	var revised, carried news.Item
	if err := st.View(func(view store.View) (err error) {
		if revised, _, err = view.Item(keys[0]); err == nil {
			carried, _, err = view.Item(keys[3])
		}
		return err
	}); err != nil {
		w.b.t.Fatal(err)
	}
	revised.Title, revised.Revision, revised.Revised, revised.Corrected = "Council approves the budget, corrected", 2, v.Now, v.Now
	revised.Credits.Marker = "CORRECTED"
	carried.Entry = keys[0]
	entries[0].Items, entries[0].Updated = []news.Key{keys[0], keys[3]}, v.Now
	entries[3].State, entries[3].Into = news.Merged, keys[0]
	entries[4].State, entries[4].Updated = news.Withdrawn, v.Now
	v.Items, v.Entries = []news.Item{revised, carried}, entries
	v.Log = []news.LogRecord{{Entry: keys[0], Kind: news.RecordUpdated, Revision: 2}, {Entry: keys[3], Kind: news.RecordMerged},
		{Entry: keys[4], Kind: news.RecordWithdrawn, Revision: 1}}
	return v
}

package publish

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// spellings brings the places of the tests together.
type spellings map[string][]string

func (s spellings) Key(printed string) string {
	folded := strings.ToLower(printed)
	for key, all := range s {
		if slices.Contains(all, folded) {
			return key
		}
	}
	return folded
}

func (s spellings) Spellings(key string) []string {
	if all := s[key]; all != nil {
		return all
	}
	return []string{key}
}

// parted returns a wire of 120 entries of which every third is of TASS and filed from Minsk, and one is in Russian.
func parted(t *testing.T) *world {
	t.Helper()
	w := ordinary(t, 0)
	for i := range 119 {
		it := dated(fmt.Sprint("Report ", i), day.Add(time.Duration(i)*time.Minute))
		if it.Source, it.Language = "belta", "en"; i%3 == 0 {
			it.Source, it.Language = "tass-ru", "ru"
			it.Credits.Dateline = &news.Dateline{Place: "МИНСК", Month: 5, Day: 17}
			it.Credits.Agency = &news.Credit{Name: "ТАСС", Agency: "tass"}
			it.Credits.Cited = []news.Credit{{Name: "БЕЛТА", Agency: "belta"}}
			if i%2 == 0 {
				it.Credits.Cited = append(it.Credits.Cited, news.Credit{Name: "AFP", Agency: "afp"})
			}
		}
		it.Key = news.ItemKey(it.Source, it.GUID)
		w.publish(item(it))
	}
	for _, e := range []int{3, 4, 118} { // each has two records
		w.revise(w.log()[e].Entry, "Revised", day.Add(3*time.Hour), true)
	}
	return w
}

func partsOptions(o *Options) {
	o.Places = spellings{"minsk": {"minsk", "минск"}, "new-york": {"new york", "нью-йорк"}}
	o.Topics = map[string]string{"reports": "Reports"}
	o.Queries = map[string]string{"reports": "report"}
}

// TestPartPages: each part has a page with what belongs to it, newest first, its feeds, and older pages; each entry of the part is
// on one of them.
func TestPartPages(t *testing.T) {
	t.Parallel()
	w := parted(t)
	h := searched(t, w, partsOptions)
	for path, tt := range map[string]struct {
		entries int
		want    []string
	}{
		"/sources/tass-ru": {40, []string{`<h1><bdi lang="ru">ТАСС</bdi></h1>`,
			`title="Agency wire: ТАСС (Atom)" href="../sources/tass-ru/feed.atom"`,
			`<dt>Agency</dt><dd><bdi><a href="../agencies/tass">TASS</a></bdi></dd>`, `<a href="../languages/ru">русский</a>`}},
		"/languages/en": {80, []string{`<h1><bdi lang="en">English</bdi></h1>`, `href="../languages/en/feed.json"`}},
		"/languages/ru": {40, nil},
		"/agencies/tass": {41, []string{`<h1><bdi>TASS</bdi></h1>`,
			`<dt>Cites</dt><dd><bdi><a href="../agencies/belta">BelTA</a></bdi> (40), ` +
				`<bdi><a href="../agencies/afp">afp</a></bdi> (20)</dd>`,
			`<a href="https://tass.example/" rel="external">tass.example ↗</a>`,
			`title="Agency wire: TASS (Atom)" href="../agencies/tass/feed.atom"`}},
		"/agencies/belta": {80, nil},
		"/places/minsk": {40, []string{`<h1><bdi>Минск</bdi></h1>`,
			`title="Agency wire: Minsk (JSON Feed)" href="../places/minsk/feed.json"`}},
		"/places/new-york": {0, []string{`<h1><bdi>New York</bdi></h1>`, "Nothing has been published yet."}},
		"/places/moscow":   {1, []string{`<h1><bdi>Moscow</bdi></h1>`}},
		"/topics/belarus": {80, []string{`href="../topics/belarus/feed.atom"`,
			`<dt>Sources</dt><dd><bdi lang="en"><a href="../sources/belta">BelTA</a>`}},
		"/topics/reports": {120, []string{`<h1><bdi>Reports</bdi></h1>`, `<a href="../search?q=report">report</a>`}},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			text := checkPage(t, ask(h, "GET", path))
			for _, want := range append(tt.want, `<link rel="canonical" href="https://wire.example`+path+`">`) {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in\n%s", want, text[strings.Index(text, "</style>"):])
				}
			}
			var all []string
			for next := path; next != ""; {
				var keys []string
				if keys, next = follow(t, h, next); len(keys) == 0 && tt.entries > 0 || next != "" && len(keys) != pageEntries {
					t.Fatalf("a page has %d entries", len(keys))
				}
				all = append(all, keys...)
			}
			var feed struct{ Items []struct{ Title string } }
			err := json.Unmarshal([]byte(body(t, ask(h, "GET", path+"/feed.json"))), &feed)
			if n := len(feed.Items); err != nil || n != min(tt.entries, 100) && path != "/topics/reports" { // its query bounds that
				t.Errorf("the feed has %d entries, %v", n, err)
			}
			slices.Sort(all)
			if n := len(slices.Compact(slices.Clone(all))); n != tt.entries || n != len(all) {
				t.Errorf("%d entries, %d different, want %d", len(all), n, tt.entries)
			}
		})
	}
}

// TestPartsThatAreNot: what the wire does not have has no page, and another spelling of a place leads to its page.
func TestPartsThatAreNot(t *testing.T) {
	t.Parallel()
	h := searched(t, parted(t), partsOptions)
	for path, want := range map[string]string{
		"/sources/none": "404", "/topics/none": "404", "/languages/xx": "404", "/languages/EN": "404", "/languages/fr": "404",
		"/agencies/none": "404", "/places/atlantis": "404", "/sources/": "404", "/places/a/b": "404", "/sources/belta?before=9999": "404",
		"/sources/belta?before=x": "404", "/places/МИНСК": "308 minsk", "/places/Moscow": "308 moscow", "/agencies/mfa-russia": "200",
		"/agencies/none/feed.atom": "404", "/places/atlantis/feed.rss": "404", "/places/МИНСК/feed.rss": "308 ../minsk/feed.rss",
	} {
		got := ask(h, "GET", path)
		if s := strings.TrimSpace(fmt.Sprint(got.StatusCode, " ", got.Header.Get("Location"))); s != want {
			t.Errorf("%s: %s, want %s", path, s, want)
		}
	}
}

// TestWhatLeftAPart: the page of a source does not show an entry whose item of that source was split off, though its record has the tag,
// and neither does the page of a place one that is not filed from there any more.
func TestWhatLeftAPart(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 0)
	h := served(t, w)
	if keys, _ := follow(t, h, "/sources/tass"); len(keys) != 1 {
		t.Fatalf("%d entries, want 1", len(keys))
	}
	e := w.entry(w.log()[0].Entry)
	e.Items = e.Items[:1]
	w.putEntry(e)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	it := w.item(e.Key)
	it.Credits.Dateline = &news.Dateline{Place: "Minsk", Month: 5, Day: 17}
	w.put(it)
	for path, want := range map[string]int{"/sources/tass": 0, "/agencies/tass": 0, "/sources/belta": 1, "/": 1, "/places/moscow": 0} {
		if keys, _ := follow(t, h, path); len(keys) != want {
			t.Errorf("%s: %d entries, want %d", path, len(keys), want)
		}
	}
}

package parse

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// Floors of the rss-parser corpus: facts met, by kind.
var rssParserFloors = map[string]int{
	"title": 1189, "link": 1138, "id": 1182, "date": 1181, "creator": 209, "content": 983, "enclosure": 770,
	"feed title": 26, "feed link": 26,
}

// rssParserMisses are the facts that we do not meet, by file and kind, each with its reason.
var rssParserMisses = map[string]string{
	"feedburner link":        `rss-parser keeps the redirect of feedproxy; feedburner:origLink is where it leads`,
	"many-links link":        `rss-parser keeps the redirect of feedproxy; feedburner:origLink is where it leads`,
	"gulp-atom link":         `rss-parser leaves a relative link relative; it is resolved on the feed's own`,
	"reddit-home content":    `rss-parser moves the text of XHTML out of its elements`,
	"uolNoticias title":      `the file is in windows-1252 and says UTF-8; rss-parser loses its letters`,
	"uolNoticias content":    `the file is in windows-1252 and says UTF-8; rss-parser loses its letters`,
	"xml2js-options content": `the test that the file is from makes its parser say EMPTY for an empty element`,
	"reddit-atom content":    `rss-parser moves the text of XHTML out of its elements`,
}

type rssParserFeed struct {
	Feed struct {
		Title    any
		Link     string
		Language string
		Items    []struct {
			Title, Link, ID, IsoDate, Content, Summary string
			GUID                                       any
			Creator                                    any
			About                                      string `json:"rdf:about"`
			Encoded                                    string `json:"content:encoded"`
			Enclosure                                  struct{ URL string }
		}
	}
}

func TestRSSParser(t *testing.T) {
	met, all := map[string]int{}, map[string]int{}
	for _, file := range feedtest.Glob(t, "corpora/rss-parser/output/*.json") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want rssParserFeed
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		inputs := feedtest.Glob(t, "corpora/rss-parser/input/"+name+".*")
		body, err := os.ReadFile(inputs[0])
		if err != nil {
			t.Fatal(err)
		}
		d, err := Feed(t.Context(), body, Options{Zone: time.UTC})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rssParserCompare(d, &want, func(kind, got, wanted string, same bool) {
			all[kind]++
			_, miss := rssParserMisses[name+" "+kind]
			switch {
			case same:
				met[kind]++
			case !miss:
				t.Errorf("%s %s:\n got %q\nwant %q", name, kind, got, wanted)
			}
		})
	}
	for name, reason := range rssParserMisses {
		t.Logf("missed: %s: %s", name, reason)
	}
	for kind := range rssParserFloors {
		t.Logf("%s: %d of %d facts met", kind, met[kind], all[kind])
		if met[kind] < rssParserFloors[kind] {
			t.Errorf("%s: %d facts met, the floor is %d", kind, met[kind], rssParserFloors[kind])
		}
	}
}

func rssParserCompare(d *Document, want *rssParserFeed, check func(kind, got, want string, same bool)) {
	w := want.Feed
	if s, ok := w.Title.(string); ok {
		check("feed title", d.Feed.Title, s, d.Feed.Title == title(s))
	}
	if w.Link != "" {
		check("feed link", d.Feed.Site, w.Link, d.Feed.Site == strings.TrimSpace(w.Link))
	}
	if len(d.Items) != len(w.Items) {
		check("count", "", "", false)
		return
	}
	for i, w := range w.Items {
		it := &d.Items[i]
		check("title", it.Title, w.Title, it.Title == title(w.Title))
		if w.Link != "" {
			check("link", it.URL, w.Link, it.URL == strings.TrimSpace(w.Link))
		}
		guid, _ := w.GUID.(string)
		if id := cmp.Or(guid, w.ID, w.About); id != "" {
			check("id", it.GUID, id, it.GUID == strings.TrimSpace(id))
		}
		if at, err := time.Parse(time.RFC3339, w.IsoDate); err == nil {
			at = at.Truncate(time.Second)
			check("date", it.PublishedRaw, w.IsoDate, it.Published.Truncate(time.Second).Equal(at) || it.Updated.Truncate(time.Second).Equal(at))
		}
		if s, ok := w.Creator.(string); ok && strings.TrimSpace(s) != "" {
			p := person(s)
			check("creator", names0(it.Authors), s, slices.ContainsFunc(it.Authors,
				func(q news.Person) bool { return q.Name == p.Name && (q.Email == p.Email || p.Email == "") }))
		}
		if w.Encoded != "" {
			check("content", it.Content, w.Encoded, sameHTML(it.Content, w.Encoded))
		} else if w.Content != "" {
			check("content", it.Content+it.Summary, w.Content, sameText(it.Content, w.Content) || sameText(it.Summary, w.Content))
		}
		if w.Enclosure.URL != "" {
			check("enclosure", "", w.Enclosure.URL, slices.ContainsFunc(it.Media, func(m news.Media) bool { return m.URL == w.Enclosure.URL }))
		}
	}
}

// sameText compares two texts that may be HTML: rss-parser decodes and trims in its own way.
func sameText(got, want string) bool {
	return sameHTML(got, want) || Plain(got) == Plain(want)
}

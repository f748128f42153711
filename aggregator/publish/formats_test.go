package publish

import (
	"cmp"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// documents renders everything that h serves of a wire but HTML, by path.
func documents(t *testing.T, h *Handler, paths []string) map[string]*Document {
	t.Helper()
	all := make(map[string]*Document)
	for _, path := range paths {
		doc, err := h.Document(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[path] = doc
		if dir := os.Getenv("DATELINE_JUDGE"); dir != "" { // to look at, or to have judged by a validator
			name := strings.ReplaceAll(t.Name()+path, "/", "_")
			if err := os.WriteFile(filepath.Join(dir, name), doc.Bytes, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// feedPaths are those of every list of entries of the wires below, without the format.
var feedPaths = []string{"/feed", "/sources/belta/feed", "/sources/tass/feed", "/topics/russia/feed", "/languages/en/feed", "/search"}

// visible is what a reader shows of an entry.
type visible struct {
	ID, Link, Title    string
	Published, Updated string
	Authors            []string
}

func readBack(t *testing.T, doc *Document) []visible {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(string(doc.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	var all []visible
	for _, it := range f.Items {
		one := visible{ID: it.GUID, Link: it.Link, Title: it.Title}
		if it.PublishedParsed != nil && it.Published != it.Updated { // gofeed takes one for the other where it is missing in Atom
			one.Published = it.PublishedParsed.UTC().Format(time.RFC3339)
		}
		if it.UpdatedParsed != nil {
			one.Updated = it.UpdatedParsed.UTC().Format(time.RFC3339Nano)
		} else if up := it.Extensions["atom"]["updated"]; len(up) == 1 {
			one.Updated = up[0].Value
		}
		for _, who := range it.Authors {
			if who.Name != "" && !strings.Contains(who.Name, "(") { // gofeed takes brackets after a name for mail
				one.Authors = append(one.Authors, who.Name)
			}
		}
		if it.DublinCoreExt != nil && len(it.DublinCoreExt.Creator) > 1 { // gofeed keeps the first alone
			one.Authors = it.DublinCoreExt.Creator // as written
		}
		all = append(all, one)
	}
	return all
}

// searching makes every search find all that was published.
func searching(o Options) Options {
	o.Find = func(r Reader, query string) (keys []news.Key, err error) {
		for rec, err := range r.Records(0) {
			if err != nil {
				return nil, err
			}
			if !slices.Contains(keys, rec.Entry) {
				keys = append(keys, rec.Entry)
			}
		}
		return keys, nil
	}
	return o
}

// TestEveryFormatTellsTheSame reads Atom, RSS and JSON back with a reader's parser.
func TestEveryFormatTellsTheSame(t *testing.T) {
	for name, w := range map[string]*world{"ordinary": ordinary(t, 20), "hostile": hostile(t)} {
		t.Run(name, func(t *testing.T) {
			person := press()
			person.GUID, person.Credits.Byline = "two authors",
				[]news.Credit{{Role: news.Byline, Name: "Jane Roe"}, {Role: news.Byline, Name: "John Doe"}}
			w.publish(person)
			gone := w.publish(dated("gone", day))
			gone.State = news.Withdrawn
			w.change(gone, news.RecordWithdrawn, day.Add(time.Hour))
			h := New(searching(options())).Handler(w.view)
			if err := h.Refresh(); err != nil {
				t.Fatal(err)
			}
			for _, path := range feedPaths {
				query := ""
				if path == "/search" {
					query = "?q=a"
				}
				docs := documents(t, h, []string{path + ".atom" + query, path + ".rss" + query, path + ".json" + query})
				atom, rss, json := docs[path+".atom"+query], docs[path+".rss"+query], docs[path+".json"+query]
				check(t, string(atom.Bytes), atom.Entries)
				want := readBack(t, atom)
				if len(want) == 0 || len(want) != atom.Entries {
					t.Fatalf("%s: %d entries read, %d written", path, len(want), atom.Entries)
				}
				for i, e := range parse(t, string(atom.Bytes)).Entries { // gofeed gives a title of type html as it is written
					if e.Title[0].Type == "html" {
						want[i].Title = html.UnescapeString(want[i].Title)
					}
				}
				if diff := gocmp.Diff(want, readBack(t, json)); diff != "" {
					t.Errorf("%s: JSON (-atom +json):\n%s", path, diff)
				}
				for i := range want { // what still looks like markup is stripped in RSS, which has no way to say that it is none
					want[i].Title = view.Plain(want[i].Title)
				}
				if diff := gocmp.Diff(want, readBack(t, rss)); diff != "" {
					t.Errorf("%s: RSS (-atom +rss):\n%s", path, diff)
				}
			}
		})
	}
}

// TestJSONFeed holds documents against version 1.1 of its specification, member by member.
func TestJSONFeed(t *testing.T) {
	for name, w := range map[string]*world{"empty": newWorld(t), "ordinary": ordinary(t, 120), "hostile": hostile(t)} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Hub = "https://wire.example/hub"
			h := New(o).Handler(w.view)
			if err := h.Refresh(); err != nil {
				t.Fatal(err)
			}
			doc := documents(t, h, []string{"/feed.json"})["/feed.json"]
			var feed any
			if err := json.Unmarshal(doc.Bytes, &feed); err != nil {
				t.Fatal(err)
			}
			jsonFeedSchema.check(t, "feed", feed)
		})
	}
}

// shape is a small schema: which members an object has, of what kind, and which of them it must have.
type shape struct {
	must    []string
	members map[string]any // kind of a member: "string", "url", "date", "number", a shape, or a list of one of them
	either  []string       // at least one of these
}

var (
	author = shape{members: map[string]any{"name": "string", "url": "url", "avatar": "url"}, either: []string{"name", "url", "avatar"}}

	jsonFeedSchema = shape{
		must: []string{"version", "title", "items"},
		members: map[string]any{
			"version": "string", "title": "string", "home_page_url": "url", "feed_url": "url", "icon": "url", "favicon": "url",
			"description": "string", "next_url": "url",
			"language": "string", "hubs": []any{shape{must: []string{"type", "url"}, members: map[string]any{"type": "string", "url": "url"}}},
			"authors": []any{author}, "items": []any{shape{
				must: []string{"id"}, either: []string{"content_html", "content_text"},
				members: map[string]any{
					"id": "string", "url": "url", "title": "string", "content_html": "string", "content_text": "string", "summary": "string",
					"image": "url", "date_published": "date", "date_modified": "date", "authors": []any{author}, "tags": []any{"string"},
					"language": "string", "attachments": []any{shape{must: []string{"url", "mime_type"}, members: map[string]any{
						"url": "url", "mime_type": "string", "title": "string", "size_in_bytes": "number",
					}}},
				},
			}},
		},
	}
)

func (s shape) check(t *testing.T, at string, v any) {
	t.Helper()
	object, ok := v.(map[string]any)
	if !ok {
		t.Errorf("%s is %T, want an object", at, v)
		return
	}
	for _, name := range s.must {
		if object[name] == nil {
			t.Errorf("%s has no %s", at, name)
		}
	}
	if len(s.either) > 0 && !slices.ContainsFunc(s.either, func(name string) bool { return object[name] != nil }) {
		t.Errorf("%s has none of %v", at, s.either)
	}
	for name, member := range object {
		if extension := len(name) > 1 && name[0] == '_' && !strings.Contains(name, "."); extension {
			continue
		}
		kind, known := s.members[name]
		if !known {
			t.Errorf("%s has a member %s", at, name)
			continue
		}
		checkKind(t, at+"."+name, kind, member)
	}
}

func checkKind(t *testing.T, at string, kind, v any) {
	t.Helper()
	switch kind := kind.(type) {
	case shape:
		kind.check(t, at, v)
	case []any:
		list, ok := v.([]any)
		if !ok {
			t.Errorf("%s is %T, want a list", at, v)
		}
		for _, one := range list {
			checkKind(t, at, kind[0], one)
		}
	case string:
		s, isString := v.(string)
		_, isNumber := v.(float64)
		_, err := time.Parse(time.RFC3339, s)
		switch {
		case kind == "number" && isNumber, kind == "string" && isString, kind == "url" && isString && uriForm.MatchString(s), kind == "date" &&
			err == nil:
		default:
			t.Errorf("%s is no %s: %v", at, kind, v)
		}
	}
}

// TestGrantsApplyEverywhere marks each part of a text, and looks for the marks in every byte that is served.
func TestGrantsApplyEverywhere(t *testing.T) {
	for grant, hidden := range map[news.Content][]string{
		news.Headline: {"MARKSUMMARY", "MARKCONTENT", "MARKCAPTION", "MARKLEAD"},
		news.Summary:  {"MARKCONTENT"},
		news.Full:     {},
	} {
		t.Run(cmp.Or(string(grant), "none"), func(t *testing.T) {
			o := searching(options())
			o.IPTC = true
			o.Sources = slices.Clone(o.Sources)
			for i := range o.Sources {
				o.Sources[i].Content = grant
			}
			w := newWorld(t)
			it := press()
			it.Title, it.Summary = "Title MARKTITLE", "<p>MARKSUMMARY</p>"
			it.Content = "<p>MARKSUMMARY</p>" + strings.Repeat("<p>filler words to be cut</p>", 20) + "<p>MARKCONTENT</p>"
			it.Lead = "MARKSUMMARY"
			if grant == news.Headline {
				it.Lead = "MARKLEAD"
			}
			it.Media[0].Description, it.Credits.Photos[0].Caption = "MARKCAPTION", "MARKCAPTION"
			it.Credits.Cited = []news.Credit{{Role: news.Cited, Name: "Interfax", Evidence: news.Evidence{Field: "text", Words: "MARKCONTENT"}}}
			carrier := it
			carrier.Source, carrier.GUID, carrier.Key = "tass", "t", news.Key{}
			e := w.publish(it, carrier)
			var others []news.Item
			for i := range 120 {
				others = append(others, dated(string(rune('a'+i%26))+strings.Repeat("x", i), day))
			}
			w.publishEach(others...)
			w.change(e, news.RecordUpdated, day.Add(time.Hour))
			h := New(o).Handler(w.view)
			if err := h.Refresh(); err != nil {
				t.Fatal(err)
			}
			paths := []string{"/", "/entries/" + e.Key.String(), "/archive/0.atom", "/archive/0.json"}
			for _, path := range feedPaths[:5] {
				paths = append(paths, path+".atom", path+".rss", path+".json")
			}
			paths = append(paths, "/search.atom?q=a", "/search.rss?q=a", "/search.json?q=a")
			for path, doc := range documents(t, h, paths) {
				text := string(doc.Bytes)
				if !strings.Contains(text, "MARKTITLE") {
					t.Errorf("%s: the title is not there", path)
				}
				for _, mark := range hidden {
					if strings.Contains(text, mark) {
						t.Errorf("%s holds %s", path, mark)
					}
				}
				if path != "/" && !strings.HasPrefix(path, "/entries/") && grant == news.Full && !strings.Contains(text, "MARKCONTENT") {
					t.Errorf("%s lacks the content, which is granted", path)
				}
			}
		})
	}
}

func TestHeldStandsInItsSourcesFeedAlone(t *testing.T) {
	w := ordinary(t, 2)
	for _, title := range []string{"held 1", "held 2", "held 3"} {
		w.putHeld(dated(title, day))
	}
	o := options()
	o.Entries = 2
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	docs := documents(t, h, []string{"/feed.atom", "/languages/en/feed.atom", "/sources/belta/feed.atom", "/sources/mid/feed.atom"})
	for path, doc := range docs {
		want := 0
		if path == "/sources/mid/feed.atom" {
			want = 2 // as many as there are entries in a feed
		}
		if got := strings.Count(string(doc.Bytes), "<title>held "); got != want {
			t.Errorf("%s holds %d held entries, want %d", path, got, want)
		}
	}
	check(t, string(docs["/sources/mid/feed.atom"].Bytes), 2)
}

func TestHeldAndTakenBackIsInNoDocument(t *testing.T) {
	w := ordinary(t, 2)
	e := w.putHeld(dated("held", day))
	h := New(options()).Handler(w.view)
	shows := func() bool {
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		path := "/sources/mid/feed.atom"
		return strings.Contains(string(documents(t, h, []string{path})[path].Bytes), "<title>held")
	}
	if !shows() {
		t.Fatal("what is held is not in its source's feed")
	}
	it := w.item(e.Key)
	it.Withdrawn = true
	it.Revision++
	w.put(it)
	if shows() {
		t.Error("what its source took back is in its feed")
	}
}

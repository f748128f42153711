package dedup

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

func item(guid, link, title string) news.Item {
	return news.Item{GUID: guid, URL: link, Title: title, Published: eight, PublishedRaw: "Tue, 24 Nov 2026 08:00:00 GMT"}
}

type visit struct {
	src   string
	items []news.Item
	want  string
}

func TestDecide(t *testing.T) {
	const a, b = "https://a.example/1", "https://a.example/2"
	for _, c := range []struct {
		fact   string
		visits []visit
	}{
		{"the same again is nothing", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("1", a, "One")}, "same"}}},
		{"another title is a revision", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("1", a, "One, corrected")}, "revision"}}},
		{"a guid that moved to https is the same", []visit{
			{"s", []news.Item{item("http://a.example/1", "", "One")}, "new"},
			{"s", []news.Item{item("https://a.example/1", "", "One")}, "same"}}},
		{"a new guid under the same address is an alias", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("one", a, "One, corrected")}, "alias"},
			{"s", []news.Item{item("1", a, "One, corrected")}, "same"},
			{"s", []news.Item{item("one", a, "One, corrected")}, "same"}}},
		{"a new guid and address under the same title and minute is an alias", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("one", b, "One")}, "alias"}}},
		{"two items of one document with one title and minute are two", []visit{
			{"s", []news.Item{item("1", a, "One"), item("2", b, "One")}, "new new"},
			{"s", []news.Item{item("1", a, "One"), item("2", b, "One"), item("3", b+"3", "One")}, "same same new"}}},
		{"an item that stands there is nobody's former self", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("2", b, "One"), item("1", a, "One")}, "new same"}}},
		{"a link that two items share is no key", []visit{
			{"s", []news.Item{item("1", a, "One"), item("2", a, "Two")}, "new new"},
			{"s", []news.Item{item("3", a, "Three")}, "new"}}},
		{"a link without a path is no key", []visit{
			{"s", []news.Item{item("1", "https://a.example/", "One")}, "new"},
			{"s", []news.Item{item("2", "https://a.example/", "Two")}, "new"},
			{"t", []news.Item{item("9", "https://a.example", "Two")}, "new"}}},
		{"a guid that occurs twice is no identity", []visit{
			{"s", []news.Item{item("x", a, "One"), item("x", b, "Two")}, "new new"},
			{"s", []news.Item{item("x", b, "Two"), item("x", a, "One")}, "same same"}}},
		{"a guid and a link that stand twice leave the title", []visit{
			{"s", []news.Item{item("x", a, "One"), item("x", a, "Two")}, "new new"},
			{"s", []news.Item{item("x", a, "Two"), item("x", a, "One")}, "same same"}}},
		{"one of two under a shared guid is left", []visit{
			{"s", []news.Item{item("x", a, "One"), item("x", b, "Two")}, "new new"},
			{"s", []news.Item{item("x", b, "Two")}, "alias"},
			{"s", []news.Item{item("x", b, "Two")}, "same"}}},
		{"a guid comes to be shared", []visit{
			{"s", []news.Item{item("x", a, "One")}, "new"},
			{"s", []news.Item{item("x", a, "One"), item("x", b, "Two")}, "alias new"},
			{"s", []news.Item{item("x", a, "One"), item("x", b, "Two")}, "same same"}}},
		{"what nothing tells apart is one", []visit{
			{"s", []news.Item{item("x", a, "One"), item("x", a, "One")}, "new twin"},
			{"s", []news.Item{item("x", a, "One"), item("x", a, "One")}, "same twin"}}},
		{"a known item that is shown twice is one", []visit{
			{"s", []news.Item{item("x", a, "One")}, "new"},
			{"s", []news.Item{item("x", a, "One"), item("x", a, "One")}, "same twin"}}},
		{"a known item that is edited and shown twice is one", []visit{
			{"s", []news.Item{item("x", a, "One")}, "new"},
			{"s", []news.Item{item("x", a, "One, corrected"), item("x", a, "One, corrected")}, "revision twin"},
			{"s", []news.Item{item("x", a, "One, corrected")}, "same"}}},
		{"an item without a guid that is shown twice keeps its address", []visit{
			{"s", []news.Item{item("", a, "One")}, "new"},
			{"s", []news.Item{item("", a, "One, corrected"), item("", a, "One, corrected")}, "revision twin"}}},
		{"an item that is shown twice shares no guid", []visit{
			{"s", []news.Item{item("x", a, "One"), item("x", a, "One"), item("y", b, "Two")}, "new twin new"},
			{"s", []news.Item{item("x", b+"3", "Three")}, "revision"}}},
		{"of two that came to share a guid each keeps its own", []visit{
			{"s", []news.Item{item("x", a, "One")}, "new"},
			{"s", []news.Item{item("x", a, "One"), item("x", b, "Two")}, "alias new"},
			{"s", []news.Item{item("x", b, "Two")}, "same"}}},
		{"a former guid that comes back beside the item is another item's", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("one", a, "One")}, "alias"},
			{"s", []news.Item{item("one", a, "One"), item("1", b, "Two")}, "same new"},
			{"s", []news.Item{item("1", b, "Two, corrected"), item("one", a, "One")}, "revision same"}}},
		{"without a guid the address is the identity", []visit{
			{"s", []news.Item{item("", a, "One")}, "new"},
			{"s", []news.Item{item("", a+"?utm_source=rss#top", "One, corrected")}, "revision"}}},
		{"without guid and address title and date are", []visit{
			{"s", []news.Item{item("", "", "One"), item("", "", "Two")}, "new new"},
			{"s", []news.Item{item("", "", "Two"), item("", "", "One")}, "same same"}}},
		{"without anything else the text is", []visit{
			{"s", []news.Item{{Summary: "First text"}, {Summary: "Second text"}}, "new new"},
			{"s", []news.Item{{Summary: "Second text"}, {Summary: "Third text"}}, "same new"}}},
		{"another source's copy under the same address joins", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"t", []news.Item{item("9", "http://www.a.example/1/?utm_medium=x", "One")}, "join:L3"},
			{"t", []news.Item{item("9", "http://www.a.example/1/", "One")}, "same"}}},
		{"a page under which a source had several items joins nothing", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"s", []news.Item{item("1", b, "One")}, "same"},
			{"s", []news.Item{item("2", a, "Two")}, "alias"}}},
		{"equal guids of two sources are two items", []visit{
			{"s", []news.Item{item("1", a, "One")}, "new"},
			{"t", []news.Item{item("1", b, "One")}, "new"}}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := newStored(t)
			for i, v := range c.visits {
				if got := strings.Join(s.take(v.src, v.items...), " "); got != v.want {
					t.Errorf("visit %d: %s, want %s", i, got, v.want)
				}
			}
		})
	}
}

func TestSameKeysInAnyOrder(t *testing.T) {
	doc := []news.Item{item("x", "https://a.example/1", "One"), item("x", "https://a.example/2", "Two"), item("3", "", "Three"),
		item("", "https://a.example/4", "Four"), item("", "", "Five"), item("6", "https://a.example/4/6", "Six")}
	r, s := feedtest.Rand(t), newStored(t)
	keys := func(items []news.Item) (out []string) {
		s.view(func(v store.View) error {
			all, err := Read("s", items).Decide(v, nil, true)
			for _, d := range all {
				out = append(out, d.Key.String())
			}
			return err
		})
		slices.Sort(out)
		return out
	}
	want := keys(doc)
	for range 50 {
		r.Shuffle(len(doc), func(i, j int) { doc[i], doc[j] = doc[j], doc[i] })
		if d := cmp.Diff(want, keys(doc)); d != "" {
			t.Fatal(d)
		}
	}
}

func TestSignificant(t *testing.T) {
	was := news.Item{Title: "Talks held in Minsk", Lead: "The talks lasted 2 hours."}
	for _, c := range []struct {
		fact        string
		title, lead string
		want        bool
	}{
		{"nothing", was.Title, was.Lead, false},
		{"case and punctuation", "TALKS HELD IN MINSK!", "The talks – lasted 2 hours", false},
		{"a word of the title", "Talks end in Minsk", was.Lead, true},
		{"a figure of the lead", was.Title, "The talks lasted 3 hours.", true},
		{"a negation", was.Title, "The talks not lasted 2 hours.", true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := Significant(was, news.Item{Title: c.title, Lead: c.lead}); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.Example.com:443/a/b/?utm_source=x&id=7#top": "//example.com/a/b?id=7",
		"http://m.example.com/A":                                 "//example.com/A",
		"https://example.com/story/amp":                          "//example.com/story",
		"https://example.com:8080/a":                             "//example.com:8080/a",
		"https://dorinfo.example/star.php?ELEMENT_ID=83075":      "//dorinfo.example/star.php?ELEMENT_ID=83075",
		"https://example.com/?b=2&a=1":                           "//example.com?a=1&b=2",
		"https://example.com/":                                   "",
		"https://example.com":                                    "",
		"https://example.com/?utm_source=x":                      "",
		"mailto:a@example.com":                                   "",
		"/relative":                                              "",
		"":                                                       "",
	} {
		if got := Canonical(in); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("https://www.Example.com/a/b/?utm_source=x&id=7#top")
	f.Add("https://m.amp.www.example.com//amp/amp/")
	f.Fuzz(func(t *testing.T, in string) {
		once := Canonical(in)
		if once == "" {
			return
		}
		if twice := Canonical("http:" + once); twice != once {
			t.Errorf("Canonical(%q) = %q, again %q", in, once, twice)
		}
	})
}

func TestUntracked(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/1":                            "https://a.example/1",
		"https://a.example/1?utm_source=rss":             "https://a.example/1",
		"https://A.example/1?b=2&utm_medium=x&a=1#there": "https://A.example/1?b=2&a=1#there",
		"https://a.example/1?traffic_source=rss&q=%D0":   "https://a.example/1?q=%D0",
	} {
		if got := Untracked(in); got != want {
			t.Errorf("Untracked(%q) = %q, want %q", in, got, want)
		}
	}
}

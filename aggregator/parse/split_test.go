package parse

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// What is read of an item does not depend on which other items are known.
func TestKnown(t *testing.T) {
	eachCorpus(t, func(t *testing.T, docs []corpusFile) {
		items := 0
		for _, f := range docs {
			items += sameInParts(t, f.name, f.body)
		}
		t.Logf("%d items of %d files read in parts", items, len(docs))
		if items < len(docs) {
			t.Errorf("%d items only", items)
		}
	})
}

// sameInParts reads body whole and in three parts, and returns how many items it has.
func sameInParts(t *testing.T, name string, body []byte) int {
	t.Helper()
	o := Options{Document: "https://agency.example/dir/feed.xml", Zone: time.UTC}
	whole, err := Feed(t.Context(), body, o)
	if err != nil {
		return 0
	}
	index := map[uint64]int{}
	for i, it := range whole.Items {
		if it.Sum == 0 || it.Hash == 0 {
			t.Errorf("%s: item %d has sum %d and hash %d", name, i, it.Sum, it.Hash)
		}
		if first, twice := index[it.Sum]; twice {
			if diff := cmp.Diff(whole.Items[first], it); diff != "" {
				t.Errorf("%s: same sum, another reading: %s", name, diff)
			}
			continue
		}
		index[it.Sum] = i
	}
	for part := range 3 {
		o.Known = func(sum uint64) bool { return index[sum]%3 != part }
		d, err := Feed(t.Context(), body, o)
		if err != nil || len(d.Items) != len(whole.Items) {
			t.Errorf("%s: %v", name, err)
			return 0
		}
		for i, it := range d.Items {
			want := whole.Items[i]
			if o.Known(want.Sum) {
				want = news.Item{Sum: want.Sum}
			}
			if diff := cmp.Diff(want, it); diff != "" {
				t.Errorf("%s: item %d, -whole +in parts: %s", name, i, diff)
			}
		}
		d.Items, d.Partial = nil, whole.Partial
		head := *whole
		head.Items = nil
		if diff := cmp.Diff(&head, d); diff != "" {
			t.Errorf("%s: head, -whole +in parts: %s", name, diff)
		}
	}
	return len(whole.Items)
}

func TestSum(t *testing.T) {
	doc := func(head, tag string) string {
		return `<rss version="2.0"><channel` + tag + `>` + head +
			`<item><guid>1</guid><link>/a</link></item><item><guid>2</guid></item></channel></rss>`
	}
	read := func(body string, o Options) []news.Item {
		d, err := Feed(t.Context(), []byte(body), o)
		if err != nil {
			t.Fatal(err)
		}
		return d.Items
	}
	base := read(doc("<link>https://a.example/</link><lastBuildDate>1</lastBuildDate>", ""), Options{})
	for _, c := range []struct {
		name string
		body string
		o    Options
		same bool
	}{
		{"a new date of the document", doc("<link>https://a.example/</link><lastBuildDate>2</lastBuildDate>", ""), Options{}, true},
		{"a new title of the feed", doc("<link>https://a.example/</link><title>T</title>", ""), Options{}, true},
		{"another site, on which links are resolved", doc("<link>https://b.example/</link>", ""), Options{}, false},
		{"another language around", doc("<link>https://a.example/</link>", ` xml:lang="en"`), Options{}, false},
		{"another namespace around", doc("<link>https://a.example/</link>", ` xmlns:x="y"`), Options{}, false},
		{"another document", doc("<link>https://a.example/</link>", ""), Options{Document: "https://c.example/"}, false},
		{"another zone", doc("<link>https://a.example/</link>", ""), Options{Zone: time.FixedZone("MSK", 3*3600)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(c.body, c.o)
			if (got[0].Sum == base[0].Sum) != c.same || (got[1].Sum == base[1].Sum) != c.same {
				t.Errorf("sums %d %d, before %d %d", got[0].Sum, got[1].Sum, base[0].Sum, base[1].Sum)
			}
		})
	}
	if base[0].Sum == base[1].Sum {
		t.Error("two items have the same sum")
	}
}

func TestHash(t *testing.T) {
	hash := func(item string) uint64 {
		d, err := Feed(t.Context(), []byte(`<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item>`+item+
			`</item></channel></rss>`), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return d.Items[0].Hash
	}
	plain := `<guid>1</guid><title>T</title><pubDate>Sun, 17 May 2026 12:30:00 +0300</pubDate>`
	for _, c := range []struct {
		name, item string
		same       bool
	}{
		{"white space and order", "\n<title> T</title>\n<guid>1</guid><pubDate>Sun, 17 May 2026 12:30:00 +0300</pubDate>", true},
		{"an element that is not read", plain + "<slash:comments>7</slash:comments>", true},
		{"a title", strings.Replace(plain, "T", "U", 1), false},
		{"a date as written", strings.Replace(plain, "+0300", "MSK", 1), false},
		{"a summary", plain + "<description>d</description>", false},
		{"a link", plain + "<link>https://a.example/</link>", false},
		{"an author", plain + "<author>a</author>", false},
		{"a category", plain + "<category>c</category>", false},
		{"a credit", plain + "<media:credit>c</media:credit>", false},
		{"rights", plain + "<copyright>c</copyright>", false},
		{"a source", plain + `<source url="https://a.example/">A</source>`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := hash(c.item) == hash(plain); got != c.same {
				t.Errorf("same hash: %v, want %v", got, c.same)
			}
		})
	}
}

func TestChannels(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"two channels", "<rss><channel><item><title>a</title></item></channel><channel><item><title>b</title></item></channel></rss>", "a b"},
		{"an empty one among them", "<rss><channel/><channel><item><title>a</title></item></channel><item><title>b</title></item></rss>", "a b"},
		{"items around channels", "<rss><item><title>a</title></item><channel><item><title>b</title></item></channel>" +
			"<item><title>c</title></item><channel><item><title>d</title></item></channel><item><title>e</title></item></rss>", "a b c d e"},
		{"items without a channel", "<rss><item><title>a</title></item></rss>", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.body), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, it := range d.Items {
				titles = append(titles, it.Title)
			}
			if got := strings.Join(titles, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			sameInParts(t, c.name, []byte(c.body))
		})
	}
}

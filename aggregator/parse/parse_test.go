package parse

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// read reads an RSS document with the given channel and returns it.
func read(t *testing.T, channel string, o Options) *Document {
	t.Helper()
	d, err := Feed(t.Context(), []byte(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><channel>`+channel+`</channel></rss>`), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPace(t *testing.T) {
	d := read(t, `<ttl> 90 </ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>25</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day><day>saturday</day><day>Sunday</day><day>Someday</day></skipDays>`, Options{})
	if d.TTL != 90*time.Minute {
		t.Errorf("ttl %v", d.TTL)
	}
	if want := []int{0, 7}; !reflect.DeepEqual(d.SkipHours, want) {
		t.Errorf("hours %v, want %v", d.SkipHours, want)
	}
	if want := []time.Weekday{time.Sunday, time.Saturday}; !reflect.DeepEqual(d.SkipDays, want) {
		t.Errorf("days %v, want %v", d.SkipDays, want)
	}
	for _, ttl := range []string{"-5", "x", "99999999999"} {
		if d := read(t, "<ttl>"+ttl+"</ttl>", Options{}); d.TTL != 0 {
			t.Errorf("ttl %s is %v", ttl, d.TTL)
		}
	}
}

func TestItemLink(t *testing.T) {
	o := Options{Document: "https://agency.example/rss"}
	for _, c := range []struct{ name, item, want string }{
		{"the link", `<link>https://a.example/1</link><guid>https://a.example/2</guid>`, "https://a.example/1"},
		{"the first link that leads anywhere", `<link>javascript:x</link><link>https://a.example/1</link>`, "https://a.example/1"},
		{"a permanent guid", `<guid>https://a.example/1</guid>`, "https://a.example/1"},
		{"a guid that is no link", `<guid isPermaLink="false">https://a.example/1</guid>`, ""},
		{"a guid that is no address", `<guid>1</guid>`, ""},
		{"an atom link", `<atom:link rel="self" href="/s"/><atom:link href="/1"/>`, "https://agency.example/1"},
		{"an atom link to a page before others", `<atom:link type="application/json" href="/j"/><atom:link type="text/html" href="/1"/>`,
			"https://agency.example/1"},
		{"pdalink", `<pdalink>/1</pdalink>`, "https://agency.example/1"},
		{"a link in an attribute", `<link href="https://a.example/1"/>`, "https://a.example/1"},
		{"xml:base", `<link xml:base="https://b.example/x/">1</link>`, "https://b.example/x/1"},
		{"xml:base upon xml:base", `<link xml:base="y/">1</link>`, "https://agency.example/y/1"},
		{"the link of a picture inside", `<image><link>https://a.example/p</link></image>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := read(t, "<item>"+c.item+"</item>", o).Items[0].URL; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDatesOfItem(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, item         string
		published, updated time.Time
		raw                string
	}{
		{"pubDate", `<pubDate>Sun, 17 May 2026 00:00:00 GMT</pubDate>`, at(17), time.Time{}, "Sun, 17 May 2026 00:00:00 GMT"},
		{"dcterms", `<dcterms:issued>2026-05-17T00:00:00Z</dcterms:issued><dcterms:modified>2026-05-18T00:00:00Z</dcterms:modified>`, at(17),
			at(18), "2026-05-17T00:00:00Z"},
		{"dc:date", `<dc:date>2026-05-17T00:00:00Z</dc:date>`, at(17), at(17), "2026-05-17T00:00:00Z"},
		{"what can be read before what cannot", `<pubDate>soon</pubDate><dc:date>2026-05-17T00:00:00Z</dc:date>`, at(17), at(17),
			"2026-05-17T00:00:00Z"},
		{"nothing that can be read", `<pubDate>soon</pubDate>`, time.Time{}, time.Time{}, "soon"},
		{"nothing", ``, time.Time{}, time.Time{}, ""},
		{"without an offset and without a zone", `<pubDate>17.05.2026 00:00</pubDate>`, time.Time{}, time.Time{}, "17.05.2026 00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			it := read(t, "<item>"+c.item+"</item>", Options{}).Items[0]
			if !it.Published.Equal(c.published) || !it.Updated.Equal(c.updated) || it.PublishedRaw != c.raw {
				t.Errorf("published %v (%q), updated %v", it.Published, it.PublishedRaw, it.Updated)
			}
			if len(it.Guessed) > 0 {
				t.Errorf("guessed %v", it.Guessed)
			}
		})
	}
}

func TestAuthorsOfRSS(t *testing.T) {
	d := read(t, `<managingEditor>desk@agency.example (Desk)</managingEditor>
		<item><author>ann@agency.example (Ann)</author><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><dc:contributor>Carl</dc:contributor></item>
		<item><atom:author><atom:name>Dora</atom:name><atom:uri>https://d.example/</atom:uri></atom:author></item><item/>`, Options{})
	want := [][]news.Person{{{Name: "Ann", Email: "ann@agency.example"}, {Name: "Bob"}}, {{Name: "Dora", URI: "https://d.example/"}}, nil}
	for i, it := range d.Items {
		if !reflect.DeepEqual(it.Authors, want[i]) {
			t.Errorf("item %d: authors %v, want %v", i, it.Authors, want[i])
		}
	}
	if c := d.Items[0].Contributors; len(c) != 1 || c[0].Name != "Carl" {
		t.Errorf("contributors %v", c)
	}
	if a := d.Feed.Authors; len(a) != 1 || a[0] != (news.Person{Name: "Desk", Email: "desk@agency.example"}) {
		t.Errorf("authors of the feed %v: an editor answers for the feed, and wrote no item", a)
	}
}

// A source in a feed of JSON, or in Atom, that gives a value the wrong type loses that value only.
func TestJSONOfOtherTypes(t *testing.T) {
	d, err := Feed(t.Context(), []byte(`{"version":"https://jsonfeed.org/version/1.1","title":7,"author":"Desk","items":[
		{"id":1,"title":["x"],"url":"https://a.example/1","tags":"one","authors":{"name":"Ann"},"attachments":{"url":"https://a.example/1.mp3","mime_type":3}},
		null,{"id":2,"title":true}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Items) != 2 || d.Feed.Title != "7" || d.Partial {
		t.Fatalf("%d items, title %q, partial %v", len(d.Items), d.Feed.Title, d.Partial)
	}
	one, two := d.Items[0], d.Items[1]
	if one.GUID != "1" || one.Title != "" || len(one.Categories) != 1 || one.Authors[0].Name != "Ann" || len(one.Media) != 1 {
		t.Errorf("first: %+v", one)
	}
	if two.GUID != "2" || two.Title != "true" || two.Authors[0].Name != "Desk" {
		t.Errorf("second: %+v", two)
	}
}

func TestJSONWithLineBreaksInStrings(t *testing.T) {
	d, err := Feed(t.Context(), []byte("{\"version\":\"https://jsonfeed.org/version/1.1\",\n"+
		"\"items\":[{\"id\":\"1\",\"content_text\":\"a\nb\\\"\tc\"}]}"), Options{})
	if err != nil || d.Partial || len(d.Items) != 1 || d.Items[0].Content != "a<br>\nb&#34;\tc" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestFormsOfRSS(t *testing.T) {
	for _, c := range []struct{ name, item, summary, content string }{
		{"escaped", `<description>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</description>`, "<p>a &amp; b</p>", ""},
		{"in a section", `<description><![CDATA[<p>a</p>]]></description>`, "<p>a</p>", ""},
		{"in line", `<description><p>a &lt; b<br/></p></description>`, "<p>a &lt; b<br/></p>", ""},
		{"escaped twice", `<description>&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;</description>`, "<p>a</p>", ""},
		{"both", `<description>a</description><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">b</content:encoded>`, "a",
			"b"},
		{"xhtml", `<body xmlns="http://www.w3.org/1999/xhtml"><p>a<i/></p></body>`, "", "<p>a<i></i></p>"},
		{"the first that is filled", `<description/><dc:description>a</dc:description>`, "a", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			it := read(t, "<item>"+c.item+"</item>", Options{}).Items[0]
			if it.Summary != c.summary || it.Content != c.content {
				t.Errorf("summary %q, content %q", it.Summary, it.Content)
			}
		})
	}
}

func TestFormsOfAtom(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"text", `<content>a &lt; b</content>`, "a &lt; b"},
		{"text that is HTML all the same", `<content>&lt;p&gt;a&lt;/p&gt;</content>`, "<p>a</p>"},
		{"text that says so", `<content type="text">&lt;p&gt;a&lt;/p&gt;</content>`, "&lt;p&gt;a&lt;/p&gt;"},
		{"html", `<content type="html">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</content>`, "<p>a &amp; b</p>"},
		{"html in a section", `<content type="html"><![CDATA[<p>a</p>]]></content>`, "<p>a</p>"},
		{"html escaped twice", `<content type="html">&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;</content>`, "<p>a</p>"},
		{"html escaped in a div", `<content type="html"><div xmlns="http://www.w3.org/1999/xhtml">&lt;p&gt;a&lt;/p&gt;</div></content>`,
			"<p>a</p>"},
		{"xhtml", `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt;b&gt;</p></div></content>`, "<p>a &lt;b&gt;</p>"},
		{"xhtml with a prefix", `<content type="xhtml" xmlns:h="http://www.w3.org/1999/xhtml"><h:div><h:p>a<h:br/></h:p><h:i/></h:div></content>`,
			"<p>a<br/></p><i></i>"},
		{"xhtml without a div", `<content type="xhtml"><p>a</p><p>b</p></content>`, "<p>a</p><p>b</p>"},
		{"base64", `<content type="application/octet-stream">PHA+YTwvcD4=</content>`, "<p>a</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry>`+c.content+`</entry></feed>`), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Items[0].Content; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, w := range benchWires {
		if d, err := Feed(ctx, w.body, Options{}); !errors.Is(err, context.Canceled) || d != nil {
			t.Errorf("%s: %v, %v", w.name, d, err)
		}
	}
}

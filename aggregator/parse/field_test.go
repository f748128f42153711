package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// readOne reads a document and returns its item of that number.
func readOne(t *testing.T, doc string, i int, o Options) news.Item {
	t.Helper()
	d, err := Feed(t.Context(), []byte(doc), o)
	if err != nil || len(d.Items) <= i {
		t.Fatalf("%v, %v in %s", d, err, doc)
	}
	return d.Items[i]
}

const modules = `xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
	xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:cc="http://creativecommons.org/ns#"
	xmlns:dcterms="http://purl.org/dc/terms/" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"
	xmlns:atom="http://www.w3.org/2005/Atom" xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"`

// rssItem returns an RSS document of one item.
func rssItem(inside string) string {
	return `<rss version="2.0" ` + modules + `><channel><title>Wire</title><link>https://wire.example/</link><item>` + inside +
		`</item></channel></rss>`
}

// atomEntry returns an Atom document of one entry.
func atomEntry(inside string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom" ` + modules + `><title>Wire</title><link href="https://wire.example/"/><entry>` +
		inside + `</entry></feed>`
}

// A date before 1990, and zero in every spelling, is no date of a report.
func TestDatesThatNoReportHasAreMissing(t *testing.T) {
	for _, s := range []string{"Thu, 01 Jan 1970 00:00:00 +0000", "Thu, 01 Jan 1970 03:00:00 +0300", "Wed, 31 Dec 1969 19:00:00 EST",
		"1970-01-01T00:00:00Z",
		"1970-01-01", "0", "0000000000", "0000000000000", "-1", "-62135596800", "Wed, 30 Nov -0001 00:00:00 +0000", "-0001-11-30T00:00:00+00:00",
		"0000-00-00 00:00:00", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 +0000", "Mon, 01 Jan 01 00:00:00 GMT",
		"00.00.0000 00:00", "Fri, 01 Jan 1601 00:00:00 GMT", "1899-12-30T00:00:00Z", "Mon, 01 Jan 1900 00:00:00 GMT",
		"Tue, 01 Jan 1980 00:00:00 GMT",
		"Thu, 01 Jan 70 00:00:00 GMT", "31 Dec 1989 23:59:59 GMT", "19700101T000000Z"} {
		for format, doc := range map[string]string{"rss": rssItem("<title>x</title><pubDate>" + s + "</pubDate>"),
			"atom": atomEntry("<title>x</title><published>" + s + "</published><updated>" + s + "</updated>"),
			"json": `{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"x","date_published":"` + s + `"}]}`} {
			it := readOne(t, doc, 0, Options{Zone: time.UTC})
			if s != "Mon, 01 Jan 01 00:00:00 GMT" && (!it.Published.IsZero() || !it.Updated.IsZero()) || it.PublishedRaw != s {
				t.Errorf("%s in %s: published %v, updated %v, raw %q", s, format, it.Published, it.Updated, it.PublishedRaw)
			}
		}
	}
	it := readOne(t, rssItem("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><dc:date>2026-11-23T08:00:00Z</dc:date>"), 0, Options{})
	if want := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC); !it.Published.Equal(want) {
		t.Errorf("published %v, want %v", it.Published, want)
	}
}

// The markers of a CDATA section around a whole value are not part of it.
func TestMarkersOfSectionsAreNoText(t *testing.T) {
	for _, wrap := range []string{"&lt;![CDATA[%s]]&gt;", "<![CDATA[<![CDATA[%s]]]]><![CDATA[>]]>", "<![CDATA[<![CDATA[%s]]>]]>",
		"&lt;![CDATA[ %s ]]&gt;",
		"&amp;lt;![CDATA[%s]]&amp;gt;", "&lt;![CDATA[&lt;![CDATA[%s]]&gt;]]&gt;", "&lt;![cdata[%s]]&gt;", "<![CDATA[&lt;![CDATA[%s]]&gt;]]>",
		"<![CDATA[%s]]>"} {
		w := func(s string) string { return fmt.Sprintf(wrap, s) }
		for format, doc := range map[string]string{
			"rss": rssItem("<title>" + w("Open letter") + "</title><link>" + w("https://wire.example/2") + "</link><guid>" + w("g2") +
				"</guid><description>" +
				w("&lt;p&gt;Text&lt;/p&gt;") + "</description><author>" + w("Ann Lee") + "</author><category>" + w("World") + "</category>"),
			"atom": atomEntry("<title>" + w("Open letter") + "</title><id>" + w("g2") +
				"</id><link href=\"https://wire.example/2\"/><summary type=\"html\">" +
				w("&lt;p&gt;Text&lt;/p&gt;") + "</summary><author><name>" + w("Ann Lee") + "</name></author><category term=\"World\"/>"),
		} {
			if strings.HasPrefix(wrap, "<![CDATA[") {
				doc = strings.NewReplacer("&lt;p&gt;", "<p>", "&lt;/p&gt;", "</p>").Replace(doc)
			}
			it := readOne(t, doc, 0, Options{})
			clean, _ := Sanitize(it.Summary, "")
			got := []string{it.Title, it.URL, it.GUID, clean, it.Authors[0].Name, it.Categories[0].Term}
			if diff := cmp.Diff([]string{"Open letter", "https://wire.example/2", "g2", "<p>Text</p>", "Ann Lee", "World"}, got); diff != "" {
				t.Errorf("%s in %s: %s", wrap, format, diff)
			}
		}
	}
}

// A picture that an item names outside Media RSS is its picture.
func TestPicturesOutsideMediaRSS(t *testing.T) {
	const p = "https://wire.example/p.jpg"
	for _, s := range []string{"<image>" + p + "</image>", "<image><url>" + p + "</url></image>", "<image>\n" + p + "\n</image>",
		`<image url="` + p + `"/>`,
		`<image href="` + p + `"/>`, `<image><url>/p.jpg</url><title>x</title></image>`, `<itunes:image href="` + p + `"/>`,
		`<googleplay:image href="` + p + `"/>`,
		`<thumbnail url="` + p + `"/>`, "<thumbnail>" + p + "</thumbnail>", "<image><![CDATA[" + p + "]]></image>",
		`<image><img src="` + p + `"/></image>`,
		`<media:thumbnail url="` + p + `"/>`, `<image src="/p.jpg"/>`, "<itunes:image>" + p + "</itunes:image>"} {
		for format, doc := range map[string]string{"rss": rssItem("<title>x</title>" + s), "atom": atomEntry("<title>x</title>" + s)} {
			it := readOne(t, doc, 0, Options{})
			if len(it.Media) != 1 || it.Media[0].URL != p || it.Media[0].Medium != "image" {
				t.Errorf("%s in %s: %+v", s, format, it.Media)
			}
		}
	}
	for _, s := range []string{"<image/>", "<image>a photo of the bridge</image>", "<thumbnail>none</thumbnail>",
		`<image url="data:image/gif;base64,R0"/>`} {
		if it := readOne(t, rssItem("<title>x</title>"+s), 0, Options{}); len(it.Media) != 0 {
			t.Errorf("%s: %+v", s, it.Media)
		}
	}
}

// A picture that a script loads is shown, once.
func TestPicturesThatScriptsLoad(t *testing.T) {
	const want = `<p>Lead.</p><img src="https://wire.example/p.jpg" referrerpolicy="no-referrer"/>`
	for _, s := range []string{
		`<img src="data:image/gif;base64,R0lGOD" data-src="https://wire.example/p.jpg"><noscript><img src="https://wire.example/p.jpg"></noscript>`,
		`<noscript><img src="https://wire.example/p.jpg"></noscript>`,
		`<img data-src="/p.jpg">`,
		`<img src="" data-lazy-src="/p.jpg">`,
		`<img src="/blank.gif" data-src='/p.jpg'>`,
		`<img src="/lazy_placeholder.png" data-original=/p.jpg>`,
		`<img src="data:image/svg+xml,%3Csvg%3E" data-srcset="/s.jpg 300w, /p.jpg 1024w">`,
		`<img src="about:blank" srcset="/s.jpg 1x, /p.jpg 2x">`,
		`<img width="1" height="1" src="data:image/gif;base64,R0" data-lazy-srcset="/p.jpg">`,
		`<IMG SRC="data:image/gif;base64,R0" DATA-SRC="/p.jpg">`,
		`<img src="/p.jpg" data-src="/p.jpg"/>`,
	} {
		if got, _ := Sanitize("<p>Lead.</p>"+s, "https://wire.example/a/1"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", s, got, want)
		}
	}
	for _, s := range []string{`<img src="https://wire.example/p.jpg" data-id="5">`,
		`<img src="https://wire.example/p.jpg" data-src="{{url}}">`,
		`<img src="https://wire.example/p.jpg" srcset="/other.jpg 2x">`} {
		if got, _ := Sanitize("<p>Lead.</p>"+s, "https://wire.example/a/1"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", s, got, want)
		}
	}
}

// The link of an item is what its source means by it.
func TestLinksThatAreWrittenWrong(t *testing.T) {
	for _, c := range []struct{ link, want string }{
		{"https://wire.example/view?cat=32&amp;amp;id=21&amp;amp;lang=de", "https://wire.example/view?cat=32&id=21&lang=de"},
		{"https://wire.example/view?cat=32&amp;amp;amp;amp;id=21", "https://wire.example/view?cat=32&id=21"},
		{"https://wire.example/view?cat=32&amp;#38;id=21&amp;#x26;lang=de", "https://wire.example/view?cat=32&id=21&lang=de"},
		{"<![CDATA[https://wire.example/view?cat=32&amp;id=21]]>", "https://wire.example/view?cat=32&id=21"},
		{"https://wire.example/view?cat=32&amp;copy=1&amp;ampere=2", "https://wire.example/view?cat=32&copy=1&ampere=2"},
		{"wire.example/story/1", "https://wire.example/story/1"},
		{"WIRE.example/story/1", "https://WIRE.example/story/1"},
		{"www.wire.example/story/1", "https://www.wire.example/story/1"},
		{"www.other.example/story/1?a=b", "https://www.other.example/story/1?a=b"},
		{"feeds.example:8080/story/1", "https://feeds.example:8080/story/1"},
		{"//wire.example/story/1", "https://wire.example/story/1"},
		{"wire.example", "https://wire.example"},
		{"www.html", "https://wire.example/www.html"},
		{"other.example/story/1", "https://wire.example/other.example/story/1"},
		{"story/1", "https://wire.example/story/1"},
		{"/story/1", "https://wire.example/story/1"},
	} {
		docs := map[string]string{"rss": rssItem("<title>x</title><link>" + c.link + "</link>")}
		if !strings.Contains(c.link, "CDATA") {
			docs["atom"] = atomEntry(`<title>x</title><link href="` + c.link + `"/>`)
			docs["json"] = `{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https://wire.example/","items":[{"title":"x","url":"` +
				strings.ReplaceAll(c.link, "&amp;", "&") + `"}]}`
		}
		for format, doc := range docs {
			if it := readOne(t, doc, 0, Options{Document: "https://feeds.example:8080/all.xml"}); it.URL != c.want {
				t.Errorf("%s in %s: %s, want %s", c.link, format, it.URL, c.want)
			}
		}
	}
}

// The scheme of a link that begins with a host is that of the feed's site, not that by which the document came.
func TestLinkWithoutSchemeHasThatOfTheSite(t *testing.T) {
	doc := rssItem("<title>x</title><link>www.wire.example/1</link>")
	if it := readOne(t, doc, 0, Options{Document: "http://127.0.0.1/all.xml"}); it.URL != "https://www.wire.example/1" {
		t.Errorf("got %s", it.URL)
	}
}

// Of a FeedBurner redirect the address that it leads to is the link; any other link stays.
func TestOriginalLinkBehindRedirects(t *testing.T) {
	for _, c := range []struct{ link, want string }{
		{"http://feeds.feedburner.com/~r/wire/~3/abc/", "https://wire.example/1"},
		{"http://feedproxy.google.com/~r/wire/~3/abc/", "https://wire.example/1"},
		{"http://rss.wire.example/~r/wire/~3/abc/", "https://wire.example/1"},
		{"https://wire.example/live/1", "https://wire.example/live/1"},
	} {
		orig := "<feedburner:origLink>https://wire.example/1</feedburner:origLink>"
		for format, doc := range map[string]string{"rss": rssItem("<link>" + c.link + "</link>" + orig),
			"atom": atomEntry(`<link href="` + c.link + `"/>` + orig)} {
			if it := readOne(t, doc, 0, Options{}); it.URL != c.want {
				t.Errorf("%s in %s: %s, want %s", c.link, format, it.URL, c.want)
			}
		}
	}
}

// Of several alternates the one in the language of the entry is its link.
func TestAlternateInTheLanguageOfTheEntry(t *testing.T) {
	link := func(lang, kind string) string {
		return `<link rel="alternate" type="` + kind + `" hreflang="` + lang + `" href="https://wire.example/` + lang + `"/>`
	}
	for _, c := range []struct{ name, lang, links, source, want string }{
		{"the second", "ru", link("en", "text/html") + link("ru", "text/html"), "", "ru"},
		{"the first", "en", link("en", "text/html") + link("ru", "text/html"), "", "en"},
		{"a region", "ru", link("en", "text/html") + link("ru-BY", "text/html"), "", "ru-BY"},
		{"an underscore", "ru", link("en", "text/html") + link("ru_RU", "text/html"), "", "ru_RU"},
		{"the exact one", "pt-BR", link("pt", "text/html") + link("pt-BR", "text/html"), "", "pt-BR"},
		{"one without a language before a foreign one", "ru", link("en", "text/html") + `<link href="https://wire.example/any"/>`, "", "any"},
		{"none in it", "ru", link("en", "text/html") + link("de", "text/html"), "", "en"},
		{"a page before a document", "ru", link("ru", "application/json") + link("en", "text/html"), "", "en"},
		{"the source's language", "", link("en", "text/html") + link("ru", "text/html"), "ru", "ru"},
		{"no language known", "", link("en", "text/html") + link("ru", "text/html"), "", "en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			attr := ""
			if c.lang != "" {
				attr = ` xml:lang="` + c.lang + `"`
			}
			doc := `<feed xmlns="http://www.w3.org/2005/Atom"><entry` + attr + `><title>x</title>` + c.links + `</entry></feed>`
			if it := readOne(t, doc, 0, Options{Language: c.source}); it.URL != "https://wire.example/"+c.want {
				t.Errorf("%s, want %s", it.URL, c.want)
			}
		})
	}
}

// The item's own language counts more than the feed's.
func TestLanguageOfTheItemBeforeTheFeeds(t *testing.T) {
	doc := func(attr, inside string) string {
		return `<rss version="2.0" ` + modules + attr + `><channel><language>en</language><item><title>x</title>` + inside +
			`</item></channel></rss>`
	}
	for _, c := range []struct{ doc, want string }{
		{doc("", "<dc:language>ru</dc:language>"), "ru"},
		{doc("", `<description xml:lang="be">y</description>`), "be"},
		{doc("", ""), "en"},
		{`{"version":"https://jsonfeed.org/version/1.1","language":"en","items":[{"title":"x","language":"ru"}]}`, "ru"},
		{`{"version":"https://jsonfeed.org/version/1.1","language":"en","items":[{"title":"x"}]}`, "en"},
		{atomEntry("<title>x</title>"), ""},
	} {
		if it := readOne(t, c.doc, 0, Options{Language: "de"}); it.Language != c.want {
			t.Errorf("%s: %q, want %q", c.doc, it.Language, c.want)
		}
	}
}

// The name of the source that an item came from is no part of its headline.
func TestHeadlineWithTheNameOfItsSource(t *testing.T) {
	for _, c := range []struct{ title, name, want string }{
		{"Bridge reopens - Zarechye Courier", "Zarechye Courier", "Bridge reopens"},
		{"Bridge reopens | Zarechye Courier", "Zarechye Courier", "Bridge reopens"},
		{"Bridge reopens – Zarechye Courier", "Zarechye Courier", "Bridge reopens"},
		{"Bridge reopens — zarechye courier", "Zarechye Courier", "Bridge reopens"},
		{"Zarechye Courier: Bridge reopens", "Zarechye Courier", "Bridge reopens"},
		{"ТАСС: Мост открыт", "ТАСС", "Мост открыт"},
		{"BelTA, corrected: Bridge reopens", "BelTA", "corrected: Bridge reopens"},
		{"Bridge reopens - Other Courier", "Zarechye Courier", "Bridge reopens - Other Courier"},
		{"Zarechye Courier", "Zarechye Courier", "Zarechye Courier"},
		{"Why we read the Zarechye Courier", "Zarechye Courier", "Why we read the Zarechye Courier"},
		{"BelTA, Reuters agree", "BelTA", "BelTA, Reuters agree"},
		{"Bridge reopens - ", "", "Bridge reopens -"},
	} {
		for format, doc := range map[string]string{"rss": rssItem("<title>" + c.title + `</title><source url="https://c.example/">` + c.name +
			"</source>"),
			"atom": atomEntry("<title>" + c.title + "</title><source><title>" + c.name + "</title></source>")} {
			if it := readOne(t, doc, 0, Options{}); it.Title != c.want {
				t.Errorf("%s in %s: %q, want %q", c.title, format, it.Title, c.want)
			}
		}
	}
}

// Licences of item, picture and feed are kept.
func TestLicences(t *testing.T) {
	const by = "https://creativecommons.org/licenses/by/4.0/"
	for _, s := range []string{"<cc:license>" + by + "</cc:license>",
		`<cc:license rdf:resource="` + by + `" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`,
		"<creativeCommons:license>" + by + "</creativeCommons:license>", "<dcterms:license>" + by + "</dcterms:license>",
		`<media:license href="` + by + `" type="text/html">CC BY</media:license>`,
		`<atom:link rel="license" href="` + by + `"/>`} {
		for format, doc := range map[string]string{"rss": rssItem("<title>x</title>" + s), "atom": atomEntry("<title>x</title>" + s)} {
			if it := readOne(t, doc, 0, Options{}); it.Licence != by {
				t.Errorf("%s in %s: %q", s, format, it.Licence)
			}
		}
		d, err := Feed(t.Context(), []byte(strings.Replace(rssItem("<title>x</title>"), "<item>", s+"<item>", 1)), Options{})
		if err != nil || d.Feed.Licence != by {
			t.Errorf("%s of a feed: %q, %v", s, d.Feed.Licence, err)
		}
	}
	if it := readOne(t, atomEntry(`<title>x</title><link rel="license" href="`+by+`"/>`), 0, Options{}); it.Licence != by {
		t.Errorf("a link: %q", it.Licence)
	}
	it := readOne(t, rssItem(`<media:content url="https://wire.example/p.jpg"><media:license href="`+by+
		`">CC BY</media:license></media:content>`), 0, Options{})
	if len(it.Media) != 1 || it.Media[0].Licence != by || it.Licence != "" {
		t.Errorf("a picture: %+v, item %q", it.Media, it.Licence)
	}
	if it := readOne(t, rssItem("<media:license>All rights reserved</media:license>"), 0, Options{}); it.Licence != "All rights reserved" {
		t.Errorf("a name: %q", it.Licence)
	}
}

// TestModulesOfOtherFormats: categories and origins are read where a feed writes them with the elements of another format.
func TestModulesOfOtherFormats(t *testing.T) {
	t.Parallel()
	it := readOne(t, rssItem(`<title>x</title><atom:category term="world" label="World" scheme="https://wire.example/topics"/>
		<atom:source><atom:title>Bridge news</atom:title><atom:link rel="self" href="https://bridge.example/rss"/></atom:source>`), 0, Options{})
	if d := cmp.Diff([]news.Category{{Term: "world", Label: "World", Scheme: "https://wire.example/topics"}}, it.Categories); d != "" {
		t.Error(d)
	}
	if it.Origin == nil || it.Origin.Title != "Bridge news" {
		t.Errorf("origin %+v", it.Origin)
	}
	it = readOne(t, atomEntry("<title>x</title><dc:subject>World &amp;amp; region</dc:subject>"), 0, Options{})
	if d := cmp.Diff([]news.Category{{Term: "World & region"}}, it.Categories); d != "" {
		t.Error(d)
	}
}

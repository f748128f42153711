package parse

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// rssFeed composes an RSS document of n items in the shape of an agency feed, about 1,850 bytes an item.
func rssFeed(n, from int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Composed Agency</title><link>https://agency.example/</link><description>News</description><language>en</language>
<lastBuildDate>Mon, 23 Nov 2026 12:00:00 +0300</lastBuildDate>
`)
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, `<item><title>Ministers discuss transport corridor, round %d</title>
<link>https://agency.example/politics/view/ministers-discuss-corridor-%d-2026/</link>
<guid isPermaLink="false">agency-%d</guid><pubDate>Mon, 23 Nov 2026 11:%02d:00 +0300</pubDate>
<dc:creator>A. Correspondent</dc:creator><category>Politics</category><category>Transport</category>
<description><![CDATA[<p>MINSK, 23 November (Agency) – Ministers discussed &laquo;the corridor&raquo; at length.</p>]]></description>
<media:content url="https://img.agency.example/%d.jpg" type="image/jpeg" width="800" height="600"><media:credit role="photographer">P. Grapher</media:credit></media:content>
<content:encoded>&lt;p&gt;MINSK, 23 November (Agency) – %s&lt;/p&gt;&lt;p&gt;See &lt;a href="https://agency.example/more/%d"&gt;more&lt;/a&gt;.&lt;/p&gt;</content:encoded></item>
`, i, i, i, i%60, i, strings.Repeat("The parties stressed the importance of the route for trade and agreed to meet again. ", 11), i)
	}
	b.WriteString("</channel></rss>\n")
	return b.Bytes()
}

// atomFeed composes an Atom document of n entries, about 2,000 bytes an entry.
func atomFeed(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Composed Agency</title><id>https://agency.example/feed</id>
<updated>2026-11-23T09:00:00Z</updated><link rel="self" href="https://agency.example/feed.atom"/><link href="https://agency.example/"/>
`)
	for i := range n {
		fmt.Fprintf(&b, `<entry><title type="html">Ministers discuss &lt;i&gt;corridor&lt;/i&gt;, round %d</title><id>tag:agency.example,2026:%d</id>
<link href="https://agency.example/politics/%d"/><link rel="enclosure" type="image/jpeg" href="https://img.agency.example/%d.jpg"/>
<published>2026-11-23T08:%02d:00Z</published><updated>2026-11-23T08:%02d:30Z</updated><author><name>A. Correspondent</name></author>
<category term="politics" label="Politics"/><summary>Ministers discussed the corridor at length.</summary>
<content type="html">&lt;p&gt;MINSK, 23 November (Agency) – %s&lt;/p&gt;</content></entry>
`, i, i, i, i, i%60, i%60, strings.Repeat("The parties stressed the importance of the route for trade and agreed to meet again. ", 15))
	}
	b.WriteString("</feed>\n")
	return b.Bytes()
}

var benchWires = []struct {
	name string
	body []byte
}{{"rss", rssFeed(50, 0)}, {"atom", atomFeed(50)}}

func BenchmarkGofeed(b *testing.B) {
	for _, w := range benchWires {
		b.Run(w.name, func(b *testing.B) {
			b.SetBytes(int64(len(w.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(w.body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFeed(b *testing.B) {
	for _, w := range benchWires {
		b.Run(w.name, func(b *testing.B) {
			b.SetBytes(int64(len(w.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Feed(b.Context(), w.body, Options{Document: "https://agency.example/rss"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Five items of fifty are new, as in an ordinary visit.
func BenchmarkFeedKnown(b *testing.B) {
	for _, w := range benchWires {
		d, err := Feed(b.Context(), w.body, Options{})
		if err != nil {
			b.Fatal(err)
		}
		known := map[uint64]bool{}
		for _, it := range d.Items[5:] {
			known[it.Sum] = true
		}
		b.Run(w.name, func(b *testing.B) {
			b.SetBytes(int64(len(w.body)))
			b.ReportAllocs()
			for b.Loop() {
				d, err := Feed(b.Context(), w.body, Options{Known: func(sum uint64) bool { return known[sum] }})
				if err != nil || d.Items[6].Title != "" {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRepair(b *testing.B) {
	for _, w := range benchWires {
		text, _ := decode(w.body, Options{})
		format, start, entities, err := detect(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(w.name, func(b *testing.B) {
			b.SetBytes(int64(len(w.body)))
			b.ReportAllocs()
			for b.Loop() {
				repair(format, text[start:], entities)
			}
		})
	}
}

func BenchmarkSanitize(b *testing.B) {
	d, err := Feed(b.Context(), benchWires[0].body, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range d.Items {
			Sanitize(d.Items[i].Summary, d.Items[i].URL)
			Sanitize(d.Items[i].Content, d.Items[i].URL)
		}
	}
}

package frb

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Feed is one address of a publisher. Its fields are not changed once the publisher has it; see
// [Publisher.SetEvery].
type Feed struct {
	Name  string        // of its row
	URL   string        // as configured
	From  string        // the configured address that leads here by redirects; empty: URL
	Every time.Duration // the operator's interval
	Reply func(Asked) Reply
}

// Asked is one request to a feed.
type Asked struct {
	N  int // how many came before
	At time.Time
}

// Reply is what a feed has to say at a moment, before the request's conditions are looked at. The zero Reply is a
// document without items and without validators.
type Reply struct {
	Status             int // 0: 200, or 304 where a condition is met
	ETag, LastModified string
	Bare304            bool // a 304 names no validators
	Header             http.Header
	Document           Document
	Body               string        // sent in place of Document; it vouches for nothing
	Cut                bool          // the document breaks off in the middle
	Takes              time.Duration // from request to answer
}

// Document is an RSS document with what it asks of readers.
type Document struct {
	Items     []Item // the newest first
	TTL       time.Duration
	SkipHours []int
	SkipDays  []time.Weekday
}

// Item is one piece of news. The number makes its guid.
type Item struct {
	Number int
	Title  string
	At     time.Time
}

// Round returns the n newest of the items that a feed with one item in every interval since from holds at t.
func Round(n int, from, t time.Time, interval time.Duration) (items []Item) {
	for last := int(t.Sub(from) / interval); len(items) < n && last >= 0; last-- {
		items = append(items, Item{Number: last, Title: "Delegation arrives for round " + strconv.Itoa(last), At: from.Add(time.Duration(last) * interval)})
	}
	return items
}

// write returns the document of the feed at address.
func (d Document) write(address string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Wire</title><link>%s</link><description>News</description>\n", address)
	if d.TTL > 0 {
		fmt.Fprintf(&b, "<ttl>%d</ttl>\n", int(d.TTL/time.Minute))
	}
	list(&b, "skipHours", "hour", d.SkipHours)
	list(&b, "skipDays", "day", d.SkipDays)
	for _, it := range d.Items {
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s#%d</guid><title>%s</title><link>%s/%d</link><pubDate>%s</pubDate>"+
			"<description>MINSK (Wire) - %s, says the desk of %s.</description></item>\n",
			address, it.Number, it.Title, address, it.Number, it.At.UTC().Format(time.RFC1123Z), it.Title, address)
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

func list[T any](b *strings.Builder, element, inner string, values []T) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "<%s>", element)
	for _, v := range values {
		fmt.Fprintf(b, "<%s>%v</%s>", inner, v, inner)
	}
	fmt.Fprintf(b, "</%s>\n", element)
}

// Day is how HTTP writes a time (RFC 9110 section 5.6.7).
func Day(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

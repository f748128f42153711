package feedtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Feed is one address of a publisher. Do not change its fields once the publisher has it; see [Publisher.SetEvery].
type Feed struct {
	Name  string        // of its row
	URL   string        // as configured
	From  string        // the configured address that leads here by redirects; empty: URL
	Every time.Duration // the operator's interval
	Reply func(Asked) Reply
}

// Asked is one request to a feed.
type Asked struct {
	N  int       // how many came before
	At time.Time // when the request came
}

// Reply is what a feed has to say at a moment, before the request's conditions are looked at. The zero Reply is a
// document without items and without validators.
type Reply struct {
	Status             int         // 0: 200, or 304 where a condition is met
	ETag, LastModified string      // empty: none sent
	Bare304            bool        // a 304 names no validators
	Header             http.Header // further fields; nil: none
	Document           Document
	Body               string        // sent in place of Document; it vouches for nothing
	Cut                bool          // the document breaks off in the middle
	Takes              time.Duration // from request to answer
}

// Document is an RSS document with what it asks of readers.
type Document struct {
	Posts     []Post // the newest first
	Items     []Item // what is written in place of the posts; nil: the posts are
	TTL       time.Duration
	SkipHours []int // UTC, 0 to 23
	SkipDays  []time.Weekday
}

// Post is one piece of news. Its number makes its guid.
type Post struct {
	Number int // from 1, in order of publication
	Title  string
	At     time.Time // of publication
}

// Round returns the n newest of the posts that a feed with one item in every interval since from holds at t.
func Round(n int, from, t time.Time, interval time.Duration) (posts []Post) {
	for last := int(t.Sub(from) / interval); len(posts) < n && last >= 0; last-- {
		at := from.Add(time.Duration(last) * interval)
		posts = append(posts, Post{Number: last, Title: "Delegation arrives for round " + strconv.Itoa(last), At: at})
	}
	return posts
}

// write returns the document of the feed at address.
func (d Document) write(address string) string {
	var hints strings.Builder
	if d.TTL > 0 {
		element(&hints, "ttl", strconv.Itoa(int(d.TTL/time.Minute)))
	}
	list(&hints, "skipHours", "hour", d.SkipHours)
	list(&hints, "skipDays", "day", d.SkipDays)
	items := slices.Clone(d.Items)
	for _, p := range d.Posts {
		if d.Items != nil {
			break
		}
		items = append(items, Item{
			Title: p.Title, Link: fmt.Sprintf("%s/%d", address, p.Number), GUID: fmt.Sprintf("%s#%d", address, p.Number),
			PubDate: p.At.UTC().Format(time.RFC1123Z), Description: fmt.Sprintf("MINSK (Wire) - %s, says the desk of %s.", p.Title, address),
		})
	}
	return document("Wire", address, hints.String(), items)
}

func list[T any](b *strings.Builder, outer, inner string, values []T) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "<%s>", outer)
	for _, v := range values {
		element(b, inner, fmt.Sprint(v))
	}
	fmt.Fprintf(b, "</%s>\n", outer)
}

// HTTPDate returns t as HTTP writes times (RFC 9110 section 5.6.7).
func HTTPDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

package aggregator

import (
	"context"
	"errors"
	"net/url"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/opml"
	"dateline/aggregator/parse"
)

// MaxDiscover is the most requests that one [Aggregator.Discover] makes, redirects aside.
const MaxDiscover = 12

// wellKnown are the paths at which sites have feeds that no page names.
var wellKnown = []string{"/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/opml.xml"}

// FoundFeed is a feed that was found, and what it says of itself.
type FoundFeed struct {
	URL     string    // after redirects
	How     string    // how it was found: itself, header, page, path or opml
	Visited bool      // false: only its address and its title are known
	Format  string    // as in [parse.Document]
	Feed    news.Feed // as the document describes itself
	Items   int       // in the document
	Undated int       // items with a date that cannot be read: most often one without an offset
}

// Discovery is what was found at an address.
type Discovery struct {
	Feeds    []FoundFeed // in the order in which they were found
	Requests int         // that were made
}

// Expand puts secrets in the place of their names, as [fetch.Request] has it; nil: those of the client.
type Expand = func(text string) (expanded string, used []string, err error)

// Discover finds the feeds of a site: the document at the address itself, those that its header and its head name, the
// list that it is; else those at well-known paths, up to the first. It makes at most [MaxDiscover] requests, each when it
// is its turn at the host, and stores nothing. The error is that of the address itself: of fetch, or a
// [*fetch.PausedError] where its host wants no request. A page without feeds is no error. Secrets that the address names are those
// of expand, which is as in [fetch.Request]; no other address is expanded.
func (a *Aggregator) Discover(ctx context.Context, address string, expand Expand) (Discovery, error) {
	d := &discovery{setup: a.newVisit(news.Source{}).setup, asked: map[string]bool{}}
	page, err := d.get(ctx, fetch.Request{URL: address, Owner: address, Expand: expand})
	if err != nil {
		return d.Discovery, err
	}
	if d.take(ctx, page, "itself") {
		return d.Discovery, nil
	}
	for _, l := range page.Links {
		if l.Rel == "alternate" && parse.IsFeedType(l.Type) {
			d.look(ctx, parse.FeedLink{URL: l.URL}, "header")
		}
	}
	for _, l := range parse.FeedLinks(page.Body, parse.Options{Document: page.URL, ContentType: page.ContentType}) {
		d.look(ctx, l, "page")
	}
	base, err := url.Parse(page.URL)
	if err != nil {
		return d.Discovery, err
	}
	for _, path := range wellKnown {
		if len(d.Feeds) > 0 || d.Requests == MaxDiscover {
			break
		}
		d.look(ctx, parse.FeedLink{URL: base.ResolveReference(&url.URL{Path: path}).String()}, "path")
	}
	return d.Discovery, ctx.Err()
}

type discovery struct {
	Discovery
	setup Setup
	asked map[string]bool
}

// get makes a request.
func (d *discovery) get(ctx context.Context, r fetch.Request) (*fetch.Response, error) {
	d.asked[r.URL] = true
	d.Requests++
	return d.setup.Client.Get(ctx, r)
}

// look visits a feed that is named or supposed. One that cannot be read is left out. Once the requests are used up
// it is listed unread, as the page names it.
func (d *discovery) look(ctx context.Context, l parse.FeedLink, how string) {
	if d.asked[l.URL] || ctx.Err() != nil {
		return
	}
	if d.Requests == MaxDiscover {
		d.asked[l.URL] = true
		d.Feeds = append(d.Feeds, FoundFeed{URL: l.URL, How: how, Feed: news.Feed{Title: l.Title}})
		return
	}
	if answer, err := d.get(ctx, fetch.Request{URL: l.URL}); err == nil {
		d.take(ctx, answer, how)
	}
}

// take adds what a document is: a feed, or a list of them. It reports false for what is neither.
func (d *discovery) take(ctx context.Context, answer *fetch.Response, how string) bool {
	doc, err := parse.Feed(ctx, answer.Body, parse.Options{Document: answer.URL, ContentType: answer.ContentType})
	if err == nil {
		d.add(FoundFeed{
			URL: answer.URL, How: how, Visited: true, Format: doc.Format, Feed: doc.Feed, Items: len(doc.Items), Undated: undated(doc.Items),
		})
		return true
	}
	var no *parse.NotFeedError
	if !errors.As(err, &no) || !opml.IsOPML(answer.Body) {
		return false
	}
	list, err := opml.Read(answer.Body)
	if err != nil {
		return false
	}
	for _, f := range list.Feeds {
		d.add(FoundFeed{URL: f.URL, How: "opml", Feed: news.Feed{Title: f.Title, Site: f.Site, Language: f.Language}})
	}
	return true
}

// add adds a feed, once.
func (d *discovery) add(f FoundFeed) {
	for _, had := range d.Feeds {
		if had.URL == f.URL {
			return
		}
	}
	d.Feeds = append(d.Feeds, f)
}

// undated counts the items with a date that cannot be read.
func undated(items []news.Item) int {
	n := 0
	for _, it := range items {
		if it.DateUnreadable() {
			n++
		}
	}
	return n
}

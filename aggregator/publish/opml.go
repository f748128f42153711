package publish

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"dateline/aggregator/news"
	"dateline/aggregator/opml"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// opml lists the enabled sources of l, so that a reader can subscribe to them without us: all, one, those of a topic or
// those in a language. It returns [ErrListing] for what there is not, and [ErrFormat] for a search.
func (p *Publisher) opml(l Listing) (*Document, error) {
	if l.Query != "" {
		return nil, fmt.Errorf("%w: %s of a search", ErrFormat, OPML)
	}
	list := opml.Document{Title: cmp.Or(view.OneLine(p.o.Title), "Agency wire")}
	topics := make(map[string]bool)
	for _, src := range p.o.Sources {
		if !src.Enabled || !l.includes(src) {
			continue
		}
		list.Feeds = append(list.Feeds, opml.Feed{
			Title: cmp.Or(view.Name(src.Name), src.ID), URL: p.ownAddress(src), Site: cmp.Or(view.Web(src.Site), p.views.Site(src.Agency)),
			Language: text.CanonicalTag(src.Language), Topics: src.Topics,
		})
		for _, t := range src.Topics {
			if label := view.OneLine(p.o.Topics[t]); label != "" && !topics[t] {
				topics[t] = true
				list.Topics = append(list.Topics, opml.Topic{ID: t, Name: label})
			}
		}
	}
	if len(list.Feeds) == 0 && l != (Listing{}) {
		return nil, fmt.Errorf("%w: no source of it is enabled", ErrListing)
	}
	return &Document{Bytes: list.Bytes(), MediaType: typeOPML, Updated: p.o.Listed}, nil
}

// ownFeeds lists our own feeds in Atom: the merged one, that of changes, then those of each source, language and topic, in a folder each.
func (p *Publisher) ownFeeds() *Document {
	list := opml.Document{Title: p.site.Title}
	put := func(f page.FeedLink, title, folder string) {
		one := opml.Feed{Title: title, URL: p.at.Base + f.Path + ".atom", Site: p.at.Base, Language: f.Lang}
		if folder != "" {
			one.Topics = []string{folder}
		}
		list.Feeds = append(list.Feeds, one)
	}
	put(page.FeedLink{Path: "feed"}, p.site.Title, "")
	put(page.FeedLink{Path: changesPath}, p.site.Title+": "+p.site.Corrections(), "")
	for _, g := range p.site.FeedGroups() {
		list.Topics = append(list.Topics, opml.Topic{ID: g.ID, Name: g.Heading})
		for _, f := range g.Feeds {
			put(f, p.site.Title+": "+f.Title, g.ID)
		}
	}
	return &Document{Bytes: list.Bytes(), MediaType: typeOPML, Updated: p.o.Listed}
}

// subscribeDocument renders the page of subscriptions. It depends on the options alone.
func subscribeDocument(c call) (*Document, error) {
	b, err := c.p.site.Subscribe()
	return &Document{Bytes: b, MediaType: feed.TypeHTML, Updated: c.p.o.Listed}, err
}

// includes reports whether the source belongs to the listing.
func (l Listing) includes(src news.Source) bool {
	switch {
	case l.Source != "":
		return src.ID == l.Source
	case l.Topic != "":
		return slices.Contains(src.Topics, l.Topic)
	case l.Language != "":
		return text.BaseLanguage(src.Language) == l.Language
	}
	return true
}

// ownAddress returns the address of the source's own feed, or, where that is not public, of ours: a
// password is for this host alone, and so is a secret.
func (p *Publisher) ownAddress(src news.Source) string {
	address := view.Upstream(src.URL)
	if u, err := url.Parse(src.URL); err != nil || u.User != nil || address == "" {
		return p.at.Base + view.SourcePath(src.ID) + ".atom"
	}
	return address
}

package parse

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/rss"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// rss makes the document out of what gofeed read of RSS, items given in the order of unknown.
func (r *reader) rss(f *rss.Feed, unknown []int) error {
	if len(f.Items) != len(unknown) {
		return r.mismatch(len(f.Items), len(unknown))
	}
	r.channel(f)
	for k, i := range unknown {
		r.rssItem(&r.d.Items[i], f.Items[k], r.t.items[i])
	}
	return nil
}

// channel reads what the document says of itself.
func (r *reader) channel(f *rss.Feed) {
	t, c := r.t, 0
	if len(t.channels) > 0 {
		c = t.channels[0]
	}
	feed := &r.d.Feed
	feed.ID = cmp.Or(t.value(t.child(c, "atom:id")), t.attr(c, "rdf:about"))
	feed.Site = cmp.Or(r.links(c, f.Links), r.atomLink(c, "alternate"))
	r.site = feed.Site
	feed.Self = r.atomLink(c, "self")
	feed.Hub = r.atomLink(c, "hub")
	feed.Title = title(cmp.Or(f.Title, t.value(t.child(c, "dc:title", "atom:title"))))
	feed.Subtitle = flat(htmlOf(cmp.Or(f.Description,
		t.value(t.child(c, "dc:description", "itunes:summary", "itunes:subtitle", "atom:subtitle")))))
	feed.Rights = title(cmp.Or(f.Copyright, t.value(t.child(c, "dc:rights", "dcterms:rights", "atom:rights", "media:copyright"))))
	feed.Licence = r.licence(c)
	feed.Language = cmp.Or(text.CanonicalTag(f.Language), text.CanonicalTag(t.value(t.child(c, "dc:language"))), t.lang(c))
	if img := t.child(c, "image"); img >= 0 {
		feed.Icon = r.address(img, t.value(t.child(img, "url")))
	}
	feed.Updated, _ = r.dateOf(nil, f.LastBuildDate, t.value(t.child(c, "dcterms:modified", "atom:updated", "dc:date")), f.PubDate,
		t.value(t.child(c, "dcterms:issued", "dcterms:created")))
	for _, key := range []string{"author", "managingeditor", "atom:author", "dc:creator", "dc:author", "itunes:author"} {
		feed.Authors = r.people(feed.Authors, c, key)
	}
	r.pace(f)
}

// pace reads how often the document asks to be read.
func (r *reader) pace(f *rss.Feed) {
	if n, err := strconv.Atoi(strings.TrimSpace(f.TTL)); err == nil && n > 0 && n <= 60*24*366 {
		r.d.TTL = time.Duration(n) * time.Minute
	}
	for _, s := range f.SkipHours {
		// 0 to 23, but older versions count 1 to 24.
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 && n <= 24 {
			r.d.SkipHours = appendNew(r.d.SkipHours, n%24)
		}
	}
	for _, s := range f.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(s), day.String()) {
				r.d.SkipDays = appendNew(r.d.SkipDays, day)
			}
		}
	}
}

func appendNew[T comparable](all []T, v T) []T {
	for _, a := range all {
		if a == v {
			return all
		}
	}
	return append(all, v)
}

// rssItem reads one item; e is its element.
func (r *reader) rssItem(it *news.Item, g *rss.Item, e int) {
	t := r.t
	if g.GUID != nil {
		it.GUID = strings.TrimSpace(unwrapped(g.GUID.Value))
	}
	it.GUID = cmp.Or(it.GUID, t.attr(e, "rdf:about"), t.value(t.child(e, "atom:id")))
	it.URL = r.itemLink(g, e)
	it.Title = title(cmp.Or(g.Title, t.value(t.child(e, "dc:title", "media:title", "atom:title"))))
	r.rssText(it, e)
	it.Language = cmp.Or(text.CanonicalTag(t.value(t.child(e, "dc:language"))), r.textLang(e, "content:encoded", "xhtml:body",
		"fullitem", "description", "title"), r.d.Feed.Language)
	for _, key := range []string{"author", "atom:author", "dc:creator", "dc:author"} {
		it.Authors = r.people(it.Authors, e, key)
	}
	if len(it.Authors) == 0 {
		it.Authors = r.people(nil, e, "itunes:author")
	}
	for _, key := range []string{"dc:contributor", "atom:contributor", "contributor"} {
		it.Contributors = r.people(it.Contributors, e, key)
	}
	it.Publisher = person(t.value(t.child(e, "dc:publisher"))).Name
	it.Licence = r.licence(e)
	it.Embargo = r.embargo(e)
	it.Rights = title(t.value(t.child(e, "dc:rights", "dcterms:rights", "copyright", "atom:rights", "rights")))
	for _, c := range g.Categories {
		it.Categories = addCategory(it.Categories, news.Category{Term: title(c.Value), Scheme: c.Domain})
	}
	r.moreCategories(it, e)
	for _, enc := range g.Enclosures {
		n, _ := strconv.ParseInt(strings.TrimSpace(enc.Length), 10, 64)
		it.Media = addMedia(it.Media, news.Media{URL: r.address(e, enc.URL), Type: mimeType(enc.Type), Length: max(n, 0)})
	}
	r.media(it, e)
	value := func(key string) string { return t.value(t.child(e, key)) }
	it.Published, it.PublishedRaw = r.dateOf(it, unwrapped(g.PubDate), value("dcterms:issued"), value("atom:published"),
		value("dc:date"), value("dcterms:created"), value("dcterms:date"))
	it.Updated, it.UpdatedRaw = r.dateOf(it, value("dcterms:modified"), value("atom:updated"), value("dc:date"))
	if g.Source != nil {
		self := r.address(e, g.Source.URL)
		if name := title(g.Source.Title); name != "" || self != "" {
			it.Origin = &news.Feed{Title: name, Self: self}
		}
	} else if src := t.child(e, "atom:source"); src >= 0 {
		it.Origin = r.source(src)
	}
	r.finish(it)
}

// rssText reads summary and content. RSS has many places for either; the first filled one is taken.
func (r *reader) rssText(it *news.Item, e int) {
	t := r.t
	group := t.childOrSelf(e, "media:group")
	summary := t.filled(t.child(e, "description"), t.child(e, "summary"), t.child(e, "dc:description"), t.child(e, "atom:summary"),
		t.child(e, "media:description"), t.child(e, "itunes:summary"), t.child(group, "media:description"))
	it.Summary = r.rssHTML(summary, it.URL)
	content := t.filled(t.child(e, "content:encoded"), t.child(e, "xhtml:body"), t.child(e, "body"), t.child(e, "fullitem"),
		t.child(e, "yandex:full-text"), t.child(e, "turbo:content"), t.child(e, "atom:content"), t.child(e, "content"))
	if content < 0 && summary >= 0 && t.elems[summary].key == "description" {
		content = t.child(e, "summary")
	}
	it.Content = r.rssHTML(content, it.URL)
}

// rssHTML returns the text of element c as HTML, its addresses absolute. Of several with the name of description or
// content:encoded the last counts, as it does in gofeed.
func (r *reader) rssHTML(c int, link string) string {
	t := r.t
	if c < 0 {
		return ""
	}
	var s string
	switch key := t.elems[c].key; {
	case t.elems[c].next > c+1:
		s = htmlOfXHTML(strings.TrimSpace(t.raw(c)))
	case key == "description" || key == "content:encoded":
		s = characters(strings.TrimSpace(t.raw(t.last(t.elems[c].parent, key))))
	default:
		s = t.value(c)
	}
	return text.Visible(absolute(htmlOf(s), r.textBase(c, link)))
}

// itemLink returns the address of the item's page: its link; where that is none, the other places where
// feeds put it.
func (r *reader) itemLink(g *rss.Item, e int) string {
	t := r.t
	original := r.address(e, t.value(t.child(e, "feedburner:origlink")))
	if link := r.links(e, g.Links); link != "" {
		return behindRedirect(link, original)
	}
	guid := ""
	if g.GUID != nil && !strings.EqualFold(strings.TrimSpace(g.GUID.IsPermalink), "false") {
		guid = resolve("", g.GUID.Value)
	}
	return cmp.Or(behindRedirect(r.atomLink(e, "alternate"), original), original, guid,
		r.address(e, t.value(t.child(e, "pdalink"))), resolve("", t.attr(e, "rdf:about")))
}

// behindRedirect returns the original address where link is a redirect of FeedBurner or feedproxy, else link.
func behindRedirect(link, original string) string {
	host := hostOf(link)
	if original != "" && (strings.Contains(link, "/~r/") || strings.Contains(link, "/~3/") || strings.HasPrefix(host, "feedproxy.") ||
		strings.HasSuffix(host, "feedburner.com")) {
		return original
	}
	return link
}

// links returns the first of the addresses in the link elements of element e that leads anywhere.
func (r *reader) links(e int, links []string) string {
	c := max(r.t.child(e, "link"), e)
	for _, l := range links {
		if abs := r.address(c, l); abs != "" {
			return abs
		}
	}
	return ""
}

// moreCategories adds those of other vocabularies.
func (r *reader) moreCategories(it *news.Item, e int) {
	r.t.children(e, func(c int) {
		switch r.t.elems[c].key {
		case "dc:subject", "rian:type": // rian:priority is the desk's own and means nothing to readers
			it.Categories = addCategory(it.Categories, news.Category{Term: title(r.t.value(c))})
		case "atom:category":
			it.Categories = addCategory(it.Categories, r.atomCategory(c))
		}
	})
}

func addCategory(all []news.Category, c news.Category) []news.Category {
	if c.Term == "" && c.Label == "" || len(all) == MaxList {
		return all
	}
	return appendNew(all, c)
}

package feed

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"time"

	"github.com/gorilla/feeds"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// RSS 2.0 (https://www.rssboard.org/rss-specification) in gorilla's types, as for Atom. What RSS has no word for is said
// in Atom's and Dublin Core's.

type rssDocument struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	namespaces
	Channel rssChannel
}

// FeedXml makes the document one that gorilla writes.
func (d *rssDocument) FeedXml() any { return d }

type rssChannel struct {
	feeds.RssFeed            // title, link, description, language, lastBuildDate, generator, docs
	XMLName       xml.Name   `xml:"channel"`
	Links         []rssLink  `xml:"atom:link"`
	Items         []*rssItem `xml:"item"`
}

type rssItem struct {
	feeds.RssItem               // title, description, content:encoded, enclosure, guid, pubDate
	XMLName       xml.Name      `xml:"item"`
	Link          string        `xml:"link,omitempty"`
	Categories    []rssCategory `xml:"category"`
	Source        *rssSource    `xml:"source"`
	Updated       string        `xml:"atom:updated"`
	Links         []rssLink     `xml:"atom:link"`
	Creators      []string      `xml:"dc:creator"`
	Contributors  []string      `xml:"dc:contributor"`
	Lang          string        `xml:"dc:language,omitempty"`
	Rights        string        `xml:"dc:rights,omitempty"`
	vocabularies
}

// rssLink is an atom:link inside RSS.
type rssLink struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Lang   string `xml:"hreflang,attr,omitempty"`
	Title  string `xml:"title,attr,omitempty"`
	Length int64  `xml:"length,attr,omitempty"`
	Href   string `xml:"href,attr"`
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Term   string `xml:",chardata"`
}

type rssSource struct {
	URL   string `xml:"url,attr"`
	Title string `xml:",chardata"`
}

// rssDate formats t for RSS: RFC 822 with four digits for the year.
func rssDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }

// RSS writes a document of items.
func RSS(h Head, items []Entry) ([]byte, error) {
	whole, err := feeds.ToXML(newRSSDocument(h, vocabulariesOf(items)))
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return joined(whole, "\n  </channel>\n</rss>", items), nil
}

// newRSSDocument returns the document without items.
func newRSSDocument(h Head, uses prefixes) *rssDocument {
	d := &rssDocument{Version: "2.0", Atom: nsAtom, namespaces: uses.declare(), Channel: rssChannel{
		RssFeed: feeds.RssFeed{
			Title: view.Plain(h.Title), Link: h.Home, Description: h.Description, Language: text.CanonicalTag(h.Language),
			LastBuildDate: rssDate(h.Updated), Generator: view.OneLine("Dateline " + view.OneLine(h.Version)),
			Docs: "https://www.rssboard.org/rss-specification",
		},
		Links: []rssLink{{Rel: "self", Type: TypeRSS, Href: h.Self}},
	}}
	if h.Icon != "" {
		d.Channel.Image = &feeds.RssImage{Url: h.Icon, Title: d.Channel.Title, Link: h.Home}
	}
	if h.Hub != "" {
		d.Channel.Links = append(d.Channel.Links, rssLink{Rel: "hub", Href: h.Hub})
	}
	return d
}

// RSSItem writes an entry as a document of RSS has it.
func RSSItem(c *view.Entry, at view.Addresses, o EntryOptions) (Entry, error) {
	i := newRSSItem(c, at, o)
	return writeXML(i, "    ", i.uses())
}

func newRSSItem(c *view.Entry, at view.Addresses, o EntryOptions) *rssItem {
	i := &rssItem{
		RssItem: feeds.RssItem{Title: view.Plain(o.title(c)), Guid: &feeds.RssGuid{Id: c.Entry.AtomID(), IsPermaLink: "false"}},
		Updated: stamp(c.Updated()),
	}
	if !c.Published.IsZero() {
		i.PubDate = rssDate(c.Published)
	}
	if c.Entry.State == news.Withdrawn {
		i.Title, i.Link, i.Description = view.Plain(c.WithdrawnTitle()), at.Entry(c.Entry.Key), c.Withdrawal()
		i.Creators = []string{c.Agency.Name}
		return i
	}
	i.Link = c.Link
	i.setTexts(c)
	i.setLinks(entryLinks(c, at))
	for _, cat := range c.Categories() {
		i.Categories = append(i.Categories, rssCategory{Domain: cat.Scheme, Term: view.Plain(cat.Term)})
	}
	if src := newAtomSource(c); src.address() != "" {
		i.Source = &rssSource{URL: src.address(), Title: view.Plain(src.Title.Text)}
	}
	authors, contributors := o.people(c)
	for _, who := range authors {
		i.Creators = append(i.Creators, who.Name)
	}
	for _, who := range contributors {
		i.Contributors = append(i.Contributors, who.Name)
	}
	i.Lang, i.Rights = c.Lang, view.Plain(c.Rights)
	i.vocabularies = newVocabularies(c, o)
	i.Licence = view.Plain(c.Licence)
	return i
}

// setTexts sets description and content. The credit line is in the content, and in the description only where
// there is nothing else.
func (i *rssItem) setTexts(c *view.Entry) {
	bare, _ := c.Granted()
	content, summary := c.Texts()
	if bare == "" {
		i.Description = content
		return
	}
	i.Description, i.Content = cmp.Or(summary, bare), &feeds.RssContent{Content: content}
}

// setLinks sets the links other than that of the source's page. RSS has one enclosure, and it needs a type.
func (i *rssItem) setLinks(all []atomLink) {
	for _, l := range all {
		switch {
		case l.Rel == "alternate", l.Rel == relLicence: // dcterms:license says it
		case l.Rel == "enclosure" && l.Type != "" && i.Enclosure == nil:
			i.Enclosure = &feeds.RssEnclosure{Url: l.Href, Type: l.Type, Length: strconv.FormatInt(l.Length, 10)}
		default:
			i.Links = append(i.Links, rssLink{Rel: l.Rel, Type: l.Type, Lang: l.Lang, Title: l.Title, Length: l.Length, Href: l.Href})
		}
	}
}

// uses are the vocabularies of the item.
func (i *rssItem) uses() prefixes {
	u := i.vocabularies.uses()
	u.dc = u.dc || len(i.Creators)+len(i.Contributors) > 0 || i.Lang+i.Rights != ""
	u.content = i.Content != nil
	return u
}

package feed

import (
	"cmp"
	"encoding/xml"
	"html"
	"time"

	"github.com/gorilla/feeds"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// The types below are gorilla's with the elements that its own cannot say: an embedded field that is
// declared again nearer to the surface is not printed. Prefixes such as media: are literal; the root
// declares those that the document uses. Embedded slices and pointers that are shadowed stay nil.

// Link relations beyond those of RFC 4287. `related` is never used: readers take the first one for the permalink.
const (
	relLicence  = "license" // RFC 4946
	relVersion  = "http://purl.org/dc/terms/hasVersion"
	relReplaces = "http://purl.org/dc/terms/replaces"
	relRelation = "http://purl.org/dc/terms/relation" // another report of the same story
)

type atomEntry struct {
	feeds.AtomEntry                // id, updated, published, content, summary, rights
	XMLName         xml.Name       `xml:"entry"`
	Lang            *string        `xml:"xml:lang,attr"` // empty: unknown, and not that of the feed
	Title           atomText       `xml:"title"`
	Links           []atomLink     `xml:"link"`
	Authors         []atomPerson   `xml:"author"`
	Contributors    []atomPerson   `xml:"contributor"`
	Categories      []atomCategory `xml:"category"`
	Rights          *atomText      `xml:"rights"`
	Source          *atomSource    `xml:"source"`
	vocabularies
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	XMLName xml.Name `xml:"link"`
	Rel     string   `xml:"rel,attr"`
	Type    string   `xml:"type,attr,omitempty"`
	Lang    string   `xml:"hreflang,attr,omitempty"`
	Title   string   `xml:"title,attr,omitempty"`
	Length  int64    `xml:"length,attr,omitempty"`
	Href    string   `xml:"href,attr"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomSource struct {
	ID      string       `xml:"id"`
	Title   atomText     `xml:"title"`
	Updated string       `xml:"updated"`
	Authors []atomPerson `xml:"author"`
	Links   []atomLink   `xml:"link"`
	Rights  *atomText    `xml:"rights"`
	Licence string       `xml:"dcterms:license,omitempty"` // the name of one that has no address
}

// address returns the address of the source's feed, else that of its pages; "" for none.
func (s *atomSource) address() string {
	if len(s.Links) == 0 || s.Links[0].Rel == relLicence {
		return ""
	}
	return s.Links[0].Href
}

// licence returns the licence of the source's feed: its address, else its name; "" for none.
func (s *atomSource) licence() string {
	if n := len(s.Links); n > 0 && s.Links[n-1].Rel == relLicence {
		return s.Links[n-1].Href
	}
	return s.Licence
}

// uses are the vocabularies of the entry.
func (a *atomEntry) uses() prefixes {
	u := a.vocabularies.uses()
	u.dcterms = u.dcterms || a.Source != nil && a.Source.Licence != ""
	return u
}

// atomTitle writes plain text as a text construct: as text, or, where that would be taken for markup, as
// HTML that shows the same characters (RFC 4287 section 3.1.1).
func atomTitle(s string) atomText {
	if view.TagLike(s) {
		return atomText{Type: "html", Text: html.EscapeString(s)}
	}
	return atomText{Text: s}
}

// optional is atomTitle for an element that is left out when it would be blank.
func optional(s string) *atomText {
	if s = view.OneLine(s); s == "" {
		return nil
	}
	t := atomTitle(s)
	return &t
}

func people(parties []view.Party) []atomPerson {
	all := make([]atomPerson, 0, len(parties))
	for _, who := range parties {
		all = append(all, atomPerson{Name: who.Name, URI: who.Site})
	}
	return all
}

// AtomEntry writes an entry as a document of Atom has it.
func AtomEntry(c *view.Entry, at view.Addresses, o EntryOptions) (Entry, error) {
	a := newAtomEntry(c, at, o)
	return writeXML(a, "  ", a.uses())
}

func newAtomEntry(c *view.Entry, at view.Addresses, o EntryOptions) *atomEntry {
	a := &atomEntry{
		AtomEntry: feeds.AtomEntry{Id: c.Entry.AtomID(), Updated: stamp(c.Updated())},
		Title:     atomTitle(o.title(c)),
	}
	if c.Lang != "" || o.Language != "" {
		a.Lang = &c.Lang
	}
	if !c.Published.IsZero() {
		a.Published = stamp(c.Published)
	}
	if c.Entry.State == news.Withdrawn {
		a.Title = atomTitle(c.WithdrawnTitle())
		a.Links = []atomLink{{Rel: "alternate", Type: TypeHTML, Href: at.Entry(c.Entry.Key)}}
		a.Authors = people([]view.Party{c.Agency})
		a.Content = &feeds.AtomContent{Type: "text", Content: c.Withdrawal()}
		return a
	}
	a.Links = entryLinks(c, at)
	authors, contributors := o.people(c)
	a.Authors, a.Contributors = people(authors), people(contributors)
	for _, cat := range c.Categories() {
		a.Categories = append(a.Categories, atomCategory(cat))
	}
	a.Rights = optional(c.Rights)
	a.Source = newAtomSource(c)
	a.vocabularies = newVocabularies(c, o)
	a.Licence = licenceName(c.Licence)
	content, summary := c.Texts()
	a.Content = &feeds.AtomContent{Type: "html", Content: content}
	if summary != "" {
		a.Summary = &feeds.AtomSummary{Type: "html", Content: summary}
	}
	return a
}

// entryLinks returns the links of the entry: the source's page, other copies, other media, what it takes the place of,
// other reports, and the licence.
func entryLinks(c *view.Entry, at view.Addresses) []atomLink {
	var all []atomLink
	if c.Link != "" {
		all = append(all, atomLink{Rel: "alternate", Lang: c.Lang, Href: c.Link})
	}
	via := false
	for _, o := range c.Copies {
		if o.Link == "" {
			continue
		}
		l := atomLink{Rel: relVersion, Lang: o.Lang, Title: view.Plain(o.Name), Href: o.Link}
		if o.Original && c.Via && !via {
			l.Rel, via = "via", true
		}
		all = append(all, l)
	}
	for _, m := range c.Enclosures() {
		all = append(all, atomLink{Rel: "enclosure", Type: view.MimeType(m.Type), Title: view.Plain(m.Title), Length: max(m.Length, 0),
			Href: m.URL})
	}
	if j := c.Item.Supersedes; j != nil && !j.Entry.IsZero() {
		all = append(all, atomLink{Rel: relReplaces, Lang: c.Lang, Href: at.Entry(j.Entry)})
	}
	for _, o := range c.Related {
		all = append(all, atomLink{Rel: relRelation, Lang: o.Lang, Title: view.Plain(o.Title), Href: at.Entry(o.Key)})
	}
	if l := view.Web(c.Licence); l != "" {
		all = append(all, atomLink{Rel: relLicence, Href: l})
	}
	return all
}

// newAtomSource returns what the source's feed said of itself at the visit that brought the revision, or the
// source that the item brought along (RFC 4287 section 4.2.11).
func newAtomSource(c *view.Entry) *atomSource {
	f, id := c.Item.Feed, view.SourceID(c.Item.Source, c.Item.Feed.ID)
	self, site := cmp.Or(view.Upstream(f.Self), view.Upstream(c.Source.URL)), cmp.Or(view.Web(f.Site), view.Web(c.Source.Site))
	rights, terms := cmp.Or(f.Rights, c.Source.Rights), cmp.Or(view.Licence(f.Licence), view.Licence(c.Source.Licence))
	title, author := cmp.Or(view.OneLine(f.Title), c.Publisher.Name), c.Publisher
	if c.Item.Origin != nil {
		f = *c.Item.Origin
		id = view.SourceID(cmp.Or(f.ID, f.Self, f.Site, f.Title), f.ID)
		self, site, rights = view.Upstream(f.Self), view.Web(f.Site), f.Rights
		title, author, terms = cmp.Or(view.OneLine(f.Title), c.Agency.Name), c.Agency, view.Licence(f.Licence)
	}
	s := &atomSource{
		ID: id, Title: atomTitle(title), Updated: stamp(sourceUpdated(c, f)), Rights: optional(rights), Licence: licenceName(terms),
	}
	if self != "" {
		s.Links = append(s.Links, atomLink{Rel: "self", Href: self})
	}
	if site != "" {
		s.Links = append(s.Links, atomLink{Rel: "alternate", Href: site})
	}
	if l := view.Web(terms); l != "" {
		s.Links = append(s.Links, atomLink{Rel: relLicence, Href: l})
	}
	for _, a := range f.Authors {
		if n := view.Name(a.Name); n != "" {
			s.Authors = append(s.Authors, atomPerson{Name: n, URI: view.Web(a.URI)})
		}
	}
	if len(s.Authors) == 0 {
		s.Authors = []atomPerson{{Name: author.Name}}
	}
	return s
}

// sourceUpdated returns when the source's feed was updated: as it says where that can be, else when the item
// was first seen, in whole seconds.
func sourceUpdated(c *view.Entry, f news.Feed) time.Time {
	visit := view.FirstKnown(c.Item.Revised, c.Item.FirstSeen)
	t := f.Updated
	if !view.Known(t) || t.After(visit.Add(time.Hour)) {
		t = view.FirstKnown(c.Item.FirstSeen, c.Entry.Updated, view.Epoch)
	}
	return t.Truncate(time.Second)
}

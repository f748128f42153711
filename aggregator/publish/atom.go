package publish

import (
	"encoding/xml"
	"html"
	"time"

	"github.com/gorilla/feeds"

	"dateline/aggregator/news"
)

// The types below are gorilla's with the elements that its own cannot say: an embedded field that is
// declared again nearer to the surface is not printed. Prefixes such as media: are literal; the root
// declares those that the document uses. Embedded slices and pointers that are shadowed stay nil.

// Names of the vocabularies, by prefix.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsMedia   = "http://search.yahoo.com/mrss/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsDCTerms = "http://purl.org/dc/terms/"
	nsNAR     = "http://iptc.org/std/nar/2006-10-01/"
)

// Link relations beyond RFC 4287. `related` is never used: readers take the first one for the permalink.
const (
	relVersion  = "http://purl.org/dc/terms/hasVersion"
	relReplaces = "http://purl.org/dc/terms/replaces"
	relRelation = "http://purl.org/dc/terms/relation" // another telling of the same story
)

type atomFeed struct {
	feeds.AtomFeed           // id, updated
	XMLName        xml.Name  `xml:"feed"`
	Lang           string    `xml:"xml:lang,attr,omitempty"`
	Media          string    `xml:"xmlns:media,attr,omitempty"`
	DC             string    `xml:"xmlns:dc,attr,omitempty"`
	DCTerms        string    `xml:"xmlns:dcterms,attr,omitempty"`
	NAR            string    `xml:"xmlns:nar,attr,omitempty"`
	Title          atomText  `xml:"title"`
	Generator      generator `xml:"generator"`
	Links          []atomLink
	Entries        []*atomEntry
}

// FeedXml makes the feed one that gorilla writes.
func (f *atomFeed) FeedXml() any { return f }

type generator struct {
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

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
	Publisher       string         `xml:"dc:publisher,omitempty"`
	Citation        string         `xml:"dcterms:bibliographicCitation,omitempty"`
	Provenance      string         `xml:"dcterms:provenance,omitempty"`
	Pictures        []mediaContent `xml:"media:content"`
	Credits         []mediaCredit  `xml:"media:credit"`
	Dateline        string         `xml:"nar:dateline,omitempty"`
	Creditlines     []string       `xml:"nar:creditline"`
	By              []string       `xml:"nar:by"`
	InfoSource      string         `xml:"nar:infoSource,omitempty"`
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
}

type mediaContent struct {
	URL         string          `xml:"url,attr"`
	Type        string          `xml:"type,attr,omitempty"`
	Medium      string          `xml:"medium,attr,omitempty"`
	Size        int64           `xml:"fileSize,attr,omitempty"`
	Width       int             `xml:"width,attr,omitempty"`
	Height      int             `xml:"height,attr,omitempty"`
	Title       *atomText       `xml:"media:title"`
	Description *atomText       `xml:"media:description"`
	Thumbnail   *mediaThumbnail `xml:"media:thumbnail"`
	Credits     []mediaCredit   `xml:"media:credit"`
	Copyright   string          `xml:"media:copyright,omitempty"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

type mediaCredit struct {
	Role   string `xml:"role,attr,omitempty"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Name   string `xml:",chardata"`
}

// atomTitle writes plain text as a text construct: as text, or, where that would be taken for markup, as
// HTML that shows the same characters (RFC 4287 section 3.1.1).
func atomTitle(s string) atomText {
	if tagLike(s) {
		return atomText{Type: "html", Text: html.EscapeString(s)}
	}
	return atomText{Text: s}
}

// optional is atomTitle for an element that is left out when it would be blank.
func optional(s string) *atomText {
	if s = line(s); s == "" {
		return nil
	}
	t := atomTitle(s)
	return &t
}

// atomMedia is optional for Media RSS, which knows `plain` and `html`.
func atomMedia(s string) *atomText {
	t := optional(s)
	if t != nil && t.Type == "" {
		t.Type = "plain"
	}
	return t
}

func people(parties []party) []atomPerson {
	all := make([]atomPerson, 0, len(parties))
	for _, who := range parties {
		all = append(all, atomPerson{Name: who.name, URI: who.site})
	}
	return all
}

// entry builds the Atom entry of a piece.
func (p *Publisher) entry(c *piece) *atomEntry {
	a := &atomEntry{
		AtomEntry: feeds.AtomEntry{Id: c.e.AtomID(), Updated: stamp(c.updated())},
		Title:     atomTitle(c.title),
		Authors:   people(c.authors()),
	}
	if c.lang != "" || p.o.Language != "" {
		a.Lang = &c.lang
	}
	if !c.published.IsZero() {
		a.Published = stamp(c.published)
	}
	if c.e.State == news.Withdrawn {
		a.Title = atomText{Text: "Withdrawn"}
		a.Authors = people([]party{c.agency})
		a.Content = &feeds.AtomContent{Type: "text", Content: c.words.Withdrawn}
		return a
	}
	a.Links = c.links()
	if j := c.it.Supersedes; j != nil && !j.Entry.IsZero() {
		a.Links = append(a.Links, atomLink{Rel: relReplaces, Lang: c.lang, Href: p.base + "entries/" + j.Entry.String()})
	}
	for _, o := range c.tellings {
		a.Links = append(a.Links, atomLink{Rel: relRelation, Lang: o.lang, Title: plain(o.title), Href: p.base + "entries/" + o.key.String()})
	}
	a.Contributors = people(c.contributors)
	a.Categories = p.categories(c)
	a.Rights = optional(c.rights)
	a.Source = p.atomSource(c)
	a.Publisher = plain(c.agency.name)
	a.Citation = c.lineText()
	if d := c.it.Credits.Dateline; d != nil {
		a.Provenance = line(d.Raw)
	}
	a.pictures(c.illustrations())
	p.texts(a, c)
	if p.o.IPTC {
		a.iptc(c)
	}
	return a
}

// texts fills content and summary. Where the grant and the options leave no content the title stands in:
// an entry without any must have a link (RFC 4287 section 4.1.2), and not every item has one.
func (p *Publisher) texts(a *atomEntry, c *piece) {
	content, summary := c.body()
	if p.o.CreditLine {
		content += `<p class="credit">` + c.lineHTML() + `</p>`
	}
	if content == "" {
		content = html.EscapeString(c.title)
	}
	a.Content = &feeds.AtomContent{Type: "html", Content: content}
	if summary != "" {
		a.Summary = &feeds.AtomSummary{Type: "html", Content: summary}
	}
}

func (c *piece) links() []atomLink {
	var all []atomLink
	if c.link != "" {
		all = append(all, atomLink{Rel: "alternate", Lang: c.lang, Href: c.link})
	}
	via := false
	for _, o := range c.copies {
		if o.link == "" {
			continue
		}
		l := atomLink{Rel: relVersion, Lang: o.lang, Title: plain(o.name), Href: o.link}
		if o.original && c.via && !via {
			l.Rel, via = "via", true
		}
		all = append(all, l)
	}
	for _, m := range c.enclosures() {
		all = append(all, atomLink{Rel: "enclosure", Type: mimeType(m.Type), Title: plain(m.Title), Length: max(m.Length, 0), Href: m.URL})
	}
	return all
}

// categories returns the topics and ids of the sources that carry the piece, then the source's own.
func (p *Publisher) categories(c *piece) []atomCategory {
	var all []atomCategory
	known := make(map[[2]string]bool)
	put := func(a atomCategory) {
		if k := [2]string{a.Scheme, a.Term}; a.Term != "" && !known[k] {
			known[k] = true
			all = append(all, a)
		}
	}
	sources := []news.Source{c.src}
	for _, o := range c.copies {
		sources = append(sources, o.source)
	}
	for _, src := range sources {
		for _, topic := range src.Topics {
			put(atomCategory{Term: topic, Scheme: "urn:dateline:topic", Label: plain(p.o.Topics[topic])})
		}
	}
	for _, src := range sources {
		put(atomCategory{Term: src.ID, Scheme: "urn:dateline:source", Label: plain(src.Name)})
	}
	for _, own := range c.it.Categories {
		put(atomCategory{Term: line(own.Term), Label: plain(own.Label)})
	}
	return all
}

// atomSource returns what the source's feed said of itself at the visit that brought the revision, or the
// source that the item brought along (RFC 4287 section 4.2.11).
func (p *Publisher) atomSource(c *piece) *atomSource {
	f, id := c.it.Feed, SourceID(c.it.Source, c.it.Feed.ID)
	self, site, rights := first(web(f.Self), web(c.src.URL)), first(web(f.Site), web(c.src.Site)), first(f.Rights, c.src.Rights)
	title, author := first(line(f.Title), c.publisher.name), c.publisher
	if c.it.Origin != nil {
		f = *c.it.Origin
		id = SourceID(first(f.ID, f.Self, f.Site, f.Title), f.ID)
		self, site, rights = web(f.Self), web(f.Site), f.Rights
		title, author = first(line(f.Title), c.agency.name), c.agency
	}
	s := &atomSource{ID: id, Title: atomTitle(title), Updated: stamp(c.sourceUpdated(f)), Rights: optional(rights)}
	if self != "" {
		s.Links = append(s.Links, atomLink{Rel: "self", Href: self})
	}
	if site != "" {
		s.Links = append(s.Links, atomLink{Rel: "alternate", Href: site})
	}
	for _, a := range f.Authors {
		if n := name(a.Name); n != "" {
			s.Authors = append(s.Authors, atomPerson{Name: n, URI: web(a.URI)})
		}
	}
	if len(s.Authors) == 0 {
		s.Authors = []atomPerson{{Name: author.name}}
	}
	return s
}

// sourceUpdated returns when the source's feed was updated: as it says where that can be, else when the item
// was first seen, in whole seconds.
func (c *piece) sourceUpdated(f news.Feed) time.Time {
	visit := firstKnown(c.it.Revised, c.it.FirstSeen)
	t := f.Updated
	if !known(t) || t.After(visit.Add(time.Hour)) {
		t = firstKnown(c.it.FirstSeen, c.e.Updated, unborn)
	}
	return t.Truncate(time.Second)
}

func (a *atomEntry) pictures(all []illustration) {
	for _, pic := range all {
		credits := mediaCredits(pic.photos)
		if pic.URL == "" {
			a.Credits = credits
			continue
		}
		m := mediaContent{
			URL: pic.URL, Type: mimeType(pic.Type), Medium: "image", Size: max(pic.Length, 0),
			Width: max(pic.Width, 0), Height: max(pic.Height, 0), Title: atomMedia(pic.Media.Title),
			Description: atomMedia(pic.Description), Credits: credits, Copyright: plain(pic.Copyright),
		}
		if t := web(pic.Thumbnail); t != "" {
			m.Thumbnail = &mediaThumbnail{URL: t}
		}
		a.Pictures = append(a.Pictures, m)
	}
}

// iptc repeats the credits in the vocabulary of IPTC's news architecture.
func (a *atomEntry) iptc(c *piece) {
	a.Dateline = a.Provenance
	a.Creditlines = photoLines(c.photos)
	for _, who := range c.byline {
		a.By = append(a.By, who.name)
	}
	a.InfoSource = c.agency.name
}

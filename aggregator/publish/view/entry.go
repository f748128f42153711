// Package view makes of an entry of the store what may be shown of it.
//
// The rules are:
//   - A [Maker] cleans an entry once; what a [Entry] returns can be written as it is, escaped for the format. Names have neither
//     tags nor mail addresses, titles are one line, addresses are absolute http or https URIs in ASCII, or empty.
//   - Of a source's text only that much is in it as the source grants ([news.Content]). A source that is not configured any more
//     grants headlines.
//   - A credit line is repeated as printed.
//
// Nothing here knows a clock, a format or the store.
package view

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Maker makes views of entries, each by the same sources, registry and options. The zero value knows no source and no agency. Its
// methods may be called at the same time.
type Maker struct {
	Sources    map[string]*news.Source              // by id, the configured ones and those that were removed
	Agency     func(key string) (news.Agency, bool) // looks up the registry of agencies; nil: an empty registry
	Topics     map[string]string                    // names of topics for readers, by id; may lack some
	Summary    int                                  // characters of plain text that a source which grants summaries lets out; 0: 500
	CreditLine bool                                 // a visible credit line ends each content
}

// Source returns the configuration of the source id. One that is not configured any more keeps its
// credit and grants no more than headlines.
func (m *Maker) Source(id string) news.Source {
	src := news.Source{ID: id, Content: news.Headline}
	if known := m.Sources[id]; known != nil {
		src = *known
	}
	if src.Agency == "" {
		src.Agency = id
	}
	if src.Content == "" {
		src.Content = news.Summary
	}
	return src
}

// Entry is an entry as it may be shown, in any format: its texts as far as they are granted, who made it, and where else
// it was published. Names, titles and addresses in it are clean.
type Entry struct {
	maker   *Maker
	Entry   news.Entry  // as stored
	Item    news.Item   // the representative
	Source  news.Source // of the representative
	grant   grant       // of src
	Lang    string      // BCP 47; empty: unknown
	words   *Words      // of its language
	Title   string      // plain text
	Link    string      // of the source's page; may be empty
	Rights  string      // as printed; empty: none
	Licence string      // address, else name; may be empty

	At        time.Time // what entries are ordered by: published, or first seen where that is missing
	Published time.Time // whole seconds; zero: missing, regardless of what the entry is ordered by

	Agency       Party   // the originator
	AgencyLink   string  // of the originator's own report, else its site; may be empty
	Joint        []Party // further originators, in the order printed
	Byline       []Party // persons who wrote it
	Contributors []Party
	Publisher    Party // the representative's source
	Via          bool  // the originator is another than the publisher
	Photos       []news.Photo
	Copies       []Copy // of other sources, in the order in which they joined
	// Filled by the reader of the store.
	Related    []Related       // other entries of the story, in its order
	StoryCount news.StoryCount // of the story
}

// Party is someone who is credited.
type Party struct {
	Key  string // of the registry; empty: a person, or not in the registry
	Name string // as shown, never empty
	Site string // its own address; may be empty
}

// Copy is another item of the entry: the same text, published by someone else or under another id.
type Copy struct {
	Party
	Link     string // its page; may be empty
	Source   news.Source
	Lang     string     // BCP 47; empty: unknown
	Original bool       // it is the originator's own
	Join     *news.Join // why it is in the entry
}

// Related is another entry about the same event.
type Related struct {
	Key   news.Key
	Name  string // of its publisher
	Title string // plain text
	Lang  string // BCP 47; empty: unknown

	Copies int // of its text
}

// Entry returns the view of the entry e with its items, the representative first. It needs at least one item. Related and
// StoryCount are left empty: the reader of the store fills them.
func (m *Maker) Entry(e news.Entry, items []news.Item) *Entry {
	it := items[0]
	c := &Entry{maker: m, Entry: e, Item: it, Source: m.Source(it.Source), At: FirstKnown(e.Published, it.FirstSeen, e.Updated)}
	if !it.Published.IsZero() {
		c.Published = FirstKnown(e.Published).Truncate(time.Second)
	}
	c.grant = m.grant(c.Source)
	c.Lang = firstTag(it.Language, c.Source.Language, it.Feed.Language)
	c.words = WordsFor(c.Lang)
	c.Link = Web(it.URL)
	c.Rights = cmp.Or(OneLine(it.Credits.Rights), OneLine(it.Rights), OneLine(c.Source.Rights))
	c.Licence = cmp.Or(Licence(it.Licence), Licence(c.Source.Licence))
	c.Publisher = m.publisher(it, c.Lang)
	c.Agency = m.originator(it, c.Lang, c.Publisher)
	c.Via = c.Publisher.Name != "" && !same(c.Agency, c.Publisher)
	c.Photos = c.grant.photos(it)
	for _, other := range items[1:] {
		c.Copies = append(c.Copies, m.copied(other, c.Agency))
	}
	c.AgencyLink = c.original()
	c.Joint = m.joint(c)
	c.Byline = m.byline(c)
	c.Contributors = m.contributors(c)
	c.Title = c.headline()
	return c
}

// original returns the address of the originator's own report, else that of its site.
func (c *Entry) original() string {
	if !c.Via {
		return cmp.Or(c.Link, c.Agency.Site)
	}
	for _, o := range c.Copies {
		if o.Original && o.Link != "" {
			return o.Link
		}
	}
	return c.Agency.Site
}

// firstTag returns the first of the tags that is one.
func firstTag(item, source, feed string) string {
	for _, s := range []string{item, source, feed} {
		if t := text.CanonicalTag(s); t != "" {
			return t
		}
	}
	return ""
}

// same reports whether a and b are the same agency, by key where both have one, else by name.
func same(a, b Party) bool {
	if a.Key != "" && b.Key != "" && a.Key == b.Key {
		return true
	}
	if strings.EqualFold(a.Name, b.Name) {
		return true
	}
	return !(ascii(a.Name) && ascii(b.Name)) && text.Fold(a.Name) == text.Fold(b.Name)
}

// publisher returns who published it: the name that the operator gave to the source, else the agency's,
// else what the feed calls itself.
func (m *Maker) publisher(it news.Item, lang string) Party {
	src := m.Source(it.Source)
	host := ""
	if u, err := url.Parse(cmp.Or(it.URL, it.Feed.Self, it.Feed.Site)); err == nil {
		host = u.Hostname()
	}
	return Party{
		Key:  src.Agency,
		Name: cmp.Or(Name(src.Name), Name(m.AgencyName(src.Agency, lang)), Name(it.Feed.Title), Name(host), OneLine(src.ID)),
		Site: cmp.Or(m.Site(src.Agency), Web(src.Site), Web(it.Feed.Site)),
	}
}

// originator returns whose report it is: the agency that the text was found to name, else the source that
// the item says it was taken from, else its publisher.
func (m *Maker) originator(it news.Item, lang string, publisher Party) Party {
	if a := it.Credits.Agency; a != nil {
		if n := cmp.Or(Name(a.Label()), Name(m.AgencyName(a.Agency, lang))); n != "" {
			return Party{Key: a.Agency, Name: n, Site: m.Site(a.Agency)}
		}
	}
	if it.Origin != nil {
		if n := Name(it.Origin.Title); n != "" {
			return Party{Name: n, Site: cmp.Or(Web(it.Origin.Site), Upstream(it.Origin.Self))}
		}
	}
	return publisher
}

// joint returns the agencies that are named as originators beside the first.
func (m *Maker) joint(c *Entry) []Party {
	var all []Party
	for _, cr := range c.Item.Credits.Joint {
		who := Party{Key: cr.Agency, Name: cmp.Or(Name(cr.Label()), Name(m.AgencyName(cr.Agency, c.Lang))), Site: m.Site(cr.Agency)}
		if !same(who, c.Agency) {
			all = add(all, who)
		}
	}
	return all
}

// copied returns how another item of an entry by agency is credited.
func (m *Maker) copied(it news.Item, agency Party) Copy {
	src := m.Source(it.Source)
	lang := firstTag(it.Language, src.Language, it.Feed.Language)
	who := m.publisher(it, lang)
	return Copy{Party: who, Link: Web(it.URL), Source: src, Lang: lang, Original: same(who, agency), Join: it.Join}
}

// lookUp returns what the registry has of an agency.
func (m *Maker) lookUp(key string) (news.Agency, bool) {
	if m.Agency == nil {
		return news.Agency{}, false
	}
	return m.Agency(key)
}

// AgencyName returns the registry's name of an agency in lang; empty where the registry has none.
func (m *Maker) AgencyName(key, lang string) string {
	a, ok := m.lookUp(key)
	if !ok {
		return ""
	}
	base, _, _ := strings.Cut(lang, "-")
	return cmp.Or(a.Names[lang], a.Names[base], a.Name)
}

// Site returns the registry's address of an agency; empty where it has none.
func (m *Maker) Site(key string) string {
	a, _ := m.lookUp(key)
	return Web(a.Site)
}

// byline returns the persons who wrote it. Where the credits have not been judged yet, it is those whom the feed
// calls authors, without agencies.
func (m *Maker) byline(c *Entry) []Party {
	var all []Party
	for _, b := range c.Item.Credits.Byline {
		all = add(all, Party{Key: b.Agency, Name: Name(b.Label())})
	}
	if len(all) > 0 || judged(c.Item.Credits) {
		return all
	}
	return m.named(all, c, c.Item.Authors)
}

// named adds to all the persons that the feed names. A field that holds a name which is credited already, or was judged to be
// no credit, is left out: `By Jane Roe, TASS` says nothing beyond Jane Roe.
func (m *Maker) named(all []Party, c *Entry, persons []news.Person) []Party {
	if len(persons) == 0 {
		return all
	}
	var known []string
	for _, who := range append([]Party{c.Agency, c.Publisher}, all...) {
		a, _ := m.lookUp(who.Key)
		known = append(known, who.Name, a.Name)
		known = append(known, a.Also...)
		for _, s := range a.Names {
			known = append(known, s)
		}
	}
	for _, cr := range slices.Concat(c.Item.Credits.Byline, c.Item.Credits.Other) {
		known = append(known, cr.Name)
	}
	for _, person := range persons {
		n := Name(person.Name)
		if !slices.ContainsFunc(known, func(k string) bool { return mentions(n, k) }) {
			all = add(all, Party{Name: n, Site: Web(person.URI)})
		}
	}
	return all
}

// mentions reports whether s has the words of who in a row.
func mentions(s, who string) bool {
	words := func(s string) string { return " " + strings.Join(text.Words(s), " ") + " " }
	return strings.Contains(words(s), words(who))
}

// judged reports whether c says more than nothing.
func judged(c news.Credits) bool {
	return c.Agency != nil || c.Dateline != nil || len(c.Byline)+len(c.Photos)+len(c.Cited)+len(c.Other) > 0
}

// add appends who to all, unless it has no name or its name is there.
func add(all []Party, who Party) []Party {
	if who.Name == "" || slices.ContainsFunc(all, func(p Party) bool { return same(p, who) }) {
		return all
	}
	return append(all, who)
}

// Authors returns the authors of the entry: the persons who wrote it, else the originator.
func (c *Entry) Authors() []Party {
	if len(c.Byline) > 0 {
		return c.Byline
	}
	return []Party{c.Agency}
}

// contributors returns everybody else who is credited: the originator where persons are the authors, who
// made and supplied the photos, who carried it, and others that the feed names.
func (m *Maker) contributors(c *Entry) []Party {
	authors := c.Authors()
	all := add(slices.Clone(authors), c.Agency)
	for _, who := range c.Joint {
		all = add(all, who)
	}
	for _, ph := range c.Photos {
		for _, link := range ph.Chain {
			all = add(all, Party{Key: link.Agency, Name: Name(link.Label()), Site: m.Site(link.Agency)})
		}
	}
	all = add(all, c.Publisher)
	for _, o := range c.Copies {
		all = add(all, o.Party)
	}
	all = m.named(all, c, slices.Concat(c.Item.Authors, c.Item.Contributors))
	return all[len(authors):]
}

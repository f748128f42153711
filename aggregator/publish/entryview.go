package publish

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// maker makes views of entries, each by the same sources, registry and options.
type maker struct {
	sources    map[string]news.Source               // by id, the configured ones and those that were removed
	agency     func(key string) (news.Agency, bool) // looks up the registry of agencies; nil: an empty registry
	topics     map[string]string                    // names of topics for readers, by id; may lack some
	summary    int                                  // characters of plain text that a source which grants summaries lets out; 0: 500
	creditLine bool                                 // a visible credit line ends each content
}

// source returns the configuration of the source id. One that is not configured any more keeps its
// credit and grants no more than headlines.
func (m *maker) source(id string) news.Source {
	src, ok := m.sources[id]
	if !ok {
		src = news.Source{ID: id, Content: news.Headline}
	}
	if src.Agency == "" {
		src.Agency = id
	}
	if src.Content == "" {
		src.Content = news.Summary
	}
	return src
}

// entryView is an entry as it may be shown, in any format: its texts as far as they are granted, who made it, and where else
// it was published. Names, titles and addresses in it are clean.
type entryView struct {
	maker   *maker
	e       news.Entry
	it      news.Item   // the representative
	src     news.Source // of the representative
	grant   grant       // of src
	lang    string      // BCP 47; empty: unknown
	words   *entryWords // of its language
	title   string
	link    string // of the source's page; may be empty
	rights  string
	licence string // address, else name; may be empty

	at        time.Time // what entries are ordered by: published, or first seen where that is missing
	published time.Time // whole seconds; zero: missing, regardless of what the entry is ordered by

	agency       party   // the originator
	agencyLink   string  // of the originator's own telling, else its site; may be empty
	joint        []party // further originators, in the order printed
	byline       []party // persons who wrote it
	contributors []party
	publisher    party // the representative's source
	via          bool  // the originator is another than the publisher
	photos       []news.Photo
	copies       []copied
	related      []relatedEntry // filled by who reads the store
}

// party is someone who is credited.
type party struct {
	key  string // of the registry; empty: a person, or not in the registry
	name string // as shown, never empty
	site string // its own address; may be empty
}

// copied is another item of the entry: the same text, published by someone else or under another id.
type copied struct {
	party
	link     string // its page; may be empty
	source   news.Source
	lang     string
	original bool // it is the originator's own
	join     *news.Join
}

// relatedEntry is another entry that tells of the same event.
type relatedEntry struct {
	key   news.Key
	name  string // of its publisher
	title string
	lang  string // BCP 47; empty: unknown
}

// newEntryView tells what the entry e with its items says, the representative first. It needs at least one item.
func (m *maker) newEntryView(e news.Entry, items []news.Item) *entryView {
	it := items[0]
	c := &entryView{maker: m, e: e, it: it, src: m.source(it.Source), at: firstKnown(e.Published, it.FirstSeen, e.Updated)}
	if !it.Published.IsZero() {
		c.published = firstKnown(e.Published).Truncate(time.Second)
	}
	c.grant = m.grant(c.src)
	c.lang = firstTag(it.Language, c.src.Language, it.Feed.Language)
	c.words = wordsFor(c.lang)
	c.link = web(it.URL)
	c.rights = cmp.Or(oneLine(it.Credits.Rights), oneLine(it.Rights), oneLine(c.src.Rights))
	c.licence = cmp.Or(licence(it.Licence), licence(c.src.Licence))
	c.publisher = m.publisher(it, c.lang)
	c.agency = m.originator(it, c.lang, c.publisher)
	c.via = c.publisher.name != "" && !same(c.agency, c.publisher)
	c.photos = c.grant.photos(it)
	for _, other := range items[1:] {
		c.copies = append(c.copies, m.copied(other, c.agency))
	}
	c.agencyLink = c.original()
	c.joint = m.joint(c)
	c.byline = m.byline(c)
	c.contributors = m.contributors(c)
	c.title = c.headline()
	return c
}

// original returns the address of the originator's own telling, else that of its site.
func (c *entryView) original() string {
	if !c.via {
		return cmp.Or(c.link, c.agency.site)
	}
	for _, o := range c.copies {
		if o.original && o.link != "" {
			return o.link
		}
	}
	return c.agency.site
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
func same(a, b party) bool {
	if a.key != "" && b.key != "" && a.key == b.key {
		return true
	}
	if strings.EqualFold(a.name, b.name) {
		return true
	}
	return !(ascii(a.name) && ascii(b.name)) && text.Fold(a.name) == text.Fold(b.name)
}

// publisher returns who published it: the name that the operator gave to the source, else the agency's,
// else what the feed calls itself.
func (m *maker) publisher(it news.Item, lang string) party {
	src := m.source(it.Source)
	host := ""
	if u, err := url.Parse(cmp.Or(it.URL, it.Feed.Self, it.Feed.Site)); err == nil {
		host = u.Hostname()
	}
	return party{
		key:  src.Agency,
		name: cmp.Or(name(src.Name), name(m.agencyName(src.Agency, lang)), name(it.Feed.Title), name(host), oneLine(src.ID)),
		site: cmp.Or(m.site(src.Agency), web(src.Site), web(it.Feed.Site)),
	}
}

// originator returns whose report it is: the agency that the text was found to name, else the source that
// the item says it was taken from, else its publisher.
func (m *maker) originator(it news.Item, lang string, publisher party) party {
	if a := it.Credits.Agency; a != nil {
		if n := cmp.Or(name(a.Label()), name(m.agencyName(a.Agency, lang))); n != "" {
			return party{key: a.Agency, name: n, site: m.site(a.Agency)}
		}
	}
	if it.Origin != nil {
		if n := name(it.Origin.Title); n != "" {
			return party{name: n, site: cmp.Or(web(it.Origin.Site), upstream(it.Origin.Self))}
		}
	}
	return publisher
}

// joint returns the agencies that are named as originators beside the first.
func (m *maker) joint(c *entryView) []party {
	var all []party
	for _, cr := range c.it.Credits.Joint {
		who := party{key: cr.Agency, name: cmp.Or(name(cr.Label()), name(m.agencyName(cr.Agency, c.lang))), site: m.site(cr.Agency)}
		if !same(who, c.agency) {
			all = add(all, who)
		}
	}
	return all
}

// copied returns how another item of an entry by agency is credited.
func (m *maker) copied(it news.Item, agency party) copied {
	src := m.source(it.Source)
	lang := firstTag(it.Language, src.Language, it.Feed.Language)
	who := m.publisher(it, lang)
	return copied{party: who, link: web(it.URL), source: src, lang: lang, original: same(who, agency), join: it.Join}
}

// lookUp returns what the registry has of an agency.
func (m *maker) lookUp(key string) (news.Agency, bool) {
	if m.agency == nil {
		return news.Agency{}, false
	}
	return m.agency(key)
}

// agencyName returns the registry's name of an agency in lang; empty where the registry has none.
func (m *maker) agencyName(key, lang string) string {
	a, ok := m.lookUp(key)
	if !ok {
		return ""
	}
	base, _, _ := strings.Cut(lang, "-")
	return cmp.Or(a.Names[lang], a.Names[base], a.Name)
}

// site returns the registry's address of an agency; empty where it has none.
func (m *maker) site(key string) string {
	a, _ := m.lookUp(key)
	return web(a.Site)
}

// byline returns the persons who wrote it. Where the credits have not been judged yet, it is whom the feed
// calls authors, but for agencies.
func (m *maker) byline(c *entryView) []party {
	var all []party
	for _, b := range c.it.Credits.Byline {
		all = add(all, party{key: b.Agency, name: name(b.Label())})
	}
	if len(all) > 0 || judged(c.it.Credits) {
		return all
	}
	return m.named(all, c, c.it.Authors)
}

// named adds to all the persons that the feed names, but for those in whose field somebody stands who is
// credited already or was judged to be no credit: `By Jane Roe, TASS` says nothing beyond Jane Roe.
func (m *maker) named(all []party, c *entryView, persons []news.Person) []party {
	if len(persons) == 0 {
		return all
	}
	var known []string
	for _, who := range append([]party{c.agency, c.publisher}, all...) {
		a, _ := m.lookUp(who.key)
		known = append(known, who.name, a.Name)
		known = append(known, a.Also...)
		for _, s := range a.Names {
			known = append(known, s)
		}
	}
	for _, cr := range slices.Concat(c.it.Credits.Byline, c.it.Credits.Other) {
		known = append(known, cr.Name)
	}
	for _, person := range persons {
		n := name(person.Name)
		if !slices.ContainsFunc(known, func(k string) bool { return mentions(n, k) }) {
			all = add(all, party{name: n, site: web(person.URI)})
		}
	}
	return all
}

// mentions reports whether the words of who stand in s.
func mentions(s, who string) bool {
	words := func(s string) string { return " " + strings.Join(text.Words(s), " ") + " " }
	return strings.Contains(words(s), words(who))
}

// judged reports whether c says more than nothing.
func judged(c news.Credits) bool {
	return c.Agency != nil || c.Dateline != nil || len(c.Byline)+len(c.Photos)+len(c.Cited)+len(c.Other) > 0
}

// add appends who to all, unless it has no name or its name is there.
func add(all []party, who party) []party {
	if who.name == "" || slices.ContainsFunc(all, func(p party) bool { return same(p, who) }) {
		return all
	}
	return append(all, who)
}

// authors returns the authors of the entry view: the persons who wrote it, else the originator.
func (c *entryView) authors() []party {
	if len(c.byline) > 0 {
		return c.byline
	}
	return []party{c.agency}
}

// contributors returns everybody else who is credited: the originator where persons are the authors, who
// made and supplied the photos, who carried it, and whom the feed names besides.
func (m *maker) contributors(c *entryView) []party {
	authors := c.authors()
	all := add(slices.Clone(authors), c.agency)
	for _, who := range c.joint {
		all = add(all, who)
	}
	for _, ph := range c.photos {
		for _, link := range ph.Chain {
			all = add(all, party{key: link.Agency, name: name(link.Label()), site: m.site(link.Agency)})
		}
	}
	all = add(all, c.publisher)
	for _, o := range c.copies {
		all = add(all, o.party)
	}
	all = m.named(all, c, slices.Concat(c.it.Authors, c.it.Contributors))
	return all[len(authors):]
}

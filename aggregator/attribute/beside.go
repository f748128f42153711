package attribute

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Credit beside the text: what the feed says of an item in fields of its own.

const (
	ruleOrigin     = "origin"
	rulePublish    = "publisher"
	ruleAuthor     = "author"
	ruleLinkHost   = "link-host"
	ruleConfig     = "configured"
	ruleMedia      = "media-credit"
	ruleMediaTitle = "media-title"
	ruleRightsElem = "rights"
)

// beside reads the fields of the item.
func (c *scan) beside() {
	for _, rule := range c.r.rules.beside {
		rule.beside(c)
	}
	for _, m := range c.it.Media {
		c.media(m)
	}
}

// publisher claims the agency of dc:publisher.
func (c *scan) publisher() {
	if p := strings.TrimSpace(c.it.Publisher); p != "" {
		c.field("dc:publisher", p, rulePublish)
	}
}

// authorElements reads the author fields.
func (c *scan) authorElements() {
	for _, a := range c.it.Authors {
		c.author(a)
	}
}

// rights keeps the rights of the item and claims the agency that they name.
func (c *scan) rights() {
	if c.it.Rights == "" {
		return
	}
	c.out.Rights = c.it.Rights
	c.evidence = append(c.evidence, news.Credit{Role: "rights", Name: c.it.Rights, Evidence: news.Evidence{Field: "rights",
		Words: c.it.Rights, Rule: ruleRightsElem}})
	if m, ok := c.r.on(c.it.Rights).holder(c.it.Rights, 0, len(c.it.Rights)); ok {
		c.field("rights", c.it.Rights[m.Start:m.End], ruleRightsElem)
	}
}

// field claims the agency that a field names; one that the registry lacks is claimed as printed.
func (c *scan) field(field, printed, rule string) {
	cr := news.Credit{Role: news.Originator, Name: printed, Evidence: news.Evidence{Field: field, Words: printed, Rule: rule}}
	if key, ok := c.r.Lookup(printed); ok {
		cr.Agency, cr.Display = key, c.r.Display(key, c.language)
	}
	c.addCandidate(cr)
}

// origin claims the agency of the feed that the item brought along.
func (c *scan) origin() {
	o := c.it.Origin
	if o == nil {
		return
	}
	printed := strings.TrimSpace(o.Title)
	key, ok := c.r.Lookup(printed)
	for _, u := range []string{o.Site, o.Self, o.ID} {
		if !ok {
			key, ok = c.r.Host(hostOf(u))
		}
	}
	if printed == "" {
		if printed = o.Site; printed == "" {
			printed = o.Self
		}
	}
	if printed == "" {
		return
	}
	cr := news.Credit{Role: news.Originator, Name: printed, Evidence: news.Evidence{Field: "source", Words: printed, Rule: ruleOrigin}}
	if ok {
		cr.Agency, cr.Display = key, c.r.Display(key, c.language)
	}
	c.addCandidate(cr)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// author reads an author field: an agency, a photo credit in the author's place ("Фото: ..."), or persons.
func (c *scan) author(a news.Person) {
	printed := strings.TrimSpace(a.Name)
	if printed == "" {
		return
	}
	if c.isSource(printed) {
		if key, ok := c.r.Lookup(printed); ok || c.src.Agency == "" {
			c.field("author", printed, ruleAuthor)
		} else {
			c.evidence = append(c.evidence, news.Credit{Role: news.Originator, Name: printed, Agency: key,
				Evidence: news.Evidence{Field: "author", Words: printed, Rule: ruleAuthor}})
		}
		return
	}
	on := c.r.on(printed)
	if list := on.readRoles(printed, 0, len(printed)); list != nil {
		c.roles(on, printed, list, func(at lex.Span, _ string) news.Evidence {
			return news.Evidence{Field: "author", Words: at.Of(printed), Rule: ruleAuthor}
		})
		return
	}
	if p, ok := on.readPhoto(printed, 0, len(printed)); ok && p.rule == rulePhotoLabel && p.caption.None() {
		ev := news.Evidence{Field: "author", Words: printed, Rule: ruleAuthor}
		c.addPhoto(news.Photo{Line: p.line.Of(printed), Chain: c.r.credits(printed, c.language, p.links, ev), Evidence: ev})
		return
	}
	c.authors(printed)
}

// authors reads the list of an author field: persons are authors, the first agency is claimed to be the originator, further ones
// share the report. A name of a form that is no person's is still who the feed says wrote it, where it is all of the field.
func (c *scan) authors(printed string) {
	list := c.r.on(printed).readPeople(printed, 0, len(printed))
	ev := news.Evidence{Field: "author", Words: printed, Rule: ruleAuthor}
	for n, m := range list.agencies {
		at := lex.Between(m.Start, m.End)
		cr := news.Credit{Role: news.Originator, Name: at.Of(printed), Agency: m.Key, Display: c.r.Display(m.Key, c.language), Evidence: ev}
		cr.Evidence.Words = cr.Name
		if n == 0 {
			c.addCandidate(cr)
			continue
		}
		c.evidence = append(c.evidence, cr)
		c.jointly = append(c.jointly, cr)
	}
	if list.parts == 1 && list.unknown+list.handles == 1 && len(printed) > 3 {
		from := opening(printed, 0)
		if at := trimPart(printed, from, len(printed)); !c.r.on(printed).isNoName(printed, at, from > 0) {
			list.persons = append(list.persons, at)
		}
	}
	for _, p := range list.persons {
		cr := news.Credit{Role: news.Byline, Name: p.Of(printed), Evidence: ev}
		cr.Evidence.Words = cr.Name
		c.evidence = append(c.evidence, cr)
		c.out.Byline = addPerson(c.out.Byline, cr)
	}
}

// isSource reports whether an author field repeats the name of the source or of its feed, or of the host of its pages: "Muster Blatt" of
// musterblatt.example.
func (c *scan) isSource(printed string) bool {
	f := lex.Fold(printed)
	if f == "" {
		return false
	}
	return f == lex.Fold(c.src.Name) || f == lex.Fold(c.it.Feed.Title) || namesHost(printed, hostOf(c.it.URL)) ||
		namesHost(printed, hostOf(c.src.Site))
}

// namesHost reports whether the letters of a name are those of a label of a host, or of its labels together.
func namesHost(name, host string) bool {
	host = agency.FoldHost(host)
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return false
	}
	letters := plainLetters(name)
	if len(letters) < 4 {
		return false
	}
	for _, l := range append(labels[:len(labels)-1:len(labels)-1], host) {
		if letters == plainLetters(l) {
			return true
		}
	}
	return false
}

// plainLetters returns the letters and digits of s in small letters, without accents.
func plainLetters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r < 0x80 && (lex.IsLetter(r) || lex.IsDigit(r)) || r >= 0x250 && lex.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// host claims the agency on whose pages the item's link is, where those are not the source's own.
func (c *scan) host() {
	link := c.it.URL
	if link == "" {
		link = c.it.URLRaw
	}
	if link == "" {
		return
	}
	h := hostOf(link)
	key, ok := c.r.Host(h)
	if !ok || key == c.src.Agency || ownHost(h, c.src.Site) || ownHost(h, c.src.URL) {
		return
	}
	c.addCandidate(news.Credit{Role: news.Originator, Name: h, Agency: key, Display: c.r.Display(key, c.language),
		Evidence: news.Evidence{Field: "link", Words: h, Rule: ruleLinkHost}})
}

// ownHost reports whether h and the host of address belong together.
func ownHost(h, address string) bool {
	o := agency.FoldHost(hostOf(address))
	h = agency.FoldHost(h)
	return o != "" && (h == o || strings.HasSuffix(h, "."+o) || strings.HasSuffix(o, "."+h))
}

// configured claims the agency of the source.
func (c *scan) configured() {
	if c.src.Agency != "" {
		c.addCandidate(c.sourceCredit())
	}
}

func (c *scan) sourceCredit() news.Credit {
	printed := c.src.Name
	if printed == "" {
		printed = c.r.Display(c.src.Agency, c.language)
	}
	if printed == "" {
		printed = c.src.Agency
	}
	return news.Credit{Role: news.Originator, Name: printed, Agency: c.src.Agency, Display: printed,
		Evidence: news.Evidence{Field: "config", Words: c.src.Agency, Rule: ruleConfig}}
}

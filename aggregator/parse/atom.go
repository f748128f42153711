package parse

import (
	"cmp"
	"encoding/base64"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// atom makes the document out of what gofeed read of Atom, entries given in the order of unknown.
func (r *reader) atom(f *atom.Feed, unknown []int) error {
	if len(f.Entries) != len(unknown) {
		return r.mismatch(len(f.Entries), len(unknown))
	}
	feed := r.source(0)
	r.d.Feed = *feed
	r.site = feed.Site
	r.t.children(0, func(c int) {
		if r.t.elems[c].key == "at:deleted-entry" {
			if id := r.t.attr(c, "ref"); id != "" {
				r.d.Deleted = append(r.d.Deleted, id)
			}
		}
	})
	for k, i := range unknown {
		r.entry(&r.d.Items[i], f.Entries[k], r.t.items[i])
	}
	return nil
}

// source reads what element e, an Atom feed or source, says of a feed (RFC 4287 sections 4.1.1 and 4.2.11).
func (r *reader) source(e int) *news.Feed {
	t, p := r.t, r.prefix(e)
	feed := &news.Feed{
		ID:       t.value(t.child(e, p+"id")),
		Title:    r.plain(t.child(e, p+"title")),
		Subtitle: r.plain(t.child(e, p+"subtitle", p+"tagline", p+"info")),
		Rights:   r.plain(t.child(e, p+"rights", p+"copyright")),
		Self:     r.atomLink(e, "self"),
		Site:     r.atomLink(e, "alternate"),
		Hub:      r.atomLink(e, "hub"),
		Language: t.lang(e),
		Licence:  r.licence(e),
	}
	feed.Updated, _ = r.dateOf(nil, t.value(t.child(e, p+"updated", p+"modified", "dcterms:modified", "dc:date")))
	if icon := t.child(e, p+"icon", p+"logo"); icon >= 0 {
		feed.Icon = r.address(icon, t.value(icon))
	}
	feed.Authors = r.people(nil, e, p+"author")
	if len(feed.Authors) == 0 {
		feed.Authors = r.people(nil, e, "dc:creator")
	}
	return feed
}

// prefix returns what the keys of Atom's elements inside element e begin with.
func (r *reader) prefix(e int) string {
	if r.t.format == "atom" {
		return ""
	}
	return "atom:"
}

// entry reads one entry; e is its element.
func (r *reader) entry(it *news.Item, g *atom.Entry, e int) {
	t := r.t
	it.GUID = t.value(t.child(e, "id"))
	it.URL = r.entryLink(e)
	it.Title = cmp.Or(r.plain(t.child(e, "title")), title(t.value(t.child(e, "media:title", "dc:title"))))
	summary, content := t.child(e, "summary"), t.child(e, "content")
	it.Summary = r.html(summary, it.URL)
	if it.Summary == "" {
		it.Summary = htmlOf(cmp.Or(t.value(t.child(e, "media:description", "dc:description")),
			t.value(t.child(t.childOrSelf(e, "media:group"), "media:description"))))
	}
	it.Content = r.html(content, it.URL)
	it.Language = cmp.Or(r.textLang(e, "content", "title", "summary"), text.CanonicalTag(t.value(t.child(e, "dc:language"))))
	if src := t.child(e, "source"); src >= 0 {
		it.Origin = r.source(src)
	}
	r.authors(it, e)
	it.Contributors = r.people(nil, e, "contributor")
	it.Contributors = r.people(it.Contributors, e, "dc:contributor")
	it.Publisher = person(t.value(t.child(e, "dc:publisher"))).Name
	it.Licence = r.licence(e)
	it.Embargo = r.embargo(e)
	it.Rights = cmp.Or(r.plain(t.child(e, "rights", "copyright")), title(t.value(t.child(e, "dc:rights"))))
	r.categories(it, e)
	r.enclosures(it, e)
	r.media(it, e)
	value := func(key string) string { return t.value(t.child(e, key)) }
	it.Published, it.PublishedRaw = r.dateOf(it, unwrapped(g.Published), t.value(t.last(e, "created")), value("dcterms:issued"),
		value("dc:date"), value("dcterms:created"))
	it.Updated, it.UpdatedRaw = r.dateOf(it, unwrapped(g.Updated), value("dcterms:modified"))
	r.finish(it)
}

// authors reads the authors of entry e: its own, else those of the source that it brought along, else
// those of the feed (RFC 4287 section 4.2.1).
func (r *reader) authors(it *news.Item, e int) {
	it.Authors = r.people(nil, e, "author")
	it.Authors = r.people(it.Authors, e, "dc:creator")
	if len(it.Authors) == 0 && it.Origin != nil {
		it.Authors = it.Origin.Authors
	}
	if len(it.Authors) == 0 {
		it.Authors = r.d.Feed.Authors
	}
}

// entryLink returns the address of an entry's page.
func (r *reader) entryLink(e int) string {
	t := r.t
	original := r.address(e, t.value(t.child(e, "feedburner:origlink")))
	if link := r.atomLink(e, "alternate"); link != "" {
		return behindRedirect(link, original)
	}
	src := ""
	if c := t.child(e, "content"); c >= 0 && t.attr(c, "src") != "" && isPage(t.attr(c, "type")) {
		src = r.address(c, t.attr(c, "src"))
	}
	return cmp.Or(original, src, r.atomLink(e, "related"), r.atomLink(e, "via"), resolve("", t.value(t.child(e, "id"))))
}

// categories reads the categories of entry e (RFC 4287 section 4.2.2).
func (r *reader) categories(it *news.Item, e int) {
	r.t.children(e, func(c int) {
		switch r.t.elems[c].key {
		case "category":
			it.Categories = addCategory(it.Categories, r.atomCategory(c))
		case "dc:subject":
			it.Categories = addCategory(it.Categories, news.Category{Term: title(r.t.value(c))})
		}
	})
}

func (r *reader) atomCategory(c int) news.Category {
	t := r.t
	return news.Category{Term: cmp.Or(text.Line(t.attr(c, "term")), title(t.value(c))), Scheme: t.attr(c, "scheme"),
		Label: text.Line(t.attr(c, "label"))}
}

// enclosures reads the links of entry e to media.
func (r *reader) enclosures(it *news.Item, e int) {
	t := r.t
	t.children(e, func(c int) {
		if t.elems[c].key != "link" || relation(t.attr(c, "rel")) != "enclosure" {
			return
		}
		n, _ := strconv.ParseInt(t.attr(c, "length"), 10, 64)
		it.Media = addMedia(it.Media, news.Media{URL: r.address(c, t.attr(c, "href")), Type: mimeType(t.attr(c, "type")),
			Length: max(n, 0), Title: text.Line(t.attr(c, "title"))})
	})
}

// How the text of a construct is to be taken (RFC 4287 section 3.1.1, and the modes of Atom 0.3).
type form int

const (
	asText   form = iota
	asHTML        // escaped markup
	asXHTML       // markup in line
	asBase64      // HTML in base64
)

// form returns the form of the text construct or content in element c.
func (r *reader) form(c int) form {
	t := r.t
	kind, mode := strings.ToLower(t.attr(c, "type")), strings.ToLower(t.attr(c, "mode"))
	inLine := t.elems[c].next > c+1
	switch {
	case mode == "base64", kind == "application/octet-stream":
		return asBase64
	case kind == "xhtml", mode == "xml", inLine:
		return asXHTML
	case kind == "html", strings.HasPrefix(kind, "text/html"), kind == "application/xhtml+xml",
		mode == "escaped" && kind != "text/plain" && kind != "text":
		return asHTML
	}
	return asText
}

// plain returns the text of the construct in element c, "" for c < 0.
func (r *reader) plain(c int) string {
	if c < 0 {
		return ""
	}
	switch r.form(c) {
	case asText:
		return text.Line(r.t.value(c))
	case asHTML:
		return title(htmlOf(r.t.value(c)))
	}
	return flat(r.markup(c))
}

// html returns the construct in element c as HTML, its addresses absolute; "" for c < 0.
func (r *reader) html(c int, link string) string {
	if c < 0 {
		return ""
	}
	s := ""
	if r.form(c) == asText {
		s = r.t.value(c)
		// No type means text, and yet many forget to say html.
		if r.t.attr(c, "type") != "" || !hasTag(s) {
			s = html.EscapeString(s)
		}
	} else {
		s = r.markup(c)
	}
	return text.Visible(absolute(s, r.textBase(c, link)))
}

// markup returns the HTML in element c, which is not of the form of text.
func (r *reader) markup(c int) string {
	switch r.form(c) {
	case asBase64:
		s, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(r.t.value(c)), ""))
		if err != nil || !utf8.Valid(s) {
			return ""
		}
		return string(s)
	case asXHTML:
		s := htmlOfXHTML(r.withoutDiv(c))
		if len(s) > MaxToken {
			s = string(shorten([]byte(s)))
		}
		if strings.EqualFold(r.t.attr(c, "type"), "html") {
			return htmlOf(s) // escaped markup in a div was seen too
		}
		return s
	}
	return htmlOf(r.t.value(c))
}

// withoutDiv returns what is inside element c, without the div that XHTML is wrapped in (RFC 4287
// section 3.1.1.3). Atom 0.3 wraps nothing: its div is the text's own.
func (r *reader) withoutDiv(c int) string {
	t := r.t
	s := strings.TrimSpace(t.raw(c))
	div := t.child(c, "xhtml:div", "div")
	if div >= 0 && strings.HasSuffix(t.attr(c, "type"), "html") && !strings.Contains(t.attr(c, "type"), "/") &&
		t.elems[div].next == t.elems[c].next && len(s) == t.elems[div].after-t.elems[div].start {
		return strings.TrimSpace(t.raw(div))
	}
	return s
}

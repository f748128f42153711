package parse

import (
	"cmp"
	"fmt"
	"mime"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// mismatch is the error for a document that gofeed reads otherwise than we do.
func (r *reader) mismatch(read, want int) error {
	return &BrokenError{Format: r.d.Format, Err: fmt.Errorf("%d items read of %d", read, want)}
}

// dateOf reads the first of the raw dates that can be read, and returns it with its raw form: where none
// can, the first that is not empty. What was guessed is noted on the item, if there is one.
func (r *reader) dateOf(it *news.Item, raw ...string) (time.Time, string) {
	for _, s := range raw {
		d := date(s, r.o.Zone)
		if d.at.IsZero() {
			continue
		}
		for _, g := range d.guesses {
			if it != nil {
				it.Guessed = appendNew(it.Guessed, g)
			}
		}
		return d.at, s
	}
	return time.Time{}, cmp.Or(raw...)
}

// address returns an address in element e as absolute one: resolved on xml:base, else on the feed's site,
// else on the document. "" where it leads nowhere.
func (r *reader) address(e int, s string) string {
	if s == "" || isWeb(s) {
		return oneLine(s)
	}
	base := r.textBase(e, "")
	for _, own := range []string{r.site, r.o.Document} {
		if beginsWithHost(oneLine(s), own) {
			base = own
			break
		}
	}
	return resolve(base, s)
}

// textBase returns what addresses in the HTML of element e are resolved on: xml:base, else the item's
// page, else the feed's site, else the document.
func (r *reader) textBase(e int, link string) string {
	if r.hasBase(e) {
		return r.base(e)
	}
	return cmp.Or(link, r.site, r.o.Document)
}

// textLang returns the language in force at the first of the children with these keys, else at element e.
func (r *reader) textLang(e int, keys ...string) string {
	if c := r.t.child(e, keys...); c >= 0 {
		return r.t.lang(c)
	}
	return r.t.lang(e)
}

// people adds the persons that the children of element e with this key name: as text, or in elements of
// their own as Atom does.
func (r *reader) people(all []news.Person, e int, key string) []news.Person {
	r.t.children(e, func(c int) {
		if r.t.elems[c].key == key {
			all = add(all, r.person(c))
		}
	})
	return all
}

// person reads the person that element c names (RFC 4287 section 3.2).
func (r *reader) person(c int) news.Person {
	t := r.t
	prefix := ""
	if strings.HasPrefix(t.elems[c].key, "atom:") {
		prefix = "atom:"
	}
	name, email := t.child(c, prefix+"name"), t.child(c, prefix+"email")
	uri := t.child(c, prefix+"uri", prefix+"url", prefix+"homepage")
	if name < 0 && email < 0 && uri < 0 {
		return person(t.value(c))
	}
	p := person(t.value(name))
	p.Email = cmp.Or(strings.TrimPrefix(text.Line(t.value(email)), "mailto:"), p.Email)
	if uri >= 0 {
		p.URI = r.address(uri, t.value(uri))
	}
	return p
}

// atomLink returns the address of the first link of element e with this relation (RFC 4287 section 4.2.7.2).
// Of several alternates one to a page comes before others, and of those one in the language of the element.
func (r *reader) atomLink(e int, rel string) string {
	t := r.t
	found, best, lang := "", -1, ""
	t.children(e, func(c int) {
		if k := t.elems[c].key; k != "atom:link" && (t.format != "atom" || k != "link") || relation(t.attr(c, "rel")) != rel {
			return
		}
		rank := 0
		if rel == "alternate" {
			if lang == "" {
				lang = r.language(e)
			}
			rank = alternateRank(t.attr(c, "type"), t.attr(c, "hreflang"), lang)
		}
		if rank <= best {
			return
		}
		href := t.attr(c, "href")
		if href == "" {
			href = t.value(c)
		}
		if abs := r.address(c, href); abs != "" {
			found, best = abs, rank
		}
	})
	return found
}

// alternateRank returns how well an alternate of that media type and language suits an element in lang: the higher, the better.
func alternateRank(mediaType, hreflang, lang string) int {
	rank := 0
	if isPage(mediaType) {
		rank = 4
	}
	switch tag := text.CanonicalTag(hreflang); {
	case lang == "":
	case tag == "":
		return rank + 1
	case strings.EqualFold(tag, lang):
		return rank + 3
	case text.BaseLanguage(tag) == text.BaseLanguage(lang):
		return rank + 2
	}
	return rank
}

// language returns the language of element e: its own or that of its texts, else the document's, else the source's.
func (r *reader) language(e int) string {
	t := r.t
	return cmp.Or(r.textLang(e, "content", "title", "summary"), text.CanonicalTag(t.value(t.child(e, "dc:language", "language"))),
		r.d.Feed.Language, r.o.Language)
}

// relation returns the relation of a link in its short form.
func relation(rel string) string {
	if rel == "" {
		return "alternate"
	}
	return strings.ToLower(strings.TrimPrefix(rel, "http://www.iana.org/assignments/relation/"))
}

func isPage(mimeType string) bool {
	return mimeType == "" || strings.HasPrefix(mimeType, "text/html") || strings.HasPrefix(mimeType, "application/xhtml")
}

// mimeType returns a media type in lower case without parameters, "" for what is none.
func mimeType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil || !strings.Contains(t, "/") {
		return ""
	}
	return t
}

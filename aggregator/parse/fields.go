package parse

import (
	"fmt"
	"mime"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// mismatch is the error for a document that gofeed reads otherwise than we do.
func (r *reader) mismatch(read, want int) error {
	return &BrokenError{Format: r.d.Format, Err: fmt.Errorf("%d items read of %d", read, want)}
}

// first returns the first that is not empty.
func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// date reads the first of the raw dates that can be read, and notes on the item what was guessed.
func (r *reader) date(it *news.Item, raw ...string) time.Time {
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
		return d.at
	}
	return time.Time{}
}

// linkBase returns what addresses in element e are resolved on: xml:base, else the feed's site, else the
// document.
func (r *reader) linkBase(e int) string {
	if r.hasBase(e) {
		return r.base(e, r.o.Document)
	}
	return first(r.site, r.o.Document)
}

// textBase returns what addresses in the HTML of element e are resolved on: xml:base, else the item's
// page, else the feed's site, else the document.
func (r *reader) textBase(e int, link string) string {
	if r.hasBase(e) {
		return r.base(e, r.o.Document)
	}
	return first(link, r.site, r.o.Document)
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
	p.Email = first(strings.TrimPrefix(line(t.value(email)), "mailto:"), p.Email)
	if uri >= 0 {
		p.URI = resolve(r.base(uri, r.o.Document), t.value(uri))
	}
	return p
}

// alternate returns the address of the Atom link of element e to the page, "" if it has none.
func (r *reader) alternate(e int, base string) string {
	return r.atomLink(e, "alternate", base)
}

// atomLink returns the address of the first link of element e with this relation (RFC 4287 section 4.2.7.2).
// Of several alternates one to a page comes before others.
func (r *reader) atomLink(e int, rel, base string) string {
	t := r.t
	found, better := "", false
	t.children(e, func(c int) {
		if k := t.elems[c].key; better || k != "atom:link" && (t.format != "atom" || k != "link") || relation(t.attr(c, "rel")) != rel {
			return
		}
		href := t.attr(c, "href")
		if href == "" {
			href = t.value(c)
		}
		abs := resolve(r.base(c, base), href)
		page := rel != "alternate" || isPage(t.attr(c, "type"))
		if abs != "" && (found == "" || page) {
			found, better = abs, page
		}
	})
	return found
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

// subtitle returns the text of a description of the feed, on one line.
func subtitle(s string) string { return line(strings.ReplaceAll(Plain(htmlOf(s)), "\n", " ")) }

// mimeType returns a media type in lower case without parameters, "" for what is none.
func mimeType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil || !strings.Contains(t, "/") {
		return ""
	}
	return t
}

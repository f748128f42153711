package page

import (
	"html"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// linked is the article of a page's application/ld+json (schema.org NewsArticle).
type linked struct {
	title     string
	address   string
	authors   []Author
	publisher string
	origins   []Origin
	credit    string
	dateline  string
	rights    string
	licence   string
	language  string
	body      string
	media     []news.Media
	published time.Time
}

// object is an object of ld+json.
type object = map[string]any

// newLinked reads an article.
func (d *document) newLinked(o object, byID map[string]object) *linked {
	at := func(key string) []any { return referred(o[key], byID) }
	l := &linked{
		title: plain(str(o["headline"])), address: d.resolve(addressOf(o)), credit: plain(str(o["creditText"])),
		dateline: plain(str(o["dateline"])), language: str(o["inLanguage"]), body: paragraphs(str(o["articleBody"])),
		rights: plain(str(o["copyrightNotice"])), licence: first(d.resolve(str(o["license"])), str(o["license"])),
		published: readTime(str(o["datePublished"])),
	}
	for _, v := range append(at("author"), at("creator")...) {
		if name, kind := party(v); name != "" && !d.isOtherJob(v, name) {
			l.authors = append(l.authors, Author{Name: name, Kind: kind})
		}
	}
	for _, v := range at("publisher") {
		if name, _ := party(v); name != "" {
			l.publisher = first(l.publisher, name)
		}
	}
	for _, v := range at("copyrightHolder") {
		if name, _ := party(v); name != "" {
			l.rights = first(l.rights, name)
		}
	}
	for _, v := range at("sourceOrganization") {
		if name, _ := party(v); name != "" {
			l.origins = append(l.origins, Origin{Name: name})
		}
	}
	for _, v := range at("isBasedOn") {
		l.origins = append(l.origins, d.origin(v, byID))
	}
	for _, v := range append(at("image"), at("associatedMedia")...) {
		if m, ok := picture(v, byID); ok {
			l.media = append(l.media, m)
		}
	}
	return l
}

// origin reads what an article is based on: a document with its publisher, or an address.
func (d *document) origin(v any, byID map[string]object) Origin {
	o, ok := v.(object)
	if !ok {
		return Origin{URL: d.resolve(str(v))}
	}
	out := Origin{URL: d.resolve(first(str(o["url"]), str(o["@id"])))}
	for _, key := range []string{"sourceOrganization", "publisher", "provider", "author"} {
		for _, p := range referred(o[key], byID) {
			if name, kind := party(p); kind == Organization && out.Name == "" {
				out.Name = name
			}
		}
	}
	return out
}

// imageTypes are the types of schema.org of a picture.
var imageTypes = map[string]bool{"imageobject": true, "photograph": true, "image": true}

// isEmblem reports whether the name or the address of a picture says that it is that of the house rather than of an article.
func isEmblem(s string) bool {
	s = strings.ToLower(s[strings.LastIndexByte(s, '/')+1:])
	for _, w := range []string{"logo", "placeholder", "default", "avatar", "favicon"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// picture reads an ImageObject; ok is false for one that states no credit.
func picture(v any, byID map[string]object) (m news.Media, ok bool) {
	o, _ := v.(object)
	if o["@type"] != nil && !hasType(o, imageTypes) || isEmblem(str(o["name"])) || isEmblem(str(o["url"])) || isEmblem(str(o["contentUrl"])) {
		return m, false
	}
	m = news.Media{Medium: "image", Description: plain(first(str(o["caption"]), str(o["description"]))),
		Copyright: labelled(plain(first(str(o["creditText"]), str(o["copyrightNotice"]))))}
	if m.Copyright == "" {
		for _, role := range []struct{ key, role string }{{"creator", "photographer"}, {"author", "photographer"}, {"copyrightHolder", "owner"}} {
			for _, p := range referred(o[role.key], byID) {
				if name, kind := party(p); name != "" && (kind == Person || role.role == "owner") {
					m.Credits = append(m.Credits, news.MediaCredit{Role: role.role, Name: name})
				}
			}
		}
	}
	return m, m.Copyright != "" || len(m.Credits) > 0
}

// party returns the name of a person or an organisation.
func party(v any) (string, AuthorKind) {
	o, ok := v.(object)
	if !ok {
		return plain(str(v)), Unknown
	}
	kind := Unknown
	for _, t := range list(o["@type"]) {
		switch strings.TrimPrefix(str(t), "schema:") {
		case "Person":
			kind = Person
		case "Organization", "NewsMediaOrganization", "Corporation", "GovernmentOrganization":
			kind = Organization
		}
	}
	return plain(str(o["name"])), kind
}

// referred returns the values of a property, those that only refer to an object in its place.
func referred(v any, byID map[string]object) []any {
	all := list(v)
	for i, e := range all {
		if o, ok := e.(object); ok && len(o) <= 2 {
			if full := byID[str(o["@id"])]; full != nil {
				all[i] = full
			}
		}
	}
	return all
}

// list returns the values of a property that has one or several.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return append([]any(nil), v...)
	}
	return []any{v}
}

// str returns a string, the first of several, or the value or name of an object.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return str(v[0])
		}
	case object:
		for _, key := range []string{"@value", "name", "url", "@id"} {
			if s, ok := v[key].(string); ok {
				return s
			}
		}
	}
	return ""
}

// plain returns a value of ld+json as one line: some houses escape it as HTML.
func plain(s string) string { return text.Line(html.UnescapeString(s)) }

// paragraphs returns the text of an article as package attribute reads it.
func paragraphs(s string) string {
	var out []string
	for p := range strings.SplitSeq(html.UnescapeString(s), "\n") {
		if p = text.Line(p); p != "" {
			out = append(out, p)
		}
	}
	if joined := strings.Join(out, "\n"); !strings.Contains(joined, "<") {
		return joined
	}
	return "" // markup inside a value: what is text in it cannot be decided
}

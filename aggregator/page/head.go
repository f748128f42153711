package page

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// head is what the head of a page states in meta and link elements (HTML section 4.2, Open Graph, Dublin Core).
type head struct {
	title       string   // og:title, else the title element
	window      string   // the title element
	description string   // og:description, else the description; folded
	kind        string   // og:type
	pictures    []string // the names of its pictures; see pictureName
	site        string
	account     string // of the site, in a network
	authors     []string
	rights      string
	licence     string
	canonical   string
	language    string
	published   time.Time
}

// readHead reads the elements of the head, wherever they are.
func (d *document) readHead() {
	var title, ogLocale, ogURL string
	for i := range d.nodes {
		n := &d.nodes[i]
		switch n.tag {
		case atom.Html:
			if n.a != nil && d.head.language == "" {
				d.head.language = n.a.lang
			}
		case atom.Title:
			if title == "" {
				title = d.textOf(int32(i))
			}
		case atom.Base:
			if n.a != nil && n.a.href != "" {
				d.base = d.resolve(n.a.href)
			}
		case atom.Link:
			if n.a != nil {
				d.head.link(d, n.a)
			}
		case atom.Meta:
			if n.a == nil {
				continue
			}
			switch strings.ToLower(n.a.property) {
			case "og:locale":
				ogLocale = n.a.content
			case "og:url":
				ogURL = n.a.content
			default:
				d.head.meta(n.a)
			}
		}
	}
	d.head.title, d.head.window = first(d.head.title, title), title
	d.head.description = text.Fold(d.head.description)
	d.head.language = first(d.head.language, ogLocale)
	if d.head.canonical == "" {
		d.head.canonical = d.resolve(ogURL)
	}
}

// link reads a link element.
func (h *head) link(d *document, a *attrs) {
	for rel := range strings.FieldsSeq(strings.ToLower(a.rel)) {
		switch rel {
		case "canonical":
			h.canonical = d.resolve(a.href)
		case "license", "licence":
			h.licence = first(h.licence, d.resolve(a.href))
		}
	}
}

// meta reads a meta element.
func (h *head) meta(a *attrs) {
	switch strings.ToLower(first(a.property, a.name)) {
	case "og:title":
		h.title = a.content
	case "og:description":
		h.description = a.content
	case "description":
		h.description = first(h.description, a.content)
	case "og:type":
		h.kind = strings.ToLower(strings.TrimSpace(a.content))
	case "og:image", "og:image:secure_url", "twitter:image":
		if len(h.pictures) < maxMedia {
			h.pictures = append(h.pictures, pictureName(a.content))
		}
	case "twitter:site":
		h.account = a.content
	case "og:site_name", "application-name", "apple-mobile-web-app-title":
		h.site = first(h.site, a.content)
	case "author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "byl", "parsely-author", "sailthru.author":
		if len(h.authors) < maxAuthors {
			h.authors = append(h.authors, a.content)
		}
	case "copyright", "dc.rights", "dcterms.rights", "dc:rights", "dcterms.rightsholder":
		h.rights = first(h.rights, a.content)
	case "dcterms.license", "dcterms.licence":
		h.licence = first(h.licence, a.content)
	case "article:published_time", "dc.date", "dcterms.created", "dc.date.issued", "datepublished":
		if h.published.IsZero() {
			h.published = readTime(a.content)
		}
	}
}

// isPaper reports whether a name is that of the newspaper: a title has it in quotation marks, or the title element ends with it behind a
// sign and the page calls its site nothing else.
func (h *head) isPaper(name string) bool {
	if name = text.Line(name); name == "" {
		return false
	}
	if strings.Contains(h.title, "«"+name+"»") || strings.Contains(h.window, "«"+name+"»") {
		return true
	}
	title, ok := strings.CutSuffix(text.Fold(h.window), text.Fold(name))
	before := strings.TrimRight(title, " ")
	sign, _ := utf8.DecodeLastRuneInString(before)
	return ok && before != title && strings.ContainsRune("-–—|·:/•»", sign) && (h.site == "" || text.Fold(h.site) == text.Fold(name))
}

// paper returns what the title element ends with behind a sign, where the page calls its site nothing else; "": there is none.
func (h *head) paper() string {
	i := strings.LastIndexAny(h.window, "|–—·•»")
	if j := strings.LastIndex(h.window, " - "); j > i {
		i = j + 1
	}
	if i < 0 || h.site != "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(h.window[i:])
	return h.window[i+size:]
}

// readTime reads a date of ISO 8601 as pages write it; zero: it is none. One without an offset counts as its day alone.
func readTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	if len(s) >= 10 {
		if t, err := time.Parse(time.DateOnly, s[:10]); err == nil {
			return t
		}
	}
	return time.Time{}
}

// resolve returns an address of the page as an absolute one; "" for what is no http or https address.
func (d *document) resolve(ref string) string {
	if ref = strings.TrimSpace(ref); ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if base, err := url.Parse(d.base); err == nil && d.base != "" {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// NamesMaker reports whether a notice of rights names who made the site or a part of it, or refers to another page.
func NamesMaker(notice string) bool {
	return slices.ContainsFunc(text.Words(text.Fold(notice)), func(w string) bool { return noOwnerWords()[w] })
}

// rightsOf returns the first notice of rights that names an owner: one of signs, years and words such as "all rights reserved" alone names
// none, nor does one that names who made the site, or refers to another page.
func rightsOf(all ...string) string {
	for _, s := range all {
		if NamesMaker(s) {
			continue
		}
		for _, w := range text.Words(text.Fold(s)) {
			if !rightsWords()[w] && strings.Trim(w, "0123456789") != "" {
				return text.Line(s)
			}
		}
	}
	return ""
}

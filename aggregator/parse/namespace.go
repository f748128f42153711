package parse

import (
	"bytes"
	"strings"
)

// Namespaces that gofeed takes as a format's own.
const (
	atom10 = "http://www.w3.org/2005/Atom"
	atom03 = "http://purl.org/atom/ns#"
	rdf    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rss10  = "http://purl.org/rss/1.0/"
	rss09  = "http://my.netscape.com/rdf/simple/0.9/"
	rss09b = "http://channel.netscape.com/rdf/simple/0.9/"
)

// prefixes are the usual prefixes of the namespaces whose elements are read.
var prefixes = map[string]string{
	atom10:                             "atom",
	atom03:                             "atom",
	"http://purl.org/dc/elements/1.1/": "dc",
	"http://purl.org/dc/elements/1.0/": "dc",
	"http://purl.org/dc/terms/":        "dcterms",
	"http://purl.org/rss/1.0/modules/content/":                       "content",
	"http://search.yahoo.com/mrss":                                   "media",
	"http://search.yahoo.com/mrss/":                                  "media",
	"http://www.itunes.com/dtds/podcast-1.0.dtd":                     "itunes",
	"http://www.itunes.com/DTDs/PodCast-1.0.dtd":                     "itunes",
	"http://www.itunes.com/DTDs/Podcast-1.0.dtd":                     "itunes",
	"http://www.w3.org/1999/xhtml":                                   "xhtml",
	"http://news.yandex.ru":                                          "yandex",
	"http://turbo.yandex.ru":                                         "turbo",
	"http://rian.ru/ns":                                              "rian",
	"http://rssnamespace.org/feedburner/ext/1.0":                     "feedburner",
	"http://purl.org/atompub/tombstones/1.0":                         "at",
	"http://creativecommons.org/ns#":                                 "cc",
	"http://web.resource.org/cc/":                                    "cc",
	"http://backend.userland.com/creativeCommonsRssModule":           "creativecommons",
	"http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html": "creativecommons",
	"http://www.google.com/schemas/play-podcasts/1.0":                "googleplay",
	"http://purl.org/syndication/thread/1.0":                         "thr",
	"http://www.w3.org/XML/1998/namespace":                           "xml",
	rdf:                                                              "rdf",
	"http://webns.net/mvcb/":                                         "admin",
	"http://purl.org/rss/1.0/modules/syndication/":                   "sy",
}

// A scope holds the namespaces declared by the open elements.
type scope struct {
	decls []decl
	depth int
}

type decl struct {
	depth       int
	prefix, uri string
}

// enter takes the namespaces that the attributes of the next element declare, maxNamespaces in force at a time. It returns
// how many of the attributes were heeded.
func (s *scope) enter(in []byte, attrs []attr) int {
	defer func() { s.depth++ }()
	for i, a := range attrs {
		if len(s.decls) == maxNamespaces {
			return i
		}
		if !bytes.HasPrefix(in[a.name:a.nameEnd], []byte("xmlns")) || isTwice(in, attrs, i) {
			continue
		}
		name := string(in[a.name:a.nameEnd])
		if prefix, ok := strings.CutPrefix(name, "xmlns:"); ok {
			s.decls = append(s.decls, decl{s.depth, prefix, strings.TrimSpace(string(in[a.value:a.end]))})
		} else if name == "xmlns" {
			s.decls = append(s.decls, decl{s.depth, "", strings.TrimSpace(string(in[a.value:a.end]))})
		}
	}
	return len(attrs)
}

// leave forgets what elements at depth and deeper declared.
func (s *scope) leave(depth int) {
	s.depth = depth
	for len(s.decls) > 0 && s.decls[len(s.decls)-1].depth >= depth {
		s.decls = s.decls[:len(s.decls)-1]
	}
}

// uri returns the namespace of a prefix. One that is not declared stands for itself.
func (s *scope) uri(prefix string) string {
	for i := len(s.decls) - 1; i >= 0; i-- {
		if s.decls[i].prefix == prefix {
			return s.decls[i].uri
		}
	}
	return prefix
}

// native returns the namespace to declare by attribute key ("xmlns" or "xmlns:…") of element name at depth
// where the document's own would make the format's elements foreign to gofeed; "" where it may stay.
// Feeds were seen with made-up Atom namespaces, and with Atom's as default of an RSS document.
func (s *scope) native(format string, depth int, name, key string) string {
	declared := strings.TrimPrefix(strings.TrimPrefix(key, "xmlns"), ":")
	uri := s.uri(declared)
	if format == "rdf" {
		if depth > 0 || declared != "" || isNativeRSS(uri) {
			return ""
		}
		s.set(declared, rss10)
		return rss10
	}
	prefix, _, found := strings.Cut(name, ":")
	if !found {
		prefix = ""
	}
	switch {
	case declared != prefix || uri == "":
		return ""
	case format == "atom" && depth == 0 && uri != atom10 && uri != atom03:
		s.set(declared, atom10)
		return atom10
	case format == "rss" && (depth == 0 || depth <= 2 && isRSS(name)) && uri != rss10:
		s.set(declared, rss10)
		return rss10
	}
	return ""
}

// set changes the newest declaration of prefix.
func (s *scope) set(prefix, uri string) {
	for i := len(s.decls) - 1; i >= 0; i-- {
		if s.decls[i].prefix == prefix {
			s.decls[i].uri = uri
			return
		}
	}
}

func isRSS(name string) bool {
	return strings.EqualFold(name, "channel") || strings.EqualFold(name, "item")
}

func isNativeRSS(uri string) bool {
	switch uri {
	case "", "rss", "rdf", rdf, rss10, rss09, rss09b:
		return true
	}
	return false
}

// key returns the key of an element called name: see [elem].
func (m *repairer) key(name string) string {
	if len(m.scope.decls) > 0 && m.scope.decls[len(m.scope.decls)-1].depth > 0 {
		return m.scope.key(m.t.format, name)
	}
	if k, ok := m.keys[name]; ok {
		return k
	}
	k := m.scope.key(m.t.format, name)
	m.keys[name] = k
	return k
}

func (s *scope) key(format, name string) string {
	prefix, loc, found := strings.Cut(name, ":")
	if !found {
		prefix, loc = "", name
	}
	loc = strings.ToLower(loc)
	uri := s.uri(prefix)
	if format == "atom" && (uri == "" || uri == atom10 || uri == atom03) || format != "atom" && isNativeRSS(uri) {
		return loc
	}
	if p, ok := prefixes[uri]; ok {
		return p + ":" + loc
	}
	return strings.ToLower(prefix) + ":" + loc
}

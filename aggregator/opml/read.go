package opml

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// Error is what is wrong with a document that cannot be read at all. Line and Column count from 1, Column in bytes.
type Error struct {
	Line, Column int // from 1, of the document
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// IsOPML reports whether b looks like an OPML document.
func IsOPML(b []byte) bool {
	s := &scanner{text: decoded(b[:min(len(b), 64<<10)]), line: 1}
	for s.next() {
		if s.kind == tagStart {
			return s.name == "opml"
		}
	}
	return false
}

// Read reads a document as it is found in the wild: it need not be well-formed XML. Outlines without an address are
// folders, and a folder is a topic of all that is in it, at any depth; a feed that is in several is one feed.
// What cannot be read is in LeftOut, by line. The error is an [*Error]: b is larger than MaxSize, or no OPML.
func Read(b []byte) (*Document, error) {
	if len(b) > MaxSize {
		return nil, &Error{1, 1, fmt.Sprintf("larger than %d MiB", MaxSize>>20)}
	}
	r := &reader{
		scanner: scanner{text: decoded(b), line: 1}, doc: &Document{}, feeds: map[string]int{}, topics: map[string]bool{},
		prefixes: map[string]bool{},
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.doc, nil
}

type reader struct {
	scanner
	doc      *Document
	folders  []string        // the topics of the open outlines; "": one that is no topic
	feeds    map[string]int  // place in doc.Feeds by id and address
	topics   map[string]bool // in doc.Topics
	prefixes map[string]bool // that are declared for [Namespace]
	outlines int
}

func (r *reader) read() error {
	var title strings.Builder
	begun, ended, inTitle := false, false, false
	for r.next() {
		switch {
		case r.kind == tagStart && !begun:
			if begun = true; r.name != "opml" {
				return &Error{r.line, r.column(), "not OPML: its root is " + text.Line(r.name)}
			}
			r.declared(r.attrs())
		case r.kind == tagStart && r.name == "outline":
			if r.outlines++; r.outlines > MaxOutlines {
				r.leaveOut("", fmt.Sprintf("more than %d outlines: this one and the rest are left out", MaxOutlines))
				return nil
			}
			r.outline()
		case r.kind == tagEnd && r.name == "outline" && len(r.folders) > 0:
			r.folders = r.folders[:len(r.folders)-1]
		case r.kind == tagEnd && r.name == "opml":
			ended = true
		case r.kind == characters && inTitle && title.Len() < maxTitle:
			title.WriteString(r.token)
		}
		if r.name == "title" && r.kind != characters {
			inTitle = r.kind == tagStart && !r.closed && title.Len() == 0
		}
	}
	r.doc.Title = text.Line(unescaped(title.String()))
	switch {
	case !begun:
		return &Error{1, 1, "not OPML: it has no elements"}
	case !ended:
		r.leaveOut("", "the list ends here without </opml>: more may have been cut off")
	}
	return nil
}

// declared notes the prefixes that attributes declare for our namespace.
func (r *reader) declared(attrs []Attr) {
	for _, a := range attrs {
		if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok && a.Value == Namespace {
			r.prefixes[prefix] = true
		}
	}
}

func (r *reader) leaveOut(url, why string) {
	r.doc.LeftOut = append(r.doc.LeftOut, LeftOut{Line: r.line, URL: url, Why: why})
}

// outline reads a folder or a feed.
func (r *reader) outline() {
	attrs := r.attrs()
	r.declared(attrs)
	f, o := Feed{Line: r.line}, outline{}
	for _, a := range attrs {
		value := text.Line(a.Value)
		if prefix, name, ok := strings.Cut(a.Name, ":"); ok {
			if r.prefixes[prefix] && value != "" && len(f.Own) < maxOwn && f.Get(name) == "" && !strings.Contains(name, ":") {
				f.Own = append(f.Own, Attr{name, value})
			}
			continue
		}
		o.set(strings.ToLower(a.Name), value)
	}
	f.URL, f.Site, f.Language, f.Title = address(o.xmlURL), o.htmlURL, o.language, cmp.Or(o.text, o.title)
	if f.URL == "" && !isList(o) {
		f.URL = address(o.url)
	}
	why := ""
	switch {
	case f.URL != "":
		r.feed(f, o.category)
	case isList(o):
		why = "another list: import it by itself"
	case r.broken:
		why = "the outline is broken: it has no address that can be read"
	case o.kind == "rss" || o.kind == "atom" || o.kind == "link" || o.htmlURL != "":
		why = "the outline has no address of a feed"
	}
	if why != "" {
		r.leaveOut(o.url, why)
	}
	topic := ""
	if f.URL == "" && why == "" {
		topic = r.folder(f, o.kind)
	}
	if !r.closed {
		r.folders = append(r.folders, topic)
	}
}

// outline holds the attributes of an outline that OPML knows.
type outline struct{ text, title, xmlURL, htmlURL, url, language, category, kind string }

func (o *outline) set(name, value string) {
	switch name {
	case "text":
		o.text = value
	case "title":
		o.title = value
	case "xmlurl":
		o.xmlURL = value
	case "htmlurl":
		o.htmlURL = value
	case "url":
		o.url = value
	case "language":
		o.language = value
	case "category":
		o.category = value
	case "type":
		o.kind = strings.ToLower(value)
	}
}

// isList reports whether an outline includes another list (OPML 2.0, section "Inclusion").
func isList(o outline) bool {
	path, _, _ := strings.Cut(strings.ToLower(o.url), "?")
	return o.xmlURL == "" && o.url != "" && (o.kind == "include" || strings.HasSuffix(path, ".opml"))
}

// address returns the address of a feed as it can be asked: without a scheme that only names the program to be started, and
// with ampersands that were escaped twice.
func address(s string) string {
	for strings.Contains(s, "&amp;") {
		s = strings.ReplaceAll(s, "&amp;", "&")
	}
	for {
		scheme, rest, ok := strings.Cut(s, ":")
		switch scheme = strings.ToLower(scheme); {
		case !ok || scheme != "feed" && scheme != "itpc" && scheme != "pcast":
			return s
		case strings.HasPrefix(rest, "//"):
			return "http:" + rest
		}
		s = rest
	}
}

// feed takes in a feed; one that is in the list already gets the topics that it has here besides.
func (r *reader) feed(f Feed, category string) {
	f.Topics = r.topicsOf(category)
	key := f.Get("id") + " " + f.URL
	i, again := r.feeds[key]
	if !again {
		r.feeds[key] = len(r.doc.Feeds)
		r.doc.Feeds = append(r.doc.Feeds, f)
		return
	}
	r.doc.Repeated++
	for _, t := range f.Topics {
		if len(r.doc.Feeds[i].Topics) < maxTopics && !slices.Contains(r.doc.Feeds[i].Topics, t) {
			r.doc.Feeds[i].Topics = append(r.doc.Feeds[i].Topics, t)
		}
	}
	inOrder(r.doc.Feeds[i].Topics, category)
}

// folder takes in an outline without an address and returns its topic; "": it is none.
func (r *reader) folder(f Feed, kind string) string {
	if kind != "" && kind != "rss" && kind != "folder" {
		return ""
	}
	topic := cmp.Or(f.Get("topic"), f.Title)
	if topic != "" && !r.topics[topic] {
		r.topics[topic] = true
		r.doc.Topics = append(r.doc.Topics, Topic{ID: topic, Name: f.Title})
	}
	return topic
}

// topicsOf returns the folders around an outline, at most MaxDepth of them, in the order of its category; an outline in no
// folder has the topics that its category names: the last step of each path.
func (r *reader) topicsOf(category string) []string {
	var topics []string
	for _, t := range r.folders[:min(len(r.folders), MaxDepth)] {
		if t != "" && !slices.Contains(topics, t) {
			topics = append(topics, t)
		}
	}
	if len(topics) > 0 {
		inOrder(topics, category)
		return topics
	}
	for path := range strings.SplitSeq(category, ",") {
		t := strings.TrimSpace(path[strings.LastIndexByte(path, '/')+1:])
		if t != "" && len(topics) < maxTopics && !slices.Contains(topics, t) {
			topics = append(topics, t)
		}
	}
	return topics
}

// inOrder sorts topics as a category names them; those that it does not name come last.
func inOrder(topics []string, category string) {
	place := func(t string) int {
		if i := strings.Index(","+category+",", ","+t+","); i >= 0 {
			return i
		}
		return len(category) + 2
	}
	slices.SortStableFunc(topics, func(a, b string) int { return place(a) - place(b) })
}

// entity is a reference with its semicolon. Without one an ampersand is itself, as in an address.
var entity = regexp.MustCompile(`&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)

// unescaped returns s with the references that XML and HTML know replaced; an unknown one stays as it is.
func unescaped(s string) string { return entity.ReplaceAllStringFunc(s, html.UnescapeString) }

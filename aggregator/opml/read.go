package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"dateline/aggregator/text"
)

// Error is what is wrong with a document that was to be read. Line and Column count from 1, Column in bytes.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// IsOPML reports whether b looks like an OPML document.
func IsOPML(b []byte) bool {
	d := newDecoder(b)
	for {
		t, err := d.RawToken()
		if err != nil {
			return false
		}
		if start, ok := t.(xml.StartElement); ok {
			return start.Name.Local == "opml"
		}
	}
}

// Read reads a document. Outlines without an address are folders, and a folder is a topic of all that is in it,
// whatever the depth; a feed that stands in several is one feed. Outlines of other types than feeds are passed over.
// The error is an [*Error].
func Read(b []byte) (*Document, error) {
	r := &reader{d: newDecoder(b), doc: &Document{}, feeds: map[string]int{}, topics: map[string]bool{}}
	if len(b) > MaxSize {
		return nil, r.wrong("larger than %d MiB", MaxSize>>20)
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.doc, nil
}

func newDecoder(b []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = charset.NewReaderLabel
	d.Entity = xml.HTMLEntity
	return d
}

type reader struct {
	d        *xml.Decoder
	doc      *Document
	path     []string // the elements around, opml first
	folders  []string // the topic of each outline around; empty for one that is none
	begun    bool
	outlines int
	feeds    map[string]int // place in doc of a feed, by id and address
	topics   map[string]bool
}

func (r *reader) wrong(format string, args ...any) error {
	line, column := r.d.InputPos()
	return &Error{line, max(column, 1), fmt.Sprintf(format, args...)}
}

func (r *reader) read() error {
	for {
		t, err := r.d.Token()
		var syntax *xml.SyntaxError
		switch {
		case err == io.EOF && !r.begun:
			return r.wrong("not OPML: it has no elements")
		case err == io.EOF:
			r.doc.Title = text.Line(r.doc.Title)
			return nil
		case errors.As(err, &syntax):
			return r.wrong("not XML: %s", syntax.Msg)
		case err != nil:
			return r.wrong("not XML: %v", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
			if t.Name.Local == "outline" {
				r.folders = r.folders[:len(r.folders)-1]
			}
		case xml.CharData:
			if slices.Equal(r.path, []string{"opml", "head", "title"}) {
				r.doc.Title += string(t)
			}
		}
	}
}

func (r *reader) start(t xml.StartElement) error {
	name := t.Name.Local
	switch {
	case len(r.path) == 0 && name != "opml":
		return r.wrong("not OPML: its root is %s", name)
	case len(r.path) >= MaxDepth:
		return r.wrong("nested more than %d deep", MaxDepth)
	}
	r.begun = true
	r.path = append(r.path, name)
	if name != "outline" {
		return nil
	}
	if r.outlines++; r.outlines > MaxOutlines {
		return r.wrong("more than %d outlines", MaxOutlines)
	}
	r.outline(t.Attr)
	return nil
}

// outline takes in a folder or a feed.
func (r *reader) outline(attrs []xml.Attr) {
	f := Feed{}
	f.Line, _ = r.d.InputPos()
	label, title, category, kind := "", "", "", ""
	for _, a := range attrs {
		value := text.Line(a.Value)
		switch {
		case a.Name.Space == Namespace && value != "" && f.Get(a.Name.Local) == "" && !strings.Contains(a.Name.Local, ":"):
			f.Own = append(f.Own, Attr{a.Name.Local, value})
		case a.Name.Space != "":
		case strings.EqualFold(a.Name.Local, "xmlUrl"):
			f.URL = value
		case strings.EqualFold(a.Name.Local, "htmlUrl"):
			f.Site = value
		case a.Name.Local == "text":
			label = value
		case a.Name.Local == "title":
			title = value
		case a.Name.Local == "language":
			f.Language = value
		case a.Name.Local == "category":
			category = value
		case a.Name.Local == "type":
			kind = strings.ToLower(value)
		}
	}
	if f.Title = title; label != "" {
		f.Title = label
	}
	if f.URL == "" {
		r.folder(f, kind)
		return
	}
	r.folders = append(r.folders, "")
	f.Topics = r.topicsOf(category)
	key := f.Get("id") + " " + f.URL
	if i, again := r.feeds[key]; again {
		for _, t := range f.Topics {
			if !slices.Contains(r.doc.Feeds[i].Topics, t) {
				r.doc.Feeds[i].Topics = append(r.doc.Feeds[i].Topics, t)
			}
		}
		inOrder(r.doc.Feeds[i].Topics, category)
		return
	}
	r.feeds[key] = len(r.doc.Feeds)
	r.doc.Feeds = append(r.doc.Feeds, f)
}

// folder takes in an outline without an address.
func (r *reader) folder(f Feed, kind string) {
	topic := f.Get("topic")
	if topic == "" {
		topic = f.Title
	}
	if kind != "" && kind != "rss" && kind != "folder" {
		topic = "" // a link or an inclusion
	}
	r.folders = append(r.folders, topic)
	if topic != "" && !r.topics[topic] {
		r.topics[topic] = true
		r.doc.Topics = append(r.doc.Topics, Topic{ID: topic, Name: f.Title})
	}
}

// topicsOf returns the folders around an outline, in the order of its category; what stands in no folder has the
// topics that its category names: the last step of each path.
func (r *reader) topicsOf(category string) []string {
	var topics []string
	for _, t := range r.folders {
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
		if t != "" && !slices.Contains(topics, t) {
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

// oneLine returns s on one line, without white space around it.

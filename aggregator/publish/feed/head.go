// Package feed writes views of entries as feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, with credits in the vocabularies of the
// trade: Media RSS, Dublin Core and, where asked for, IPTC.
//
// An entry is written alone ([AtomEntry], [RSSItem], [JSONItem]) and its bytes can be kept; a document ([Atom], [RSS], [JSON]) joins
// them and has the same bytes as one that is written whole. Elements that a format demands are never absent.
//
// # Errors
//
// The errors are those of encoding/xml and encoding/json for what cannot be written. No view of an entry causes one.
package feed

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/publish/view"
)

// Media types of the documents, and of the pages that they link.
const (
	TypeAtom = "application/atom+xml"
	TypeRSS  = "application/rss+xml"
	TypeJSON = "application/feed+json"
	TypeHTML = "text/html"
)

// Head is what a document says of its feed. Addresses are absolute.
type Head struct {
	ID          string    // atom:id
	Title       string    // plain text
	Description string    // plain text
	Language    string    // of the feed's own words, BCP 47; may be empty
	Version     string    // of the generator; may be empty
	Updated     time.Time // never zero
	Self        string    // address of the document
	Home        string    // of the page beside it
	Hub         string    // of its WebSub hub; empty: none
	Icon        string    // of a small square picture; empty: none
	Logo        string    // of a drawing; empty: none
	Current     string    // of an archive document, the subscription document (RFC 5005 section 4); empty: it is none
	Prev        string    // of the archive before this document, set for the merged feed too; a format without archives does not write it
}

// EntryOptions are what a written entry depends on beside the entry itself.
type EntryOptions struct {
	Language       string // of the feed; empty: an entry in an unknown language has no xml:lang
	IPTC           bool   // elements of IPTC's nar: vocabulary besides, in Atom and RSS
	AgencyInTitle  bool   // the title begins with the name of the originator
	AgencyIsAuthor bool   // the originator is the author, the persons who wrote it are contributors
}

func (o EntryOptions) title(c *view.Entry) string {
	if o.AgencyInTitle {
		return c.NamedTitle()
	}
	return c.Title
}

func (o EntryOptions) people(c *view.Entry) (authors, contributors []view.Party) {
	if o.AgencyIsAuthor {
		return c.People()
	}
	return c.Authors(), c.Contributors
}

// stamp prints t as RFC 3339 in UTC, to the microsecond where it has a fraction.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z07:00") }

// Entry is an entry as it was written in Atom or RSS: indented, with the line break before it, and the vocabularies it uses.
type Entry struct {
	bytes []byte
	uses  prefixes
}

// vocabulariesOf returns the vocabularies that some of the entries use.
func vocabulariesOf(entries []Entry) (u prefixes) {
	for _, e := range entries {
		u = u.or(e.uses)
	}
	return u
}

// joined puts the entries into a document that was written without them, before its end.
func joined(whole, end string, entries []Entry) []byte {
	size := len(whole)
	for _, e := range entries {
		size += len(e.bytes)
	}
	doc := append(make([]byte, 0, size), strings.TrimSuffix(whole, end)...)
	for _, e := range entries {
		doc = append(doc, e.bytes...)
	}
	return append(doc, end...)
}

// scratch is where an entry is written before its bytes are kept.
type scratch struct {
	buf bytes.Buffer
	out *bufio.Writer // into buf; an [xml.Encoder] takes it for its own
}

// scratches holds those that are free.
var scratches = sync.Pool{New: func() any {
	s := new(scratch)
	s.out = bufio.NewWriter(&s.buf)
	return s
}}

func writeXML(v any, prefix string, uses prefixes) (Entry, error) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.buf.Reset()
	s.out.Reset(&s.buf)
	s.buf.WriteByte('\n')
	enc := xml.NewEncoder(s.out)
	enc.Indent(prefix, "  ")
	err := enc.Encode(v)
	return Entry{bytes.Clone(s.buf.Bytes()), uses}, err
}

package publish

import (
	"fmt"
	"strings"
)

// Format is how a document is written.
type Format string

// The formats. OPML lists sources, not entries.
const (
	Atom Format = "atom" // RFC 4287
	RSS  Format = "rss"  // 2.0
	JSON Format = "json" // JSON Feed 1.1
	OPML Format = "opml" // 2.0
	HTML Format = "html"
)

// feedFormats are those of feeds.
var feedFormats = []Format{Atom, RSS, JSON}

// Media types of documents.
const (
	typeAtom = "application/atom+xml"
	typeRSS  = "application/rss+xml"
	typeJSON = "application/feed+json"
	typeOPML = "text/x-opml"
	typeHTML = "text/html"
)

// Feed renders the entries of l. It returns [ErrListing], [ErrRead] where r could not be read, [ErrFormat], and what
// Options.Find returned, wrapped.
func (p *Publisher) Feed(r Reader, l Listing, f Format) (*Document, error) {
	if f == OPML {
		return p.opml(l)
	}
	write := p.writer(f)
	if write == nil {
		return nil, fmt.Errorf("%w: %s", ErrFormat, f)
	}
	s, err := p.list(r, l)
	if err != nil {
		return nil, err
	}
	return write(s)
}

// writer returns what writes the format; nil: it is none of entries.
func (p *Publisher) writer(f Format) func(*selection) (*Document, error) {
	switch f {
	case Atom:
		return p.atom
	case RSS:
		return p.rss
	case JSON:
		return p.json
	case HTML:
		return p.page
	}
	return nil
}

// address returns where the document of s stands in a format.
func (p *Publisher) address(s *selection, f Format) string {
	return p.base + s.path + "." + string(f) + s.query
}

// home returns the address of the page beside the document of s: that of the search, else that of the wire.
func (p *Publisher) home(s *selection) string {
	if s.query != "" {
		return p.base + s.path + s.query
	}
	return p.base
}

// document dates what was written of s.
func (s *selection) document(mediaType string, b []byte) *Document {
	return &Document{Bytes: b, MediaType: mediaType, Position: s.position, Updated: s.updated, Entries: len(s.parts),
		archive: s.archive, topic: !s.archive && mediaType != typeHTML}
}

// xmlEntries collects the entries of parts in one format, and the vocabularies that they use.
func xmlEntries(parts []*fragment, one func(*fragment) (xmlEntry, error)) ([][]byte, prefixes, error) {
	all := make([][]byte, 0, len(parts))
	var uses prefixes
	for _, f := range parts {
		e, err := one(f)
		if err != nil {
			return nil, uses, fmt.Errorf("publish: entry %s: %w", f.c.e.Key, err)
		}
		all, uses = append(all, e.bytes), uses.or(e.uses)
	}
	return all, uses, nil
}

// joined puts the parts into a document that was written without them, before its end.
func joined(whole, end string, parts [][]byte) []byte {
	size := len(whole)
	for _, b := range parts {
		size += len(b)
	}
	doc := append(make([]byte, 0, size), strings.TrimSuffix(whole, end)...)
	for _, b := range parts {
		doc = append(doc, b...)
	}
	return append(doc, end...)
}

package publish

import (
	"fmt"
	"strconv"
	"strings"

	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
)

// Format is how a document is written: also the ending of its path and of its file, and the word of `feed --format`.
type Format string

// The formats. OPML lists sources, not entries.
const (
	Atom Format = "atom" // RFC 4287
	RSS  Format = "rss"  // 2.0
	JSON Format = "json" // JSON Feed 1.1
	OPML Format = "opml" // 2.0
	HTML Format = "html"
)

// FeedFormats returns the formats of feeds: what is served, announced to hubs and written as files.
func FeedFormats() []Format { return []Format{Atom, RSS, JSON} }

// typeOPML is the media type of lists of sources.
const typeOPML = "text/x-opml"

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
		return func(s *selection) (*Document, error) {
			return written(s, p.head(s, f), feed.TypeAtom, feed.Atom, func(f entryForms) (feed.Entry, error) { return f.atom() })
		}
	case RSS:
		return func(s *selection) (*Document, error) {
			return written(s, p.head(s, f), feed.TypeRSS, feed.RSS, func(f entryForms) (feed.Entry, error) { return f.rss() })
		}
	case JSON:
		return func(s *selection) (*Document, error) {
			return written(s, p.head(s, f), feed.TypeJSON, feed.JSON, func(f entryForms) ([]byte, error) { return f.json() })
		}
	case HTML:
		return p.page
	}
	return nil
}

// head returns what the document of s says of its feed in a format.
func (p *Publisher) head(s *selection, f Format) feed.Head {
	h := feed.Head{
		ID: s.id, Title: s.title, Description: page.About(p.o.Language), Language: p.o.Language, Version: p.o.Version,
		Updated: s.updated, Self: p.at.Base + s.path + "." + string(f) + s.query, Home: p.at.Base + strings.TrimSuffix(s.page, p.at.Ending),
		Hub:  p.o.Hub,
		Icon: p.at.Base + icoPath, Logo: p.at.Base + svgPath,
	}
	if s.page == "search" {
		h.Home += s.query
	}
	if s.archive {
		h.Home, h.Hub, h.Current = p.at.Base, "", p.at.Base+"feed.atom"
	}
	if s.prev != "" {
		h.Prev = p.at.Base + s.prev + "." + string(f)
	}
	return h
}

// written writes s as a document: each entry as one returns it, joined by whole.
func written[E any](s *selection, h feed.Head, mediaType string, whole func(feed.Head, []E) ([]byte, error),
	one func(entryForms) (E, error)) (*Document, error) {
	all := make([]E, 0, len(s.parts))
	for _, f := range s.parts {
		in := f.named
		if s.alone {
			in = f.plain
		}
		e, err := one(in())
		if err != nil {
			return nil, fmt.Errorf("publish: entry %s: %w", f.c.Entry.Key, err)
		}
		all = append(all, e)
	}
	b, err := whole(h, all)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return s.document(mediaType, b), nil
}

// page writes s as a page.
func (p *Publisher) page(s *selection) (*Document, error) { return p.listPage(s, p.pageHead(s)) }

// pageHead returns what the page of s says of it.
func (p *Publisher) pageHead(s *selection) page.Wire {
	l := page.Wire{Title: s.title, Path: s.page, Feed: s.path, Query: s.query}
	if s.archive {
		l.Archive = strconv.FormatUint(s.number, 10)
	}
	if s.prev != "" {
		l.Older = strings.Repeat("../", strings.Count(l.Path, "/")) + s.prev + ".html"
	}
	return l
}

// listPage renders s as the list l.
func (p *Publisher) listPage(s *selection, l page.Wire) (*Document, error) {
	for _, f := range s.parts {
		l.Rows = append(l.Rows, page.Row{At: f.c.At, HTML: f.rows[strings.Count(l.Path, "/")]()})
	}
	b, err := p.site.Wire(l)
	if err != nil {
		return nil, err
	}
	return s.document(feed.TypeHTML, b), nil
}

// Page renders the wire as a person reads it, in HTML: the entries of the subscription document. It returns
// [ErrRead] where r could not be read.
func (p *Publisher) Page(r Reader) (*Document, error) { return p.Feed(r, Listing{}, HTML) }

// document dates what was written of s.
func (s *selection) document(mediaType string, b []byte) *Document {
	return &Document{Bytes: b, MediaType: mediaType, Position: s.position, Updated: s.updated, Entries: len(s.parts),
		archive: s.archive, topic: !s.archive && mediaType != feed.TypeHTML}
}

// Atom renders the merged feed's subscription document. It returns [ErrRead] where r could not be read.
func (p *Publisher) Atom(r Reader) (*Document, error) { return p.Feed(r, Listing{}, Atom) }

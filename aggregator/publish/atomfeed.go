package publish

import (
	"encoding/xml"
	"fmt"

	"github.com/gorilla/feeds"

	"dateline/aggregator/text"
)

type atomFeed struct {
	feeds.AtomFeed          // id, updated
	XMLName        xml.Name `xml:"feed"`
	Lang           string   `xml:"xml:lang,attr,omitempty"`
	namespaces
	History   string    `xml:"xmlns:fh,attr,omitempty"`
	Title     atomText  `xml:"title"`
	Generator generator `xml:"generator"`
	Archive   *struct{} `xml:"fh:archive"` // RFC 5005 section 4
	Links     []atomLink
	Entries   []*atomEntry
}

// FeedXml makes the feed one that gorilla writes.
func (f *atomFeed) FeedXml() any { return f }

type generator struct {
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

// Atom renders the merged feed's subscription document. It returns [ErrRead] where r could not be read.
func (p *Publisher) Atom(r Reader) (*Document, error) { return p.Feed(r, Listing{}, Atom) }

// atom joins the fragments of s inside the feed element.
func (p *Publisher) atom(s *selection) (*Document, error) {
	parts, uses, err := xmlEntries(s.parts, func(f *fragment) (xmlEntry, error) { return f.atom() })
	if err != nil {
		return nil, err
	}
	head, err := feeds.ToXML(p.atomFeed(s, uses))
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return s.document(typeAtom, joined(head, "\n</feed>", parts)), nil
}

// atomFeed returns the feed element without entries.
func (p *Publisher) atomFeed(s *selection, uses prefixes) *atomFeed {
	f := &atomFeed{
		AtomFeed:   feeds.AtomFeed{Xmlns: nsAtom, Id: s.id, Updated: stamp(s.updated)},
		Lang:       text.CanonicalTag(p.o.Language),
		namespaces: uses.declare(),
		Title:      atomTitle(s.title),
		Generator:  generator{Version: oneLine(p.o.Version), Name: "Dateline"},
		Links: []atomLink{
			{Rel: "self", Type: typeAtom, Href: p.address(s, Atom)},
			{Rel: "alternate", Type: typeHTML, Href: p.home(s)},
		},
	}
	if p.o.Hub != "" && !s.archive {
		f.Links = append(f.Links, atomLink{Rel: "hub", Href: p.o.Hub})
	}
	if s.archive {
		f.Archive, f.History = &struct{}{}, nsHistory
		f.Links = append(f.Links, atomLink{Rel: "current", Type: typeAtom, Href: p.base + "feed.atom"})
	}
	if s.prev != "" {
		f.Links = append(f.Links, atomLink{Rel: "prev-archive", Type: typeAtom, Href: p.base + s.prev + ".atom"})
	}
	return f
}

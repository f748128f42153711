package feed

import (
	"encoding/xml"
	"fmt"

	"github.com/gorilla/feeds"

	"dateline/aggregator/publish/view"
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

// Atom writes a document of entries.
func Atom(h Head, entries []Entry) ([]byte, error) {
	whole, err := feeds.ToXML(newAtomFeed(h, vocabulariesOf(entries)))
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return joined(whole, "\n</feed>", entries), nil
}

// newAtomFeed returns the feed element without entries.
func newAtomFeed(h Head, uses prefixes) *atomFeed {
	f := &atomFeed{
		AtomFeed:   feeds.AtomFeed{Xmlns: nsAtom, Id: h.ID, Updated: stamp(h.Updated), Icon: h.Icon, Logo: h.Logo},
		Lang:       text.CanonicalTag(h.Language),
		namespaces: uses.declare(),
		Title:      atomTitle(h.Title),
		Generator:  generator{Version: view.OneLine(h.Version), Name: "Dateline"},
		Links: []atomLink{
			{Rel: "self", Type: TypeAtom, Href: h.Self},
			{Rel: "alternate", Type: TypeHTML, Href: h.Home},
		},
	}
	if h.Hub != "" {
		f.Links = append(f.Links, atomLink{Rel: "hub", Href: h.Hub})
	}
	if h.Current != "" {
		f.Archive, f.History = &struct{}{}, nsHistory
		f.Links = append(f.Links, atomLink{Rel: "current", Type: TypeAtom, Href: h.Current})
	}
	if h.Prev != "" {
		f.Links = append(f.Links, atomLink{Rel: "prev-archive", Type: TypeAtom, Href: h.Prev})
	}
	return f
}

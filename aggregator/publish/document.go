package publish

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// archivePage is how many records of the log an archive document holds.
const archivePage = 100

// selection is what a document shows: fragments in their order.
type selection struct {
	position uint64
	updated  time.Time
	parts    []*fragment
}

// Atom renders the subscription document. It returns [ErrRead] where r could not be read.
func (p *Publisher) Atom(r Reader) (*Document, error) {
	s, err := p.subscription(r)
	if err != nil {
		return nil, err
	}
	return p.atom(r.FeedID(), s)
}

// subscription collects the entries of the newest log records: as many records as the options say, and
// every one that is not yet on a closed archive page. An entry of several records stands once. The order is
// published, or first seen where that is missing, descending, then key.
func (p *Publisher) subscription(r Reader) (*selection, error) {
	s := &selection{position: r.Head(), updated: unborn}
	open := s.position / archivePage * archivePage // the last record of the newest closed page
	known := make(map[news.Key]bool)
	n := 0
	for rec, err := range r.Records(0) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if n++; n > p.o.Entries && rec.Pos <= open {
			break
		}
		if s.updated.Before(rec.At) {
			s.updated = rec.At
		}
		if known[rec.Entry] {
			continue
		}
		known[rec.Entry] = true
		f, err := p.load(r, rec.Entry)
		if err != nil {
			return nil, err
		}
		if f != nil {
			s.parts = append(s.parts, f)
		}
	}
	slices.SortFunc(s.parts, func(a, b *fragment) int {
		if n := b.c.at.Compare(a.c.at); n != 0 {
			return n
		}
		return bytes.Compare(a.c.e.Key[:], b.c.e.Key[:])
	})
	for _, f := range s.parts {
		if t := f.c.updated(); s.updated.Before(t) {
			s.updated = t
		}
	}
	p.keep(s.parts)
	return s, nil
}

// load returns the fragment of entry k; nil where it stands in no document: held, merged into another, or
// its text is past retention.
func (p *Publisher) load(r Reader, k news.Key) (*fragment, error) {
	e, ok, err := r.Entry(k)
	if err != nil {
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	}
	if !ok || e.State == news.Held || e.State == news.Merged {
		return nil, nil
	}
	if f := p.unchanged(e); f != nil {
		return f, nil
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	c := p.piece(e, items)
	if c.tellings, err = p.tellings(r, e); err != nil {
		return nil, err
	}
	f, err := p.fragment(c)
	if err != nil {
		return nil, fmt.Errorf("publish: entry %s: %w", k, err)
	}
	return f, nil
}

// members returns the items of e that are public, the representative first; none where that is past
// retention.
func members(r Reader, e news.Entry) ([]news.Item, error) {
	var items []news.Item
	for i, k := range e.Members() {
		it, ok, err := r.Item(k)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: item %s: %w", ErrRead, k, err)
		case i == 0 && (!ok || it.Erased && e.State != news.Withdrawn):
			return nil, nil
		case i == 0, ok && !it.Held && !it.Withdrawn:
			items = append(items, it)
		}
	}
	return items, nil
}

// atom joins the fragments of s inside the feed element.
func (p *Publisher) atom(minted string, s *selection) (*Document, error) {
	const end = "\n</feed>"
	var uses prefixes
	size := 0
	for _, f := range s.parts {
		uses = uses.or(f.uses)
		size += len(f.atom)
	}
	head, err := feeds.ToXML(p.feed(minted, s.updated, uses))
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	doc := &Document{MediaType: typeAtom, Position: s.position, Updated: s.updated, Entries: len(s.parts)}
	doc.Bytes = make([]byte, 0, len(head)+size)
	doc.Bytes = append(doc.Bytes, strings.TrimSuffix(head, end)...)
	for _, f := range s.parts {
		doc.Bytes = append(doc.Bytes, f.atom...)
	}
	doc.Bytes = append(doc.Bytes, end...)
	return doc, nil
}

// feed returns the feed element without entries.
func (p *Publisher) feed(minted string, updated time.Time, uses prefixes) *atomFeed {
	f := &atomFeed{
		AtomFeed: feeds.AtomFeed{Xmlns: nsAtom, Id: first(p.o.ID, minted), Updated: stamp(updated)},
		Lang:     text.Tongue(p.o.Language),
		Title:    atomTitle(first(line(p.o.Title), "Agency wire")),
		Generator: generator{
			Version: line(p.o.Version),
			Name:    "Dateline",
		},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: p.base + "feed.atom"},
			{Rel: "alternate", Type: "text/html", Href: p.base},
		},
	}
	for _, ns := range []struct {
		used bool
		to   *string
		name string
	}{{uses.media, &f.Media, nsMedia}, {uses.dc, &f.DC, nsDC}, {uses.dcterms, &f.DCTerms, nsDCTerms}, {uses.nar, &f.NAR, nsNAR}} {
		if ns.used {
			*ns.to = ns.name
		}
	}
	return f
}

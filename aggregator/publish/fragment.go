package publish

import (
	"bytes"
	"encoding/xml"
	"html/template"
	"sync"

	"dateline/aggregator/news"
)

// fragment is one entry, rendered. It depends on the entry, its items, the other tellings of its story and the
// publisher's options alone, and is kept until [news.Entry.Changed] moves; other options mean another publisher.
type fragment struct {
	c    *piece
	atom []byte // an indented atom:entry, with the line break before it
	uses prefixes
	row  func() (template.HTML, error) // rendered when a page first asks for it
}

// prefixes are the vocabularies that a fragment uses.
type prefixes struct{ media, dc, dcterms, nar bool }

func (u prefixes) or(v prefixes) prefixes {
	return prefixes{u.media || v.media, u.dc || v.dc, u.dcterms || v.dcterms, u.nar || v.nar}
}

func (a *atomEntry) uses() prefixes {
	return prefixes{
		media:   len(a.Pictures)+len(a.Credits) > 0,
		dc:      a.Publisher != "",
		dcterms: a.Citation != "" || a.Provenance != "",
		nar:     a.Dateline != "" || a.InfoSource != "" || len(a.Creditlines)+len(a.By) > 0,
	}
}

// unchanged returns the fragment of e as it was rendered last, if nothing has changed since.
func (p *Publisher) unchanged(e news.Entry) *fragment {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.kept[e.Key]; f != nil && e.Changed != 0 && f.c.e.Changed == e.Changed {
		return f
	}
	return nil
}

// fragment renders a piece as it stands in documents.
func (p *Publisher) fragment(c *piece) (*fragment, error) {
	a := p.entry(c)
	var b bytes.Buffer
	b.WriteByte('\n')
	enc := xml.NewEncoder(&b)
	enc.Indent("  ", "  ")
	if err := enc.Encode(a); err != nil {
		return nil, err
	}
	return &fragment{
		c: c, atom: b.Bytes(), uses: a.uses(),
		row: sync.OnceValues(func() (template.HTML, error) { return p.rowHTML(c) }),
	}, nil
}

// keep remembers the fragments of a rendering in place of those of the one before.
func (p *Publisher) keep(all []*fragment) {
	kept := make(map[news.Key]*fragment, len(all))
	for _, f := range all {
		kept[f.c.e.Key] = f
	}
	p.mu.Lock()
	p.kept = kept
	p.mu.Unlock()
}

package publish

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"html/template"
	"sync"

	"dateline/aggregator/news"
)

// fragment is one entry, written in each format when that is first asked for. It depends on the entry, its items, the
// other tellings of its story and the publisher's options alone, and is kept until [news.Entry.Changed] moves; other
// options mean another publisher.
type fragment struct {
	c    *entryView
	atom func() (xmlEntry, error)
	rss  func() (xmlEntry, error)
	json func() ([]byte, error)
	row  func() (template.HTML, error)
}

// xmlEntry is an entry, indented, with the line break before it.
type xmlEntry struct {
	bytes []byte
	uses  prefixes
}

// fragment returns an entry view as it stands in documents.
func (p *Publisher) fragment(c *entryView) *fragment {
	return &fragment{
		c: c,
		atom: sync.OnceValues(func() (xmlEntry, error) {
			a := p.entry(c)
			return p.writeXML(a, "  ", a.uses())
		}),
		rss: sync.OnceValues(func() (xmlEntry, error) {
			i := p.rssItem(c)
			return p.writeXML(i, "    ", i.uses())
		}),
		json: sync.OnceValues(func() ([]byte, error) { return p.jsonItem(c) }),
		row:  sync.OnceValues(func() (template.HTML, error) { return p.rowHTML(c, "") }),
	}
}

// scratch is where an entry is written before its bytes are kept.
type scratch struct {
	buf bytes.Buffer
	out *bufio.Writer // into buf; an [xml.Encoder] takes it for its own
}

func newScratch() any {
	s := new(scratch)
	s.out = bufio.NewWriter(&s.buf)
	return s
}

func (p *Publisher) writeXML(v any, prefix string, uses prefixes) (xmlEntry, error) {
	s := p.scratch.Get().(*scratch)
	defer p.scratch.Put(s)
	s.buf.Reset()
	s.out.Reset(&s.buf)
	s.buf.WriteByte('\n')
	enc := xml.NewEncoder(s.out)
	enc.Indent(prefix, "  ")
	err := enc.Encode(v)
	return xmlEntry{bytes.Clone(s.buf.Bytes()), uses}, err
}

// besides is how many fragments are kept beyond those of the merged feed.
const besides = 1000

// unchanged returns the fragment of e as it was rendered last, if nothing has changed since.
func (p *Publisher) unchanged(e news.Entry) *fragment {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.kept.get(e.Key); f != nil && e.Changed != 0 && f.c.e.Changed == e.Changed {
		return f
	}
	return nil
}

// keep remembers a fragment.
func (p *Publisher) keep(f *fragment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept.put(f.c.e.Key, f, 1)
}

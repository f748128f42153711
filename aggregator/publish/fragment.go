package publish

import (
	"html/template"
	"strings"
	"sync"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/view"
)

// fragment is one entry, written in each format when that is first needed. It depends on the entry, its items, the
// other reports of its story and the publisher's options alone, and is kept until [news.Entry.Changed] moves; other
// options mean another publisher.
type fragment struct {
	c     *view.Entry
	named func() entryForms       // in documents of more than one source
	plain func() entryForms       // in documents of one source: no title begins with its name
	rows  [2]func() template.HTML // in lists on pages that are `../` from `/` as often as the index says
}

// entryForms are an entry in each format.
type entryForms struct {
	atom func() (feed.Entry, error)
	rss  func() (feed.Entry, error)
	json func() ([]byte, error)
}

// fragment returns an entry as it is in documents.
func (p *Publisher) fragment(c *view.Entry) *fragment {
	o := feed.EntryOptions{Language: p.o.Language, IPTC: p.o.IPTC, AgencyIsAuthor: p.o.AgencyIn.author()}
	f := &fragment{
		c:     c,
		plain: sync.OnceValue(func() entryForms { return p.formats(c, o) }),
	}
	for i := range f.rows {
		f.rows[i] = sync.OnceValue(func() template.HTML { return p.site.Row(c, strings.Repeat("../", i)) })
	}
	f.named = f.plain
	if p.o.AgencyIn.title() {
		f.named = sync.OnceValue(func() entryForms {
			o := o
			o.AgencyInTitle = true
			return p.formats(c, o)
		})
	}
	return f
}

func (p *Publisher) formats(c *view.Entry, o feed.EntryOptions) entryForms {
	return entryForms{
		atom: sync.OnceValues(func() (feed.Entry, error) { return feed.AtomEntry(c, p.at, o) }),
		rss:  sync.OnceValues(func() (feed.Entry, error) { return feed.RSSItem(c, p.at, o) }),
		json: sync.OnceValues(func() ([]byte, error) { return feed.JSONItem(c, p.at, o) }),
	}
}

// besides is how many fragments are kept beyond those of the merged feed.
const besides = 1000

// unchanged returns the fragment of e as it was rendered last, if nothing has changed since.
func (p *Publisher) unchanged(e news.Entry) *fragment {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.kept.get(e.Key); f != nil && e.Changed != 0 && f.c.Entry.Changed == e.Changed {
		return f
	}
	return nil
}

// keep remembers a fragment.
func (p *Publisher) keep(f *fragment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept.put(f.c.Entry.Key, f, 1)
}

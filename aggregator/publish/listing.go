package publish

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// Listing says whose entries a feed shows. At most one field is set; the zero value is the merged feed.
type Listing struct {
	Source   string // id: what the source carries, and what is held back of it
	Topic    string // what the sources of the topic carry
	Language string // primary language of BCP 47, such as `ru`
	Agency   string // key: what the agency reported, and what its sources carry
	Place    string // key: what was filed from there
	Query    string // what Options.Find finds
}

// selection is what a document shows: fragments in their order, and how the feed is called.
type selection struct {
	naming
	position uint64    // of the newest record
	updated  time.Time // of the feed element
	parts    []*fragment
}

// naming is how a feed is called.
type naming struct {
	id      string
	title   string
	path    string // of its documents below the base address, without the dot and the format; empty: it has none
	page    string // path of its page below the base address; empty: it is the front page
	query   string // of their addresses, with `?`; may be empty
	alone   bool   // all of it is of one source
	archive bool
	number  uint64 // of the archive page
	prev    string // path of the archive page before, likewise; empty: none
}

// list selects the entries of l. It returns [ErrListing], [ErrRead], or what Options.Find returned.
func (p *Publisher) list(r Reader, l Listing) (*selection, error) {
	if l.Query != "" {
		return p.found(r, l.Query)
	}
	pt, err := p.part(r, l)
	if err != nil {
		return nil, err
	}
	if pt.found != nil {
		return pt.found, nil
	}
	s := &selection{naming: pt.naming}
	if oldest, open := archives(r); l == (Listing{}) && open > oldest {
		s.prev = archivePath(open - 1)
	}
	if l.Source != "" {
		if err := p.held(r, s, l.Source); err != nil {
			return nil, err
		}
	}
	if err := p.collect(r, s, pt.records(0), pt.keep); err != nil || l != (Listing{}) {
		return s, err
	}
	return s, p.addPerSourceMinimum(r, s)
}

// naming names a feed. That of a part is derived from the merged feed's id and the part, so that it stays as long as
// the merged feed's does, regardless of the base address.
func (p *Publisher) naming(r Reader, part, title, path string) naming {
	n := naming{id: cmp.Or(p.o.ID, r.FeedID()), title: cmp.Or(view.OneLine(p.o.Title), "Agency wire"), path: path}
	if part != "" {
		n.id = news.ItemKey(n.id, part).URN()
		n.title += ": " + title
	}
	return n
}

// held adds the held entries of a source to s: as many as the options say, the last to arrive.
func (p *Publisher) held(r Reader, s *selection, source string) error {
	var last []news.Entry
	for e, err := range r.HeldBy(source) {
		if err != nil {
			return fmt.Errorf("%w: held of %s: %w", ErrRead, source, err)
		}
		if last = append(last, e); len(last) >= 2*p.o.Entries {
			last = slices.Delete(last, 0, p.o.Entries)
		}
	}
	for _, e := range last[max(0, len(last)-p.o.Entries):] {
		f, err := p.load(r, e.Key, true)
		if err != nil {
			return err
		}
		if f != nil {
			s.parts = append(s.parts, f)
		}
	}
	return nil
}

// found lists what a search finds. The list has no date: its result changes with every text.
func (p *Publisher) found(r Reader, query string) (*selection, error) {
	query = strings.Join(strings.Fields(query), " ")
	n := p.naming(r, "search:"+query, view.OneLine(query), "search")
	n.page, n.query = "search", view.SearchQuery(query)
	return p.matching(r, n, query, true)
}

// matching lists what a query finds, with what is held back or without.
func (p *Publisher) matching(r Reader, n naming, query string, held bool) (*selection, error) {
	s := &selection{naming: n, updated: view.Epoch}
	if p.find == nil {
		return nil, fmt.Errorf("%w: there is no search", ErrListing)
	}
	keys, err := p.find(snapshot(r), query)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	for _, k := range keys {
		f, err := p.load(r, k, held)
		if err != nil {
			return nil, err
		}
		if f != nil && f.c.Entry.State != news.Withdrawn {
			s.position = max(s.position, f.c.Entry.Last)
			s.parts = append(s.parts, f)
		}
	}
	s.sort()
	return s, nil
}

// collect fills s with the entries of the newest of records: as many records as the options say, and every one
// that is not yet on a closed archive page. An entry of several records is listed once. Entries for which keep, unless it is nil,
// returns false are left out.
func (p *Publisher) collect(r Reader, s *selection, records iter.Seq2[news.LogRecord, error], keep func(*view.Entry) bool) error {
	s.updated = view.Epoch
	open := r.Head() / archivePage * archivePage // the last record of the newest closed page
	known := make(map[news.Key]bool)
	n := 0
	for rec, err := range records {
		if err != nil {
			return fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if n++; n > p.o.Entries && rec.Pos <= open {
			break
		}
		if s.position == 0 {
			s.position = rec.Pos
		}
		if s.updated.Before(rec.At) {
			s.updated = rec.At
		}
		if known[rec.Entry] {
			continue
		}
		known[rec.Entry] = true
		f, err := p.load(r, rec.Entry, false)
		if err != nil {
			return err
		}
		if f != nil && (keep == nil || keep(f.c)) {
			s.parts = append(s.parts, f)
		}
	}
	s.sort()
	return nil
}

// sort brings the parts into their order: published, or first seen where that is missing, descending, then key. It
// also dates the selection.
func (s *selection) sort() {
	slices.SortFunc(s.parts, func(a, b *fragment) int {
		if n := b.c.At.Compare(a.c.At); n != 0 {
			return n
		}
		return bytes.Compare(a.c.Entry.Key[:], b.c.Entry.Key[:])
	})
	for _, f := range s.parts {
		if t := f.c.Updated(); s.updated.Before(t) {
			s.updated = t
		}
	}
}

// merged yields the records of all, newest first, each once. Each of them yields its newest first.
func merged(all []iter.Seq2[news.LogRecord, error]) iter.Seq2[news.LogRecord, error] {
	type source struct {
		rec  news.LogRecord
		err  error
		next func() (news.LogRecord, error, bool)
	}
	return func(yield func(news.LogRecord, error) bool) {
		var open []*source
		for _, records := range all {
			next, stop := iter.Pull2(records)
			defer stop()
			s := &source{next: next}
			var ok bool
			if s.rec, s.err, ok = next(); ok {
				open = append(open, s)
			}
		}
		last := uint64(0)
		for len(open) > 0 {
			newest := slices.MaxFunc(open, func(a, b *source) int { return cmp.Compare(a.rec.Pos, b.rec.Pos) })
			if newest.err != nil || newest.rec.Pos != last {
				if last = newest.rec.Pos; !yield(newest.rec, newest.err) || newest.err != nil {
					return
				}
			}
			var ok bool
			if newest.rec, newest.err, ok = newest.next(); !ok {
				open = slices.DeleteFunc(open, func(s *source) bool { return s == newest })
			}
		}
	}
}

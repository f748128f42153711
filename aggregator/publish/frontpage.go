package publish

import (
	"fmt"
	"strconv"

	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
)

// pageEntries is how many entries a page of the wire has.
const pageEntries = 50

// frontDocument serves a page of the wire: the newest entries, or those before the position of the log that is asked for. Among
// files the one page has what the subscription document has, and the archives are behind it.
func frontDocument(c call) (*Document, error) {
	if c.p.at.Ending != "" {
		return c.p.Page(c.r)
	}
	if c.before == "" {
		return c.p.pageBefore(c.r, 0)
	}
	before, err := strconv.ParseUint(c.before, 10, 64)
	if err != nil || strconv.FormatUint(before, 10) != c.before || before < 2 || before > c.r.Head() {
		return nil, ErrNotFound
	}
	return c.p.pageBefore(c.r, before)
}

// pageBefore renders the entries with the highest newest positions below before; 0: the highest of all. What is on a page does not
// depend on later entries, and an entry is on one page.
func (p *Publisher) pageBefore(r Reader, before uint64) (*Document, error) {
	s := &selection{naming: p.naming(r, "", "", "feed"), updated: view.Epoch}
	l := page.Wire{Feed: "feed"}
	if before > 0 {
		l.Before = strconv.FormatUint(before, 10)
	}
	last := uint64(0)
	for rec, err := range r.Records(max(before, 1) - 1) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		f, err := p.load(r, rec.Entry, false)
		if err != nil {
			return nil, err
		}
		if f == nil || f.c.Entry.Last != rec.Pos {
			continue // it is on no page, or on that of its newest record
		}
		if len(s.parts) == pageEntries {
			l.Older = "?before=" + strconv.FormatUint(last, 10)
			break
		}
		s.parts, s.position, last = append(s.parts, f), max(s.position, rec.Pos), rec.Pos
	}
	s.sort()
	return p.listPage(s, l)
}

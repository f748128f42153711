package publish

import (
	"fmt"
	"strconv"

	"dateline/aggregator/publish/view"
)

// pageEntries is how many entries a page of the wire has.
const pageEntries = 50

// frontDocument serves a page of the wire: the newest entries, or those before the position of the log that is asked for. Among
// files the one page has what the subscription document has, and the archives are behind it.
func frontDocument(c call) (*Document, error) {
	if c.p.at.Ending == "" {
		whole, err := c.p.part(c.r, Listing{})
		if err != nil {
			return nil, err
		}
		return c.p.partPage(c, whole)
	}
	s, err := c.p.list(c.r, Listing{})
	if err != nil {
		return nil, err
	}
	l := c.p.pageHead(s)
	if l.Rail, err = c.rail(); err != nil {
		return nil, err
	}
	if l.Strip, err = c.p.strip(c.r); err != nil {
		return nil, err
	}
	return c.p.listPage(s, l)
}

// partPage renders a page of a part: the entries with the highest newest positions, or with the highest below the position that is asked
// for. What is on a page that is not the first does not depend on later entries, and an entry is on one page. It returns
// [ErrNotFound] for a position that the log does not have, or is not written as we write it.
func (p *Publisher) partPage(c call, pt *part) (*Document, error) {
	before := uint64(0)
	if c.before != "" {
		var err error
		before, err = strconv.ParseUint(c.before, 10, 64)
		if err != nil || strconv.FormatUint(before, 10) != c.before || before < 2 || before > c.r.Head() {
			return nil, ErrNotFound
		}
	}
	s := &selection{naming: pt.naming, updated: view.Epoch}
	l := p.pageHead(s)
	l.Before, l.Heading, l.Lang = c.before, pt.heading, pt.lang
	last := uint64(0)
	for rec, err := range pt.records(max(before, 1) - 1) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		f, err := p.load(c.r, rec.Entry, false)
		if err != nil {
			return nil, err
		}
		if f == nil || f.c.Entry.Last != rec.Pos || pt.keep != nil && !pt.keep(f.c) {
			continue // it is on no page, or on that of its newest record
		}
		if len(s.parts) == pageEntries {
			l.Older = "?before=" + strconv.FormatUint(last, 10)
			break
		}
		s.parts, s.position, last = append(s.parts, f), max(s.position, rec.Pos), rec.Pos
	}
	if p.at.Ending != "" {
		l.Older = "" // a file has no parameters
	}
	s.sort()
	var err error
	if l.Rail, err = c.rail(); err != nil {
		return nil, err
	}
	if pt.path == "feed" && before == 0 {
		if l.Strip, err = p.strip(c.r); err != nil {
			return nil, err
		}
	}
	shown := make([]*view.Entry, len(s.parts))
	for i, f := range s.parts {
		shown[i] = f.c
	}
	if pt.named != nil {
		l.Heading = pt.named(shown)
	}
	if pt.facts != nil {
		l.Facts = pt.facts(shown)
	}
	return p.listPage(s, l)
}

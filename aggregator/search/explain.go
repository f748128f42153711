package search

import (
	"slices"

	"dateline/aggregator/news"
)

// Part is a part of a query with what it finds.
type Part struct {
	Text    string // as it is read
	Query   string // the query that was asked to count them: Text alone, or the whole query without it
	Found   int    // at most [MaxResults]
	Without bool   // Found is what the query finds without it; otherwise what it finds alone
	Unknown bool   // it names a source or a topic that is not there
}

// Explain says of a query that finds nothing which part of it is to blame: what each term finds alone, and what the query finds without
// its dates and without what must not be there. parts is empty for a query of alternatives, and for one of a single term unless that
// names a source or a topic that is not there. It returns a [*QueryError] for a query that it cannot read, and the errors of p, wrapped.
func (s *Searcher) Explain(p Postings, query string) (parts []Part, err error) {
	if err := Check(query); err != nil || len(Alternatives(query)) > 1 {
		return nil, err
	}
	q, err := Parse(query)
	if err != nil {
		return nil, err
	}
	try := func(part Part, q Query) {
		if err != nil {
			return
		}
		var keys []news.Key
		part.Query = q.String()
		keys, err = s.Find(p, part.Query)
		part.Found = len(keys)
		parts = append(parts, part)
	}
	dated := !q.Since.IsZero() || !q.Until.IsZero()
	for i, t := range q.Terms {
		rest := q
		rest.Terms = slices.Concat(q.Terms[:i], q.Terms[i+1:])
		switch w := newWanted(&s.stems, q); {
		case t.Not:
			try(Part{Text: t.String(), Without: true}, rest)
		case w.selects(i) && (s.unknown(t) || len(q.Terms) > 1 || dated):
			try(Part{Text: t.String(), Unknown: s.unknown(t)}, Query{Terms: []Term{t}})
		}
	}
	if dated {
		try(Part{Text: Query{Since: q.Since, Until: q.Until}.String(), Without: true}, Query{Terms: q.Terms})
	}
	return parts, err
}

// unknown reports whether a term names a source or a topic that is not there.
func (s *Searcher) unknown(t Term) bool {
	switch {
	case s.Sources == nil:
		return false
	case t.Field == Source:
		_, known := s.Sources[t.Words[0]]
		return !known
	case t.Field == Topic:
		return s.Queries[t.Words[0]] == "" && len(s.sourcesOf(t.Words[0])) == 0
	}
	return false
}

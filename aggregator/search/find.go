package search

import (
	"fmt"
	"iter"
	"slices"
	"sync"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Postings is what searches read; the store's view satisfies it.
type Postings interface {
	// FindAll yields the numbers of the items that have all of the terms, each once, the highest first, until cost postings
	// were read.
	FindAll(terms []uint32, cost int) iter.Seq2[uint64, error]
	// ItemByNumber returns the current revision of the item with that number.
	ItemByNumber(number uint64) (news.Item, bool, error)
	// Entry returns the entry named k.
	Entry(k news.Key) (news.Entry, bool, error)
	// Seq moves with every change of items and entries.
	Seq() uint64
}

// What one search may cost.
const (
	MaxResults  = 64
	maxPostings = 1 << 20
	maxRead     = 512 // items that are looked at
	maxKept     = 256 // queries whose results are kept
)

// Searcher answers queries. The zero value is ready, and is safe for concurrent use; its fields are set before.
type Searcher struct {
	// Grant says what of a source may be shown: where it is headlines, its items are found by title and credits alone.
	// nil: everything.
	Grant func(source string) news.Content

	stems text.Stemmer

	mu      sync.Mutex
	seq     uint64 // of the results kept
	results map[string][]news.Key
}

// Find returns the entries that the query finds, the one whose item was seen last first, at most [MaxResults]. Held ones
// are among them, withdrawn ones are not. Of several [Alternatives] it returns what each finds, once. It returns a [*QueryError] for a
// query that it cannot read.
func (s *Searcher) Find(p Postings, query string) ([]news.Key, error) {
	if err := Check(query); err != nil {
		return nil, err
	}
	var found []news.Key
	known := map[news.Key]bool{}
	for _, one := range Alternatives(query) {
		keys, err := s.find(p, one)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if !known[k] {
				known[k] = true
				found = append(found, k)
			}
		}
	}
	return found, nil
}

// find returns what one of the alternatives finds.
func (s *Searcher) find(p Postings, query string) ([]news.Key, error) {
	q, err := Parse(query)
	if err != nil {
		return nil, err
	}
	name, seq := q.String(), p.Seq()
	if keys, known := s.kept(name, seq); known {
		return keys, nil
	}
	keys, err := s.look(p, q)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	s.keep(name, seq, keys)
	return keys, nil
}

func (s *Searcher) kept(name string, seq uint64) (keys []news.Key, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seq != seq {
		return nil, false
	}
	keys, known = s.results[name]
	return keys, known
}

func (s *Searcher) keep(name string, seq uint64, keys []news.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seq != seq || len(s.results) >= maxKept || s.results == nil {
		s.seq, s.results = seq, map[string][]news.Key{}
	}
	s.results[name] = keys
}

func (s *Searcher) look(p Postings, q Query) ([]news.Key, error) {
	w := newWanted(&s.stems, q)
	var out []news.Key
	seen, found := 0, map[news.Key]bool{}
	for number, err := range p.FindAll(w.terms, maxPostings) {
		if err != nil {
			return nil, err
		}
		if len(out) == MaxResults || seen == maxRead {
			break
		}
		seen++
		it, there, err := p.ItemByNumber(number)
		if err != nil {
			return nil, err
		}
		if !there || found[it.Entry] || !s.matches(w, it) {
			continue
		}
		e, there, err := p.Entry(it.Entry)
		if err != nil {
			return nil, err
		}
		if there && (e.State == news.Public || e.State == news.Held) {
			out, found[e.Key] = append(out, e.Key), true
		}
	}
	return out, nil
}

// matches looks at the item itself: its text may be another than when it was printed, and two stems may share a term.
func (s *Searcher) matches(w wanted, it news.Item) bool {
	if it.Erased || it.Withdrawn {
		return false
	}
	lead := s.Grant == nil || s.Grant(it.Source) != news.Headline
	return w.met(read(&s.stems, it, lead), it)
}

// wanted is a query, in stems.
type wanted struct {
	Query
	stems [][]string // of each term
	terms []uint32   // what items are looked up by
}

func newWanted(st *text.Stemmer, q Query) wanted {
	w := wanted{Query: q, stems: make([][]string, len(q.Terms))}
	for i, t := range q.Terms {
		for _, word := range t.Words {
			stem := word
			if t.Field != Source {
				stem = st.Stem(word).Text
			}
			w.stems[i] = append(w.stems[i], stem)
			if !t.Not && (t.Field == Source || !text.StopWord(stem)) {
				w.terms = append(w.terms, termOf(t.Field, stem))
			}
		}
	}
	slices.Sort(w.terms)
	w.terms = slices.Compact(w.terms)
	return w
}

// met reports whether every term holds for the item.
func (w wanted) met(p page, it news.Item) bool {
	if it.Date().Before(w.Since) {
		return false
	}
	for i, t := range w.Terms {
		if !w.idle(i) && p.has(t.Field, w.stems[i]) == t.Not {
			return false
		}
	}
	return true
}

// idle reports whether a term is a word that every text has: it selects nothing.
func (w wanted) idle(i int) bool {
	t := w.Terms[i]
	return !t.Not && t.Field == AnyField && len(t.Words) == 1 && text.StopWord(w.stems[i][0])
}

package search

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
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
	// Item returns the current revision of the item named k.
	Item(k news.Key) (news.Item, bool, error)
	// Records yields the log from a position downwards, newest first; 0: from the head.
	Records(from uint64) iter.Seq2[news.LogRecord, error]
	// Tagged yields the records with a tag likewise, such as `language:ru`.
	Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error]
	// Seq returns a number that grows with every change of items and entries.
	Seq() uint64
}

// Places brings the spellings of a place together.
type Places interface {
	// Key returns the same for all spellings of a place.
	Key(printed string) string
	// Spellings returns the spellings of a key, at least the key itself.
	Spellings(key string) []string
}

// What one search may cost.
const (
	MaxResults  = 64      // entries that a query finds, by each of its alternatives
	maxPostings = 1 << 20 // postings that are read
	maxRead     = 512     // items that are looked at, or entries of the log
	maxKept     = 256     // queries whose results are kept
)

// Searcher answers queries. The zero value is ready, and is safe for concurrent use; its fields are set before.
type Searcher struct {
	// Sources says by id what of a source may be shown, its language and its topics: where it grants headlines, or is not there, its
	// items are found by title and credits alone. nil: everything may be shown.
	Sources map[string]news.Source
	// Queries has the queries of the topics that have one, by id.
	Queries map[string]string
	// Places brings the spellings of a place together: one of them finds what is filed from any. nil: each is a place.
	Places Places

	stems text.Stemmer

	mu      sync.Mutex
	seq     uint64 // of the results kept
	results map[string][]news.Key
}

// Find returns the entries that the query finds, the one whose item was seen last first, at most [MaxResults]. Held ones
// are among them, withdrawn ones are not. Of several [Alternatives] it returns what each finds, once. It returns a [*QueryError] for a
// query that it cannot read, and the errors of p, wrapped.
func (s *Searcher) Find(p Postings, query string) ([]news.Key, error) {
	if err := Check(query); err != nil {
		return nil, err
	}
	all, err := s.expand(query)
	if err != nil {
		return nil, err
	}
	var found []news.Key
	known := map[news.Key]bool{}
	for _, q := range all {
		keys, err := s.find(p, q)
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

// expand returns the queries whose results are those of a query: its alternatives, and in the place of a topic that has a query the
// alternatives of that.
func (s *Searcher) expand(query string) (all []Query, err error) {
	for _, one := range Alternatives(query) {
		q, err := Parse(one)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	for i := 0; i < len(all); i++ {
		at := slices.IndexFunc(all[i].Terms, func(t Term) bool { return t.Field == Topic && s.Queries[t.Words[0]] != "" })
		if at < 0 {
			continue
		}
		t := all[i].Terms[at]
		if t.Not || len(all) > maxAlternatives {
			return nil, &QueryError{Part: t.String(), Reason: "a topic that has a query cannot be excluded, nor be one of many"}
		}
		var instead []Query
		for _, one := range Alternatives(s.Queries[t.Words[0]]) {
			inner, err := Parse(one)
			if err != nil {
				return nil, err
			}
			instead = append(instead, all[i].with(at, inner))
		}
		all = slices.Replace(all, i, i+1, instead...)
		i += len(instead) - 1
	}
	return all, nil
}

// with returns q with another query in the place of a term. Topics of that are those of sources.
func (q Query) with(at int, inner Query) Query {
	q.Terms = slices.Concat(q.Terms[:at], inner.Terms, q.Terms[at+1:])
	q.Since = news.Latest(q.Since, inner.Since)
	if q.Until.IsZero() || !inner.Until.IsZero() && inner.Until.Before(q.Until) {
		q.Until = inner.Until
	}
	return q
}

// find returns what one of the alternatives finds.
func (s *Searcher) find(p Postings, q Query) ([]news.Key, error) {
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
	found := map[news.Key]bool{}
	for it, err := range s.candidates(p, w) {
		if err != nil {
			return nil, err
		}
		if found[it.Entry] || !s.matches(w, it) {
			continue
		}
		e, there, err := p.Entry(it.Entry)
		if err == nil && there {
			there, err = w.enough(p, e)
		}
		if err != nil {
			return nil, err
		}
		if there && (e.State == news.Public || e.State == news.Held) {
			out, found[e.Key] = append(out, e.Key), true
		}
		if len(out) == MaxResults {
			break
		}
	}
	return out, nil
}

// matches looks at the item itself: its text may be another than when it was printed, and two stems may share a term.
func (s *Searcher) matches(w wanted, it news.Item) bool {
	if it.Erased || it.Withdrawn || it.Date().Before(w.Since) || !w.Until.IsZero() && !it.Date().Before(w.Until.AddDate(0, 0, 1)) {
		return false
	}
	in := textsOf(it, s.grants(it.Source))
	for i, t := range w.Terms {
		if t.Field != Tellings && !w.idle(i) && s.satisfies(in, t, w.stems[i], it) == t.Not {
			return false
		}
	}
	return true
}

// grants reports whether the lead of a source's items may be shown.
func (s *Searcher) grants(source string) bool {
	src, known := s.Sources[source]
	return s.Sources == nil || known && src.Content != news.Headline
}

// satisfies reports whether an item has what a term wants.
func (s *Searcher) satisfies(in texts, t Term, stems []string, it news.Item) bool {
	switch {
	case t.Field == Language:
		return text.BaseLanguage(cmp.Or(text.CanonicalTag(it.Language), text.CanonicalTag(s.Sources[it.Source].Language),
			it.Feed.Language)) == t.Words[0]
	case t.Field == Topic:
		return slices.Contains(s.Sources[it.Source].Topics, t.Words[0])
	case t.Prefix:
		return in.begins(t.Field, t.Words[0])
	case t.Field == Place && s.Places != nil && it.Credits.Dateline != nil:
		return in.has(&s.stems, t.Field, stems) || s.Places.Key(it.Credits.Dateline.Place) == s.placeKey(t)
	}
	return in.has(&s.stems, t.Field, stems)
}

// sourcesOf returns the ids of the sources of a topic, in order.
func (s *Searcher) sourcesOf(topic string) (ids []string) {
	for id, src := range s.Sources {
		if slices.Contains(src.Topics, topic) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// wanted is a query, in stems.
type wanted struct {
	Query
	stems [][]string // of each term
}

func newWanted(st *text.Stemmer, q Query) wanted {
	w := wanted{Query: q, stems: make([][]string, len(q.Terms))}
	for i, t := range q.Terms {
		for _, word := range t.Words {
			if t.Field != Source {
				word = st.Stem(word).Text
			}
			w.stems[i] = append(w.stems[i], word)
		}
	}
	return w
}

// terms returns what a term of the query is looked up by; nothing where it is not in the postings.
func (w wanted) terms(i int) (all []uint32) {
	t := w.Terms[i]
	if !t.looked() {
		return nil
	}
	for _, stem := range w.stems[i] {
		if t.Field == Source || !text.StopWord(stem) {
			all = append(all, termOf(t.Field, stem))
		}
	}
	return all
}

// selects reports whether a term of the query selects items by itself: it is no condition on what is found otherwise, nor made of
// words that every text has.
func (w wanted) selects(i int) bool {
	t := w.Terms[i]
	return !t.Not && (!t.looked() || w.terms(i) != nil)
}

// looked reports whether the words of a term are in the postings.
func (t Term) looked() bool {
	switch t.Field {
	case Language, Topic, Tellings:
		return false
	}
	return !t.Not && !t.Prefix
}

// enough reports whether the story of an entry has as many tellings as is wanted.
func (w wanted) enough(p Postings, e news.Entry) (bool, error) {
	for _, t := range w.Terms {
		if t.Field != Tellings {
			continue
		}
		n, err := e.CountStory(p.Entry, p.Item)
		if least, _ := strconv.Atoi(t.Words[0]); err != nil || n.Own+n.Copies < least {
			return false, err
		}
	}
	return true, nil
}

// idle reports whether a term is a word that every text has: it selects nothing.
func (w wanted) idle(i int) bool {
	t := w.Terms[i]
	return !t.Not && !t.Prefix && t.Field == AnyField && len(t.Words) == 1 && text.StopWord(w.stems[i][0])
}

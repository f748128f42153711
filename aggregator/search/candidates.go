package search

import (
	"iter"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// candidates yields the items that may be found, those that arrived last first: by the postings of what can be looked up, else by the log.
func (s *Searcher) candidates(p Postings, w wanted) iter.Seq2[news.Item, error] {
	lookups := s.lookups(w)
	switch {
	case lookups == nil:
		return byLog(p, w)
	case len(lookups) == 1:
		return byNumber(p, p.FindAll(lookups[0], maxPostings))
	}
	all := make([]iter.Seq2[uint64, error], len(lookups))
	for i, terms := range lookups {
		all[i] = p.FindAll(terms, maxPostings/len(lookups))
	}
	return byNumber(p, descending(all))
}

// maxLookups is how many spellings of a place, or sources of a topic, are looked up.
const maxLookups = 64

// lookups returns the sets of terms of which an item must have one: a set for each spelling of the first place, or for each source of
// the first topic; of another place or topic the item is asked. nil: nothing can be looked up.
func (s *Searcher) lookups(w wanted) [][]uint32 {
	var variants [][]uint32
	var fixed []uint32
	varied := false
	for i, t := range w.Terms {
		switch {
		case varied || t.Not || t.Prefix:
			fixed = append(fixed, w.terms(i)...)
		case t.Field == Place && s.Places != nil:
			varied = true
			for _, spelled := range s.Places.Spellings(s.placeKey(t)) {
				variants = append(variants, s.stemsOf(Place, spelled))
			}
		case t.Field == Topic:
			varied = true
			for _, id := range s.sourcesOf(t.Words[0]) {
				variants = append(variants, []uint32{termOf(Source, id)})
			}
		default:
			fixed = append(fixed, w.terms(i)...)
		}
	}
	if !varied {
		if len(fixed) == 0 {
			return nil
		}
		variants = [][]uint32{nil}
	}
	all := make([][]uint32, 0, len(variants))
	for _, v := range variants[:min(len(variants), maxLookups)] {
		terms := append(slices.Clone(fixed), v...)
		slices.Sort(terms)
		all = append(all, slices.Compact(terms))
	}
	return all
}

// stemsOf returns the terms of a text in a field.
func (s *Searcher) stemsOf(f Field, words string) (terms []uint32) {
	for _, stem := range s.stems.Stems(text.Tokens(words, maxWords)) {
		if !stem.StopWord {
			terms = append(terms, termOf(f, stem.Text))
		}
	}
	return terms
}

// placeKey returns the key of the place that a term names.
func (s *Searcher) placeKey(t Term) string {
	name := strings.Join(t.Words, " ")
	if key := s.Places.Key(strings.Join(t.Words, "-")); len(t.Words) > 1 && len(s.Places.Spellings(key)) > 1 {
		return key // as in addresses: new-york
	}
	return s.Places.Key(name)
}

// byNumber yields the items with these numbers.
func byNumber(p Postings, numbers iter.Seq2[uint64, error]) iter.Seq2[news.Item, error] {
	return func(yield func(news.Item, error) bool) {
		read := 0
		for number, err := range numbers {
			if read++; read > maxRead {
				return
			}
			var it news.Item
			there := false
			if err == nil {
				it, there, err = p.ItemByNumber(number)
			}
			if err != nil {
				yield(news.Item{}, err)
				return
			}
			if there && !yield(it, nil) {
				return
			}
		}
	}
}

// byLog yields the items of the newest entries of the log; where a language is wanted, of the newest in it.
func byLog(p Postings, w wanted) iter.Seq2[news.Item, error] {
	records := p.Records(0)
	for _, t := range w.Terms {
		if t.Field == Language && !t.Not {
			records = p.Tagged("language:"+t.Words[0], 0)
			break
		}
	}
	return func(yield func(news.Item, error) bool) {
		known := map[news.Key]bool{}
		for rec, err := range records {
			if known[rec.Entry] {
				continue
			}
			known[rec.Entry] = true
			var items []news.Item
			if err == nil {
				items, err = itemsOf(p, rec.Entry)
			}
			if err != nil {
				yield(news.Item{}, err)
				return
			}
			for _, it := range items {
				if !yield(it, nil) {
					return
				}
			}
			if len(known) == maxRead {
				return
			}
		}
	}
}

// itemsOf returns the items of an entry.
func itemsOf(p Postings, k news.Key) ([]news.Item, error) {
	e, _, err := p.Entry(k)
	if err != nil {
		return nil, err
	}
	return e.Load(p.Item)
}

// descending yields the numbers of all, highest first, each once. Each of them yields its highest first.
func descending(all []iter.Seq2[uint64, error]) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		type head struct {
			number uint64
			err    error
			next   func() (uint64, error, bool)
		}
		var open []*head
		for _, numbers := range all {
			next, stop := iter.Pull2(numbers)
			defer stop()
			if n, err, ok := next(); ok {
				open = append(open, &head{n, err, next})
			}
		}
		last, any := uint64(0), false
		for len(open) > 0 {
			h := slices.MaxFunc(open, func(a, b *head) int { return compareHeads(a.number, a.err, b.number, b.err) })
			if h.err != nil {
				yield(0, h.err)
				return
			}
			if !any || h.number != last {
				if last, any = h.number, true; !yield(last, nil) {
					return
				}
			}
			var ok bool
			if h.number, h.err, ok = h.next(); !ok {
				open = slices.DeleteFunc(open, func(o *head) bool { return o == h })
			}
		}
	}
}

// compareHeads compares by number; an error is higher than all.
func compareHeads(a uint64, aErr error, b uint64, bErr error) int {
	switch {
	case aErr != nil || a > b && bErr == nil:
		return 1
	case bErr != nil || a < b:
		return -1
	}
	return 0
}

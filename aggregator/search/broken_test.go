package search

import (
	"errors"
	"iter"
	"testing"

	"dateline/aggregator/news"
	"dateline/store"
)

// broken is a store that cannot read one thing.
type broken struct {
	store.View
	what string
}

var errBroken = errors.New("the disk is gone")

func (b *broken) FindAll(terms []uint32, cost int) iter.Seq2[uint64, error] {
	if b.what == "postings" {
		return func(yield func(uint64, error) bool) { yield(0, errBroken) }
	}
	return b.View.FindAll(terms, cost)
}

func (b *broken) ItemByNumber(n uint64) (news.Item, bool, error) {
	if b.what == "item" {
		return news.Item{}, false, errBroken
	}
	return b.View.ItemByNumber(n)
}

func (b *broken) Entry(k news.Key) (news.Entry, bool, error) {
	if b.what == "entry" {
		return news.Entry{}, false, errBroken
	}
	return b.View.Entry(k)
}

func (b *broken) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	if b.what == "log" {
		return func(yield func(news.LogRecord, error) bool) { yield(news.LogRecord{}, errBroken) }
	}
	return b.View.Records(from)
}

// TestFindReturnsErrors: what cannot be read is an error of the search, never fewer results, and is not kept as the result.
func TestFindReturnsErrors(t *testing.T) {
	t.Parallel()
	s, known := fielded(t)
	for query, what := range map[string]string{"grain": "postings", "place:ozerny": "postings", "football": "item", "foot*": "log",
		"foot* source:belta": "item", "foot* -season": "entry"} {
		f := &Searcher{Sources: known.Sources, Places: known.Places}
		err := s.s.View(func(v store.View) error {
			keys, err := f.Find(&broken{View: v, what: what}, query)
			if !errors.Is(err, errBroken) || len(keys) > 0 {
				t.Errorf("%s: %d found, error %v", query, len(keys), err)
			}
			if parts, err := f.Explain(&broken{View: v, what: what}, query+" unheard"); !errors.Is(err, errBroken) {
				t.Errorf("%s explained: %v, error %v", query, parts, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if len(s.find(f, query)) == 0 {
			t.Errorf("%s: nothing found when the store can be read again", query)
		}
	}
}

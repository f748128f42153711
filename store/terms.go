package store

import (
	"iter"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// AddTerms has an item be found by terms besides those that it has.
func (t *Tx) AddTerms(terms news.Terms) error {
	if len(terms.Fingerprint)+len(terms.Stems) == 0 {
		return nil
	}
	return t.change(&addTerms{Terms: terms})
}

type addTerms struct {
	_     struct{} `cbor:",toarray"`
	Terms news.Terms
}

func (o *addTerms) do(t *Tx) error {
	terms := o.Terms
	number, err := t.mustNumber(terms.Item)
	if err != nil {
		return err
	}
	doc := postings.Doc{ID: number, Source: terms.Source, At: minutes(terms.At)}
	var all []postings.Posting
	for index, some := range [][]uint32{iFingerprint: terms.Fingerprint, iStem: terms.Stems} {
		if len(some) > 0 {
			all = append(all, postings.Posting{Index: index, Doc: doc, Terms: wide(some)})
		}
	}
	return t.addPostings(all...) // they stay together
}

// FindAny returns the items with one of the terms among their fingerprints, the earliest first. For a term that more than
// limit items have, it returns the newest limit+1 of them.
func (v View) FindAny(terms []uint32, limit int) ([]news.Hit, error) {
	return v.findAtLeast(iFingerprint, terms, postings.Bounds{Terms: 1, Each: limit + 1})
}

// FindAtLeast returns the items of which one revision has at least so many of the stems, the earliest first. Of each stem
// the newest limit items are looked at. Items that are all from before since may be left out.
func (v View) FindAtLeast(stems []uint32, since time.Time, least, limit int) ([]news.Hit, error) {
	return v.findAtLeast(iStem, stems, postings.Bounds{Terms: least, Each: limit, Since: minutes(since)})
}

func (v View) findAtLeast(index int, terms []uint32, b postings.Bounds) ([]news.Hit, error) {
	p, err := v.postings()
	if err != nil {
		return nil, err
	}
	found, err := p.FindAtLeast(index, wide(terms), b)
	if err != nil || len(found) == 0 {
		return nil, damaged(err)
	}
	n := 0
	for _, h := range found {
		n += len(h.Terms)
	}
	out, have := make([]news.Hit, len(found)), make([]uint32, 0, n) // the terms of one hit behind those of the other
	for i, h := range found {
		from := len(have)
		for _, place := range h.Terms {
			have = append(have, terms[place])
		}
		has := have[from:len(have):len(have)]
		slices.Sort(has)
		out[i] = news.Hit{Number: h.ID, Source: h.Source, At: time.Unix(h.At*60, 0).UTC(), Terms: has}
	}
	return out, nil
}

// FindAll yields the numbers of the items that have all of the stems, each once, the highest first, until cost postings
// were read. The text of one that was revised may be another by now. Without stems there are none.
func (v View) FindAll(stems []uint32, cost int) iter.Seq2[uint64, error] {
	return v.newest(iStem, wide(stems), 0, cost)
}

// Frequency returns for each of the stems how many texts have it, and how many there are. The texts of a revised item all count,
// and those that were erased by retention until they are pruned.
func (v View) Frequency(stems []uint32) (of []int, texts int, err error) {
	p, err := v.postings()
	if err != nil {
		return nil, 0, err
	}
	of, texts, err = p.Count(iStem, wide(stems))
	return of, texts, damaged(err)
}

func wide(terms []uint32) []uint64 {
	out := make([]uint64, len(terms))
	for i, t := range terms {
		out[i] = uint64(t)
	}
	return out
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

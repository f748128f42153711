package search

import (
	"slices"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// maxTokens is how much of a text is searched, in words.
const maxTokens = 300

// page is an item as it is searched: the stems of each stretch of text, in order.
type page struct {
	source string
	words  [][]text.Stem // title, lead, names in credits
	agency [][]text.Stem
	place  [][]text.Stem
	by     [][]text.Stem
}

// read takes an item apart. Of a source that grants headlines alone the lead is left out where granted is.
func read(st *text.Stemmer, it news.Item, lead bool) page {
	stems := func(s string) []text.Stem { return st.Stems(text.Tokens(s, maxTokens)) }
	p := page{source: it.Source, words: [][]text.Stem{stems(it.Title)}}
	if lead {
		p.words = append(p.words, stems(it.Lead))
	}
	c := it.Credits
	if a := c.Agency; a != nil {
		p.agency = append(p.agency, stems(a.Agency), stems(a.Name), stems(a.Display))
	}
	if d := c.Dateline; d != nil {
		p.place = append(p.place, stems(d.Place))
	}
	for _, by := range c.Byline {
		p.by = append(p.by, stems(by.Name))
	}
	for _, who := range it.Authors {
		p.by = append(p.by, stems(who.Name))
	}
	p.words = slices.Concat(p.words, p.agency, p.place, p.by)
	for _, ph := range c.Photos {
		p.words = append(p.words, stems(ph.Line))
	}
	for _, cited := range c.Cited {
		p.words = append(p.words, stems(cited.Name))
	}
	return p
}

func (p page) field(f Field) [][]text.Stem {
	switch f {
	case Agency:
		return p.agency
	case Place:
		return p.place
	case By:
		return p.by
	}
	return p.words
}

// has reports whether the term's field has its words in a row.
func (p page) has(f Field, stems []string) bool {
	if f == Source {
		return p.source == stems[0]
	}
	return slices.ContainsFunc(p.field(f), func(in []text.Stem) bool { return containsRow(in, stems) })
}

func containsRow(in []text.Stem, row []string) bool {
	for i := 0; i+len(row) <= len(in); i++ {
		if slices.EqualFunc(in[i:i+len(row)], row, func(s text.Stem, word string) bool { return s.Text == word }) {
			return true
		}
	}
	return false
}

// Terms returns what an item is found by, ascending: its stems, and those of its credits once more under the name of
// their field.
func Terms(st *text.Stemmer, it news.Item) []uint32 {
	p := read(st, it, true)
	terms := []uint32{termOf(Source, it.Source)}
	for _, f := range []Field{AnyField, Agency, Place, By} {
		for _, in := range p.field(f) {
			for _, stem := range in {
				switch {
				case stem.StopWord:
				case f == AnyField:
					terms = append(terms, stem.Term)
				default:
					terms = append(terms, termOf(f, stem.Text))
				}
			}
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func termOf(f Field, stem string) uint32 {
	if f == AnyField {
		return text.Term(stem)
	}
	return text.Term(string(f) + ":" + stem)
}

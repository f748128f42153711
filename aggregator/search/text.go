package search

import (
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// maxTokens is how much of a text is searched, in words.
const maxTokens = 300

// texts are the stretches of text that an item is searched in.
type texts struct {
	source string
	others []string // title, lead, names beside those below
	agency []string
	place  []string
	by     []string
}

// textsOf takes an item apart. Of a source that grants headlines alone the lead is left out.
func textsOf(it news.Item, lead bool) texts {
	t := texts{source: it.Source, others: []string{it.Title}}
	if lead {
		t.others = append(t.others, it.Lead)
	}
	c := it.Credits
	if a := c.Agency; a != nil {
		t.agency = append(t.agency, a.Agency, a.Name, a.Display)
	}
	if d := c.Dateline; d != nil {
		t.place = append(t.place, d.Place)
	}
	for _, by := range c.Byline {
		t.by = append(t.by, by.Name)
	}
	for _, who := range it.Authors {
		t.by = append(t.by, who.Name)
	}
	for _, ph := range c.Photos {
		t.others = append(t.others, ph.Line)
	}
	for _, cited := range c.Cited {
		t.others = append(t.others, cited.Name)
	}
	return t
}

// in returns the stretches that a field has; without a field all of them.
func (t texts) in(f Field) []string {
	switch f {
	case Agency:
		return t.agency
	case Place:
		return t.place
	case By:
		return t.by
	}
	return slices.Concat(t.others, t.agency, t.place, t.by)
}

// has reports whether the field has words with these stems in a row.
func (t texts) has(st *text.Stemmer, f Field, stems []string) bool {
	if f == Source {
		return t.source == stems[0]
	}
	return slices.ContainsFunc(t.in(f), func(s string) bool { return containsRow(st.Stems(text.Tokens(s, maxTokens)), stems) })
}

// begins reports whether the field has a word that begins so.
func (t texts) begins(f Field, beginning string) bool {
	return slices.ContainsFunc(t.in(f), func(s string) bool {
		return slices.ContainsFunc(text.Tokens(s, maxTokens), func(tok text.Token) bool { return strings.HasPrefix(tok.Text, beginning) })
	})
}

func containsRow(in []text.Stem, row []string) bool {
	for i := 0; i+len(row) <= len(in); i++ {
		if slices.EqualFunc(in[i:i+len(row)], row, func(s text.Stem, word string) bool { return s.Text == word }) {
			return true
		}
	}
	return false
}

// LeadTokens returns the words of an item's lead that it is found by.
func LeadTokens(it news.Item) []text.Token { return text.Tokens(it.Lead, maxTokens) }

// Terms returns what an item is found by, ascending: its stems, and those of its credits once more under the name of
// their field.
func Terms(st *text.Stemmer, it news.Item) []uint32 { return TermsOf(st, it, nil) }

// TermsOf is [Terms] of an item with these [LeadTokens]; nil: they are made here.
func TermsOf(st *text.Stemmer, it news.Item, lead []text.Token) []uint32 {
	if lead == nil {
		lead = LeadTokens(it)
	}
	t := textsOf(it, false)
	terms := make([]uint32, 0, len(lead)+64)
	terms = append(terms, termOf(Source, it.Source))
	add := func(f Field, tokens []text.Token) {
		st.EachStem(tokens, func(_ int, stem text.Stem) {
			switch {
			case stem.StopWord:
			case f == AnyField:
				terms = append(terms, stem.Term)
			default:
				terms = append(terms, termOf(f, stem.Text))
			}
		})
	}
	add(AnyField, lead)
	var tokens []text.Token
	for _, f := range []Field{AnyField, Agency, Place, By} {
		for _, s := range t.in(f) {
			tokens = text.AppendTokens(tokens[:0], s, maxTokens)
			add(f, tokens)
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

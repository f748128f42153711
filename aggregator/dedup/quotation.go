package dedup

import (
	"fmt"
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// Two reports that quote one statement are not one text, and neither are two reports with one background.

const (
	quotationWords = 6    // in a row between quotation marks: a statement; fewer are a name
	ownShingles    = 8    // outside quotations, below which a text is one quotation
	ownShare       = 0.25 // containment outside quotations, below which only they are in common
	oneTextShare   = 0.80 // of a long text, and of its beginning, that another one has under another title
	titleShare     = 0.34 // of what a title has for itself, that its text says
	ownTitleWords  = 3    // that a title has for itself
)

// onlyQuoted says that of what two texts have in common too little is outside quotations. Empty: enough is.
func (c *comparison) onlyQuoted() string {
	one, other := c.a.unquoted(), c.b.unquoted()
	if len(one) == len(c.a.shingles) && len(other) == len(c.b.shingles) {
		return ""
	}
	if min(len(one), len(other)) < ownShingles {
		return "little but a quotation"
	}
	if own := containment(set(one), set(other)); own < ownShare {
		return fmt.Sprintf("%.2f in common outside quotations, at least %.2f", own, ownShare)
	}
	return ""
}

// quotedBehind reports whether the shorter of two texts begins with a quotation that the longer has behind words of its own.
func (c *comparison) quotedBehind() bool {
	if len(c.gaps) == 0 || !c.gaps[0].atStart || c.gaps[0].atEnd {
		return false
	}
	before, short := len(c.gaps[0].a), c.b
	if len(c.a.tokens) < len(c.b.tokens) {
		before, short = len(c.gaps[0].b), c.a
	}
	return len(short.tokens) < briefWords && before >= distinctEnd && !short.beginsUnquoted()
}

// sameReport reports whether two texts under like titles begin with one sentence of the reporter's: what follows, a statement perhaps, is
// quoted by one report.
func (c *comparison) sameReport() bool {
	return c.title >= reportTitle && c.leadShare() >= reportLead && c.a.beginsUnquoted() && c.b.beginsUnquoted()
}

const (
	reportTitle = 0.50 // likeness of the titles of one report
	reportLead  = 0.60 // of its first words, that the other text has
)

// beginsUnquoted reports whether no statement is quoted in the first words of the text.
func (t *Text) beginsUnquoted() bool {
	quoted := 0
	for _, tok := range t.tokens[:min(len(t.tokens), sameLeadWords)] {
		if tok.Quoted {
			quoted++
		}
	}
	return quoted < quotationWords
}

// unquoted returns the shingles of the text in which no word is part of a quotation.
func (t *Text) unquoted() []uint32 {
	quoted := make([]bool, len(t.tokens))
	some := false
	for i := 0; i < len(t.tokens); {
		end := i
		for end < len(t.tokens) && t.tokens[end].Quoted {
			end++
		}
		if end-i >= quotationWords {
			some = true
			for j := i; j < end; j++ {
				quoted[j] = true
			}
		}
		i = max(end, i+1)
	}
	if !some {
		return t.shingles
	}
	var out []uint32
	for i, s := range t.shingles {
		if !quoted[i] && !quoted[i+1] && !quoted[i+2] && !quoted[i+3] {
			out = append(out, s)
		}
	}
	return out
}

// otherTitles says that of what distinguishes the titles the texts say next to nothing: what is in common is the background of two events.
// Empty: it is not so, or the texts begin alike and the one has nearly all of the other, so that editors gave one text two titles.
func (c *comparison) otherTitles() string {
	if c.containment >= oneTextShare && c.leadShare() >= oneTextShare && min(len(c.a.tokens), len(c.b.tokens)) >= formWords {
		return ""
	}
	one, other := content(unlike(c.a.title, c.b.title)), content(unlike(c.b.title, c.a.title))
	if min(len(one), len(other)) < ownTitleWords {
		return ""
	}
	a, b := covered(one, c.a.tokens), covered(other, c.b.tokens)
	if max(a, b) >= titleShare {
		return ""
	}
	return fmt.Sprintf("the texts say %.2f and %.2f of what their titles have for themselves, at least %.2f", a, b, titleShare)
}

// longCopy reports whether a long text is a copy of the other one from its beginning on: a figure of its title may be of the same text.
func (c *comparison) longCopy() bool {
	return min(len(c.a.tokens), len(c.b.tokens)) >= formWords && c.containment >= copied && c.leadShare() >= oneTextShare
}

// covered returns how many of the words are in a text, in some form, from 0 to 1.
func covered(words, text []text.Token) float64 {
	return 1 - float64(len(unlike(words, text)))/float64(len(words))
}

// attributes reports whether a word says no more than that somebody said it.
func attributes(t text.Token) bool {
	return slices.ContainsFunc(attributions, func(stem string) bool { return strings.HasPrefix(t.Text, stem) })
}

// attributions are the beginnings of such words.
var attributions = []string{
	"said", "told", "reported", "according", "citing", "source", "agency", "сообщ", "заяви", "передае", "пишет", "отмет", "рассказ",
	"утвержда",
	"ссылк", "источник", "агентств", "издани", "данны",
}

// content returns the tokens that say something: not stop words, and no particles.
func content(tokens []text.Token) (out []text.Token) {
	for _, t := range tokens {
		if len([]rune(t.Text)) > shortName && !text.StopWord(t.Text) {
			out = append(out, t)
		}
	}
	return out
}

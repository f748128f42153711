package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Bodies and persons that are called as an agency or an outlet is.

// isBody reports whether the initials of an agency are those of another body as well, and meant here: English has an article before
// those of authorities and parties, "the AFP said", and of few agencies.
func (c *scan) isBody(list []lex.Token, k int, n agency.Name) bool {
	w := c.s[n.Start:n.End]
	next := c.r.word(c.s, lex.SkipSpace(c.s, n.End))
	isNews := outlets.is(next) || strings.EqualFold(next.Of(c.s), "news")
	if base, _, _ := strings.Cut(c.language, "-"); bodies.Has(base + " " + w) {
		return !isNews
	}
	if k == 0 || len(w) > 4 || lex.Case(w) != lex.Capital || !lex.IsLatin(w) || withArticle.Has(w) || c.r.Kind(n.Key) != news.KindAgency {
		return false
	}
	if article := list[k-1].Of(c.s); article != "the" && article != "The" || !plainGap(c.s, list[k-1].End, n.Start) {
		return false
	}
	return !isNews
}

// isSurname reports whether the name of an outlet is in the text as that of a person too, behind a given name: "Laut Spiegel war der Zug
// schuld" where Paul Spiegel came late.
func (c *scan) isSurname(n agency.Name) bool {
	w := c.s[n.Start:n.End]
	if lex.Case(w) != lex.Title || strings.ContainsAny(w, " -.") || c.r.mediaRank(n.Key) == 0 {
		return false
	}
	for i := 0; ; {
		k := strings.Index(c.s[i:], " "+w)
		if k < 0 {
			return false
		}
		i += k + 1
		if first := lastWord(c.s[:i-1]); !lex.IsWord(lex.RuneAt(c.s, i+len(w))) && lex.Case(first) == lex.Title && isGivenName(first) {
			return true
		}
	}
}

// bodies are the initials of authorities in a language which are those of an outlet elsewhere, behind the language.
var bodies = wordSet("bodies")

// withArticle are initials of agencies that English has an article before.
var withArticle = wordSet("withArticle")

package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Names that the registry has in another case of the language, and outlets that it lacks. Those that no word such as "newspaper"
// announces are read directly behind a verb of reporting: in quotation marks, or in Latin letters in a text that has others.

// unlisted reads such an outlet at word k.
func (c *scan) unlisted(list []lex.Token, k int) (mention, bool) {
	s := c.s
	gap := strings.TrimSpace(s[list[k-1].End:list[k].Start])
	verb := k - 1
	if short, ok := strings.CutPrefix(gap, "."); ok && verb > 0 && outletShort.Has(list[verb].Of(s)) { // пише в. "Нова доба"
		gap, verb = strings.TrimSpace(short), verb-1
	}
	verb = c.pastTime(list, verb)
	rule, _ := c.r.cues.before.lookup(s, list, verb)
	if list[verb].Case != lex.Lower && lex.IsLatin(list[verb].Of(s)) { // a noun of German: Bericht
		return mention{}, false
	}
	reports := rule == ruleReport || rule == ruleCitedBy
	if !tellsIt.is(list[verb]) && (!reports || said.is(list[verb])) || rule == "" {
		return mention{}, false
	}
	m := mention{words: k, behind: k}
	switch {
	case gap == "" && lex.IsLatin(list[k].Of(s)) && !lex.IsLatin(list[verb].Of(s)): // пише Axios
		for m.behind < len(list) && m.behind-k < 5 && c.nameGoesOn(list, k, m.behind) {
			m.behind++
		}
		m.at = lex.Between(list[k].Start, list[m.behind-1].End)
		return m, !between.is(list[m.behind-1]) && !hyphened(s, m.at.End) // пишет CI-систему
	case strings.IndexFunc(gap, lex.IsQuote) == 0 && len([]rune(gap)) == 1: // пише "Нова доба"
		m, ok := c.quoted(list, m, list[k].Start)
		return m, ok && m.behind-k < 5 && !strings.ContainsAny(m.at.Of(s), ",;:!?") && c.quoteEnds(list, m)
	}
	return mention{}, false
}

// pastTime returns the index of the word before those that say when, and whence the outlet is, that end with the word k: "сообщил в
// пятницу".
func (c *scan) pastTime(list []lex.Token, k int) int {
	for n := 0; n < 4 && k > 0; n++ {
		when := timeWords.is(list[k]) || weekdays.is(list[k])
		if !when && !isNational(list[k].Of(c.s)) {
			return k
		}
		if when && k > 1 && prepositions.is(list[k-1]) { // в пятницу
			k--
		}
		k--
	}
	return k
}

// timeWords say when something was reported.
var timeWords = wordClass("timeWords")

// nameGoesOn reports whether the word n belongs to the name in Latin letters that begins with the word k.
func (c *scan) nameGoesOn(list []lex.Token, k, n int) bool {
	if n == k {
		return true
	}
	w := list[n]
	if c.s[list[n-1].End:w.Start] == "." { // Example.com
		return domains.is(w)
	}
	return lex.IsLatin(w.Of(c.s)) && (w.Case != lex.Lower || connectors.is(w)) && plainGap(c.s, list[n-1].End, w.Start)
}

// quoteEnds reports whether nothing goes on behind the quotation marks of m as a title or a saying would: a capital.
func (c *scan) quoteEnds(list []lex.Token, m mention) bool {
	if m.behind >= len(list) {
		return true
	}
	gap := strings.TrimLeftFunc(c.s[m.at.End:list[m.behind].Start], lex.IsQuote)
	return list[m.behind].Case == lex.Lower || strings.ContainsAny(gap, ".,;)(")
}

// quotedSubject reads an outlet that the registry lacks in quotation marks at word k, where a word in it says that it is one and a verb of
// reporting follows: «Південна газета» повідомляла.
func (c *scan) quotedSubject(list []lex.Token, k int) (mention, bool) {
	if !lex.IsQuote(lex.Before(c.s, list[k].Start)) {
		return mention{}, false
	}
	m, ok := c.quoted(list, mention{words: k, behind: k}, list[k].Start)
	if !ok || m.behind-k > 5 || m.behind-k < 2 || m.behind >= len(list) || !list[m.behind].Is(cueAfter) {
		return mention{}, false
	}
	return m, slices.ContainsFunc(list[k:m.behind], outletWords.is)
}

// declined reads a name of the registry at word k whose last word has an ending that the registry lacks: Guardianu, Financial Timesa.
func (c *scan) declined(list []lex.Token, k int) (mention, bool) {
	longest := k + 1
	if list[k].Is(headName) { // more than one word may be one that begins a name
		longest = min(len(list), k+4)
	}
	for n := longest; n > k; n-- {
		at := lex.Between(list[k].Start, list[n-1].End)
		if list[n-1].Case == lex.Lower || n > k+1 && strings.ContainsAny(at.Of(c.s), ",.;:()\n\"«»") {
			continue
		}
		if key, ok := c.stem(at.Of(c.s)); ok {
			return mention{at: at, key: key, words: k, behind: n}, true
		}
	}
	return mention{}, false
}

// stem looks a name up without an ending.
func (c *scan) stem(name string) (key string, ok bool) {
	for _, end := range nameEndings {
		w, cut := strings.CutSuffix(name, end)
		if !cut || len(w) < 4 {
			continue
		}
		if m, ok := c.r.Whole(w); ok && (!m.Weak || lex.Case(w) == lex.Title && len([]rune(w)) > 5) {
			return m.Key, true
		}
	}
	return "", false
}

// nameEndings are endings of names in the cases of languages that decline them.
var nameEndings = wordList("nameEndings")

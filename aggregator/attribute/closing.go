package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// closing reads a name that ends a sentence behind a comma, a dash or a quotation and one word in small letters, which is then a verb of
// reporting in any language: "..., raportojnë BBC." In English, whose verbs are all in the table, it is not tried.
func (c *scan) closing(list []lex.Token, m *mention) bool {
	k := m.words - 1
	if c.signsHeading(list, m) {
		m.rule, m.cue = ruleCitedBy, m.words
		return true
	}
	if m.key == "" && !c.isSite(list, m.words) || m.weak || m.longer || k < 3 || c.language == "en" || !c.endsHere(list, m) {
		return false
	}
	for n := 0; n < 2 && k > 2 && list[k].Small && (outlets.is(list[k]) || isOutletWord(list[k].Of(c.s))); n++ {
		k-- // shkruan gazeta Express
	}
	if printed := m.at.Of(c.s); m.key != "" && m.behind == m.words+1 && lex.Case(printed) == lex.Title &&
		printed != c.r.Display(m.key, "") && printed != c.r.Display(m.key, c.language) { // sagt Reuter
		return false
	}
	w := list[k]
	word := w.Of(c.s)
	if !w.Small || len([]rune(word)) < 4 || isLeading(w) || includes.Has(word) || isNational(word) ||
		w.Is(prepositions.class|joiners.class|pronouns.class|between.class|behind.class|outlets.class|mentionJoiners.class) ||
		w.Is(weekdays.class|timeWords.class|ends.class|particles.class|jobs.class|offices.class|staff.class) {
		return false
	}
	gap := c.s[list[k-1].End:w.Start]
	before := strings.TrimSpace(gap)
	if before == "" || before == gap || strings.ContainsAny(before, "(;:/") || !c.clauseMark(before) ||
		broken(c.s, list[k-1].End, m.at.Start) {
		return false
	}
	m.rule, m.cue = ruleCitedBy, k
	return true
}

// signsHeading reports whether a name ends a line of four words or more behind a spaced dash: "Мост закрыт до мая — Reuters".
func (c *scan) signsHeading(list []lex.Token, m *mention) bool {
	if m.key == "" || m.weak || m.longer || m.words < 4 || c.language == "en" || !c.endsHere(list, m) {
		return false
	}
	gap := strings.Trim(c.s[list[m.words-1].End:m.at.Start], "*_»”\",") // as Markdown, quotations and clauses end
	r, n := lex.At(gap, lex.SkipSpace(gap, 0))
	return lex.IsDash(r) && gap[0] == ' ' && gap[len(gap)-1] == ' ' && len(strings.TrimSpace(gap)) == n
}

// clauseMark reports whether what is between two words ends a clause: a comma, a dash or a closing quotation mark.
func (c *scan) clauseMark(gap string) bool {
	r, _ := lex.Last(gap, len(gap))
	return r == ',' || lex.IsDash(r) || lex.IsQuote(r)
}

// endsHere reports whether a sentence ends behind a mention.
func (c *scan) endsHere(list []lex.Token, m *mention) bool {
	end := max(m.at.End, list[m.behind-1].End)
	if q, n := lex.At(c.s, end); lex.IsQuote(q) {
		end += n
	}
	if strings.HasPrefix(c.s[end:], ".") {
		next := lex.RuneAt(c.s, end+1)
		return !lex.IsWord(next) || lex.IsUpper(next)
	}
	return end >= len(c.s) || c.s[end] == '\n'
}

// includes are words that join a name to others before it: "..., including Reuters."
var includes = wordSet("includes")

// isOutletWord reports whether a word begins as that for an agency, a newspaper or a channel does in most languages.
func isOutletWord(w string) bool {
	return slices.ContainsFunc(outletStems, func(stem string) bool { return strings.HasPrefix(w, stem) })
}

var outletStems = wordList("outletStems")

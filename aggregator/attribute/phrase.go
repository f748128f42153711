package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Whom a sentence names is a phrase: the subject before a verb, or what follows a verb or a preposition.

// subject returns the subject of the verb at word k: the words before it back to the beginning of the clause,
// an apposition between commas left out.
func (c *scan) subject(list []lex.Token, k, start int) (lex.Span, bool) {
	s := c.s
	end := k
	if end > 0 && strings.Contains(s[list[end-1].End:list[end].Start], ",") { // NAME, one of the organizers, told
		end--
		for end > 0 && k-end < 16 && !strings.Contains(s[list[end-1].End:list[end].Start], ",") {
			end--
		}
		if end == 0 || k-end == 16 {
			return lex.Span{}, false
		}
	}
	from := end
	for from > 0 && end-from < 9 {
		if from < end && !plainGap(s, list[from-1].End, list[from].Start) || clauseWords.is(list[from-1]) {
			break
		}
		from--
	}
	if from == end || end-from == 9 && list[from].Case == lex.Lower {
		return lex.Span{}, false
	}
	for from < end && pronouns.is(list[from]) && end-from > 1 {
		from++
	}
	at := lex.Between(list[from].Start, list[end-1].End)
	if end-from == 1 && pronouns.is(list[from]) {
		return at, false
	}
	return at, true
}

// clauseWords open a clause.
var clauseWords = wordClass("clauseWords")

// pronouns name no one, and articles add nothing.
var pronouns = wordClass("pronouns")

// phrase returns the noun phrase at i: up to a comma, the end of the sentence, a verb of telling or a conjunction.
func (c *scan) phrase(i, end int) (lex.Span, bool) {
	s := c.s[:end]
	i = c.phraseStart(s, i)
	last := i
	depth := 0
	for j, n := i, 0; j < end && n < 14; {
		ch, size := lex.At(s, j)
		if lex.IsWord(ch) {
			e := c.r.wordEnd(s, j)
			w := c.r.word(s, j)
			if ends.is(w) || n > 0 && c.r.cues.before.rule([]lex.Token{w}) == ruleReport {
				break
			}
			if _, ok := lex.ReadDate(s, j); ok {
				break
			}
			if n == 0 && lex.IsDigit(ch) {
				break
			}
			n++
			j, last = e, e
			continue
		}
		switch {
		case ch == '.' && initialBefore(s, j), ch == '.' && lex.IsLetter(lex.RuneAt(s, j+size)):
		case lex.IsQuote(ch):
			if depth == 0 && last > i && lex.Before(s, j) != ' ' && !opensQuote(s[i:j]) { // the end of a quotation around the phrase
				return lex.Between(i, last), true
			}
			depth ^= 1
			if depth == 0 && last == j {
				last = j + size
			}
		case strings.ContainsRune(",.;:!?()[]\n", ch), lex.IsDash(ch) && lex.IsSpace(lex.Before(s, j)):
			return lex.Between(i, last), last > i
		}
		j += size
	}
	return lex.Between(i, last), last > i
}

// phraseStart skips the quotation marks and prepositions before a phrase.
func (c *scan) phraseStart(s string, i int) int {
	i = lex.SkipSpace(s, i)
	for i < len(s) {
		ch, n := lex.At(s, i)
		if lex.IsQuote(ch) || lex.IsSpace(ch) {
			i += n
			continue
		}
		e := c.r.wordEnd(s, i)
		if e == i || !isLeading(c.r.word(s, i)) {
			break
		}
		i = lex.SkipSpace(s, e)
	}
	return i
}

func opensQuote(s string) bool { return strings.ContainsAny(s, "«“\"„") }

// leading are prepositions and articles before a cited phrase.
var leading = wordClass("leading")

// isLeading reports whether a word before a phrase adds nothing; "The Times" keeps its article.
func isLeading(w lex.Token) bool { return w.Case == lex.Lower && leading.is(w) }

// ends are words behind a cited phrase.
var ends = wordClass("ends")

// sourceLike reports whether a phrase names a source rather than a reason ("citing security concerns").
func (c *scan) sourceLike(at lex.Span) bool {
	if _, ok := c.r.Match(c.s, at.Start); ok {
		return true
	}
	s := at.Of(c.s)
	if !lex.IsLatin(s) || citedOnly.Has(c.language) && lex.IsUpper(lex.RuneAt(s, 0)) {
		return true // со ссылкой на is never a reason
	}
	return c.informs(at) || c.r.readPerson(c.s[:at.End], at.Start, 2) > at.Start
}

// informs reports whether a word of a phrase is one of what can be cited.
func (c *scan) informs(at lex.Span) bool { return slices.ContainsFunc(c.r.words(at), informants.is) }

// informants are words of what can be cited.
var informants = wordClass("informants")

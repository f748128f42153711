package attribute

import (
	"strings"
)

// Whom a sentence names is a phrase: the subject before a verb, or what follows a verb or a preposition.

// subject returns the subject of the verb at word k: the words before it back to the beginning of the clause,
// an apposition between commas left out.
func (c *scan) subject(list []span, k, start int) (span, bool) {
	s := c.s
	end := k
	if end > 0 && strings.Contains(s[list[end-1].end:list[end].start], ",") { // NAME, one of the organizers, told
		end--
		for end > 0 && k-end < 16 && !strings.Contains(s[list[end-1].end:list[end].start], ",") {
			end--
		}
		if end == 0 || k-end == 16 {
			return span{}, false
		}
	}
	from := end
	for from > 0 && end-from < 9 {
		if from < end && !plainGap(s, list[from-1].end, list[from].start) || clauseWords.has(list[from-1].of(s)) {
			break
		}
		from--
	}
	if from == end || end-from == 9 && caseOf(list[from].of(s)) == lower {
		return span{}, false
	}
	for from < end && pronouns.has(list[from].of(s)) && end-from > 1 {
		from++
	}
	at := span{list[from].start, list[end-1].end}
	if end-from == 1 && pronouns.has(at.of(s)) {
		return at, false
	}
	return at, true
}

// clauseWords open a clause.
var clauseWords = words("that as and but while who which when if because has had have also later earlier he she said what how", " ")

// pronouns name nobody, and articles add nothing.
var pronouns = words("he she they it we i you who which that the a an as also later earlier this his her their one", " ")

// phrase returns the noun phrase at i: up to a comma, the end of the sentence, a verb of telling or a conjunction.
func (c *scan) phrase(i, end int) (span, bool) {
	s := c.s[:end]
	i = skipSpace(s, i)
	for i < end { // quotation marks and prepositions before it
		ch, n := rune1(s, i)
		if isQuote(ch) || isSpace(ch) {
			i += n
			continue
		}
		if e := wordEnd(s, i); e > i && isLeading(s[i:e]) {
			i = skipSpace(s, e)
			continue
		}
		break
	}
	last := i
	depth := 0
	for j, n := i, 0; j < end && n < 14; {
		ch, size := rune1(s, j)
		if isWord(ch) {
			e := wordEnd(s, j)
			w := s[j:e]
			if ends.has(w) || n > 0 && leftCues[strings.ToLower(w)] == ruleReport {
				break
			}
			if _, ok := readDate(s, j); ok {
				break
			}
			if n == 0 && isDigit(ch) {
				break
			}
			n++
			j, last = e, e
			continue
		}
		switch {
		case ch == '.' && initialBefore(s, j), ch == '.' && isLetter(next1(s, j+size)):
		case isQuote(ch):
			if depth == 0 && last > i && before(s, j) != ' ' && !opensQuote(s[i:j]) { // the end of a quotation around the phrase
				return span{i, last}, true
			}
			depth ^= 1
			if depth == 0 && last == j {
				last = j + size
			}
		case strings.ContainsRune(",.;:!?()[]\n", ch), isDash(ch) && isSpace(before(s, j)):
			return span{i, last}, last > i
		}
		j += size
	}
	return span{i, last}, last > i
}

func opensQuote(s string) bool { return strings.ContainsAny(s, "«“\"„") }

// leading are prepositions and articles before a cited phrase.
var leading = words("в во на у the a an its his her their об что ў la el le los las", " ")

// isLeading reports whether a word before a phrase adds nothing; "The Times" keeps its article.
func isLeading(w string) bool { return caseOf(w) == lower && leading.has(w) }

// ends are words behind a cited phrase.
var ends = words("that who which whose where released published as said says saying about when after before что который которая которое которые о об як которого што якія reported reporting told and и і а но said to со ссылкой", " ")

// sourceLike reports whether a phrase names a source rather than a reason ("citing security concerns").
func (c *scan) sourceLike(at span) bool {
	if _, ok := c.r.match(c.s, at.start); ok {
		return true
	}
	s := at.of(c.s)
	if !isLatin(s) {
		return true // со ссылкой на is never a reason
	}
	return informs(s) || c.r.readPerson(c.s[:at.end], at.start, 2) > at.start
}

// informs reports whether a word of s is one of what can be cited.
func informs(s string) bool {
	for i := nextWord(s, 0); i < len(s); i = nextWord(s, wordEnd(s, i)) {
		if informants.has(s[i:wordEnd(s, i)]) {
			return true
		}
	}
	return false
}

// informants are words of what can be cited.
var informants = words(`source sources official officials ministry ministries spokesman spokeswoman spokesperson spokespersons representative representatives service office department agency
government police embassy media newspaper newspapers daily company report reports statement statements data document documents people person figures statistics
television tv radio channel broadcaster website researchers scientists analysts experts diplomat diplomats minister president lawyer lawyers witnesses residents
administration authorities authority commission committee council bank institute university union court prosecutor prosecutors military army officer officers intelligence
press journal times post magazine study survey memo letter email filing filings interview prosecutor's organization organisation group
пресс служба министерство ведомство управление комитет источник источники представитель посольство компания издание прэс міністэрства ведамства упраўленне крыніца прадстаўнік пасольства
fuentes fuente portavoz ministerio gobierno agencia diario sources porte ministère gouvernement agence quotidien fonti ministero fontes ministério jornal quellen ministerium regierung zeitung`, " ")

package attribute

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// A source takes a text back by a mark at the head of its title or its text, or by a sentence that says so of the text
// itself. News of what was killed, annulled or withdrawn is news: so a mark must be in capitals, alone, in brackets or
// before a dash, a colon or a full stop; and a sentence must open the text and speak of the report.

const (
	ruleKillMark     = "kill-mark"
	ruleKillSentence = "kill-sentence"
)

// killBytes is how much of a title or a text is looked at.
const killBytes = 320

//go:embed tables/kill.txt
var killTable string

// killMarks are the marks of tables/kill.txt. killWords are the last words of the marks and what no sentence does without.
var (
	killMarks = readKillTable(killTable)
	killWords = newClass(lastWords(killMarks, wordSet("killWords")))
)

// lastWords returns the last words of the marks and the words of a set.
func lastWords(marks map[string]bool, more lex.Set) lex.Set {
	return lex.NewSet(func(yield func(string)) {
		more.Each(yield)
		for m := range marks {
			yield(lex.Fold(m[strings.LastIndexByte(m, ' ')+1:]))
		}
	})
}

// readKillTable returns the marks of a table, of every language.
func readKillTable(table string) map[string]bool {
	marks := make(map[string]bool)
	for l := range strings.Lines(table) {
		if _, mark, ok := strings.Cut(strings.TrimSpace(l), " "); ok && !strings.HasPrefix(l, "#") {
			marks[mark] = true
		}
	}
	return marks
}

var (
	killHead    = compiled(`^[\s"«]*(\p{Lu}[\p{Lu} ]+\p{Lu})\s*(?:[:.!|—–-]|$)`)
	killBracket = compiled(`^\s*[(\[](\p{Lu}[\p{Lu} ]+\p{Lu})[)\]]|[(\[](\p{Lu}[\p{Lu} ]+\p{Lu})[)\]]\s*$`)

	killSentence = compiled(`(?i)^\W*(?:(?:attention|note|editors?|eds)\W+)*(?:` +
		`this (?:story|report|item|dispatch|article) (?:is|has been|was|is being) (?:hereby )?(?:withdrawn|killed|annulled|retracted)\b|` +
		`(?:please )?(?:kill|withdraw|disregard) (?:this|the|our) (?:(?:above|below|previous|earlier) )?` +
		`(?:story|report|item|dispatch|article)\b)`)
	killSentenceRu = compiled(`(?i)^[^\pL]*(?:внимание[^\pL]+)?(?:` +
		`(?:просим|просьба|необходимо)\s+(?:снять\s+с\s+ленты|аннулировать|не\s+использовать)\s+` +
		`(?:(?:это|данн|предыдущ|наш|выш)\pL*\s+)?(?:сообщени|материал|новост|информаци|заметк)\pL*|` +
		`(?:(?:это|данн|предыдущ|наш)\pL*\s+)?(?:сообщени|материал|новост|заметк)\pL*\s+` +
		`(?:аннулирован\pL*|аннулируется|снят[оаы]?\s+с\s+ленты))`)
)

// kill finds the words by which an item takes itself back; nil: it does not.
func (r *reader) kill(title, text string) *news.Evidence {
	if r.vocabulary.Class(title)&killWords.class != 0 {
		s := strings.ToValidUTF8(title[:min(len(title), killBytes)], "")
		if at, rule := readKill(s); rule != "" {
			return &news.Evidence{Field: "title", Start: at.Start, End: at.End, Words: at.Of(s), Rule: rule}
		}
	}
	end := min(len(text), killBytes)
	if r.table.Any(killWords.class) && slices.ContainsFunc(r.words(lex.Between(0, end)), killWords.is) {
		s := strings.ToValidUTF8(text[:end], "")
		if at, rule := readKill(s); rule != "" {
			return &news.Evidence{Field: "text", Start: at.Start, End: at.End, Words: at.Of(s), Rule: rule}
		}
	}
	return nil
}

// readKill reads a mark at the head of s, or in brackets at its head or end, or a sentence that opens it.
func readKill(s string) (at lex.Span, rule string) {
	if m := killBracket().FindStringSubmatchIndex(s); m != nil {
		at = lex.Between(max(m[2], m[4]), max(m[3], m[5]))
		if killMarks[at.Of(s)] {
			return at, ruleKillMark
		}
	}
	if m := killHead().FindStringSubmatchIndex(s); m != nil && killMarks[s[m[2]:m[3]]] && !capitals(s[m[1]:]) {
		return lex.Between(m[2], m[3]), ruleKillMark
	}
	for _, sentence := range []func() *regexp.Regexp{killSentence, killSentenceRu} {
		if m := sentence().FindStringIndex(s); m != nil {
			return lex.Between(m[0], m[1]), ruleKillSentence
		}
	}
	return lex.Span{}, ""
}

// capitals reports whether s has letters and all of them are capitals: in such a line a word in capitals is no mark.
func capitals(s string) bool { return s == strings.ToUpper(s) && s != strings.ToLower(s) }

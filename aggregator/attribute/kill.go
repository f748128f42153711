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
// itself. News of what was killed, annulled or withdrawn is news: so a mark must stand in capitals, alone, in brackets or
// before a dash, a colon or a full stop; and a sentence must open the text and speak of the report.

const (
	ruleKillMark     = "kill-mark"
	ruleKillSentence = "kill-sentence"
)

// killBytes is how much of a title or a text is looked at.
const killBytes = 320

//go:embed tables/kill.txt
var killTable string

// killMarks are the marks of tables/kill.txt. killWords are what no mark and no sentence does without, in capitals.
var (
	killMarks = readKillTable(killTable)
	killWords = append(shortest(killMarks), "WITHDR", "ANNUL", "RETRACT", "DISREGARD", "АННУЛИР", "С ЛЕНТЫ", "НЕ ИСПОЛЬЗ")
)

// killInitials are the bytes that killWords begin with, in lower case.
var killInitials = initials(killWords)

func initials(words []string) (all [256]bool) {
	for _, w := range words {
		all[w[0]|0x20] = true
	}
	return all
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

// shortest returns the marks that contain no other mark, sorted.
func shortest(marks map[string]bool) []string {
	var all []string
	for m := range marks {
		longer := false
		for other := range marks {
			longer = longer || m != other && strings.Contains(m, other)
		}
		if !longer {
			all = append(all, m)
		}
	}
	slices.Sort(all)
	return all
}

var (
	killHead    = regexp.MustCompile(`^[\s"«]*(\p{Lu}[\p{Lu} ]+\p{Lu})\s*(?:[:.!|—–-]|$)`)
	killBracket = regexp.MustCompile(`^\s*[(\[](\p{Lu}[\p{Lu} ]+\p{Lu})[)\]]|[(\[](\p{Lu}[\p{Lu} ]+\p{Lu})[)\]]\s*$`)

	killSentence = regexp.MustCompile(`(?i)^\W*(?:(?:attention|note|editors?|eds)\W+)*(?:` +
		`this (?:story|report|item|dispatch|article) (?:is|has been|was|is being) (?:hereby )?(?:withdrawn|killed|annulled|retracted)\b|` +
		`(?:please )?(?:kill|withdraw|disregard) (?:this|the|our) (?:(?:above|below|previous|earlier) )?(?:story|report|item|dispatch|article)\b)`)
	killSentenceRu = regexp.MustCompile(`(?i)^[^\pL]*(?:внимание[^\pL]+)?(?:` +
		`(?:просим|просьба|необходимо)\s+(?:снять\s+с\s+ленты|аннулировать|не\s+использовать)\s+(?:(?:это|данн|предыдущ|наш|выш)\pL*\s+)?(?:сообщени|материал|новост|информаци|заметк)\pL*|` +
		`(?:(?:это|данн|предыдущ|наш)\pL*\s+)?(?:сообщени|материал|новост|заметк)\pL*\s+(?:аннулирован\pL*|аннулируется|снят[оаы]?\s+с\s+ленты))`)
)

// kill finds the words by which an item takes itself back; nil: it does not.
func kill(title, text string) *news.Evidence {
	for _, in := range []struct{ field, s string }{{"title", title}, {"text", text}} {
		s := strings.ToValidUTF8(in.s[:min(len(in.s), killBytes)], "")
		if !mayKill(s) {
			continue
		}
		if at, rule := readKill(s); rule != "" {
			return &news.Evidence{Field: in.field, Start: at.Start, End: at.End, Words: at.Of(s), Rule: rule}
		}
	}
	return nil
}

// mayKill reports whether a word of killWords is in s, whatever its case.
func mayKill(s string) bool {
	for i := 0; i < len(s); i++ {
		first := s[i] | 0x20
		if s[i] >= 0x80 {
			upper := strings.ToUpper(s)
			return slices.ContainsFunc(killWords, func(w string) bool { return strings.Contains(upper, w) })
		}
		if !killInitials[first] {
			continue
		}
		for _, w := range killWords {
			if len(s)-i >= len(w) && w[0]|0x20 == first && strings.EqualFold(s[i:i+len(w)], w) {
				return true
			}
		}
	}
	return false
}

// readKill reads a mark at the head of s, or in brackets at its head or end, or a sentence that opens it.
func readKill(s string) (at lex.Span, rule string) {
	if m := killBracket.FindStringSubmatchIndex(s); m != nil {
		at = lex.Between(max(m[2], m[4]), max(m[3], m[5]))
		if killMarks[at.Of(s)] {
			return at, ruleKillMark
		}
	}
	if m := killHead.FindStringSubmatchIndex(s); m != nil && killMarks[s[m[2]:m[3]]] && !capitals(s[m[1]:]) {
		return lex.Between(m[2], m[3]), ruleKillMark
	}
	for _, sentence := range []*regexp.Regexp{killSentence, killSentenceRu} {
		if m := sentence.FindStringIndex(s); m != nil {
			return lex.Between(m[0], m[1]), ruleKillSentence
		}
	}
	return lex.Span{}, ""
}

// capitals reports whether s has letters and all of them are capitals: in such a line a word in capitals is no mark.
func capitals(s string) bool { return s == strings.ToUpper(s) && s != strings.ToLower(s) }

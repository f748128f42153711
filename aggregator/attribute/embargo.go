package attribute

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// A source asks for an embargo at the head of the title or of a line of its text, behind a dateline, in brackets, or on the last line:
// "EMBARGOED UNTIL 06:00 GMT, 17 MAY", "Не публиковать до 9:00 мск". News of an embargo on goods is news: so what follows the
// words is a time and nothing but a time; or, where no time can be read, the words say that a text is meant, in capitals, in brackets
// or on a short line.

const (
	embargoRule = "embargo" // of its evidence

	embargoLines = 4   // of the head of a text
	embargoBytes = 400 // of each
)

//go:embed tables/embargo.txt
var embargoTable string

// embargoHeads are words of which a text with an embargo has one.
var embargoHeads = wordClass("embargoHeads")

// embargoRules are made of tables/embargo.txt when the first text has one of its words.
var embargoRules = sync.OnceValue(func() *embargoPhrases {
	t := readKeyed(embargoTable)
	var words []string
	for _, l := range t["asks"] {
		words = append(words, l.words...)
	}
	return &embargoPhrases{
		words: words,
		asks: regexp.MustCompile(`(?i)(?:^|[\[(«"*]|[–—-] |: |\| )[\s*_"«]*((?:` + anyOf(t["before"]) + ` )*` + anyOf(t["asks"]) + `(?:,? ` +
			anyOf(t["behind"]) + `)*)[\s:,.–—-]*(` + anyOf(t["until"]) + `(?:[\s:]|$))?`),
		alone:  regexp.MustCompile(`(?i)` + anyOf(t["alone"])),
		text:   regexp.MustCompile(`(?i)` + anyOf(t["text"])),
		lifted: regexp.MustCompile(`(?i)^[\s:,–—-]*` + anyOf(t["lifted"]) + `(?:\PL|$)`),
	}
})

// embargoPhrases are the sections of tables/embargo.txt.
type embargoPhrases struct {
	words                     []string // of which a line that asks has one, in small letters
	asks, alone, text, lifted *regexp.Regexp
}

// embargo returns the embargo that the item asks for. Times without a zone are in that of the source, else of the item's own date.
func (in Input) embargo() *news.Embargo {
	if in.Item == nil {
		return nil
	}
	base, zone := in.Item.Published, in.Source.Zone
	if base.IsZero() {
		base = in.Seen
	}
	for _, layout := range []string{time.RFC1123Z, time.RFC3339} {
		if t, err := time.Parse(layout, in.Item.PublishedRaw); zone == nil && err == nil {
			_, offset := t.Zone()
			zone = time.FixedZone("", offset) // t's own location may be that of the machine
		}
	}
	return embargo(in.Item.Title, in.Text, base, zone)
}

// embargo returns the embargo that a title or a text asks for, nil where it asks for none. base is when the item was published, or
// received; zone is that of times without one, nil: they cannot be read.
func embargo(title, text string, base time.Time, zone *time.Location) *news.Embargo {
	if e := readEmbargo(title, "title", 0, base, zone); e != nil {
		return e
	}
	for start, n := 0, 0; start < len(text) && n < embargoLines; n++ {
		end := lineEnd(text, start)
		if e := readEmbargo(text[start:end], "text", start, base, zone); e != nil {
			return e
		}
		start = end + 1
	}
	last := strings.LastIndexByte(strings.TrimRight(text, "\n"), '\n') + 1
	if last > 0 {
		return readEmbargo(text[last:], "text", last, base, zone)
	}
	return nil
}

// readEmbargo reads a line that begins at offset of its field.
func readEmbargo(line, field string, offset int, base time.Time, zone *time.Location) *news.Embargo {
	line = line[:min(len(line), embargoBytes)]
	r := embargoRules()
	if !hasAny(strings.ToLower(line), r.words) {
		return nil
	}
	for _, m := range r.asks.FindAllStringSubmatchIndex(line, 4) {
		words := line[m[2]:m[3]]
		if lex.IsLetter(lex.RuneAt(line, m[3])) || r.lifted.MatchString(line[m[1]:]) {
			continue
		}
		until, end, ok := readMoment(line, m[1], base, zone)
		switch {
		case ok && (m[4] >= 0 || r.alone.MatchString(words)):
		case r.isUntimed(line, words, m[1], m[4] >= 0, field == "title"):
			until, end = time.Time{}, max(end, m[1])
		default:
			continue
		}
		at := lex.Between(m[2], max(m[3], end))
		return &news.Embargo{Until: until, Evidence: news.Evidence{
			Field: field, Start: offset + at.Start, End: offset + at.End, Words: at.Of(line), Rule: embargoRule}}
	}
	return nil
}

func hasAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// isUntimed reports whether words that end at end of a line ask for an embargo although no time can be read.
func (r *embargoPhrases) isUntimed(line, words string, end int, until, title bool) bool {
	if !r.text.MatchString(words) {
		return strings.HasPrefix(words, "EMBARGO") && until && words == strings.ToUpper(words)
	}
	rest := strings.TrimSpace(line[end:])
	closed := rest == "" || strings.ContainsAny(rest[:1], ":.!])*»\"") || strings.HasSuffix(strings.TrimSpace(line[:end]), ":")
	if !until && !closed {
		return false // "Embargoed goods were seized"
	}
	if words == strings.ToUpper(words) {
		return true
	}
	if title {
		return closed
	}
	return closed || len(line) <= 120
}

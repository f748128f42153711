package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Page furniture is cut and never credited: menus, weather, calls to subscribe, share buttons, the day of the page's
// rendering, the title once more, and lines without a sentence above the dateline.

const (
	ruleFurniture  = "furniture"
	ruleTitleAgain = "title-repeated"
	ruleAbove      = "above-dateline"
	ruleRights     = "rights-line"
)

// furniture are whole lines.
var furniture = wordSet("furniture")

// calls are the beginnings of lines that ask the reader to do something.
var calls = wordSet("calls")

// isFurniture reports whether the line is page furniture. What only looks like a menu is none where it is all there is.
func (r *reader) isFurniture(s string, p lex.Span, alone bool) bool {
	line := p.Of(s)
	if len(line) > 300 {
		return false
	}
	if lex.NextWord(line, 0) == len(line) { // rows of dashes and stars
		return true
	}
	if furniture.Has(line) || isMenu(line) && !alone && !r.endsInSeller(s[:p.End], p.Start) || isWeather(line) || isDayOnly(line) {
		return true
	}
	return len(line) <= 200 && callHeads.is(r.word(s, r.nextWord(s, p.Start))) && isCall(line)
}

// callHeads are the words with which calls begin.
var callHeads = heads(calls)

// isCall reports whether a line begins with words that ask the reader to do something.
func isCall(line string) bool {
	end := 0
	for range 5 {
		i := lex.NextWord(line, end)
		if end = lex.WordEnd(line, i); end == i {
			break
		}
		if calls.Has(line[:end]) {
			return true
		}
	}
	return false
}

// isMenu reports whether a short line is links parted by bars or bullets.
func isMenu(line string) bool {
	return len(line) < 200 && !strings.Contains(line, ". ") && !strings.Contains(line, ": ") &&
		strings.Count(line, "|")+strings.Count(line, "•")+strings.Count(line, "»")/2+strings.Count(line, "·") >= 2 &&
		!strings.ContainsAny(line, "0123456789«")
}

// endsInSeller reports whether one that sells pictures follows the last bar of a line: "NAME | Moment | Getty Images".
func (r *reader) endsInSeller(s string, start int) bool {
	m, ok := r.wholeFrom(s, max(start, strings.LastIndexByte(s, '|')))
	return ok && r.sellsPictures(m.Key)
}

// isWeather reports whether a line is a weather widget: a temperature, no sentence.
func isWeather(line string) bool {
	i := strings.Index(line, "°")
	return i > 0 && len(line) <= 80 && lex.IsDigit(rune(line[len(strings.TrimRight(line[:i], " \u00a0"))-1])) && !endsSentence(line)
}

// isDayOnly reports whether a line is a day, with a word before it or not, and no time: the page's rendering.
func isDayOnly(line string) bool {
	if len(line) > 60 || endsSentence(line) {
		return false
	}
	for i, n := 0, 0; i < len(line) && n < 3; n++ {
		if d, ok := lex.ReadDate(line, i); ok {
			return lex.NextWord(line, d.End) == len(line)
		}
		i = lex.NextWord(line, lex.WordEnd(line, i))
	}
	return false
}

// endsSentence reports whether a line ends as a sentence does.
func endsSentence(line string) bool {
	line = strings.TrimRight(line, " \t\r\u00a0\"»”“')’]")
	c := lex.Before(line, len(line))
	return c == '.' || c == '!' || c == '?' || c == '…'
}

// isProse reports whether a line is text and not a headline or a link: a sentence, or longer than those are.
func isProse(line string) bool {
	return len(line) > 240 || len(line) > 30 && endsSentence(line) && strings.Count(line, " ") >= 4
}

// rightsWords are words of which a notice of rights has one.
var rightsWords = wordClass("rightsWords")

// reserves are the words of a publisher's notice.
var reserves = wordList("reserves")

// isRights reports whether a line is a copyright notice of the publisher rather than of a picture: it names a span
// of years, begins with a year, reserves rights, or gives the agency its full style.
func (r *reader) isRights(line string) bool {
	signed := strings.Contains(line, "©") || len(line) > 3 && strings.EqualFold(line[:3], "(c)")
	if len(line) > 300 || !signed && !r.table.Any(rightsWords.class) {
		return false
	}
	if len(line) > 160 && !strings.Contains(line[:60], "©") && !strings.EqualFold(line[:lex.WordEnd(line, 0)], "copyright") {
		return false
	}
	f := strings.ToLower(line)
	reserved := false
	for _, w := range reserves {
		reserved = reserved || strings.Contains(f, w)
	}
	i := strings.Index(f, "©")
	if i < 0 && (strings.HasPrefix(f, "copyright") || strings.HasPrefix(f, "(c) ")) {
		i = 0
	}
	switch {
	case i < 0 || i > 30:
		return reserved && len(line) < 200
	case reserved, strings.HasPrefix(f, "copyright"):
		return true
	case i > 0:
		return false
	}
	rest := strings.TrimLeft(strings.TrimPrefix(f[i:], "(c)"), "© ,")
	if v, e := lex.Number(rest, 0, 4); e == 4 && v > 1900 {
		return true
	}
	for _, w := range []string{"информационное агентство", "информагентство", "иа ", "информационное телеграфное", "news agency",
		"мид росс", "миа "} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return strings.Contains(rest, "news agency") || hasYears(rest)
}

// hasYears reports whether a span of years is in s.
func hasYears(s string) bool {
	for i := lex.NextWord(s, 0); i < len(s); i = lex.NextWord(s, lex.WordEnd(s, i)) {
		v, e := lex.Number(s, i, 4)
		if c, n := lex.At(s, e); v > 1900 && lex.IsDash(c) {
			if w, _ := lex.Number(s, e+n, 4); w > v {
				return true
			}
		}
	}
	return false
}

package dedup

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/text"
)

// Houses print one figure in several ways: 23000, 23.000, 23 000 and 23 thousand; 22:00 and 22.00. Texts are compared in one notation,
// which is made once: figures without groups and with their thousands written out, times and dates in parts with full stops, and without
// the stamps of a page or a wire before the text.

// minus is the word for the sign of a figure.
var minus = []string{"minus", "минус", "мінус"}

// notation rewrites tokens in place into the one notation.
func notation(tokens []text.Token) []text.Token {
	out := tokens[:0]
	before, last := 0, 0 // noughts that words put behind the last but one and the last of out; 0: none
	for _, t := range tokens {
		noughts := 0
		switch {
		case t.Figure:
			t.Text = plainFigure(t.Text)
			if len(out) > 0 && slices.Contains(minus, out[len(out)-1].Text) {
				t.Text = "-" + strings.TrimPrefix(t.Text, "-")
			}
		case len(out) > 0 && mayMultiply(t.Text) && counted(out[len(out)-1], t.Text):
			noughts = multiplies(t.Text)
		}
		if noughts > 0 {
			end := len(out) - 1
			if n, ok := times(out[end].Text, noughts); ok {
				out[end].Text, out[end].Figure, last = n, true, noughts
				if rest, whole := strings.CutSuffix(out[max(0, end-1)].Text, strings.Repeat("0", len(n))); before > noughts && whole {
					out[end-1].Text = rest + n // 1 million 532 thousand
					out, before = out[:end], 0
				}
				continue
			}
		}
		out, before, last = append(out, t), last, 0
	}
	return out
}

// plainFigure returns a figure without groups, its leading zeros, and its minutes or decimals where they are nought. Colons of a time
// are full stops.
func plainFigure(s string) string {
	switch len(s) {
	case 1:
		return s
	case 2, 3, 4:
		if !strings.ContainsAny(s, ".:0") {
			return s
		}
	}
	if isClock(s) {
		s = strings.Replace(s, ":", ".", 1)
	}
	parts := strings.Split(s, ".")
	if len(parts) > 1 && grouped(parts) {
		parts = []string{strings.Join(parts, "")}
	}
	for i, p := range parts {
		if whole := strings.TrimLeft(p, "0"); (i == 0 || len(parts) > 2) && whole != "" && isDigit(whole[0]) {
			parts[i] = whole
		}
	}
	if len(parts) == 2 && strings.Trim(parts[1], "0") == "" {
		parts = parts[:1]
	}
	return strings.Join(parts, ".")
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// grouped reports whether the parts of a figure are groups of three digits.
func grouped(parts []string) bool {
	for i, p := range parts {
		if i > 0 && len(p) != 3 || len(p) > 3 || p == "0" || !digits(p) {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// isClock reports whether a figure is a time of the day, such as 8:45, 22.00 or 18:48:31.
func isClock(s string) bool {
	hour, rest, _ := strings.Cut(s, ":")
	if rest == "" {
		hour, rest, _ = strings.Cut(s, ".")
	}
	minute, second, more := strings.Cut(rest, ":")
	h, err := strconv.Atoi(hour)
	return err == nil && len(hour) <= 2 && h >= 0 && h < 24 && len(minute) == 2 && digits(minute) && minute < "60" &&
		(!more || len(second) == 2 && digits(second))
}

// isDate reports whether a figure is a whole date, such as 19.02.2018, 2/19/2018 or 2018-02-19.
func isDate(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' || r == '/' })
	if len(parts) != 3 || !digits(parts[0]+parts[1]+parts[2]) {
		return false
	}
	return isYear(parts[0]) && len(parts[2]) <= 2 || isYear(parts[2]) && len(parts[0]) <= 2
}

func isYear(s string) bool { return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") && digits(s) }

// multiplies returns how many noughts a word puts behind the figure before it; 0: it is no such word.
func multiplies(word string) int {
	if n := noughts[word]; n > 0 {
		return n
	}
	if len(word) < 6 {
		return 0
	}
	for _, m := range multiples {
		if rest, ok := strings.CutPrefix(word, m.stem); ok && utf8.RuneCountInString(rest) <= ending {
			return m.noughts
		}
	}
	return 0
}

// counted reports whether a token is a figure that a word may multiply, or a number in words before a word that is no abbreviation.
func counted(t text.Token, word string) bool {
	return t.Figure || len(word) > len("тыс") && counting[t.Text] != ""
}

// mayMultiply reports whether a word begins as those do that multiply, with t, m, b, т, м, б or х: of ten words nine do not.
func mayMultiply(word string) bool {
	switch word[0] {
	case 't', 'm', 'b':
		return true
	case 0xD0: // м, б
		return word[1] == 0xBC || word[1] == 0xB1
	case 0xD1: // т, х
		return word[1] == 0x82 || word[1] == 0x85
	}
	return false
}

// noughts are the words for a thousand and more that are short; multiples are the stems of the others, which come in cases.
var (
	noughts = map[string]int{
		"thousand": 3, "tys": 3, "tis": 3, "тыс": 3, "тис": 3, "хил": 3, "хиляди": 3, "tisoč": 3, "mille": 3,
		"mln": 6, "mio": 6, "млн": 6, "bln": 9, "bn": 9, "mld": 9, "mlrd": 9, "млрд": 9, "trn": 12, "трлн": 12,
	}
	multiples = []struct {
		stem    string
		noughts int
	}{
		{"thousand", 3}, {"tisíc", 3}, {"tysiąc", 3}, {"tysięc", 3}, {"tisuć", 3}, {"tausend", 3}, {"тысяч", 3}, {"тисяч", 3},
		{"million", 6}, {"milion", 6}, {"milión", 6}, {"milijon", 6}, {"миллион", 6}, {"милион", 6}, {"мільйон", 6},
		{"billion", 9}, {"miliard", 9}, {"milliard", 9}, {"milijard", 9}, {"миллиард", 9}, {"милиард", 9}, {"мільярд", 9},
		{"trillion", 12}, {"триллион", 12},
	}
)

// times returns a figure, or a number in words, with so many noughts.
func times(figure string, noughts int) (string, bool) {
	if !isDigit(figure[0]) {
		figure = counting[figure]
	}
	whole, decimals, _ := strings.Cut(figure, ".")
	if !digits(whole) || decimals != "" && !digits(decimals) || len(decimals) > noughts || len(whole) > 6 {
		return "", false
	}
	return strings.TrimLeft(whole, "0") + decimals + strings.Repeat("0", noughts-len(decimals)), true
}

// A stamp is the date and the time at which a page or a wire printed a text, before it.
const (
	stampWords   = 14 // from the beginning, in which a stamp may be
	stampFigures = 3  // counters behind it
)

// unstamped returns tokens without the stamp before them: a date beside a time of the day, or one of them as the first word, and what
// precedes. What follows must begin with a capital.
func unstamped(tokens []text.Token) []text.Token {
	end, last := 0, -2
	var had [2]bool // a time, a date
	for i := 0; i < min(len(tokens), stampWords); {
		kind, n := stampAt(tokens[i:])
		if n == 0 {
			i++
			continue
		}
		near := last >= 0 && (i == last || i == last+1 && utf8.RuneCountInString(tokens[last].Text) > 2)
		if !near {
			had = [2]bool{}
		}
		had[kind] = true
		last = i + n
		if had[0] && had[1] || i == 0 {
			end = last
		}
		i = last
	}
	if end == 0 {
		return tokens
	}
	for k := 0; end < len(tokens) && k < stampFigures && isStampRest(tokens[end]); k++ {
		end++
	}
	if end == len(tokens) || !tokens[end].Upper {
		return tokens
	}
	return tokens[end:]
}

// stampAt returns whether tokens begin with a time (0) or a date (1), and of how many tokens; 0: with neither.
func stampAt(tokens []text.Token) (kind, n int) {
	switch t := tokens[0]; {
	case !t.Figure:
		if len(tokens) > 2 && tokens[1].Figure && len(tokens[1].Text) <= 2 && tokens[2].Figure && isYear(tokens[2].Text) {
			if _, month := figure(t); month { // Dec. 20, 2005
				return 1, 3
			}
		}
		return 0, 0
	case isClock(t.Text):
		return 0, 1
	case isDate(t.Text):
		return 1, 1
	case len(t.Text) <= 2 && len(tokens) > 2 && !tokens[1].Figure && tokens[2].Figure && isYear(tokens[2].Text):
		return 1, 3
	}
	return 0, 0
}

// isStampRest reports whether a token belongs to the stamp before it: a counter, a code, or a word for "o'clock".
func isStampRest(t text.Token) bool {
	return t.Figure && digits(t.Text) || utf8.RuneCountInString(t.Text) <= 2 && !t.Upper ||
		t.Upper && strings.ContainsFunc(t.Text, unicode.IsDigit)
}

// untimed returns the tokens of a title without a stamp before or behind it.
func untimed(title []text.Token) []text.Token {
	title = unstamped(title)
	for i := max(1, len(title)-2); i < len(title); i++ {
		if t := title[i]; t.Figure && isClock(t.Text) && strings.Contains(t.Text, ":") {
			return title[:i]
		}
	}
	return title
}

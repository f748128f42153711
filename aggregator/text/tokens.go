package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is a word or a figure of a text, as texts are compared.
type Token struct {
	Text   string // folded; a figure without group separators, its decimal sign a full stop
	Figure bool   // it begins with a digit, or with a minus and a digit
	Upper  bool   // it was printed with an upper-case letter first
}

// Tokens cuts s into its first max words and figures. Words are letters, marks and digits, in lower case and with е for
// ё. A figure is read whole, so that "1,330", "1 330" and "1330" are equal, and so are "4,5" and "4.5"; scores, times,
// dates and ranges stay together ("2:1" is not "1:2"), letters that touch a figure part from it ("17th", "10km").
// Tokens are for comparing texts; identities are made from [Words].
func Tokens(s string, max int) []Token {
	if !plain(s) {
		s = norm.NFKC.String(s)
	}
	t := tokenizer{text: s, max: max, buf: make([]byte, 0, min(len(s), 12*max)), cuts: make([]cut, 0, min(max, len(s)/4+1))}
	t.run()
	folded := string(t.buf)
	out := make([]Token, len(t.cuts))
	start := 0
	for i, c := range t.cuts {
		out[i] = Token{Text: folded[start:c.end], Figure: c.figure, Upper: c.upper}
		start = c.end
	}
	return out
}

// plain reports whether s holds only runes that NFKC leaves alone and that compose with nothing: nearly all texts do.
func plain(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf, 'Ѐ' <= r && r <= 'џ', r == '«', r == '»', '‐' <= r && r <= '„' && r != '‑' && r != '‗':
		default:
			return false
		}
	}
	return true
}

// tokenizer writes the tokens one after the other into buf.
type tokenizer struct {
	text string
	at   int  // in text: what stands before is done
	last rune // before at
	max  int
	buf  []byte
	cuts []cut
}

type cut struct {
	end           int // in buf
	figure, upper bool
}

func (t *tokenizer) run() {
	for t.at < len(t.text) && len(t.cuts) < t.max {
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		switch {
		case isDigit(r):
			t.figure()
		case r == ' ':
			t.skip(r, size)
		case inWord(r) > 0 && !unicode.IsMark(r):
			t.word(unicode.IsUpper(r))
		case digitAt(t.text[t.at+size:]) && fold(r) == '-' && inWord(t.last) == 0:
			t.buf = append(t.buf, '-')
			t.skip(r, size)
			t.figure()
		default:
			t.skip(r, size)
		}
	}
}

func (t *tokenizer) skip(r rune, size int) { t.last, t.at = r, t.at+size }

func (t *tokenizer) word(upper bool) {
	for t.at < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		low := inWord(r)
		if low == 0 {
			break
		}
		if low > 0 {
			t.buf = utf8.AppendRune(t.buf, low)
		}
		t.skip(r, size)
	}
	t.cuts = append(t.cuts, cut{end: len(t.buf), upper: upper})
}

// inWord returns what stands for r in a word; 0: r is no part of one, negative: it is invisible. Most runes are
// Latin or Cyrillic letters, and told without asking a table.
func inWord(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z', 'а' <= r && r <= 'я', isDigit(r):
		return r
	case 'A' <= r && r <= 'Z', 'А' <= r && r <= 'Я':
		return r + 'a' - 'A' // the distance is the same in both
	case r < utf8.RuneSelf:
		return 0
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	if r = fold(unicode.ToLower(r)); unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return r
	}
	return 0
}

// figure reads on from a digit.
func (t *tokenizer) figure() {
	group := t.digits() <= 3 // more digits than that are in no groups
	for t.at < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		if !digitAt(t.text[t.at+size:]) {
			break
		}
		sign := fold(r)
		switch {
		case group && (sign == ',' || sign == '\'' || unicode.IsSpace(r)) && exactlyThree(t.text[t.at+size:]):
			sign = 0
		case sign == ',':
			sign = '.'
		case sign != '.' && sign != ':' && sign != '-' && sign != '/':
			t.end()
			return
		}
		if sign != 0 {
			group = false
			t.buf = append(t.buf, byte(sign))
		}
		t.skip(r, size)
		t.digits()
	}
	t.end()
}

func (t *tokenizer) end() { t.cuts = append(t.cuts, cut{end: len(t.buf), figure: true}) }

// digits takes the digits that stand next and returns how many there were.
func (t *tokenizer) digits() (n int) {
	for t.at+n < len(t.text) && isDigit(rune(t.text[t.at+n])) {
		n++
	}
	t.buf = append(t.buf, t.text[t.at:t.at+n]...)
	t.last, t.at = '0', t.at+n
	return n
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func digitAt(s string) bool { return s != "" && isDigit(rune(s[0])) }

func exactlyThree(s string) bool {
	n := 0
	for n < len(s) && n < 4 && isDigit(rune(s[n])) {
		n++
	}
	return n == 3
}

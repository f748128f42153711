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
	First  bool   // it begins a sentence, as far as the punctuation says
	Quoted bool   // it is between quotation marks
}

// Tokens cuts s into its first max words and figures. Words are letters, marks and digits, in lower case and with е for
// ё. A figure is read whole, so that "1,330", "1 330" and "1330" are equal, and so are "4,5" and "4.5"; scores, times,
// dates and ranges stay together ("2:1" is not "1:2"), letters that touch a figure part from it ("17th", "10km").
// Tokens are for comparing texts; identities are made from [Words].
// Fewer of a text are the first of more.
func Tokens(s string, max int) []Token {
	return AppendTokens(make([]Token, 0, min(max, len(s)/5+1)), s, max)
}

// AppendTokens appends to out what [Tokens] returns.
func AppendTokens(out []Token, s string, max int) []Token {
	if !plain(s) {
		s = norm.NFKC.String(s)
	}
	before := len(out)
	t := tokenizer{text: s, out: out, begin: before, first: true}
	for t.at < len(t.text) && len(t.out)-before < max {
		t.next()
	}
	return t.out
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

// tokenizer cuts a text. A token is a part of the text where that is written as it is compared, else a copy.
type tokenizer struct {
	text   string
	at     int  // in text: what is before it is done
	last   rune // before at
	out    []Token
	begin  int    // in out, of the tokens of the text
	start  int    // of the token that is being read
	folded bool   // it differs from the text, and is in buf
	buf    []byte // scratch
	first  bool   // what comes next begins a sentence
	quoted bool   // it is between quotation marks
}

// next reads a token, or skips what is none.
func (t *tokenizer) next() {
	r, size := utf8.DecodeRuneInString(t.text[t.at:])
	t.start, t.folded = t.at, false
	switch {
	case isDigit(r):
		t.figure()
	case r == ' ':
		t.skip(r, size)
	case inWord(r) > 0 && !unicode.IsMark(r):
		t.word(unicode.IsUpper(r))
	case digitAt(t.text[t.at+size:]) && fold(r) == '-' && inWord(t.last) == 0:
		t.put(r, '-', size)
		t.figure()
	default:
		t.punctuate(r)
		t.skip(r, size)
	}
}

// punctuate notes what a rune that is no part of a token says of the next one. A full stop behind one or two letters, or a day, is that
// of an abbreviation. A quotation ends with its paragraph.
func (t *tokenizer) punctuate(r rune) {
	switch r {
	case '.':
		t.first = t.first || len(t.out) > t.begin && utf8.RuneCountInString(t.out[len(t.out)-1].Text) > 2
	case '!', '?', '\n':
		t.first = true
		t.quoted = t.quoted && r != '\n'
	case '«', '„':
		t.quoted = true
	case '»', '”':
		t.quoted = false
	case '“', '"': // “ opens in English and closes in German
		t.quoted = !t.quoted
	}
}

func (t *tokenizer) skip(r rune, size int) { t.last, t.at = r, t.at+size }

// put takes the rune r of the text, of that size, into the token as another; what is not positive is left out.
func (t *tokenizer) put(r, as rune, size int) {
	if r != as && !t.folded {
		t.buf, t.folded = append(t.buf[:0], t.text[t.start:t.at]...), true
	}
	if t.folded && as > 0 {
		t.buf = utf8.AppendRune(t.buf, as)
	}
	t.skip(r, size)
}

// end is that of the token, which it adds to the others.
func (t *tokenizer) end(tok Token) {
	tok.Text, tok.First, tok.Quoted, t.first = t.text[t.start:t.at], t.first, t.quoted, false
	if t.folded {
		tok.Text = string(t.buf)
	}
	t.out = append(t.out, tok)
}

func (t *tokenizer) word(upper bool) {
	for t.at < len(t.text) {
		if n := lowRun(t.text[t.at:]); n > 0 {
			t.take(n)
			continue
		}
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		low := inWord(r)
		if low == 0 {
			break
		}
		t.put(r, low, size)
	}
	t.end(Token{Upper: upper})
}

// lowRun returns how many bytes of s are lower-case letters of English or Russian, or digits, which are compared as they are written.
func lowRun(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			i++
		case i+1 < len(s) && (c == 0xD0 && 0xB0 <= s[i+1] && s[i+1] <= 0xBF || c == 0xD1 && 0x80 <= s[i+1] && s[i+1] <= 0x8F):
			i += 2 // а to п, р to я
		default:
			return i
		}
	}
	return i
}

// take takes so many bytes of the text, which are whole runes, into the token as they are.
func (t *tokenizer) take(n int) {
	if t.folded {
		t.buf = append(t.buf, t.text[t.at:t.at+n]...)
	}
	t.at += n
	t.last, _ = utf8.DecodeLastRuneInString(t.text[:t.at])
}

// inWord returns the form of r in a word; 0: r is no part of one, negative: it is invisible. Most runes are
// Latin or Cyrillic letters, and known without a table.
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
			t.end(Token{Figure: true})
			return
		}
		group = group && sign == 0
		t.put(r, sign, size)
		t.digits()
	}
	t.end(Token{Figure: true})
}

// digits takes the digits that come next and returns how many there were.
func (t *tokenizer) digits() (n int) {
	for t.at < len(t.text) && isDigit(rune(t.text[t.at])) {
		r := rune(t.text[t.at])
		t.put(r, r, 1)
		n++
	}
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

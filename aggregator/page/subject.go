package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/text"
)

// What the lines of an article speak of. Houses put notices of their own among its paragraphs and pictures: of the next issue, a calendar,
// a newsletter, a sponsor's kitchen. These look like the article's lines, but address the reader (words.txt) or have no word of the
// article.

// subject is the words of an article by their first four letters: those of its title and of its running text.
type subject map[string][]mention

// mention is a word and the first line that has it; the title is line -1.
type mention struct {
	word string
	line int
}

const (
	none        = -2   // no line
	stemLetters = 4    // that two forms of a word have in common at the least
	endLetters  = 2    // of the end in which they may differ
	maxSubject  = 4000 // words of an article that are looked at
	maxMentions = 16   // of these with the same first letters
)

// readSubject reads the words of the article, once.
func (d *document) readSubject() subject {
	if d.subject != nil {
		return d.subject
	}
	d.subject = subject{}
	left := maxSubject
	add := func(s string, line int) {
		for _, w := range subjectWords(s) {
			if left--; left < 0 {
				return
			}
			m, key := mention{w, line}, stemKey(w)
			if all := d.subject[key]; len(all) < maxMentions && !slices.Contains(all, m) {
				d.subject[key] = append(d.subject[key], m)
			}
		}
	}
	add(d.headingText(), -1)
	add(d.head.title, -1)
	for k := d.proseLine; k < len(d.lines) && k < d.textEnd && left > 0; k++ {
		if d.lines[k].isProse() && d.inText(k) {
			add(d.lines[k].text, k)
		}
	}
	return d.subject
}

// speaksOf reports whether a text speaks of what the article does: half of its words or more are in the title or in the running text
// before a line, or a quarter of them and two or more, or one that the title or two lines have. The line self is that of the text.
func (d *document) speaksOf(s string, line, self int) bool {
	n, all, certain := d.shared(s, line, self)
	return certain || n > 0 && 2*n >= all || n > 1 && 4*n >= all
}

// shared counts the words of a text, and those that the title or the running text has before a line. certain: the title or two lines have
// one of these.
func (d *document) shared(s string, line, self int) (n, all int, certain bool) {
	words := d.readSubject()
	for _, w := range subjectWords(s) {
		all++
		lines := 0
		for _, m := range words[stemKey(w)] {
			if m.line < line && m.line != self && isForm(m.word, w) {
				lines++
				certain = certain || m.line < 0 || lines > 1
			}
		}
		n += min(lines, 1)
	}
	return n, all, certain
}

// isReport reports whether a paragraph is certain to be the article's: it has a word of those before it, begins with
// what someone said, or ends with a signature in brackets.
func (d *document) isReport(k int) bool {
	s := d.lines[k].text
	first, _ := utf8.DecodeRuneInString(s)
	n, _, _ := d.shared(s, k, k)
	signed := strings.HasSuffix(s, ")") && len(s)-strings.LastIndexByte(s, '(') < 20
	return n > 0 || signed || strings.ContainsRune("\"“„«»'‘", first)
}

// subjectWords returns the words of a text that not every text has: those of four letters or more, and each two signs of a script
// without spaces.
func subjectWords(s string) (out []string) {
	for _, w := range text.Words(s) {
		r, size := utf8.DecodeRuneInString(w)
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			for i := size; i < len(w); i += size {
				from := i - size
				_, size = utf8.DecodeRuneInString(w[i:])
				out = append(out, w[from:i+size])
			}
		case utf8.RuneCountInString(w) >= stemLetters && !commonWords()[w] && !text.StopWord(w) && !unicode.IsDigit(r):
			out = append(out, w)
		}
	}
	return out
}

// stemKey returns the first letters of a word.
func stemKey(w string) string {
	n := 0
	for i := range w {
		if n == stemLetters {
			return w[:i]
		}
		n++
	}
	return w
}

// isForm reports whether two words can be forms of one: they differ in a short end.
func isForm(a, b string) bool {
	if a == b {
		return true
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) {
		i--
	}
	isEnd := func(s string) bool { return utf8.RuneCountInString(s) <= endLetters }
	return utf8.RuneCountInString(a[:i]) >= stemLetters && isEnd(a[i:]) && isEnd(b[i:])
}

// isNotice reports whether a text is a notice of the house: outside quotation marks it addresses the reader or says what comes next.
func isNotice(s string) bool {
	words := text.Words(unquoted(s))
	for i, w := range words {
		if noticeWords()[w] || i > 0 && noticeWords()[words[i-1]+" "+w] {
			return true
		}
	}
	return false
}

// isTeaser reports whether a text is a notice, or begins with a label.
func isTeaser(s string) bool { return isNotice(s) || isLeadIn(s) }

// withoutCredit returns a caption up to the credit in it: a bracket, a sign or a label.
func withoutCredit(s string) string {
	if i := strings.IndexAny(s, "(©"); i >= 0 {
		s = s[:i]
	}
	for i, w := 0, ""; i < len(s); i += len(w) + 1 {
		w, _, _ = strings.Cut(s[i:], " ")
		if pictureWords()[strings.TrimRight(text.Fold(w), ":.")] {
			return s[:i]
		}
	}
	return s
}

// isLeadIn reports whether a text begins with a label of a few words.
func isLeadIn(s string) bool {
	label, rest, ok := strings.Cut(s, ":")
	return ok && rest != "" && strings.HasPrefix(rest, " ") && len(strings.Fields(label)) <= 4
}

// unquoted returns a text without what is between quotation marks in it.
func unquoted(s string) string {
	var b strings.Builder
	quoted := false
	for _, r := range s {
		switch r {
		case '"', '“', '”', '„', '«', '»':
			quoted = !quoted
			b.WriteByte(' ')
		default:
			if !quoted {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

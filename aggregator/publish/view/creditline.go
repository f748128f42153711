package view

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// span is a stretch of the credit line; url links it, where there is one.
type span struct{ text, url string }

// line is a credit line, as far as it is written.
type line []span

// CreditLine returns the credit line as text in the words of lang, BCP 47; empty: those of the entry's language.
func (c *Entry) CreditLine(lang string) string {
	v := *c
	if lang != "" {
		v.words = WordsFor(lang)
	}
	return v.CreditLineText()
}

// CreditLineText returns the credit line as text, in the words of the entry's language.
func (c *Entry) CreditLineText() string {
	var b strings.Builder
	for _, s := range c.credit() {
		b.WriteString(s.text)
	}
	return b.String()
}

// CreditLineHTML returns the content of the credit line's paragraph, with the names as links.
func (c *Entry) CreditLineHTML() string { return linked(c.credit()) }

// CreditRestHTML returns what of the credit line is not about the originator and the dateline: persons, photos, carriers. It may be empty.
func (c *Entry) CreditRestHTML() string {
	rest := c.creditRest(make(line, 0, 8))
	if len(rest) > 0 {
		r, size := utf8.DecodeRuneInString(rest[0].text)
		rest[0].text = string(unicode.ToUpper(r)) + rest[0].text[size:]
	}
	return linked(rest)
}

// Originators returns whose report it is, in the order printed.
func (c *Entry) Originators() []Party { return append([]Party{c.Agency}, c.Joint...) }

// And is the word between two originators.
func (c *Entry) And() string { return c.words.and }

// Place returns the place of the dateline as the credit line names it; empty: none is printed.
func (c *Entry) Place() string {
	if d := c.Item.Credits.Dateline; d != nil {
		return PlaceName(OneLine(d.Place))
	}
	return ""
}

// DatelineDay returns the day of the dateline in the words of the entry's language, such as `17 May`; empty: none is printed.
func (c *Entry) DatelineDay() string {
	if d := c.Item.Credits.Dateline; d != nil && 1 <= d.Month && d.Month <= 12 && 1 <= d.Day && d.Day <= 31 {
		return c.words.monthDay(d.Month, d.Day)
	}
	return ""
}

// Publishers returns the names of those who published it, the source of the entry first, then others in the order of the alphabet.
func (c *Entry) Publishers() []string {
	all := []string{c.Publisher.Name}
	if c.Via && slices.ContainsFunc(c.Copies, func(o Copy) bool { return o.Original }) {
		all = append(all, c.Agency.Name)
	}
	for _, o := range c.carriers() {
		all = append(all, o.Name)
	}
	return all
}

// linked writes spans as HTML.
func linked(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		t := html.EscapeString(s.text)
		if strings.ContainsFunc(t, rightToLeft) { // else it turns what is beside it
			t = "<bdi>" + t + "</bdi>"
		}
		if s.url != "" {
			t = `<a href="` + html.EscapeString(s.url) + `">` + t + `</a>`
		}
		b.WriteString(t)
	}
	return b.String()
}

// rightToLeft reports whether a character is written from right to left.
func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana)
}

// credit returns the credit line (design: `AGENCY[, Place][, D Month][, by Persons]. [Photo: LINE.]
// [Via CARRIER.] [Also carried by: A, B.]`).
func (c *Entry) credit() line {
	all := make(line, 0, 16) // a line seldom has more
	if c.Agency.Name != "" {
		all.add("", "", span{c.Agency.Name, c.AgencyLink})
		for i, who := range c.Joint {
			separator := ", "
			if i == len(c.Joint)-1 {
				separator = " " + c.words.and + " "
			}
			all.add(separator, "", span{who.Name, who.Site})
		}
	}
	for _, part := range []string{c.Place(), c.DatelineDay()} {
		if part != "" {
			all.add(", ", part)
		}
	}
	return c.creditRest(all)
}

// creditRest appends what follows the originator and the dateline.
func (c *Entry) creditRest(all line) line {
	for i, who := range c.Byline {
		if i == 0 {
			all.add(", ", c.words.by(len(c.Byline))+" ", span{who.Name, who.Site})
		} else {
			all.add(", ", "", span{who.Name, who.Site})
		}
	}
	all.stop()
	if lines := PhotoLines(c.Photos); len(lines) > 0 {
		all.add(" ", c.words.photo+" "+strings.Join(lines, "; "))
		all.stop()
	}
	if c.Via {
		all.add(" ", c.words.via+" ", span{c.Publisher.Name, cmp.Or(c.Link, c.Publisher.Site)})
		all.stop()
	}
	for i, o := range c.carriers() {
		if i == 0 {
			all.add(" ", c.words.carried+" ", span{o.Name, cmp.Or(o.Link, o.Site)})
		} else {
			all.add(", ", "", span{o.Name, cmp.Or(o.Link, o.Site)})
		}
	}
	all.stop()
	return all
}

// add appends the next part, without its separator where it is the first.
func (l *line) add(separator, word string, part ...span) {
	if len(*l) == 0 {
		separator = ""
	}
	if separator+word != "" {
		*l = append(*l, span{text: separator + word})
	}
	*l = append(*l, part...)
}

// stop ends a sentence, unless what was printed ends it or there is nothing.
func (l *line) stop() {
	if n := len(*l); n > 0 && !strings.HasSuffix((*l)[n-1].text, ".") {
		*l = append(*l, span{text: "."})
	}
}

// carriers returns the copies of everybody but the originator and the publisher, one for each name, in the
// order of the alphabet.
func (c *Entry) carriers() []Copy {
	var all []Copy
	known := []Party{c.Agency, c.Publisher}
	for _, o := range c.Copies {
		if n := len(known); len(add(known, o.Party)) > n {
			known = append(known, o.Party)
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b Copy) int {
		return cmp.Or(cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// PhotoLines returns the credit lines of the photos as printed, each once.
func PhotoLines(photos []news.Photo) []string {
	var lines []string
	for _, ph := range photos {
		if l := ph.Line; l != "" && !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	return lines
}

// PlaceName writes a place that is all in capitals in title case: MOSCOW as Moscow, РОСТОВ-НА-ДОНУ as
// Ростов-на-Дону. Words of one or two capitals and those with full stops are taken for abbreviations.
func PlaceName(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		size := strings.IndexFunc(s[i:], func(r rune) bool { return strings.ContainsRune(" -/,(", r) })
		if size < 0 {
			size = len(s) - i
		}
		b.WriteString(placeWord(s[i:i+size], i == 0))
		i += size
		if i < len(s) {
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

func placeWord(w string, opens bool) string {
	lower := strings.ToLower(w)
	switch {
	case !opens && slices.Contains(particles, lower):
		return lower
	case utf8.RuneCountInString(w) <= 2, strings.Contains(w, "."):
		return w
	}
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToTitle(r)) + strings.ToLower(w[size:])
}

var particles = []string{
	"of", "the", "and", "on", "upon", "in", "de", "del", "la", "le", "les", "du", "sur", "am", "an", "der",
	"и", "на", "в", "по", "под", "при",
}

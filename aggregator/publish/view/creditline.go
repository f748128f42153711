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
func (c *Entry) CreditLineHTML() string {
	var b strings.Builder
	for _, s := range c.credit() {
		if s.url == "" {
			b.WriteString(html.EscapeString(s.text))
			continue
		}
		b.WriteString(`<a href="` + html.EscapeString(s.url) + `">` + html.EscapeString(s.text) + `</a>`)
	}
	return b.String()
}

// credit returns the credit line (design: `AGENCY[, Place][, D Month][, by Persons]. [Photo: LINE.]
// [Via CARRIER.] [Also carried by: A, B.]`).
func (c *Entry) credit() []span {
	all := make([]span, 0, 16) // a line seldom has more
	// after appends the next part, without its separator where it is the first.
	after := func(separator, word string, part ...span) {
		if len(all) == 0 {
			separator = ""
		}
		if separator+word != "" {
			all = append(all, span{text: separator + word})
		}
		all = append(all, part...)
	}
	if c.Agency.Name != "" {
		after("", "", span{c.Agency.Name, c.AgencyLink})
		for i, who := range c.Joint {
			separator := ", "
			if i == len(c.Joint)-1 {
				separator = " " + c.words.and + " "
			}
			after(separator, "", span{who.Name, who.Site})
		}
	}
	if d := c.Item.Credits.Dateline; d != nil {
		if place := placeName(OneLine(d.Place)); place != "" {
			after(", ", place)
		}
		if 1 <= d.Month && d.Month <= 12 && 1 <= d.Day && d.Day <= 31 {
			after(", ", c.words.monthDay(d.Month, d.Day))
		}
	}
	for i, who := range c.Byline {
		if i == 0 {
			after(", ", c.words.by(len(c.Byline))+" ", span{who.Name, who.Site})
		} else {
			after(", ", "", span{who.Name, who.Site})
		}
	}
	all = stop(all)
	if lines := PhotoLines(c.Photos); len(lines) > 0 {
		after(" ", c.words.photo+" "+strings.Join(lines, "; "))
		all = stop(all)
	}
	if c.Via {
		after(" ", c.words.via+" ", span{c.Publisher.Name, cmp.Or(c.Link, c.Publisher.Site)})
		all = stop(all)
	}
	for i, o := range c.carriers() {
		if i == 0 {
			after(" ", c.words.carried+" ", span{o.Name, cmp.Or(o.Link, o.Site)})
		} else {
			after(", ", "", span{o.Name, cmp.Or(o.Link, o.Site)})
		}
	}
	return stop(all)
}

// stop ends a sentence, unless what was printed ends it or there is nothing.
func stop(all []span) []span {
	if len(all) == 0 || strings.HasSuffix(all[len(all)-1].text, ".") {
		return all
	}
	return append(all, span{text: "."})
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

// placeName writes a place that is all in capitals in title case: MOSCOW as Moscow, РОСТОВ-НА-ДОНУ as
// Ростов-на-Дону. Words of one or two capitals and those with full stops are taken for abbreviations.
func placeName(s string) string {
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

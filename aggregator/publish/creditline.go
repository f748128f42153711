package publish

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

// creditLineIn returns the credit line as text in the words of lang, BCP 47; empty: those of the entry's language.
func (c *entryView) creditLineIn(lang string) string {
	v := *c
	if lang != "" {
		v.words = wordsFor(lang)
	}
	return v.creditLineText()
}

func (c *entryView) creditLineText() string {
	var b strings.Builder
	for _, s := range c.credit() {
		b.WriteString(s.text)
	}
	return b.String()
}

// creditLineHTML returns the content of the credit line's paragraph, with the names as links.
func (c *entryView) creditLineHTML() string {
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
func (c *entryView) credit() []span {
	all := make([]span, 0, 16) // a line seldom has more
	// after begins the next part: behind what is there already, and bare where there is nothing.
	after := func(separator, word string, part ...span) {
		if len(all) == 0 {
			separator = ""
		}
		if separator+word != "" {
			all = append(all, span{text: separator + word})
		}
		all = append(all, part...)
	}
	if c.agency.name != "" {
		after("", "", span{c.agency.name, c.agencyLink})
		for i, who := range c.joint {
			separator := ", "
			if i == len(c.joint)-1 {
				separator = " " + c.words.and + " "
			}
			after(separator, "", span{who.name, who.site})
		}
	}
	if d := c.it.Credits.Dateline; d != nil {
		if place := placeName(oneLine(d.Place)); place != "" {
			after(", ", place)
		}
		if 1 <= d.Month && d.Month <= 12 && 1 <= d.Day && d.Day <= 31 {
			after(", ", c.words.monthDay(d.Month, d.Day))
		}
	}
	for i, who := range c.byline {
		if i == 0 {
			after(", ", c.words.by(len(c.byline))+" ", span{who.name, who.site})
		} else {
			after(", ", "", span{who.name, who.site})
		}
	}
	all = stop(all)
	if lines := photoLines(c.photos); len(lines) > 0 {
		after(" ", c.words.photo+" "+strings.Join(lines, "; "))
		all = stop(all)
	}
	if c.via {
		after(" ", c.words.via+" ", span{c.publisher.name, cmp.Or(c.link, c.publisher.site)})
		all = stop(all)
	}
	for i, o := range c.carriers() {
		if i == 0 {
			after(" ", c.words.carried+" ", span{o.name, cmp.Or(o.link, o.site)})
		} else {
			after(", ", "", span{o.name, cmp.Or(o.link, o.site)})
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
func (c *entryView) carriers() []copied {
	var all []copied
	known := []party{c.agency, c.publisher}
	for _, o := range c.copies {
		if n := len(known); len(add(known, o.party)) > n {
			known = append(known, o.party)
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b copied) int {
		return cmp.Or(cmp.Compare(text.Fold(a.name), text.Fold(b.name)), cmp.Compare(a.name, b.name))
	})
	return all
}

// photoLines returns the credit lines of the photos as printed, each once.
func photoLines(photos []news.Photo) []string {
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

package view

import (
	"slices"
	"strings"
)

// NamedTitle returns the title behind the name of the originator, so that a list of entries shows it: `BelTA: headline`, of a correction
// `BelTA, corrected: headline`, in the words of the entry's language. A title that begins so already is returned as it is.
func (c *Entry) NamedTitle() string {
	who, title := c.Agency.Name, c.Title
	if who == "" {
		return title
	}
	if c.Corrected() {
		who = Fill(c.words.correctedBy, "who", who)
		title = Unmarked(title, OneLine(c.Item.Credits.Marker))
	}
	before, _, _ := strings.Cut(title, ":")
	if same(Party{Name: before}, Party{Name: who}) {
		return title
	}
	if headline, ok := strings.CutPrefix(title, c.Agency.Name+": "); ok {
		return who + ": " + headline
	}
	return who + ": " + title
}

// Unmarked returns a title without the mark of a correction at its head, which the words before it say again: `CORRECTED: Rain`,
// `(Corrected) Rain`, `CORRECTED - Rain`. Without a headline behind the mark the title is returned as it is.
func Unmarked(title, marker string) string {
	rest, ok := strings.CutPrefix(strings.TrimLeft(title, "(["), marker)
	if !ok {
		return title
	}
	headline := strings.TrimLeft(rest, ")]:-–— ")
	if headline == "" || headline == rest {
		return title
	}
	return headline
}

// Corrected reports whether a revision brought the mark that calls it a correction.
func (c *Entry) Corrected() bool {
	return OneLine(c.Item.Credits.Marker) != "" && !c.Item.Corrected.IsZero()
}

// People returns the authors and contributors of the entry where the originator is to be the author: the persons who wrote it are
// contributors then. Without persons it is what [Entry.Authors] and Contributors say.
func (c *Entry) People() (authors, contributors []Party) {
	authors = []Party{c.Agency}
	all := slices.Clone(authors)
	for _, who := range slices.Concat(c.Byline, c.Contributors) {
		all = add(all, who)
	}
	return authors, all[1:]
}

package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// roles are the landmark roles of furniture (WAI-ARIA).
var roles = map[string]bool{"navigation": true, "complementary": true, "contentinfo": true, "search": true, "banner": true,
	"dialog": true, "menu": true, "menubar": true, "alert": true}

// otherTypes are the types of schema.org of what is no part of an article.
var otherTypes = map[string]bool{"Comment": true, "Review": true, "Product": true, "Offer": true, "VideoObject": true, "AudioObject": true,
	"PodcastEpisode": true, "ItemList": true, "BreadcrumbList": true, "SiteNavigationElement": true, "WPSideBar": true, "WPFooter": true,
	"Book": true, "Audiobook": true, "Movie": true, "Play": true, "TVSeries": true, "TVEpisode": true, "MusicAlbum": true,
	"MusicRecording": true, "VideoGame": true, "TheaterEvent": true, "Quotation": true}

// otherProps are the properties of schema.org by which an article names another thing: what it reviews, is about or cites.
var otherProps = map[string]bool{"itemreviewed": true, "about": true, "mentions": true, "citation": true, "isbasedon": true,
	"comment": true, "review": true, "reviews": true}

// isOther reports whether an element says of itself that it is something else, or a picture that is not in it.
func (d *document) isOther(i int32) bool {
	t := d.nodes[i].a.itemtype
	t = t[strings.LastIndexByte(t, '/')+1:]
	return otherTypes[t] || t == "ImageObject" && !d.hasImage(i)
}

// isFurniture reports whether an element is no part of an article. What holds the heading of the article, and the page as a whole, is
// never furniture by its name alone.
func (d *document) isFurniture(i int32) bool {
	n := &d.nodes[i]
	if n.trait&hard != 0 {
		return true
	}
	if n.a == nil || n.tag == atom.Html || n.tag == atom.Body || n.tag == atom.Main {
		return false
	}
	if d.heading > 0 && d.inside(d.heading, i) {
		return false
	}
	return n.a.hidden || n.a.itemtype != "" && d.isOther(i) || n.a.itemprop != "" && otherProps[strings.ToLower(n.a.itemprop)] ||
		roles[n.a.role] || (n.a.words | n.a.idWords).has(furnitureWord)
}

// maxWork is how long the text of an element is that is one work or one quotation, in bytes.
const maxWork = 600

// isOthers reports whether an element is a quotation, or by its class a work such as a book, so that its author is not the article's.
func (d *document) isOthers(i int32) bool {
	n := &d.nodes[i]
	switch n.tag {
	case atom.Blockquote, atom.Q, atom.Figure:
		return true
	}
	return n.a != nil && n.a.words.has(workWord) && !isByline(n) && !(d.heading > 0 && d.inside(d.heading, i)) &&
		len(d.textOf(i)) <= maxWork
}

// isByline reports whether an element is marked as the author's name.
func isByline(n *node) bool {
	return n.a.rel == "author" || strings.EqualFold(n.a.itemprop, "author") || n.a.words.has(bylineWord)
}

// looksLikeName reports whether s has the form of the name of one person: two to four words that begin with capitals, no figure, no
// sign but hyphens, full stops and apostrophes.
func looksLikeName(s string) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		first, size := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) || size == len(w) {
			return false
		}
		for _, r := range w {
			if !unicode.IsLetter(r) && !strings.ContainsRune("-.'’", r) && !unicode.Is(unicode.Mn, r) {
				return false
			}
		}
		n++
	}
	return n >= 2 && n <= 4
}

// nameOf returns the name in the text of an element that is marked as the author's: all of it, or what is behind a label and a colon,
// where letters that have no capitals count too; "": there is none.
func nameOf(s string) string {
	if article, name, ok := strings.Cut(s, " "); ok && genitives[text.Fold(article)] {
		s = strings.TrimSpace(name)
	}
	label, name, ok := strings.Cut(s, ":")
	name = strings.TrimSpace(name)
	switch {
	case looksLikeName(s):
		return s
	case !ok || !authorLabels()[text.Fold(strings.TrimSpace(label))]:
		return ""
	case looksLikeName(name), isCaselessName(name):
		return name
	}
	return ""
}

// genitives are the articles by which a Greek byline says "of": "Της Μαρίας Νικολάου".
var genitives = map[string]bool{text.Fold("της"): true, text.Fold("του"): true}

// isCaselessName reports whether s is two to four words of letters without capitals, as Arabic and Hebrew have.
func isCaselessName(s string) bool {
	words := strings.Fields(s)
	return len(words) >= 2 && len(words) <= 4 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.Arabic, unicode.Hebrew) && r != ' ' || unicode.IsPunct(r) || unicode.IsDigit(r)
	})
}

// IsPost reports whether a name has the word of a post, a department or a firm in it, or names what someone owns.
func IsPost(name string) bool {
	for sign := range newsroomSigns() {
		if strings.Contains(name, sign) {
			return true
		}
	}
	return strings.Contains(name, "'s ") || strings.Contains(name, "’s ") ||
		slices.ContainsFunc(text.Words(text.Fold(name)), func(w string) bool { return postWords()[w] || outletWords()[w] || isPaperWord(w) })
}

// isPaperWord reports whether a word is compound and ends as the names of newspapers do: "Avondblad", "Landzeitung".
func isPaperWord(w string) bool {
	return slices.ContainsFunc(paperEndings, func(end string) bool { return len(w) > len(end)+2 && strings.HasSuffix(w, end) })
}

var paperEndings = []string{"blad", "bladet", "blatt", "zeitung", "tidning", "tidningen", "krant", "nachrichten", "anzeiger", "avisen"}

// IsPosts reports whether a text consists of words of posts, departments and firms: "Social media".
func IsPosts(s string) bool {
	return !slices.ContainsFunc(text.Words(text.Fold(s)), func(w string) bool { return !postWords()[w] })
}

// AreNames reports whether s has the form of the names of one person or more, parted by commas or "and", without
// the word of a post or a firm.
func AreNames(s string) bool {
	for name := range strings.SplitSeq(namesJoined.Replace(s), ",") {
		if !looksLikeName(name) || IsPost(name) {
			return false
		}
	}
	return true
}

// namesJoined writes a comma for what parts two names.
var namesJoined = strings.NewReplacer(";", ",", " & ", ",", " and ", ",", " и ", ",", " und ", ",", " et ", ",", " y ", ",", " e ", ",",
	" i ", ",")

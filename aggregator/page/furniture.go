package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// roles are the landmark roles of furniture (WAI-ARIA).
var roles = map[string]bool{"navigation": true, "complementary": true, "contentinfo": true, "search": true, "banner": true,
	"dialog": true, "menu": true, "menubar": true, "alert": true}

// furnitureWords are words of the class or id of an element that is no part of an article.
var furnitureWords = words("nav navbar navigation menu breadcrumb breadcrumbs sidebar related relatednews recommend recommended " +
	"recommendations promo promoted sponsored sponsor partner advertorial advert advertisement ad ads adv banner footer newsletter " +
	"subscribe subscription share sharing social " +
	"comments comment disqus teaser teasers widget popular trending latest recent readmore outbrain taboola cookie cookies consent " +
	"weather ticker tags pagination modal popup login signup mostread mustread morenews moreover seealso lenta carousel " +
	// advertising, comments, what is read next and what is said of the author, in other languages
	"reklama reklamo werbung anzeige anzeigen publicidad publicidade publicite pubblicita reklam kommentare kommentar kommentarer " +
	"kommentarze komentarze komentare komentari commentaires comentarios commenti opinie otzyvy kommentarii onward embed " +
	"bio chitayte podobne powiazane verwandt zobacz")

// figureWords are words of the class of an element that is a picture with what is said of it.
var figureWords = words("photo image picture media gallery slide slider foto img figure illustration thumbnail bild")

// creditWords are words of the class of an element with the credit of a picture.
var creditWords = words("credit credits copyright photographer source author autor byline attribution rights quelle photoby fotograf " +
	"fotografo authorship")

// bylineWords are words of the class of an element with the name of the author.
var bylineWords = words("author authors byline autor autore auteur reporter journalist")

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// hasWord reports whether a class or an id has one of words between its hyphens, underscores and changes of case.
func hasWord(value string, words map[string]bool) bool {
	for i := 0; i < len(value); {
		if !isLetter(value[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(value) && isLetter(value[j]) && (isLower(value[j]) || !isLower(value[j-1])) {
			j++
		}
		if words[strings.ToLower(value[i:j])] {
			return true
		}
		i = j
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

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
	return n.a.hidden || roles[n.a.role] || hasWord(n.a.class, furnitureWords) || hasWord(n.a.id, furnitureWords)
}

// isByline reports whether an element is marked as the author's name.
func isByline(n *node) bool {
	return n.a.rel == "author" || strings.EqualFold(n.a.itemprop, "author") || hasWord(n.a.class, bylineWords)
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

// AreNames reports whether s has the form of the names of one person or more, parted by commas or "and".
func AreNames(s string) bool {
	s = strings.NewReplacer(";", ",", " & ", ",", " and ", ",", " и ", ",", " und ", ",", " et ", ",", " y ", ",", " e ", ",", " i ", ",").Replace(s)
	for name := range strings.SplitSeq(s, ",") {
		if !looksLikeName(name) {
			return false
		}
	}
	return true
}

package page

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"dateline/aggregator/text"
)

// Names of the house. Many systems name the newspaper as the author of a piece, in ld+json even as a Person.

// maxOwnNames is how many names of the house are kept.
const maxOwnNames = 8

// ownNames returns the names by which a page calls its site, folded: of its head and ld+json, in the alternative text of a picture that
// is a link above the heading, and behind the © of a footer.
func (d *document) ownNames(publisher string) (names []string) {
	for _, s := range append([]string{d.head.site, publisher, d.head.paper(), strings.TrimPrefix(d.head.account, "@")}, d.sites...) {
		if s = text.Fold(text.Line(s)); s != "" {
			names = append(names, s)
		}
	}
	for i := int32(1); i < int32(len(d.nodes)) && len(names) < maxOwnNames; i++ {
		switch n := &d.nodes[i]; {
		case n.tag == atom.Img && i < d.heading && n.to != 0 && n.a != nil && n.a.own != nil:
			if s := text.Fold(text.Line(n.a.alt)); s != "" {
				names = append(names, strings.TrimSuffix(s, " logo"))
			}
		case n.tag == atom.Footer && i >= d.found.end, n.a != nil && n.a.role == "contentinfo" && i >= d.found.end:
			if s := ownerOf(d.textOf(i)); s != "" {
				names = append(names, s)
			}
			i = n.end - 1
		}
	}
	return names
}

// ownerOf returns what follows the © of a notice of rights, and its year, folded; "": there is none.
func ownerOf(s string) string {
	_, owner, _ := strings.Cut(s, "©")
	return strings.TrimLeftFunc(text.Fold(text.Line(owner)), func(r rune) bool { return !unicode.IsLetter(r) })
}

// IsHouse reports whether a name is that of the house: of the site or its publisher, or the name of the host without its spaces, or an
// article and one word, as no person is called: "La Garonne".
func (a Article) IsHouse(name string) bool {
	first, rest, _ := strings.Cut(text.Fold(text.Line(name)), " ")
	return houseArticles[first] && rest != "" && !strings.Contains(rest, " ") || isHouse(name, a.House, a.Canonical)
}

// houseArticles are words with which the name of a newspaper begins, and no name of two words of a person.
var houseArticles = map[string]bool{"the": true, "der": true, "die": true, "das": true, "la": true, "les": true, "el": true, "los": true,
	"las": true, "il": true, "het": true}

// isHouse reports whether a name is one of those of the house, or one of these begins with it and goes on with a word of a firm, or it is
// the host's of an address as one word.
func isHouse(name string, own []string, addresses ...string) bool {
	f := text.Fold(text.Line(name))
	if f == "" {
		return false
	}
	joined := plainLetters(f)
	for _, o := range own {
		if joined != "" && plainLetters(o) == joined {
			return true
		}
		rest, ok := strings.CutPrefix(o, f)
		if next, _, _ := strings.Cut(strings.TrimSpace(rest), " "); ok && (rest == "" || !isLetterAt(rest) &&
			(!unicode.IsLetter(firstLetter(next)) || IsPost(next) || rightsWords()[strings.Trim(next, ".,")])) {
			return true
		}
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		for label := range strings.SplitSeq(u.Hostname(), ".") {
			if len(label) > 3 && strings.ReplaceAll(label, "-", "") == joined {
				return true
			}
		}
	}
	return false
}

func firstLetter(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func isLetterAt(s string) bool { return unicode.IsLetter(firstLetter(s)) }

// plainLetters returns the letters of a folded name without accents and spaces, as a host has them.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ı':
			return 'i'
		case r == 'ø':
			return 'o'
		case r == 'ł':
			return 'l'
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

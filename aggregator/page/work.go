package page

import (
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// What says that a name in the form of a byline is that of the author of a work, or a saying: "By Adrian Mole" above "Dyke Press, 240 pp.,
// $24", "Von Richard Wagner. Regie: Ann Lee", "By Popular Demand".

// HasStageLabel reports whether what follows a name in its line says who staged, set to music or adapted what the one who is named wrote.
func HasStageLabel(rest string) bool {
	for part := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune(".,;|/()", r) }) {
		part = strings.TrimSpace(part)
		label, _, ok := strings.Cut(part, ":")
		words := text.Words(text.Fold(label))
		if i := slices.IndexFunc(words, func(w string) bool { return byWords[w] }); !ok && i >= 0 {
			words = words[:i]
		} else if !ok && (len(words) != 1 || !strings.Contains(rest, "("+part+")")) {
			continue
		}
		if slices.ContainsFunc(words, func(w string) bool { return stageWords()[w] }) {
			return true
		}
	}
	return false
}

// maxShow is the length of the longest line that says until when a work is shown, in bytes.
const maxShow = 60

// maxEdition is the length of the longest line that says where a work is to be had, in bytes.
const maxEdition = 160

// IsEdition reports whether a line says where a work is to be had: with its pages, its price, or a house that plays it.
func IsEdition(line string) bool {
	if len(line) > maxEdition {
		return false
	}
	if i := strings.IndexAny(line, "$€£"); i >= 0 && (strings.ContainsRune(line, ',') || len(line) < 20) {
		return true
	}
	words := text.Words(text.Fold(line))
	for i, w := range words {
		pages := i > 0 && pageWords()[w] && isFigure(words[i-1])
		ends := i > 0 && len(line) <= maxShow && untilWords()[w] && i+1 < len(words) && isFigure(words[i+1])
		if pages || ends || w == "isbn" || isVenue(w, i) && strings.Contains(line, ",") {
			return true
		}
	}
	return false
}

func isFigure(w string) bool { return strings.Trim(w, "0123456789") == "" }

// isVenue reports whether word i of a line is that of a house in which works are played, or is compound with one: "Burgtheater".
func isVenue(w string, i int) bool {
	return i > 0 && venueWords()[w] || len(w) > 8 && (strings.HasSuffix(w, "theater") || strings.HasSuffix(w, "theatre"))
}

// IsWork reports whether a line is of the box of a work, which says who published, staged or translated it and where it is to be had.
func IsWork(line string) bool {
	if len(line) > maxEdition || IsEdition(line) || HasStageLabel(line) {
		return len(line) <= maxEdition
	}
	words := text.Words(text.Fold(line))
	if label, _, ok := strings.Cut(line, ":"); ok {
		words = text.Words(text.Fold(label))
		return slices.ContainsFunc(words, func(w string) bool { return imprintWords()[w] })
	}
	return len(words) > 0 && len(words) < 4 && bookHouses()[words[0]]
}

// IsSaying reports whether a name has a word that no name has, or begins and ends with the same word round one in small letters: "Popular
// Demand", "Tür zu Tür".
func IsSaying(name string) bool {
	fields := strings.Fields(name)
	if n := len(fields); n == 3 && fields[0] == fields[2] && strings.ToLower(fields[1]) == fields[1] {
		return true
	}
	return slices.ContainsFunc(text.Words(text.Fold(name)), func(w string) bool { return sayingWords()[w] })
}

// IsClause reports whether a line goes on with a verb behind its first word: "Getty Images is the only supplier".
func IsClause(line string) bool {
	for i, w := range strings.Fields(line) {
		if i > 0 && clauseWords()[w] {
			return true
		}
	}
	return false
}

// IsCrew reports whether a label is that of one who took the pictures of a film as well as of a photographer.
func IsCrew(label string) bool {
	return slices.ContainsFunc(text.Words(text.Fold(label)), func(w string) bool { return crewWords()[w] })
}

// openingArticles are words before what is on a picture.
var openingArticles = map[string]bool{"the": true, "le": true, "la": true, "el": true, "il": true, "der": true, "die": true, "das": true}

// IsSubject reports whether the line of a photo begins with what is on it or made it rather than with a name: "Mayor Ann Lee", "Lake Erie",
// "Nikon D850".
func IsSubject(line string) bool {
	words := text.Words(text.Fold(line))
	if len(words) == 3 && openingArticles[words[0]] {
		words = words[1:]
	}
	isThing := func(w string) bool { return thingWords()[w] }
	return len(words) > 1 && subjectTitles()[words[0]] || len(words) == 2 && slices.ContainsFunc(words, isThing) ||
		len(words) == 1 && words[0] == "midjourney"
}

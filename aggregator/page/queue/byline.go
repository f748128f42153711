package queue

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// Names in the line of a byline that are no author's: the place, the desk or the post behind the author, who made a work that the
// article is about, and the words of a saying.

// dropFromBylines removes such names from the byline.
func dropFromBylines(r *attribute.Registry, res *attribute.Result, art page.Article, read string) {
	lists := listsOf(res.Credits.Byline, read)
	none := func(c news.Credit) bool {
		if c.Role != news.Byline || c.Agency != "" {
			return false
		}
		if page.IsSaying(c.Name) || isOwnName(c.Name, art) || isInHead(art, c.Name, page.Organization) {
			return true
		}
		if c.Evidence.Field != "text" || isInHead(art, c.Name, page.Person, page.Visible) {
			return false
		}
		start, line := lineAt(read, c.Evidence.Start)
		next, _, _ := strings.Cut(read[min(start+len(line)+1, len(read)):], "\n")
		if c.Evidence.Rule == "byline-line" || c.Evidence.Rule == "byline-sentence" {
			if page.HasStageLabel(line[min(c.Evidence.End-start, len(line)):]) || page.IsEdition(next) || isVenue(r, next) {
				return true
			}
		}
		if isInBox(read, start, len(line)) || isImprint(r, next, art) || namesTwo(c.Name) {
			return true
		}
		return slices.Contains(lists, c.Evidence.Start) && !attribute.HasGivenName(c.Name)
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, none)
	res.Evidence = slices.DeleteFunc(res.Evidence, none)
}

// isVenue reports whether a line is the name of a house and its town, which follow who wrote the play that is reviewed: "Royal Court,
// London". A post, an agency or a person can precede a town as well.
func isVenue(r *attribute.Registry, line string) bool {
	house, town, ok := strings.Cut(line, ", ")
	if !ok || len(line) > maxVenue || page.IsPost(house) || attribute.HasGivenName(house) || !isCapital(house) {
		return false
	}
	_, known := r.Lookup(house)
	town, _, _ = strings.Cut(strings.TrimRight(town, "."), ",")
	return !known && attribute.IsCity(town) && !attribute.IsPlace(house)
}

const maxVenue = 60 // bytes

// isImprint reports whether a line is the name of a publisher of books that ends with a word of such: "Dyke Press".
func isImprint(r *attribute.Registry, line string, art page.Article) bool {
	words := strings.Fields(line)
	if _, known := r.Lookup(line); known || len(words) != 2 || isOwnName(line, art) {
		return false
	}
	return imprints[words[1]] && isCapital(line)
}

// imprints are last words of the names of publishers of books.
var imprints = map[string]bool{"Press": true, "Books": true, "Verlag": true, "Publishing": true, "Publishers": true}

// isCapital reports whether a text begins with a capital and has no figure.
func isCapital(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(first) && !strings.ContainsFunc(s, unicode.IsDigit)
}

// namesTwo reports whether a name has that of another behind a small word which no name has there: "Ute Klee zu Jan Moll".
func namesTwo(name string) bool {
	words := strings.Fields(name)
	for i := 2; i+2 < len(words); i++ {
		if aboutWords[words[i]] {
			return true
		}
	}
	return false
}

var aboutWords = map[string]bool{"zu": true, "über": true, "auf": true, "mit": true, "on": true, "sur": true, "sobre": true, "om": true}

// maxBoxLines is how many lines of the box of a work are looked at above and below a name.
const maxBoxLines = 3

// maxBoxLine is the length of the longest line of a box that says none of this, such as its title, in bytes.
const maxBoxLine = 80

// isInBox reports whether a line of a text, at start and with n bytes, is in the box of a work: short lines beside it say who published or
// staged it, or where it is to be had.
func isInBox(read string, start, n int) bool {
	const most = (maxBoxLines + 1) * (maxEvent + 1) // bytes on one side; a line that this cuts is too long
	end := start + n
	above := strings.Split(read[max(start-most, 0):max(start-1, 0)], "\n")
	slices.Reverse(above)
	below := strings.Split(read[min(end+1, len(read)):min(end+most, len(read))], "\n")
	for _, side := range [][]string{above, below} {
		for _, line := range side[:min(len(side), maxBoxLines)] {
			if len(line) > maxEvent {
				break
			}
			if page.IsWork(line) {
				return true
			}
			if _, names, _ := strings.Cut(line, " "); len(line) > maxBoxLine || page.AreNames(names) {
				break // prose, or the work's author below the article's
			}
		}
	}
	return false
}

// listsOf returns where the names of a byline are that are behind another one and a comma or a bar, in a list with no "and" behind them.
func listsOf(byline []news.Credit, read string) (starts []int) {
	byLine := map[int][]news.Evidence{}
	for _, c := range byline {
		if c.Evidence.Field == "text" {
			start, _ := lineAt(read, c.Evidence.Start)
			byLine[start] = append(byLine[start], c.Evidence)
		}
	}
	for _, names := range byLine {
		slices.SortFunc(names, func(a, b news.Evidence) int { return a.Start - b.Start })
		var list []int
		for i := 1; i < len(names); i++ {
			switch between := strings.TrimSpace(read[min(names[i-1].End, names[i].Start):names[i].Start]); {
			case strings.Trim(between, ",|·•-–— ") == "" && between != "":
				list = append(list, names[i].Start)
			case len(strings.Fields(between)) < 3:
				list = nil
			}
		}
		if rest, _, _ := strings.Cut(read[names[len(names)-1].End:], "\n"); !page.JoinsNames(rest) {
			starts = append(starts, list...)
		}
	}
	return starts
}

// firstOfList returns where the first name is of the list in which a name of a byline is.
func firstOfList(byline []news.Credit, read string, at int) int {
	for i := len(byline) - 1; i >= 0; i-- {
		ev := byline[i].Evidence
		if ev.Field != "text" || ev.End > at {
			continue
		}
		between := strings.TrimSpace(strings.TrimPrefix(read[ev.End:at], ","))
		if !strings.Contains(read[ev.End:at], "\n") && (between == "" || len(strings.Fields(between)) == 1 && page.JoinsNames(between)) {
			at = ev.Start
		}
	}
	return at
}

// isInHead reports whether the head or a mark of its own gives a name as an author's of one of some kinds.
func isInHead(art page.Article, name string, kinds ...page.AuthorKind) bool {
	return slices.ContainsFunc(art.Authors, func(a page.Author) bool {
		return slices.Contains(kinds, a.Kind) && text.Fold(a.Name) == text.Fold(name)
	})
}

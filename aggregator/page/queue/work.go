package queue

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// Names above the text that are no byline: the author of a work that is reviewed, and those of other pieces of a series.

// reviewer matches a line that names who reviews a work.
var reviewer = compiled(`(?m)^(?:Reviewed by|Review by|Review:|Recensione di|Critique de|Kritik:|Kritik von|Rezension:|` +
	`Rezension von|Рецензент:|Рецензия:|Reseña de|Recenzja:|Recenze:|Resenha de) *(.+)$`)

// card matches a line that names who published or staged a work.
var card = compiled(`(?m)^(?:Regie|Regia|Reżyseria|Режиссёр|Режиссер|Verlag|Издательство|Видавництво|Wydawnictwo|` +
	`Publisher|Éditeur|Editore|Nakladatelství):|, regia di |, réalisé par `)

// dropOthers removes the persons whom a line above the text names with a title behind a colon, as a list of a series does, and where the
// page is a review or its ld+json names persons as authors, those whom a line above the text names that has none of these and that is not
// marked as the author's.
func dropOthers(res *attribute.Result, art page.Article, body string, opening page.Span) {
	var authors []string
	for _, a := range art.Authors {
		at := strings.Index(art.Text, a.Name)
		isVisible := a.Kind == page.Visible && 0 <= at && at < art.Foot
		if (a.Kind == page.Person || isVisible) && page.AreNames(a.Name) && !isOwnName(a.Name, art) {
			authors = append(authors, text.Fold(a.Name))
		}
	}
	for _, m := range reviewer().FindAllStringSubmatch(body, -1) {
		if page.AreNames(strings.TrimRight(m[1], ". ")) {
			authors = append(authors, text.Fold(strings.TrimRight(m[1], ". ")))
		}
	}
	end := opening.End
	if end == 0 { // no paragraph is long enough to be running text for certain
		end = len(body)
	}
	isWork := card().MatchString(body[:min(end, len(body))])
	other := func(c news.Credit) bool {
		if c.Role != news.Byline || c.Agency != "" {
			return false
		}
		if isReviewed(c.Name, art) {
			return true
		}
		if c.Evidence.Field != "text" || isByline(c.Name, art) {
			return false
		}
		start, line := lineAt(body, c.Evidence.Start)
		if start+len(line) >= end {
			return false
		}
		_, rest, _ := strings.Cut(line[c.Evidence.Start-start:], c.Name)
		if title, ok := strings.CutPrefix(rest, ": "); ok && !page.IsPicture(title) {
			return true
		}
		folded := text.Fold(line)
		named := slices.ContainsFunc(authors, func(a string) bool { return strings.Contains(folded, a) })
		return (isWork || len(authors) > 0) && !named
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, other)
	res.Evidence = slices.DeleteFunc(res.Evidence, other)
}

// isReviewed reports whether a person made the work that the article reviews and is not called its author by the ld+json.
func isReviewed(name string, art page.Article) bool {
	words := strings.Fields(text.Fold(name))
	is := func(o string) bool { // with or without the names between the first and the last
		all := strings.Fields(text.Fold(o))
		return len(all) > 0 && len(words) > 0 && all[0] == words[0] && all[len(all)-1] == words[len(words)-1]
	}
	return slices.ContainsFunc(art.Reviewed, is) &&
		!slices.ContainsFunc(art.Authors, func(a page.Author) bool { return a.Kind == page.Person && is(a.Name) })
}

// isByline reports whether the page marks a name as the author's where it is.
func isByline(name string, art page.Article) bool {
	return slices.ContainsFunc(art.Authors, func(a page.Author) bool {
		return a.Kind == page.Visible && strings.Contains(text.Fold(a.Name), text.Fold(name))
	})
}

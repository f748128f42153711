package queue

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// Names in the line of a byline that are no author's: the place, the desk or the post behind the author, who made a work that the
// article is about, and the words of a saying.

// dropFromBylines removes such names from the byline.
func dropFromBylines(res *attribute.Result, art page.Article, read string) {
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
		if c.Evidence.Rule == "byline-line" || c.Evidence.Rule == "byline-sentence" {
			next, _, _ := strings.Cut(read[min(start+len(line)+1, len(read)):], "\n")
			if page.HasStageLabel(line[min(c.Evidence.End-start, len(line)):]) || page.IsEdition(next) {
				return true
			}
		}
		return slices.Contains(lists, c.Evidence.Start) && !attribute.HasGivenName(c.Name)
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, none)
	res.Evidence = slices.DeleteFunc(res.Evidence, none)
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

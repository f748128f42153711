package queue

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// What a label says of the name behind it. A page names many who neither wrote nor took pictures: who drew, edited, translated, presented.

// dropRoles removes the persons and the pictures behind a label of another role, and the pictures behind the label of a source that the
// registry does not know.
func dropRoles(res *attribute.Result, art page.Article, text string) {
	other := func(c news.Credit) bool {
		return c.Role == news.Byline && c.Evidence.Field == "text" && page.IsOtherRole(labelBefore(text, c.Evidence.Start))
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, other)
	res.Evidence = slices.DeleteFunc(res.Evidence, other)
	res.Credits.Photos = slices.DeleteFunc(res.Credits.Photos, func(p news.Photo) bool {
		known := slices.ContainsFunc(p.Chain, func(c news.Credit) bool { return c.Agency != "" })
		isPictured := !known && (page.IsSubject(p.Line) || isSideways(p.Line))
		if isPictured || isCrew(p, text) || isOfSubject(p) || isAgenciesAlone(p, text) || page.IsOtherRole(p.Line) { // Ann Lee/Reuters Graphics
			return true
		}
		for _, label := range pictureLabels(p, art, text) {
			isBy := strings.EqualFold(strings.TrimSpace(label), "by") || isSubjectLabel(label)
			if isBy || page.IsOtherRole(label) || page.HasRoleWord(label) || !known && page.IsOrigin(label) {
				return true
			}
		}
		return false
	})
	for i := range res.Credits.Photos {
		p := &res.Credits.Photos[i]
		cutRoles(p)
		isPerson := func(c news.Credit) bool { return c.Role == news.Photographer }
		if first := slices.IndexFunc(p.Chain, isPerson); first >= 0 && strings.ContainsAny(p.Line, "/|") &&
			slices.ContainsFunc(p.Chain[first+1:], isPerson) {
			p.Chain = slices.DeleteFunc(slices.Clone(p.Chain), isPerson) // a person and an outlet in the form of a person's name
		}
	}
}

// cutRoles ends the line of a photo before a part that says what another did: "Lee Marsden / Camera: Ann Lee", "Lee Marsden | hosted by
// Ann Lee".
func cutRoles(p *news.Photo) {
	for i, c := range p.Line {
		if !strings.ContainsRune("/|,;·•", c) {
			continue
		}
		part := p.Line[i+utf8.RuneLen(c):]
		if n := strings.IndexAny(part, "/|,;·•"); n >= 0 {
			part = part[:n]
		}
		words := strings.Fields(part)
		small := c == '|' && slices.ContainsFunc(words, func(w string) bool { return startsSmall(w) && w != "via" })
		if !small && !strings.Contains(part, ":") && (len(words) < 2 || !page.HasRoleWord(part) && !page.IsPicture(part)) {
			continue
		}
		p.Line = strings.TrimSpace(p.Line[:i])
		p.Chain = slices.DeleteFunc(slices.Clone(p.Chain), func(c news.Credit) bool { return !strings.Contains(p.Line, c.Name) })
		return
	}
}

// isOfSubject reports whether the line of a photo says what is on it or where it was found: "Photo of Ann Lee".
func isOfSubject(p news.Photo) bool {
	w, _, _ := strings.Cut(p.Line, " ")
	return subjectStarts[strings.ToLower(w)]
}

// isSubjectLabel reports whether the label of a photo ends with a word that what is on it follows: "Photo of:".
func isSubjectLabel(label string) bool {
	w := strings.Fields(strings.Trim(label, " :"))
	return len(w) > 1 && subjectStarts[strings.ToLower(w[len(w)-1])]
}

// isCrew reports whether a photo was read in the box of a film or a play, or in a line with its makers.
func isCrew(p news.Photo, text string) bool {
	if p.Evidence.Field != "text" {
		return false
	}
	start, line := lineAt(text, p.Evidence.Start)
	return page.IsCrew(line[:p.Evidence.Start-start]) && (page.HasStageLabel(line) || isInBox(text, start, len(line)))
}

// subjectStarts are words behind the label of a photo before what is on it or where it was found.
var subjectStarts = map[string]bool{"of": true, "of:": true, "from": true, "archive": true,
	"aus": true, "из": true, "со": true, "с": true, "з": true,
	"са": true, "ze": true, "iz": true, "från": true, "fra": true, "uit": true, "dal": true, "dalla": true, "del": true}

// isSideways reports whether the line of a photo says where on it the one is who is named: "Ann Lee (izq.)", "Анна с собакой".
func isSideways(line string) bool {
	return sideways().MatchString(line)
}

// sideways matches what follows the name of one who is on a picture.
var sideways = compiled(`(?i)\((?:l|r|c|izq|der|dcha|left|right|centre|center|links|rechts|mitte|[aà] gauche|[aà] droite|` +
	`au centre|sinistra|destra|esq|dir|слева|справа|ліворуч|праворуч)\b|` +
	`\pL (?:с|со|з) \p{Ll}|, (?:left|right|links|rechts|слева|справа)\b`)

// isAgenciesAlone reports whether the line of a photo is a line of the text with nothing but agencies in brackets: these are the text's.
func isAgenciesAlone(p news.Photo, text string) bool {
	if p.Evidence.Field != "text" || slices.ContainsFunc(p.Chain, func(c news.Credit) bool { return c.Agency == "" }) {
		return false
	}
	_, line := lineAt(text, p.Evidence.Start)
	return line == "("+p.Line+")"
}

// pictureLabels returns what precedes the line of a photo where it was read.
func pictureLabels(p news.Photo, art page.Article, text string) (all []string) {
	if p.Evidence.Field == "text" {
		return []string{labelBefore(text, p.Evidence.Start)}
	}
	for _, m := range art.Media {
		for _, s := range []string{m.Description, m.Title, m.Copyright} {
			if i := strings.Index(s, p.Line); i >= 0 {
				all = append(all, labelBefore(s, i))
			}
		}
	}
	return all
}

// labelBefore returns the label before a place in its line, behind a sentence or a field: up to five words, or one with a full stop.
func labelBefore(text string, i int) string {
	before := strings.TrimRight(text[:i], " ")
	words := maxLabel
	if short, ok := strings.CutSuffix(before, "."); ok {
		before, words = short, 1
	}
	label := before[strings.LastIndexAny(before, "\n.;|(")+1:]
	if len(strings.Fields(label)) > words {
		return ""
	}
	return label
}

// citeUnderByline cites an agency that was told what a report says where a reporter signs it above its text: the report is then the
// house's. One who is named below the text may be the agency's. An agency that a summary above the text
// names, which ends without a full stop, is cited as well.
func citeUnderByline(res *attribute.Result, read string, opening page.Span, src news.Source) {
	a := res.Credits.Agency
	if a == nil || a.Evidence.Field != "text" || src.Agency != "" || a.Evidence.Rule != "told" && a.Evidence.Rule != "reported-by" {
		return
	}
	before := text.Fold(read[:a.Evidence.Start])
	above := func(c news.Credit) bool {
		return c.Agency == "" && !page.IsPost(c.Name) && strings.Contains(before, text.Fold(c.Name))
	}
	start, line := lineAt(read, a.Evidence.Start)
	inSummary := a.Evidence.Rule == "reported-by" && start+len(line) < opening.End && !strings.HasSuffix(line, ".")
	if !inSummary && (a.Evidence.Rule != "told" || !slices.ContainsFunc(res.Credits.Byline, above)) {
		return
	}
	rule, cited := a.Evidence.Rule, *a
	cited.Role = news.Cited
	res.Credits.Agency, res.Credits.Cited = nil, append(res.Credits.Cited, cited)
	for i := range res.Evidence {
		if e := &res.Evidence[i]; e.Role == news.Originator && e.Agency == a.Agency && e.Evidence.Rule == rule {
			e.Role = news.Cited
		}
	}
}

// compiled returns a regular expression that is compiled when it is first used: most commands use none.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// A photo credit names persons, owners, agencies and distributors in any order ("ТАСС/Сергей Карпухин",
// "J. Scott Applewhite/AP"). Each part is typed by itself; the chain is put in order person, owner, agency,
// distributor, and the line is kept as printed.

// link is one part of a chain.
type link struct {
	at   lex.Span
	key  string
	rank int
}

const (
	rankPerson = iota
	rankOwner
	rankAgency
	rankDistributor
)

// fillers are words of a credit line that name nobody.
var fillers = lex.Words(`photo photos photograph photographs picture pictures image images credit credits creator by file files pool handout stringer str ho press
courtesy of for from with and the copyright c via foto fotos fot bild crédit crédits crédito créditos zdjęcie
фото фота фотография снимок архив архива архивное из для от с пресс пул иллюстративное архивнае здымак archive archives archiv archivo archivio d illustration`, " ")

// chain types the parts of the line between start and end. Typed is false when a part is neither in the registry
// nor a person, nor filler.
func (r *Registry) chain(s string, start, end int) (links []link, typed bool) {
	typed = true
	via := false
	for i := start; i < end; {
		if c, n := lex.At(s, i); !lex.IsWord(c) {
			i += n
			continue
		}
		e := lex.WordEnd(s, i)
		w := s[i:e]
		switch {
		case strings.EqualFold(w, "via") || w == "через" || w == "праз":
			via, i = true, e
			continue
		case lex.IsDigit(rune(w[0])) && len(w) == 4: // © AFP 2019
			i = e
			continue
		}
		stop := partEnd(s, i, end)
		if m, ok := r.Match(s[:stop], i); ok {
			l := link{lex.Between(m.Start, m.End), m.Key, r.rank(m.Key)}
			if via {
				l.rank = rankDistributor
			}
			links = append(links, l)
			i, via = m.End, false
			if rest := strings.TrimSpace(s[m.End:stop]); rest != "" && !allFiller(rest) {
				if p := r.readPerson(s[:stop], lex.NextWord(s, m.End), 2); p == stop {
					links = append(links, link{lex.Between(lex.NextWord(s, m.End), p), "", rankPerson})
				} else if !isYear(rest) && !strings.HasPrefix(rest, "for ") {
					typed = typed && lex.Case(rest) != lex.Lower && !m.Weak
				}
				i = stop
			}
			continue
		}
		if c, _ := lex.At(s, e); fillers.Has(w) && !lex.IsDash(c) {
			i = e
			continue
		}
		if p := r.readPerson(s[:stop], i, 2); p > i && (p >= stop || allFiller(s[p:stop])) {
			links = append(links, link{lex.Between(i, p), "", rankPerson})
		} else {
			links = append(links, link{lex.Between(i, stop), "", rankOwner})
			typed = typed && (anyFiller(s[i:stop]) || strings.Contains(strings.ToLower(s[i:stop]), "пресс-служб")) // Kremlin Pool Photo
		}
		i, via = stop, false
	}
	slices.SortStableFunc(links, func(a, b link) int { return a.rank - b.rank })
	return links, typed
}

func isYear(s string) bool {
	v, e := lex.Number(s, 0, 5)
	return e == 4 && v > 1900 && e == len(strings.TrimSpace(s))
}

// rank is an agency's place in a chain.
func (r *Registry) rank(key string) int {
	switch r.Kind(key) {
	case news.KindMinistry, news.KindMedia:
		return rankOwner
	case news.KindDistributor, news.KindPressRelease:
		return rankDistributor
	}
	return rankAgency
}

// allFiller reports whether s names nobody.
func allFiller(s string) bool {
	for i := lex.NextWord(s, 0); i < len(s); {
		e := lex.WordEnd(s, i)
		if !fillers.Has(s[i:e]) && !lex.IsDigit(rune(s[i])) {
			return false
		}
		i = lex.NextWord(s, e)
	}
	return true
}

// anyFiller reports whether a word of s is one that stands in credit lines.
func anyFiller(s string) bool {
	for i := lex.NextWord(s, 0); i < len(s); i = lex.NextWord(s, lex.WordEnd(s, i)) {
		if w := s[i:lex.WordEnd(s, i)]; fillers.Has(w) && lex.Case(w) != lex.Lower {
			return true
		}
	}
	return false
}

// partEnd returns where the part at i ends: before a slash, a bar, a comma, a bracket, a dash between spaces, a lone
// full stop, or "via".
func partEnd(s string, i, end int) int {
	for j := i; j < end; {
		c, n := lex.At(s, j)
		switch {
		case c == '/' || c == '|' || c == ',' || c == ';' || c == '(' || c == ')' || c == '\\' || c == '©' || c == '\n':
			return trimBack(s, i, j)
		case (lex.IsDash(c) || c == '.') && lex.IsSpace(lex.Before(s, j)):
			return trimBack(s, i, j)
		case lex.IsSpace(lex.Before(s, j)) && (strings.HasPrefix(s[j:end], "via ") || strings.HasPrefix(s[j:end], "через ")):
			return trimBack(s, i, j)
		}
		j += n
	}
	return trimBack(s, i, end)
}

// trimBack returns end without the white space and full stops before it.
func trimBack(s string, start, end int) int {
	return start + len(strings.TrimRight(s[start:end], " \t\u00a0.:"))
}

// credits makes the chain of a photo. An agency behind another owner, and whoever stands behind "via", supplied the
// picture; what remains owns it.
func (r *Registry) credits(s, language string, links []link, ev news.Evidence) []news.Credit {
	var list []news.Credit
	owned := false
	for _, l := range links {
		role := news.Owner
		switch {
		case l.rank == rankPerson:
			role = news.Photographer
		case l.rank == rankDistributor, l.rank == rankAgency && owned:
			role = news.Supplier
		}
		owned = owned || l.rank == rankOwner
		c := news.Credit{Role: role, Name: l.at.Of(s), Agency: l.key}
		if slices.ContainsFunc(list, func(o news.Credit) bool { return o.ID() == c.ID() }) {
			continue
		}
		if l.key != "" {
			c.Display = r.Display(l.key, language)
		}
		c.Evidence = ev
		c.Evidence.Words = c.Name
		if ev.End > 0 {
			c.Evidence.Start, c.Evidence.End = l.at.Start, l.at.End
		}
		list = append(list, c)
	}
	return list
}

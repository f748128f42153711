package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// rank is an agency's place in a chain.
func (r *reader) rank(key string) int {
	switch r.Kind(key) {
	case news.KindMinistry, news.KindMedia:
		return rankOwner
	case news.KindPhoto:
		return rankPictures
	case news.KindDistributor, news.KindPressRelease:
		return rankDistributor
	}
	return rankAgency
}

// hasPerson reports whether a part of a chain is a person.
func hasPerson(links []link) bool {
	return slices.ContainsFunc(links, func(l link) bool { return l.rank == rankPerson })
}

// credits makes the chain of a photo. An agency behind another owner, and the name behind "via", supplied the
// picture; what remains owns it.
func (r *reader) credits(s, language string, links []link, ev news.Evidence) []news.Credit {
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
		owned = owned || l.rank == rankOwner || l.rank == rankPictures
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

// partEnd returns where the part at i ends: before a slash, a bar, a comma, a bracket, a dash between spaces, a lone
// full stop, or "via".
func (r *reader) partEnd(s string, i, end int) int {
	for j := i; j < end; {
		c, n := lex.At(s, j)
		switch {
		case c == '/' && isAddress(s[i:j]) && (isLower(lex.RuneAt(s, j+1)) || accounts.Has(s[i:j])): // flickr.com/name
		case c == '/' || c == '|' || c == ',' || c == ';' || c == '(' || c == ')' || c == '\\' || c == '©' || c == '\n':
			return trimBack(s, i, j)
		case (lex.IsDash(c) || c == '.') && lex.IsSpace(lex.Before(s, j)):
			return trimBack(s, i, j)
		case j > i && lex.IsSpace(lex.Before(s, j)) && r.onPlatform(s[j:end]): // Ann Lee on Unsplash
			return trimBack(s, i, j)
		case lex.IsSpace(lex.Before(s, j)) && (len(s[j:end]) > 4 && strings.EqualFold(s[j:j+4], "via ") ||
			strings.HasPrefix(s[j:end], "через ")):
			return trimBack(s, i, j)
		}
		j += n
	}
	return trimBack(s, i, end)
}

// trimBack returns end without the white space and full stops before it, but for that of "e. V." and "s. r. o."
func trimBack(s string, start, end int) int {
	e := start + len(strings.TrimRight(s[start:end], " \t\u00a0.:"))
	if e < end && s[e] == '.' && e > start+3 && s[e-2] == ' ' && s[e-3] == '.' && lex.IsLetter(lex.Before(s, e)) {
		return e + 1
	}
	return e
}

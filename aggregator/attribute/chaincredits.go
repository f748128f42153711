package attribute

import (
	"slices"

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

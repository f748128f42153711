package feed

import (
	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// ebu is the scheme of Media RSS roles; its list is closed (Media RSS 1.5.1, media:credit).
const ebu = "urn:ebu"

// roles are those of our roles that the list has a word for. An owner has none.
var roles = map[news.Role]string{
	news.Photographer: "photographer",
	news.Supplier:     "distribution company",
}

// mediaCredits returns the media:credit elements of the photos: the literal line, then each link of the
// chain.
func mediaCredits(photos []news.Photo) []mediaCredit {
	var all []mediaCredit
	known := make(map[mediaCredit]bool)
	put := func(c mediaCredit) {
		if c.Name != "" && !known[c] {
			known[c] = true
			all = append(all, c)
		}
	}
	for _, ph := range photos {
		put(mediaCredit{Name: ph.Line})
		for _, link := range ph.Chain {
			c := mediaCredit{Name: view.Name(link.Label())}
			if role := roles[link.Role]; role != "" {
				c.Role, c.Scheme = role, ebu
			}
			put(c)
		}
	}
	return all
}

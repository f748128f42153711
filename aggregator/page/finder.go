package page

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

const (
	maxLinkedDepth = 24  // of objects in one another
	maxLinked      = 400 // objects that are looked at for articles
)

// articleTypes are the types of schema.org that are one article.
var articleTypes = map[string]bool{"newsarticle": true, "article": true, "reportagenewsarticle": true, "analysisnewsarticle": true,
	"backgroundnewsarticle": true, "opinionnewsarticle": true, "reviewnewsarticle": true, "askpublicnewsarticle": true,
	"liveblogposting": true, "blogposting": true}

// reviewTypes are those of a review that is no article by its type.
var reviewTypes = map[string]bool{"review": true, "criticreview": true}

// siteTypes are those of a site or a house.
var siteTypes = map[string]bool{"website": true, "newsmediaorganization": true}

// workTypes are those of a work that an article reviews. A recipe is none: its author is the page's.
var workTypes = map[string]bool{"book": true, "audiobook": true, "movie": true, "play": true, "tvseries": true, "musicalbum": true,
	"videogame": true}

// finder looks for the articles of ld+json.
type finder struct {
	seen     int
	articles []object
	reviews  []object          // that are no article by their type
	works    []any             // that are reviewed
	sites    []string          // names of sites and of organisations of news
	byID     map[string]object // that other objects refer to
}

// readLinked finds the one article of the ld+json: the only one, or of several the one with the page's address or title.
func (d *document) readLinked() {
	f := finder{byID: map[string]object{}}
	for i := range d.nodes {
		if n := &d.nodes[i]; n.tag == atom.Script && n.text != "" {
			var v any
			if json.Unmarshal([]byte(n.text), &v) == nil {
				f.look(v, 0, true)
			}
		}
	}
	d.sites = f.sites
	for _, v := range f.works {
		d.addReviewed(v, f.byID)
	}
	if len(f.articles) == 0 {
		f.articles = slices.DeleteFunc(f.reviews, func(o object) bool { return d.score(o, d.titles()) == 0 && !isOfWork(o, f.byID) })
	}
	if o := d.pick(f.articles); o != nil {
		d.linked = d.newLinked(o, f.byID)
	}
}

// isOfWork reports whether a review is of a work, such as a book, rather than of what is on the page, such as goods.
func isOfWork(review object, byID map[string]object) bool {
	return slices.ContainsFunc(referred(review["itemReviewed"], byID), func(v any) bool {
		o, _ := v.(object)
		return hasType(o, workTypes)
	})
}

// look visits v; an article in a property of another article, such as one that it mentions, is none of the page's.
func (f *finder) look(v any, depth int, top bool) {
	if f.seen++; depth > maxLinkedDepth || f.seen > maxLinked {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			f.look(e, depth+1, top)
		}
	case object:
		if id := str(v["@id"]); id != "" && len(v) > 1 {
			f.byID[id] = v
		}
		if hasType(v, siteTypes) && len(f.sites) < maxOwnNames {
			f.sites = append(f.sites, plain(str(v["name"])))
		}
		f.works = append(f.works, list(v["itemReviewed"])...)
		if v["review"] != nil && hasType(v, workTypes) {
			f.works = append(f.works, v)
		}
		f.look(v["review"], depth+1, false)
		if isArticle(v) && top {
			f.articles = append(f.articles, v)
			return
		}
		if top && hasType(v, reviewTypes) {
			f.reviews = append(f.reviews, v)
			return
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			f.look(v[key], depth+1, top)
		}
	}
}

// addReviewed adds who made a work that is reviewed.
func (d *document) addReviewed(work any, byID map[string]object) {
	for _, w := range referred(work, byID) {
		o, _ := w.(object)
		for _, key := range []string{"author", "creator", "director", "byArtist", "composer", "illustrator", "translator"} {
			for _, v := range referred(o[key], byID) {
				if name, _ := party(v); name != "" && len(d.reviewed) < maxAuthors {
					d.reviewed = append(d.reviewed, name)
				}
			}
		}
	}
}

func isArticle(o object) bool { return hasType(o, articleTypes) }

// hasType reports whether one of the types of an object is among some.
func hasType(o object, types map[string]bool) bool {
	for _, t := range list(o["@type"]) {
		name := strings.ToLower(str(t))
		if types[name[strings.LastIndexAny(name, "/:")+1:]] {
			return true
		}
	}
	return false
}

// pick returns the article that the page is about: of those with its address or its title the first, of which an address and a title say
// more than one of them, else the only one, unless it has another address and another title. Nil: there is none, or it is uncertain.
func (d *document) pick(all []object) object {
	titles := d.titles()
	var best object
	most, ties := 0, 0
	for _, o := range all {
		score := d.score(o, titles)
		switch {
		case score > most:
			best, most, ties = o, score, 0
		case score == most && score == 1 && plain(str(o["headline"])) != plain(str(best["headline"])):
			ties++
		}
	}
	switch {
	case most > 0 && ties == 0:
		return best
	case most == 0 && len(all) == 1 && d.mayBe(all[0], titles):
		return all[0]
	}
	return nil
}

// score is higher where an article has the page's address, its title or both; zero: it has neither.
func (d *document) score(o object, titles []string) (score int) {
	if d.isPage(d.resolve(addressOf(o))) {
		score++
	}
	if slices.Contains(titles, text.Fold(plain(str(o["headline"])))) {
		score += 2
	}
	return score
}

// mayBe reports whether an article whose address and title are not the page's can be the page's: it has no address of a page of its own,
// or half of the words of a title.
func (d *document) mayBe(o object, titles []string) bool {
	address, title := d.resolve(addressOf(o)), plain(str(o["headline"]))
	if title == "" {
		return address == "" || isRoot(address)
	}
	in := map[string]bool{}
	for _, w := range text.Words(text.Fold(title)) {
		in[w] = true
	}
	for _, t := range titles {
		n, all := 0, text.Words(t)
		for _, w := range all {
			if in[w] {
				n++
			}
		}
		if n > 0 && 2*n >= min(len(all), len(in)) {
			return true
		}
	}
	return len(titles) == 0
}

// titles returns the titles of the page, folded: that of its head, and its headings of the first rank.
func (d *document) titles() (all []string) {
	if t := text.Fold(d.head.title); t != "" {
		all = append(all, t)
	}
	for i := range d.nodes {
		if d.nodes[i].tag == atom.H1 && len(all) < 4 {
			if t := text.Fold(d.textOf(int32(i))); t != "" {
				all = append(all, t)
			}
		}
	}
	return all
}

// isPage reports whether an address is the page's, in http or https, with or without www and a slash at its end.
func (d *document) isPage(address string) bool {
	a := bareAddress(address)
	return a != "" && (a == bareAddress(d.head.canonical) || a == bareAddress(d.address))
}

// bareAddress returns host, path and query of an address, without what does not make it another one.
func bareAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	bare := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		bare += "?" + u.RawQuery
	}
	return bare
}

func addressOf(o object) string {
	if main, ok := o["mainEntityOfPage"].(object); ok {
		if id := first(str(main["@id"]), str(main["url"])); id != "" {
			return id
		}
	}
	return first(str(o["mainEntityOfPage"]), str(o["url"]), str(o["@id"]))
}

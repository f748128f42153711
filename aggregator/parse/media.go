package parse

import (
	"cmp"
	"strconv"
	"strings"

	"dateline/aggregator/news"
)

// media reads Media RSS (version 1.5.1). What is in a group or in the item holds for every content
// inside that has none of its own; an item's credits without any content make a medium without address.
func (r *reader) media(it *news.Item, e int) {
	t := r.t
	shared := r.about(e)
	before := len(it.Media)
	if g := t.child(e, "media:group"); g >= 0 && t.child(g, "media:content") < 0 {
		shared = inherit(shared, r.about(g))
	}
	t.children(e, func(c int) {
		switch t.elems[c].key {
		case "media:content":
			it.Media = addMedia(it.Media, inherit(r.content(c), shared))
		case "image", "img", "itunes:image", "googleplay:image", "media:image", "thumbnail", "thumb", "post-thumbnail", "picture", "photo",
			"imageurl", "image_url", "image-url", "thumbnailurl", "thumbnail_url", "featuredimage", "featured_image":
			it.Media = addMedia(it.Media, inherit(r.picture(c), shared))
		case "media:group":
			group := inherit(r.about(c), shared)
			t.children(c, func(m int) {
				if t.elems[m].key == "media:content" {
					it.Media = addMedia(it.Media, inherit(r.content(m), group))
				}
			})
		}
	})
	switch {
	case len(it.Media) > before:
	case before > 0:
		for i := range it.Media {
			it.Media[i] = inherit(it.Media[i], shared)
		}
	case shared.Thumbnail != "":
		shared.URL, shared.Medium = shared.Thumbnail, "image"
		it.Media = append(it.Media, shared)
	case len(shared.Credits) > 0 || shared.Copyright != "":
		it.Media = append(it.Media, shared)
	}
}

// content reads a media:content.
func (r *reader) content(c int) news.Media {
	t := r.t
	m := r.about(c)
	m.URL = r.address(c, cmp.Or(t.attr(c, "url"), t.attr(t.childOrSelf(c, "media:player"), "url")))
	m.Type = mimeType(t.attr(c, "type"))
	m.Medium = strings.ToLower(t.attr(c, "medium"))
	m.Length, _ = strconv.ParseInt(t.attr(c, "filesize"), 10, 64)
	m.Length = max(m.Length, 0)
	if w, h := pixels(t.attr(c, "width")), pixels(t.attr(c, "height")); w > 0 || h > 0 {
		m.Width, m.Height = w, h
	}
	return m
}

// picture reads a picture outside Media RSS, which every feed writes in its own way: the address is the text, an attribute, or
// in an element inside.
func (r *reader) picture(c int) news.Media {
	t := r.t
	address := cmp.Or(t.attr(c, "url"), t.attr(c, "href"), t.attr(c, "src"), t.attr(c, "rdf:resource"))
	inner := t.child(c, "url", "src", "href", "img", "image", "link", "media:thumbnail", "media:content")
	if address == "" && inner >= 0 {
		address = cmp.Or(t.attr(inner, "src"), t.attr(inner, "url"), t.attr(inner, "href"), t.value(inner))
	}
	if address == "" {
		address = t.value(c)
	}
	if !isPicture(address) || strings.ContainsAny(address, " \n") {
		return news.Media{}
	}
	m := r.about(c)
	m.URL, m.Medium, m.Type = r.address(c, address), "image", mimeType(t.attr(c, "type"))
	m.Title = cmp.Or(m.Title, title(t.value(t.child(c, "title"))))
	m.Width = pixels(cmp.Or(t.attr(c, "width"), t.value(t.child(c, "width"))))
	m.Height = pixels(cmp.Or(t.attr(c, "height"), t.value(t.child(c, "height"))))
	return m
}

// licence returns the licence that element e names (RFC 4946, Creative Commons' modules, Dublin Core, Media RSS): its address,
// else its name; "" if it names none.
func (r *reader) licence(e int) string {
	t := r.t
	c := t.child(e, "cc:license", "creativecommons:license", "dcterms:license", "media:license", "license", "licence")
	if link := r.atomLink(e, "license"); link != "" || c < 0 {
		return link
	}
	address := cmp.Or(t.attr(c, "rdf:resource"), t.attr(c, "href"), t.attr(c, "url"))
	name := title(t.value(c))
	if address == "" && isWeb(name) {
		address = name
	}
	return cmp.Or(r.address(c, address), name)
}

// about reads what the children of element e say of a medium. Width and height are those of the thumbnail.
func (r *reader) about(e int) news.Media {
	t := r.t
	var m news.Media
	t.children(e, func(c int) {
		switch t.elems[c].key {
		case "media:title":
			m.Title = cmp.Or(m.Title, title(t.value(c)))
		case "media:description", "media:text":
			m.Description = cmp.Or(m.Description, flat(htmlOf(t.value(c))))
		case "media:license", "cc:license", "creativecommons:license", "dcterms:license":
			m.Licence = cmp.Or(m.Licence, r.licence(e))
		case "media:copyright":
			m.Copyright = cmp.Or(m.Copyright, title(t.value(c)))
		case "media:thumbnail":
			if m.Thumbnail == "" {
				m.Thumbnail = r.address(c, cmp.Or(t.attr(c, "url"), t.value(c)))
			}
		case "media:credit":
			if name := title(t.value(c)); name != "" {
				m.Credits = append(m.Credits, news.MediaCredit{Role: t.attr(c, "role"), Scheme: t.attr(c, "scheme"), Name: name})
			}
		}
	})
	return m
}

// childOrSelf returns the first child of element i with that key, else i.
func (t *tree) childOrSelf(i int, key string) int {
	if c := t.child(i, key); c >= 0 {
		return c
	}
	return i
}

// inherit fills what m lacks from what is around it.
func inherit(m, around news.Media) news.Media {
	m.Title = cmp.Or(m.Title, around.Title)
	m.Description = cmp.Or(m.Description, around.Description)
	m.Copyright = cmp.Or(m.Copyright, around.Copyright)
	m.Licence = cmp.Or(m.Licence, around.Licence)
	m.Thumbnail = cmp.Or(m.Thumbnail, around.Thumbnail)
	if len(m.Credits) == 0 {
		m.Credits = around.Credits
	}
	return m
}

// addMedia appends m unless its address is there already; then what m says more is taken over.
func addMedia(all []news.Media, m news.Media) []news.Media {
	if m.URL == "" || len(all) == MaxList {
		return all
	}
	for i := range all {
		if all[i].URL == m.URL {
			q := inherit(all[i], m)
			q.Type = cmp.Or(q.Type, m.Type)
			q.Medium = cmp.Or(q.Medium, m.Medium)
			if q.Length == 0 {
				q.Length = m.Length
			}
			if q.Width == 0 && q.Height == 0 {
				q.Width, q.Height = m.Width, m.Height
			}
			all[i] = q
			return all
		}
	}
	return append(all, m)
}

// pixels reads a width or height, 0 for what is none.
func pixels(s string) int {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || n < 1 || n > 1e6 {
		return 0
	}
	return int(n)
}

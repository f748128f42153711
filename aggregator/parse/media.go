package parse

import (
	"cmp"
	"strconv"
	"strings"

	"dateline/aggregator/news"
)

// media reads Media RSS (version 1.5.1). What stands in a group or in the item holds for every content
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

// about reads what the children of element e tell of a medium. Width and height are those of the thumbnail.
func (r *reader) about(e int) news.Media {
	t := r.t
	var m news.Media
	t.children(e, func(c int) {
		switch t.elems[c].key {
		case "media:title":
			m.Title = cmp.Or(m.Title, title(t.value(c)))
		case "media:description", "media:text":
			m.Description = cmp.Or(m.Description, flat(htmlOf(t.value(c))))
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

// inherit fills what m lacks from what stands around it.
func inherit(m, around news.Media) news.Media {
	m.Title = cmp.Or(m.Title, around.Title)
	m.Description = cmp.Or(m.Description, around.Description)
	m.Copyright = cmp.Or(m.Copyright, around.Copyright)
	m.Thumbnail = cmp.Or(m.Thumbnail, around.Thumbnail)
	if len(m.Credits) == 0 {
		m.Credits = around.Credits
	}
	return m
}

// addMedia appends m unless its address is there already; then what m tells more is taken over.
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

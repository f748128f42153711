package view

import (
	"path"
	"strings"

	"dateline/aggregator/news"
)

// photos returns the photo credits of the item: as judged, else as its feed gives them, word by word. Of a source that grants
// headlines no caption and no address is let out.
func (g grant) photos(it news.Item) []news.Photo {
	var all []news.Photo
	for _, ph := range creditedPhotos(it) {
		ph.Line, ph.Caption = OneLine(ph.Line), OneLine(g.caption(ph.Caption))
		if ph.URL = Web(ph.URL); !g.media() {
			ph.URL = ""
		}
		all = append(all, ph)
	}
	return all
}

func creditedPhotos(it news.Item) []news.Photo {
	if len(it.Credits.Photos) > 0 {
		return it.Credits.Photos
	}
	var all []news.Photo
	for _, m := range it.Media {
		if !picture(m) {
			continue
		}
		for _, c := range m.Credits {
			if OneLine(c.Name) == "" {
				continue
			}
			ph := news.Photo{Line: c.Name, URL: m.URL}
			if c.Role == "photographer" {
				ph.Chain = []news.Credit{{Role: news.Photographer, Name: c.Name}}
			}
			all = append(all, ph)
		}
	}
	return all
}

// picture reports whether m is one, by what the feed says of it, else by the ending of its address.
func picture(m news.Media) bool {
	if m.Medium != "" || MimeType(m.Type) != "" {
		return m.Medium == "image" || strings.HasPrefix(MimeType(m.Type), "image/")
	}
	address, _, _ := strings.Cut(m.URL, "?")
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif":
		return true
	}
	return false
}

// Picture is a picture with the credits that belong to it.
type Picture struct {
	news.Media // URL is fit for an attribute; empty: credited, but its address is unknown
	Photos     []news.Photo
}

// Pictures returns the pictures of the entry, each address once, with their credits; what has a credit
// and no address comes last. A source that grants headlines shows no pictures, only their
// credits.
func (c *Entry) Pictures() []Picture {
	var all []Picture
	at := make(map[string]int)
	place := func(m news.Media) int {
		i, known := at[m.URL]
		if !known {
			i = len(all)
			at[m.URL] = i
			all = append(all, Picture{Media: m})
		}
		return i
	}
	if c.grant.media() {
		for _, m := range c.Item.Media {
			if m.URL = Web(m.URL); m.URL != "" && picture(m) {
				m.Title, m.Description = c.grant.caption(m.Title), c.grant.caption(m.Description)
				place(m)
			}
		}
	}
	var bare []news.Photo
	for _, ph := range c.Photos {
		if ph.URL == "" {
			bare = append(bare, ph)
			continue
		}
		i := place(news.Media{URL: ph.URL, Medium: "image"})
		all[i].Photos = append(all[i].Photos, ph)
		if all[i].Description == "" {
			all[i].Description = ph.Caption
		}
	}
	if len(bare) > 0 {
		all = append(all, Picture{Photos: bare})
	}
	return all
}

// Enclosures returns the media that are no pictures, each address once; none where the source grants
// headlines.
func (c *Entry) Enclosures() []news.Media {
	if !c.grant.media() {
		return nil
	}
	var all []news.Media
	known := make(map[string]bool)
	for _, m := range c.Item.Media {
		if m.URL = Web(m.URL); m.URL == "" || picture(m) || known[m.URL] {
			continue
		}
		known[m.URL] = true
		m.Title, m.Description = c.grant.caption(m.Title), c.grant.caption(m.Description)
		all = append(all, m)
	}
	return all
}

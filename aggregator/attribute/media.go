package attribute

import (
	"cmp"
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// photo files a photo credit of the text.
func (c *scan) photo(p photo) {
	ev := c.evident(p.line, p.rule)
	ph := news.Photo{Line: p.line.Of(c.s), Chain: c.r.credits(c.s, c.language, p.links, ev), Evidence: ev}
	if !p.caption.None() {
		ph.Caption = p.caption.Of(c.s)
	}
	c.addPhoto(ph)
}

// addPhoto adds a photo; a credit printed twice counts once, and what the second knows more is added to the first.
func (c *scan) addPhoto(p news.Photo) {
	c.evidence = append(c.evidence, p.Chain...)
	for i := range c.out.Photos {
		o := &c.out.Photos[i]
		if lex.Fold(o.Line) != lex.Fold(p.Line) || o.Caption != "" && p.Caption != "" &&
			lex.Fold(o.Caption) != lex.Fold(p.Caption) || o.URL != "" && p.URL != "" {
			continue
		}
		if o.Caption == "" {
			o.Caption = p.Caption
		}
		if o.URL == "" {
			o.URL = p.URL
		}
		return
	}
	c.out.Photos = append(c.out.Photos, p)
}

// media reads the credits of a picture that the item names: media:credit with its roles (EBU and YVS role lists),
// else its copyright, else a credit at the end of its title or description.
func (c *scan) media(m news.Media) {
	if m.Medium != "" && m.Medium != "image" || m.Medium == "" && m.Type != "" && !strings.HasPrefix(m.Type, "image/") {
		return
	}
	p := news.Photo{Caption: strings.TrimSpace(m.Description), URL: m.URL}
	for _, rule := range c.r.rules.media {
		rule.media(c, m, &p)
	}
	if p.Line != "" {
		c.addPhoto(p)
	}
}

// mediaTitle reads the credit at the end of a picture's description, its title or its copyright; where the line is known, only the
// caption before it.
func (c *scan) mediaTitle(m news.Media, p *news.Photo) {
	for _, text := range []string{m.Description, m.Title, m.Copyright} {
		r := c.r.on(text)
		r.caption = true
		ph, caption, ok := r.readDescription(text)
		if ok && text == m.Description && ph.line.Of(text) == p.Line { // the credit is in the caption too
			p.Caption = caption
		}
		if !ok || p.Line != "" {
			continue
		}
		ev := news.Evidence{Field: "media", Words: ph.line.Of(text), Rule: ruleMediaTitle}
		p.Line, p.Evidence = ph.line.Of(text), ev
		p.Chain = c.r.credits(text, c.language, ph.links, ev)
		if text == m.Description {
			p.Caption = caption
		}
	}
}

// readDescription reads the credit at the end of a picture's description, or in one of its first lines, and the caption.
func (r *reader) readDescription(text string) (p photo, caption string, ok bool) {
	if p, ok = r.readPhoto(text, 0, len(text)); ok {
		return p, p.caption.Of(text), true
	}
	start := 0
	for range maxDescriptionLines {
		n := strings.IndexByte(text[start:], '\n')
		end := start + n
		if n < 0 {
			end = len(text)
		}
		if p, ok = r.readPhoto(text[:end], start, end); ok {
			return p, cmp.Or(p.caption.Of(text), strings.TrimSpace(text[:start]), strings.TrimSpace(text[end:])), true
		}
		if start = end + 1; start >= len(text) {
			break
		}
	}
	return photo{}, "", false
}

const maxDescriptionLines = 8

// maxMediaCredit is the length of the longest media:credit that is read as a chain, in bytes: a longer one is no credit, and would take
// quadratic time.
const maxMediaCredit = 4 << 10

// mediaCredits fills a photo from the media:credit elements: the line is their names joined by a slash, the chain
// follows their roles where they have one.
func (c *scan) mediaCredits(m news.Media, p *news.Photo) {
	var names []string
	var chain []news.Credit
	for _, cr := range m.Credits {
		name := strings.TrimSpace(cr.Name)
		if name == "" || slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		ev := news.Evidence{Field: "media:credit", Words: name, Rule: ruleMedia}
		var links []link
		if len(name) <= maxMediaCredit {
			links = c.r.on(name).chain(name, 0, len(name)).links
		}
		parts := c.r.credits(name, c.language, links, ev)
		if role, ok := mediaRole(cr.Role); ok && len(parts) <= 1 {
			part := news.Credit{Role: role, Name: name, Evidence: ev}
			if len(parts) == 1 {
				part.Agency, part.Display = parts[0].Agency, parts[0].Display
			}
			parts = []news.Credit{part}
		}
		for _, part := range parts {
			if !slices.ContainsFunc(chain, func(o news.Credit) bool { return o.ID() == part.ID() }) {
				chain = append(chain, part)
			}
		}
	}
	if len(names) == 0 {
		return
	}
	if strings.Contains(names[0], "/") { // the first is the line, the others its parts
		names = names[:1]
	}
	p.Line = strings.Join(names, "/")
	p.Evidence = news.Evidence{Field: "media:credit", Words: p.Line, Rule: ruleMedia}
	slices.SortStableFunc(chain, func(a, b news.Credit) int { return roleRank(a.Role) - roleRank(b.Role) })
	p.Chain = chain
}

func mediaRole(role string) (news.Role, bool) {
	switch strings.ToLower(strings.TrimSpace(role)) {
	case "photographer", "author", "creator", "artist", "camera", "cameraman":
		return news.Photographer, true
	case "distribution company", "distributor", "supplier", "provider":
		return news.Supplier, true
	case "owner", "copyright holder", "producer", "publisher", "source":
		return news.Owner, true
	}
	return "", false
}

func roleRank(r news.Role) int {
	switch r {
	case news.Photographer:
		return 0
	case news.Owner:
		return 1
	}
	return 2
}

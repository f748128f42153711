package parse

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	gojson "github.com/mmcdole/gofeed/json"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// json reads a JSON Feed (https://www.jsonfeed.org/version/1.1/).
func (r *reader) json(text []byte) error {
	d := jsonParts(text)
	members := d.members
	var version string
	if json.Unmarshal(members["version"], &version) != nil || !isJSONFeed(version) {
		return &NotFeedError{What: "JSON", Snippet: snippet(text)}
	}
	r.d.Partial = !d.whole
	s := r.newSetting(members["author"], members["authors"], members["home_page_url"], members["feed_url"], members["language"])
	items := r.takeJSON(d, s)
	var unknown []int
	r.d.Items = make([]news.Item, len(items))
	for i, p := range items {
		r.d.Items[i].Sum = s.sum(p.raw)
		if r.o.Known == nil || !r.o.Known(r.d.Items[i].Sum) {
			unknown = append(unknown, i)
		}
	}
	f, err := r.jsonFeed(members, items, unknown)
	if err != nil {
		return err
	}
	r.jsonHead(f, members)
	for k, i := range unknown {
		r.d.Items[i].Embargo = r.jsonEmbargo(items[i].raw)
		r.jsonItem(&r.d.Items[i], f.Items[k])
	}
	return nil
}

// takeJSON returns the items of the document that are taken and notes the others.
func (r *reader) takeJSON(d *jsonDocument, s *setting) []jsonPart {
	var sound []int
	for i, p := range d.items {
		if p.reason != reasonDamaged {
			sound = append(sound, i)
		}
	}
	chosen := choose(len(sound), func(i int) bool {
		raw := d.items[sound[i]].raw
		return r.isStored(s.sum(raw), func() news.Item { return jsonOutline(raw) })
	})
	var items []jsonPart
	taken := make(map[int]bool, len(chosen))
	for _, i := range chosen {
		taken[sound[i]] = true
		items = append(items, d.items[sound[i]])
	}
	r.leaveOut(len(d.items)+d.beyond, func(i int) string {
		switch {
		case i >= len(d.items):
			return reasonDocument
		case !taken[i]:
			return cmp.Or(d.items[i].reason, reasonItems)
		}
		return d.items[i].reason
	}, func(i int) string {
		if i >= len(d.items) {
			return ""
		}
		return shortLabel(jsonOutline(d.items[i].raw))
	})
	return items
}

// jsonOutline reads of an item what it can be recognised by, as far as it is JSON.
func jsonOutline(raw []byte) news.Item {
	var it news.Item
	j := &jsonScanner{s: raw, i: 1}
	for {
		name, ok := j.name()
		if !ok {
			return it
		}
		value, size, ok := j.value()
		if !ok {
			return it
		}
		var v any
		if size.depth > 0 || json.Unmarshal(escapeBreaks(value), &v) != nil || v == nil {
			continue
		}
		switch name {
		case "id":
			it.GUID = strings.TrimSpace(scalar(v))
		case "url":
			it.URL = scalar(v)
		case "title":
			it.Title = text.Line(scalar(v))
		case "date_published":
			it.PublishedRaw = scalar(v)
		}
	}
}

// isJSONFeed reports whether version is an address of the JSON Feed standard.
func isJSONFeed(version string) bool {
	v, ok := cutPrefixFold(version, "https://")
	if !ok {
		v, ok = cutPrefixFold(version, "http://")
	}
	return ok && strings.HasPrefix(strings.TrimPrefix(v, "www."), "jsonfeed.org/version/1")
}

// escapeBreaks escapes line breaks and tabs inside strings, where JSON forbids them and hand-made feeds have them.
func escapeBreaks(text []byte) []byte {
	var out []byte
	done, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case !inString:
		case c == '\\':
			i++
		case c < 0x20:
			out = fmt.Appendf(append(out, text[done:i]...), "\\u%04x", c)
			done = i + 1
		}
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// jsonFeed reads the members and the unknown items with gofeed. Where that fails since a value has a type
// that the standard does not give it, the odd values are made fit or left out, and it reads again.
func (r *reader) jsonFeed(members map[string]json.RawMessage, items []jsonPart, unknown []int) (*gojson.Feed, error) {
	var list []json.RawMessage
	for _, i := range unknown {
		raw := json.RawMessage(escapeBreaks(items[i].raw))
		if items[i].reason != "" {
			raw = boundItem(raw)
		}
		list = append(list, raw)
	}
	f, err := r.jsonRead(members, list)
	if err == nil || r.ctx.Err() != nil {
		return f, err
	}
	head := map[string]json.RawMessage{}
	for name, v := range members {
		head[name] = fit(v, jsonMembers[name])
	}
	for i := range list {
		list[i] = fitItem(list[i])
	}
	return r.jsonRead(head, list)
}

func (r *reader) jsonRead(members map[string]json.RawMessage, items []json.RawMessage) (*gojson.Feed, error) {
	all := map[string]any{"items": items}
	for name, v := range members {
		all[name] = v
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, &BrokenError{Format: "json", Err: err}
	}
	original, err := r.gofeed(text)
	if err != nil {
		return nil, err
	}
	f, ok := original.(*gojson.Feed)
	if !ok || len(f.Items) != len(items) {
		return nil, r.mismatch(0, len(items))
	}
	return f, nil
}

// jsonHead reads what the document says of itself.
func (r *reader) jsonHead(f *gojson.Feed, members map[string]json.RawMessage) {
	feed := &r.d.Feed
	feed.Title = text.Line(f.Title)
	feed.Subtitle = text.Line(f.Description)
	feed.Self = resolve(r.o.Document, f.FeedURL)
	feed.ID = strings.TrimSpace(f.FeedURL)
	feed.Site = resolve(r.o.Document, f.HomePageURL)
	r.site = feed.Site
	feed.Icon = r.address(-1, cmp.Or(f.Icon, f.Favicon))
	feed.Language = text.CanonicalTag(f.Language)
	feed.Authors = jsonAuthors(f.Authors, f.Author)
	var hubs []struct{ Type, URL string }
	if json.Unmarshal(members["hubs"], &hubs) == nil {
		for _, h := range hubs {
			if strings.EqualFold(h.Type, "WebSub") && feed.Hub == "" {
				feed.Hub = resolve(r.o.Document, h.URL)
			}
		}
	}
}

// jsonItem reads one item. Authors are inherited from the feed, as version 1.1 says.
func (r *reader) jsonItem(it *news.Item, g *gojson.Item) {
	it.GUID = strings.TrimSpace(g.ID)
	it.URL = cmp.Or(r.address(-1, g.URL), r.address(-1, g.ExternalURL), resolve("", it.GUID))
	it.Title = text.Line(unwrapped(g.Title))
	base := r.textBase(-1, it.URL)
	it.Summary = text.Visible(html.EscapeString(unwrapped(g.Summary)))
	it.Content = text.Visible(absolute(unwrapped(g.ContentHTML), base))
	if it.Content == "" {
		it.Content = text.Visible(paragraphs(unwrapped(g.ContentText)))
	}
	it.Language = cmp.Or(text.CanonicalTag(g.Language), r.d.Feed.Language)
	if it.Authors = jsonAuthors(g.Authors, g.Author); len(it.Authors) == 0 {
		it.Authors = r.d.Feed.Authors
	}
	for _, tag := range g.Tags {
		it.Categories = addCategory(it.Categories, news.Category{Term: text.Line(tag)})
	}
	for _, image := range []string{g.Image, g.BannerImage} {
		it.Media = addMedia(it.Media, news.Media{URL: r.address(-1, image), Medium: "image"})
	}
	if g.Attachments != nil {
		for _, a := range *g.Attachments {
			it.Media = addMedia(it.Media, news.Media{URL: r.address(-1, a.URL), Type: mimeType(a.MimeType), Title: text.Line(a.Title),
				Length: max(a.SizeInBytes, 0)})
		}
	}
	it.Published, it.PublishedRaw = r.dateOf(it, strings.TrimSpace(g.DatePublished))
	it.Updated, it.UpdatedRaw = r.dateOf(it, strings.TrimSpace(g.DateModified))
	r.finish(it)
}

// paragraphs returns plain text as HTML: a line break stays one.
func paragraphs(s string) string {
	return strings.ReplaceAll(html.EscapeString(strings.TrimSpace(s)), "\n", "<br>\n")
}

// jsonAuthors returns the authors of version 1.1 and the one of version 1.0, who is mostly one of them.
func jsonAuthors(authors []*gojson.Author, author *gojson.Author) []news.Person {
	var people []news.Person
	for _, a := range append(authors[:len(authors):len(authors)], author) {
		if a != nil {
			p := person(a.Name)
			p.URI = resolve("", a.URL)
			people = add(people, p)
		}
	}
	return people
}

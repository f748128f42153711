package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), in types of our own: gorilla's cannot say what an item without
// HTML, an empty feed or an extension needs.

type jsonFeed struct {
	Version     string            `json:"version"`
	Title       string            `json:"title"`
	HomePageURL string            `json:"home_page_url"`
	FeedURL     string            `json:"feed_url"`
	NextURL     string            `json:"next_url,omitempty"`
	Description string            `json:"description"`
	Icon        string            `json:"icon,omitempty"`
	Favicon     string            `json:"favicon,omitempty"`
	Language    string            `json:"language,omitempty"`
	Hubs        []jsonHub         `json:"hubs,omitempty"`
	Items       []json.RawMessage `json:"items"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonItem struct {
	ID            string           `json:"id"`
	URL           string           `json:"url,omitempty"`
	Title         string           `json:"title"`
	ContentHTML   string           `json:"content_html,omitempty"`
	ContentText   string           `json:"content_text,omitempty"`
	Summary       string           `json:"summary,omitempty"`
	Image         string           `json:"image,omitempty"`
	DatePublished string           `json:"date_published,omitempty"`
	DateModified  string           `json:"date_modified"`
	Authors       []jsonAuthor     `json:"authors"`
	Tags          []string         `json:"tags,omitempty"`
	Language      string           `json:"language,omitempty"`
	Attachments   []jsonAttachment `json:"attachments,omitempty"`
	Credits       *jsonCredits     `json:"_credits,omitempty"` // nil: it is withdrawn
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonAttachment struct {
	URL   string `json:"url"`
	Type  string `json:"mime_type"`
	Title string `json:"title,omitempty"`
	Size  int64  `json:"size_in_bytes,omitempty"`
}

// JSON writes a document of items, each as [JSONItem] returned it, an item a line.
func JSON(h Head, items [][]byte) ([]byte, error) {
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: view.OneLine(h.Title), HomePageURL: h.Home, FeedURL: h.Self, NextURL: h.Prev,
		Description: h.Description, Icon: h.Logo, Favicon: h.Icon, Language: text.CanonicalTag(h.Language), Items: []json.RawMessage{},
	}
	if h.Hub != "" {
		feed.Hubs = []jsonHub{{Type: "WebSub", URL: h.Hub}}
	}
	head, err := marshalJSON(feed)
	if err != nil {
		return nil, err
	}
	b := append([]byte(strings.TrimSuffix(string(head), "]}")), '\n')
	b = append(b, bytes.Join(items, []byte(",\n"))...)
	return append(b, "\n]}\n"...), nil
}

// marshalJSON writes v in one line, with `<`, `>` and `&` as they are: it is not shown as HTML.
func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// JSONItem writes an entry as a document of JSON Feed has it.
func JSONItem(c *view.Entry, at view.Addresses, o EntryOptions) ([]byte, error) {
	authors, contributors := o.people(c)
	i := jsonItem{
		ID: c.Entry.AtomID(), URL: c.Link, Title: o.title(c), DateModified: stamp(c.Updated()), Language: c.Lang,
		Authors: jsonAuthors(authors),
	}
	if !c.Published.IsZero() {
		i.DatePublished = stamp(c.Published)
	}
	if c.Entry.State == news.Withdrawn {
		i.URL, i.Title, i.ContentText = at.Entry(c.Entry.Key), c.WithdrawnTitle(), c.Withdrawal()
		i.Authors = jsonAuthors([]view.Party{c.Agency})
		return marshalJSON(i)
	}
	var summary string
	i.ContentHTML, summary = c.Texts()
	i.Summary = view.PlainText(summary)
	known := make(map[string]bool)
	for _, cat := range c.Categories() {
		if tag := cmp.Or(cat.Label, cat.Term); cat.Scheme != view.SchemeSource && !known[tag] {
			known[tag] = true
			i.Tags = append(i.Tags, tag)
		}
	}
	for _, pic := range c.Pictures() {
		if i.Image == "" {
			i.Image = pic.URL
		} else if pic.URL != "" {
			i.attach(pic.Media)
		}
	}
	for _, m := range c.Enclosures() {
		i.attach(m)
	}
	i.Credits = newJSONCredits(c, at, contributors)
	return marshalJSON(i)
}

// attach adds other media. An attachment needs a type; what has none is left to Atom.
func (i *jsonItem) attach(m news.Media) {
	if t := view.MimeType(m.Type); t != "" {
		i.Attachments = append(i.Attachments, jsonAttachment{URL: m.URL, Type: t, Title: view.OneLine(m.Title), Size: max(m.Length, 0)})
	}
}

func jsonAuthors(parties []view.Party) []jsonAuthor {
	all := make([]jsonAuthor, 0, len(parties))
	for _, who := range parties {
		all = append(all, jsonAuthor{Name: who.Name, URL: who.Site})
	}
	return all
}

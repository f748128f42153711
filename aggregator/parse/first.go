package parse

import (
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"strings"
	"time"

	"dateline/aggregator/news"
	"github.com/microcosm-cc/bluemonday"
	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html"
)

// Feed reads the document body.
func Feed(ctx context.Context, body []byte, o Options) (*Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	trimmed := strings.ToLower(string(bytes.TrimSpace(body)))
	switch {
	case trimmed == "":
		return nil, &NotFeedError{What: "empty"}
	case strings.HasPrefix(trimmed, "<!doctype html"), strings.HasPrefix(trimmed, "<html"):
		return nil, &NotFeedError{What: "HTML"}
	case trimmed[0] == '{' && !strings.Contains(trimmed, "jsonfeed.org/version"):
		return nil, &NotFeedError{What: "JSON"}
	}
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	f, err := p.Parse(bytes.NewReader(body))
	if errors.Is(err, gofeed.ErrFeedTypeNotDetected) {
		return nil, &NotFeedError{What: "text"}
	}
	if err != nil {
		return nil, &BrokenError{Err: err}
	}
	d := &Document{Format: f.FeedType}
	d.Feed = news.Feed{Title: Plain(f.Title), Subtitle: Plain(f.Description), Self: f.FeedLink, Site: f.Link, Rights: f.Copyright, Language: f.Language}
	for i, it := range f.Items {
		n := news.Item{GUID: strings.TrimSpace(it.GUID), URL: strings.TrimSpace(it.Link), Title: Plain(it.Title), Summary: it.Description, Content: it.Content,
			PublishedRaw: it.Published, UpdatedRaw: it.Updated}
		if it.PublishedParsed != nil {
			n.Published = it.PublishedParsed.UTC()
		}
		if it.UpdatedParsed != nil {
			n.Updated = it.UpdatedParsed.UTC()
		}
		for _, a := range it.Authors {
			n.Authors = append(n.Authors, news.Person{Name: a.Name, Email: a.Email})
		}
		for _, c := range it.Categories {
			n.Categories = append(n.Categories, news.Category{Term: c})
		}
		if of, ok := f.OriginalFeed().(*rss.Feed); ok && of.Items[i].Source != nil {
			n.Origin = &news.Feed{Title: of.Items[i].Source.Title, Self: of.Items[i].Source.URL}
		}
		h := fnv.New64a()
		for _, s := range []string{n.Title, n.Summary, n.Content, n.URL, n.PublishedRaw, n.UpdatedRaw} {
			h.Write([]byte(s))
			h.Write([]byte{0})
		}
		n.Hash = h.Sum64()
		d.Items = append(d.Items, n)
	}
	return d, nil
}

var policy = bluemonday.UGCPolicy()

// Sanitize returns HTML without active markup.
func Sanitize(s, base string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	return policy.Sanitize(s)
}

// Plain returns the text of HTML.
func Plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			b.WriteString(html.UnescapeString(string(z.Raw())))
		case html.StartTagToken:
			if n, _ := z.TagName(); string(n) == "p" || string(n) == "br" {
				b.WriteByte('\n')
			}
		}
	}
}

var _ = time.Second

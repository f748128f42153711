package parse

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"dateline/aggregator/news"
)

// A reader reads one document.
type reader struct {
	ctx  context.Context
	o    Options
	d    *Document
	t    *tree
	site string // the feed's own address of its pages: base of relative links, before the document's
}

// xml reads a document in XML whose root element begins text.
func (r *reader) xml(text []byte, entities map[string]string) error {
	if strings.EqualFold(local(tagName(text)), "entry") {
		text = []byte(`<feed xmlns="` + atom10 + `">` + string(text) + `</feed>`)
	}
	t := repair(r.d.Format, text, entities)
	if len(t.elems) == 0 {
		return &BrokenError{Format: r.d.Format, Err: io.ErrUnexpectedEOF}
	}
	r.t = t
	r.d.Partial, r.d.Total = t.cut, len(t.items)
	unknown := r.split()
	original, err := r.gofeed(t.subset(unknown))
	if err != nil {
		return err
	}
	switch f := original.(type) {
	case *atom.Feed:
		return r.atom(f, unknown)
	case *rss.Feed:
		return r.rss(f, unknown)
	}
	return &BrokenError{Format: r.d.Format, Err: gofeed.ErrFeedTypeNotDetected}
}

// gofeed reads text with gofeed and returns the feed in the terms of its own format. What gofeed would
// make of it for all formats alike is left out: it drops what we need.
func (r *reader) gofeed(text []byte) (any, error) {
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.AtomTranslator, p.RSSTranslator, p.JSONTranslator = bare{}, bare{}, bare{}
	f, err := p.Parse(&contextReader{r.ctx, bytes.NewReader(text)})
	switch {
	case r.ctx.Err() != nil:
		return nil, r.ctx.Err()
	case err != nil:
		return nil, &BrokenError{Format: r.d.Format, Err: err}
	}
	return f.OriginalFeed(), nil
}

// bare is a translator that translates nothing.
type bare struct{}

// Translate returns an empty feed for gofeed to keep the original in.
func (bare) Translate(any) (*gofeed.Feed, error) { return &gofeed.Feed{}, nil }

// A contextReader fails when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p[:min(len(p), 32<<10)])
}

// finish completes an item after all of it was read.
func (r *reader) finish(it *news.Item) {
	if it.Origin != nil {
		it.Title = withoutSource(it.Title, it.Origin.Title)
	}
	it.Guessed = append(it.Guessed, r.d.Guessed...)
	it.Hash = hashOf(it)
}

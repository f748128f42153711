package parse_test

import (
	"context"
	"errors"
	"fmt"

	"dateline/aggregator/parse"
)

// A document becomes items; what is no feed is named.
func ExampleFeed() {
	doc, err := parse.Feed(context.Background(), []byte(`<rss version="2.0"><channel><title>Ozerny news</title>
<item><guid>1</guid><title>Footbridge opens &amp; all cross it</title><pubDate>Tue, 24 Nov 2026 09:00:00 MSK</pubDate></item>
</channel></rss>`), parse.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Format, doc.Feed.Title)
	for _, it := range doc.Items {
		fmt.Println(it.GUID, it.Title, it.Published.UTC().Format("2 January 2006, 15:04 MST"))
	}

	var no *parse.NotFeedError
	_, err = parse.Feed(context.Background(), []byte("<!DOCTYPE html><title>Are you a robot?</title>"), parse.Options{})
	fmt.Println(errors.As(err, &no), err)
	// Output:
	// rss Ozerny news
	// 1 Footbridge opens & all cross it 24 November 2026, 06:00 UTC
	// true parse: not a feed but HTML
}

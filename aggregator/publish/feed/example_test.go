package feed_test

import (
	"encoding/json"
	"fmt"
	"log"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/view"
)

// An entry is written alone and joined with others to a document: its bytes can be kept for the next one.
func ExampleJSON() {
	maker := &view.Maker{Sources: map[string]*news.Source{"belta": {ID: "belta", Name: "BelTA", Content: news.Headline}}}
	at := view.NewAddresses("https://wire.example")
	seen := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	it := news.Item{
		Key: news.ItemKey("belta", "1"), Source: "belta", Title: "Footbridge opens in Ozerny", URL: "https://belta.example/1",
		Published: seen, FirstSeen: seen, Language: "en",
	}
	e := news.Entry{Key: it.Key, Items: []news.Key{it.Key}, Published: seen, Updated: seen, State: news.Public}
	item, err := feed.JSONItem(maker.Entry(e, []news.Item{it}), at, feed.EntryOptions{AgencyInTitle: true})
	if err != nil {
		log.Fatal(err)
	}
	doc, err := feed.JSON(feed.Head{Title: "A wire", Home: at.Base, Self: at.Base + "feed.json", Updated: seen}, [][]byte{item})
	if err != nil {
		log.Fatal(err)
	}
	var read struct {
		Items []struct {
			Title   string
			Credits struct{ Line string } `json:"_credits"`
		}
	}
	if err := json.Unmarshal(doc, &read); err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.Items[0].Title)
	fmt.Println(read.Items[0].Credits.Line)
	head, _, _ := strings.Cut(string(doc), `"feed_url"`)
	fmt.Println(head)
	// Output:
	// BelTA: Footbridge opens in Ozerny
	// BelTA.
	// {"version":"https://jsonfeed.org/version/1.1","title":"A wire","home_page_url":"https://wire.example/",
}

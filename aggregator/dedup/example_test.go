package dedup_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// Two sources carry one report, the second with other words at its end: the same text, and by what measure.
func ExampleCompare() {
	folder, err := os.MkdirTemp("", "dedup")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	st, err := store.Open(filepath.Join(folder, "wire.db"), store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()

	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	report := func(source, title, lead string) news.Item {
		return news.Item{Key: news.ItemKey(source, "1"), Source: source, Title: title, Lead: lead, Published: at, Language: "en"}
	}
	const title = "Footbridge opens in Ozerny"
	const lead = "The old footbridge across the river was opened to the residents of Ozerny after two years of repairs, the town " +
		"committee said on Tuesday."
	one, two := report("alpha", title, lead), report("bravo", title, lead+" Many came to see it.")
	other := report("charlie", "Lake near Ozerny freezes over", "The lake near the town froze over last night, and the first anglers came "+
		"out onto the ice early in "+
		"the morning, the rescue service reported.")
	err = st.View(func(v store.View) error {
		for _, pair := range [][2]news.Item{{one, two}, {one, other}} {
			j, err := dedup.Compare(v, pair[0], pair[1], news.Thresholds{})
			if err != nil {
				return err
			}
			fmt.Printf("%q: %q by %q, %.2f of the shorter text is in the other\n", pair[1].Source, j.Level, j.Rule, j.Score)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(dedup.Canonical("HTTPS://Alpha.example:443/news/1/?utm_source=rss&id=7#top"))
	// Output:
	// "bravo": "L4" by "text", 1.00 of the shorter text is in the other
	// "charlie": "" by "", 0.00 of the shorter text is in the other
	// //alpha.example/news/1?id=7
}

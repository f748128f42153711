package entries_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
)

// Two sources publish the same report. The second one joins the entry of the first, until an editor splits it off.
func Example() {
	folder, err := os.MkdirTemp("", "entries")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	st, err := store.Open(filepath.Join(folder, "wire.db"), store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()

	setup := &entries.Setup{
		InitialSources: []string{"alpha", "bravo"}, Stemmer: &text.Stemmer{}, Terms: func(news.Item, []text.Token) []uint32 { return nil },
	}
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	for _, source := range []string{"alpha", "bravo"} {
		it := news.Item{
			Source: source, GUID: "1", Title: "Footbridge opens in Ozerny",
			Lead: "The old footbridge across the river was opened to the residents of Ozerny after two years of repairs, the committee said.",
		}
		doc := entries.NewDocument(entries.Incoming{
			Source: news.Source{ID: source}, At: at, Items: []news.Item{it}, Total: 1,
			Prepare: func(int) entries.Prepared { return entries.Prepared{Item: it, Text: dedup.NewText(it)} },
		})
		err := st.Update(at, func(t *store.Tx) error {
			out, err := entries.Apply(t, setup, doc, news.State{})
			fmt.Printf("%s: %d new, %d joined\n", source, out.New, out.Joined)
			return err
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	err = st.Update(at, func(t *store.Tx) error {
		old, own, err := entries.Split(t, setup, news.ItemKey("alpha", "1"), news.ItemKey("bravo", "1"), "")
		fmt.Println("entries of their own:", old == news.ItemKey("alpha", "1"), own == news.ItemKey("bravo", "1"))
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// alpha: 1 new, 0 joined
	// bravo: 0 new, 1 joined
	// entries of their own: true true
}

package daemon

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

const maxFeedEvents = 200 // in the feed of events

// The elements of the feed of events (RFC 4287).
type (
	eventFeed struct {
		XMLName xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string       `xml:"id"`
		Title   string       `xml:"title"`
		Updated string       `xml:"updated"`
		Author  string       `xml:"author>name"`
		Entries []eventEntry `xml:"entry"`
	}
	eventEntry struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Content string `xml:"content"`
	}
)

// eventsFeed serves the newest events, the newest first.
func (d *daemon) eventsFeed(w http.ResponseWriter, _ *http.Request) {
	n := d.node.Load()
	all, err := n.Store.Events()
	feedID := ""
	if err == nil {
		err = n.View(func(v store.View) error { feedID = v.FeedID(); return nil })
	}
	if err != nil {
		d.log.Error("events not served", "err", err)
		http.Error(w, "the store cannot be read", http.StatusInternalServerError)
		return
	}
	id := func(what string) string { return "urn:uuid:" + news.ItemKey("events of "+feedID, what).String() }
	feed := eventFeed{
		ID: id(""), Title: n.Config.Feed.Title + ": what the operator should know", Updated: node.Stamp(d.began), Author: "Dateline",
	}
	for _, ev := range slices.Backward(all[max(0, len(all)-maxFeedEvents):]) {
		feed.Entries = append(feed.Entries, eventEntry{
			ID: id(fmt.Sprint(ev.Number)), Title: eventTitle(ev), Updated: node.Stamp(ev.At),
			Content: strings.TrimSpace(ev.Message + "\n" + ev.URL + "\n" + ev.Hint),
		})
	}
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	b, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append([]byte(xml.Header), b...)) // it fails only where the client is gone
}

// eventTitle is an event in a few words: belta is broken.
func eventTitle(ev news.Event) string {
	switch ev.Kind {
	case news.EventWithdrawn:
		return ev.Source + " took back: " + cmp.Or(ev.Title, entryKey(ev.Entry), "more")
	case news.EventState:
		return ev.Source + " is " + ev.State
	case news.EventConfig:
		return "config " + ev.State
	}
	return ev.Source + ": " + string(ev.Kind)
}

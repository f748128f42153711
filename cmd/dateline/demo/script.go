package demo

import (
	"strings"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// step is one thing that happens.
type step struct {
	what string
	do   func(map[string]*feed)
}

// Paths of the feeds.
const (
	pathBelta   = "/belta/rss"
	pathBeltaRu = "/belta-ru/rss"
	pathTass    = "/tass/rss/v2.xml"
	pathTassRu  = "/tass-ru/rss/v2.xml"
	pathMFA     = "/mfa/rss.php"
	pathMFANew  = "/mfa/en/rss.xml"
	pathCourier = "/courier/feed.atom"
)

// opening returns the feeds as they are before the first step.
func opening() map[string]feed {
	return map[string]feed{
		pathBelta:   {house: belta("BelTA - demonstration", "en"), articles: []article{weather, riverMaps}},
		pathBeltaRu: {house: belta("БЕЛТА - демонстрация", "ru"), articles: []article{weatherRu}},
		pathTass:    {house: tass("TASS - demonstration", "en"), articles: []article{ferry}},
		pathTassRu:  {house: tass("ТАСС - демонстрация", "ru"), articles: []article{ferryRu}},
		pathMFA:     {house: ministry(), articles: []article{reading}},
		pathCourier: {house: paper(), articles: []article{library}},
	}
}

// script is what happens, in order.
var script = []step{
	{"BelTA files a story; its photo is by the Russian MFA and came through TASS", publish(pathBelta, bridge)},
	{"the Zarechye Courier reprints it under BelTA's address: one entry, two carriers", publish(pathCourier, reprint)},
	{"TASS reports the same event in words of its own: another entry", publish(pathTass, bridgeTass)},
	{"BelTA edits the headline: the same entry, revised", edit(pathBelta, bridge.ID, func(a *article) {
		a.Title = "Footbridge across the Svetlaya reopens after two years of repairs"
	})},
	{"BelTA's Russian service files the story, with a correspondent's name", publish(pathBeltaRu, bridgeRu)},
	{"TASS publishes an item without a date: it is ordered by when it was first seen", publish(pathTass, undated)},
	{"the ministry's feed moves; the old address redirects to the new one", move(pathMFA, pathMFANew)},
	{"the ministry publishes at the new address", publish(pathMFANew, archive)},
	{"TASS's Russian service is down: 503, try again after two seconds", behave(pathTassRu, func(f *feed) { f.down = true })},
	{"TASS's Russian service files while it is down", publish(pathTassRu, bridgeTassRu)},
	{"TASS's Russian service is back, with what it filed meanwhile", behave(pathTassRu, func(f *feed) { f.down = false })},
	{"BelTA's document is cut off in the middle: its whole items count, the visit is partial", behave(pathBelta, func(f *feed) {
		f.articles = append([]article{swans}, f.articles...)
		f.cut = true
	})},
	{"BelTA's document is whole again", behave(pathBelta, func(f *feed) { f.cut = false })},
	{"the Courier's server answers with a page in place of the feed: status, never news",
		behave(pathCourier, func(f *feed) { f.page = true })},
	{"the Courier's feed is back", behave(pathCourier, func(f *feed) { f.page = false })},
	{"BelTA corrects the length of the bridge: marked in every list, and the page of the entry shows the words", edit(pathBelta, bridge.ID,
		func(a *article) {
			a.Title = "CORRECTED: Footbridge across the Svetlaya reopens after two years of repairs"
			a.Text = strings.Replace(a.Text, "212 metres", "218 metres", 1)
		})},
	{"the Courier takes a report back: a notice is left of it", edit(pathCourier, library.ID, func(a *article) {
		a.Title = "WITHDRAWN: " + a.Title
	})},
}

// Addresses are addresses below the public one that are worth a look when the script is over, each with what is there to see.
func Addresses() []Address {
	entry := func(source, guid string) string {
		return "entries/" + news.ItemKey(source, dedup.Identity(guid)).String()
	}
	return []Address{
		{"", "the wire: agencies, datelines, who else published it, what was revised, corrected and withdrawn"},
		{entry("belta", bridge.ID), "one report: its photo with the chain of its credit, its carriers, its revisions, " +
			"other tellings of the story"},
		{"agencies/belta", "one agency: what it reported, and who carried that"},
	}
}

// Address is an address below the public one.
type Address struct{ Path, What string }

// publish puts an article on top of a feed.
func publish(path string, a article) func(map[string]*feed) {
	return behave(path, func(f *feed) { f.articles = append([]article{a}, f.articles...) })
}

// edit changes an article in its place.
func edit(path, id string, change func(*article)) func(map[string]*feed) {
	return behave(path, func(f *feed) {
		f.articles = append([]article(nil), f.articles...)
		for i := range f.articles {
			if f.articles[i].ID == id {
				change(&f.articles[i])
			}
		}
	})
}

// move moves a feed to another path and redirects from the old one.
func move(from, to string) func(map[string]*feed) {
	return func(feeds map[string]*feed) {
		feeds[to] = feeds[from]
		feeds[from] = &feed{moved: to}
	}
}

func behave(path string, change func(*feed)) func(map[string]*feed) {
	return func(feeds map[string]*feed) {
		change(feeds[path])
		feeds[path].changes++
	}
}

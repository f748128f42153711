package page

import (
	"cmp"
	"maps"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// FeedLink is a feed in every format: its address is Path, a dot with the format, Query.
type FeedLink struct {
	Lang    string // of the title, BCP 47; empty: that of the page
	Title   string
	Path    string // without the format; relative to the page, or to `/`
	Query   string // with its `?`; empty: none
	Changes string // address of the feed of its changes, likewise; empty: none
}

// FeedGroup is a group of feeds, such as those of the sources.
type FeedGroup struct {
	ID      string // names the group on a page
	Heading string // in the words of pages
	Feeds   []FeedLink
}

// feedsShown bounds the feeds of a group on the page of the wire; where there are more, the page of subscriptions has them.
const feedsShown = 50

// FeedGroups returns the feeds of parts of the wire: of each enabled source, each language and each topic. Paths are relative to `/`; a
// group without feeds is left out.
func (s *Site) FeedGroups() []FeedGroup {
	w := catalogFor(s.Language)
	sources := FeedGroup{ID: "by-source", Heading: w.BySource}
	languages, topics := make(map[string]FeedLink), make(map[string]FeedLink)
	topic := func(t string) {
		topics[t] = FeedLink{Title: cmp.Or(view.Plain(s.Topics[t]), t), Path: view.TopicPath(t)}
	}
	for t := range s.Topics {
		topic(t)
	}
	for _, src := range s.Sources {
		if !src.Enabled {
			continue
		}
		sources.Feeds = append(sources.Feeds, FeedLink{
			Lang: text.CanonicalTag(src.Language), Title: cmp.Or(view.Plain(src.Name), src.ID), Path: view.SourcePath(src.ID),
			Changes: view.SourceChangesPath(src.ID) + ".atom",
		})
		if l := text.BaseLanguage(src.Language); l != "" {
			languages[l] = FeedLink{Lang: l, Title: languageName(l), Path: view.LanguagePath(l)}
		}
		for _, t := range src.Topics {
			topic(t)
		}
	}
	all := []FeedGroup{sources, {"by-language", w.ByLanguage, inOrder(languages)}, {"by-topic", w.ByTopic, inOrder(topics)}}
	return slices.DeleteFunc(all, func(v FeedGroup) bool { return len(v.Feeds) == 0 })
}

// parts returns the groups that the page of the wire shows.
func (s *Site) parts() []FeedGroup {
	return slices.DeleteFunc(s.FeedGroups(), func(g FeedGroup) bool { return len(g.Feeds) > feedsShown })
}

// inOrder returns the values of all in the order of their keys.
func inOrder(all map[string]FeedLink) []FeedLink {
	var out []FeedLink
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[k])
	}
	return out
}

// languageName returns what a language calls itself, else its tag.
func languageName(tag string) string {
	return cmp.Or(display.Self.Name(language.Make(tag)), tag)
}

package page

import (
	"cmp"
	"html/template"
	"maps"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// FeedLink is a feed in every format: its address is Path, a dot with the format, Query.
type FeedLink struct {
	Lang     string // of the title, BCP 47; empty: that of the page
	Title    string
	Path     string // without the format; relative to the page, or to `/`
	Query    string // with its `?`; empty: none
	Page     string // of a part of the wire: path of its page, relative to `/`
	ID       string // of a part: of the source, the language or the topic
	Changes  string // address of the feed of its changes, relative to `/`; empty: none
	AtomOnly bool   // there is no other format
}

// FeedFormat is a format of a feed, as pages link it.
type FeedFormat struct {
	Ending string            // of the address, such as `.atom`
	Short  string            // name beside other formats
	Name   string            // name by itself
	Type   template.HTMLAttr // the attribute with its media type
}

var feedFormats = []FeedFormat{
	{".atom", "Atom", "Atom", `type="application/atom+xml"`},
	{".rss", "RSS", "RSS", `type="application/rss+xml"`},
	{".json", "JSON", "JSON Feed", `type="application/feed+json"`},
}

// Formats returns the formats that the feed has, Atom first.
func (l FeedLink) Formats() []FeedFormat {
	if l.AtomOnly {
		return feedFormats[:1]
	}
	return feedFormats
}

// FeedGroup is a group of feeds, such as those of the sources.
type FeedGroup struct {
	ID      string // names the group on a page
	Heading string // in the words of pages
	Feeds   []FeedLink
}

// IDs of the groups.
const (
	bySource   = "by-source"
	byLanguage = "by-language"
	byTopic    = "by-topic"
)

// FeedGroups returns the feeds of parts of the wire: of each enabled source, each language and each topic. Paths are relative to `/`; a
// group without feeds is left out.
func (s *Site) FeedGroups() []FeedGroup {
	s.grouping.Do(func() { s.groups = s.feedGroups() }) // naming thousands of sources is work, and every page has some of them
	return s.groups
}

func (s *Site) feedGroups() []FeedGroup {
	w := catalogFor(s.Language)
	sources := FeedGroup{ID: bySource, Heading: w.BySource}
	languages, topics := make(map[string]FeedLink), make(map[string]FeedLink)
	topic := func(t string) {
		topics[t] = FeedLink{ID: t, Title: s.topicName(t), Path: view.TopicPath(t), Page: s.Addresses.TopicPage(t)}
	}
	for t := range s.Topics {
		topic(t)
	}
	for _, src := range s.Sources {
		if !src.Enabled {
			continue
		}
		sources.Feeds = append(sources.Feeds, FeedLink{
			ID: src.ID, Lang: text.CanonicalTag(src.Language), Title: cmp.Or(view.Plain(src.Name), src.ID), Path: view.SourcePath(src.ID),
			Page: s.Addresses.SourcePage(src.ID), Changes: view.SourceChangesPath(src.ID) + ".atom",
		})
		if l := text.BaseLanguage(src.Language); l != "" && languages[l].ID == "" {
			languages[l] = FeedLink{ID: l, Lang: l, Title: LanguageName(l), Path: view.LanguagePath(l), Page: s.Addresses.LanguagePage(l)}
		}
		for _, t := range src.Topics {
			topic(t)
		}
	}
	all := []FeedGroup{sources, {byLanguage, w.ByLanguage, inOrder(languages)}, {byTopic, w.ByTopic, inOrder(topics)}}
	return slices.DeleteFunc(all, func(v FeedGroup) bool { return len(v.Feeds) == 0 })
}

// inOrder returns the values of all in the order of their keys.
func inOrder(all map[string]FeedLink) []FeedLink {
	var out []FeedLink
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[k])
	}
	return out
}

// topicName returns what readers call a topic.
func (s *Site) topicName(id string) string { return cmp.Or(view.Plain(s.Topics[id]), id) }

// LanguageName returns what a language calls itself, else its tag.
func LanguageName(tag string) string {
	return cmp.Or(display.Self.Name(language.Make(tag)), tag)
}

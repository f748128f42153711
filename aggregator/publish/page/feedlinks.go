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

// feedLink is a feed that a page links in every format: its address is Path, the format's ending, Query.
type feedLink struct {
	Lang, Title string
	Path, Query string
}

// feedsView is a group of feeds.
type feedsView struct {
	Heading string
	Feeds   []feedLink
}

// feedsShown bounds the feeds of sources on the page of the wire; where there are more, the page of sources has them.
const feedsShown = 50

// parts returns the feeds of parts of the wire: of each source, language and topic. up is the relative path to `/`.
func (s *Site) parts(w *catalog, up string) []feedsView {
	sources := feedsView{Heading: w.BySource}
	languages, topics := make(map[string]feedLink), make(map[string]feedLink)
	topic := func(t string) {
		topics[t] = feedLink{Title: cmp.Or(view.Plain(s.Topics[t]), t), Path: up + view.TopicPath(t)}
	}
	for t := range s.Topics {
		topic(t)
	}
	for _, src := range s.Sources {
		if !src.Enabled {
			continue
		}
		sources.Feeds = append(sources.Feeds, feedLink{
			Lang: text.CanonicalTag(src.Language), Title: cmp.Or(view.Plain(src.Name), src.ID), Path: up + view.SourcePath(src.ID),
		})
		if l := text.BaseLanguage(src.Language); l != "" {
			languages[l] = feedLink{Lang: l, Title: languageName(l), Path: up + view.LanguagePath(l)}
		}
		for _, t := range src.Topics {
			topic(t)
		}
	}
	if len(sources.Feeds) > feedsShown {
		sources.Feeds = nil
	}
	all := []feedsView{sources, {w.ByLanguage, inOrder(languages)}, {w.ByTopic, inOrder(topics)}}
	return slices.DeleteFunc(all, func(v feedsView) bool { return len(v.Feeds) == 0 })
}

// inOrder returns the values of all in the order of their keys.
func inOrder(all map[string]feedLink) []feedLink {
	var out []feedLink
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[k])
	}
	return out
}

// languageName returns what a language calls itself, else its tag.
func languageName(tag string) string {
	return cmp.Or(display.Self.Name(language.Make(tag)), tag)
}

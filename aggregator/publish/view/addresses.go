package view

import (
	"net/url"
	"strings"

	"dateline/aggregator/news"
)

// Addresses are those of the published documents. The zero value has no base: its addresses are relative to `/`.
type Addresses struct {
	Base   string // public address of `/`, with one slash at its end
	Ending string // of the page of an entry where a page links it; `.html` where pages are files
}

// NewAddresses returns the addresses below the base address.
func NewAddresses(base string) Addresses { return Addresses{Base: strings.TrimRight(base, "/") + "/"} }

// Entry returns the address of the page of an entry.
func (a Addresses) Entry(k news.Key) string { return a.Base + "entries/" + k.String() }

// EntryPath returns the path of the page of an entry below the base, as pages link it.
func (a Addresses) EntryPath(k news.Key) string { return "entries/" + k.String() + a.Ending }

// StoryPath returns where the page of a story is, below the base, as pages link it.
func (a Addresses) StoryPath(k news.Key) string { return "stories/" + k.String() + a.Ending }

// SourcePage returns the path of the page of a source below the base, as pages link it.
func (a Addresses) SourcePage(id string) string { return "sources/" + url.PathEscape(id) + a.Ending }

// TopicPage returns the path of the page of a topic below the base.
func (a Addresses) TopicPage(id string) string { return "topics/" + url.PathEscape(id) + a.Ending }

// LanguagePage returns the path of the page of a language below the base.
func (a Addresses) LanguagePage(tag string) string { return "languages/" + tag + a.Ending }

// AgencyPage returns the path of the page of an agency below the base; empty: a key with a slash has no address.
func (a Addresses) AgencyPage(key string) string { return a.segment("agencies/", key) }

// PlacePage returns the path of the page of a place below the base.
func (a Addresses) PlacePage(key string) string { return a.segment("places/", key) }

func (a Addresses) segment(folder, name string) string {
	if !segment(name) {
		return ""
	}
	return folder + url.PathEscape(name) + a.Ending
}

// segment reports whether a name can be a segment of a path.
func segment(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.Contains(name, "/")
}

// SourcePath returns where the feed of a source is, below the base and without the format.
func SourcePath(id string) string { return "sources/" + url.PathEscape(id) + "/feed" }

// SourceChangesPath returns where the feed of the changes of a source is, below the base and without the format.
func SourceChangesPath(id string) string { return "sources/" + url.PathEscape(id) + "/changes" }

// TopicPath returns where the feed of a topic is, below the base and without the format.
func TopicPath(id string) string { return "topics/" + url.PathEscape(id) + "/feed" }

// LanguagePath returns where the feed of a language is, below the base and without the format.
func LanguagePath(tag string) string { return "languages/" + tag + "/feed" }

// AgencyPath returns where the feed of an agency is, likewise; empty: a key with a slash has no address.
func AgencyPath(key string) string { return feedOf("agencies/", key) }

// PlacePath returns where that of a place is, likewise.
func PlacePath(key string) string { return feedOf("places/", key) }

func feedOf(folder, name string) string {
	if !segment(name) {
		return ""
	}
	return folder + url.PathEscape(name) + "/feed"
}

// SearchQuery returns the query part of the address of a search, with its `?`. A space is %20, which is one in every part of an
// address.
func SearchQuery(q string) string {
	return "?q=" + strings.ReplaceAll(url.QueryEscape(q), "+", "%20")
}

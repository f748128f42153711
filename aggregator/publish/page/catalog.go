package page

import (
	"cmp"
	"embed"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// wordFiles hold what pages say, a file a language: words/LANGUAGE.txt, LANGUAGE in BCP 47, as [view.ReadWords] reads it. To add a
// language, add a file with every key of en.txt, which explains them.
//
//go:embed words/*.txt
var wordFiles embed.FS

// catalog is what pages say, in one language. The key of an exported field in a file is its name with underscores: `first_seen`.
type catalog struct {
	Lang string // of the words, BCP 47
	*view.Words

	About string // what the wire is

	// Pages.
	Skip, Pages, Wire, Subscribe, Contact        string
	Empty, FirstSeen, Updated                    string
	ReadOf, NoneAsked, NextTry                   string // why the wire is empty
	SeeSources, SeeDemo                          string
	NotThere, NotThereText                       string // in place of a document
	ReadOnly, ReadOnlyText                       string
	Unreadable, UnreadableText, BackHome         string
	Gone, GoneBy                                 string
	Photos, Credits, Role, Name, Evidence        string
	Copies, Original, Contained, Story, Replaces string
	Rights, Licence, Filed, Identity             string
	Revisions, Revision, Oldest                  string
	Feeds, SourceList, SearchFeed                string
	BySource, ByLanguage, ByTopic                string
	WhatIsAFeed, Merged, Lists, FeedList         string
	Older, Archive                               string
	Corrections, CorrectionsOf                   string
	Parts, All, Languages                        string // of the rail
	Agency, AtHome, LanguageOf, Topics, RightsOf string // of the facts about a part
	Cites, Carries, CarriedBy                    string
	FlagCorrected, FlagRevision, FlagPhoto       string // of a row
	StoryPage, WhoReported, WhoFirst, First      string
	When, Behind, What, Headline                 string
	Days, Hours, Minutes, SameMinute             string
	FilterByState, AllSources                    string
	LastDays, ItemsByDay                         string
	StripTitle, StripLabel, Others               string
	Provenance, WithPhoto, AndMore               string
	TimelineLabel, FollowStory, OpenStory        string
	Search, DoSearch, Found, NothingFound        string
	FoundAlone, FoundWithout, FoundNowhere       string // behind a part of a query
	Misread, HowToSearch                         string
	Sources, NoSources, Source, State            string
	LastSuccess, Never, NextDue, Items           string
	HeadlineChanged, TextChanged, OtherChanged   string
	Removed, Added                               string // before words, for those who do not see it

	Quotation string
	words     map[string]string // of groups, such as `role.byline`
}

// catalogs returns what pages say, by language. The first call reads it.
var catalogs = sync.OnceValue(readCatalogs)

func readCatalogs() map[string]*catalog {
	all := make(map[string]*catalog)
	files, _ := wordFiles.ReadDir("words") // embedded: it is there
	for _, f := range files {
		file, _ := wordFiles.ReadFile("words/" + f.Name())
		lang := strings.TrimSuffix(f.Name(), ".txt")
		all[lang] = newCatalog(lang, view.ReadWords(string(file)))
	}
	return all
}

func newCatalog(lang string, words map[string]string) *catalog {
	w := &catalog{Lang: lang, Words: view.WordsFor(lang), words: words}
	fields := reflect.ValueOf(w).Elem()
	for _, f := range said() {
		fields.FieldByIndex(f.Index).SetString(words[keyOf(f.Name)])
	}
	return w
}

// said returns the fields of a catalog that files fill.
func said() []reflect.StructField {
	var all []reflect.StructField
	for _, f := range reflect.VisibleFields(reflect.TypeFor[catalog]()) {
		if len(f.Index) == 1 && f.IsExported() && f.Type.Kind() == reflect.String && f.Name != "Lang" {
			all = append(all, f)
		}
	}
	return all
}

// keyOf returns the key of a field, such as `first_seen` of FirstSeen.
func keyOf(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// catalogFor returns the words of pages in a language, BCP 47; where there are none, in English.
func catalogFor(lang string) *catalog {
	return cmp.Or(catalogs()[text.BaseLanguage(lang)], catalogs()["en"])
}

// About says what the wire is, in the words of a language, BCP 47; where there are none, in English.
func About(lang string) string { return catalogFor(lang).About }

// of returns the words for a name in a group, such as `byline` in `role`, and whether there are any.
func (w *catalog) of(group, name string) (string, bool) {
	s, ok := w.words[group+"."+name]
	return s, ok
}

// orName returns the same, or the name where there are no words for it.
func (w *catalog) orName(group, name string) string {
	if s, ok := w.of(group, name); ok {
		return s
	}
	return name
}

// quoted returns s as a quotation, behind what introduces it.
func (w *catalog) quoted(s string) string { return ", " + view.Fill(w.Quotation, "words", s) }

// role names a role in the words of the language.
func (w *catalog) role(r news.Role) string { return w.orName("role", string(r)) }

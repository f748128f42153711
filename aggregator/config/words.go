package config

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/htmlindex"

	"dateline/aggregator/news"
	folded "dateline/aggregator/text"
)

// maxID is the length of the longest id, topic or key, in characters.
const maxID = 64

// MaxTopic is the length of the longest topic, in characters.
const MaxTopic = maxID

// form is that of ids of sources and keys of agencies: they are part of stored keys and of addresses.
var form = compiled(`^[a-z][a-z0-9-]*$`)

// id checks the id of a source or the key of an agency.
func id(s string) *Error {
	if len(s) > maxID {
		return wrong("longer than %d characters", maxID)
	}
	if form().MatchString(s) {
		return nil
	}
	e := wrong("%q: want lower-case letters, digits and hyphens, a letter first", s)
	near := strings.Trim(strings.NewReplacer("_", "-", " ", "-", ".", "-").Replace(strings.ToLower(s)), "-")
	if form().MatchString(near) {
		e.Suggestion = near
	}
	return e
}

// topic checks a topic: it is part of addresses and of file names.
func topic(s string) *Error {
	switch {
	case len([]rune(s)) > maxID:
		return wrong("longer than %d characters", maxID)
	case strings.ContainsAny(s, `/\?#%`) || s == "." || s == "..":
		return wrong(`%q cannot be part of an address: want no / \ ? # %%`, s)
	case s != strings.TrimSpace(s):
		return wrong("%q begins or ends with a space", s).meant(strings.TrimSpace(s))
	}
	return nil
}

// tag checks a language tag in its canonical form (BCP 47; RFC 5646 section 2.1.1).
func tag(s string) *Error {
	switch canonical := folded.CanonicalTag(s); canonical {
	case "":
		return wrong("%q is no language tag such as ru or en-GB (BCP 47)", s).meant(languages[strings.ToLower(s)])
	case s:
		return nil
	default:
		return wrong("%q is not how BCP 47 writes a language", s).meant(canonical)
	}
}

// languages are the tags of languages that are written out, in English and in themselves.
var languages = map[string]string{
	"arabic": "ar", "armenian": "hy", "azerbaijani": "az", "belarusian": "be", "беларуская": "be", "bulgarian": "bg", "chinese": "zh",
	"czech": "cs", "english": "en", "estonian": "et", "finnish": "fi", "french": "fr", "français": "fr", "georgian": "ka", "german": "de",
	"deutsch": "de", "hebrew": "he", "hindi": "hi", "italian": "it", "japanese": "ja", "kazakh": "kk", "korean": "ko", "kyrgyz": "ky",
	"latvian": "lv", "lithuanian": "lt", "persian": "fa", "polish": "pl", "polski": "pl", "portuguese": "pt", "romanian": "ro",
	"russian": "ru", "русский": "ru", "serbian": "sr", "spanish": "es", "español": "es", "tajik": "tg", "turkish": "tr", "ukrainian": "uk",
	"українська": "uk", "uzbek": "uz",
}

// Languages returns the tags of languages that are known by name, each once and in order.
func Languages() []string {
	all := slices.Sorted(maps.Values(languages))
	return slices.Compact(all)
}

var commonEncodings = []string{
	"utf-8", "windows-1251", "windows-1252", "koi8-r", "koi8-u", "iso-8859-1", "iso-8859-2", "iso-8859-5",
	"windows-1250", "gbk", "shift_jis", "euc-kr",
}

// windowsPage is the number of a code page of Windows.
var windowsPage = compiled(`125[0-8]$`)

// encodingName checks a name of the WHATWG Encoding Standard.
func encodingName(s string) *Error {
	if _, err := htmlindex.Get(s); err != nil {
		e := wrong("unknown encoding %q", s).meant(nearest(s, commonEncodings, 2))
		if page := windowsPage().FindString(s); page != "" && strings.HasPrefix(strings.ToLower(s), "win") {
			e.Suggestion = "windows-" + page
		}
		return e
	}
	return nil
}

var contents = []string{string(news.Headline), string(news.Summary), string(news.Full)}

// content checks what may be republished.
func content(s string) *Error { return oneOf(s, contents) }

const (
	retryHost = "host"
	retryFeed = "feed"
)

// agencyInTitle is the default of feed.agency_in.
const agencyInTitle = "title"

// agencyIn checks where readers see the agency of an entry.
func agencyIn(s string) *Error { return oneOf(s, []string{agencyInTitle, "author", "both", "none"}) }

// The words for page furniture.
const (
	furnitureCut  = "cut"
	furnitureKeep = "keep"
)

// The words for where credits are read.
const (
	creditsFeed = "feed"
	creditsPage = "page"
)

// creditsFrom checks where credits are read.
func creditsFrom(s string) *Error { return oneOf(s, []string{creditsFeed, creditsPage}) }

// furniture checks what becomes of page furniture.
func furniture(s string) *Error { return oneOf(s, []string{furnitureCut, furnitureKeep}) }

// retryScope checks what a Retry-After is about.
func retryScope(s string) *Error { return oneOf(s, []string{retryHost, retryFeed}) }

// phrase checks a word or phrase to look for.
func phrase(s string) *Error {
	if len(folded.Words(s)) == 0 {
		return wrong("%q has no word in it", s)
	}
	return nil
}

var agencyKinds = []string{
	string(news.KindAgency), string(news.KindMinistry), string(news.KindPhoto),
	string(news.KindDistributor), string(news.KindPressRelease), string(news.KindMedia),
}

// agencyKind checks what an agency does.
func agencyKind(s string) *Error { return oneOf(s, agencyKinds) }

func oneOf(s string, words []string) *Error {
	for _, w := range words {
		if s == w {
			return nil
		}
	}
	last := len(words) - 1
	return wrong("%q: want %s or %s", s, strings.Join(words[:last], ", "), words[last]).meant(nearest(s, words, 2))
}

// checkOneLine checks text for one line of a document.
func checkOneLine(s string) *Error {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return wrong("text of more than one line")
	}
	return nil
}

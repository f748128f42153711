package page

import (
	_ "embed"
	"strings"
	"sync"

	"dateline/aggregator/text"
)

// wordSet says what the words of a class or an id are.
type wordSet uint16

// What words of a class or an id can be; words.txt has them.
const (
	furnitureWord wordSet = 1 << iota
	figureWord
	creditWord
	bylineWord
	standfirstWord
	sourceWord
	viewerWord
	captionWord
	articleWord
	workWord
)

func (s wordSet) has(w wordSet) bool { return s&w != 0 }

//go:embed words.txt
var wordsFile string

// What words.txt lists: the words of classes as they are, the rest by section, as [text.Fold] writes it. It is read for the first page.
var wordTables = sync.OnceValues(func() (map[string]wordSet, map[string]map[string]bool) { return readWords(wordsFile) })

// wordList returns a section.
func wordList(name string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		_, lists := wordTables()
		return lists[name]
	})
}

var (
	rightsWords  = wordList("rights")
	endLabels    = wordList("label")
	postWords    = wordList("post")
	advertLabels = wordList("advert")
	commonWords  = wordList("common")
	noticeWords  = wordList("notice")
	pictureWords = wordList("picture")
	authorLabels = wordList("author")
	bioWords     = wordList("bio")
	roleWords    = wordList("role")
	taskWords    = wordList("task")
	openingWords = wordList("opening")
	writeWords   = wordList("write")
	houseWords   = wordList("house")
	originWords  = wordList("origin")

	editorWords       = wordList("editor")
	photographerWords = wordList("photographer")
	noOwnerWords      = wordList("no-owner")
	archiveWords      = wordList("archive")
	subjectTitles     = wordList("subject")
	stageWords        = wordList("stage")
	clauseWords       = wordList("clause")
	untilWords        = wordList("until")
	crewWords         = wordList("crew")
	pageWords         = wordList("pages")
	venueWords        = wordList("venue")
	imprintWords      = wordList("imprint")
	bookHouses        = wordList("book-house")
	thingWords        = wordList("thing")
	sayingWords       = wordList("saying")
	outletWords       = wordList("outlet")
	newsroomSigns     = wordList("newsroom")
)

// readWords reads the lists of a file: of words, or of lines.
func readWords(file string) (table map[string]wordSet, lists map[string]map[string]bool) {
	table, lists = make(map[string]wordSet, strings.Count(file, " ")), map[string]map[string]bool{}
	sets := map[string]wordSet{"furniture": furnitureWord, "figure": figureWord, "credit": creditWord, "byline": bylineWord,
		"standfirst": standfirstWord, "source": sourceWord, "viewer": viewerWord, "caption": captionWord, "article": articleWord,
		"work": workWord}
	byLine := map[string]bool{"label": true, "advert": true, "notice": true}
	name := ""
	for l := range strings.Lines(file) {
		l = strings.TrimSpace(l)
		if section, _, ok := strings.Cut(strings.TrimPrefix(l, "["), "]"); ok && l[0] == '[' {
			name = section
			lists[name] = map[string]bool{}
			continue
		}
		switch set := sets[name]; {
		case l == "" || l[0] == '#':
		case byLine[name]:
			lists[name][text.Fold(l)] = true
		default:
			for w := range strings.FieldsSeq(l) {
				if set != 0 {
					table[w] |= set
				} else {
					lists[name][text.Fold(w)] = true
				}
			}
		}
	}
	return table, lists
}

// isEndLabel reports whether a line says that other texts follow.
func isEndLabel(s string) bool {
	return len(s) <= 80 && endLabels()[text.Fold(strings.TrimRight(s, " :»→>.(0123456789)"))]
}

const maxWord = 48 // bytes of two words that are looked up

// wordsOf returns what the words of a class or an id are, which hyphens, underscores and changes of case part, and each two of them
// that are together: "read-more" and "readMore" are readmore.
func wordsOf(value string) (set wordSet) {
	table, _ := wordTables()
	var buf [maxWord]byte
	before := 0 // length of the word before, at the beginning of buf; 0: none
	for i := 0; i < len(value); {
		if !isLetter(value[i]) {
			if value[i] <= ' ' {
				before = 0
			}
			i++
			continue
		}
		j := i + 1
		for j < len(value) && isLetter(value[j]) && (isLower(value[j]) || !isLower(value[j-1])) {
			j++
		}
		if before+j-i > maxWord {
			before = 0
		}
		n := before
		for k := i; k < min(j, i+maxWord); k++ {
			buf[n] = value[k] | 0x20
			n++
		}
		word := buf[before:n]
		if pair := table[string(buf[:n])]; before > 0 && pair.has(articleWord) {
			set |= pair
		} else {
			set |= table[string(word)] | pair
		}
		before = copy(buf[:], word)
		i = j
	}
	return set
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

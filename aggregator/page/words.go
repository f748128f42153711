package page

import (
	_ "embed"
	"strings"

	"dateline/aggregator/text"
)

// wordSet says what the words of a class or an id are.
type wordSet uint8

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
)

func (s wordSet) has(w wordSet) bool { return s&w != 0 }

//go:embed words.txt
var wordsFile string

// What words.txt lists: the words of classes, the words of rights that name no owner, lines behind which other texts stand, words of
// posts and firms, and labels of advertisements, as [text.Fold] writes them.
var wordTable, rightsWords, endLabels, postWords, advertLabels = readWords(wordsFile)

// readWords reads the lists of a file.
func readWords(file string) (table map[string]wordSet, rights, labels, posts, adverts map[string]bool) {
	table, rights, labels, posts, adverts = map[string]wordSet{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	sets := map[string]wordSet{"furniture": furnitureWord, "figure": figureWord, "credit": creditWord, "byline": bylineWord,
		"standfirst": standfirstWord, "source": sourceWord, "viewer": viewerWord,
		"caption": captionWord}
	var set wordSet
	list := ""
	for l := range strings.Lines(file) {
		l = strings.TrimSpace(l)
		if name, _, ok := strings.Cut(strings.TrimPrefix(l, "["), "]"); ok && l[0] == '[' {
			list, set = name, sets[name]
			continue
		}
		switch {
		case l == "" || l[0] == '#':
		case list == "label":
			labels[text.Fold(l)] = true
		case list == "advert":
			adverts[text.Fold(l)] = true
		case list == "rights":
			for w := range strings.FieldsSeq(text.Fold(l)) {
				rights[w] = true
			}
		case list == "post":
			for w := range strings.FieldsSeq(text.Fold(l)) {
				posts[w] = true
			}
		default:
			for w := range strings.FieldsSeq(l) {
				table[w] |= set
			}
		}
	}
	return table, rights, labels, posts, adverts
}

// isEndLabel reports whether a line says that other texts follow.
func isEndLabel(s string) bool {
	return len(s) <= 80 && endLabels[text.Fold(strings.TrimRight(s, " :»→>.(0123456789)"))]
}

const maxWord = 48 // bytes of two words that are looked up

// wordsOf returns what the words of a class or an id are, which hyphens, underscores and changes of case part, and each two of them
// that stand together: "read-more" and "readMore" are readmore.
func wordsOf(value string) (set wordSet) {
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
		set |= wordTable[string(word)]
		if before > 0 {
			set |= wordTable[string(buf[:n])]
		}
		before = copy(buf[:], word)
		i = j
	}
	return set
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

package view

import (
	"cmp"
	"embed"
	"strconv"
	"strings"
	"time"
)

// wordFiles hold the words that are printed with an entry, a file a language: words/LANGUAGE.txt, LANGUAGE in BCP 47, as
// [ReadWords] reads it.
// To add a language, add a file with every key of en.txt, which explains them.
//
//go:embed words/*.txt
var wordFiles embed.FS

// Words are those that are printed with an entry: in its credit line, and in the notices above and in place of its text.
type Words struct {
	months      [12]string // in the form that follows a day
	dayOfMonth  string
	date        string // a day with its year
	author      string // before one person
	authors     string // before several
	photo       string
	via         string
	carried     string
	and         string // between two originators
	withdrawn   string // in place of a text that the editor withdrew
	withdrawnBy string // that its source did
	corrected   string
	correctedBy string // before a headline
	takenBack   string // and reinstated later
	restored    string
	editors     string
}

// fields returns where the words of each key go.
func (w *Words) fields() map[string]*string {
	return map[string]*string{
		"day": &w.dayOfMonth, "date": &w.date, "by": &w.author, "by_several": &w.authors, "photo": &w.photo, "via": &w.via,
		"carried": &w.carried, "and": &w.and, "withdrawn": &w.withdrawn, "withdrawn_by": &w.withdrawnBy, "corrected": &w.corrected,
		"corrected_by": &w.correctedBy,
		"taken_back":   &w.takenBack, "restored": &w.restored, "editors": &w.editors,
	}
}

// ReadWords reads a file of words, by key. A line is `key = words`; one that is empty or begins with # says nothing. Words in braces
// are replaced by [Fill].
func ReadWords(file string) map[string]string {
	all := make(map[string]string)
	for l := range strings.Lines(file) {
		key, words, ok := strings.Cut(strings.TrimRight(l, "\r\n"), " =")
		if ok && !strings.HasPrefix(l, "#") {
			all[key] = strings.TrimPrefix(words, " ")
		}
	}
	return all
}

// newWords takes the words of an entry from a file. A key that it lacks stays empty.
func newWords(file map[string]string) *Words {
	w := new(Words)
	for key, to := range w.fields() {
		*to = file[key]
	}
	copy(w.months[:], strings.Split(file["months"], ", "))
	return w
}

// by returns the word before n persons.
func (w *Words) by(n int) string {
	if n == 1 {
		return w.author
	}
	return w.authors
}

// monthDay prints a day of a month, such as `17 May`.
func (w *Words) monthDay(month, day int) string {
	return Fill(w.dayOfMonth, "day", strconv.Itoa(day), "month", w.months[month-1])
}

// Day prints the date of t in its zone, such as `17 May 2023`.
func (w *Words) Day(t time.Time) string {
	return Fill(w.date, "day", strconv.Itoa(t.Day()), "month", w.months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// ShortDay prints the date of t in its zone without the year, such as `17 May`.
func (w *Words) ShortDay(t time.Time) string { return w.monthDay(int(t.Month()), t.Day()) }

// Clock prints the time of day of t, with its zone.
func (w *Words) Clock(t time.Time) string { return t.Format("15:04 MST") }

// Moment prints t in full, in its zone.
func (w *Words) Moment(t time.Time) string { return w.Day(t) + ", " + w.Clock(t) }

// Withdrawal returns the notice in place of a withdrawn text. by is the source that withdrew it; empty: the editor did.
func (w *Words) Withdrawal(by string) string {
	if by == "" {
		return w.withdrawn
	}
	return Fill(w.withdrawnBy, "who", by)
}

// Fill puts values where pattern names their keys: Fill("{day} {month}", "day", "17", "month", "May"). What it puts in is not filled.
func Fill(pattern string, pairs ...string) string {
	var b strings.Builder
	b.Grow(2 * len(pattern))
	for {
		before, after, _ := strings.Cut(pattern, "{")
		b.WriteString(before)
		if len(before) == len(pattern) {
			return b.String()
		}
		pattern = after
		key, rest, _ := strings.Cut(after, "}")
		i := 0
		for i < len(pairs) && pairs[i] != key {
			i += 2
		}
		if i < len(pairs) {
			b.WriteString(pairs[i+1])
			pattern = rest
		} else {
			b.WriteByte('{')
		}
	}
}

// words are those of each language, by its primary tag.
var words = readWords()

func readWords() map[string]*Words {
	all := make(map[string]*Words)
	files, _ := wordFiles.ReadDir("words") // embedded: it is there
	for _, f := range files {
		file, _ := wordFiles.ReadFile("words/" + f.Name())
		all[strings.TrimSuffix(f.Name(), ".txt")] = newWords(ReadWords(string(file)))
	}
	return all
}

// WordsFor returns the words of entries in a language, BCP 47; where there are none, in English.
func WordsFor(lang string) *Words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	return cmp.Or(words[base], words["en"])
}

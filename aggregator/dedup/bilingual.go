package dedup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// One house often reports an event in Latin and in Cyrillic letters. Such reports have no word in common but names and figures: they are
// found by their figures, and are of one story if they name the same too (the consonants of a name sound alike in both).

const (
	bilingualWindow  = 12 * time.Hour
	bilingualFigures = 2 // in common, years and single digits apart
	bilingualNames   = 3
	bilingualWords   = 100 // of a lead, are read
	bilingualStory   = 1   // score of such a story
	nameConsonants   = 3   // of a name
	nameEnding       = 2   // consonants that the end of a name may have in a case of it
)

// bilingual returns the items that have figures of the text, near it in time, of those that may be about its event in other letters.
func (t *Text) bilingual(ix Stems) ([]news.Hit, error) {
	if t.house() == "" {
		return nil, nil
	}
	figures := t.plainFigures()
	if len(figures) < bilingualFigures {
		return nil, nil
	}
	terms := make([]uint32, len(figures))
	for i, f := range figures {
		terms[i] = text.Term(f)
	}
	at := t.item.Date()
	seen, err := ix.FindAtLeast(set(terms), at.Add(-bilingualWindow), bilingualFigures, rareOwners)
	if err != nil {
		return nil, err
	}
	seen = slices.DeleteFunc(seen, func(o news.Hit) bool { return o.At.Sub(at).Abs() > bilingualWindow || o.Source == t.item.Source })
	slices.SortStableFunc(seen, func(a, b news.Hit) int {
		return cmp.Or(cmp.Compare(len(b.Terms), len(a.Terms)), cmp.Compare(a.At.Sub(at).Abs(), b.At.Sub(at).Abs()))
	})
	return seen[:min(len(seen), maxStoryCandidates)], nil
}

// inOtherScript returns the evidence that a text of the same house in other letters is about the same event; nil: it is not.
func (t *Text) inOtherScript(b *Text, m news.Thresholds) *news.Join {
	d := sameEventAbroad(t, b)
	if d == "" || t.item.Date().Sub(b.item.Date()).Abs() > bilingualWindow {
		return nil
	}
	return &news.Join{Level: "L7", Rule: "names", With: b.item.Key, Story: bilingualStory, Thresholds: m,
		Guards: []news.Guard{{Name: guardStory, Passed: true, Detail: d}}}
}

// house returns the registry key of the agency that reports the text; empty: unknown.
func (t *Text) house() string {
	if t.item.Credits.Agency == nil {
		return ""
	}
	return t.item.Credits.Agency.Agency
}

// sameEventAbroad says which names and figures two texts of one house in Latin and in Cyrillic letters have in common, where that is
// enough for one event; empty: it is not.
func sameEventAbroad(a, b *Text) string {
	if one, other := script(a), script(b); one == other || one == "other" || other == "other" || a.house() == "" || a.house() != b.house() {
		return ""
	}
	figures := slices.DeleteFunc(slices.Clone(a.plainFigures()), func(f string) bool { return !slices.Contains(b.plainFigures(), f) })
	names := a.namesAlso(b)
	if len(figures) < bilingualFigures || len(names) < bilingualNames {
		return ""
	}
	return fmt.Sprintf("names %s, figures %s", strings.Join(names, " "), strings.Join(figures, " "))
}

// plainFigures returns the figures of the title and the lead as they are printed, each once, without years and single digits.
func (t *Text) plainFigures() []string {
	if t.made.figures == nil {
		all := t.makePlainFigures()
		t.made.figures = &all
	}
	return *t.made.figures
}

func (t *Text) makePlainFigures() (all []string) {
	tokens := make([]text.Token, 0, bilingualWords)
	for _, s := range []string{t.item.Title, t.item.Lead} {
		for _, tok := range text.AppendTokens(tokens, s, bilingualWords) {
			if tok.Figure && len(tok.Text) > 1 && !isYear(tok.Text) && !slices.Contains(all, tok.Text) {
				all = append(all, tok.Text)
			}
		}
	}
	return all
}

// namesAlso returns the names of t that b has in its own letters, each once.
func (t *Text) namesAlso(b *Text) (all []string) {
	theirs := b.nameKeys()
	for _, k := range t.nameKeys() {
		if slices.ContainsFunc(theirs, func(o string) bool { return sameNameKey(k, o) }) {
			all = append(all, k)
		}
	}
	return all
}

// nameKeys returns the consonants of the names in the title and the lead, each name once.
func (t *Text) nameKeys() (all []string) {
	for _, tokens := range [][]text.Token{t.title, t.tokens[:min(len(t.tokens), bilingualWords)]} {
		for _, tok := range tokens {
			if !tok.Upper || tok.Figure || text.StopWord(tok.Text) {
				continue
			}
			k := nameKey(tok.Text)
			if len(k) >= nameConsonants && !slices.ContainsFunc(all, func(o string) bool { return sameNameKey(k, o) }) {
				all = append(all, k)
			}
		}
	}
	return all
}

// sameNameKey reports whether two names have the same consonants, the one perhaps with those of a case behind them.
func sameNameKey(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return strings.HasPrefix(b, a) && len(b)-len(a) <= nameEnding
}

// nameKey returns the consonants of a word as they sound in Latin and in Cyrillic letters: s for all that hiss, no h, no vowel, each once
// where it is doubled.
func nameKey(word string) string {
	var b strings.Builder
	last := byte(0)
	for word != "" {
		sound, n := soundOf(word)
		word = word[n:]
		for i := range len(sound) {
			if sound[i] != last {
				b.WriteByte(sound[i])
			}
			last = sound[i]
		}
		if sound == "" {
			last = 0
		}
	}
	return b.String()
}

// sounds are letters that sound alike, the longer before those that they begin with.
var sounds = []struct{ letters, sound string }{
	{"shch", "s"}, {"sch", "s"}, {"tch", "s"}, {"ch", "s"}, {"sh", "s"}, {"zh", "s"}, {"ts", "s"}, {"tz", "s"}, {"kh", ""}, {"ph", "f"},
	{"th", "t"}, {"ck", "k"}, {"qu", "k"}, {"x", "ks"}, {"ce", "s"}, {"ci", "s"}, {"cy", "s"}, {"c", "k"}, {"q", "k"}, {"z", "s"}, {"w", "v"},
	{"дж", "j"}, {"кс", "ks"}, {"тч", "s"}, {"тс", "s"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"д", "d"}, {"ж", "s"}, {"з", "s"},
	{"к", "k"}, {"л", "l"}, {"м", "m"}, {"н", "n"}, {"п", "p"}, {"р", "r"}, {"с", "s"}, {"т", "t"}, {"ф", "f"}, {"ц", "s"}, {"ч", "s"},
	{"ш", "s"}, {"щ", "s"},
}

// soundOf returns the sound that a word begins with, and of how many bytes.
func soundOf(word string) (string, int) {
	for _, s := range sounds {
		if strings.HasPrefix(word, s.letters) {
			return s.sound, len(s.letters)
		}
	}
	_, n := utf8.DecodeRuneInString(word)
	if n == 1 && strings.Contains("bdfgjklmnprstv", word[:1]) {
		return word[:1], 1
	}
	return "", n
}

package attribute

import (
	_ "embed"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// What an agency does in a sentence is decided by the words beside its name. A cue is a sequence of words that ends
// before the name or begins behind it.

const (
	ruleLearned   = "own-learned"   // BelTA has learned: the agency speaks of itself
	ruleReport    = "reported-by"   // передает БЕЛТА; as reported by Reuters; Reuters reported
	ruleTold      = "told"          // told TASS; сообщили ТАСС в правительстве
	ruleAccording = "according-to"  // according to TASS; по данным ТАСС; laut dpa
	ruleInterview = "interview"     // in an interview with Magyar Nemzet; в интервью ТАСС
	ruleCiting    = "citing"        // citing the ministry; со ссылкой на посольство
	ruleWordsOf   = "words-of"      // Слова главы МИД РФ передает РИА «Новости»
	ruleChannel   = "channel"       // размещена в Telegram-канале X, передает БЕЛТА
	ruleSource    = "source-line"   // Источник: БЕЛТА
	ruleSignature = "signature"     // ... . (dpa)
	ruleQuoted    = "outlet-named"  // сообщает телеканал "Россия 24"
	ruleNamed     = "attributed-to" // сообщает пресс-служба завода; learned from the ministry
	ruleCitedBy   = "cited-by"      // предаде Ройтерс; podle agentury Reuters
	ruleOwnStaff  = "correspondent" // сообщает корреспондент The Moscow Post
)

//go:embed tables/cues.txt
var cuesTable string

// cues are sequences of words that show a rule.
type cues struct {
	index lex.Index // of the folded words, parted by one space
	rules []string  // by number in the index
	edge  lex.Class // of the word at which a cue is looked up: its last before a name, else its first
}

// cueTable is what tables/cues.txt holds, by side.
type cueTable struct{ before, after, citing, attributions cues }

// newCues reads the table in the form that its head describes; only the sections of rules that apply reports are read.
func newCues(data string, applies func(rule string) bool) *cueTable {
	t := &cueTable{}
	for _, side := range []struct {
		c    *cues
		edge lex.Class
		n    int // about so many
	}{{&t.before, cueBefore, 3400}, {&t.after, cueAfter, 2100}, {&t.citing, cueCiting, 100}, {&t.attributions, cueNamed, 60}} {
		*side.c = cues{lex.NewIndex(side.n), make([]string, 0, side.n), side.edge}
	}
	var sides []*cues
	rule := ""
	for line := range strings.SplitSeq(data, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			var side string
			rule, side, _ = strings.Cut(strings.Trim(line, "[]"), " ")
			sides = map[string][]*cues{"before": {&t.before}, "after": {&t.after}, "both": {&t.before, &t.after}, "opens": {&t.citing}}[side]
			if rule == ruleNamed {
				sides = []*cues{&t.attributions}
			}
		case applies(rule):
			_, list, _ := strings.Cut(line, ":")
			lex.EachFold(eachForm(list), ";", func(cue string) {
				for _, c := range sides {
					c.add(cue, rule)
				}
			})
		}
	}
	return t
}

// add takes in a cue of a rule, which replaces another rule but [ruleCitedBy] does not.
func (c *cues) add(cue, rule string) {
	if n, added := c.index.Add(cue); added {
		c.rules = append(c.rules, rule)
	} else if rule != ruleCitedBy {
		c.rules[n] = rule
	}
}

// eachForm returns a list of cues with every form of those that have endings in brackets: "napsal(,a,o)".
func eachForm(list string) string {
	if strings.IndexByte(list, '(') < 0 {
		return list
	}
	b := make([]byte, 0, 4*len(list))
	for cue := range strings.SplitSeq(list, ";") {
		stem, rest, ok := strings.Cut(cue, "(")
		endings, rest, _ := strings.Cut(rest, ")")
		for end := range strings.SplitSeq(endings, ",") {
			b = append(append(append(append(b, stem...), end...), rest...), ';')
			if !ok {
				break
			}
		}
	}
	return string(b)
}

// outlets are words before the name of a newspaper, a channel or an agency.
var outlets = wordClass("outlets")

// outletNames are words with which the names of newspapers and channels end in English.
var outletNames = wordSet("outletNames")

// staff are words before an agency's name that make it the speaker: its own correspondent.
var staff = wordClass("staff")

// between are words that may be between a cue and a name.
var between = wordClass("between")

// nationals are the stems of such adjectives.
var nationals = wordList("nationals")

// isNational reports whether a word is an adjective that says where an agency is from: британское, britské, francoska.
func isNational(w string) bool {
	if len(w) < 5 || lex.Case(w) != lex.Lower {
		return false
	}
	for _, stem := range nationals {
		if k := strings.LastIndex(w, stem); k > 1 && len([]rune(w[k+len(stem):])) <= 3 {
			return true
		}
	}
	return false
}

// behind are words that may be between a name and its verb.
var behind = wordClass("behind")

// lookup reads the longest cue of at most four words from list that ends at word k (before a name) or begins there.
func (c *cues) lookup(s string, list []lex.Token, k int) (rule string, n int) {
	if !list[k].Is(c.edge) {
		return "", 0
	}
	for size := 4; size > 0; size-- {
		from := k
		if c.edge == cueBefore {
			from = k - size + 1
		}
		if from < 0 || from+size > len(list) {
			continue
		}
		if r := c.rule(list[from : from+size]); r != "" && !broken(s, list[from].Start, list[from+size-1].End) {
			return r, size
		}
	}
	return "", 0
}

// rule returns the rule that a sequence of words shows, or "".
func (c *cues) rule(list []lex.Token) string {
	var buf [160]byte
	b := buf[:0]
	for _, w := range list {
		if w.Word == nil || len(b)+len(w.Word.Fold) > len(buf)-2 {
			return ""
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(b, w.Word.Fold...)
	}
	if n := c.index.Find(b); n >= 0 {
		return c.rules[n]
	}
	return ""
}

// broken reports whether a sentence ends between start and end. A full stop behind the abbreviation of a word such as "newspaper" before
// a name in quotation marks ends none: пише в. "Нова доба".
func broken(s string, start, end int) bool {
	if strings.ContainsAny(s[start:end], "\n;!?") {
		return true
	}
	for i := start; ; {
		k := strings.Index(s[i:end], ". ")
		if k < 0 {
			return false
		}
		k += i
		if !lex.IsQuote(lex.RuneAt(s, k+2)) || !outletShort.Has(lastWord(s[:k])) {
			return true
		}
		i = k + 2
	}
}

// lastWord returns the word with which s ends.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && lex.IsWord(lex.Before(s, i)) {
		_, n := lex.Last(s, i)
		i -= n
	}
	return s[i:]
}

// outletShort are abbreviations of words such as "newspaper".
var outletShort = wordClass("outletShort")

// What a word may begin, as classes of the registry's vocabulary. The sections of words.txt have the classes above these.
const (
	headName    lex.Class = 1 << iota // the name of an agency
	headSeller                        // the name of one that sells pictures
	headOutlet                        // an outlet's name follows it
	headNamed                         // it ends the name of an outlet: Herald
	headChannel                       // the name of a channel follows it
	headLabel                         // a photo credit follows it
	cueBefore                         // it ends a cue before a name
	cueAfter                          // it begins a cue behind a name
	cueCiting                         // it begins a cue that opens a phrase
	cueNamed                          // it begins a cue of attribution
	firstClass
)

// newVocabulary returns what the rules know of words: what a word may begin, and the sections that it is in.
func newVocabulary(d *agency.Registry, t *cueTable, rules map[string]int) *lex.Vocabulary {
	v := d.Vocabulary()
	v.Glue(headSeller | gluedLabels.class)
	for w, kind := range d.Heads() {
		w.Class |= headName
		if kind == news.KindPhoto || kind == news.KindDistributor {
			w.Class |= headSeller
		}
	}
	for _, c := range classes {
		c.Each(func(w string) {
			if !strings.Contains(w, " ") {
				v.Add(w, c.class)
			}
		})
	}
	if _, ok := rules[ruleQuoted]; ok {
		for _, l := range []lex.Set{outlets.Set, staff.Set} {
			l.Each(func(w string) { v.Add(w[strings.LastIndexByte(w, ' ')+1:], headOutlet) })
		}
		outletNames.Each(func(w string) { v.Add(w, headNamed) })
	}
	for _, l := range []lex.Set{labels, photoBy, photoWords.Set, sourceLabels.Set, copyrights.Set, dotted, shortLabels, captionAuthors} {
		l.Each(func(w string) {
			w, _, _ = strings.Cut(w, " ")
			v.Add(w, headLabel)
		})
	}
	if _, ok := rules[ruleChannel]; ok {
		channels.Each(func(w string) { v.Add(w, headChannel) })
	}
	for _, c := range []*cues{&t.before, &t.after, &t.citing, &t.attributions} {
		c.teach(v)
	}
	return v
}

// teach adds the words of the cues, with the class of the cues to the word at which they are looked up.
func (c *cues) teach(v *lex.Vocabulary) {
	for _, cue := range c.index.Keys {
		for first := true; ; first = false {
			w, rest, more := strings.Cut(cue, " ")
			if c.edge == cueBefore && !more || c.edge != cueBefore && first {
				v.Add(w, c.edge)
			} else {
				v.Add(w, 0)
			}
			if !more {
				break
			}
			cue = rest
		}
	}
}

var channels = wordSet("channels")

package attribute

import (
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	_ "embed"
)

import (
	"strings"
)

// What an agency does in a sentence is told by the words beside its name. A cue is a sequence of words that ends
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

// cues maps a sequence of words to the rule that it shows.
type cues map[string]string

// cueTable is what tables/cues.txt holds, by side.
type cueTable struct{ before, after, citing, attributions cues }

// newCues reads the table in the form that its head describes; only the sections of rules that apply reports are read.
func newCues(data string, applies func(rule string) bool) *cueTable {
	t := &cueTable{cues{}, cues{}, cues{}, cues{}}
	var section cues
	rule := ""
	for line := range strings.SplitSeq(data, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			var side string
			rule, side, _ = strings.Cut(strings.Trim(line, "[]"), " ")
			section = map[string]cues{"before": t.before, "after": t.after, "opens": t.citing}[side]
			if rule == ruleNamed {
				section = t.attributions
			}
		case applies(rule):
			_, list, _ := strings.Cut(line, ":")
			for cue := range strings.SplitSeq(list, ";") {
				if cue = lex.Fold(cue); cue != "" && (section[cue] == "" || rule != ruleCitedBy) {
					section[cue] = rule
				}
			}
		}
	}
	return t
}

// outlets are words before the name of a newspaper, a channel or an agency.
var outlets = wordSet("outlets")

// outletNames are words with which the names of newspapers and channels end in English.
var outletNames = wordSet("outletNames")

// staff are words before an agency's name that make it the speaker: its own correspondent.
var staff = wordSet("staff")

// between are words that may stand between a cue and a name.
var between = wordSet("between")

// isNational reports whether a word is an adjective that says where an agency is from: британское, britské, francoska.
func isNational(w string) bool {
	if lex.Case(w) != lex.Lower {
		return false
	}
	for _, stem := range []string{"ск", "цк", "ськ", "цьк", "sk", "ck", "šk", "čk"} {
		if k := strings.LastIndex(w, stem); k > 1 && len([]rune(w[k+len(stem):])) <= 3 {
			return true
		}
	}
	return false
}

// behind are words that may stand between a name and its verb.
var behind = wordSet("behind")

// lookup reads the longest cue of at most four words from list that ends at word k (step -1) or begins there (+1).
func (m cues) lookup(s string, list []lex.Span, k, step int) (rule string, n int) {
	var buf [160]byte
	for size := 4; size > 0; size-- {
		from, to := k, k+size-1
		if step < 0 {
			from, to = k-size+1, k
		}
		if from < 0 || to >= len(list) {
			continue
		}
		b := buf[:0]
		for j := from; j <= to; j++ {
			if list[j].End-list[j].Start > 30 {
				b = b[:0]
				break
			}
			if j > from {
				b = append(b, ' ')
			}
			b = lex.AppendFold(b, list[j].Of(s))
		}
		if r, ok := m[string(b)]; ok && !broken(s, list[from].Start, list[to].End) {
			return r, size
		}
	}
	return "", 0
}

// broken reports whether a sentence ends between start and end.
func broken(s string, start, end int) bool {
	return strings.ContainsAny(s[start:end], "\n;!?") || strings.Contains(s[start:end], ". ")
}

// heads tells, of a folded word, what may begin with it: most words of a text begin nothing, and one look says so.
type heads map[string]head

// head is a set of what a word may begin.
type head uint8

const (
	headName   head = 1 << iota // the name of an agency
	headOutlet                  // an outlet's name stands behind it
	headCiting
	headAttribution
	headChannel
	headNamed // ends the name of an outlet: Herald
	headLabel // a photo credit stands behind it
)

func newHeads(d *agency.Registry, t *cueTable, rules map[string]int) heads {
	m := heads{}
	for w := range d.FirstWords() {
		m[w] |= headName
	}
	if _, ok := rules[ruleQuoted]; ok {
		for _, l := range []lex.Set{outlets, staff} {
			for w := range l {
				m[w[strings.LastIndexByte(w, ' ')+1:]] |= headOutlet
			}
		}
		for w := range outletNames {
			m[w] |= headNamed
		}
	}
	first := func(c cues, h head) {
		for w := range c {
			w, _, _ = strings.Cut(w, " ")
			m[w] |= h
		}
	}
	first(t.citing, headCiting)
	first(t.attributions, headAttribution)
	for _, l := range []lex.Set{labels, photoBy, photoWords, sourceLabels} {
		for w := range l {
			w, _, _ = strings.Cut(w, " ")
			m[w] |= headLabel
		}
	}
	if _, ok := rules[ruleChannel]; ok {
		for w := range channels {
			m[w] |= headChannel
		}
	}
	return m
}

// of returns what the word w may begin.
func (m heads) of(w string) head {
	if len(w) > 64 {
		return 0
	}
	var buf [160]byte
	return m[string(lex.AppendFold(buf[:0], w))]
}

var channels = wordSet("channels")

package attribute

import (
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// What is not republished of a text is page furniture at its head or at its foot: never what is between pieces of the lead,
// and no line in which a credit was read.

// minTitle is how many bytes of a title must be repeated above a text without a dateline to be page furniture: a shorter line may be a
// line of the text.
const minTitle = 20

// isFurniture reports whether a cut of s is page furniture and no credit.
func (res Result) isFurniture(s string, c Span) bool {
	switch c.Rule {
	case ruleTitleAgain:
		return res.Credits.Dateline != nil || len(strings.TrimSpace(s[c.Start:c.End])) >= minTitle
	case ruleFurniture, ruleHeader, ruleAbove:
		return true
	}
	return false
}

// Furniture returns the cuts of s, the text that was credited, which are page furniture before the lead or the dateline begins or
// after the lead ends, without lines in which a credit was read. Of a text without a lead it returns none.
func (res Result) Furniture(s string) []Span {
	head, foot := res.bounds(s)
	if head >= foot {
		return nil
	}
	if d := res.Credits.Dateline; d != nil && d.Evidence.Field == "text" {
		head = max(head, d.Evidence.Start)
	}
	var out []Span
	for _, c := range res.Cuts {
		if res.isFurniture(s, c) && (c.End <= head || c.Start >= foot) && !res.credited(lex.Between(c.Start, c.End)) {
			out = append(out, c)
		}
	}
	return out
}

// bounds returns where the first piece of the lead begins and where its last one ends; head is not below foot where there is none.
func (res Result) bounds(s string) (head, foot int) {
	head = len(s)
	last := 0
	for _, c := range append(slices.Clip(res.Cuts), Span{Start: len(s), End: len(s)}) {
		if lex.NextWord(s[:c.Start], last) < c.Start {
			head, foot = min(head, last), c.Start
		}
		last = c.End
	}
	return head, foot
}

// credited reports whether a credit was read in a piece of the text.
func (res Result) credited(p lex.Span) bool {
	return slices.ContainsFunc(res.Evidence, func(cr news.Credit) bool {
		ev := cr.Evidence
		return ev.Field == "text" && cr.Role != news.Cited && cr.Role != "marker" && ev.Start < p.End && p.Start < ev.End
	})
}

// Fragment is a line of a text, or a sentence of one.
type Fragment struct {
	Start, End int    // bytes of the text
	Sum        uint32 // of its words: equal words, equal sum
	Prose      bool   // it is a sentence rather than a label
}

// How many pieces of a text are compared with those of others.
const (
	maxHead = 12
	maxFoot = 6
)

// Edges are the pieces at the head and at the foot of a text, from the outside in.
type Edges struct{ Head, Foot []Fragment }

// Sums returns what a text is compared by with others of its source.
func (e Edges) Sums() (sums news.Edges) {
	for _, p := range e.Head {
		sums.Head = append(sums.Head, p.Sum)
	}
	for _, p := range e.Foot {
		sums.Foot = append(sums.Foot, p.Sum)
	}
	return sums
}

// Edges returns the edges of s, the text that was credited. What [Result.Furniture] returns is not among them, nor are lines of credits;
// what opens the report with a dateline ends the head.
func (res Result) Edges(s string) Edges {
	var head, foot []Fragment
	cuts := res.Furniture(s)
	opened := len(s)
	if d := res.Credits.Dateline; d != nil && d.Evidence.Field == "text" {
		opened = d.Evidence.Start
	}
	for start := 0; start < opened && len(head) < maxHead; {
		end := lineEnd(s, start)
		for _, p := range sentencesOf(s, start, end) {
			if p.Start < opened && p.End <= opened && len(head) < maxHead {
				head = res.addFragment(head, s, p, cuts)
			}
		}
		start = end + 1
	}
	from := 0
	if opened < len(s) {
		from = res.Credits.Dateline.Evidence.End
	}
	for end := len(s); end > from && len(foot) < maxFoot; {
		start := strings.LastIndexByte(s[:end], '\n') + 1
		for _, p := range slices.Backward(sentencesOf(s, start, end)) {
			if p.Start >= from && len(foot) < maxFoot {
				foot = res.addFragment(foot, s, p, cuts)
			}
		}
		end = start - 1
	}
	return Edges{head, foot}
}

// addFragment adds a piece unless it is cut already, holds a credit or has no words.
func (res Result) addFragment(all []Fragment, s string, p lex.Span, cuts []Span) []Fragment {
	if slices.ContainsFunc(cuts, func(c Span) bool { return c.Start < p.End && p.Start < c.End }) || res.credited(p) {
		return all
	}
	words := lex.Fold(p.Of(s))
	if words == "" {
		return all
	}
	return append(all, Fragment{p.Start, p.End, uint32(xxhash.Sum64String(words)), isProse(p.Of(s))})
}

// lineEnd returns where the line that begins at start ends.
func lineEnd(s string, start int) int {
	if n := strings.IndexByte(s[start:], '\n'); n >= 0 {
		return start + n
	}
	return len(s)
}

// sentencesOf returns the sentences between start and end, and what bars and bullets part.
func sentencesOf(s string, start, end int) (all []lex.Span) {
	from := start
	for i := start; i < end; {
		r, n := lex.At(s, i)
		next := i + n
		j := lex.SkipSpace(s[:end], next)
		if j > next && j < end && endsFragment(s[:end], i, j, r) {
			all = append(all, lex.Between(from, next))
			from, next = j, j
		}
		i = next
	}
	if from < end {
		all = append(all, lex.Between(from, end))
	}
	return all
}

// endsFragment reports whether a piece ends with r at i, where white space follows and s goes on at j.
func endsFragment(s string, i, j int, r rune) bool {
	switch r {
	case '|', '•', '·', '…', '!', '?':
		return true
	case '.':
		c := lex.RuneAt(s, j)
		return !initialBefore(s, i) && endsPart(s, i) && (lex.IsUpper(c) || lex.IsQuote(c) || lex.IsDigit(c))
	}
	return false
}

// without returns s without the pieces, as [Registry.Credit] makes the lead: those that it cut itself, and more.
func (res Result) without(s string, more []Span) string {
	_, lead := joinCuts(s, slices.Concat(res.Cuts, more))
	return lead
}

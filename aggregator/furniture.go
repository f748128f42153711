package aggregator

import (
	"cmp"
	"fmt"
	"slices"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
)

// Page furniture is what the registry knows as such, and what repeats at the head or at the foot of a source's items. It is kept
// with the item and left out of what is republished (news.Item.Furniture).

// ruleRepeated is the rule of what repeats.
const ruleRepeated = "repeated"

// edgesKept is of how many items a source's edges are remembered.
const edgesKept = 8

// credited is the text of an item and what was found in it.
type credited struct {
	summary, content string // the text of each
	text             string // the one of the two that was credited
	found            attribute.Result
	head, foot       []attribute.Fragment
}

// edges returns what the item is compared by.
func (c credited) edges() (e news.Edges) {
	for _, p := range c.head {
		e.Head = append(e.Head, p.Sum)
	}
	for _, p := range c.foot {
		e.Foot = append(e.Foot, p.Sum)
	}
	return e
}

// nextEdges returns the edges of a source's newest items with those of one more.
func nextEdges(all []news.Edges, e news.Edges) []news.Edges {
	if len(e.Head)+len(e.Foot) == 0 {
		return all
	}
	all = append(slices.Clip(all), e)
	return all[max(0, len(all)-edgesKept):]
}

// repeats counts in how many texts a piece is at the head, and at the foot. The zero repeats are those of no text.
type repeats struct {
	texts      int
	head, foot map[uint32]int
}

// newRepeats counts the texts with these edges. Those whose edges are the same are one text.
func newRepeats(all []news.Edges) repeats {
	r := repeats{head: map[uint32]int{}, foot: map[uint32]int{}}
	seen := map[string]bool{}
	for _, e := range all {
		if same := fmt.Sprint(e); len(e.Head)+len(e.Foot) > 0 && !seen[same] {
			seen[same] = true
			r.texts++
			countSums(r.head, e.Head)
			countSums(r.foot, e.Foot)
		}
	}
	return r
}

func countSums(in map[uint32]int, sums []uint32) {
	for i, s := range sums {
		if !slices.Contains(sums[:i], s) {
			in[s]++
		}
	}
}

// run returns the pieces, from the outside in, that repeat: each is in at least half of the other texts, a label in at least two of
// them, a sentence in at least three, since updates of one report begin with the same sentences. The text itself is counted too.
func (r repeats) run(edge []attribute.Fragment, counts map[uint32]int) (all []attribute.Span) {
	for _, p := range edge {
		least := 2
		if p.Prose {
			least = 3
		}
		if n := counts[p.Sum] - 1; n < least || 2*n < r.texts-1 {
			break
		}
		all = append(all, attribute.Span{Start: p.Start, End: p.End, Rule: ruleRepeated})
	}
	return all
}

// leaveOut notes what is furniture of an item, and takes what repeats out of its lead. Where nothing else would be left, nothing
// that repeats is furniture.
func (r repeats) leaveOut(it *news.Item, c credited) {
	cuts := c.found.Furniture(c.text)
	it.Lead = c.found.Lead
	if more := slices.Concat(r.run(c.head, r.head), r.run(c.foot, r.foot)); len(more) > 0 {
		if lead := c.found.Without(c.text, more); lead != "" {
			it.Lead, cuts = lead, append(cuts, more...)
		}
	}
	slices.SortFunc(cuts, func(a, b attribute.Span) int { return cmp.Compare(a.Start, b.Start) })
	of := make([]parse.Span, len(cuts))
	for i, c := range cuts {
		of[i] = parse.Span(c)
	}
	it.Furniture = slices.Concat(cutsIn(it.Summary, c.summary, c, of, false), cutsIn(it.Content, c.content, c, of, true))
}

// cutsIn finds the cuts of c.text in the HTML of text. Another text than c.text has those with which it begins and ends as that does.
func cutsIn(html, text string, c credited, cuts []parse.Span, content bool) (all []news.Cut) {
	if text == "" || len(cuts) == 0 {
		return nil
	}
	counted, letters := parse.Letters(c.text, cuts)
	head, foot := parse.SameEnds(c.text, text)
	_, own := parse.Letters(text, nil)
	left, done := own, 0
	var at []parse.Span
	for _, p := range counted {
		switch {
		case p.End <= head:
		case p.Start >= letters-foot:
			p.Start, p.End = p.Start+own-letters, p.End+own-letters
		default:
			continue
		}
		if p.Start >= done && p.End > p.Start {
			at, done, left = append(at, p), p.End, left-(p.End-p.Start)
		}
	}
	if left == 0 {
		return nil
	}
	for _, p := range parse.Locate(html, at) {
		all = append(all, news.Cut{Content: content, Start: p.Start, End: p.End, Rule: p.Rule})
	}
	return all
}

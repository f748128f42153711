package attribute

import (
	"cmp"
	"fmt"
	"slices"

	"dateline/aggregator/news"
)

// Page furniture is what the registry knows as such, and what repeats at the head or at the foot of a source's items. It is kept
// with the item and left out of what is republished (news.Item.Furniture).

// ruleRepeated is the rule of what repeats.
const ruleRepeated = "repeated"

// edgesKept is of how many items a source's edges are remembered.
const edgesKept = 8

// NextEdges returns the edges of a source's newest items with those of one more: of the eight newest that have any.
func NextEdges(all []news.Edges, e news.Edges) []news.Edges {
	if len(e.Head)+len(e.Foot) == 0 {
		return all
	}
	all = append(slices.Clip(all), e)
	return all[max(0, len(all)-edgesKept):]
}

// Repeats counts in how many texts of a source a piece is at the head, and at the foot. The zero Repeats are those of no text.
type Repeats struct {
	texts      int
	head, foot map[uint32]int
}

// NewRepeats counts the texts with these edges. Those whose edges are the same are one text.
func NewRepeats(all []news.Edges) Repeats {
	r := Repeats{head: map[uint32]int{}, foot: map[uint32]int{}}
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
func (r Repeats) run(edge []Fragment, counts map[uint32]int) (all []Span) {
	for _, p := range edge {
		least := 2
		if p.Prose {
			least = 3
		}
		if n := counts[p.Sum] - 1; n < least || 2*n < r.texts-1 {
			break
		}
		all = append(all, Span{Start: p.Start, End: p.End, Rule: ruleRepeated})
	}
	return all
}

// Furniture returns the page furniture of s, the text that was credited with res, in order, and the lead without it: what
// [Result.Furniture] returns, and which of its edges repeat. Where nothing else would be left, nothing that repeats is furniture.
func (r Repeats) Furniture(s string, res Result, e Edges) (cuts []Span, lead string) {
	cuts, lead = res.Furniture(s), res.Lead
	if more := slices.Concat(r.run(e.Head, r.head), r.run(e.Foot, r.foot)); len(more) > 0 {
		if rest := res.without(s, more); rest != "" {
			lead, cuts = rest, append(cuts, more...)
		}
	}
	slices.SortFunc(cuts, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	return cuts, lead
}

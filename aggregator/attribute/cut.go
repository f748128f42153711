package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// ruleSpace cuts the white space with which the lead would begin or end.
const ruleSpace = "space"

// joinCuts brings the cuts in order, parts those that overlap, trims the lead, and returns both.
func joinCuts(s string, cuts []Span) ([]Span, string) {
	slices.SortStableFunc(cuts, func(a, b Span) int { return a.Start - b.Start })
	out := cuts[:0]
	last := 0
	for _, c := range cuts {
		if c.Start = max(c.Start, last); c.End > c.Start {
			out = append(out, c)
			last = c.End
		}
	}
	out = trimLead(s, out)
	switch len(out) {
	case 0:
		return nil, s
	case 1:
		if out[0].Start == 0 {
			return out, s[out[0].End:]
		}
	}
	var b strings.Builder
	b.Grow(len(s))
	last = 0
	for _, c := range out {
		b.WriteString(s[last:c.Start])
		last = c.End
	}
	b.WriteString(s[last:])
	return out, b.String()
}

// trimLead adds cuts for the white space at both ends of what the cuts leave.
func trimLead(s string, cuts []Span) []Span {
	blank := func(r rune) bool { return r <= ' ' || lex.IsSpace(r) || r == 0x7f }
	i, k := 0, 0
	for i < len(s) { // from the front
		if k < len(cuts) && cuts[k].Start == i {
			i = cuts[k].End
			k++
			continue
		}
		e := i
		for stop := boundary(cuts, k, len(s)); e < stop; {
			r, n := lex.At(s, e)
			if !blank(r) {
				break
			}
			e += n
		}
		if e == i {
			break
		}
		cuts = slices.Insert(cuts, k, Span{i, e, ruleSpace})
		k++
		i = e
	}
	for j, k := len(s), len(cuts); j > i; { // and from the back
		if k > 0 && cuts[k-1].End == j {
			j = cuts[k-1].Start
			k--
			continue
		}
		e := j
		for stop := max(i, endBefore(cuts, k)); e > stop; {
			r, n := lex.Last(s, e)
			if !blank(r) {
				break
			}
			e -= n
		}
		if e == j {
			break
		}
		cuts = slices.Insert(cuts, k, Span{e, j, ruleSpace})
		j = e
	}
	return cuts
}

func boundary(cuts []Span, k, end int) int {
	if k < len(cuts) {
		return cuts[k].Start
	}
	return end
}

func endBefore(cuts []Span, k int) int {
	if k > 0 {
		return cuts[k-1].End
	}
	return 0
}

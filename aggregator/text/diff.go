package text

import (
	"slices"
	"strings"
)

// Change is a stretch of words that an edit kept, took out or put in.
type Change struct {
	Op    Op     // kept, removed or added
	Words string // parted by single spaces; never empty
}

// Op says what became of a stretch.
type Op int8

// What becomes of a stretch. The zero value is kept.
const (
	Kept Op = iota
	Removed
	Added
)

// maxDiffWords and maxEdits bound the work of a [Diff], beside what both texts begin and end with.
const (
	maxDiffWords = 10_000
	maxEdits     = 600
)

// Diff returns how old became new, word by word, in the fewest edits that read well: a few kept words between larger
// changes count as changed. The kept and removed stretches together are the words of old, the kept and added ones
// those of new, each in order; what was removed comes before what was added in its place. Texts that have next to
// nothing in common, or are too long to be compared, are one removed and one added stretch between what they begin
// and end with. Texts of the same words give one kept stretch, two without words nothing.
func Diff(old, new string) []Change {
	a, b := strings.Fields(old), strings.Fields(new)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	suffix := 0
	for suffix < min(len(a), len(b))-head && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	runs := []run{{keep: head}}
	runs = append(runs, edits(a[head:len(a)-suffix], b[head:len(b)-suffix])...)
	runs = append(runs, run{keep: suffix})
	return changes(a, b, legible(runs))
}

// run is a stretch of an edit: words taken out and put in, then words kept.
type run struct{ removed, added, keep int }

// edits returns the shortest way from a to b (Myers, An O(ND) Difference Algorithm and Its Variations, 1986).
func edits(a, b []string) []run {
	whole := []run{{removed: len(a), added: len(b)}}
	if len(a) == 0 || len(b) == 0 || len(a)+len(b) > maxDiffWords {
		return whole
	}
	limit := min(len(a)+len(b), maxEdits)
	// far[k+limit+1] is how far in a one comes on diagonal k, where k is the place in a less that in b.
	far := make([]int, 2*limit+3)
	var past [][]int // far before each edit, from -d to d
	for d := 0; d <= limit; d++ {
		past = append(past, slices.Clone(far[limit+1-d:limit+2+d]))
		for k := -d; k <= d; k += 2 {
			x := far[limit+k] + 1 // takes a word out
			if k == -d || k != d && far[limit+k+2] > far[limit+k] {
				x = far[limit+k+2] // puts one in
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			far[limit+1+k] = x
			if x >= len(a) && x-k >= len(b) {
				return path(past, len(a), len(b))
			}
		}
	}
	return whole
}

// path walks back from the ends of both texts to their beginnings.
func path(past [][]int, x, y int) []run {
	var back []run
	for d := len(past) - 1; d > 0; d-- {
		before := func(k int) int { return past[d][k+d] }
		k := x - y
		from := k - 1
		if k == -d || k != d && before(k+1) > before(k-1) {
			from = k + 1
		}
		px := before(from)
		py := px - from
		var r run
		if from < k {
			r.removed = 1
			r.keep = x - px - 1
		} else {
			r.added = 1
			r.keep = x - px
		}
		back = append(back, r)
		x, y = px, py
	}
	back = append(back, run{keep: x})
	slices.Reverse(back)
	return back
}

// legible joins neighbouring edits, and edits with so little kept between them that it says nothing: no more words
// than either of the two changed.
func legible(runs []run) []run {
	var out []run
	for _, r := range runs {
		for len(out) > 0 && joins(out[len(out)-1], r) {
			last := out[len(out)-1]
			out = out[:len(out)-1]
			r = run{removed: last.removed + last.keep + r.removed, added: last.added + last.keep + r.added, keep: r.keep}
		}
		out = append(out, r)
	}
	return out
}

func joins(a, b run) bool {
	return a.keep == 0 || a.keep < max(a.removed, a.added) && a.keep < max(b.removed, b.added)
}

// changes names the words of the runs.
func changes(a, b []string, runs []run) []Change {
	var out []Change
	put := func(op Op, words []string) {
		if len(words) > 0 {
			out = append(out, Change{op, strings.Join(words, " ")})
		}
	}
	for _, r := range runs {
		put(Removed, a[:r.removed])
		put(Added, b[:r.added])
		a, b = a[r.removed:], b[r.added:]
		put(Kept, a[:r.keep])
		a, b = a[r.keep:], b[r.keep:]
	}
	return out
}

// Around shortens the kept stretches of all to the n words next to a change; " … " replaces what is left out.
func Around(all []Change, n int) []Change {
	out := slices.Clone(all)
	for i, c := range out {
		words := strings.Fields(c.Words)
		before, behind := n, n // words at the beginning, those behind a change, and at the end
		if i == 0 {
			before = 0
		}
		if i == len(out)-1 {
			behind = 0
		}
		if c.Op != Kept || len(words) <= before+behind+1 {
			continue
		}
		short := strings.Join(words[:before], " ") + " … " + strings.Join(words[len(words)-behind:], " ")
		out[i].Words = strings.TrimSpace(short)
	}
	return out
}

package dedup

import (
	"slices"

	"dateline/aggregator/text"
)

// gap is what is in two texts at the same place, between words that they have in common.
type gap struct {
	a, b           []text.Token
	inA, inB       int  // where it begins, in words from the beginning of each text
	at             int  // the smaller of the two
	atStart, atEnd bool // nothing in common precedes it, or follows it
	sentence       bool // what the one has there and the other has not are whole sentences
}

// minRun is how many words in a row bring two texts together again: fewer are in common by chance.
const minRun = 3

// gaps lays two texts side by side and returns where they differ: from the first words that are not the same to the
// nearest words that are, at least minRun in a row.
func gaps(a, b []text.Token) []gap {
	var out []gap
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		for i < len(a) && j < len(b) && a[i].Text == b[j].Text {
			i, j = i+1, j+1
		}
		if i == len(a) && j == len(b) {
			break
		}
		skipA, skipB, atEnd := realign(a[i:], b[j:])
		out = append(out, gap{a: a[i : i+skipA], b: b[j : j+skipB], inA: i, inB: j, at: min(i, j), atStart: i+j == 0, atEnd: atEnd,
			sentence: skipB == 0 && a[i].First && begins(a, i+skipA) || skipA == 0 && b[j].First && begins(b, j+skipB)})
		i, j = i+skipA, j+skipB
	}
	return out
}

// begins reports whether a sentence begins at a place of a text, or the text ends there.
func begins(tokens []text.Token, at int) bool { return at == len(tokens) || tokens[at].First }

// How two texts are laid side by side again. A short run may be in common by chance, and a longer one not far behind it is the right one.
const (
	sureRun = 12 // words in a row that are not in common by chance
	further = 24 // words to skip besides, in search of a longer run
)

// realign returns how many words of each to skip for the two to go on alike: as few as can be, where each word of the run that follows
// makes up for two. Where they never do, the rest of both is the tail.
func realign(a, b []text.Token) (skipA, skipB int, atEnd bool) {
	skipA, skipB, atEnd = len(a), len(b), true
	cost := 0
	for skip, limit := 1, len(a)+len(b)-2*minRun; skip <= limit; skip++ {
		for x := max(0, skip-len(b)+minRun); x <= min(skip, len(a)-minRun); x++ {
			if !sameTokens(a[x:x+minRun], b[skip-x:skip-x+minRun]) {
				continue
			}
			run := runLength(a[x:], b[skip-x:])
			if c := skip - 2*run; atEnd || c < cost {
				if atEnd {
					limit = min(limit, skip+further)
				}
				skipA, skipB, atEnd, cost = x, skip-x, false, c
			}
			if run >= sureRun {
				return skipA, skipB, atEnd
			}
		}
	}
	return skipA, skipB, atEnd
}

// runLength returns how many words two texts begin with in common, up to sureRun.
func runLength(a, b []text.Token) int {
	n := 0
	for n < min(len(a), len(b), sureRun) && a[n].Text == b[n].Text {
		n++
	}
	return n
}

// subgaps cuts what two texts have at one place at each word that both have there, and returns what is between: the whole where they have
// these words in two orders.
func subgaps(a, b []text.Token) (out [][2][]text.Token) {
	one, other := inCommon(a, b), inCommon(b, a)
	if !slices.EqualFunc(one, other, func(i, j int) bool { return a[i].Text == b[j].Text }) {
		return [][2][]text.Token{{a, b}}
	}
	i, j := 0, 0
	for n := range one {
		out = append(out, [2][]text.Token{a[i:one[n]], b[j:other[n]]})
		i, j = one[n]+1, other[n]+1
	}
	return append(out, [2][]text.Token{a[i:], b[j:]})
}

// inCommon returns where tokens have words that the others have, too.
func inCommon(tokens, others []text.Token) (at []int) {
	for i, t := range tokens {
		if slices.ContainsFunc(others, func(o text.Token) bool { return o.Text == t.Text }) {
			at = append(at, i)
		}
	}
	return at
}

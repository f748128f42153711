package dedup

import "dateline/aggregator/text"

// gap is what stands in two texts at the same place, between words that they have in common.
type gap struct {
	a, b           []text.Token
	at             int  // where it begins, in words from the beginning of the text in which it begins first
	atStart, atEnd bool // nothing in common stands before it, or behind it
}

// minRun is how many words in a row bring two texts together again: fewer are in common by chance.
const minRun = 3

// gaps lays two texts side by side and returns where they differ: from the first words that are not the same to the
// nearest minRun words that are.
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
		out = append(out, gap{a: a[i : i+skipA], b: b[j : j+skipB], at: min(i, j), atStart: i+j == 0, atEnd: atEnd})
		i, j = i+skipA, j+skipB
	}
	return out
}

// realign returns how many words of each to skip for the two to go on alike: as few as can be. Where they never do, the
// rest of both is the tail.
func realign(a, b []text.Token) (skipA, skipB int, atEnd bool) {
	for skip := 1; skip <= len(a)+len(b)-2*minRun; skip++ {
		for x := max(0, skip-len(b)+minRun); x <= min(skip, len(a)-minRun); x++ {
			if sameTokens(a[x:x+minRun], b[skip-x:skip-x+minRun]) {
				return x, skip - x, false
			}
		}
	}
	return len(a), len(b), true
}

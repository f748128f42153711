package dedup

import "dateline/aggregator/text"

// gap is what stands in two texts at the same place, between words that they have in common.
type gap struct {
	a, b           []text.Token
	inA, inB       int  // where it begins, in words from the beginning of each text
	at             int  // the smaller of the two
	atStart, atEnd bool // nothing in common stands before it, or behind it
	sentence       bool // what the one has there and the other has not are whole sentences
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
		out = append(out, gap{a: a[i : i+skipA], b: b[j : j+skipB], inA: i, inB: j, at: min(i, j), atStart: i+j == 0, atEnd: atEnd,
			sentence: skipB == 0 && a[i].First && begins(a, i+skipA) || skipA == 0 && b[j].First && begins(b, j+skipB)})
		i, j = i+skipA, j+skipB
	}
	return out
}

// begins reports whether a sentence begins at a place of a text, or the text ends there.
func begins(tokens []text.Token, at int) bool { return at == len(tokens) || tokens[at].First }

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

package dedup

import "dateline/aggregator/text"

// gap is what stands in two texts at the same place, between words that they have in common.
type gap struct {
	a, b       []text.Token
	at         int  // where it begins, in words from the beginning of the text in which it begins first
	head, tail bool // nothing in common stands before it, or behind it
}

// gaps lays two texts side by side and returns where they differ. Words count as in common only where at least two
// follow each other in both.
func gaps(a, b []text.Token) []gap {
	var out []gap
	i, j := 0, 0
	add := func(toA, toB int, tail bool) {
		if toA > i || toB > j {
			out = append(out, gap{a: a[i:toA], b: b[j:toB], at: min(i, j), head: i+j == 0, tail: tail})
		}
	}
	for _, r := range runs(a, b) {
		add(r.a, r.b, false)
		i, j = r.a+r.n, r.b+r.n
	}
	add(len(a), len(b), true)
	return out
}

// run is n words that both texts have in a row, from word a of the one and word b of the other.
type run struct{ a, b, n int }

// minRun is the shortest run that counts: single words are in common by chance.
const minRun = 2

// runs returns the runs of a longest common subsequence of the two.
func runs(a, b []text.Token) []run {
	var out []run
	i, j := 0, 0
	take := func(n int) {
		if n >= minRun {
			out = append(out, run{i, j, n})
		}
		i, j = i+n, j+n
	}
	head := 0
	for head < len(a) && head < len(b) && a[head].Text == b[head].Text {
		head++
	}
	take(head)
	longest := subsequence(a[head:], b[head:])
	for i < len(a) && j < len(b) {
		n := 0
		for i+n < len(a) && j+n < len(b) && a[i+n].Text == b[j+n].Text {
			n++
		}
		switch {
		case n > 0:
			take(n)
		case longest[i+1-head][j-head] >= longest[i-head][j+1-head]:
			i++
		default:
			j++
		}
	}
	return out
}

// subsequence returns for each pair of places how long the longest common subsequence from there on is.
func subsequence(a, b []text.Token) [][]uint16 {
	cells := make([]uint16, (len(a)+1)*(len(b)+1))
	rows := make([][]uint16, len(a)+1)
	for i := range rows {
		rows[i] = cells[i*(len(b)+1) : (i+1)*(len(b)+1)]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].Text == b[j].Text {
				rows[i][j] = rows[i+1][j+1] + 1
			} else {
				rows[i][j] = max(rows[i+1][j], rows[i][j+1])
			}
		}
	}
	return rows
}

package agency

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// TestLongestOfMany compares the spelling that is read at a word with the longest of all spellings that are there, an exact one before
// another. The spellings begin with the same words and are made of few.
func TestLongestOfMany(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("news News north North press Wire tass")
	text := func(n int, gaps ...string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString(gaps[r.IntN(len(gaps))])
			}
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	n := newNames(1)
	for i := range 300 {
		printed := text(1+r.IntN(5), " ")
		n.add(fmt.Sprint("a", i), printed, n.fold(printed), signs{exact: i%3 == 0})
	}
	found := 0
	for range 2000 {
		s := text(1+r.IntN(9), " ", " ", "-", " «", ", ", "     ")
		var table lex.Table
		n.words.Cut(s, &table)
		for k, token := range table.Tokens {
			want, wantOK := longest(n, s, token.Start)
			if got, ok := n.match(s, token.Start); got != want || ok != wantOK {
				t.Fatalf("match of %q at %d is %+v, %v, want %+v, %v", s, token.Start, got, ok, want, wantOK)
			}
			if got, ok := n.read(s, table.Tokens, k); got != want || ok != wantOK {
				t.Fatalf("read of %q at %d is %+v, %v, want %+v, %v", s, token.Start, got, ok, want, wantOK)
			}
			if wantOK {
				found++
			}
		}
	}
	if found < 100 {
		t.Fatalf("%d names found", found)
	}
}

// longest tries each spelling.
func longest(n *names, s string, i int) (Name, bool) {
	var best *spelling
	end := 0
	for k := range n.list {
		sp := &n.list[k]
		e, ok := sp.at(s, i)
		if ok && (best == nil || len(sp.words) > len(best.words) || len(sp.words) == len(best.words) && sp.exact && !best.exact) {
			best, end = sp, e
		}
	}
	if best == nil {
		return Name{}, false
	}
	return Name{i, end, best.key, best.weak}, true
}

// BenchmarkOneFirstWord builds a registry with 20,000 more agencies whose names begin with the same two words, and reads one of them.
func BenchmarkOneFirstWord(b *testing.B) {
	extra := make([]news.Agency, 20_000)
	for i := range extra {
		extra[i] = news.Agency{Key: fmt.Sprint("a", i), Name: fmt.Sprintf("News agency number%d of the world", i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		r, err := New(extra)
		if err != nil {
			b.Fatal(err)
		}
		if m, ok := r.Match("News agency number777 of the world", 0); !ok || m.Key != "a777" {
			b.Fatal(m)
		}
	}
}

package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withTags writes changes as wdiff does.
func withTags(all []Change) string {
	var parts []string
	for _, c := range all {
		parts = append(parts, map[Op]string{Kept: "%", Removed: "[-%-]", Added: "{+%+}"}[c.Op])
		parts[len(parts)-1] = strings.Replace(parts[len(parts)-1], "%", c.Words, 1)
	}
	return strings.Join(parts, " ")
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ fact, old, new, want string }{
		{"a word is replaced", "The ministers met in Minsk.", "The ministers met in Moscow.", "The ministers met in [-Minsk.-] {+Moscow.+}"},
		{"a word is put in", "Output grows by 3 tonnes", "Output of works grows by 3 tonnes", "Output {+of works+} grows by 3 tonnes"},
		{"a word is taken out at the end", "Talks begin today again", "Talks begin today", "Talks begin today [-again-]"},
		{"something from nothing", "", "Talks begin", "{+Talks begin+}"},
		{"nothing from something", "Talks begin", " ", "[-Talks begin-]"},
		{"nothing from nothing", "", "\n", ""},
		{"white space is no change", "a  b\nc", "a b c", "a b c"},
		{"two edits apart", "one two three four five six", "one 2 three four 5 six", "one [-two-] {+2+} three four [-five-] {+5+} six"},
		{"the shortest way", "a b c a b b a", "c b a b a c", "[-a b-] c {+b+} a b [-b-] a {+c+}"},
		{"few kept words between larger changes", "he said on Monday in the morning", "it was done on a Tuesday evening late",
			"[-he said on Monday in the morning-] {+it was done on a Tuesday evening late+}"},
		{"in Russian", "Министры встретились в Минске", "Министры встретились в Москве", "Министры встретились в [-Минске-] {+Москве+}"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := withTags(Diff(c.old, c.new)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDiffIsBounded(t *testing.T) {
	old, new := strings.Repeat("a b ", maxDiffWords), strings.Repeat("c ", 3)+strings.Repeat("d e ", maxDiffWords)
	got := Diff("begins "+old+"ends", "begins "+new+"ends")
	ops := []Op{}
	for _, c := range got {
		ops = append(ops, c.Op)
	}
	if diff := cmp.Diff([]Op{Kept, Removed, Added, Kept}, ops); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAround(t *testing.T) {
	for _, c := range []struct{ fact, old, new, want string }{
		{"before", "1 2 3 4 5 six", "1 2 3 4 5 6", "… 4 5 [-six-] {+6+}"},
		{"behind", "one 2 3 4 5 6", "1 2 3 4 5 6", "[-one-] {+1+} 2 3 …"},
		{"between", "one 2 3 4 5 6 7 eight", "1 2 3 4 5 6 7 8", "[-one-] {+1+} 2 3 … 6 7 [-eight-] {+8+}"},
		{"a mark takes no less room than a word", "one 2 3 4 5 6 seven", "1 2 3 4 5 6 7", "[-one-] {+1+} 2 3 4 5 6 [-seven-] {+7+}"},
		{"without changes", "1 2 3", "1 2 3", "…"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := withTags(Around(Diff(c.old, c.new), 2)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// FuzzDiff: the two texts can be read back from their changes, no two neighbours have one op, and what was removed
// precedes what was added.
func FuzzDiff(f *testing.F) {
	f.Add("a b c a b b a", "c b a b a c")
	f.Add("", "x")
	f.Add("a a a a b", "a a b a a")
	f.Fuzz(func(t *testing.T, old, new string) {
		var was, is []string
		last := Op(-1)
		for _, c := range Diff(old, new) {
			if c.Op == last || c.Op == Removed && last == Added || c.Words == "" {
				t.Errorf("%d %q behind %d", c.Op, c.Words, last)
			}
			last = c.Op
			if c.Op != Added {
				was = append(was, strings.Fields(c.Words)...)
			}
			if c.Op != Removed {
				is = append(is, strings.Fields(c.Words)...)
			}
		}
		if diff := cmp.Diff([][]string{strings.Fields(old), strings.Fields(new)}, [][]string{was, is}, equateEmpty); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

var equateEmpty = cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "\x00") })

func BenchmarkDiff(b *testing.B) {
	words := strings.Fields(strings.Repeat("alpha beta gamma delta epsilon ", 100))
	old := strings.Join(words, " ")
	for i := range words {
		if i%40 == 0 {
			words[i] = "edited"
		}
	}
	edited := strings.Join(words, " ")
	other := strings.Repeat("and so it went on for ever ", 700)
	for _, c := range []struct{ fact, new string }{{"13 words of 500", edited}, {"another text", other}} {
		b.Run(c.fact, func(b *testing.B) {
			for b.Loop() {
				Diff(old, c.new)
			}
		})
	}
}

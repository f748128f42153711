package entries_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// wired is an item of a composed day: the report that it carries, and by which source.
type wired struct {
	news.Item
	source string
	report string
}

// printed returns a report as one of its carriers prints it, in the n-th way.
func printed(r *rand.Rand, g feedtest.Grammar, n int, title, text string) (string, string) {
	switch n % 7 {
	case 1:
		return title, text + " " + g.Sentence(r)
	case 2:
		return title, feedtest.FirstWords(text, 40+r.IntN(20))
	case 3:
		return title, feedtest.FirstWords(text, 20) + " " + g.Edited(r, strings.Join(strings.Fields(text)[20:], " "), 0.08)
	case 4: // another title
		return headline(text, 3), text
	case 5:
		return headline(text, 11), feedtest.FirstWords(text, 70)
	case 6:
		return title, g.Sentence(r) + " " + text
	}
	return title, text
}

// headline is seven words of a text from a place on.
func headline(text string, from int) string {
	return strings.Join(strings.Fields(text)[from:from+7], " ")
}

// reports composes so many reports, each carried by two to seven sources. Of some, a second report has another figure; some come
// in a round-up of two.
func reports(r *rand.Rand, n int) (all []wired) {
	put := func(source int, report, title, text string, at time.Time) {
		it := item(fmt.Sprint(report, "-", len(all)), title, text)
		it.Published = at
		all = append(all, wired{it, fmt.Sprint("source-", source), report})
	}
	before := ""
	for n := range n {
		g, report, at := feedtest.Grammars[n%len(feedtest.Grammars)], fmt.Sprint("report-", n),
			morning.Add(-time.Duration(r.IntN(300))*time.Minute)
		title, text := g.Title(r), g.Text(r, 90)
		if n%8 == 3 {
			put(8, report+"-other", title, withFigure(text, 4711), morning)
			text = withFigure(text, 8022)
		}
		first := r.IntN(7)
		for c := range 2 + r.IntN(6) {
			title, text := printed(r, g, first+c, title, text)
			put(c, report, title, text, at.Add(time.Duration(r.IntN(120))*time.Minute))
		}
		if n%8 == 5 {
			put(10, report+"-round-up", "The day: "+title, feedtest.FirstWords(text, 25)+" "+feedtest.FirstWords(before, 25), at)
		}
		before = text
	}
	return all
}

// withFigure puts a figure near the beginning of a text.
func withFigure(text string, figure int) string {
	return fmt.Sprintf("%s %d %s", feedtest.FirstWords(text, 8), figure, strings.Join(strings.Fields(text)[8:], " "))
}

// groups returns which items are in one entry, by their guids.
func (r *newsroom) groups(all []wired) []string {
	in := map[news.Key][]string{}
	for _, it := range all {
		k := r.item(key(it.source, it.GUID)).Entry
		in[k] = append(in[k], it.GUID)
	}
	var out []string
	for _, guids := range in {
		slices.Sort(guids)
		out = append(out, strings.Join(guids, " "))
	}
	slices.Sort(out)
	return out
}

// TestReportsInAnyOrder: what several sources carry, whole, cut, edited, under other titles and with sentences of their own, makes the same
// entries in any order of arrival: hardly any copy is missed, and no two reports are one, though a round-up has something of both.
func TestReportsInAnyOrder(t *testing.T) {
	t.Parallel()
	random := feedtest.Rand(t)
	all := reports(random, feedtest.Pick(40, 328))
	var want []string
	for range feedtest.Pick(3, 6) {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		r := newNewsroomOf(t, all)
		r.checkReports(all)
		got := r.groups(all)
		if want == nil {
			want = got
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("another order makes other entries: %s", d)
		}
	}
}

// newNewsroomOf returns a newsroom that the items came to, one by one.
func newNewsroomOf(t *testing.T, all []wired) *newsroom {
	t.Helper()
	r := newNewsroom(t)
	for i := range 12 {
		r.setup.InitialSources = append(r.setup.InitialSources, fmt.Sprint("source-", i))
	}
	for _, it := range all {
		r.visit(it.source, it.Item)
	}
	return r
}

// TestCopiesInEveryOrder: three prints of a report of which two contradict each other, and the third is the same text as either, are one
// entry in each of their orders of arrival.
func TestCopiesInEveryOrder(t *testing.T) {
	t.Parallel()
	random := feedtest.Rand(t)
	for n := range 6 {
		g := feedtest.Grammars[n%len(feedtest.Grammars)]
		title, text := g.Title(random), g.Text(random, 90)
		words := strings.Fields(text)
		one, other := slices.Clone(words), slices.Clone(words)
		one[30], other[30] = "4711", "8022"
		for _, c := range []struct {
			fact  string
			texts [3][2]string
		}{
			{"a title and edited words", [3][2]string{
				{title, feedtest.FirstWords(text, 20) + " " + g.Edited(random, strings.Join(words[20:], " "), 0.12)},
				{title, feedtest.FirstWords(text, 70)},
				{headline(text, 3), text},
			}},
			{"another figure", [3][2]string{
				{title, strings.Join(one[:50], " ")}, {title, strings.Join(append(words[:30:30], words[31:]...), " ")},
				{title, strings.Join(other[:70], " ")},
			}},
		} {
			var all []wired
			for i, c := range c.texts {
				it := item(fmt.Sprint("print-", i), c[0], c[1])
				it.Published = morning
				all = append(all, wired{it, fmt.Sprint("source-", i), "report"})
			}
			for order := range permutations(len(all)) {
				if got := newNewsroomOf(t, []wired{all[order[0]], all[order[1]], all[order[2]]}).groups(all); len(got) != 1 {
					t.Errorf("%s, %s, text %d in the order %v: %q", c.fact, g.Language, n, order, got)
				}
			}
		}
	}
}

// permutations yields every order of the numbers below n.
func permutations(n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		for {
			if !yield(order) {
				return
			}
			i := n - 2
			for i >= 0 && order[i] > order[i+1] {
				i--
			}
			if i < 0 {
				return
			}
			j := n - 1
			for order[j] < order[i] {
				j--
			}
			order[i], order[j] = order[j], order[i]
			slices.Reverse(order[i+1:])
		}
	}
}

// checkReports fails unless items are in one entry if they carry one report: of a hundred pairs that do, three may be in two.
func (r *newsroom) checkReports(all []wired) {
	r.t.Helper()
	entry := map[news.Key]news.Key{}
	for _, it := range all {
		k := key(it.source, it.GUID)
		entry[k] = r.item(k).Entry
	}
	pairs, found := 0, 0
	for i, a := range all {
		for _, b := range all[:i] {
			together := entry[key(a.source, a.GUID)] == entry[key(b.source, b.GUID)]
			switch {
			case a.report != b.report && together:
				r.t.Errorf("one entry: %s %q and %s %q", a.report, a.Title, b.report, b.Title)
			case a.report == b.report && together:
				found++
			}
			if a.report == b.report {
				pairs++
			}
		}
	}
	r.t.Logf("%d items, %d of %d pairs found", len(all), found, pairs)
	if found*100 < pairs*97 {
		r.t.Errorf("%d of %d pairs found, want 97 of 100", found, pairs)
	}
}

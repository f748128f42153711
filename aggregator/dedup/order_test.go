package dedup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// TestOrderOfArrival: reports that several sources carry, whole, with furniture, with words put in or shortened from the
// front, make the same entries in any order of arrival, and none is lost. (Where a copy is contradicted by one
// of two others and not by the other, the order decides: what is in an entry stays there.)
func TestOrderOfArrival(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	var items []news.Item
	for n := range feedtest.Pick(30, 60) {
		g := feedtest.Grammars[n%len(feedtest.Grammars)]
		text, title := g.Text(r, 100), fmt.Sprintf("%s %d", g.Title(r), n)
		at := eight.Add(time.Duration(r.IntN(600)) * time.Minute)
		for c := range 1 + r.IntN(5) {
			lead := text
			switch c {
			case 1:
				lead = text + " " + g.Sentence(r)
			case 2:
				lead = feedtest.FirstWords(text, 60)
			case 3:
				words := strings.Fields(text)
				for range 3 {
					words = slices.Insert(words, r.IntN(len(words)), map[string]string{"en": "quietly", "ru": "тихо"}[g.Language])
				}
				lead = strings.Join(words, " ")
			case 4:
				lead = feedtest.FirstWords(text, 45)
			}
			items = append(items, textItem(fmt.Sprint("source-", c), n, title, lead, at.Add(time.Duration(r.IntN(300))*time.Minute)))
		}
	}
	var want []string
	for range feedtest.Pick(5, 20) {
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		s := newStored(t)
		for _, it := range items {
			s.add(it)
		}
		if n := len(s.items()); n != len(items) {
			t.Fatalf("%d items of %d", n, len(items))
		}
		got := s.groups()
		if want == nil {
			want = got
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("another order makes other entries: %s", d)
		}
	}
}

// TestJoinsDoNotChain: B is like A and C is like B, but A and C have no more in common than two reports may.
func TestJoinsDoNotChain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	g := feedtest.Grammars[0]
	one, two, three := g.Text(r, 40), g.Text(r, 40), g.Text(r, 40)
	a := textItem("alpha", 1, "A visit", one+" "+two, eight)
	b := textItem("bravo", 1, "A visit", two, eight)
	c := textItem("charlie", 1, "A visit", two+" "+three+" "+g.Text(r, 80), eight)
	s := newStored(t)
	s.add(a)
	if m := s.add(b); m.Join == nil {
		t.Fatal("B did not join A")
	}
	d := textItem("delta", 1, "A visit", three+" "+g.Text(r, 10), eight)
	if m := s.add(c); m.Join == nil {
		t.Fatal("C did not join A, of whose text it has a half")
	}
	if m := s.add(d); m.Join != nil {
		t.Errorf("D joined A, with which it has nothing in common: %+v", m.Join)
	}
}

// TestTwoOfASourceInOneEntry: what is like the text of an entry joins it, though its source has an item there.
func TestTwoOfASourceInOneEntry(t *testing.T) {
	t.Parallel()
	text := feedtest.Grammars[0].Text(rand.New(rand.NewPCG(7, 8)), 60)
	s := newStored(t)
	a := textItem("alpha", 1, "A visit", text, eight)
	s.add(a)
	for n, source := range []string{"bravo", "bravo", "alpha"} {
		if m := s.add(textItem(source, n+2, "A visit", text, eight)); m.Join == nil || m.Entry != a.Key {
			t.Errorf("item %d of %s did not join: %+v", n+2, source, m.Join)
		}
	}
}

// TestRepresentativeDecides: a guard against an item of an entry that is not its representative keeps nothing out; one against the
// representative does, unless a member that has the representative's text says most of what the two say.
func TestRepresentativeDecides(t *testing.T) {
	t.Parallel()
	text := strings.Fields(feedtest.Grammars[0].Text(rand.New(rand.NewPCG(9, 1)), 60))
	with := func(words []string, at int, word string) []string {
		return slices.Insert(slices.Clone(words), at, word)
	}
	more := func(seed uint64) []string {
		return slices.Concat(text, strings.Fields(feedtest.Grammars[0].Text(rand.New(rand.NewPCG(9, seed)), 60)))
	}
	first, second := with(text, 20, "511"), with(text, 20, "733")
	edited := slices.Clone(second)
	for i := 5; i < len(edited); i += 10 {
		edited[i] = "quietly"
	}
	const river, grain = "A visit to the river", "Prices of grain fall"
	for _, c := range []struct {
		fact    string
		members [][]string // the representative, then items that join it
		last    []string
		titles  []string // of the members and the last; of those it has none for, river
		own     bool     // the last is of the representative's source
		joins   bool
	}{
		{fact: "another member's figure", members: [][]string{text, first}, last: second, joins: true},
		{fact: "the representative's figure", members: [][]string{first}, last: second},
		{fact: "a copy of a member", members: [][]string{first, text}, last: second, joins: true},
		{fact: "a copy of a member with half", members: [][]string{slices.Concat(first, more(2)[len(text):]), text}, last: second, joins: true},
		{fact: "a member with most of it", members: [][]string{first, text}, last: with(second, 40, "quietly"), joins: true},
		{fact: "a member with less of it", members: [][]string{first, text}, last: edited},
		{fact: "a member with the beginning", members: [][]string{first, text[:18]}, last: second},
		{fact: "the representative alone", members: [][]string{first, with(text, 40, "955"), second}, last: with(text, 40, "866"), own: true,
			joins: true},
		{fact: "a copy of a member that is not the representative's text", members: [][]string{first, with(text, 40, "955"), second},
			last: with(second, 40, "866")},
		{fact: "near the representative", members: [][]string{more(2), text}, last: more(3), titles: []string{river, river + ", " + grain, grain},
			joins: true},
	} {
		s := newStored(t)
		for n, words := range append(c.members, c.last) {
			title, source := river, fmt.Sprint("source-", n)
			if n < len(c.titles) {
				title = c.titles[n]
			}
			if n == len(c.members) && c.own {
				source = "source-0"
			}
			m := s.add(textItem(source, n+1, title, strings.Join(words, " "), eight))
			if joins := n < len(c.members) || c.joins; n > 0 && (m.Join != nil) != joins {
				t.Errorf("%s: item %d joins: %v, want %v: %+v", c.fact, n, m.Join != nil, joins, m.Join)
			}
		}
	}
}

// TestFurnitureIsNoEvidence: what a source prints under everything joins nothing, once it is known for that.
func TestFurnitureIsNoEvidence(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	g := feedtest.Grammars[0]
	under := g.Text(r, 60)
	s := newStored(t)
	for i := range boilerplate {
		s.add(textItem("alpha", i, fmt.Sprint("Report ", g.Title(r)), g.Text(r, 30)+" "+under, eight))
	}
	title, lead := g.Title(r), g.Text(r, 30)
	s.view(func(v store.View) error {
		found, err := NewText(textItem("bravo", 0, title, feedtest.FirstWords(under, 40), eight)).search(v, limits(news.Thresholds{}))
		if err == nil && len(found.seen) > 0 {
			t.Errorf("furniture alone finds %+v", found.seen)
		}
		return err
	})
	if m := s.add(textItem("bravo", 1, g.Title(r), g.Text(r, 15)+" "+under, eight)); m.Join != nil {
		t.Errorf("joined by furniture: %+v", m.Join)
	}
	s.add(textItem("alpha", 99, title, lead+" "+under, eight))
	if m := s.add(textItem("bravo", 99, title, lead, eight)); m.Join == nil || m.Join.Score < 0.9 {
		t.Errorf("the text above the furniture did not join: %+v", m)
	}
}

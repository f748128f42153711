package dedup

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// library stores composed texts that are all within the window, each of one of eight sources.
func library(t testing.TB, r *rand.Rand, n int) (*stored, []news.Item) {
	s := newStored(t)
	var all []news.Item
	joined := 0
	for i := range n {
		g := feedtest.Grammars[i%len(feedtest.Grammars)]
		it := textItem(fmt.Sprintf("source-%d", r.IntN(8)), i, g.Title(r), g.Text(r, 90), eight.Add(time.Duration(r.IntN(72*60))*time.Minute/2))
		if m := s.find(it, news.Thresholds{}); m.Join != nil {
			joined++
			if joined < 4 {
				t.Logf("%q joined %q: %+v", it.Lead, s.item(m.Join.With).Lead, m.Join)
			}
		}
		if all = append(all, it); len(all)%100 == 0 {
			s.put(all[len(all)-100:]...)
		}
	}
	t.Logf("%d of %d unlike texts joined", joined, n)
	if joined*1000 > 2*n {
		t.Errorf("%d of %d unlike texts joined, more than 2 of 1,000", joined, n)
	}
	return s, all
}

// TestRecall composes texts in English and Russian, 300 or in the long form 2,000, and a copy of each in every way that
// copies differ: most are found, and found where they belong.
func TestRecall(t *testing.T) {
	t.Parallel()
	seed := feedtest.Seed(t, 1)
	s, all := library(t, rand.New(rand.NewPCG(seed, 1)), feedtest.Pick(300, 2000))
	for i, p := range perturbs {
		t.Run(p.name, func(t *testing.T) {
			r, s := rand.New(rand.NewPCG(seed, 2+uint64(i))), s.in(t)
			found, levels, failed := 0, map[string]int{}, map[string]int{}
			for i, it := range all {
				g := feedtest.Grammars[i%len(feedtest.Grammars)]
				lead := p.change(r, g, it.Lead)
				cp := textItem("courier", i, it.Title, lead, it.Published.Add(time.Duration(r.IntN(240))*time.Minute))
				m := s.find(cp, news.Thresholds{})
				switch {
				case m.Join == nil:
					for _, g := range s.compare(cp, s.item(it.Key)).Guards {
						if !g.Passed {
							failed[g.Name]++
						}
					}
				case m.Join.With != it.Key:
					t.Errorf("a copy of %q joined %q", it.Lead, s.item(m.Join.With).Lead)
				default:
					found++
					levels[m.Join.Level]++
				}
			}
			share := float64(found) / float64(len(all))
			t.Logf("%.4f found %v; guards that held back the rest: %v", share, levels, failed)
			if share < p.least {
				t.Errorf("%.4f of the copies found, want %.2f", share, p.least)
			}
		})
	}
}

// perturb is one of the ways in which copies differ from what they were made from.
type perturb struct {
	name   string
	least  float64 // of the copies must be found
	change func(r *rand.Rand, g feedtest.Grammar, s string) string
}

var perturbs = []perturb{
	{"other boilerplate", .99, func(r *rand.Rand, g feedtest.Grammar, s string) string { return s + " " + g.Sentence(r) }},
	{"10 percent of words edited", .95, func(r *rand.Rand, g feedtest.Grammar, s string) string { return g.Edited(r, s, .10) }},
	{"20 percent of words edited", .70, func(r *rand.Rand, g feedtest.Grammar, s string) string { return g.Edited(r, s, .20) }},
	{"cut to 60 percent", .99, func(_ *rand.Rand, _ feedtest.Grammar, s string) string {
		return feedtest.FirstWords(s, len(strings.Fields(s))*6/10)
	}},
	{"cut to 30 percent", .99, func(_ *rand.Rand, _ feedtest.Grammar, s string) string {
		return feedtest.FirstWords(s, len(strings.Fields(s))*3/10)
	}},
	{"lead of 40 words", .99, func(_ *rand.Rand, _ feedtest.Grammar, s string) string { return feedtest.FirstWords(s, 40) }},
	{"lead of 25 words", .99, func(_ *rand.Rand, _ feedtest.Grammar, s string) string { return feedtest.FirstWords(s, 25) }},
}

// BenchmarkRecall gives the share of copies with a fifth of their words edited that are found, and how many of a thousand
// join that are news of their own but end with the background of another report, by where the thresholds lie. It is no
// matter of speed: run it with -benchtime 1x.
func BenchmarkRecall(b *testing.B) {
	for _, m := range []news.Thresholds{
		{Duplicate: 0.80, Edited: 0.60}, {Duplicate: 0.70, Edited: 0.45}, {Duplicate: 0.60, Edited: 0.35},
		{Duplicate: 0.50, Edited: 0.25}, {Duplicate: 0.40, Edited: 0.15}, {Duplicate: 0.30, Edited: 0.10},
	} {
		b.Run(fmt.Sprintf("duplicate=%.2f/edited=%.2f", m.Duplicate, m.Edited), func(b *testing.B) {
			r := feedtest.Rand(b)
			found, wrong, asked := 0, 0, 0
			joins := func(s *stored, it news.Item, title, lead string) bool {
				cp := textItem("courier", asked, title, lead, it.Published.Add(time.Duration(r.IntN(240))*time.Minute))
				return s.find(cp, m).Join != nil
			}
			for b.Loop() {
				s, all := library(b, r, 2000)
				for i, it := range all {
					g := feedtest.Grammars[i%len(feedtest.Grammars)]
					asked++
					if joins(s, it, it.Title, g.Edited(r, it.Lead, .20)) {
						found++
					}
					words := strings.Fields(it.Lead)
					if joins(s, it, g.Title(r), g.Text(r, len(words)/2)+" "+strings.Join(words[len(words)/2:], " ")) {
						wrong++
					}
				}
			}
			b.ReportMetric(float64(found)/float64(asked), "found")
			b.ReportMetric(1000*float64(wrong)/float64(asked), "wrong/1000")
		})
	}
}

// TestTextBehindAnotherIsFound: what is printed behind the first hundred words of a longer text is found, too.
func TestTextBehindAnotherIsFound(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	for _, g := range feedtest.Grammars {
		text, title := g.Text(r, 40), g.Title(r)
		s := newStored(t)
		s.add(textItem("alpha", 1, title, feedtest.FirstWords(g.Text(r, 140), 110)+". "+text, eight))
		if m := s.add(textItem("bravo", 2, title, text, eight)); m.Join == nil || m.Join.Level != "L4" {
			t.Errorf("%s: %+v", g.Language, m.Join)
		}
	}
}

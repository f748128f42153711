package dedup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// Sighted, Numbered and Entry make the shelf one that texts are found on.
func (s *shelf) Sighted(marks []uint32, most int) ([]news.Sighting, error) {
	return s.sighted(marks, s.marks, most), nil
}

func (s *shelf) sighted(marks []uint32, owners map[uint32][]uint64, most int) (all []news.Sighting) {
	at := map[uint64]int{}
	for _, m := range marks {
		for i, n := range owners[m] {
			if i > most {
				break
			}
			j, known := at[n]
			if !known {
				j = len(all)
				at[n] = j
				it := s.items[s.order[n]]
				all = append(all, news.Sighting{Number: n, Source: it.Source, At: when(*it)})
			}
			all[j].Marks = append(all[j].Marks, m)
		}
	}
	slices.SortFunc(all, func(a, b news.Sighting) int { return int(a.Number) - int(b.Number) })
	return all
}

func (s *shelf) Numbered(n uint64) (news.Item, bool, error) { return *s.items[s.order[n]], true, nil }

func (s *shelf) Entry(k news.Key) (news.Entry, bool, error) {
	e, found := s.entries[k]
	return e, found, nil
}

// Mentioning and Frequency make it one that stories are found on.
func (s *shelf) Mentioning(stems []uint32, _ time.Time, least, most int) (all []news.Sighting, err error) {
	newest := map[uint32][]uint64{}
	for _, m := range stems {
		newest[m] = s.stems[m][max(0, len(s.stems[m])-most):]
	}
	return slices.DeleteFunc(s.sighted(stems, newest, most), func(o news.Sighting) bool { return len(o.Marks) < least }), nil
}

func (s *shelf) Frequency(stems []uint32) (of []int, prints int, err error) {
	for _, m := range stems {
		of = append(of, len(s.stems[m]))
	}
	return of, len(s.order), nil
}

// add decides on a new item by its text alone and keeps it.
func (s *shelf) add(t testing.TB, it news.Item) Match {
	t.Helper()
	tx := NewText(it)
	m, err := tx.Find(s, news.Match{})
	if err != nil {
		t.Fatal(err)
	}
	it.Entry, it.Join, it.Supersedes = it.Key, m.Join, m.Supersedes
	if m.Join != nil {
		it.Entry = m.Entry
	}
	e := s.entries[it.Entry]
	e.Key = it.Entry
	e.Items = append(e.Items, it.Key)
	s.entries[it.Entry] = e
	s.items[it.Key] = &it
	for _, mark := range tx.wanted() {
		s.marks[mark] = append(s.marks[mark], uint64(len(s.order)))
	}
	for _, stem := range tx.told(&s.st, maxWords) {
		s.stems[stem] = append(s.stems[stem], uint64(len(s.order)))
	}
	s.order = append(s.order, it.Key)
	return m
}

func piece(source string, n int, title, lead string, at time.Time) news.Item {
	return news.Item{Key: news.ItemKey(source, fmt.Sprint(n)), Source: source, Title: title, Lead: lead, Published: at}
}

// library is a wire of composed texts within the window, each of one of eight sources.
func library(t testing.TB, r *rand.Rand, n int) (*shelf, []news.Item) {
	s := newShelf()
	var all []news.Item
	joined := 0
	for i := range n {
		g := feedtest.Grammars[i%len(feedtest.Grammars)]
		it := piece(fmt.Sprintf("source-%d", r.IntN(8)), i, g.Title(r), g.Text(r, 90), eight.Add(time.Duration(r.IntN(72*60))*time.Minute/2))
		if m := s.add(t, it); m.Join != nil {
			joined++
			if joined < 4 {
				t.Logf("%q joined %q: %+v", it.Lead, s.items[m.Join.With].Lead, m.Join)
			}
		}
		all = append(all, it)
	}
	t.Logf("%d of %d unlike texts joined", joined, n)
	if joined*1000 > 2*n {
		t.Errorf("%d of %d unlike texts joined, more than 2 of 1,000", joined, n)
	}
	return s, all
}

// TestRecall composes 2,000 texts in English and Russian, and a copy of each in every way that copies differ: most are
// found, and found where they belong.
func TestRecall(t *testing.T) {
	r := feedtest.Rand(t)
	s, all := library(t, r, 2000)
	for _, p := range perturbs {
		t.Run(p.name, func(t *testing.T) {
			found, levels, failed := 0, map[string]int{}, map[string]int{}
			for i, it := range all {
				g := feedtest.Grammars[i%len(feedtest.Grammars)]
				was := news.Item{Key: it.Key, Source: it.Source, Published: it.Published}
				lead := p.change(r, g, it.Lead)
				cp := piece("courier", i, it.Title, lead, was.Published.Add(time.Duration(r.IntN(240))*time.Minute))
				m, err := NewText(cp).Find(s, news.Match{})
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case m.Join == nil:
					why, err := Compare(s, cp, *s.items[it.Key], news.Match{})
					if err != nil {
						t.Fatal(err)
					}
					for _, g := range why.Guards {
						if !g.Passed {
							failed[g.Name]++
						}
					}
				case m.Join.With != it.Key:
					t.Errorf("a copy of %q joined %q", it.Lead, s.items[m.Join.With].Lead)
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

func (s *shelf) Rule(k news.Key) (news.Rule, error) {
	return news.Rule{Item: k, Apart: s.apart[k]}, nil
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
	for _, m := range []news.Match{
		{Duplicate: 0.80, Edited: 0.60}, {Duplicate: 0.70, Edited: 0.45}, {Duplicate: 0.60, Edited: 0.35},
		{Duplicate: 0.50, Edited: 0.25}, {Duplicate: 0.40, Edited: 0.15}, {Duplicate: 0.30, Edited: 0.10},
	} {
		b.Run(fmt.Sprintf("duplicate=%.2f/edited=%.2f", m.Duplicate, m.Edited), func(b *testing.B) {
			r := feedtest.Rand(b)
			found, wrong, asked := 0, 0, 0
			joins := func(s *shelf, it news.Item, title, lead string) bool {
				cp := piece("courier", asked, title, lead, it.Published.Add(time.Duration(r.IntN(240))*time.Minute))
				got, err := NewText(cp).Find(s, m)
				if err != nil {
					b.Fatal(err)
				}
				return got.Join != nil
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

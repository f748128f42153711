//go:build unix

package aggregator_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/search"
	"dateline/aggregator/text"
	"dateline/store"
)

// cpu returns what the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCommit stores documents of fifty new items with n items in the window: most are like no other, every tenth is a copy and
// every tenth is about the same event in other words. It reports what the texts, the look-ups before the transaction and the transaction
// take of processor time, an item; and what the transaction takes where nothing was looked up before.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			words := vocabulary(r)
			s, some := filled(b, words, n)
			for _, way := range []string{"before", "inside"} {
				b.Run(way, func(b *testing.B) {
					c := committer{b: b, store: s, r: r, words: words, some: some}
					for range 20 {
						c.commit(way == "before")
					}
					c.looking, c.committing, c.items = 0, 0, 0
					for b.Loop() {
						c.commit(way == "before")
					}
					b.ReportMetric(float64(c.looking.Microseconds())/float64(c.items), "looking-up-cpu-µs/item")
					b.ReportMetric(float64(c.committing.Microseconds())/float64(c.items), "transaction-cpu-µs/item")
					b.ReportMetric(0, "ns/op")
				})
			}
		})
	}
}

type committer struct {
	b       *testing.B
	store   *store.Store
	r       *rand.Rand
	words   []string
	some    []news.Item
	stemmer text.Stemmer

	looking, committing time.Duration
	items               int
}

func (c *committer) item(n int) news.Item {
	title, lead := said(c.r, c.words, 8), said(c.r, c.words, 80)
	if was := c.some[c.r.IntN(len(c.some))]; n%10 == 0 {
		title, lead = was.Title, was.Lead+" "+said(c.r, c.words, 10)
	} else if n%10 == 1 {
		all := strings.Fields(was.Lead)
		c.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		title, lead = was.Title, strings.Join(all, " ")
	}
	it := report("wire", c.r.Int(), title, lead, midnight.Add(24*time.Hour))
	it.Key, it.Entry = news.Key{}, news.Key{}
	return it
}

// commit stores a document.
func (c *committer) commit(before bool) {
	terms := func(it news.Item, lead []text.Token) []uint32 { return search.TermsOf(&c.stemmer, it, lead) }
	setup := &entries.Setup{Stemmer: &c.stemmer, Terms: terms,
		InitialSources: []string{"wire"}}
	at := midnight.Add(24 * time.Hour)
	in := entries.Incoming{Source: news.Source{ID: "wire"}, At: at}
	var ready []entries.Prepared
	for i := range 50 {
		it := c.item(i)
		in.Items = append(in.Items, it)
		ready = append(ready, entries.Prepared{Item: it, Text: dedup.NewText(it), Terms: setup.Terms(it, nil)})
	}
	in.Total, in.Prepare = len(in.Items), func(place int) entries.Prepared { return ready[place] }
	doc, st := entries.NewDocument(in), news.State{Items: 1000}
	began := cpu()
	if before {
		if err := c.store.View(func(v store.View) error {
			decided, err := doc.Decide(v, st, setup)
			if err != nil {
				return err
			}
			return doc.LookUp(v, decided, setup)
		}); err != nil {
			c.b.Fatal(err)
		}
	}
	looked := cpu()
	if err := c.store.Update(at, func(t *store.Tx) error {
		out, err := entries.Apply(t, setup, doc, st)
		if err == nil && out.New < 30 {
			err = fmt.Errorf("%+v", out)
		}
		return err
	}); err != nil {
		c.b.Fatal(err)
	}
	c.looking, c.committing, c.items = c.looking+looked-began, c.committing+cpu()-looked, c.items+len(in.Items)
}
